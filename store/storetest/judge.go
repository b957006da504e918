package storetest

import (
	"errors"
	"slices"
	"time"

	"minsheng/opinion"
	"minsheng/store"
)

// looks leases the watch tasks and returns their refs, sorted.
func (r *rig) looks() []string {
	r.Helper()
	got := refs(r.lease(store.Look))
	slices.Sort(got)
	return got
}

// memories collects what Remembered yields.
func (r *rig) memories(since time.Time) []store.Memory {
	r.Helper()
	var all []store.Memory
	r.ok(r.s.Remembered(r.ctx(), since, func(m store.Memory) error {
		all = append(all, m)
		return nil
	}))
	return all
}

var judgeChecks = []check{
	{"RoundTrip", func(r *rig) {
		p := r.post(1)
		r.accept(p)
		before := r.stored(p.ID).Version
		r.judge(func(_ int, j *store.Judgement) { j.Near, j.Incident = "near", "incident" }, p)
		got := r.stored(p.ID)
		r.same("post", got.Post, p)
		r.same("verdict", got.Verdict, verdict(p))
		r.same("place", []string{got.Incident, got.Near}, []string{"incident", "near"})
		if got.Version <= before {
			r.Errorf("version = %d, want more than %d", got.Version, before)
		}
		r.same("analyse tasks", r.queueOf(store.Analyse).Length, 0)
		r.same("index task", r.one(store.Index).Ref, p.ID)
	}},
	{"FoldedDiffers", func(r *rig) {
		p := r.post(1)
		r.take(func(_ int, j *store.Judgement) { j.Verdict.Folded = "繁体变简体" }, p)
		r.same("folded", r.stored(p.ID).Verdict.Folded, "繁体变简体")
		r.same("remembered length", r.memories(start.Add(-time.Hour))[0].Length, 5)
	}},
	{"EmptyVerdict", func(r *rig) {
		p := r.post(1)
		r.take(func(_ int, j *store.Judgement) {
			j.Verdict = opinion.Verdict{PostID: p.ID, Folded: p.Title + "\n" + p.Text}
		}, p)
		r.same("verdict", r.stored(p.ID).Verdict, opinion.Verdict{PostID: p.ID, Folded: p.Title + "\n" + p.Text})
		r.same("watch tasks", len(r.looks()), 0)
		r.sound()
	}},
	{"Twice", func(r *rig) {
		p := r.post(1)
		js := r.take2(p)
		before := r.tallies(opinion.Series{Topic: "窗口服务"}, start.Add(-time.Hour))
		r.ok(r.s.Judge(r.ctx(), js)) // as after a crash
		js[0].Task = store.Task{}
		r.ok(r.s.Judge(r.ctx(), js)) // and without any lease
		r.same("tallies", r.tallies(opinion.Series{Topic: "窗口服务"}, start.Add(-time.Hour)), before)
		r.same("incident", get[opinion.Incident](r)(r.s.Incident(r.ctx(), p.ID)).Posts, 1)
		r.sound()
	}},
	{"ChangedMind", func(r *rig) {
		p := r.post(1)
		r.take(nil, p)
		get[int](r)(r.s.Reanalyse(r.ctx(), "v2"))
		r.judge(func(_ int, j *store.Judgement) {
			j.Verdict.Version, j.Verdict.Attitude = "v2", opinion.Positive
			j.Verdict.Topics, j.Verdict.Places = []string{"户籍"}, nil
			j.Incident = "other"
		}, p)
		r.same("old topic", len(r.tallies(opinion.Series{Topic: "窗口服务"}, start.Add(-time.Hour))), 0)
		r.same("old place", len(r.tallies(opinion.Series{Topic: opinion.AllPolice, Place: "城东"}, start.Add(-time.Hour))), 0)
		got := r.tallies(opinion.Series{Topic: "户籍"}, start.Add(-time.Hour))
		r.same("new topic", []int{len(got), got[0].Total, got[0].Negative}, []int{1, 1, 0})
		_, err := r.s.Incident(r.ctx(), p.ID)
		r.is(err, opinion.ErrNotFound)
		r.same("new incident", get[opinion.Incident](r)(r.s.Incident(r.ctx(), "other")).Negatives, 0)
		r.sound()
	}},
	{"DropAfterJudging", func(r *rig) {
		p := r.post(1)
		r.take(nil, p)
		r.ok(r.s.Done(r.ctx(), r.lease(store.Index)...))
		get[int](r)(r.s.Reanalyse(r.ctx(), "v2"))
		r.judge(func(_ int, j *store.Judgement) { j.Drop = true }, p)
		r.same("for the index to delete", r.one(store.Index).Ref, p.ID)
		r.same("tallies", len(r.tallies(opinion.Series{Topic: opinion.AllPolice}, start.Add(-time.Hour))), 0)
		r.sound()
	}},
	{"Incident", func(r *rig) {
		a, b, c := r.post(1), r.post(2), r.post(3)
		a.Published, b.Published, c.Published = start.Add(-time.Hour), start.Add(-2*time.Hour), start.Add(-30*time.Minute)
		r.take(func(i int, j *store.Judgement) {
			j.Incident = a.ID
			if i == 2 {
				j.Verdict.Attitude = opinion.Neutral
			}
		}, a, b, c)
		r.same("incident", get[opinion.Incident](r)(r.s.Incident(r.ctx(), a.ID)),
			opinion.Incident{ID: a.ID, Title: a.Title, First: b.Published, Last: c.Published, Posts: 3, Negatives: 2})
		r.ok(r.s.DeletePost(r.ctx(), b.ID, "lin", "asked"))
		r.same("without the earliest", get[opinion.Incident](r)(r.s.Incident(r.ctx(), a.ID)),
			opinion.Incident{ID: a.ID, Title: a.Title, First: a.Published, Last: c.Published, Posts: 2, Negatives: 1})
		r.sound()
	}},
	{"WatchTasks", func(r *rig) {
		r.take(nil, r.post(1))
		end := opinion.Bucket(r.post(1).Published).Add(opinion.BucketWidth)
		r.same("due", get[time.Time](r)(r.s.NextTask(r.ctx(), store.Look)), end)
		r.same("early", len(r.looks()), 0)
		r.clock.advance(end.Sub(start))
		r.same("at the end of the bucket", r.looks(), []string{
			"涉警总体\n", "涉警总体\n城东", "窗口服务\n", "窗口服务\n城东",
		})
	}},
	{"WatchTasksOfEachBucket", func(r *rig) {
		now, next := r.post(1), r.post(2)
		next.Published = start.Add(4 * time.Minute) // its clock is ahead, within reason
		r.take(nil, now, next)
		for range 2 {
			r.clock.advance(5 * time.Minute)
			tasks := r.lease(store.Look)
			r.same("looks", len(tasks), 4)
			r.ok(r.s.Done(r.ctx(), tasks...))
		}
	}},
	{"WatchTasksNow", func(r *rig) {
		p := r.post(1)
		p.Published = start.Add(-2 * time.Hour)
		r.take(nil, p)
		r.same("at once", len(r.looks()), 4)
	}},
	{"NoWatchTasks", func(r *rig) {
		old, ahead, calm := r.post(1), r.post(2), r.post(3)
		old.Published = start.Add(-3*time.Hour - time.Second)
		ahead.Published = start.Add(11 * time.Minute)
		r.take(func(i int, j *store.Judgement) {
			if i == 2 {
				j.Verdict.Attitude = opinion.Neutral
			}
		}, old, ahead, calm)
		r.same("watch tasks", r.queueOf(store.Look).Length, 0)
	}},
	{"DeletedMeanwhile", func(r *rig) {
		p := r.post(1)
		r.accept(p)
		j := judgement(p)
		j.Task = r.one(store.Analyse)
		r.ok(r.s.DeletePost(r.ctx(), p.ID, "lin", "asked"))
		r.ok(r.s.Judge(r.ctx(), []store.Judgement{j}))
		r.same("analyse tasks", r.queueOf(store.Analyse).Length, 0)
		r.sound()
	}},
	{"Remembered", func(r *rig) {
		old, a, b := r.post(1), r.post(2), r.post(3)
		old.Published = start.Add(-48 * time.Hour)
		b.Thread = a.ID
		r.take(nil, b)
		r.take(nil, a, old)
		got := r.memories(start.Add(-time.Hour))
		r.same("in order of judging", []string{got[0].ID, got[1].ID}, []string{b.ID, a.ID})
		r.same("memory", got[0], store.Memory{
			ID: b.ID, Incident: b.ID, Kind: opinion.Social, Thread: a.ID, Published: b.Published,
			Print: []uint32{1, 1 << 31, 7}, Rare: []string{"窗口"}, Places: []string{"城东"}, Length: len([]rune(b.Title + "\n" + b.Text)),
		})
		get[int](r)(r.s.Reanalyse(r.ctx(), "v2"))
		r.judge(nil, b)
		r.same("judging again keeps the place", r.memories(start.Add(-time.Hour))[0].ID, b.ID)
		stop := errors.New("enough")
		r.is(r.s.Remembered(r.ctx(), time.Time{}, func(store.Memory) error { return stop }), stop)
	}},
}

// take2 accepts and judges one post and returns the judgement as committed.
func (r *rig) take2(p opinion.Post) []store.Judgement {
	r.Helper()
	r.accept(p)
	return r.judge(nil, p)
}
