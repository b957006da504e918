package pipeline_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"minsheng/analysis"
	"minsheng/opinion"
	"minsheng/pipeline"
	"minsheng/store"
)

// The openings of two incidents of an invented town.
const (
	felled = "柳川河堤路的三棵老樟树一夜之间被锯倒，住户报警后派出所的民警来登记了树桩，说监控正好坏了，大家都不信，要公安局给个说法。"
	towed  = "青石巷口的早餐车昨天被交警拖走，摊主追着拖车跑了两条街，民警说停在消防通道上，罚单却迟迟没有开出来，街坊都替她着急。"
)

// said accepts a text and has the loops judge it; it returns its incident.
func (y *yard) said(t *testing.T, id, text string) string {
	t.Helper()
	at := time.Now().Add(-time.Minute)
	_, err := y.state.Accept(t.Context(), []opinion.Post{{
		ID: opinion.PostID(id), Source: "柳川论坛", Class: opinion.Forum, Kind: opinion.Social, URL: "https://forum.example/" + id,
		Title: "", Text: text, Published: at, Fetched: at, Revision: 1,
	}})
	ok(t, err)
	ok(t, y.lines.Drain(t.Context(), func(int) {}, store.Analyse))
	return y.home(t, id)
}

func (y *yard) home(t *testing.T, id string) string {
	t.Helper()
	posts, err := y.state.Posts(t.Context(), opinion.PostID(id))
	ok(t, err)
	if len(posts) != 1 {
		t.Fatalf("%d posts of id %s", len(posts), id)
	}
	return posts[0].Incident
}

// restart is what the daemon does when it comes up again: it knows what the
// store holds, and nothing else.
func (y *yard) restart() {
	y.grouper = analysis.NewGrouper()
	y.lines = pipeline.New(pipeline.Options{
		State: y.state, Index: y.index, Grouper: y.grouper, Metrics: pipeline.Uncounted(), Now: time.Now,
		Log: slog.New(slog.DiscardHandler), Workers: 1, Zone: time.UTC, KeepFor: 365 * 24 * time.Hour, Hold: time.Hour,
	}, y.set)
}

// TestPeoplesWordOnIncidentsHolds: what a person merged stays one and what was
// taken apart stays apart, for posts that come later, after a restart, and when
// everything is judged again.
func TestPeoplesWordOnIncidentsHolds(t *testing.T) {
	y := newYard(t, embedded)
	defer y.close(t)
	trees, cart := y.said(t, "trees", felled), y.said(t, "cart", towed)
	if trees == cart {
		t.Fatal("two events are one incident from the start")
	}
	one, err := y.state.MergeIncidents(t.Context(), trees, cart, "lin")
	ok(t, err)
	wants := func(when, id, want string) {
		t.Helper()
		if got := y.home(t, id); got != want {
			t.Errorf("%s: %s is of incident %s, want %s", when, id, got, want)
		}
	}
	y.said(t, "cart-2", "转："+towed)
	wants("later", "cart-2", one)
	y.restart()
	y.said(t, "cart-3", towed+"图在评论里")
	wants("after a restart", "cart-3", one)

	own, n, err := y.state.MovePosts(t.Context(), []string{opinion.PostID("cart")}, "", "lin")
	ok(t, err)
	if n != 3 {
		t.Errorf("%d posts went, want the post and its copies", n)
	}
	y.said(t, "cart-4", "刚看到："+towed)
	y.said(t, "trees-2", "转："+felled)
	y.restart()
	y.said(t, "cart-5", towed+"有后续吗")
	_, err = y.state.Reanalyse(t.Context(), "of another version")
	ok(t, err)
	ok(t, y.lines.Drain(t.Context(), func(int) {}, store.Analyse))
	for i := range 5 {
		id := "cart"
		if i > 0 {
			id = fmt.Sprint("cart-", i+1)
		}
		wants("judged again", id, own)
	}
	wants("judged again", "trees", one)
	wants("judged again", "trees-2", one)
	wrong, err := y.state.Verify(t.Context())
	ok(t, err)
	if len(wrong) > 0 {
		t.Errorf("the recount finds %v", wrong)
	}
}

// TestRunningLoopsHearOfAMove: a post that comes while the loops run joins the
// incident that its like was moved to a moment ago.
func TestRunningLoopsHearOfAMove(t *testing.T) {
	y := newYard(t, embedded)
	defer y.close(t)
	one := y.said(t, "trees", felled)
	y.said(t, "cart", towed)
	_, err := y.state.MergeIncidents(t.Context(), one, y.home(t, "cart"), "lin")
	ok(t, err)
	y.restart()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return y.lines.Run(ctx) })
	came := func(id, text string) string {
		t.Helper()
		at := time.Now().Add(-time.Minute)
		_, err := y.state.Accept(ctx, []opinion.Post{{
			ID: opinion.PostID(id), Source: "柳川论坛", Class: opinion.Forum, URL: "https://forum.example/" + id, Text: text, Published: at, Fetched: at, Revision: 1,
		}})
		ok(t, err)
		y.lines.Wake(store.Analyse)
		for {
			if home := y.home(t, id); home != "" {
				return home
			}
			select {
			case <-ctx.Done():
				t.Fatal("the loops have ended")
			case <-time.After(5 * time.Millisecond):
			}
		}
	}
	if got := came("cart-2", "转："+towed); got != one {
		t.Errorf("before: incident %s, want that of both", got)
	}
	own, _, err := y.state.MovePosts(ctx, []string{opinion.PostID("cart")}, "", "lin")
	ok(t, err)
	if got := came("cart-3", towed+"图在评论里"); got != own {
		t.Errorf("after: incident %s, want that of the moved post", got)
	}
	stop()
	ok(t, g.Wait())
}
