package sqlite_test

import (
	"database/sql"
	"errors"
	"path/filepath"
	"testing"

	_ "modernc.org/sqlite"

	"minsheng/index"
	"minsheng/index/indextest"
	"minsheng/index/sqlite"
	"minsheng/opinion"
)

func files(t testing.TB) (w, r *sql.DB) {
	t.Helper()
	dsn := "file:" + filepath.Join(t.TempDir(), "index.db") +
		"?_pragma=journal_mode(wal)&_pragma=synchronous(normal)&_pragma=busy_timeout(5000)&_pragma=cache_size(-32768)"
	open := func(connections int) *sql.DB {
		db, err := sql.Open("sqlite", dsn)
		if err != nil {
			t.Fatal(err)
		}
		db.SetMaxOpenConns(connections)
		t.Cleanup(func() { db.Close() })
		return db
	}
	return open(1), open(4)
}

func open(t testing.TB, cut index.Cut) index.Index {
	t.Helper()
	w, r := files(t)
	x, err := sqlite.New(w, r, cut)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestIndex(t *testing.T) {
	indextest.Run(t, func(t *testing.T, cut index.Cut) index.Index { return open(t, cut) })
}

func TestNewTwice(t *testing.T) {
	w, r := files(t)
	c := indextest.NewCorpus(2, 100)
	for range 2 {
		x, err := sqlite.New(w, r, c.Cut)
		if err != nil {
			t.Fatal(err)
		}
		if err := x.Put(t.Context(), c.Docs(1, 50, 0)); err != nil {
			t.Fatal(err)
		}
		if err := x.Close(); err != nil {
			t.Fatal(err)
		}
	}
	x, err := sqlite.New(w, r, c.Cut)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := x.Count(t.Context()); n != 2 || err != nil {
		t.Errorf("Count = %d, %v, want what both put", n, err)
	}
}

func TestNewerTablesAreLeftAlone(t *testing.T) {
	w, r := files(t)
	c := indextest.NewCorpus(2, 100)
	if _, err := sqlite.New(w, r, c.Cut); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Exec(`UPDATE idx_schema SET version = 99`); err != nil {
		t.Fatal(err)
	}
	_, err := sqlite.New(w, r, c.Cut)
	var f *opinion.Fault
	if !errors.As(err, &f) || f.Code != "index.newer" {
		t.Errorf("New = %v, want the fault index.newer", err)
	}
}

func TestOlderTablesAreMadeAnew(t *testing.T) {
	w, r := files(t)
	c := indextest.NewCorpus(2, 100)
	for _, q := range []string{ // as version 1 left them
		`CREATE TABLE idx_schema (version INTEGER NOT NULL)`,
		`INSERT INTO idx_schema VALUES (1)`,
		`CREATE TABLE idx_docs (doc INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL,
			published INTEGER NOT NULL, negative INTEGER NOT NULL, traits TEXT NOT NULL)`,
		`INSERT INTO idx_docs VALUES (1, 'a', 1, 1, 0, '')`,
	} {
		if _, err := w.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		x, err := sqlite.New(w, r, c.Cut)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := x.Count(t.Context()); n != 0 || err != nil {
			t.Errorf("Count = %d, %v, want 0", n, err)
		}
	}
	x, err := sqlite.New(w, r, c.Cut)
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Put(t.Context(), c.Docs(3, 50, 0)); err != nil {
		t.Fatal(err)
	}
}

func BenchmarkIndex(b *testing.B) {
	indextest.Bench(b, func(b *testing.B, cut index.Cut) index.Index { return open(b, cut) })
}
