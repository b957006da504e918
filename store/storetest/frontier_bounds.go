package storetest

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"minsheng/opinion"
	"minsheng/store"
)

// visit takes the only due address and finishes it, after the host's pause.
func (r *rig) visit(o store.Outcome) store.Fetch {
	r.Helper()
	r.clock.advance(time.Second)
	f := r.fetch()
	r.ok(r.s.FinishFetch(r.ctx(), f, o))
	return f
}

var boundChecks = []check{
	{"ReadForGoodStaysKnown", func(r *rig) {
		r.entered(page(1))
		r.visit(store.Outcome{Changed: true})
		for range 3 {
			r.ok(r.s.AskNow(r.ctx(), "a", "lin"))
			r.visit(store.Outcome{Changed: true, Links: []store.Link{page(1)}})
			r.clock.advance(time.Minute)
			if more := r.fetches(5); len(more) != 0 {
				r.Fatalf("asked again: %v", urls(more))
			}
		}
	}},
	{"DeadStaysKnown", func(r *rig) {
		r.entered(page(1))
		r.visit(store.Outcome{Fault: opinion.NewFault("fetch.gone", nil, "404")})
		r.ok(r.s.AskNow(r.ctx(), "a", "lin"))
		old := page(1)
		old.Published = start.Add(-time.Hour)
		r.visit(store.Outcome{Changed: true, Links: []store.Link{old}})
		r.clock.advance(time.Minute)
		r.same("asked again", len(r.fetches(5)), 0)
	}},
	{"ComesBackWithItsTime", func(r *rig) {
		r.entered(page(1))
		r.visit(store.Outcome{Changed: true})
		again := page(1)
		again.Published = r.clock.now().Add(2 * time.Second)
		r.ok(r.s.AskNow(r.ctx(), "a", "lin"))
		r.visit(store.Outcome{Changed: true, Links: []store.Link{again}})
		r.clock.advance(time.Second)
		f := r.fetch()
		r.same("page", []any{f.URL, f.Published, f.First, f.Changed.IsZero()}, []any{again.URL, again.Published, false, false})
		r.sound()
	}},
	{"Postponed", func(r *rig) {
		r.entered(page(1))
		before := r.state("a")
		r.visit(store.Outcome{Postponed: true, Next: r.clock.now().Add(10 * time.Second)})
		r.same("source", r.state("a").Tried, before.Tried)
		r.clock.advance(8 * time.Second)
		r.same("early", len(r.fetches(1)), 0)
		r.clock.advance(2 * time.Second)
		f := r.fetch()
		r.same("again", []any{f.URL, f.Attempts, f.First}, []any{page(1).URL, 0, true})
		r.sound()
	}},
	{"FastHostsGetSeveral", func(r *rig) {
		fast := source("a")
		fast.Rate = time.Millisecond
		r.sync(fast)
		var links []store.Link
		for i := range 6 {
			links = append(links, page(i), store.Link{URL: fmt.Sprintf("https://b.example/%d", i), Role: store.PageRole})
		}
		r.ok(r.s.FinishFetch(r.ctx(), r.fetch(), store.Outcome{Changed: true, Links: links}))
		r.clock.advance(time.Second)
		hosts := func(fetches []store.Fetch) string {
			var all strings.Builder
			for _, f := range fetches {
				all.WriteString(f.URL[len("https://"):len("https://a")])
			}
			return all.String()
		}
		first := r.fetches(7)
		got := hosts(first)
		r.same("seven in turns", []any{len(got), got[0] != got[1], strings.Contains(got, "aa"), strings.Contains(got, "bb")}, []any{6, true, false, false})
		r.same("during the pause", len(r.fetches(7)), 0)
		r.clock.advance(time.Second)
		second := r.fetches(100)
		r.same("the rest", len(second), 6)
		seen := map[string]bool{}
		for _, f := range slices.Concat(first, second) {
			seen[f.URL] = true
		}
		r.same("each once", len(seen), 12)
	}},
	{"OneOutcomeForEachLease", func(r *rig) {
		r.entered(page(1), store.Link{URL: "https://b.example/1", Role: store.PageRole})
		all := r.fetches(2)
		bad := store.Finished{Fetch: all[0], Outcome: store.Outcome{Fault: opinion.NewFault("fetch.gone", nil, "404")}}
		err := r.s.FinishFetches(r.ctx(), []store.Finished{
			{Fetch: all[0], Outcome: store.Outcome{Changed: true}}, bad, {Fetch: all[1], Outcome: store.Outcome{Changed: true}},
		})
		r.is(err, opinion.ErrLeaseLost)
		r.is(r.s.FinishFetches(r.ctx(), []store.Finished{bad}), opinion.ErrLeaseLost)
		r.same("failures", r.state("a").Failures, 0)
		r.clock.advance(5 * time.Minute)
		r.same("left", len(r.fetches(5)), 0)
		r.sound()
	}},
	{"SoonerWhereSomethingWasNew", func(r *rig) {
		r.sync(source("a"))
		finish := func(links ...store.Link) store.Fetch {
			now := r.clock.now()
			f := r.fetch()
			r.ok(r.s.FinishFetch(r.ctx(), f, store.Outcome{Changed: true, Links: links, Next: now.Add(time.Hour), NextNew: now.Add(time.Minute)}))
			return f
		}
		finish(page(1))
		r.visit(store.Outcome{Changed: true}) // the page
		r.clock.advance(59 * time.Second)     // a minute after the first visit
		f := finish(page(1))
		r.same("last brought something", f.Changed, start)
		r.clock.advance(time.Minute)
		r.same("after nothing new", len(r.fetches(1)), 0)
		r.clock.advance(59 * time.Minute)
		f = r.fetch()
		r.same("since", f.Changed, start)
	}},
}

var healthChecks = []check{
	{"ScoreIsAShare", func(r *rig) {
		r.sync(source("a"))
		down := opinion.NewRetry("fetch.connect", nil, "a.example")
		for i := range 4 {
			o := store.Outcome{Next: r.clock.now().Add(time.Second), Links: []store.Link{page(0)}}
			if i%2 == 1 {
				o = store.Outcome{Fault: down, Next: o.Next}
			}
			r.ok(r.s.FinishFetch(r.ctx(), r.fetch(), o))
			if p := r.fetches(1); len(p) == 1 { // the page
				r.ok(r.s.FinishFetch(r.ctx(), p[0], store.Outcome{}))
			}
			r.clock.advance(2 * time.Second)
		}
		if got := r.state("a").Score; got < 0.3 || got > 0.6 {
			r.Errorf("score after every other visit failed = %.2f, want about half", got)
		}
	}},
	{"OneCommitIsLikeMany", func(r *rig) {
		down := opinion.NewRetry("fetch.connect", nil, "x")
		outcomes := []store.Outcome{
			{Changed: true, Read: 3, Future: 1}, {Fault: down}, {Fault: opinion.NewFault("read.is_login", nil)}, {Changed: true, Read: 2}, {Fault: down},
		}
		states := map[string]store.SourceState{}
		for _, name := range []string{"together", "apart"} {
			r.sync(source(name))
			var links []store.Link
			for i := range outcomes {
				links = append(links, store.Link{URL: fmt.Sprintf("https://%s%d.example/", name, i), Role: store.PageRole})
			}
			r.visit(store.Outcome{Fault: down, Links: links})
			r.clock.advance(time.Second)
			var all []store.Finished
			for i, f := range r.fetches(9) {
				all = append(all, store.Finished{Fetch: f, Outcome: outcomes[i]})
			}
			r.same("leased", len(all), len(outcomes))
			if name == "apart" {
				for _, one := range all {
					r.ok(r.s.FinishFetches(r.ctx(), []store.Finished{one}))
				}
			} else {
				r.ok(r.s.FinishFetches(r.ctx(), all))
			}
			states[name] = r.state(name)
		}
		for _, s := range states {
			r.same("failures and done", []any{s.Failures, s.FirstDone.IsZero()}, []any{1, false})
		}
		a, b := states["together"], states["apart"]
		for _, d := range []float64{a.Score - b.Score, a.Login - b.Login, a.Future - b.Future} {
			if math.Abs(d) > 1e-12 || a.Score == 0 || a.Login == 0 || a.Future == 0 {
				r.Errorf("in one commit %.3f %.3f %.3f, one by one %.3f %.3f %.3f", a.Score, a.Login, a.Future, b.Score, b.Login, b.Future)
			}
		}
	}},
	{"PagesCountLess", func(r *rig) {
		r.entered(page(1))
		r.visit(store.Outcome{Fault: opinion.NewFault("fetch.gone", nil, "404")})
		if got := r.state("a").Score; got <= 0 || got > 0.05 {
			r.Errorf("score after one missing page = %.3f, want little", got)
		}
	}},
	{"LoginAndFuture", func(r *rig) {
		r.entered(page(1), page(2))
		r.visit(store.Outcome{Fault: opinion.NewFault("read.is_login", nil)})
		r.visit(store.Outcome{Changed: true, Read: 2, Future: 1})
		a := r.state("a")
		if a.Login <= 0 || a.Future <= 0 {
			r.Errorf("login %.3f, future %.3f, want both above 0", a.Login, a.Future)
		}
	}},
	{"EmptyCountsInARow", func(r *rig) {
		r.sync(source("a"))
		visit := func(o store.Outcome) int {
			r.Helper()
			o.Next = r.clock.now().Add(time.Second)
			r.ok(r.s.FinishFetch(r.ctx(), r.fetch(), o))
			r.clock.advance(2 * time.Second)
			return r.state("a").Empty
		}
		r.same("nothing", visit(store.Outcome{Changed: true}), 1)
		r.same("nothing again", visit(store.Outcome{Fault: opinion.NewFault("read.list_none", nil)}), 2)
		r.same("unchanged says nothing", visit(store.Outcome{NotModified: true}), 2)
		r.same("no answer says nothing", visit(store.Outcome{Fault: opinion.NewRetry("fetch.connect", nil, "a")}), 2)
		r.same("something", visit(store.Outcome{Changed: true, Read: 1}), 0)
	}},
	{"VolumeByHour", func(r *rig) {
		r.sync(source("a"))
		for range 3 { // the first pass, then two hours
			next := r.clock.now().Add(time.Hour)
			r.ok(r.s.FinishFetch(r.ctx(), r.fetch(), store.Outcome{Changed: true, Posts: 4, Read: 4, Next: next}))
			r.clock.advance(time.Hour)
		}
		hour := start.Truncate(time.Hour)
		got := get[[]store.Hour](r)(r.s.Volume(r.ctx(), "a", start))
		r.same("volume", got, []store.Hour{{Start: hour.Add(time.Hour), Posts: 4}, {Start: hour.Add(2 * time.Hour), Posts: 4}})
		r.same("later", len(get[[]store.Hour](r)(r.s.Volume(r.ctx(), "a", start.Add(2*time.Hour)))), 1)
	}},
	{"AilmentsAreKept", func(r *rig) {
		r.sync(source("a"))
		all := []store.Ailment{{Code: "health.quiet", Args: []string{"9", "12"}, Since: start}}
		r.ok(r.s.SetAilments(r.ctx(), "a", all))
		r.same("ailments", r.state("a").Ailments, all)
		r.ok(r.s.SetAilments(r.ctx(), "a", nil))
		r.same("well", len(r.state("a").Ailments), 0)
		r.is(r.s.SetAilments(r.ctx(), "nobody", all), opinion.ErrNotFound)
	}},
	{"Lively", func(r *rig) {
		p := r.post(1)
		r.take(nil, p)
		r.same("before", get[[]string](r)(r.s.Lively(r.ctx(), start.Add(-time.Hour))), []string(nil))
		a := opinion.Alert{Incident: p.ID, Title: "x", Level: opinion.Notice}
		got, _, err := r.s.Raise(r.ctx(), a, nil)
		r.ok(err)
		r.same("alerted", get[[]string](r)(r.s.Lively(r.ctx(), start.Add(-time.Hour))), []string{p.Source})
		r.ok(r.s.Act(r.ctx(), got.Number, "closed", "lin", ""))
		r.same("closed", get[[]string](r)(r.s.Lively(r.ctx(), start.Add(-time.Hour))), []string(nil))
	}},
}
