package storetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"minsheng/opinion"
	"minsheng/store"
)

// randomChecks do anything in any order, forget leases as a crash would, and
// then recount. The seeds are fixed, so that a failure can be had again.
var randomChecks = []check{
	{"Seed1", func(r *rig) { r.wander(1, 150) }},
	{"Seed2", func(r *rig) { r.wander(2, 150) }},
	{"Seed3", func(r *rig) { r.wander(3, 150) }},
}

// walk is a random course of verbs over a few posts, so that they meet.
type walk struct {
	*rig
	rnd *rand.Rand
}

func (r *rig) wander(seed uint64, steps int) {
	w := &walk{rig: r, rnd: rand.New(rand.NewPCG(seed, seed))}
	r.sync(source("a"))
	moves := []struct {
		name string
		do   func() error
	}{
		{"accept", w.accepts},
		{"accept", w.accepts},
		{"judge", w.judges},
		{"judge", w.judges},
		{"judge", w.judges},
		{"index", w.indexes},
		{"delete", w.deletes},
		{"correct", w.corrects},
		{"purge", w.purges},
		{"voices", w.rotates},
		{"reanalyse", w.reanalyses},
		{"raise", w.raises},
		{"notify", w.notifies},
		{"crawl", w.crawls},
		{"wait", w.waits},
	}
	for i := range steps {
		m := moves[w.rnd.IntN(len(moves))]
		if err := m.do(); err != nil && !errors.Is(err, opinion.ErrLeaseLost) && !errors.Is(err, opinion.ErrNotFound) {
			r.Fatalf("step %d, %s: %v", i, m.name, err)
		}
		if i%25 == 24 {
			if wrong := get[[]string](r)(r.s.Verify(r.ctx())); len(wrong) > 0 {
				r.Fatalf("step %d, %s: %q", i, m.name, wrong)
			}
		}
	}
	r.sound()
}

// some is a random post of few: often one that is known.
func (w *walk) some() opinion.Post {
	p := w.post(w.rnd.IntN(40))
	p.Voice = uint64(w.rnd.IntN(4))
	p.Text = fmt.Sprintf("说法%d", w.rnd.IntN(3))
	p.Published = w.clock.now().Add(-time.Duration(w.rnd.IntN(20)) * time.Minute)
	return p
}

func (w *walk) accepts() error {
	var posts []opinion.Post
	for range w.rnd.IntN(6) {
		posts = append(posts, w.some())
	}
	_, err := w.s.Accept(w.ctx(), posts)
	return err
}

func (w *walk) judges() error {
	tasks, err := w.s.Lease(w.ctx(), store.Analyse, 1+w.rnd.IntN(10), time.Minute)
	if err != nil || w.rnd.IntN(8) == 0 {
		return err // the worker dies with what it leased
	}
	var js []store.Judgement
	for _, t := range tasks {
		attitude := opinion.Attitudes[w.rnd.IntN(3)]
		v := opinion.Verdict{PostID: t.Ref, Version: fmt.Sprint(w.rnd.IntN(3)), Folded: "x", Attitude: attitude, MentionsPolice: w.rnd.IntN(2) == 0}
		for i := range w.rnd.IntN(3) {
			v.Topics = append(v.Topics, fmt.Sprintf("话题%d", i))
			v.Places = append(v.Places, fmt.Sprintf("地点%d", w.rnd.IntN(2)))
		}
		j := store.Judgement{Task: t, Verdict: v, Drop: w.rnd.IntN(6) == 0, Incident: fmt.Sprintf("i%d", w.rnd.IntN(5)), Title: "事"}
		if w.rnd.IntN(2) == 0 {
			j.Near = fmt.Sprintf("text%d", w.rnd.IntN(3))
		}
		js = append(js, j)
	}
	err = w.s.Judge(w.ctx(), js)
	if err == nil && w.rnd.IntN(3) == 0 {
		err = w.s.Judge(w.ctx(), js) // once more, as after a crash
	}
	return err
}

func (w *walk) indexes() error {
	tasks, err := w.s.Lease(w.ctx(), store.Index, 20, time.Minute)
	if err != nil {
		return err
	}
	return w.s.Done(w.ctx(), tasks...)
}

func (w *walk) deletes() error {
	return w.s.DeletePost(w.ctx(), w.some().ID, "lin", "")
}

func (w *walk) corrects() error {
	label := append(store.Labels, "")[w.rnd.IntN(len(store.Labels)+1)]
	_, err := w.s.Correct(w.ctx(), w.some().ID, label, "lin")
	if errors.Is(err, opinion.ErrConflict) {
		return nil // there was nothing to take back
	}
	return err
}

func (w *walk) purges() error {
	_, err := w.s.Purge(w.ctx(), w.clock.now().Add(-30*time.Minute), 5)
	return err
}

func (w *walk) rotates() error {
	_, err := w.s.Voices(w.ctx())
	return err
}

func (w *walk) reanalyses() error {
	_, err := w.s.Reanalyse(w.ctx(), fmt.Sprint(w.rnd.IntN(3)))
	return err
}

func (w *walk) raises() error {
	_, _, err := w.s.Raise(w.ctx(), alert(fmt.Sprintf("i%d", w.rnd.IntN(5))), []string{"slack", "hook"})
	return err
}

func (w *walk) notifies() error {
	tasks, err := w.s.Lease(w.ctx(), store.Notify, 1, time.Minute)
	if err != nil || len(tasks) == 0 {
		return err
	}
	next := time.Time{}
	if w.rnd.IntN(2) == 0 {
		next = w.clock.now().Add(time.Minute)
	}
	return w.s.Attempt(w.ctx(), tasks[0], opinion.Receipt{At: w.clock.now(), OK: w.rnd.IntN(2) == 0, Code: "x"}, next)
}

func (w *walk) crawls() error {
	fetches, err := w.s.LeaseFetches(w.ctx(), 1, time.Minute)
	if err != nil || len(fetches) == 0 {
		return err
	}
	o := store.Outcome{Changed: true, Links: []store.Link{page(w.rnd.IntN(20)), page(w.rnd.IntN(20))}}
	if fetches[0].Role == store.EntryRole || w.rnd.IntN(2) == 0 {
		o.Next = w.clock.now().Add(time.Minute)
	}
	if w.rnd.IntN(3) == 0 {
		o.Fault = opinion.NewRetry("fetch.failed", nil)
	}
	return w.s.FinishFetch(w.ctx(), fetches[0], o)
}

func (w *walk) waits() error {
	w.clock.advance(time.Duration(w.rnd.IntN(300)) * time.Second)
	if w.rnd.IntN(5) == 0 {
		w.clock.advance(24 * time.Hour)
	}
	return nil
}
