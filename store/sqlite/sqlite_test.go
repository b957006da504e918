package sqlite_test

import (
	"path/filepath"
	"testing"
	"time"

	"minsheng/store"
	"minsheng/store/sqlite"
	"minsheng/store/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T, now func() time.Time) store.Store {
		return sqlite.New(open(t, filepath.Join(t.TempDir(), "minsheng.db")), now)
	})
}

// open opens a file that is closed when the test ends.
func open(t *testing.T, path string) *sqlite.File {
	t.Helper()
	f, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}
