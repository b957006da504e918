package sqlite_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"minsheng/opinion"
	"minsheng/store"
	"minsheng/store/sqlite"
)

// BenchmarkWay takes posts of 500 characters through Accept, Lease, Judge and
// the index task, in batches of 100, each post in three series.
func BenchmarkWay(b *testing.B) {
	path := filepath.Join(b.TempDir(), "minsheng.db")
	f, err := sqlite.Open(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	s := sqlite.New(f, func() time.Time { return start })
	const size = 100
	n := 0
	for b.Loop() {
		way(b, s, start, n, size)
		n += size
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "posts/s")
	if info, err := os.Stat(path); err == nil {
		b.ReportMetric(float64(info.Size())/float64(n), "bytes/post")
	}
}

// BenchmarkFrontier leases and finishes one due address of each of five hosts
// over which 100,000 addresses wait.
func BenchmarkFrontier(b *testing.B) {
	f, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "minsheng.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	clock := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	s := sqlite.New(f, func() time.Time { return clock })
	ok(b, s.SyncSources(b.Context(), []opinion.Source{{Name: "a", URL: "https://h0.example/feed", Rate: time.Second}}))
	entry, err := s.LeaseFetches(b.Context(), 1, time.Minute)
	ok(b, err)
	links := make([]store.Link, 100_000)
	for i := range links {
		links[i] = store.Link{URL: fmt.Sprintf("https://h%d.example/page/%d", i%5, i), Role: store.PageRole}
	}
	ok(b, s.FinishFetch(b.Context(), entry[0], store.Outcome{Changed: true, Links: links, Next: clock.Add(time.Hour)}))
	n := 0
	for b.Loop() {
		clock = clock.Add(time.Second)
		all, err := s.LeaseFetches(b.Context(), 10, time.Minute)
		ok(b, err)
		for _, f := range all {
			ok(b, s.FinishFetch(b.Context(), f, store.Outcome{Changed: true}))
		}
		n += len(all)
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "addresses/s")
}

// way takes size posts the whole way.
func way(b testing.TB, s *sqlite.Store, now time.Time, from, size int) {
	b.Helper()
	posts := make([]opinion.Post, size)
	for i := range posts {
		posts[i] = longPost(now, from+i)
	}
	_, err := s.Accept(b.Context(), posts)
	ok(b, err)
	tasks, err := s.Lease(b.Context(), store.Analyse, size, time.Minute)
	ok(b, err)
	js := make([]store.Judgement, len(tasks))
	for i, t := range tasks {
		js[i] = longVerdict(t, &posts[i])
	}
	ok(b, s.Judge(b.Context(), js))
	index, err := s.Lease(b.Context(), store.Index, size, time.Minute)
	ok(b, err)
	if len(tasks) != size || len(index) != size {
		b.Fatalf("leased %d and %d, want %d", len(tasks), len(index), size)
	}
	ok(b, s.Done(b.Context(), index...))
}

func ok(b testing.TB, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func longPost(now time.Time, i int) opinion.Post {
	head := fmt.Sprintf("第%d篇，", i)
	return opinion.Post{
		ID: opinion.PostID("bench", fmt.Sprint(i)), Source: "柳川论坛", Class: opinion.Forum, Kind: opinion.Social,
		URL: fmt.Sprintf("https://forum.example/thread/%d", i), Title: "窗口排队的事",
		Text:      head + strings.Repeat("窗口办事要排队等候很久，", 500/12),
		Published: now.Add(-time.Duration(i) * 7 * time.Second), Fetched: now, Voice: uint64(i)*2654435761 + 1,
	}
}

func longVerdict(t store.Task, p *opinion.Post) store.Judgement {
	v := opinion.Verdict{
		PostID: t.Ref, Version: "bench", Folded: p.Title + "\n" + p.Text, Kind: opinion.Social, Lang: "zh", MentionsPolice: true,
		Attitude: opinion.Neutral, Score: 0.1, Confidence: 0.8, Tone: opinion.Neutral, Topics: []string{"窗口服务", "户籍"},
		Evidence: []opinion.Evidence{{Start: 3, End: 5, Text: "排队", Weight: -1, Why: "lexicon"}, {Start: 9, End: 11, Text: "等候", Weight: -0.5, Why: "lexicon"}},
		Print:    make([]uint32, 64), Rare: []string{"窗口", "排队", "等候"},
	}
	for i := range v.Print {
		v.Print[i] = uint32(p.Voice) * uint32(i+1)
	}
	return store.Judgement{Task: t, Verdict: v, Incident: t.Ref, Title: p.Title}
}
