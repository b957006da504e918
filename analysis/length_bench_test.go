package analysis_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"minsheng/analysis"
)

// BenchmarkLength takes texts of growing length through the analysis, running text
// and the kinds that are made to hurt, and reports nanoseconds a byte for each
// length: where time is linear the figures of one text stay alike.
func BenchmarkLength(b *testing.B) {
	running := strings.Join(benchTexts(), "\n")
	texts := []struct{ name, one string }{
		{"running", running},
		{"one-character", "差"},
		{"one-digit", "1"},
		{"one-emoji", "😡"},
		{"names", "民警态度差"},
		{"quotes", "“差"},
		{"handles", "@差"},
		{"right-to-left", "\u202e警\u202c"},
		{"no-blanks-latin", "abc-"},
	}
	a := analysis.New(analysis.Options{Weights: analysis.ShippedWeights(), Segmenter: words()})
	steps := []struct {
		name string
		do   func(string)
	}{
		{"mask", func(s string) { analysis.Mask(s) }},
		{"clean", func(s string) { analysis.Clean(s) }},
		{"analyse", func(s string) { a.Analyse(analysis.Input{Text: s}) }},
	}
	a.Analyse(analysis.Input{Text: running})
	for _, text := range texts {
		b.Run(text.name, func(b *testing.B) {
			for b.Loop() {
				for _, size := range []int{1_000, 10_000, 100_000, 1_000_000} {
					s := strings.Repeat(text.one, size/len(text.one)+1)
					for _, step := range steps {
						words().Forget()
						begin, times := time.Now(), 0
						for ; times*size < 1_000_000; times++ {
							step.do(s)
						}
						b.ReportMetric(float64(time.Since(begin).Nanoseconds())/float64(times*len(s)), fmt.Sprintf("%s-%dk-ns/B", step.name, size/1000))
					}
				}
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}
