package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"minsheng/analysis"
	"minsheng/analysis/analysistest"
	"minsheng/index"
	"minsheng/index/elastic"
	indexsqlite "minsheng/index/sqlite"
	"minsheng/opinion"
	"minsheng/pipeline"
	"minsheng/store"
	"minsheng/store/sqlite"
)

const (
	wayBatch   = 100                 // posts in one Accept, as a page of a thread gives them
	lately     = 13 * 24 * time.Hour // over which the posts were published: all can still draw others to their incident
	dictionary = "../analysis/data/words.txt.gz"
)

// words is the one segmenter of these benchmarks: loading takes a second.
var words = sync.OnceValue(analysis.NewSegmenter)

// yard is an office's data and the loops over it.
type yard struct {
	state   *sqlite.Store
	file    *sqlite.File
	index   index.Index
	words   *analysis.Segmenter
	grouper *analysis.Grouper
	set     *pipeline.Setting
	lines   *pipeline.Pipeline
	start   time.Time
}

// newYard opens an empty one, with the index that open gives.
func newYard(b testing.TB, open func(*yard) (index.Index, error)) *yard {
	b.Helper()
	y := &yard{words: words(), grouper: analysis.NewGrouper(), start: time.Now().Add(-lately)}
	ok(b, y.words.Wait(b.Context()))
	var err error
	y.file, err = sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "minsheng.db"))
	ok(b, err)
	y.state = sqlite.New(y.file, time.Now)
	y.index, err = open(y)
	ok(b, err)
	y.set = &pipeline.Setting{Analyzer: analysis.New(analysis.Options{Segmenter: y.words})}
	y.lines = pipeline.New(pipeline.Options{
		State: y.state, Index: y.index, Grouper: y.grouper, Metrics: pipeline.Uncounted(), Now: time.Now,
		Log: slog.New(slog.DiscardHandler), Workers: 1, Zone: time.UTC, KeepFor: 365 * 24 * time.Hour, Hold: time.Hour,
	}, y.set)
	return y
}

func (y *yard) close(b testing.TB) {
	b.Helper()
	ok(b, y.index.Close())
	ok(b, y.file.Close())
}

func embedded(y *yard) (index.Index, error) {
	return indexsqlite.New(y.file.W, y.file.R, y.words.Cut)
}

// BenchmarkWay takes posts of 500 characters from Accept to the moment from
// which they are found, while the loops of the daemon run: one batch is judged
// while the one before is written and others are accepted. cpu-µs/post is the
// processor time of this process, all cores together.
func BenchmarkWay(b *testing.B) {
	n := 20_000
	if testing.Short() {
		n = 2_000
	}
	b.Run("embedded", func(b *testing.B) { way(b, n, embedded) })
	b.Run("elasticsearch", func(b *testing.B) {
		way(b, n, onElasticsearch(b, false))
	})
}

// onElasticsearch gives indexes of their own on the node at MINSHENG_ES, and
// skips without one. atOnce has what is put found at once.
func onElasticsearch(b testing.TB, atOnce bool) func(*yard) (index.Index, error) {
	url := os.Getenv("MINSHENG_ES")
	if url == "" {
		b.Skip("no Elasticsearch: run `scripts/elasticsearch/start .cache/es 9201` and set MINSHENG_ES=http://127.0.0.1:9201")
	}
	round := 0
	return func(y *yard) (index.Index, error) {
		round++
		name := fmt.Sprintf("minsheng-bench-%d-%d", os.Getpid(), round)
		b.Cleanup(func() { remove(b, url, name) })
		return elastic.New(b.Context(), elastic.Options{Addresses: []string{url}, Index: name, Cut: y.words.Cut, Refresh: atOnce})
	}
}

// way measures one filling of an empty office in each iteration.
func way(b *testing.B, n int, open func(*yard) (index.Index, error)) {
	var wall, cpu time.Duration
	rounds := 0
	for b.Loop() {
		y := newYard(b, open)
		batches := y.batches(b, n)
		busy, begin := pipeline.ProcessorTime(b), time.Now()
		y.fill(b, n, batches)
		wall, cpu = wall+time.Since(begin), cpu+pipeline.ProcessorTime(b)-busy
		rounds++
		y.close(b)
	}
	done := float64(n * rounds)
	b.ReportMetric(done/wall.Seconds(), "posts/s")
	b.ReportMetric(float64(cpu.Microseconds())/done, "cpu-µs/post")
	b.ReportMetric(done, "posts")
	b.ReportMetric(0, "ns/op")
}

// batches are made beforehand: writing texts is not measured.
func (y *yard) batches(b testing.TB, n int) [][]opinion.Post {
	corpus, err := analysistest.Open(dictionary, 1)
	ok(b, err)
	every := lately / time.Duration(n)
	out := make([][]opinion.Post, 0, n/wayBatch)
	for range n / wayBatch {
		out = append(out, corpus.Posts(wayBatch, y.start, every))
	}
	return out
}

// fill accepts the batches while the loops run, and ends when all n posts are
// found.
func (y *yard) fill(b *testing.B, n int, batches [][]opinion.Post) {
	ctx, stop := context.WithCancel(b.Context())
	defer stop()
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return y.lines.Run(ctx) })
	for _, posts := range batches {
		_, err := y.state.Accept(ctx, posts)
		ok(b, err)
		y.lines.Wake(store.Analyse)
	}
	for y.found(b, ctx) < n {
		time.Sleep(20 * time.Millisecond)
	}
	stop()
	ok(b, g.Wait())
}

func (y *yard) found(b testing.TB, ctx context.Context) int {
	n, err := y.index.Count(ctx)
	ok(b, err)
	return n
}

// BenchmarkStep takes posts through each step by itself, one step after the
// other, as one worker does, and gives the microseconds a post of each. What
// Analyse is made of is in the benchmark of the same name of analysis.
func BenchmarkStep(b *testing.B) {
	n := 5_000
	if testing.Short() {
		n = 1_000
	}
	took := map[string]time.Duration{}
	rounds := 0
	for b.Loop() {
		y := newYard(b, embedded)
		for _, posts := range y.batches(b, n) {
			y.steps(b, posts, took)
		}
		if got := y.found(b, b.Context()); got != n {
			b.Fatalf("%d posts are found, want %d", got, n)
		}
		rounds++
		y.close(b)
	}
	for name, d := range took {
		b.ReportMetric(float64(d.Nanoseconds())/1000/float64(n*rounds), name+"-µs/post")
	}
	b.ReportMetric(0, "ns/op")
}

// steps takes one batch the whole way and adds up what each step took.
func (y *yard) steps(b *testing.B, posts []opinion.Post, took map[string]time.Duration) {
	ctx := b.Context()
	begin := time.Now()
	lap := func(step string) {
		now := time.Now()
		took[step] += now.Sub(begin)
		begin = now
	}
	for _, p := range posts {
		analysis.Clean(p.Text)
	}
	lap("clean")
	for _, p := range posts {
		analysis.Mask(p.Title)
		analysis.Mask(p.Text)
	}
	lap("mask")
	_, err := y.state.Accept(ctx, posts)
	ok(b, err)
	lap("accept")
	js, docs := make([]store.Judgement, len(posts)), make([]index.Doc, len(posts))
	tasks, stored := y.lease(b, store.Analyse, len(posts))
	lap("load")
	for i, s := range stored {
		v := y.set.Analyzer.Analyse(analysis.Input{Title: s.Title, Text: s.Text, Kind: s.Kind, Class: s.Class})
		v.PostID = s.ID
		js[i] = store.Judgement{Task: tasks[i], Verdict: v, Title: s.Title}
	}
	lap("analyse")
	for i, s := range stored {
		v := js[i].Verdict
		m := y.grouper.Add(analysis.Member{
			ID: s.ID, Kind: v.Kind, Published: s.Published, Print: v.Print, Rare: v.Rare, Length: utf8.RuneCountInString(v.Folded),
		})
		js[i].Near, js[i].Incident = m.Near, m.Incident
	}
	lap("group")
	ok(b, y.state.Judge(ctx, js))
	lap("judge")
	tasks, stored = y.lease(b, store.Index, len(posts))
	lap("load-judged")
	for i, s := range stored {
		v := s.Verdict
		title, text, _ := strings.Cut(v.Folded, "\n")
		docs[i] = index.Doc{
			ID: s.ID, Source: s.Source, Class: s.Class, Kind: v.Kind, Title: title, Text: text, Published: s.Published,
			Topics: v.Topics, Attitude: v.Attitude, Score: v.Score, Incident: s.Incident, MentionsPolice: v.MentionsPolice, Version: s.Version,
		}
	}
	ok(b, y.index.Put(ctx, docs))
	lap("put")
	ok(b, y.state.Done(ctx, tasks...))
	lap("done")
}

// lease takes n tasks and loads their posts, in one order.
func (y *yard) lease(b *testing.B, kind store.TaskKind, n int) ([]store.Task, []store.Stored) {
	tasks, err := y.state.Lease(b.Context(), kind, n, time.Hour)
	ok(b, err)
	ids := make([]string, len(tasks))
	for i, t := range tasks {
		ids[i] = t.Ref
	}
	stored, err := y.state.Posts(b.Context(), ids...)
	ok(b, err)
	if len(stored) != n || len(tasks) != n {
		b.Fatalf("leased %d tasks of %d posts, want %d", len(tasks), len(stored), n)
	}
	return tasks, stored
}

// remove takes the index of a measurement out of Elasticsearch.
func remove(b testing.TB, node, name string) {
	for _, path := range []string{"/", "/_index_template/"} {
		req, err := http.NewRequest(http.MethodDelete, strings.TrimSuffix(node, "/")+path+name, nil)
		ok(b, err)
		res, err := http.DefaultClient.Do(req)
		ok(b, err)
		ok(b, res.Body.Close())
	}
}

func ok(b testing.TB, err error) {
	b.Helper()
	if err != nil && !errors.Is(err, context.Canceled) {
		b.Fatal(err)
	}
}
