package sqlite_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"minsheng/index"
	"minsheng/index/indextest"
	"minsheng/index/sqlite"
)

// sweeping is an index in a file whose bytes are looked at.
type sweeping struct {
	*testing.T
	path string
	db   *sql.DB
	x    *sqlite.Index
	docs []index.Doc
}

// secret is a word that no other doc holds.
const secret = "13900001234"

// newSweeping puts n docs in several pieces; the one in the middle holds secret.
func newSweeping(t *testing.T, n int) *sweeping {
	s := &sweeping{T: t, path: filepath.Join(t.TempDir(), "index.db")}
	var err error
	s.db, err = sql.Open("sqlite", "file:"+s.path+"?_pragma=journal_mode(wal)&_pragma=secure_delete(1)")
	s.ok(err)
	s.db.SetMaxOpenConns(1)
	t.Cleanup(func() { s.db.Close() })
	c := indextest.NewCorpus(3, 200)
	s.x, err = sqlite.New(s.db, s.db, func(text string) []string { return append(c.Cut(text), text) })
	s.ok(err)
	s.docs = c.Docs(n, 300, time.Minute)
	for i := range s.docs {
		s.docs[i].ID = fmt.Sprint("doc ", i)
	}
	s.docs[n/2].Text = secret
	for i := 0; i < n; i += n / 8 {
		s.ok(s.x.Put(t.Context(), s.docs[i:min(n, i+n/8)]))
	}
	s.merge()
	if !s.onDisk() {
		t.Fatal("the word was not found on disk")
	}
	return s
}

func (s *sweeping) ok(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s *sweeping) merge() (pieces int) {
	s.Helper()
	for more := true; more; pieces++ {
		var err error
		more, err = s.x.Merge(s.Context())
		s.ok(err)
	}
	return pieces
}

func (s *sweeping) onDisk() bool {
	s.Helper()
	_, err := s.db.Exec(`PRAGMA wal_checkpoint(TRUNCATE)`)
	s.ok(err)
	b, err := os.ReadFile(s.path)
	s.ok(err)
	return bytes.Contains(b, []byte(secret))
}

// again puts docs once more, without the secret.
func (s *sweeping) again(docs ...index.Doc) {
	s.Helper()
	for i := range docs {
		if docs[i].Version++; docs[i].Text == secret {
			docs[i].Text = "[电话]"
		}
	}
	s.ok(s.x.Put(s.Context(), docs))
}

// dayLater moves the last sweep a day back.
func (s *sweeping) dayLater() {
	s.Helper()
	_, err := s.db.Exec(`UPDATE idx_left SET swept = swept - 86400`)
	s.ok(err)
}

// TestReplacedLeavesTheFile: after everything was put again nothing of what
// stood there before is left once housekeeping is done.
func TestReplacedLeavesTheFile(t *testing.T) {
	s := newSweeping(t, 4000)
	s.again(s.docs...)
	if n := s.merge(); n < 4 {
		t.Errorf("merged in %d pieces, want several", n)
	}
	if s.onDisk() {
		t.Error("the word is still on disk")
	}
	if n := s.merge(); n != 1 {
		t.Errorf("then merged in %d pieces, want nothing to do", n)
	}
	res, err := s.x.Search(t.Context(), index.Query{Facets: true})
	s.ok(err)
	if res.Total != len(s.docs) {
		t.Errorf("%d docs are found, want %d", res.Total, len(s.docs))
	}
}

// TestLittleIsSweptOnceADay: what one change leaves waits for the day's sweep,
// be it a doc that was deleted or one that was put again.
func TestLittleIsSweptOnceADay(t *testing.T) {
	for name, change := range map[string]func(*sweeping){
		"put again": func(s *sweeping) { s.again(s.docs[1000]) },
		"deleted":   func(s *sweeping) { s.ok(s.x.Delete(s.Context(), s.docs[1000].ID)) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newSweeping(t, 2000)
			change(s)
			if s.merge(); !s.onDisk() {
				t.Error("one change had everything written anew")
			}
			s.dayLater()
			if s.merge(); s.onDisk() {
				t.Error("the word is still on disk a day later")
			}
			s.dayLater()
			if n := s.merge(); n != 1 {
				t.Errorf("merged in %d pieces where nothing was left", n)
			}
		})
	}
}

// TestSweepGoesOn: a sweep that was broken off goes on when the file is opened
// again, with more put meanwhile.
func TestSweepGoesOn(t *testing.T) {
	s := newSweeping(t, 4000)
	s.again(s.docs[2000])
	s.dayLater()
	if _, err := s.x.Merge(t.Context()); err != nil {
		t.Fatal(err)
	}
	x, err := sqlite.New(s.db, s.db, func(text string) []string { return []string{text} })
	s.ok(err)
	s.x = x
	s.again(s.docs[:100]...)
	if s.merge(); s.onDisk() {
		t.Error("the word is still on disk")
	}
}
