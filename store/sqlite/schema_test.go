package sqlite_test

import (
	"path/filepath"
	"testing"
	"time"

	"minsheng/store/sqlite"
)

// A file of the first schema gets the later tables when it is opened.
func TestOlderFileIsBroughtUpToDate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "minsheng.db")
	f, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.W.ExecContext(t.Context(), `DROP TABLE correction; DROP INDEX verdict_near; DROP TABLE own_word; DROP TABLE own_place; DROP TABLE seen; DROP TABLE volume; DROP TABLE health; DROP TABLE placed; DROP TABLE merged; DROP INDEX incident_last; DELETE FROM counter WHERE name = 'regrouped'; ALTER TABLE frontier ADD COLUMN token INTEGER NOT NULL DEFAULT 0; ALTER TABLE frontier ADD COLUMN again INTEGER NOT NULL DEFAULT 0; ALTER TABLE frontier ADD COLUMN title TEXT NOT NULL DEFAULT ''; PRAGMA user_version = 1`)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	s := sqlite.New(open(t, path), func() time.Time { return time.Unix(1_700_000_000, 0) })
	if got, err := s.Corrections(t.Context(), 1); err != nil || len(got) != 0 {
		t.Errorf("Corrections = %v, %v", got, err)
	}
	if got, err := s.OwnWords(t.Context()); err != nil || len(got) != 0 {
		t.Errorf("OwnWords = %v, %v", got, err)
	}
}
