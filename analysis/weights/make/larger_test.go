package main

import (
	"bytes"
	"compress/gzip"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"minsheng/analysis"
	"minsheng/analysis/linear"
	"minsheng/opinion"
)

func packed(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The file that is shipped can be read, speaks of all sets that ask for it, and of
// clauses too.
func TestLargerIsRead(t *testing.T) {
	s, err := readSaid(larger)
	if err != nil {
		t.Fatal(err)
	}
	sets, clauses := map[string]int{}, 0
	for key, h := range s {
		set, _, _ := strings.Cut(key, " ")
		sets[set]++
		clauses += len(h.clauses)
	}
	for _, p := range append([]part{newsPart}, postParts...) {
		if got := sets[p.name]; (got > 0) != (p.larger > 0) {
			t.Errorf("%s: %d texts are spoken of, at a share of %v", p.name, got, p.larger)
		}
	}
	if sets[attitudeSet] == 0 {
		t.Error("no attitude is spoken of")
	}
	if clauses == 0 {
		t.Error("no clause is spoken of")
	}
}

func TestWrongLinesOfLarger(t *testing.T) {
	for _, line := range []string{"k\tnews3\t1\t2", "k\tnews3\tx\t2\t", "k\tnews3\t60\t50\t", "k\tnews3\t1\t2\tf", "k\tnews3\t1\t2\tff", "k\tnews3\t1\t2\tg0"} {
		if _, err := readSaid(packed(t, line+"\n")); err == nil {
			t.Errorf("%q is read", line)
		}
	}
	if _, err := readSaid([]byte("no gzip")); err == nil {
		t.Error("what is not packed is read")
	}
}

func TestSoft(t *testing.T) {
	const text = "等了两个小时，窗口终于开了！谢谢"
	s, err := readSaid(packed(t, "# a head\n"+keyOf(text)+"\tcovid7\t20\t50\tc00f\n"))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		set, text string
		share     float64
		want      linear.Probs
	}{
		"joined":        {"covid7", text, .5, linear.Probs{.6, .15, .25}},
		"all the model": {"covid7", text, 1, linear.Probs{.2, .3, .5}},
		"no share":      {"covid7", text, 0, linear.Probs{}},
		"another set":   {"weibo2018", text, 1, linear.Probs{}},
		"not spoken of": {"covid7", "别的", 1, linear.Probs{}},
	} {
		for class, got := range s.soft(c.set, c.text, 0, c.share) {
			if math.Abs(got-c.want[class]) > 1e-9 {
				t.Errorf("%s: class %d = %v, want %v", name, class, got, c.want[class])
			}
		}
	}
	seen := map[string]bool{}
	got := s.clauses("covid7", text, seen) // the last clause has no word of the model
	want := []analysis.ToneText{
		{Label: opinion.Negative, Text: "等了两个小时", TwoClasses: true, Soft: linear.Probs{.8, .2, 0}},
		{Label: opinion.Positive, Text: "窗口终于开了", TwoClasses: true, Soft: linear.Probs{0, 0, 1}},
	}
	if !slices.Equal(got, want) {
		t.Errorf("clauses = %+v, want %+v", got, want)
	}
	if again := s.clauses("covid7", text, seen); len(again) > 0 {
		t.Errorf("the same clauses once more: %+v", again)
	}
}

func TestPieces(t *testing.T) {
	const text = "天黑了，民警背着老人下楼"
	s, err := readSaid(packed(t, keyOf(text)+"\t"+attitudeSet+"\t0\t90\t0f33\n"))
	if err != nil {
		t.Fatal(err)
	}
	twice := []analysis.Labelled{{Label: opinion.Positive, Kind: opinion.News, Text: text, Weight: .5}, {Label: opinion.Positive, Text: text}}
	want := []analysis.Labelled{
		{Label: opinion.Positive, Kind: opinion.News, Style: "piece", Text: "民警背着老人下楼", Weight: pieceWeight * .5, Apart: true, Soft: linear.Probs{0, 0, 1}},
		{Label: opinion.Neutral, Kind: opinion.News, Style: "piece", Text: "天黑了,民警背着老人下楼", Weight: pieceWeight * .5, Apart: true, Soft: linear.Probs{.2, .6, .2}},
	}
	if got := s.pieces(twice); !slices.Equal(got, want) {
		t.Errorf("pieces = %+v, want %+v", got, want)
	}
	if got := piecesOf("天黑了，雨停了"); len(got) > 0 {
		t.Errorf("pieces without the police: %q", got)
	}
}

func TestClausesOf(t *testing.T) {
	for text, want := range map[string][]string{
		"好，民警来了！a\n#路口# [怒]太慢": {"民警来了", "路口", "太慢"},
		"":                        nil,
		strings.Repeat("长", 41):   nil,
		strings.Repeat("两字,", 99): slices.Repeat([]string{"两字"}, maxClauses),
	} {
		if got := clausesOf(text); !slices.Equal(got, want) {
			t.Errorf("clausesOf(%q) = %q, want %q", text, got, want)
		}
	}
}

// What is asked names every text of the sets with its clauses, but for what is measured
// with.
func TestAsk(t *testing.T) {
	dir := t.TempDir()
	for _, p := range append([]part{newsPart}, postParts...) {
		file := "label\ttext\nneg\t" + p.name + "等了很久，没人来\nneu\t测试用的话\n"
		if err := os.WriteFile(filepath.Join(dir, p.name+"_train.tsv"), []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	more := "label\ttext\npos\t天黑了，民警背着老人下楼，大家鼓掌\n"
	if err := os.WriteFile(filepath.Join(dir, "police_more_train.tsv"), []byte(more), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "police_real_dev.tsv"), []byte("label\ttext\nneu\t测试用的话\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := (maker{data: dir}).ask(&b); err != nil {
		t.Fatal(err)
	}
	for _, p := range append([]part{newsPart}, postParts...) {
		start := p.name + "\t" + keyOf(p.name+"等了很久，没人来") + "\t"
		for _, want := range []string{
			start + "0\tneg\t1\t" + p.name + "等了很久,没人来\n",
			start + "2\t\t1\t没人来\n",
		} {
			wanted := p.larger > 0 && (p.name != newsPart.name || strings.Contains(want, "\t0\tneg"))
			if strings.Contains(b.String(), want) != wanted {
				t.Errorf("asked %q: %v, want %v", want, !wanted, wanted)
			}
		}
	}
	start := attitudeSet + "\t" + keyOf("天黑了，民警背着老人下楼，大家鼓掌") + "\t"
	for _, want := range []string{
		start + "0\tpos\t1.00\t天黑了,民警背着老人下楼,大家鼓掌\n",
		start + "1\t\t1\t民警背着老人下楼\n",
		start + "2\t\t1\t天黑了,民警背着老人下楼,大家鼓掌\n",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("not asked: %q", want)
		}
	}
	if strings.Contains(b.String(), "测试用的话") {
		t.Error("a text that is measured with is asked")
	}
}
