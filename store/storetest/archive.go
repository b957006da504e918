package storetest

import (
	"bytes"
	"slices"
	"time"

	"minsheng/opinion"
	"minsheng/store"
)

func (r *rig) voices() []byte {
	r.Helper()
	return get[[]byte](r)(r.s.Voices(r.ctx()))
}

var archiveChecks = []check{
	{"DeletePost", func(r *rig) {
		a, b := r.post(1), r.post(2)
		r.take(func(_ int, j *store.Judgement) { j.Incident = a.ID }, a, b)
		r.ok(r.s.Done(r.ctx(), r.lease(store.Index)...))
		r.ok(r.s.DeletePost(r.ctx(), a.ID, "lin", "本人请求"))
		r.audited("deleted", "lin", a.ID)
		r.same("stored", len(get[[]store.Stored](r)(r.s.Posts(r.ctx(), a.ID))), 0)
		r.same("tally", r.tallies(topic, start.Add(-time.Hour))[0].Total, 1)
		r.same("incident", get[opinion.Incident](r)(r.s.Incident(r.ctx(), a.ID)).Posts, 1)
		r.same("for the index to delete", r.one(store.Index).Ref, a.ID)
		a.Text = "换一个说法再来"
		r.same("comes back", r.again(a), 0)
		r.is(r.s.DeletePost(r.ctx(), a.ID, "lin", ""), opinion.ErrNotFound)
		r.sound()
	}},
	{"DeletedIsQuotedNowhere", func(r *rig) {
		a, b := r.post(1), r.post(2)
		r.take(func(_ int, j *store.Judgement) { j.Incident, j.Title = a.ID, "办证的一段话" }, a, b)
		told := alert(a.ID)
		told.Title = "办证的一段话"
		told.Examples = []opinion.Example{{PostID: a.ID, Excerpt: "说了什么"}, {PostID: b.ID, Excerpt: "别人说的"}}
		r.raise(told, "slack")
		r.ok(r.s.DeletePost(r.ctx(), a.ID, "lin", "本人请求"))
		page := get[store.AlertPage](r)(r.s.AlertByNumber(r.ctx(), 1))
		r.same("examples left", []any{len(page.Examples), page.Examples[0].PostID}, []any{1, b.ID})
		r.same("title", page.Title, told.Topics[0])
		r.same("incident's name", get[opinion.Incident](r)(r.s.Incident(r.ctx(), a.ID)).Title, "")
		r.sound()
	}},
	{"DeleteUnjudged", func(r *rig) {
		r.accept(r.post(1))
		r.ok(r.s.DeletePost(r.ctx(), r.post(1).ID, "lin", ""))
		r.same("analyse tasks", r.queueOf(store.Analyse).Length, 0)
		r.sound()
	}},
	{"Purge", func(r *rig) {
		var posts []opinion.Post
		for i := range 4 {
			p := r.post(i)
			p.Published = start.Add(-time.Duration(100-i) * 24 * time.Hour)
			posts = append(posts, p)
		}
		young := r.post(9)
		posts = append(posts, young)
		r.take(func(_ int, j *store.Judgement) { j.Incident = posts[0].ID }, posts...)
		r.ok(r.s.Done(r.ctx(), r.lease(store.Index)...))
		series := len(r.tallies(topic, time.Time{}))
		before := start.Add(-90 * 24 * time.Hour)
		r.same("first", get[int](r)(r.s.Purge(r.ctx(), before, 3)), 3)
		r.same("rest", get[int](r)(r.s.Purge(r.ctx(), before, 3)), 1)
		r.same("none", get[int](r)(r.s.Purge(r.ctx(), before, 3)), 0)
		r.same("posts", get[map[string]int](r)(r.s.Counts(r.ctx()))["posts"], 1)
		r.same("tallies stay", len(r.tallies(topic, time.Time{})), series)
		r.same("incident stays", get[opinion.Incident](r)(r.s.Incident(r.ctx(), posts[0].ID)).Posts, 5)
		gone := refs(r.lease(store.Index))
		slices.Sort(gone)
		want := []string{posts[0].ID, posts[1].ID, posts[2].ID, posts[3].ID}
		slices.Sort(want)
		r.same("for the index to delete", gone, want)
		r.same("comes back", r.again(posts[0]), 0)
		r.sound()
		r.ok(r.s.DeletePost(r.ctx(), young.ID, "lin", ""))
		r.sound()
	}},
	{"PurgeOthers", func(r *rig) {
		r.raise(alert("i"), "slack")
		r.ok(r.s.Attempt(r.ctx(), r.one(store.Notify), receipt(true), time.Time{}))
		r.raise(alert("k"), "slack")
		r.clock.advance(24 * time.Hour)
		get[int](r)(r.s.Purge(r.ctx(), start.Add(time.Hour), 10))
		left := get[[]opinion.Delivery](r)(r.s.Deliveries(r.ctx(), "", 10))
		r.same("what waits stays", []any{len(left), left[0].State}, []any{1, opinion.Waiting})
		r.same("alerts stay", get[map[string]int](r)(r.s.Counts(r.ctx()))["alerts"], 2)
		r.sound()
	}},
	{"VoicesOfTheDay", func(r *rig) {
		key := r.voices()
		r.same("length", len(key), 32)
		p := r.post(1)
		r.take(nil, p)
		r.clock.advance(24*time.Hour - time.Millisecond)
		if !bytes.Equal(r.voices(), key) {
			r.Error("the key changed within its day")
		}
		r.same("voice", r.stored(p.ID).Voice, p.Voice)
		r.clock.advance(time.Millisecond)
		if bytes.Equal(r.voices(), key) {
			r.Error("the key outlived its day")
		}
		r.same("voice", r.stored(p.ID).Voice, uint64(0))
		marks := get[[]store.Mark](r)(r.s.Marks(r.ctx(), topic, start.Add(-time.Hour), start))
		r.same("mark", marks[0].Voice, uint64(0))
		r.same("counted", r.tallies(topic, start.Add(-time.Hour))[0].Voices, 1)
		r.sound()
		get[int](r)(r.s.Reanalyse(r.ctx(), "v2"))
		r.judge(nil, p) // its voice is unknown by now
		r.sound()
	}},
	{"Verify", func(r *rig) {
		r.sound()
		r.accept(r.post(1))
		r.sound() // a task stands for the verdict to come
	}},
	{"Counts", func(r *rig) {
		r.accept(r.post(1))
		r.take(func(i int, j *store.Judgement) { j.Drop = i == 1 }, r.post(2), r.post(3))
		r.raise(alert("i"))
		r.same("counts", get[map[string]int](r)(r.s.Counts(r.ctx())),
			map[string]int{"posts": 2, "judged": 1, "dropped": 1, "incidents": 1, "alerts": 1})
	}},
	{"Values", func(r *rig) {
		r.same("none", get[string](r)(r.s.Value(r.ctx(), "clock")), "")
		r.ok(r.s.SetValue(r.ctx(), "clock", "1"))
		r.ok(r.s.SetValue(r.ctx(), "clock", "2"))
		r.same("value", get[string](r)(r.s.Value(r.ctx(), "clock")), "2")
	}},
}
