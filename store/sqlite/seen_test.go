package sqlite_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"minsheng/opinion"
	"minsheng/store"
	"minsheng/store/sqlite"
)

// What was read for good takes at most 32 bytes an address, indexes included,
// and leaves nothing in the frontier.
func TestSeenAddressesAreSmall(t *testing.T) {
	const n = 4_000
	clock := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	f := open(t, filepath.Join(t.TempDir(), "minsheng.db"))
	s := sqlite.New(f, func() time.Time { return clock })
	if err := s.SyncSources(t.Context(), []opinion.Source{{Name: "a", URL: "https://a.example/", Form: opinion.SitemapForm, Every: time.Hour}}); err != nil {
		t.Fatal(err)
	}
	links := make([]store.Link, n)
	for i := range links { // hosts of their own, so that none waits for another
		links[i] = store.Link{URL: fmt.Sprintf("https://h%d.example/2026/01/02/a-rather-long-address-%d.html", i, i), Role: store.PageRole}
	}
	o := store.Outcome{Changed: true, Links: links, Next: clock.Add(time.Hour)}
	for done := 0; done <= n; {
		fetches, err := s.LeaseFetches(t.Context(), 1000, time.Minute)
		if err != nil || len(fetches) == 0 {
			t.Fatalf("leased %d after %d of %d: %v", len(fetches), done, n, err)
		}
		for _, one := range fetches {
			if err := s.FinishFetch(t.Context(), one, o); err != nil {
				t.Fatal(err)
			}
			o = store.Outcome{Changed: true}
		}
		done += len(fetches)
	}
	var seen, bytes, waiting int
	err := f.R.QueryRowContext(t.Context(), `SELECT (SELECT COUNT(*) FROM seen), (SELECT SUM(pgsize) FROM dbstat WHERE name = 'seen'), (SELECT COUNT(*) FROM frontier)`).
		Scan(&seen, &bytes, &waiting)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d addresses in %d bytes: %.1f each", seen, bytes, float64(bytes)/float64(seen))
	if seen != n || waiting != 1 {
		t.Errorf("%d seen and %d in the frontier, want %d and the entry", seen, waiting, n)
	}
	if bytes > 32*seen {
		t.Errorf("%.1f bytes an address, want at most 32", float64(bytes)/float64(seen))
	}
}

// A site that names more addresses than could ever be read fills no disk: they
// are left out, the source says so, and the list is asked as if it were new.
func TestWaitingAddressesAreBounded(t *testing.T) {
	clock := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	f := open(t, filepath.Join(t.TempDir(), "minsheng.db"))
	s := sqlite.New(f, func() time.Time { return clock })
	if err := s.SyncSources(t.Context(), []opinion.Source{{Name: "a", URL: "https://a.example/", Form: opinion.SitemapForm, Every: time.Hour}}); err != nil {
		t.Fatal(err)
	}
	const short = 3 // of the bound
	_, err := f.W.ExecContext(t.Context(), `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
		INSERT INTO frontier (url, source, host, role, rank, depth, first, held, due, published)
		SELECT 'https://a.example/old/' || i, 'a', 'a.example', 'page', 2, 1, 0, 0, ?, 0 FROM n`, store.MaxWaiting-short, clock.UnixMilli())
	if err != nil {
		t.Fatal(err)
	}
	links := make([]store.Link, short+5)
	for i := range links {
		links[i] = store.Link{URL: fmt.Sprintf("https://a.example/new/%d", i), Role: store.PageRole}
	}
	visit := func() {
		t.Helper()
		fetches, err := s.LeaseFetches(t.Context(), 1, time.Minute)
		if err != nil || len(fetches) != 1 || fetches[0].Role != store.EntryRole || fetches[0].ETag != "" {
			t.Fatalf("leased %+v, %v; want the entry, as if it were new", fetches, err)
		}
		o := store.Outcome{Changed: true, ETag: `"1"`, Links: links, Next: clock.Add(time.Minute)}
		if err := s.FinishFetch(t.Context(), fetches[0], o); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		visit()
		all, err := s.Sources(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		a := all[0]
		if a.Pending != store.MaxWaiting || a.Failures != 0 || a.Fault == nil || a.Fault.Code != "source.full" || a.Fault.Args[0] != "5" {
			t.Fatalf("%d wait, %d failures, fault %v; want %d, 0 and 5 left out", a.Pending, a.Failures, a.Fault, store.MaxWaiting)
		}
		clock = clock.Add(time.Minute)
	}
}
