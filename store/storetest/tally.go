package storetest

import (
	"time"

	"minsheng/opinion"
	"minsheng/store"
)

// tallies reads a series from a time on.
func (r *rig) tallies(s opinion.Series, from time.Time) []opinion.Tally {
	r.Helper()
	return get[[]opinion.Tally](r)(r.s.Tallies(r.ctx(), s, from, start.Add(24*time.Hour)))
}

var (
	all   = opinion.Series{Topic: opinion.AllPolice}
	topic = opinion.Series{Topic: "窗口服务"}
	east  = opinion.Series{Topic: "窗口服务", Place: "城东"}
)

var tallyChecks = []check{
	{"SeriesOfAPost", func(r *rig) {
		r.take(func(i int, j *store.Judgement) {
			switch i {
			case 0:
				j.Verdict.Topics, j.Verdict.Places = []string{"窗口服务", "户籍", "户籍"}, []string{"城东"}
			case 1:
				j.Verdict.MentionsPolice, j.Verdict.Places = false, nil
			}
		}, r.post(1), r.post(2))
		r.same("series", get[[]opinion.Series](r)(r.s.Series(r.ctx(), start.Add(-time.Hour))), []opinion.Series{
			{Topic: "户籍"}, {Topic: "户籍", Place: "城东"}, all, {Topic: opinion.AllPolice, Place: "城东"}, topic, east,
		})
		r.same("whole", r.tallies(all, start.Add(-time.Hour))[0].Total, 1)
		r.same("topic", r.tallies(topic, start.Add(-time.Hour))[0].Total, 2)
		r.same("since later", len(get[[]opinion.Series](r)(r.s.Series(r.ctx(), start.Add(time.Hour)))), 0)
	}},
	{"Counts", func(r *rig) {
		voices := []uint64{1 << 63, 1 << 63, 7, 0, 0}
		var posts []opinion.Post
		for i, v := range voices {
			p := r.post(i)
			p.Voice = v
			posts = append(posts, p)
		}
		r.take(func(i int, j *store.Judgement) {
			if i == 4 {
				j.Verdict.Attitude = opinion.Positive
			}
			if i == 1 || i == 2 {
				j.Near = posts[0].ID
			}
		}, posts...)
		bucket := opinion.Bucket(posts[0].Published)
		r.same("tally", r.tallies(topic, start.Add(-time.Hour)),
			[]opinion.Tally{{Series: topic, Bucket: bucket, Total: 5, Negative: 4, Voices: 4, Texts: 3}})
		r.sound()
	}},
	{"Range", func(r *rig) {
		a, b := r.post(1), r.post(2)
		a.Published = start.Add(-time.Hour)
		r.take(nil, a, b)
		bucket := opinion.Bucket(b.Published)
		read := func(from, until time.Time) int {
			return len(get[[]opinion.Tally](r)(r.s.Tallies(r.ctx(), topic, from, until)))
		}
		r.same("both", read(start.Add(-2*time.Hour), start), 2)
		r.same("from is within", read(bucket, bucket.Add(time.Minute)), 1)
		r.same("until is without", read(start.Add(-2*time.Hour), bucket), 1)
		r.same("another series", len(r.tallies(opinion.Series{Topic: "没有"}, time.Time{})), 0)
	}},
	{"NewInEachBucket", func(r *rig) {
		a, b := r.post(1), r.post(2)
		b.Published, b.Voice = a.Published.Add(-10*time.Minute), a.Voice
		r.take(func(_ int, j *store.Judgement) { j.Near = a.ID }, a, b)
		for _, v := range r.tallies(topic, start.Add(-time.Hour)) {
			r.same("of one bucket", []int{v.Voices, v.Texts}, []int{1, 1})
		}
	}},
	{"TheNextBecomesFirst", func(r *rig) {
		a, b := r.post(1), r.post(2)
		b.Voice = a.Voice
		r.take(func(_ int, j *store.Judgement) { j.Near = a.ID }, a, b)
		r.ok(r.s.DeletePost(r.ctx(), a.ID, "lin", "asked"))
		got := r.tallies(topic, start.Add(-time.Hour))[0]
		r.same("left", []int{got.Total, got.Voices, got.Texts}, []int{1, 1, 1})
		r.sound()
	}},
	{"Marks", func(r *rig) {
		a, b := r.post(1), r.post(2)
		b.Published, b.Source = a.Published.Add(-30*time.Second), "柳川日报"
		r.take(func(i int, j *store.Judgement) {
			if i == 1 {
				j.Near, j.Incident, j.Verdict.Attitude = a.ID, a.ID, opinion.Neutral
			}
		}, a, b)
		want := []store.Mark{
			{Post: b.ID, Published: b.Published, Voice: b.Voice, Text: a.ID, Source: b.Source, Incident: a.ID},
			{Post: a.ID, Published: a.Published, Negative: true, Voice: a.Voice, Text: a.ID, Source: a.Source, Incident: a.ID},
		}
		read := func(from, until time.Time) []store.Mark {
			r.Helper()
			return get[[]store.Mark](r)(r.s.Marks(r.ctx(), east, from, until))
		}
		r.same("in time order", read(start.Add(-time.Hour), start), want)
		r.same("from is within", read(a.Published, start), want[1:])
		r.same("until is without", read(start.Add(-time.Hour), a.Published), want[:1])
	}},
}
