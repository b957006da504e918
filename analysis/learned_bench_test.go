package analysis

import (
	"strings"
	"testing"

	"minsheng/analysis/analysistest"
	"minsheng/analysis/corpus"
	"minsheng/opinion"
)

// BenchmarkShort takes our own texts of at most 60 characters through tone and
// attitude, without cutting them into words, in processor time.
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
	var m textMemory
	n := 0
	begin := analysistest.ProcessorTime()
	for b.Loop() {
		a.judge.parseInto(&m.parsed, texts[n%len(texts)], nil)
		readAttitudeInto(&m.reading, &m.parsed, 0)
		a.outcome(&m, opinion.Social, "")
		n++
	}
	b.ReportMetric(float64(b.N)/(analysistest.ProcessorTime()-begin).Seconds(), "texts/s")
}

func BenchmarkLoadWeights(b *testing.B) {
	for b.Loop() {
		readShippedWeights()
	}
}
