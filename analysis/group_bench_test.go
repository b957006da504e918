package analysis_test

import (
	"strconv"
	"testing"
	"time"
	"unicode/utf8"

	"minsheng/analysis"
	"minsheng/analysis/analysistest"
)

// BenchmarkGroup fills the window with 100,000 invented posts of 500 characters,
// all within the time in which incidents are open, and then adds more: what a post
// takes of the processor, and of memory. Print and Rare are made before.
func BenchmarkGroup(b *testing.B) {
	window, more := 100_000, 2_000
	if testing.Short() {
		window = 10_000
	}
	corpus, err := analysistest.Open(dictionary, 3)
	if err != nil {
		b.Fatal(err)
	}
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	step := 72 * time.Hour / time.Duration(window+more)
	made, samples, most := 0, 0, 0
	members := func(n int) []analysis.Member {
		all := make([]analysis.Member, 0, n)
		for _, p := range corpus.Posts(n, at, step) {
			folded, _ := analysis.Fold(p.Title + "\n" + p.Text)
			m := analysis.Member{
				ID: strconv.Itoa(made), Kind: p.Kind, Published: p.Published, Length: utf8.RuneCountInString(folded),
				Print: analysis.Print(folded), Rare: words().Rare(words().Cut(folded)),
			}
			all = append(all, m)
			made++
			samples, most = samples+4*len(m.Print), max(most, 4*len(m.Print))
		}
		words().Forget()
		at = at.Add(time.Duration(n) * step)
		return all
	}
	members(100)
	g, before := analysis.NewGrouper(), heap()
	filling := time.Duration(0)
	for made < window {
		batch := members(1_000)
		begin := analysistest.ProcessorTime()
		for _, m := range batch {
			g.Add(m)
		}
		filling += analysistest.ProcessorTime() - begin
	}
	bytes := (heap() - before) * 1e6 / float64(window)
	full := time.Duration(0)
	rounds := 0
	for b.Loop() {
		batch := members(more)
		begin := analysistest.ProcessorTime()
		for _, m := range batch {
			g.Add(m)
		}
		full += analysistest.ProcessorTime() - begin
		rounds++
	}
	b.ReportMetric(float64(filling.Microseconds())/float64(window), "filling-µs/post")
	b.ReportMetric(float64(full.Microseconds())/float64(more*rounds), "full-µs/post")
	b.ReportMetric(bytes, "memory-bytes/post")
	b.ReportMetric(float64(samples)/float64(made), "samples-bytes/post")
	b.ReportMetric(float64(most), "samples-at-most-bytes")
	b.ReportMetric(0, "ns/op")
}
