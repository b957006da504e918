package analysis_test

import (
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"minsheng/analysis"
	"minsheng/analysis/analysistest"
	"minsheng/analysis/corpus"
)

// BenchmarkTexts judges our own labelled texts, most of them short, on one core:
// with and without cutting, by what was learned and by the rules alone, in
// processor time. One iteration is all texts by all of them; scripts/bench runs
// the Python peers on the same file after it.
func BenchmarkTexts(b *testing.B) {
	labelled, err := analysis.ReadLabelled(strings.NewReader(corpus.Attitude()), "attitude.tsv")
	if err != nil {
		b.Fatal(err)
	}
	characters := 0
	for _, l := range labelled {
		characters += utf8.RuneCountInString(l.Text)
	}
	before := heap()
	begin := time.Now()
	learned := analysis.ShippedWeights()
	load, memory := time.Since(begin), heap()-before

	ways := []struct {
		name string
		a    *analysis.Analyzer
	}{
		{"learned", analysis.New(analysis.Options{Weights: learned})},
		{"rules", analysis.New(analysis.Options{})},
		{"learned-with-cutting", analysis.New(analysis.Options{Weights: learned, Segmenter: words()})},
	}
	if err := words().Wait(b.Context()); err != nil { // or it loads beside what is timed
		b.Fatal(err)
	}
	took := make([]time.Duration, len(ways))
	rounds := 0
	for b.Loop() {
		words().Forget()
		for i, way := range ways {
			begin := analysistest.ProcessorTime()
			for _, l := range labelled {
				way.a.Analyse(analysis.Input{Text: l.Text, Kind: l.Kind})
			}
			took[i] += analysistest.ProcessorTime() - begin
		}
		rounds++
	}
	for i, way := range ways {
		b.ReportMetric(float64(len(labelled)*rounds)/took[i].Seconds(), way.name+"-texts/s")
	}
	b.ReportMetric(float64(load.Microseconds())/1000, "weights.load-ms")
	b.ReportMetric(memory, "weights.memory-MB")
	b.ReportMetric(float64(characters)/float64(len(labelled)), "text-characters")
	b.ReportMetric(0, "ns/op")
}

// heap is what the program holds, in megabytes of a million bytes.
func heap() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / 1e6
}
