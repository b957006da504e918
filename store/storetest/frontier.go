package storetest

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"minsheng/opinion"
	"minsheng/store"
)

// source is a source with an address on a host of its own.
func source(name string) opinion.Source {
	return opinion.Source{
		Name: name, URL: "https://" + name + ".example/feed", Form: opinion.FeedForm, Class: opinion.Media,
		Zone: time.UTC, Every: 10 * time.Minute, Rate: time.Second, Select: "a.title", KeepAll: true, AllowPrivate: true,
	}
}

func (r *rig) fetches(n int) []store.Fetch {
	r.Helper()
	return get[[]store.Fetch](r)(r.s.LeaseFetches(r.ctx(), n, time.Minute))
}

// fetch leases the only due address.
func (r *rig) fetch() store.Fetch {
	r.Helper()
	all := r.fetches(10)
	if len(all) != 1 {
		r.Fatalf("leased %d addresses, want 1: %+v", len(all), all)
	}
	return all[0]
}

func urls(fetches []store.Fetch) []string {
	all := make([]string, len(fetches))
	for i, f := range fetches {
		all[i] = f.URL
	}
	return all
}

func page(i int) store.Link {
	return store.Link{URL: fmt.Sprintf("https://a.example/page/%d", i), Role: store.PageRole}
}

// entered syncs source a and finishes its entry with the given links.
func (r *rig) entered(links ...store.Link) {
	r.Helper()
	r.ok(r.s.SyncSources(r.ctx(), []opinion.Source{source("a")}))
	r.ok(r.s.FinishFetch(r.ctx(), r.fetch(), store.Outcome{Changed: true, Links: links, Next: r.clock.now().Add(10 * time.Minute)}))
	r.clock.advance(time.Second)
}

var frontierChecks = []check{
	{"NewEntryIsDue", func(r *rig) {
		r.ok(r.s.SyncSources(r.ctx(), []opinion.Source{source("a")}))
		f := r.fetch()
		f.ID, f.Token = 0, 0
		r.same("entry", f, store.Fetch{URL: "https://a.example/feed", Source: "a", Role: store.EntryRole, First: true})
	}},
	{"OneForEachHost", func(r *rig) {
		r.entered(page(1), page(2), store.Link{URL: "https://b.example/1", Role: store.PageRole}, store.Link{URL: "https://A.example/3", Role: store.PageRole})
		got := urls(r.fetches(10))
		slices.Sort(got)
		r.same("first round", got, []string{"https://a.example/page/1", "https://b.example/1"})
		if more := r.fetches(10); len(more) != 0 {
			r.Errorf("leased %v during the pause", urls(more))
		}
		r.clock.advance(time.Second) // the source's Rate
		r.same("second round", urls(r.fetches(10)), []string{"https://a.example/page/2"})
	}},
	{"HostsDelay", func(r *rig) {
		r.entered(page(1), page(2), page(3))
		f := r.fetch()
		r.ok(r.s.FinishFetch(r.ctx(), f, store.Outcome{Changed: true, Delay: 20 * time.Second}))
		r.clock.advance(19 * time.Second)
		if more := r.fetches(1); len(more) != 0 {
			r.Errorf("leased %v before the host's delay was over", urls(more))
		}
		r.clock.advance(time.Second)
		f = r.fetch()
		r.clock.advance(19 * time.Second)
		if more := r.fetches(1); len(more) != 0 {
			r.Errorf("leased %v although the delay stands", urls(more))
		}
		r.ok(r.s.FinishFetch(r.ctx(), f, store.Outcome{Changed: true})) // robots.txt asks for nothing any more
		r.clock.advance(time.Second)
		r.fetch()
		r.clock.advance(time.Second)
	}},
	{"Order", func(r *rig) {
		past := page(1)
		fresh := page(2)
		fresh.Published = start.Add(-time.Minute)
		list := store.Link{URL: "https://a.example/list/2", Role: store.IndexRole}
		r.entered(past, fresh, list)
		r.ok(r.s.AskNow(r.ctx(), "a", "lin"))
		var got []string
		for range 4 {
			got = append(got, r.fetch().URL)
			r.clock.advance(time.Second)
		}
		r.same("order", got, []string{"https://a.example/feed", fresh.URL, list.URL, past.URL})
	}},
	{"EntriesFirst", func(r *rig) {
		r.entered(page(1))
		r.ok(r.s.SyncSources(r.ctx(), []opinion.Source{source("a"), source("b"), source("c")}))
		got := urls(r.fetches(2))
		slices.Sort(got)
		r.same("two of three", got, []string{"https://b.example/feed", "https://c.example/feed"})
	}},
	{"LinkBecomesFetch", func(r *rig) {
		l := page(1)
		l.Published = start.Add(-48 * time.Hour)
		r.entered(l)
		f := r.fetch()
		f.ID, f.Token = 0, 0
		r.same("page", f, store.Fetch{URL: l.URL, Source: "a", Role: store.PageRole, Depth: 1, First: true, Published: l.Published})
	}},
	{"OutcomeIsKept", func(r *rig) {
		r.ok(r.s.SyncSources(r.ctx(), []opinion.Source{source("a")}))
		r.ok(r.s.FinishFetch(r.ctx(), r.fetch(), store.Outcome{Changed: true, ETag: `"1"`, LastModified: "Fri", Next: start.Add(time.Minute)}))
		if early := r.fetches(1); len(early) != 0 {
			r.Fatalf("leased before Next: %v", urls(early))
		}
		r.clock.advance(time.Minute)
		f := r.fetch()
		r.same("validators", []any{f.ETag, f.LastModified, f.First, f.Changed, f.FullAt}, []any{`"1"`, "Fri", false, start, start})
		r.ok(r.s.FinishFetch(r.ctx(), f, store.Outcome{NotModified: true, Next: start.Add(2 * time.Minute)}))
		r.clock.advance(time.Minute)
		f = r.fetch()
		r.same("after 304", []any{f.ETag, f.LastModified, f.Changed, f.FullAt}, []any{`"1"`, "Fri", start, start})
		r.ok(r.s.FinishFetch(r.ctx(), f, store.Outcome{Next: start.Add(3 * time.Minute)}))
		r.clock.advance(time.Minute)
		f = r.fetch()
		r.same("after the same content", []any{f.ETag, f.Changed, f.FullAt}, []any{"", start, start.Add(2 * time.Minute)})
	}},
	{"FailuresCount", func(r *rig) {
		r.entered(page(1))
		for want := range 3 {
			f := r.fetch()
			if f.Attempts != want {
				r.Errorf("attempts = %d, want %d", f.Attempts, want)
			}
			r.ok(r.s.FinishFetch(r.ctx(), f, store.Outcome{Fault: opinion.NewRetry("fetch.failed", errors.New("refused")), Next: r.clock.now().Add(time.Minute)}))
			r.clock.advance(time.Minute)
		}
		f := r.fetch()
		r.ok(r.s.FinishFetch(r.ctx(), f, store.Outcome{Fault: opinion.NewFault("fetch.failed", nil)})) // dead
		r.clock.advance(5 * time.Minute)
		if more := r.fetches(1); len(more) != 0 {
			r.Errorf("leased a dead address: %v", urls(more))
		}
	}},
	{"LeaseExpires", func(r *rig) {
		r.ok(r.s.SyncSources(r.ctx(), []opinion.Source{source("a")}))
		first := r.fetch()
		r.clock.advance(59 * time.Second)
		if more := r.fetches(1); len(more) != 0 {
			r.Fatalf("leased twice: %v", urls(more))
		}
		r.clock.advance(time.Second)
		second := r.fetch() // the first went silent
		r.is(r.s.FinishFetch(r.ctx(), first, store.Outcome{Links: []store.Link{page(9)}}), opinion.ErrLeaseLost)
		r.ok(r.s.FinishFetch(r.ctx(), second, store.Outcome{Changed: true}))
		r.clock.advance(time.Hour)
		if more := r.fetches(1); len(more) != 0 {
			r.Errorf("the late outcome left %v", urls(more))
		}
	}},
	{"LateButFirst", func(r *rig) {
		r.ok(r.s.SyncSources(r.ctx(), []opinion.Source{source("a")}))
		f := r.fetch()
		r.clock.advance(time.Hour)
		r.ok(r.s.FinishFetch(r.ctx(), f, store.Outcome{Changed: true})) // nobody else took it
	}},
	{"KnownLinksAreDropped", func(r *rig) {
		r.entered(page(1), page(1))
		r.ok(r.s.FinishFetch(r.ctx(), r.fetch(), store.Outcome{Changed: true, Links: []store.Link{page(1), {URL: "https://a.example/feed", Role: store.PageRole}}}))
		r.clock.advance(time.Minute)
		if more := r.fetches(5); len(more) != 0 {
			r.Errorf("leased again: %v", urls(more))
		}
	}},
	{"LaterTimeAsksAgain", func(r *rig) {
		r.entered(page(1))
		r.ok(r.s.FinishFetch(r.ctx(), r.fetch(), store.Outcome{Changed: true}))
		again := page(1)
		say := func(published time.Time) int {
			r.Helper()
			again.Published = published
			r.clock.advance(10 * time.Minute)
			r.ok(r.s.AskNow(r.ctx(), "a", "lin"))
			r.ok(r.s.FinishFetch(r.ctx(), r.fetch(), store.Outcome{Changed: true, Links: []store.Link{again}}))
			r.clock.advance(time.Second)
			pages := r.fetches(5)
			for _, f := range pages {
				r.ok(r.s.FinishFetch(r.ctx(), f, store.Outcome{}))
			}
			return len(pages)
		}
		r.same("an earlier time", say(start.Add(-time.Hour)), 0)
		later := start.Add(5 * time.Minute)
		r.same("a later time", say(later), 1)
		r.same("the same time again", say(later), 0)
	}},
	{"LaterTimeWhileLeased", func(r *rig) {
		r.entered(page(1))
		r.ok(r.s.FinishFetch(r.ctx(), r.fetch(), store.Outcome{Changed: true, Next: start.Add(2 * time.Minute)}))
		r.clock.advance(3 * time.Minute)
		f := r.fetch()
		r.clock.advance(time.Second)
		r.ok(r.s.AskNow(r.ctx(), "a", "lin"))
		again := page(1)
		again.Published = r.clock.now()
		r.ok(r.s.FinishFetch(r.ctx(), r.fetch(), store.Outcome{Links: []store.Link{again}}))
		r.clock.advance(time.Second)
		if more := r.fetches(1); len(more) != 0 {
			r.Errorf("leased what is leased: %v", urls(more))
		}
		r.ok(r.s.FinishFetch(r.ctx(), f, store.Outcome{}))
		r.same("asked again", urls(r.fetches(5)), []string{page(1).URL})
	}},
	{"NextFetch", func(r *rig) {
		r.same("empty", get[time.Time](r)(r.s.NextFetch(r.ctx())), time.Time{})
		r.entered(page(1), page(2))
		r.fetch() // page 1, at start + 1 s
		r.same("host's pause", get[time.Time](r)(r.s.NextFetch(r.ctx())), start.Add(2*time.Second))
		r.clock.advance(time.Second)
		r.fetch()
		r.same("end of the first lease", get[time.Time](r)(r.s.NextFetch(r.ctx())), start.Add(61*time.Second))
	}},
}
