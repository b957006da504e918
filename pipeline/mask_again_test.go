package pipeline_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"minsheng/alerts"
	"minsheng/analysis"
	"minsheng/index"
	"minsheng/opinion"
	"minsheng/pipeline"
	"minsheng/store"
	"minsheng/store/sqlite"
)

// mobile is what an older masker did not know for what it is: made up, and
// nobody's.
const mobile = "13900001234"

var bridge = opinion.Source{Name: "柳川论坛", Class: opinion.Forum}

// told is what a program pushes, as it was written.
func told(id, title, text string) pipeline.Mention {
	return pipeline.Mention{
		ID: id, Source: bridge, Kind: opinion.Social, URL: "https://forum.example/" + id, Title: title, Text: text,
		Outlet: "网友" + mobile, Published: time.Now().Add(-time.Hour).Truncate(time.Second),
	}
}

// recorder counts the judgements by which a text is stored anew.
type recorder struct {
	*sqlite.Store
	masked int
}

// Judge passes on.
func (r *recorder) Judge(ctx context.Context, js []store.Judgement) error {
	for _, j := range js {
		if j.Masked != nil {
			r.masked++
		}
	}
	return r.Store.Judge(ctx, js)
}

// olden is a yard in which an older version of the program has been at work.
type olden struct {
	*yard
	*testing.T
	saved *recorder
}

func newOlden(t *testing.T, open func(*yard) (index.Index, error)) *olden {
	y := newYard(t, open)
	t.Cleanup(func() { y.close(t) })
	o := &olden{yard: y, T: t, saved: &recorder{Store: y.state}}
	o.lines = pipeline.New(pipeline.Options{
		State: o.saved, Index: y.index, Grouper: y.grouper, Metrics: pipeline.Uncounted(), Now: time.Now,
		Log: slog.New(slog.DiscardHandler), Workers: 1, Zone: time.UTC, KeepFor: 365 * 24 * time.Hour, Hold: time.Hour,
	}, y.set)
	return o
}

// keep stores, judges and indexes mentions unmasked, as that version did, each
// an incident of its own.
func (o *olden) keep(ms ...pipeline.Mention) (ids []string) {
	o.Helper()
	for _, m := range ms {
		p := opinion.Post{
			ID: opinion.PostID("push", m.Source.Name, m.ID), Source: m.Source.Name, Class: m.Source.Class, Kind: m.Kind, URL: m.URL,
			Title: m.Title, Text: m.Text, Outlet: m.Outlet, Published: m.Published.UTC(), Fetched: m.Published.UTC(), Revision: 1,
		}
		n, err := o.state.Accept(o.Context(), []opinion.Post{p})
		ok(o, err)
		tasks, err := o.state.Lease(o.Context(), store.Analyse, 10, time.Hour)
		ok(o, err)
		if n != 1 || len(tasks) != 1 {
			o.Fatalf("%d accepted, %d tasks, want one", n, len(tasks))
		}
		v := o.set.Analyzer.Analyse(analysis.Input{Title: p.Title, Text: p.Text, Kind: p.Kind, Class: p.Class})
		v.PostID, v.Version = p.ID, "of an older version"
		ok(o, o.state.Judge(o.Context(), []store.Judgement{{Task: tasks[0], Verdict: v, Incident: p.ID, Title: p.Heading()}}))
		ids = append(ids, p.ID)
	}
	ok(o, o.lines.Drain(o.Context(), func(int) {}, store.Index))
	return ids
}

// reanalyse is the command.
func (o *olden) reanalyse(version string) int {
	o.Helper()
	n, err := o.state.Reanalyse(o.Context(), version)
	ok(o, err)
	ok(o, o.lines.Drain(o.Context(), func(int) {}, store.Analyse, store.Index))
	return n
}

func (o *olden) one(id string) store.Stored {
	o.Helper()
	posts, err := o.state.Posts(o.Context(), id)
	ok(o, err)
	if len(posts) != 1 {
		o.Fatalf("%d posts of an id", len(posts))
	}
	return posts[0]
}

// found counts what the index finds of a phrase.
func (o *olden) found(phrase string) int {
	o.Helper()
	x, err := index.ParseQuery(`"` + phrase + `"`)
	ok(o, err)
	res, err := o.index.Search(o.Context(), index.Query{Expr: x})
	ok(o, err)
	return res.Total
}

// onDisk reports whether the data file, or the log beside it, holds a text.
func (o *olden) onDisk(text string) bool {
	o.Helper()
	_, err := o.file.W.ExecContext(o.Context(), `PRAGMA wal_checkpoint(TRUNCATE)`)
	ok(o, err)
	var path string
	ok(o, o.file.R.QueryRowContext(o.Context(), `SELECT file FROM pragma_database_list WHERE name = 'main'`).Scan(&path))
	for _, suffix := range []string{"", "-wal"} {
		b, err := os.ReadFile(path + suffix)
		ok(o, err)
		if bytes.Contains(b, []byte(text)) {
			return true
		}
	}
	return false
}

// TestReanalyseMasksAgain: what an older masker left in a stored post is nowhere
// left after the post was judged again, and all else is as it was.
func TestReanalyseMasksAgain(t *testing.T) {
	t.Run("embedded", func(t *testing.T) { reanalyseMasksAgain(t, embedded) })
	t.Run("elasticsearch", func(t *testing.T) { reanalyseMasksAgain(t, onElasticsearch(t, true)) })
}

func reanalyseMasksAgain(t *testing.T, open func(*yard) (index.Index, error)) {
	o := newOlden(t, open)
	leaky := told("leaky", "打"+mobile+"也没有人管", "派出所的民警态度恶劣，让我打"+mobile+"，打了三天没人接。")
	clean := told("clean", "窗口", "派出所窗口的民警很耐心，材料一次就办好了。")
	clean.Outlet = ""
	ids := o.keep(leaky, clean)
	_, err := o.state.Correct(t.Context(), ids[0], store.SaysNeutral, "lin")
	ok(t, err)
	before, other := o.one(ids[0]), o.one(ids[1])
	alert, _, err := o.state.Raise(t.Context(), opinion.Alert{
		Incident: ids[0], Title: before.Heading(), Level: opinion.Warn, Topics: []string{opinion.AllPolice},
		Examples: []opinion.Example{{PostID: ids[0], Title: before.Title, Excerpt: alerts.Excerpt(before), URL: before.URL}},
	}, nil)
	ok(t, err)
	if o.found(mobile) != 1 || !o.onDisk(mobile) {
		t.Fatal("the number is not there from the start")
	}

	if n := o.reanalyse(o.set.Analyzer.Version()); n != 2 || o.saved.masked != 1 {
		t.Errorf("%d posts judged again, %d of them stored anew, want 2 and 1", n, o.saved.masked)
	}
	after := o.one(ids[0])
	if want := "打[电话]也没有人管"; after.Title != want || after.Heading() != want || after.Outlet != "网友[电话]" {
		t.Errorf("title %q, outlet %q", after.Title, after.Outlet)
	}
	v := o.set.Analyzer.Analyse(analysis.Input{Title: after.Title, Text: after.Text, Kind: after.Kind, Class: after.Class})
	if got := after.Verdict; got.Folded != v.Folded || len(got.Evidence) == 0 || len(got.Evidence) != len(v.Evidence) {
		t.Errorf("judged over %q with %d reasons, want %q and %d", got.Folded, len(got.Evidence), v.Folded, len(v.Evidence))
	}
	runes := []rune(after.Verdict.Folded)
	for _, e := range after.Verdict.Evidence {
		if got := string(runes[e.Start:e.End]); got != e.Text {
			t.Errorf("evidence %q stands where the text says %q", e.Text, got)
		}
	}
	if after.Revision != 1 || after.Incident != before.Incident || after.Correction == nil || after.Verdict.Attitude != opinion.Neutral {
		t.Errorf("revision %d, incident %q, correction %v", after.Revision, after.Incident, after.Correction)
	}
	page, err := o.state.AlertByNumber(t.Context(), alert.Number)
	ok(t, err)
	if len(page.Examples) != 1 || !strings.Contains(page.Examples[0].Excerpt, "[电话]") {
		t.Errorf("examples of the alert: %+v", page.Examples)
	}
	incident, err := o.state.Incident(t.Context(), ids[0])
	ok(t, err)
	all, err := json.Marshal([]any{after, page, incident})
	ok(t, err)
	if bytes.Contains(all, []byte(mobile[:7])) {
		t.Errorf("the number is stored: %s", all)
	}
	if o.found(mobile) != 0 || o.found("电话") != 1 {
		t.Error("the index finds the number, or not what stands in its place")
	}
	if o.onDisk(mobile) {
		t.Error("the number is still on disk")
	}
	if got := o.one(ids[1]); got.Title != other.Title || got.Text != other.Text || got.Revision != 1 {
		t.Errorf("the clean post became %+v", got.Post)
	}

	_, fresh, err := o.lines.Push(t.Context(), []pipeline.Mention{leaky, clean})
	ok(t, err)
	if fresh != 0 {
		t.Errorf("%d posts are new when they are read once more", fresh)
	}
	o.saved.masked = 0
	if n := o.reanalyse("yet another version"); n != 2 || o.saved.masked != 0 {
		t.Errorf("%d posts judged once more, %d stored anew, want 2 and none", n, o.saved.masked)
	}
	wrong, err := o.state.Verify(t.Context())
	ok(t, err)
	if len(wrong) > 0 {
		t.Errorf("the recount finds %v", wrong)
	}
}

// TestWaitingPostIsMaskedAgain: one that an older version stored and did not come
// to judge is masked when it is judged at last.
func TestWaitingPostIsMaskedAgain(t *testing.T) {
	o := newOlden(t, embedded)
	opening := opinion.Post{
		ID: opinion.PostID("opening"), Source: bridge.Name, Class: opinion.Forum, Kind: opinion.Social, URL: "https://forum.example/1",
		Text: "派出所让我打" + mobile + "，没人接。", Published: time.Now().Add(-time.Hour),
	}
	_, err := o.state.Accept(t.Context(), []opinion.Post{opening})
	ok(t, err)
	ok(t, o.lines.Drain(t.Context(), func(int) {}, store.Analyse))
	all, err := json.Marshal(o.one(opening.ID))
	ok(t, err)
	if strings.Contains(string(all), mobile) || o.onDisk(mobile) {
		t.Errorf("the number is stored: %s", all)
	}
}

// TestWhatWasCutIsMaskedOnce: a number that the bound on a title cuts in two may
// look like another kind; that is seen before it is stored, and not at each
// fetch and each judgement anew.
func TestWhatWasCutIsMaskedOnce(t *testing.T) {
	o := newOlden(t, embedded)
	for head := range 30 {
		title := strings.Repeat("案", 125) + strings.Repeat("a", head) + " " + mobile + "0001234567" // no number of a phone
		m := told(strings.Repeat("x", head+1), title, "派出所的民警很耐心。")
		_, fresh, err := o.lines.Push(t.Context(), []pipeline.Mention{m})
		ok(t, err)
		if fresh != 1 {
			t.Fatalf("%d new", fresh)
		}
		ok(t, o.lines.Drain(t.Context(), func(int) {}, store.Analyse))
		_, fresh, err = o.lines.Push(t.Context(), []pipeline.Mention{m})
		ok(t, err)
		if fresh != 0 || o.saved.masked != 0 {
			t.Fatalf("after %d letters: %d new, %d stored anew, want none", head, fresh, o.saved.masked)
		}
	}
}
