package analysis_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/go-ego/gse"

	"minsheng/analysis"
	"minsheng/analysis/analysistest"
	"minsheng/opinion"
)

const dictionary = "data/words.txt.gz"

// BenchmarkStep takes the same posts through each step of the analysis, and
// through gse alone, in turns: what the machine does beside slows all alike.
// analyse-over-gse is how many times the time of gse cutting the same texts with
// the same dictionary Analyse takes, the cutting in it included. All of it is
// processor time, the collector's too.
func BenchmarkStep(b *testing.B) {
	n := 2_000
	if testing.Short() {
		n = 500
	}
	corpus, err := analysistest.Open(dictionary, 2)
	if err != nil {
		b.Fatal(err)
	}
	posts := corpus.Posts(n, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), time.Minute)
	steps := stepsOf(b)
	took := make([]time.Duration, len(steps))
	run := func(at int, p opinion.Post) {
		t := stepText{post: p, shown: p.Title + "\n" + p.Text}
		t.folded, _ = analysis.Fold(t.shown)
		t.words = words().Cut(t.folded)
		for i := range steps {
			words().Forget()
			s := (i + at) % len(steps) // another first each time: it finds the coldest caches
			begin := analysistest.ProcessorTime()
			steps[s].do(t)
			took[s] += analysistest.ProcessorTime() - begin
		}
	}
	for i, p := range posts[:n/10] { // all pages of the dictionaries are touched once
		run(i, p)
	}
	clear(took)
	rounds := 0
	for b.Loop() {
		for i, p := range posts {
			run(i, p)
		}
		rounds++
	}
	per := map[string]float64{}
	for i, s := range steps {
		per[s.name] = float64(took[i].Nanoseconds()) / 1000 / float64(n*rounds)
		b.ReportMetric(per[s.name], s.name+"-µs/post")
	}
	b.ReportMetric(per["analyse"]/per["gse"], "analyse-over-gse-times")
	b.ReportMetric(per["analyse"]/per["gse-own-dictionary"], "analyse-over-gse-own-dictionary-times")
	b.ReportMetric(0, "ns/op")
}

// stepText is a post with what the steps before would have made of it.
type stepText struct {
	post          opinion.Post
	shown, folded string
	words         []string
}

type timedStep struct {
	name string
	do   func(stepText)
}

// stepsOf lists what is timed. The peers are gse as its README shows it: with
// our dictionary loaded by its own loader, with its own, and with its guess of
// unknown words on top.
func stepsOf(b *testing.B) []timedStep {
	a := analysis.New(analysis.Options{Segmenter: words(), Weights: analysis.ShippedWeights()})
	same, own := peers(b)
	return []timedStep{
		{"clean", func(t stepText) { analysis.Clean(t.post.Text) }},
		{"mask", func(t stepText) { analysis.Mask(t.shown) }},
		{"fold", func(t stepText) { analysis.Fold(t.shown) }},
		{"cut", func(t stepText) { words().Cut(t.folded) }},
		{"print", func(t stepText) { analysis.Print(t.folded) }},
		{"rare", func(t stepText) { words().Rare(t.words) }},
		{"analyse", func(t stepText) {
			a.Analyse(analysis.Input{Title: t.post.Title, Text: t.post.Text, Kind: t.post.Kind, Class: t.post.Class})
		}},
		{"gse", func(t stepText) { same.Cut(t.folded) }},
		{"gse-own-dictionary", func(t stepText) { own.Cut(t.folded) }},
		{"gse-own-dictionary-guessing", func(t stepText) { own.Cut(t.folded, true) }},
	}
}

func peers(b *testing.B) (same, own *gse.Segmenter) {
	b.Helper()
	list, err := analysistest.Words(dictionary)
	if err != nil {
		b.Fatal(err)
	}
	same, own = &gse.Segmenter{SkipLog: true, Dict: gse.NewDict()}, &gse.Segmenter{SkipLog: true}
	for _, w := range list {
		if err := same.AddToken(w.Text, w.Frequency); err != nil {
			b.Fatal(err)
		}
	}
	same.CalcToken()
	if err := own.LoadDictEmbed(); err != nil {
		b.Fatal(err)
	}
	return same, own
}

// TestStepTexts holds the texts of the measurements to what is said of them.
func TestStepTexts(t *testing.T) {
	corpus, err := analysistest.Open(dictionary, 2)
	if err != nil {
		t.Fatal(err)
	}
	a := analysis.New(analysis.Options{Segmenter: words()})
	const n = 300
	negative, seen := 0, map[string]bool{}
	for _, p := range corpus.Posts(n, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), time.Minute) {
		if got := utf8.RuneCountInString(p.Text); got != analysistest.Length {
			t.Errorf("text of %d characters, want %d", got, analysistest.Length)
		}
		if seen[p.Text] {
			t.Error("two texts are alike")
		}
		seen[p.Text] = true
		v := a.Analyse(analysis.Input{Title: p.Title, Text: p.Text, Kind: p.Kind, Class: p.Class})
		if !v.MentionsPolice {
			t.Errorf("no police in %q", strings.ReplaceAll(p.Text, "\n", " "))
		}
		if v.Attitude == opinion.Negative {
			negative++
		}
	}
	if negative < n/10 || negative > n/2 {
		t.Errorf("%d of %d texts are negative about the police, want a tenth and those of chance", negative, n)
	}
}
