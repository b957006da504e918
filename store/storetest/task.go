package storetest

import (
	"time"

	"minsheng/opinion"
	"minsheng/store"
)

// queueOf is the state of one kind's queue.
func (r *rig) queueOf(kind store.TaskKind) store.Queue {
	r.Helper()
	for _, q := range get[[]store.Queue](r)(r.s.Queues(r.ctx())) {
		if q.Kind == kind {
			return q
		}
	}
	r.Fatalf("no queue of %s", kind)
	return store.Queue{}
}

func refs(tasks []store.Task) []string {
	all := make([]string, len(tasks))
	for i, t := range tasks {
		all[i] = t.Ref
	}
	return all
}

var taskChecks = []check{
	{"LeaseExpires", func(r *rig) {
		p := r.post(1)
		r.accept(p)
		first := r.one(store.Analyse)
		r.same("task", []any{first.Kind, first.Ref, first.Attempts, first.Queued}, []any{store.Analyse, p.ID, 0, start})
		r.clock.advance(59 * time.Second)
		r.same("within hold", len(r.lease(store.Analyse)), 0)
		r.clock.advance(time.Second)
		second := r.one(store.Analyse) // the first worker went silent; another takes over
		r.is(r.s.Done(r.ctx(), first), opinion.ErrLeaseLost)
		r.is(r.s.Later(r.ctx(), first, start, "", false), opinion.ErrLeaseLost)
		j := judgement(p)
		j.Task = first
		r.is(r.s.Judge(r.ctx(), []store.Judgement{j}), opinion.ErrLeaseLost)
		r.same("judged by the late one", r.stored(p.ID).Verdict.PostID, "")
		j.Task = second
		r.ok(r.s.Judge(r.ctx(), []store.Judgement{j}))
	}},
	{"LateButFirst", func(r *rig) {
		r.take(nil, r.post(1))
		t := r.one(store.Index)
		r.clock.advance(time.Hour)
		r.ok(r.s.Done(r.ctx(), t)) // nobody else took it
		r.same("left", r.queueOf(store.Index).Length, 0)
	}},
	{"DoneTwice", func(r *rig) {
		r.take(nil, r.post(1))
		t := r.one(store.Index)
		r.ok(r.s.Done(r.ctx(), t))
		r.ok(r.s.Done(r.ctx(), t))
		r.ok(r.s.Done(r.ctx()))
	}},
	{"DoneNamesTheLost", func(r *rig) {
		r.take(nil, r.post(1), r.post(2))
		first := get[[]store.Task](r)(r.s.Lease(r.ctx(), store.Index, 1, time.Second))
		r.clock.advance(time.Second)
		both := r.lease(store.Index)
		var other store.Task
		for _, t := range both {
			if t.ID != first[0].ID {
				other = t
			}
		}
		r.is(r.s.Done(r.ctx(), first[0], other), opinion.ErrLeaseLost)
		r.same("the rest is done", r.queueOf(store.Index).Length, 1)
	}},
	{"FreshFirst", func(r *rig) {
		past, edge, fresh := r.post(1), r.post(2), r.post(3)
		past.Published = start.Add(-4 * time.Hour)
		edge.Published = start.Add(-3 * time.Hour)
		r.accept(past)
		r.clock.advance(time.Millisecond)
		r.accept(fresh)
		r.same("order", refs(r.lease(store.Analyse)), []string{fresh.ID, past.ID})
		r.accept(edge) // by now a moment too old
		r.same("past posts", r.catchUp().Posts, 2)
	}},
	{"InOrder", func(r *rig) {
		var want []string
		for i := range 5 {
			p := r.post(i)
			r.accept(p)
			r.clock.advance(time.Millisecond)
			want = append(want, p.ID)
		}
		got := refs(get[[]store.Task](r)(r.s.Lease(r.ctx(), store.Analyse, 3, time.Minute)))
		r.same("first", got, want[:3])
		r.same("rest", refs(r.lease(store.Analyse)), want[3:])
	}},
	{"Later", func(r *rig) {
		r.accept(r.post(1))
		t := r.one(store.Analyse)
		due := start.Add(time.Minute)
		r.ok(r.s.Later(r.ctx(), t, due, "the dictionary loads", false))
		r.same("next", get[time.Time](r)(r.s.NextTask(r.ctx(), store.Analyse)), due)
		r.same("early", len(r.lease(store.Analyse)), 0)
		r.clock.advance(time.Minute)
		t = r.one(store.Analyse)
		r.same("attempts", t.Attempts, 0)
		r.ok(r.s.Later(r.ctx(), t, r.clock.now(), "it failed", true))
		t = r.one(store.Analyse)
		r.same("attempts", t.Attempts, 1)
		r.same("queued", t.Queued, start)
	}},
	{"QueuedAgainIsEarlier", func(r *rig) {
		p := r.post(1)
		r.accept(p)
		r.ok(r.s.Later(r.ctx(), r.one(store.Analyse), start.Add(time.Hour), "", true))
		p.Text += "再说一次。"
		r.accept(p)
		r.one(store.Analyse)
	}},
	{"QueuedAgainWhileLeased", func(r *rig) {
		r.take(nil, r.post(1))
		t := r.one(store.Index)
		r.same("queued", get[int](r)(r.s.Reindex(r.ctx())), 1)
		r.same("leased twice", len(r.lease(store.Index)), 0)
		r.ok(r.s.Done(r.ctx(), t))
		r.ok(r.s.Done(r.ctx(), r.one(store.Index)))
		r.same("left", r.queueOf(store.Index).Length, 0)
	}},
	{"QueuedAgainPutOff", func(r *rig) {
		r.take(nil, r.post(1))
		t := r.one(store.Index)
		get[int](r)(r.s.Reindex(r.ctx()))
		r.ok(r.s.Later(r.ctx(), t, start.Add(time.Hour), "", false))
		r.one(store.Index)
	}},
	{"Queues", func(r *rig) {
		all := get[[]store.Queue](r)(r.s.Queues(r.ctx()))
		r.same("empty", all, []store.Queue{{Kind: store.Analyse}, {Kind: store.Index}, {Kind: store.Look}, {Kind: store.Notify}})
		r.accept(r.post(1))
		r.clock.advance(time.Second)
		r.accept(r.post(2))
		r.same("waiting", r.queueOf(store.Analyse), store.Queue{Kind: store.Analyse, Length: 2, Oldest: start})
		r.lease(store.Analyse)
		r.same("leased", r.queueOf(store.Analyse), store.Queue{Kind: store.Analyse, Length: 2})
		r.same("nothing due", get[time.Time](r)(r.s.NextTask(r.ctx(), store.Notify)), time.Time{})
	}},
	{"Reanalyse", func(r *rig) {
		var posts []opinion.Post
		for i := range 3 {
			p := r.post(i)
			p.Published = start.Add(time.Duration(i)*time.Minute - 24*time.Hour)
			posts = append(posts, p)
		}
		r.take(func(i int, j *store.Judgement) {
			if i == 1 {
				j.Verdict.Version = "v2"
			}
		}, posts...)
		r.same("queued", get[int](r)(r.s.Reanalyse(r.ctx(), "v2")), 2)
		r.same("newest first", refs(r.lease(store.Analyse)), []string{posts[2].ID, posts[0].ID})
	}},
	{"Reindex", func(r *rig) {
		r.take(nil, r.post(1), r.post(2))
		r.ok(r.s.Done(r.ctx(), r.lease(store.Index)...))
		r.accept(r.post(3)) // not judged: it comes to the index by itself
		r.same("queued", get[int](r)(r.s.Reindex(r.ctx())), 2)
		r.same("leased", len(r.lease(store.Index)), 2)
	}},
}
