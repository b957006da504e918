package storetest

import (
	"errors"
	"time"

	"minsheng/opinion"
	"minsheng/store"
)

// state reads one source's state.
func (r *rig) state(name string) store.SourceState {
	r.Helper()
	for _, v := range get[[]store.SourceState](r)(r.s.Sources(r.ctx())) {
		if v.Name == name {
			return v
		}
	}
	r.Fatalf("no source %s", name)
	return store.SourceState{}
}

// sync makes the sources those given.
func (r *rig) sync(sources ...opinion.Source) {
	r.Helper()
	r.ok(r.s.SyncSources(r.ctx(), sources))
}

func (r *rig) catchUp() store.CatchUp {
	r.Helper()
	return get[store.CatchUp](r)(r.s.CatchingUp(r.ctx()))
}

var sourceChecks = []check{
	{"RoundTrip", func(r *rig) {
		a := source("a")
		zone, err := time.LoadLocation("Asia/Shanghai")
		r.ok(err)
		a.Zone = zone
		r.sync(source("b"), a)
		all := get[[]store.SourceState](r)(r.s.Sources(r.ctx()))
		if len(all) != 2 || all[0].Name != "a" || all[1].Name != "b" {
			r.Fatalf("sources = %+v, want a and b by name", all)
		}
		got := all[0].Source
		if got.Zone == nil || got.Zone.String() != "Asia/Shanghai" {
			r.Errorf("zone = %v, want Asia/Shanghai", got.Zone)
		}
		got.Zone, a.Zone = nil, nil
		r.same("source", got, a)
		r.same("state", []any{all[0].Active, all[0].Pending, all[0].FirstDone.IsZero()}, []any{true, 1, true})
	}},
	{"ChangesTakeEffect", func(r *rig) {
		r.entered(page(1), page(2))
		a := source("a")
		a.Rate, a.Every = time.Minute, time.Hour
		r.sync(a)
		r.same("every", r.state("a").Every, time.Hour)
		r.fetch()
		r.clock.advance(59 * time.Second)
		if more := r.fetches(1); len(more) != 0 && more[0].URL == page(2).URL {
			r.Error("the new Rate does not hold")
		}
	}},
	{"SyncTwiceAsksOnce", func(r *rig) {
		r.entered()
		r.sync(source("a"))
		if more := r.fetches(1); len(more) != 0 {
			r.Errorf("a second sync made %v due", urls(more))
		}
	}},
	{"NewAddressIsNewEntry", func(r *rig) {
		r.entered(page(1))
		a := source("a")
		a.URL = "https://a2.example/feed"
		r.sync(a)
		r.clock.advance(time.Hour)
		for _, f := range r.fetches(5) {
			if f.URL != a.URL && f.URL != page(1).URL {
				r.Errorf("leased %s", f.URL)
			}
			if f.URL == a.URL && (!f.First || f.Role != store.EntryRole) {
				r.Errorf("new entry = %+v, want a first pass", f)
			}
		}
		r.same("first pass open again", r.catchUp().Sources, []string{"a"})
	}},
	{"VanishedStops", func(r *rig) {
		r.entered(page(1))
		r.sync(source("b"))
		r.clock.advance(time.Hour)
		r.same("leased", urls(r.fetches(5)), []string{"https://b.example/feed"})
		a := r.state("a")
		r.same("record", []any{a.Active, a.Tried}, []any{false, start})
		r.same("catching up", r.catchUp().Sources, []string{"b"})
		r.sync(source("a"), source("b"))
		if back := r.fetches(5); len(back) != 1 {
			r.Errorf("leased %v after it came back, want one address", urls(back))
		}
	}},
	{"Refused", func(r *rig) {
		twice := source("b")
		twice.URL = source("a").URL
		r.is(r.s.SyncSources(r.ctx(), []opinion.Source{source("a"), source("a")}), opinion.ErrInvalid)
		r.is(r.s.SyncSources(r.ctx(), []opinion.Source{source("a"), twice}), opinion.ErrInvalid)
		r.is(r.s.SyncSources(r.ctx(), []opinion.Source{{}}), opinion.ErrInvalid)
	}},
	{"Push", func(r *rig) {
		push := opinion.Source{Name: "push", Form: opinion.PushForm, Class: opinion.SocialNet}
		r.sync(push)
		if more := r.fetches(5); len(more) != 0 {
			r.Errorf("leased %v of a source without address", urls(more))
		}
		r.same("catching up", r.catchUp(), store.CatchUp{})
		r.same("first pass", r.state("push").FirstDone, start)
	}},
	{"MarksMove", func(r *rig) {
		r.sync(source("a"))
		f := r.fetch()
		r.clock.advance(time.Second)
		fault := &opinion.Fault{Code: "fetch.failed", Args: []string{"x"}, Err: errors.New("refused"), Retry: true, After: time.Minute}
		r.ok(r.s.FinishFetch(r.ctx(), f, store.Outcome{Fault: fault, Next: start.Add(time.Minute)}))
		a := r.state("a")
		r.same("after a fault", []any{a.Tried, a.OK, a.Failures, a.FaultURL, a.FaultAt, a.Fault.Error(), a.Fault.Retry, a.Fault.After},
			[]any{start.Add(time.Second), time.Time{}, 1, f.URL, start.Add(time.Second), fault.Error(), true, time.Minute})
		r.clock.advance(time.Minute)
		r.ok(r.s.FinishFetch(r.ctx(), r.fetch(), store.Outcome{Changed: true, Posts: 3, Next: start.Add(time.Hour)}))
		now := r.clock.now()
		a = r.state("a")
		r.same("after a success", []any{a.Tried, a.OK, a.NewPost, a.Posts, a.Failures, a.FaultAt, a.Fault != nil, a.Pending},
			[]any{now, now, now, 3, 0, start.Add(time.Second), true, 0})
	}},
	{"PauseAndResume", func(r *rig) {
		r.entered(page(1))
		r.ok(r.s.SetPaused(r.ctx(), "a", true, "lin"))
		r.audited("paused", "lin", "a")
		r.same("paused", r.state("a").Paused, true)
		r.clock.advance(time.Hour)
		if more := r.fetches(5); len(more) != 0 {
			r.Errorf("leased %v of a paused source", urls(more))
		}
		r.same("catching up", r.catchUp().Sources, []string(nil))
		r.sync(source("a")) // a restart does not wake it
		r.same("paused after a sync", r.state("a").Paused, true)
		r.ok(r.s.SetPaused(r.ctx(), "a", false, "lin"))
		r.audited("resumed", "lin", "a")
		r.same("leased", len(r.fetches(5)), 1)
		r.is(r.s.SetPaused(r.ctx(), "nobody", true, "lin"), opinion.ErrNotFound)
	}},
	{"FilePauses", func(r *rig) {
		a := source("a")
		r.sync(a)
		a.Paused = true
		r.sync(a)
		if more := r.fetches(5); len(more) != 0 {
			r.Errorf("leased %v although the file pauses it", urls(more))
		}
		a.Paused = false
		r.sync(a)
		r.fetch()
	}},
	{"LinksOfPausedWait", func(r *rig) {
		r.sync(source("a"))
		f := r.fetch()
		r.ok(r.s.SetPaused(r.ctx(), "a", true, "lin"))
		r.ok(r.s.FinishFetch(r.ctx(), f, store.Outcome{Changed: true, Links: []store.Link{page(1)}}))
		r.clock.advance(time.Hour)
		if more := r.fetches(5); len(more) != 0 {
			r.Errorf("leased %v of a paused source", urls(more))
		}
	}},
	{"AskNow", func(r *rig) {
		r.entered()
		r.ok(r.s.AskNow(r.ctx(), "a", "lin"))
		r.audited("asked", "lin", "a")
		f := r.fetch()
		r.ok(r.s.AskNow(r.ctx(), "a", "lin")) // while it is being asked
		r.clock.advance(time.Second)
		if more := r.fetches(1); len(more) != 0 {
			r.Fatalf("leased what is leased: %v", urls(more))
		}
		r.ok(r.s.FinishFetch(r.ctx(), f, store.Outcome{Next: start.Add(time.Hour)}))
		r.fetch()
		r.is(r.s.AskNow(r.ctx(), "nobody", "lin"), opinion.ErrNotFound)
	}},
	{"FirstPass", func(r *rig) {
		r.sync(source("a"))
		r.same("at first", r.catchUp(), store.CatchUp{Sources: []string{"a"}, Pages: 1})
		r.ok(r.s.FinishFetch(r.ctx(), r.fetch(), store.Outcome{Changed: true, Links: []store.Link{page(1), page(2)}, Next: start.Add(time.Hour)}))
		r.same("with links", r.catchUp(), store.CatchUp{Sources: []string{"a"}, Pages: 2})
		r.clock.advance(time.Second)
		r.ok(r.s.FinishFetch(r.ctx(), r.fetch(), store.Outcome{Changed: true}))
		r.same("one left", r.catchUp().Pages, 1)
		r.clock.advance(time.Second)
		r.ok(r.s.FinishFetch(r.ctx(), r.fetch(), store.Outcome{Fault: opinion.NewFault("fetch.failed", nil)})) // dead ones end it too
		r.same("done", r.catchUp(), store.CatchUp{})
		r.same("since", r.state("a").FirstDone, r.clock.now())
		r.clock.advance(time.Hour)
		f := r.fetch()
		r.ok(r.s.FinishFetch(r.ctx(), f, store.Outcome{Changed: true, Links: []store.Link{page(3)}}))
		r.same("new links later", r.catchUp(), store.CatchUp{})
		r.sound()
	}},
	{"FirstPassOfTheSilent", func(r *rig) {
		r.sync(source("a"))
		for range 3 {
			r.ok(r.s.FinishFetch(r.ctx(), r.fetch(), store.Outcome{Fault: opinion.NewRetry("fetch.failed", nil), Next: r.clock.now().Add(time.Minute)}))
			r.clock.advance(time.Minute)
		}
		r.same("the rest waits no longer", r.catchUp(), store.CatchUp{})
		r.ok(r.s.FinishFetch(r.ctx(), r.fetch(), store.Outcome{Changed: true, Links: []store.Link{page(1)}}))
		r.same("it answers after all", r.catchUp(), store.CatchUp{Sources: []string{"a"}, Pages: 1})
		r.sound()
	}},
	{"PastPosts", func(r *rig) {
		old := r.post(1)
		old.Published = start.Add(-3*time.Hour - time.Second)
		r.accept(old, r.post(2))
		r.same("past", r.catchUp(), store.CatchUp{Posts: 1})
	}},
}
