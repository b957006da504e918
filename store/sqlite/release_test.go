package sqlite_test

import (
	"path/filepath"
	"testing"
	"time"

	"minsheng/opinion"
	"minsheng/store"
	"minsheng/store/sqlite"
)

// A process that was killed holds leases for as long as it had asked; the next
// one, which has the data folder's lock, takes its work up at once.
func TestReleaseEndsLeasesOfThoseWhoAreGone(t *testing.T) {
	now := func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }
	f, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "minsheng.db"))
	if err != nil {
		t.Fatal(err)
	}
	s := sqlite.New(f, now)
	defer s.Close()
	if err := s.SyncSources(t.Context(), []opinion.Source{{Name: "论坛", URL: "http://forum.example/", Form: opinion.ListForm, Every: time.Minute}}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Accept(t.Context(), []opinion.Post{{ID: "a", Source: "论坛", Text: "路灯坏了", Published: now(), Fetched: now()}}); err != nil {
		t.Fatal(err)
	}
	lease := func() (pages, tasks int) {
		fetches, err := s.LeaseFetches(t.Context(), 5, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		leased, err := s.Lease(t.Context(), store.Analyse, 5, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		return len(fetches), len(leased)
	}
	if pages, tasks := lease(); pages != 1 || tasks != 1 {
		t.Fatalf("first lease: %d addresses and %d tasks, want 1 and 1", pages, tasks)
	}
	if pages, tasks := lease(); pages != 0 || tasks != 0 {
		t.Fatalf("while leased: %d addresses and %d tasks, want none", pages, tasks)
	}
	if err := s.Release(t.Context()); err != nil {
		t.Fatal(err)
	}
	if pages, tasks := lease(); pages != 1 || tasks != 1 {
		t.Errorf("after Release: %d addresses and %d tasks, want 1 and 1", pages, tasks)
	}
}
