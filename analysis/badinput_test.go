package analysis_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"minsheng/analysis"
	"minsheng/opinion"
)

// What nobody would call a text gets a verdict all the same, which says by its
// flags where it is not to be relied on.
func TestBadInputIsFlagged(t *testing.T) {
	for name, tc := range map[string]struct {
		text      string
		lang      string
		flags     []string
		uncertain bool // must be; else it may
	}{
		"Empty":        {"", "", []string{analysis.FlagNoWords}, false},
		"Blank":        {" \t\n\u3000", "", []string{analysis.FlagNoWords}, false},
		"OneEmoji":     {"😡", "", []string{analysis.FlagNoWords}, false},
		"FlagEmoji":    {"🇨🇳", "", []string{analysis.FlagNoWords}, false},
		"OnlyMarks":    {"“”《》【】//@！？", "", []string{analysis.FlagNoWords}, false},
		"OnlyDigits":   {"110", "", []string{analysis.FlagNoWords}, false},
		"Invisible":    {"\u200b\u202e\u2066\ufeff", "", []string{analysis.FlagNoWords}, false},
		"English":      {"The police officer at the station was rude to everyone in the queue.", "en", []string{analysis.FlagOtherLanguage}, true},
		"Japanese":     {"警察の対応がひどかったです", "other", []string{analysis.FlagOtherLanguage}, true},
		"Arabic":       {"كانت الشرطة سريعة", "other", []string{analysis.FlagOtherLanguage}, true},
		"Mixed":        {"派出所的service真的very差，态度rude，полиция", "zh", nil, false},
		"RightToLeft":  {"\u202e民警\u202c态\u200f度\u2067恶劣\u2069", "zh", nil, false},
		"BrokenBytes":  {"警\xff察\xe8态度差", "zh", nil, false},
		"NullBytes":    {"民警\x00态度\x00差", "zh", nil, false},
		"OneCharacter": {"警", "zh", nil, false},
		"MuchOfOne":    {strings.Repeat("警", 1<<20/3), "zh", nil, false},
		"MuchLatin":    {strings.Repeat("a", 1<<20), "en", []string{analysis.FlagOtherLanguage}, true},
		"MuchEmoji":    {strings.Repeat("😡", 1<<18), "", []string{analysis.FlagNoWords}, false},
		"MuchDigits":   {strings.Repeat("1", 1<<20), "", []string{analysis.FlagNoWords}, false},
		"MuchBroken":   {strings.Repeat("\xe8", 1<<20), "", []string{analysis.FlagNoWords}, false},
		"MuchOpened":   {strings.Repeat("（", 1<<18), "", []string{analysis.FlagNoWords}, false},
		"ManyLines":    {strings.Repeat("\n", 1<<20) + "民警", "zh", nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			cleaned, _, _ := analysis.Clean(tc.text)
			for _, a := range []*analysis.Analyzer{shared(), taught()} {
				for _, kind := range []opinion.Kind{opinion.Unknown, opinion.News, opinion.Social, opinion.Reply, opinion.Board} {
					if len(tc.text) > 1000 && kind != opinion.Unknown {
						continue
					}
					v := a.Analyse(analysis.Input{Text: analysis.Mask(cleaned), Kind: kind})
					if !utf8.ValidString(v.Folded) || v.Version == "" || v.Attitude == "" || v.Tone == "" || v.Kind == opinion.Unknown {
						t.Fatalf("verdict %+.300v is not whole", v)
					}
					if v.Lang != tc.lang || !slices.Equal(v.Flags, tc.flags) || tc.uncertain && !v.Uncertain {
						t.Errorf("kind %q: language %q, flags %v, uncertain %v; want %q, %v, %v", kind, v.Lang, v.Flags, v.Uncertain, tc.lang, tc.flags, tc.uncertain)
					}
				}
			}
		})
	}
}

// Marks that turn the direction of writing hide nothing from a rule or a mask.
func TestDirectionMarksHideNothing(t *testing.T) {
	const text = "派出所民警\u202e态度\u202c恶\u200f劣，电话139\u200e0000\u20661234\u2069"
	v := taught().Analyse(analysis.Input{Text: analysis.Mask(text), Kind: opinion.Social})
	if v.Attitude != opinion.Negative || !strings.Contains(v.Folded, "[电话]") {
		t.Errorf("attitude %s of %q, want neg and a masked phone", v.Attitude, v.Folded)
	}
}

// A text in other letters of the same word is judged as the plain one.
func TestOtherWidthsAreTheSame(t *testing.T) {
	plain := taught().Analyse(analysis.Input{Text: "派出所APP太难用了,态度恶劣!", Kind: opinion.Social})
	wide := taught().Analyse(analysis.Input{Text: "派出所ＡＰＰ太難用了，態度惡劣！", Kind: opinion.Social})
	if plain.Folded != wide.Folded || plain.Score != wide.Score {
		t.Errorf("%q scores %v, %q %v", plain.Folded, plain.Score, wide.Folded, wide.Score)
	}
}

// A text in another language that speaks of the police is kept for a person to
// read: it mentions them, whatever it is taken to say.
func TestForeignTextMentionsThePolice(t *testing.T) {
	for text, want := range map[string]bool{
		"Two policemen helped me find my phone.": true,
		"POLICE came late":                       true,
		"The food was great":                     false,
		"policeman2024":                          false, // a part of a longer word
	} {
		if v := taught().Analyse(analysis.Input{Text: text, Kind: opinion.Social}); v.MentionsPolice != want || !v.Uncertain {
			t.Errorf("%q: mentions the police %v, uncertain %v; want %v and true", text, v.MentionsPolice, v.Uncertain, want)
		}
	}
}
