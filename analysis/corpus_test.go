package analysis_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"minsheng/analysis/corpus"
)

var (
	corpusLabels = []string{"neg", "neu", "pos"}
	corpusKinds  = strings.Fields("praise rescue sacrifice complaint misconduct inaction sarcasm distrust case-solved attack-on-police incident notice campaign request question rumor mention other-office")
	corpusStyles = strings.Fields("headline lead opening microblog reply official board forum")
)

// lettersOf keeps letters and digits, folded.
func lettersOf(text string) []rune {
	var out []rune
	for _, r := range strings.ToLower(norm.NFKC.String(text)) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			out = append(out, r)
		}
	}
	return out
}

// TestCorpus holds our own texts to what is said of them: no two share a run of
// twelve characters, and no opening makes up more than one in twenty.
func TestCorpus(t *testing.T) {
	const run = 12
	lines := strings.Split(strings.TrimSuffix(corpus.Attitude(), "\n"), "\n")
	if got := lines[0]; got != "label\tkind\tstyle\ttown\ttext" {
		t.Fatalf("the first line is %q", got)
	}
	seen, openings, count := map[string]int{}, map[string]int{}, map[string]int{}
	for i, line := range lines[1:] {
		n := i + 2
		field := strings.Split(line, "\t")
		if len(field) != 5 {
			t.Errorf("line %d has %d columns, want 5", n, len(field))
			continue
		}
		if !slices.Contains(corpusLabels, field[0]) || !slices.Contains(corpusKinds, field[1]) || !slices.Contains(corpusStyles, field[2]) {
			t.Errorf("line %d: label %q, kind %q, style %q", n, field[0], field[1], field[2])
		}
		count[field[0]]++
		letters := lettersOf(field[4])
		if len(letters) < 6 {
			t.Errorf("line %d is short", n)
			continue
		}
		openings[string(letters[:4])]++
		for k := range max(0, len(letters)-run+1) {
			s := string(letters[k : k+run])
			if first, ok := seen[s]; ok && first != n {
				t.Errorf("lines %d and %d share %q", first, n, s)
				break
			}
			seen[s] = n
		}
	}
	texts := len(lines) - 1
	if texts < 4000 || count["neg"] < 1000 || count["pos"] < 700 {
		t.Errorf("%d texts, by label %v; want 4000 with 1000 neg and 700 pos", texts, count)
	}
	for opening, n := range openings {
		if n*20 > texts {
			t.Errorf("%d of %d texts begin with %q", n, texts, opening)
		}
	}
}
