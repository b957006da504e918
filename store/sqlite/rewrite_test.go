package sqlite_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"minsheng/opinion"
	"minsheng/store"
	"minsheng/store/sqlite"
)

// TestMaskedAgainIsOverwritten looks for the words of a post in the bytes on
// disk, after older rules had judged it over a text that folding had changed.
func TestMaskedAgainIsOverwritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "minsheng.db")
	s := sqlite.New(open(t, path), now)
	const private = "13900001234"
	p := longPost(start, 1)
	p.Title, p.Text = "打"+private, strings.Repeat("打"+private+"没人接。", 2000) // over many pages
	if _, err := s.Accept(t.Context(), []opinion.Post{p}); err != nil {
		t.Fatal(err)
	}
	v := opinion.Verdict{PostID: p.ID, MentionsPolice: true, Attitude: opinion.Negative, Folded: "folded " + p.Text, Rare: []string{private}}
	v.Evidence = []opinion.Evidence{{Start: 0, End: 12, Text: "打" + private, Weight: -1, Why: "why.wording_against"}}
	if err := s.Judge(t.Context(), []store.Judgement{{Verdict: v, Incident: p.ID, Title: p.Title}}); err != nil {
		t.Fatal(err)
	}
	onDisk := func() (found int) {
		for _, suffix := range []string{"", "-wal"} {
			b, err := os.ReadFile(path + suffix)
			if err != nil && !errors.Is(err, os.ErrNotExist) {
				t.Fatal(err)
			}
			found += bytes.Count(b, []byte(private))
		}
		return found
	}
	if onDisk() < 4000 {
		t.Fatal("the text and its folded form were not found on disk before")
	}
	m := &store.Masked{Title: "打[电话]", Text: strings.ReplaceAll(p.Text, private, "[电话]"), Outlet: p.Outlet}
	v = opinion.Verdict{PostID: p.ID, MentionsPolice: true, Attitude: opinion.Negative, Folded: "folded " + m.Text}
	if err := s.Judge(t.Context(), []store.Judgement{{Verdict: v, Incident: p.ID, Title: m.Title, Masked: m}}); err != nil {
		t.Fatal(err)
	}
	if n := onDisk(); n > 0 {
		t.Errorf("the number stands on disk %d times", n)
	}
}
