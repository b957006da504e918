package storetest

import (
	"encoding/json"
	"strings"
	"time"

	"minsheng/opinion"
	"minsheng/store"
)

// private is what an older masker left in a post: made up, and nobody's.
const private = "13900001234"

// leaky is a post that was stored with private in everything that it says.
func (r *rig) leaky(i int) opinion.Post {
	p := r.post(i)
	p.Title, p.Text, p.Outlet = "打"+private+"没人接", "窗口排队很久，打"+private+"。", "网友"+private
	return p
}

// remasked makes a judgement of one on the text as it is masked today.
func remasked(p *opinion.Post, j *store.Judgement) {
	for _, s := range []*string{&p.Title, &p.Text, &p.Outlet} {
		*s = strings.ReplaceAll(*s, private, "[电话]")
	}
	task := j.Task
	*j = judgement(*p)
	j.Task, j.Verdict.Version = task, "v2"
	j.Masked = &store.Masked{Title: p.Title, Text: p.Text, Outlet: p.Outlet, Excerpt: "打[电话]", Gone: []string{"打" + private[:6]}}
}

// remask judges posts again, all of them masked again, and gives them back.
func (r *rig) remask(change func(j *store.Judgement), posts ...opinion.Post) []opinion.Post {
	r.Helper()
	get[int](r)(r.s.Reanalyse(r.ctx(), "v2"))
	r.judge(func(i int, j *store.Judgement) {
		remasked(&posts[i], j)
		if change != nil {
			change(j)
		}
	}, posts...)
	return posts
}

// clean fails the test where something that was read still holds private, or
// the head of it.
func (r *rig) clean(what string, v any) {
	r.Helper()
	b, err := json.Marshal(v)
	r.ok(err)
	if strings.Contains(string(b), private[:6]) {
		r.Errorf("%s: %s", what, b)
	}
}

var maskChecks = []check{
	{"TakesThePlace", func(r *rig) {
		p := r.leaky(1)
		r.take(nil, p)
		before := r.stored(p.ID)
		r.ok(r.s.Done(r.ctx(), r.lease(store.Index)...))
		now := r.remask(nil, p)[0]
		got := r.stored(p.ID)
		r.same("post", got.Post, now) // of the same revision
		r.same("folded", got.Verdict.Folded, now.Title+"\n"+now.Text)
		if got.Version <= before.Version {
			r.Errorf("version = %d, want more than %d", got.Version, before.Version)
		}
		r.same("index task", r.one(store.Index).Ref, p.ID)
		r.same("name of the incident", get[opinion.Incident](r)(r.s.Incident(r.ctx(), p.ID)).Title, now.Title)
		r.same("nothing more to judge", get[int](r)(r.s.Reanalyse(r.ctx(), "v2")), 0)
		r.sound()
	}},
	{"KnownByItsNewText", func(r *rig) {
		p := r.leaky(1)
		r.take(nil, p)
		now := r.remask(nil, p)[0]
		r.same("the page once more", r.again(now), 0)
		now.Text += "又来了一次。"
		r.accept(now)
		r.same("the page changed", r.stored(p.ID).Revision, 2)
	}},
	{"BeforeItWasEverJudged", func(r *rig) {
		p := r.leaky(1)
		r.accept(p)
		r.judge(func(_ int, j *store.Judgement) { remasked(&p, j) }, p)
		got := r.stored(p.ID)
		r.same("post", got.Post, p)
		r.same("folded", got.Verdict.Folded, p.Title+"\n"+p.Text)
		r.clean("incident", get[opinion.Incident](r)(r.s.Incident(r.ctx(), p.ID)))
	}},
	{"FoldedDiffers", func(r *rig) {
		p := r.leaky(1)
		r.take(func(_ int, j *store.Judgement) { j.Verdict.Folded = "繁体变简体" + private }, p)
		r.remask(func(j *store.Judgement) { j.Verdict.Folded = "繁体变简体[电话]" }, p)
		r.same("folded", r.stored(p.ID).Verdict.Folded, "繁体变简体[电话]")
	}},
	{"RevisionIsKept", func(r *rig) {
		p := r.leaky(1)
		r.take(nil, p)
		get[int](r)(r.s.Reanalyse(r.ctx(), "v2"))
		t := r.one(store.Analyse)
		changed := p
		changed.Title, changed.Text, changed.Outlet = "改过", "改过的话。", ""
		r.accept(changed) // while the old text is being judged
		j := store.Judgement{Task: t}
		remasked(&p, &j)
		r.ok(r.s.Judge(r.ctx(), []store.Judgement{j}))
		got := r.stored(p.ID)
		r.same("the later text", []string{got.Title, got.Text, got.Outlet}, []string{changed.Title, changed.Text, changed.Outlet})
		r.clean("what is stored", got)
		r.same("the page once more", r.again(changed), 0)
		r.judge(nil, changed)
		r.sound()
	}},
	{"DroppedStaysOut", func(r *rig) {
		p := r.leaky(1)
		r.take(nil, p)
		now := r.remask(func(j *store.Judgement) { j.Drop = true }, p)[0]
		r.same("stored", len(get[[]store.Stored](r)(r.s.Posts(r.ctx(), p.ID))), 0)
		r.same("the page once more", r.again(now), 0)
		r.sound()
	}},
	{"LeaseLost", func(r *rig) {
		p := r.leaky(1)
		r.take(nil, p)
		get[int](r)(r.s.Reanalyse(r.ctx(), "v2"))
		late := store.Judgement{Task: r.one(store.Analyse)}
		r.clock.advance(2 * time.Minute)
		r.one(store.Analyse)
		now := p
		remasked(&now, &late)
		r.is(r.s.Judge(r.ctx(), []store.Judgement{late}), opinion.ErrLeaseLost)
		r.same("another's to do", r.stored(p.ID).Post, p)
	}},
	{"WhatWasTakenFromIt", func(r *rig) {
		p, other := r.leaky(1), r.post(2)
		r.take(func(_ int, j *store.Judgement) { j.Incident = p.ID }, p, other)
		apart, _, err := r.s.MovePosts(r.ctx(), []string{p.ID}, "", "lin") // it leaves one name behind and gives another
		r.ok(err)
		a, b := alert(p.ID), alert(apart)
		a.Title = p.Title
		a.Examples = []opinion.Example{
			{PostID: p.ID, Title: p.Title, Excerpt: "…打" + private[:8] + "…", Source: p.Source, URL: p.URL, Published: p.Published},
			{PostID: other.ID, Title: other.Title, Excerpt: "排队", Source: other.Source, URL: other.URL, Published: other.Published},
		}
		a.Words = []opinion.Word{{Text: "打" + private[:6], Weight: -2, Posts: 1}, {Text: "排队", Weight: -1, Posts: 2}}
		b.Words = nil
		a, _ = r.raise(a)
		b, _ = r.raise(b)
		untouched := r.alertPage(b.Number)
		p = r.remask(func(j *store.Judgement) { j.Incident = apart }, p)[0]
		for _, id := range []string{p.ID, apart} {
			r.same("name", get[opinion.Incident](r)(r.s.Incident(r.ctx(), id)).Title, p.Title)
		}
		a.Title, a.Words = p.Title, a.Words[1:]
		a.Examples[0].Title, a.Examples[0].Excerpt = p.Title, "打[电话]"
		r.same("alert", r.alertPage(a.Number).Alert, a)
		r.same("the other alert", r.alertPage(b.Number), untouched)
		r.sound()
	}},
	{"CorrectionAndCopiesStay", func(r *rig) {
		first, copied, other := r.leaky(1), r.leaky(2), r.post(3)
		copied.Title = "转" + copied.Title
		r.take(func(i int, j *store.Judgement) {
			j.Incident = first.ID
			if i == 1 {
				j.Near = first.ID
			}
		}, first, copied, other)
		r.correct(copied, store.SaysPositive)
		before := r.stored(other.ID)
		r.remask(func(j *store.Judgement) {
			if j.Incident = first.ID; j.Verdict.PostID == copied.ID {
				j.Near = first.ID
			}
		}, first, copied)
		r.same("copy", r.stored(copied.ID).Near, first.ID)
		for _, p := range []opinion.Post{first, copied} {
			r.same("a person's word", r.stored(p.ID).Verdict.Attitude, opinion.Positive)
			r.clean("what is stored", r.stored(p.ID))
		}
		r.same("tallies", r.negatives(), []int{3, 1})
		r.same("what was not masked again", r.stored(other.ID), before)
		r.sound()
	}},
}
