package indextest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"minsheng/index"
	"minsheng/opinion"
)

// benchDocs is how many posts Bench searches, each of benchLength characters;
// they are published over 30 days.
const (
	benchDocs   = 100_000
	benchLength = 500
	benchEvery  = 30 * 24 * time.Hour / benchDocs
	benchBatch  = 200
)

// Bench fills the Index that open gives and measures searches in it. Each
// iteration of a sub-benchmark is one search, another each time; p50-ms and
// p99-ms are over them all. Run it with -benchtime=300x.
func Bench(b *testing.B, open func(b *testing.B, cut index.Cut) index.Index) {
	n := benchDocs
	if testing.Short() {
		n /= 20
	}
	c := NewCorpus(7, 30_000)
	x := open(b, c.Cut)
	var sample []index.Doc
	var spent time.Duration
	for at := 0; at < n; at += benchBatch {
		docs := c.Docs(benchBatch, benchLength, benchEvery)
		sample = append(sample, docs[0])
		begin := time.Now()
		if err := x.Put(b.Context(), docs); err != nil {
			b.Fatal(err)
		}
		spent += time.Since(begin)
	}
	fmt.Printf("put %d posts of %d characters: %.0f/s\n", n, benchLength, float64(n)/spent.Seconds())
	wait(b, x, n)
	merge(b, x)

	phrase := func(i, n int) index.Expr {
		text := []rune(strings.ReplaceAll(sample[i%len(sample)].Text, "\n", ""))
		at := i * 13 % (len(text) - n)
		return index.Phrase(text[at : at+n])
	}
	word := func(i int) index.Expr {
		words := c.Cut(sample[i%len(sample)].Text)
		return index.Word(words[i*7%len(words)])
	}
	topic := func(i int) []string { return []string{fmt.Sprint("话题", i%20)} }
	week := func(q index.Query) index.Query {
		q.From, q.Until = start.AddDate(0, 0, 20), start.AddDate(0, 0, 27)
		return q
	}
	for _, m := range []struct {
		name  string
		query func(i int) index.Query
	}{
		{"newest/all", func(int) index.Query { return index.Query{} }},
		{"newest/word", func(i int) index.Query { return index.Query{Expr: word(i)} }},
		{"newest/two-words", func(i int) index.Query { return index.Query{Expr: index.All{word(i), word(i + 1)}} }},
		{"newest/word+topic", func(i int) index.Query { return index.Query{Expr: word(i), Topics: topic(i)} }},
		{"newest/topic", func(i int) index.Query { return index.Query{Topics: topic(i)} }},
		{"best/word", func(i int) index.Query { return index.Query{Expr: word(i), Order: index.Best} }},
		{"best/two-words", func(i int) index.Query {
			return index.Query{Expr: index.All{word(i), word(i + 1)}, Order: index.Best}
		}},
		{"best/phrase-4", func(i int) index.Query { return index.Query{Expr: phrase(i, 4), Order: index.Best} }},
		{"phrase/2", func(i int) index.Query { return index.Query{Expr: phrase(i, 2)} }},
		{"phrase/4", func(i int) index.Query { return index.Query{Expr: phrase(i, 4)} }},
		{"phrase/8", func(i int) index.Query { return index.Query{Expr: phrase(i, 8)} }},
		{"facets/all", func(int) index.Query { return index.Query{Facets: true, Step: 24 * time.Hour} }},
		{"facets/week", func(int) index.Query { return week(index.Query{Facets: true, Step: time.Hour}) }},
		{"facets/topic", func(i int) index.Query {
			return index.Query{Topics: topic(i), Facets: true, Step: 24 * time.Hour}
		}},
		{"facets/negative", func(i int) index.Query {
			return index.Query{Attitudes: []opinion.Attitude{opinion.Negative}, Facets: true, Step: 24 * time.Hour}
		}},
		{"facets/word", func(i int) index.Query { return index.Query{Expr: word(i), Facets: true, Step: 24 * time.Hour} }},
	} {
		b.Run(m.name, func(b *testing.B) { latency(b, x, m.query) })
	}
}

func latency(b *testing.B, x index.Index, query func(i int) index.Query) {
	var took []time.Duration
	found := 0
	for i := 0; b.Loop(); i++ {
		q := query(i)
		begin := time.Now()
		res, err := x.Search(b.Context(), q)
		took = append(took, time.Since(begin))
		if err != nil {
			b.Fatal(err)
		}
		found += res.Total
	}
	slices.Sort(took)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	b.ReportMetric(ms(took[len(took)/2]), "p50-ms")
	b.ReportMetric(ms(took[len(took)*99/100]), "p99-ms")
	b.ReportMetric(float64(found)/float64(len(took)), "found")
	b.ReportMetric(0, "ns/op")
}

// wait until what was put can be found.
func wait(b *testing.B, x index.Index, n int) {
	ctx, cancel := context.WithTimeout(b.Context(), time.Minute)
	defer cancel()
	for {
		got, err := x.Count(ctx)
		if err != nil {
			b.Fatal(err)
		}
		if got == n {
			return
		}
		select {
		case <-ctx.Done():
			b.Fatalf("%d posts can be found after a minute, want %d", got, n)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// merge lets the index do the housekeeping that the daemon lets it do when
// nothing waits.
func merge(b *testing.B, x index.Index) {
	begin, pieces := time.Now(), 0
	for more := true; more; pieces++ {
		var err error
		if more, err = x.Merge(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	fmt.Printf("merged in %d pieces, %d ms in all\n", pieces, time.Since(begin).Milliseconds())
}
