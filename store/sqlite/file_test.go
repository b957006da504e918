package sqlite_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"minsheng/i18n"
	"minsheng/opinion"
	"minsheng/store"
	"minsheng/store/sqlite"
)

var start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func now() time.Time { return start }

// fault fails the test unless err is the wanted fault, and says it in both
// languages, so that a sentence that does not fit its arguments is found.
func fault(t *testing.T, err error, code string, args ...string) {
	t.Helper()
	var f *opinion.Fault
	if !errors.As(err, &f) {
		t.Fatalf("error = %v, want fault %s", err, code)
	}
	if f.Code != code || cmp.Diff(f.Args, args) != "" {
		t.Errorf("fault = %s %q, want %s %q", f.Code, f.Args, code, args)
	}
	for _, lang := range []i18n.Lang{i18n.Chinese, i18n.English} {
		said := make([]any, len(f.Args))
		for i, a := range f.Args {
			said[i] = a
		}
		if s := i18n.Say(lang, f.Code, said...); !i18n.Has(f.Code) || strings.Contains(s, "%!") {
			t.Errorf("%s says %q", f.Code, s)
		}
	}
}

// filled makes a file with n judged posts and returns its path.
func filled(t *testing.T, n int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "minsheng.db")
	f, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	fill(t, sqlite.New(f, now), 0, n)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func fill(t testing.TB, s *sqlite.Store, from, n int) {
	t.Helper()
	for i := from; i < from+n; i += 100 {
		way(t, s, start, i, min(100, from+n-i))
	}
}

func TestReopen(t *testing.T) {
	path := filled(t, 3)
	s := sqlite.New(open(t, path), now)
	counts, err := s.Counts(t.Context())
	if err != nil || counts["judged"] != 3 {
		t.Errorf("Counts = %v, %v, want 3 judged", counts, err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode = %v, want the owner's alone", info.Mode().Perm())
	}
}

func TestNewerIsRefused(t *testing.T) {
	path := filled(t, 1)
	f := open(t, path)
	if _, err := f.W.Exec(`PRAGMA user_version = 99`); err != nil {
		t.Fatal(err)
	}
	f.Close()
	untouched(t, path, "store.newer", path, "99", fmt.Sprint(sqlite.Schema))
}

func TestForeignIsRefused(t *testing.T) {
	path := filled(t, 1)
	f := open(t, path)
	if _, err := f.W.Exec(`PRAGMA application_id = 7`); err != nil {
		t.Fatal(err)
	}
	f.Close()
	untouched(t, path, "store.foreign", path)
}

func TestForeignWithoutOwner(t *testing.T) {
	path := filled(t, 1)
	f := open(t, path)
	if _, err := f.W.Exec(`PRAGMA application_id = 0; PRAGMA user_version = 0`); err != nil {
		t.Fatal(err)
	}
	f.Close()
	untouched(t, path, "store.foreign", path)
}

// TestNotClosed opens copies of a file that was never closed, as after a kill:
// all of it still lies in the log.
func TestNotClosed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "minsheng.db")
	f := open(t, path)
	fill(t, sqlite.New(f, now), 0, 3)
	copies := func(to string) string {
		t.Helper()
		to = filepath.Join(t.TempDir(), to)
		for _, suffix := range []string{"", "-wal"} {
			b, err := os.ReadFile(path + suffix)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(to+suffix, b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return to
	}
	s := sqlite.New(open(t, copies("killed.db")), now)
	if counts, err := s.Counts(t.Context()); err != nil || counts["judged"] != 3 {
		t.Errorf("Counts = %v, %v, want 3 judged", counts, err)
	}
	if _, err := f.W.Exec(`PRAGMA user_version = 99`); err != nil {
		t.Fatal(err)
	}
	newer := copies("newer.db")
	_, err := sqlite.Open(t.Context(), newer)
	fault(t, err, "store.newer", newer, "99", fmt.Sprint(sqlite.Schema))
}

func TestDamagedIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "minsheng.db")
	if err := os.WriteFile(path, bytes.Repeat([]byte("no database "), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	untouched(t, path, "store.damaged", path)
}

// untouched wants Open to fail with the fault and to leave the file, and the
// folder, as they were.
func untouched(t *testing.T, path, code string, args ...string) {
	t.Helper()
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := sqlite.Open(t.Context(), path)
	if err == nil {
		f.Close()
	}
	fault(t, err, code, args...)
	after, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the file was changed (%v)", err)
	}
	beside, err := filepath.Glob(path + "*")
	if err != nil || len(beside) != 1 {
		t.Errorf("files = %v, %v, want the one", beside, err)
	}
}

func TestCannotBeOpened(t *testing.T) {
	dir := t.TempDir()
	closed := filepath.Join(dir, "closed")
	if err := os.Mkdir(closed, 0o500); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() == 0 {
		closed = "/sys" // closed even to root
	}
	for name, c := range map[string]struct{ path, code string }{
		"NoFolder":       {filepath.Join(dir, "none", "minsheng.db"), "store.unopened"},
		"FolderInPlace":  {dir, "store.unopened"},
		"ReadOnlyFolder": {filepath.Join(closed, "minsheng.db"), "store.closed"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := sqlite.Open(t.Context(), c.path)
			fault(t, err, c.code, c.path)
		})
	}
}

func TestFullDisk(t *testing.T) {
	f := open(t, filepath.Join(t.TempDir(), "minsheng.db"))
	s := sqlite.New(f, now)
	fill(t, s, 0, 100)
	var pages int
	if err := f.W.QueryRow(`PRAGMA page_count`).Scan(&pages); err != nil {
		t.Fatal(err)
	}
	limit(t, f, pages)
	var posts []opinion.Post
	for i := range 100 {
		posts = append(posts, longPost(start, 1000+i))
	}
	_, err := s.Accept(t.Context(), posts)
	fault(t, err, "store.full")
	if !opinion.AsFault(err, "").Retry {
		t.Error("the fault does not say that it may pass")
	}
	counts, err := s.Counts(t.Context())
	if err != nil || counts["posts"] != 100 {
		t.Errorf("Counts = %v, %v, want the 100 of before", counts, err)
	}
	limit(t, f, 1_000_000)
	if n, err := s.Accept(t.Context(), posts); n != 100 || err != nil {
		t.Errorf("Accept = %d, %v with room again, want 100", n, err)
	}
	sound(t, s)
}

func limit(t *testing.T, f *sqlite.File, pages int) {
	t.Helper()
	if _, err := f.W.Exec(fmt.Sprintf(`PRAGMA max_page_count = %d`, pages)); err != nil {
		t.Fatal(err)
	}
}

func TestTurnedReadOnly(t *testing.T) {
	f := open(t, filepath.Join(t.TempDir(), "minsheng.db"))
	s := sqlite.New(f, now)
	if _, err := f.W.Exec(`PRAGMA query_only(1)`); err != nil {
		t.Fatal(err)
	}
	fault(t, s.SetValue(t.Context(), "a", "b"), "store.readonly")
}

func TestDamagedLater(t *testing.T) {
	path := filled(t, 200)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(b) / 2; i < len(b); i++ {
		b[i] = 0xff
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	s := sqlite.New(open(t, path), now)
	_, err = s.Verify(t.Context())
	fault(t, err, "store.corrupt")
}

func sound(t *testing.T, s *sqlite.Store) {
	t.Helper()
	wrong, err := s.Verify(t.Context())
	if err != nil || len(wrong) > 0 {
		t.Errorf("Verify = %q, %v, want nothing", wrong, err)
	}
}

func TestVerifyFindsWhatWasTamperedWith(t *testing.T) {
	for name, change := range map[string]string{
		"Tally":            `UPDATE tally SET negative = negative + 1`,
		"TallyGone":        `DELETE FROM tally`,
		"MarkGone":         `DELETE FROM mark WHERE post = 1`,
		"MarkFlag":         `UPDATE mark SET new_voice = 0 WHERE post = 1`,
		"VerdictGone":      `DELETE FROM verdict WHERE n = 1`,
		"PostGone":         `DELETE FROM post WHERE n = 1`,
		"TextGone":         `DELETE FROM body WHERE n = 1`,
		"IncidentCount":    `UPDATE incident SET posts = posts + 1`,
		"IncidentGone":     `DELETE FROM incident`,
		"NotifyTaskGone":   `DELETE FROM task WHERE kind = 'notify'`,
		"FirstPassCounter": `UPDATE source SET first_open = first_open + 1`,
	} {
		t.Run(name, func(t *testing.T) {
			f := open(t, filepath.Join(t.TempDir(), "minsheng.db"))
			s := sqlite.New(f, now)
			fill(t, s, 0, 3)
			if err := s.SyncSources(t.Context(), []opinion.Source{{Name: "a", URL: "https://a.example/"}}); err != nil {
				t.Fatal(err)
			}
			if _, _, err := s.Raise(t.Context(), opinion.Alert{Incident: "i"}, []string{"slack"}); err != nil {
				t.Fatal(err)
			}
			sound(t, s)
			if _, err := f.W.Exec(change); err != nil {
				t.Fatal(err)
			}
			wrong, err := s.Verify(t.Context())
			if err != nil || len(wrong) == 0 {
				t.Errorf("Verify = %q, %v, want what is wrong", wrong, err)
			}
		})
	}
}

// TestDeletedIsOverwritten looks for the words of a post in the bytes on disk.
func TestDeletedIsOverwritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "minsheng.db")
	s := sqlite.New(open(t, path), now)
	p := longPost(start, 1)
	p.Text = strings.Repeat("这是一句要被删去的话。", 2000) // over many pages
	if _, err := s.Accept(t.Context(), []opinion.Post{p}); err != nil {
		t.Fatal(err)
	}
	onDisk := func() (found bool) {
		for _, suffix := range []string{"", "-wal"} {
			b, err := os.ReadFile(path + suffix)
			if err != nil && !errors.Is(err, os.ErrNotExist) {
				t.Fatal(err)
			}
			found = found || bytes.Contains(b, []byte("要被删去的话"))
		}
		return found
	}
	if !onDisk() {
		t.Fatal("the text was not found on disk before it was deleted")
	}
	if err := s.DeletePost(t.Context(), p.ID, "lin", "asked"); err != nil {
		t.Fatal(err)
	}
	if onDisk() {
		t.Error("the text is still on disk")
	}
}

func TestCanceledContext(t *testing.T) {
	s := sqlite.New(open(t, filepath.Join(t.TempDir(), "minsheng.db")), now)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.SetValue(ctx, "a", "b"); !errors.Is(err, context.Canceled) {
		t.Errorf("SetValue = %v, want canceled", err)
	}
	if _, err := s.Lease(ctx, store.Analyse, 1, time.Minute); !errors.Is(err, context.Canceled) {
		t.Errorf("Lease = %v, want canceled", err)
	}
}

// TestVoicesAreDestroyedEverywhere looks into the tables: the contract alone
// cannot see every column that bears a voice.
func TestVoicesAreDestroyedEverywhere(t *testing.T) {
	f := open(t, filepath.Join(t.TempDir(), "minsheng.db"))
	clock := start
	s := sqlite.New(f, func() time.Time { return clock })
	key := func() {
		t.Helper()
		if _, err := s.Voices(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	left := func() (n int) {
		t.Helper()
		err := f.W.QueryRow(`SELECT (SELECT COUNT(*) FROM post WHERE voice <> 0) + (SELECT COUNT(*) FROM mark WHERE voice <> 0)`).Scan(&n)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	key()
	fill(t, s, 0, 3)
	if left() == 0 {
		t.Fatal("no voice was stored")
	}
	clock = clock.Add(24 * time.Hour)
	key()
	if n := left(); n != 0 {
		t.Errorf("%d voices are left after their key's day", n)
	}
	sound(t, s)
}
