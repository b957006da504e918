package analysis

import (
	"strings"
	"testing"

	"minsheng/analysis/corpus"
	"minsheng/opinion"
)

// BenchmarkShort takes our own texts of at most 60 characters through tone and
// attitude, without cutting them into words, on one core.
func BenchmarkShort(b *testing.B) {
	all, err := ReadLabelled(strings.NewReader(corpus.Attitude()), "corpus")
	if err != nil {
		b.Fatal(err)
	}
	var texts []string
	for _, l := range all {
		if folded := shownOf(l.Text); len(folded) <= 3*60 {
			texts = append(texts, folded)
		}
	}
	a := New(Options{Weights: ShippedWeights()})
	n := 0
	for b.Loop() {
		p := a.judge.parse(texts[n%len(texts)], nil)
		a.outcome(&p, readAttitude(&p, 0), opinion.Social, "")
		n++
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "texts/s")
}

func BenchmarkLoadWeights(b *testing.B) {
	for b.Loop() {
		readShippedWeights()
	}
}
