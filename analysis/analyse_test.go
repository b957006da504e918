package analysis_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"minsheng/analysis"
	"minsheng/i18n"
	"minsheng/opinion"
)

func TestReplyInherits(t *testing.T) {
	places, _ := analysis.CompilePlaces([]opinion.Place{{Name: "云桥"}})
	a := analysis.New(analysis.Options{Places: places})
	opening := a.Analyse(analysis.Input{Kind: opinion.Social, Text: "云桥派出所户籍窗口态度恶劣"})
	got := a.Analyse(analysis.Input{Kind: opinion.Reply, Text: "我上次也遇到了，太过分", Opening: &opening})
	if !got.MentionsPolice || !got.Inherited {
		t.Errorf("mentions %v, inherited %v; want both", got.MentionsPolice, got.Inherited)
	}
	if diff := cmp.Diff(opening.Topics, got.Topics); diff != "" || len(got.Topics) == 0 {
		t.Errorf("topics of the reply (-opening +reply):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"云桥"}, got.Places); diff != "" {
		t.Errorf("places of the reply (-want +got):\n%s", diff)
	}
	byContext := a.Analyse(analysis.Input{Kind: opinion.Reply, Text: "我上次也遇到了，太过分", Context: "云桥派出所户籍窗口态度恶劣"})
	if diff := cmp.Diff(got, byContext); diff != "" {
		t.Errorf("by verdict and by text differ (-verdict +text):\n%s", diff)
	}
}

func TestSameVersionSameVerdict(t *testing.T) {
	in := analysis.Input{Title: "情况", Text: "派出所窗口工作人员态度恶劣，群众失望。", Kind: opinion.Social}
	a, b := analysis.New(analysis.Options{}), analysis.New(analysis.Options{})
	if a.Version() != b.Version() {
		t.Errorf("versions of equal analyzers: %s and %s", a.Version(), b.Version())
	}
	if diff := cmp.Diff(a.Analyse(in), b.Analyse(in)); diff != "" {
		t.Errorf("verdicts of equal analyzers differ:\n%s", diff)
	}
}

func TestEveryPartChangesTheVersion(t *testing.T) {
	own, err := analysis.ReadLexicon(strings.NewReader("窗口老赖\tcomplaint\t2\t"))
	if err != nil {
		t.Fatal(err)
	}
	topics, _ := analysis.CompileTopics([]opinion.Topic{{Name: "甲", Any: []string{"窗口"}}})
	places, _ := analysis.CompilePlaces([]opinion.Place{{Name: "云桥"}})
	seen := map[string]string{analysis.New(analysis.Options{}).Version(): "the defaults"}
	for name, o := range map[string]analysis.Options{
		"lexicon": {Lexicon: analysis.DefaultLexicon().With(own)},
		"topics":  {Topics: topics},
		"places":  {Places: places},
	} {
		v := analysis.New(o).Version()
		if other, taken := seen[v]; taken {
			t.Errorf("%s: version %s equals that of %s", name, v, other)
		}
		seen[v] = name
	}
}

func TestUnknownKindIsDecided(t *testing.T) {
	for text, want := range map[string]opinion.Kind{
		"今天去派出所办事，气死我了，你们有没有遇到过啊":                    opinion.Social,
		"【警方通报一起案件】记者从市公安局获悉，近日警方破获一起诈骗案，案件正在进一步侦办。": opinion.News,
	} {
		if got := shared().Analyse(analysis.Input{Text: text}).Kind; got != want {
			t.Errorf("kind of %q = %q, want %q", text, got, want)
		}
	}
}

func TestToneOfEventAndWriter(t *testing.T) {
	for _, tc := range []struct {
		kind opinion.Kind
		text string
		want opinion.Attitude
	}{
		{opinion.News, "警方破获一起入室盗窃案，造成一人重伤死亡", opinion.Negative},
		{opinion.News, "我市新地铁线开通，惠及百万群众", opinion.Positive},
		{opinion.Social, "今天好开心，好喜欢这里", opinion.Positive},
		{opinion.Social, "烦死了，又堵车，好累", opinion.Negative},
		{opinion.Social, "明天上午九点开会", opinion.Neutral},
	} {
		if v := shared().Analyse(analysis.Input{Kind: tc.kind, Text: tc.text}); v.Tone != tc.want {
			t.Errorf("tone of %q = %s (%.2f), want %s", tc.text, v.Tone, v.ToneScore, tc.want)
		}
	}
}

func TestStrangeTexts(t *testing.T) {
	for name, text := range map[string]string{
		"empty": "", "blank": " \n ", "emoji": "😡", "english": "The police were rude to everyone",
		"marks": "\u202e警察\u202c", "broken bytes": "警\xff察\xe8", "long": strings.Repeat("差", 100_000),
		"no marks": strings.Repeat("民警态度差", 20_000), "quotes": strings.Repeat("“差", 20_000), "titles": strings.Repeat("《差", 20_000),
		"only marks": "“”《》【】//@",
	} {
		v := shared().Analyse(analysis.Input{Text: text})
		if !utf8.ValidString(v.Folded) || v.Version == "" || v.Attitude == "" {
			t.Errorf("%s: verdict %+v is not whole", name, v)
		}
	}
}

func TestHighlight(t *testing.T) {
	for _, tc := range []struct {
		name, shown string
		ev          []opinion.Evidence
		want        []string
	}{
		{"nothing moved", "态度恶劣", []opinion.Evidence{{Start: 2, End: 4}}, []string{"恶劣"}},
		{"traditional", "態度惡劣", []opinion.Evidence{{Start: 0, End: 2}}, []string{"態度"}},
		{"dropped character", "态\u200b度恶劣", []opinion.Evidence{{Start: 0, End: 2}, {Start: 2, End: 4}}, []string{"态\u200b度", "恶劣"}},
		{"one that becomes three", "…差", []opinion.Evidence{{Start: 3, End: 4}}, []string{"差"}},
		{"overlap", "态度恶劣", []opinion.Evidence{{Start: 0, End: 3, Weight: -1}, {Start: 2, End: 4, Weight: -2}}, []string{"态度恶劣"}},
		{"outside", "态度", []opinion.Evidence{{Start: 1, End: 9}, {Start: -1, End: 1}, {Start: 1, End: 1}}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, back := analysis.Fold(tc.shown)
			var got []string
			for _, s := range analysis.Highlight(tc.shown, back, tc.ev) {
				got = append(got, tc.shown[s.Start:s.End])
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("Highlight (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadLexiconFaults(t *testing.T) {
	_, err := analysis.ReadLexicon(strings.NewReader(strings.Join([]string{
		"# a comment", "态度好\tpraise\t1\tnote", "态度好\tpraise\t2\t", "态度好\tcomplaint\t1\t",
		"无类\tnonsense\t1\t", "无重\tpraise\tviel\t", "过重\tpraise\t99\t", "两列\tpraise", "\tpraise\t1\t",
	}, "\n")))
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		t.Fatalf("ReadLexicon = %v, want joined faults", err)
	}
	var got []string
	for _, e := range joined.Unwrap() {
		var f *opinion.Fault
		if !errors.As(e, &f) {
			t.Fatalf("%v is no fault", e)
		}
		if !i18n.Has(f.Code) {
			t.Errorf("the catalogue has no sentence %q", f.Code)
		}
		got = append(got, f.Args[0]+" "+f.Code)
	}
	want := []string{
		"3 lexicon.twice", "4 lexicon.contradiction", "5 lexicon.class", "6 lexicon.weight",
		"7 lexicon.weight", "8 lexicon.columns", "9 lexicon.word",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}

func TestOwnWordsGoFirst(t *testing.T) {
	text := analysis.Input{Kind: opinion.Social, Text: "派出所这回真是摆烂大王，态度恶劣"}
	own, err := analysis.ReadLexicon(strings.NewReader("摆烂大王\tpraise\t5\t\n态度恶劣\tpraise\t1\t"))
	if err != nil {
		t.Fatal(err)
	}
	a := analysis.New(analysis.Options{Lexicon: analysis.DefaultLexicon().With(own)})
	if got := a.Analyse(text).Attitude; got != opinion.Positive {
		t.Errorf("with own words the attitude = %s, want pos", got)
	}
	if got := shared().Analyse(text).Attitude; got != opinion.Negative {
		t.Errorf("without own words the attitude = %s, want neg", got)
	}
	if n := analysis.DefaultLexicon().Len(); n < 1200 {
		t.Errorf("the lexicon has %d words, want at least 1200", n)
	}
}
