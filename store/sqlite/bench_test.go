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
// the index task, in batches of 100, each post in six series.
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

func way(b *testing.B, s *sqlite.Store, now time.Time, from, size int) {
	posts := make([]opinion.Post, size)
	for i := range posts {
		posts[i] = longPost(now, from+i)
	}
	must(b)(s.Accept(b.Context(), posts))
	tasks := must2[[]store.Task](b)(s.Lease(b.Context(), store.Analyse, size, time.Minute))
	js := make([]store.Judgement, len(tasks))
	for i, t := range tasks {
		js[i] = longVerdict(t, &posts[i])
	}
	if err := s.Judge(b.Context(), js); err != nil {
		b.Fatal(err)
	}
	index := must2[[]store.Task](b)(s.Lease(b.Context(), store.Index, size, time.Minute))
	if len(tasks) != size || len(index) != size {
		b.Fatalf("leased %d and %d, want %d", len(tasks), len(index), size)
	}
	if err := s.Done(b.Context(), index...); err != nil {
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

func must(b *testing.B) func(int, error) { return must2[int](b).drop }

type got[T any] func(T, error) T

func must2[T any](b *testing.B) got[T] {
	return func(v T, err error) T {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
		return v
	}
}

func (g got[T]) drop(v T, err error) { g(v, err) }
