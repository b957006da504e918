package storetest

import (
	"time"

	"minsheng/opinion"
	"minsheng/store"
)

// two takes in two incidents: posts 1 to 3, the third a copy of the second, and,
// a minute younger, posts 4 and 5, the fifth a reply to the fourth.
func (r *rig) two() (a, b string, p []opinion.Post) {
	r.Helper()
	for i := range 5 {
		p = append(p, r.post(i+1))
		if i >= 3 {
			p[i].Published = p[i].Published.Add(time.Minute)
		}
	}
	p[4].Thread = p[3].ID
	r.take(func(i int, j *store.Judgement) {
		j.Incident = p[0].ID
		if i >= 3 {
			j.Incident = p[3].ID
		}
		if i == 2 {
			j.Near = p[1].ID
		}
	}, p...)
	r.ok(r.s.Done(r.ctx(), r.lease(store.Index)...))
	return p[0].ID, p[3].ID, p
}

// homes are the incidents of posts.
func (r *rig) homes(p []opinion.Post) []string {
	r.Helper()
	homes := make([]string, len(p))
	for i := range p {
		homes[i] = r.stored(p[i].ID).Incident
	}
	return homes
}

func (r *rig) incident(id string) opinion.Incident {
	r.Helper()
	return get[opinion.Incident](r)(r.s.Incident(r.ctx(), id))
}

func (r *rig) merge(into, from string) string {
	r.Helper()
	return get[string](r)(r.s.MergeIncidents(r.ctx(), into, from, "lin"))
}

func (r *rig) move(to string, n int, posts ...string) string {
	r.Helper()
	incident, moved, err := r.s.MovePosts(r.ctx(), posts, to, "lin")
	r.ok(err)
	r.same("posts that went", moved, n)
	return incident
}

var regroupChecks = []check{
	{"MergeKeepsTheOlder", func(r *rig) {
		a, b, p := r.two()
		r.same("kept", r.merge(b, a), a) // whichever way round it is asked
		r.audited("merged", "lin", b)
		r.same("homes", r.homes(p), []string{a, a, a, a, a})
		got := r.incident(b) // the name of the one that is gone leads to it
		r.same("incident", []any{got.ID, got.Posts, got.Negatives, got.First, got.Last}, []any{a, 5, 5, p[0].Published, p[3].Published})
		r.same("for the index", len(r.lease(store.Index)), 2)
		_, err := r.s.MergeIncidents(r.ctx(), a, b, "lin")
		r.is(err, opinion.ErrConflict)
		_, err = r.s.MergeIncidents(r.ctx(), a, "nothing", "lin")
		r.is(err, opinion.ErrNotFound)
		r.sound()
	}},
	{"MergedStaysOne", func(r *rig) {
		a, b, p := r.two()
		r.merge(a, b)
		later := r.post(6)
		r.take(func(_ int, j *store.Judgement) { j.Incident = b }, later) // by one that has not heard of it
		r.same("later post", r.stored(later.ID).Incident, a)
		get[int](r)(r.s.Reanalyse(r.ctx(), "v2"))
		r.judge(func(i int, j *store.Judgement) { j.Verdict.Version, j.Incident = "v2", p[3].ID }, p...)
		r.same("judged again", r.homes(p), []string{a, a, a, a, a})
		r.sound()
	}},
	{"MergeOfMerged", func(r *rig) {
		a, b, p := r.two()
		c := r.post(6)
		c.Published = c.Published.Add(-time.Hour)
		r.take(nil, c)
		r.merge(a, b)
		r.same("kept", r.merge(b, c.ID), c.ID)
		r.same("homes", r.homes(p), []string{c.ID, c.ID, c.ID, c.ID, c.ID})
		r.same("first name", r.incident(b).ID, c.ID)
		r.same("second name", r.incident(a).ID, c.ID)
		said := get[[]store.Regrouping](r)(r.s.Regroupings(r.ctx(), 0))
		r.same("said", said, []store.Regrouping{{Seq: 1, From: b, Incident: c.ID}, {Seq: 2, From: a, Incident: c.ID}})
		r.sound()
	}},
	{"MergeTakesTheAlertsAlong", func(r *rig) {
		a, b, _ := r.two()
		_, raised, err := r.s.Raise(r.ctx(), alert(a), nil)
		r.ok(err)
		r.same("first", raised, true)
		r.clock.advance(time.Hour)
		second, raised, err := r.s.Raise(r.ctx(), alert(b), nil)
		r.ok(err)
		r.same("second", raised, true)
		r.merge(a, b)
		r.clock.advance(time.Hour)
		for _, name := range []string{a, b} {
			again, raised, err := r.s.Raise(r.ctx(), alert(name), nil)
			r.ok(err)
			r.same("one that goes on", []any{raised, again.Number, again.Incident}, []any{false, second.Number, a})
		}
		r.clock.advance(opinion.EpisodeGap)
		third, raised, err := r.s.Raise(r.ctx(), alert(b), nil)
		r.ok(err)
		r.same("a new episode", []any{raised, third.Number, third.Incident}, []any{true, int64(3), a})
	}},
	{"MoveTakesCopiesAlong", func(r *rig) {
		a, _, p := r.two()
		own := r.move("", 2, p[2].ID)
		r.audited("moved", "lin", p[2].ID)
		r.same("homes", r.homes(p)[:3], []string{a, own, own})
		r.same("left", r.incident(a).Posts, 1)
		got := r.incident(own)
		r.same("new", []any{got.Title, got.Posts, got.Negatives, got.First}, []any{p[2].Title, 2, 2, p[2].Published})
		r.same("for the index", len(r.lease(store.Index)), 2)
		r.sound()
	}},
	{"MoveTakesRepliesAlong", func(r *rig) {
		a, b, p := r.two()
		r.merge(a, b)
		own := r.move("", 2, p[3].ID)
		r.same("homes", r.homes(p), []string{a, a, a, own, own})
		r.same("span", r.incident(a).Last, p[0].Published)
		r.sound()
	}},
	{"MovedDoesNotComeBack", func(r *rig) {
		a, _, p := r.two()
		own := r.move("", 2, p[1].ID)
		get[int](r)(r.s.Reanalyse(r.ctx(), "v2"))
		r.judge(func(i int, j *store.Judgement) { j.Verdict.Version, j.Incident = "v2", p[0].ID }, p...)
		r.same("homes", r.homes(p), []string{a, own, own, a, a})
		r.same("said", get[[]store.Regrouping](r)(r.s.Regroupings(r.ctx(), 0))[0].Incident, own)
		r.same("said later", len(get[[]store.Regrouping](r)(r.s.Regroupings(r.ctx(), 1))), 0)
		r.sound()
	}},
	{"MoveToAnother", func(r *rig) {
		a, b, p := r.two()
		r.same("incident", r.move(b, 1, p[0].ID), b)
		r.same("homes", r.homes(p), []string{b, a, a, b, b})
		r.same("span", r.incident(b).First, p[0].Published)
		_, _, err := r.s.MovePosts(r.ctx(), []string{p[0].ID}, b, "lin")
		r.is(err, opinion.ErrConflict)
		_, _, err = r.s.MovePosts(r.ctx(), []string{p[1].ID}, "", "lin") // all that is left
		r.is(err, opinion.ErrConflict)
		r.same("all that is left", r.move(b, 2, p[1].ID), b)
		r.same("its name", r.incident(a).ID, b)
		r.sound()
	}},
	{"MoveRefuses", func(r *rig) {
		_, b, p := r.two()
		for what, err := range map[error]func() error{
			opinion.ErrNotFound: func() error { _, _, err := r.s.MovePosts(r.ctx(), []string{"nothing"}, b, "lin"); return err },
			opinion.ErrInvalid:  func() error { _, _, err := r.s.MovePosts(r.ctx(), []string{p[0].ID}, b, " "); return err },
		} {
			r.is(err(), what)
		}
		_, _, err := r.s.MovePosts(r.ctx(), []string{p[0].ID}, "nothing", "lin")
		r.is(err, opinion.ErrNotFound)
		_, _, err = r.s.MovePosts(r.ctx(), []string{p[0].ID, p[3].ID}, "", "lin")
		r.is(err, opinion.ErrInvalid)
	}},
	{"DeletedIsForgotten", func(r *rig) {
		_, _, p := r.two()
		r.move("", 1, p[0].ID)
		r.ok(r.s.DeletePost(r.ctx(), p[0].ID, "lin", "asked"))
		r.same("said", len(get[[]store.Regrouping](r)(r.s.Regroupings(r.ctx(), 0))), 0)
		r.sound()
	}},
	{"Recent", func(r *rig) {
		a, b, _ := r.two()
		r.take(nil, r.post(6))
		var ids []string
		for _, i := range get[[]opinion.Incident](r)(r.s.RecentIncidents(r.ctx(), 2, 10)) {
			ids = append(ids, i.ID)
		}
		r.same("incidents", ids, []string{b, a})
		r.same("bounded", len(get[[]opinion.Incident](r)(r.s.RecentIncidents(r.ctx(), 1, 2))), 2)
	}},
}
