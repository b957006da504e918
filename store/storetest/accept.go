package storetest

import (
	"time"

	"minsheng/opinion"
	"minsheng/store"
)

// again accepts posts and says how many changed anything.
func (r *rig) again(posts ...opinion.Post) int {
	r.Helper()
	return get[int](r)(r.s.Accept(r.ctx(), posts))
}

var acceptChecks = []check{
	{"RoundTrip", func(r *rig) {
		p := r.post(1)
		p.Thread, p.Outlet = "thread", "柳川日报"
		r.accept(p)
		got := r.stored(p.ID)
		r.same("post", got.Post, p)
		r.same("verdict", got.Verdict, opinion.Verdict{})
		r.same("place", got.Incident+got.Near, "")
	}},
	{"Twice", func(r *rig) {
		r.accept(r.post(1))
		r.same("changed", r.again(r.post(1), r.post(1)), 0)
		r.same("tasks", r.queueOf(store.Analyse).Length, 1)
		r.same("in one batch", r.again(r.post(2), r.post(2)), 1)
		r.same("none", r.again(), 0)
	}},
	{"SameTextElsewise", func(r *rig) {
		r.take(nil, r.post(1))
		p := r.post(1)
		p.Fetched, p.Voice, p.Flags = start.Add(time.Hour), 0, nil
		r.same("changed", r.again(p), 0)
		r.same("tasks", r.queueOf(store.Analyse).Length, 0)
	}},
	{"Revision", func(r *rig) {
		p := r.post(1)
		r.take(nil, p)
		before := r.stored(p.ID)
		p.Text = "改过的话。"
		r.accept(p)
		got := r.stored(p.ID)
		r.same("revision", []any{got.Revision, got.Text}, []any{2, p.Text})
		if got.Version <= before.Version {
			r.Errorf("version = %d, want more than %d", got.Version, before.Version)
		}
		r.same("the verdict stands until the next, over its own text", got.Verdict, before.Verdict)
		r.judge(func(_ int, j *store.Judgement) { j.Verdict.Folded = p.Title + "\n" + p.Text }, p)
		r.same("folded", r.stored(p.ID).Verdict.Folded, p.Title+"\n"+p.Text)
		r.same("counted", get[map[string]int](r)(r.s.Counts(r.ctx()))["posts"], 1)
		r.sound()
	}},
	{"TitleChanges", func(r *rig) {
		p := r.post(1)
		r.accept(p)
		p.Title = "新的标题"
		r.accept(p)
		r.same("stored", []any{r.stored(p.ID).Title, r.stored(p.ID).Revision}, []any{p.Title, 2})
	}},
	{"TimeChanges", func(r *rig) {
		p := r.post(1)
		r.take(nil, p)
		p.Published = p.Published.Add(-time.Hour)
		r.accept(p)
		r.same("stored", []any{r.stored(p.ID).Published, r.stored(p.ID).Revision}, []any{p.Published, 1})
		r.judge(nil, p)
		r.same("the old bucket", len(r.tallies(opinion.Series{Topic: opinion.AllPolice}, start.Add(-10*time.Minute))), 0)
		r.sound()
	}},
	{"DroppedStaysOut", func(r *rig) {
		p := r.post(1)
		r.take(func(_ int, j *store.Judgement) { j.Drop = true }, p)
		r.same("stored", len(get[[]store.Stored](r)(r.s.Posts(r.ctx(), p.ID))), 0)
		r.same("changed", r.again(p), 0)
		r.same("counts", get[map[string]int](r)(r.s.Counts(r.ctx())),
			map[string]int{"posts": 0, "judged": 0, "dropped": 1, "incidents": 0, "alerts": 0})
		r.same("for the index", r.queueOf(store.Index).Length, 0) // it never was there
		p.Text = "派出所来人了。"
		r.accept(p) // another text is another matter
		r.same("dropped", get[map[string]int](r)(r.s.Counts(r.ctx()))["dropped"], 0)
	}},
	{"RevisionWhileLeased", func(r *rig) {
		p := r.post(1)
		r.accept(p)
		t := r.one(store.Analyse)
		p2 := p
		p2.Text = "改过的话。"
		r.accept(p2)
		j := judgement(p)
		j.Task = t
		r.ok(r.s.Judge(r.ctx(), []store.Judgement{j}))
		r.same("over the text that was read", r.stored(p.ID).Verdict.Folded, p.Title+"\n"+p.Text)
		r.judge(func(_ int, j *store.Judgement) { j.Verdict.Folded = p2.Title + "\n" + p2.Text }, p2)
		r.same("at last", r.stored(p.ID).Verdict.Folded, p2.Title+"\n"+p2.Text)
		r.sound()
	}},
	{"StaleDropKeeps", func(r *rig) {
		p := r.post(1)
		r.accept(p)
		t := r.one(store.Analyse)
		p.Text = "派出所来人了。"
		r.accept(p)
		r.ok(r.s.Judge(r.ctx(), []store.Judgement{{Task: t, Verdict: opinion.Verdict{PostID: p.ID}, Drop: true}}))
		r.same("kept", r.stored(p.ID).Text, p.Text)
		r.judge(nil, p)
	}},
	{"PostsInOrder", func(r *rig) {
		r.accept(r.post(1), r.post(2), r.post(3))
		got := get[[]store.Stored](r)(r.s.Posts(r.ctx(), r.post(3).ID, "none", r.post(1).ID))
		r.same("ids", []string{got[0].ID, got[1].ID}, []string{r.post(3).ID, r.post(1).ID})
		r.same("none", len(get[[]store.Stored](r)(r.s.Posts(r.ctx()))), 0)
	}},
}
