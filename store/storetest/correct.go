package storetest

import (
	"fmt"
	"time"

	"minsheng/opinion"
	"minsheng/store"
)

// negatives is the total and negative count of everything about the police.
func (r *rig) negatives() []int {
	r.Helper()
	total, negative := 0, 0
	for _, t := range r.tallies(opinion.Series{Topic: opinion.AllPolice}, start.Add(-time.Hour)) {
		total, negative = total+t.Total, negative+t.Negative
	}
	return []int{total, negative}
}

// same3 takes three posts in, of which the third is a copy of the first.
func (r *rig) same3() (first, other, copied opinion.Post) {
	r.Helper()
	first, other, copied = r.post(1), r.post(2), r.post(3)
	r.take(func(i int, j *store.Judgement) {
		j.Incident = first.ID
		if i == 2 {
			j.Near = first.ID
		}
	}, first, other, copied)
	r.ok(r.s.Done(r.ctx(), r.lease(store.Index)...))
	r.ok(r.s.Done(r.ctx(), r.lease(store.Look)...))
	return first, other, copied
}

func (r *rig) correct(p opinion.Post, l store.Label) int {
	r.Helper()
	return get[int](r)(r.s.Correct(r.ctx(), p.ID, l, "lin"))
}

var correctChecks = []check{
	{"HoldsForEveryCopy", func(r *rig) {
		first, other, copied := r.same3()
		r.same("before", r.negatives(), []int{3, 3})
		r.same("posts", r.correct(copied, store.SaysPositive), 2)
		r.audited("corrected", "lin", copied.ID)
		r.same("after", r.negatives(), []int{3, 1})
		r.same("incident", get[opinion.Incident](r)(r.s.Incident(r.ctx(), first.ID)).Negatives, 1)
		want := &store.Correction{Post: first.ID, Label: store.SaysPositive, User: "lin", At: start, Was: store.SaysNegative}
		got := r.stored(first.ID)
		r.same("correction", got.Correction, want)
		r.same("verdict", []any{got.Verdict.Attitude, got.Verdict.Score, got.Verdict.Confidence, got.Verdict.Uncertain}, []any{opinion.Positive, 1.0, 1.0, false})
		r.same("evidence stays the machine's", got.Verdict.Evidence, verdict(first).Evidence)
		r.same("made on the copy", r.stored(copied.ID).Correction.Made, true)
		r.same("the other text", r.stored(other.ID).Verdict.Attitude, opinion.Negative)
		r.same("for the index", len(r.lease(store.Index)), 2)
		r.sound()
	}},
	{"NotAboutThePolice", func(r *rig) {
		first, _, _ := r.same3()
		r.correct(first, store.NotPolice)
		got := r.stored(first.ID)
		r.same("verdict", []any{got.Verdict.Attitude, got.Verdict.MentionsPolice, got.Verdict.Score}, []any{opinion.Neutral, false, 0.0})
		r.same("about the police", r.negatives(), []int{1, 1})
		topic := r.tallies(opinion.Series{Topic: "窗口服务"}, start.Add(-time.Hour))
		r.same("the topic's words still stand there", []int{topic[0].Total, topic[0].Negative}, []int{3, 1})
		r.sound()
	}},
	{"LaterCopies", func(r *rig) {
		first, _, _ := r.same3()
		r.correct(first, store.SaysNeutral)
		later := r.post(4)
		r.take(func(_ int, j *store.Judgement) { j.Near, j.Incident = first.ID, first.ID }, later)
		got := r.stored(later.ID)
		r.same("attitude", got.Verdict.Attitude, opinion.Neutral)
		r.same("made elsewhere", got.Correction.Made, false)
		r.same("tallies", r.negatives(), []int{4, 1})
		r.same("nothing to watch", len(r.looks()), 0)
		r.sound()
	}},
	{"KeptWhenJudgedAgain", func(r *rig) {
		first, other, copied := r.same3()
		r.correct(first, store.SaysNeutral)
		r.ok(r.s.Done(r.ctx(), r.lease(store.Index)...))
		get[int](r)(r.s.Reanalyse(r.ctx(), "v2"))
		r.judge(func(i int, j *store.Judgement) {
			j.Verdict.Version, j.Incident = "v2", first.ID
			if i == 1 {
				j.Near = first.ID
			}
		}, first, copied, other)
		r.same("a person's word", r.stored(copied.ID).Verdict.Attitude, opinion.Neutral)
		r.same("version", r.stored(first.ID).Verdict.Version, "v2")
		r.same("tallies", r.negatives(), []int{3, 1})
		r.same("nothing more to judge", get[int](r)(r.s.Reanalyse(r.ctx(), "v2")), 0)
		r.sound()
	}},
	{"NotDropped", func(r *rig) {
		first, _, copied := r.same3()
		r.correct(first, store.SaysNegative)
		get[int](r)(r.s.Reanalyse(r.ctx(), "v2"))
		r.judge(func(_ int, j *store.Judgement) {
			*j = store.Judgement{Task: j.Task, Drop: true, Verdict: opinion.Verdict{PostID: j.Verdict.PostID, Version: "v2", Folded: j.Verdict.Folded}}
		}, first, copied)
		for _, p := range []opinion.Post{first, copied} {
			got := r.stored(p.ID)
			r.same("kept", []any{got.Verdict.Attitude, got.Verdict.MentionsPolice, got.Incident}, []any{opinion.Negative, true, first.ID})
		}
		r.same("copy", r.stored(copied.ID).Near, first.ID)
		r.sound()
	}},
	{"TakenBack", func(r *rig) {
		first, _, copied := r.same3()
		before := r.tallies(opinion.Series{Topic: "窗口服务", Place: "城东"}, start.Add(-time.Hour))
		r.correct(first, store.NotPolice)
		r.same("posts", r.correct(copied, ""), 2)
		r.audited("uncorrected", "lin", copied.ID)
		r.same("verdict", r.stored(first.ID).Verdict, verdict(first))
		r.same("correction", r.stored(first.ID).Correction, (*store.Correction)(nil))
		r.same("tallies", r.tallies(opinion.Series{Topic: "窗口服务", Place: "城东"}, start.Add(-time.Hour)), before)
		r.sound()
	}},
	{"AlarmsNobody", func(r *rig) {
		p := r.post(1)
		r.take(func(_ int, j *store.Judgement) { j.Verdict.Attitude = opinion.Neutral }, p)
		r.correct(p, store.SaysNegative)
		r.same("negative", r.negatives(), []int{1, 1})
		r.same("watch tasks", r.queueOf(store.Look).Length, 0)
	}},
	{"Listed", func(r *rig) {
		first, other, copied := r.same3()
		r.correct(first, store.SaysNeutral)
		r.clock.advance(time.Minute)
		r.correct(other, store.NotPolice)
		list := func() []store.Correction { return get[[]store.Correction](r)(r.s.Corrections(r.ctx(), 10)) }
		want := []store.Correction{
			{Post: other.ID, Label: store.NotPolice, User: "lin", At: start.Add(time.Minute), Made: true, Copies: 1, Was: store.SaysNegative},
			{Post: first.ID, Label: store.SaysNeutral, User: "lin", At: start, Made: true, Copies: 2, Was: store.SaysNegative},
		}
		r.same("newest first", list(), want)
		r.same("bounded", len(get[[]store.Correction](r)(r.s.Corrections(r.ctx(), 1))), 1)
		r.ok(r.s.DeletePost(r.ctx(), first.ID, "lin", "asked"))
		want[1].Post, want[1].Made, want[1].Copies = copied.ID, false, 1
		r.same("a copy stands for it", list(), want)
		r.ok(r.s.DeletePost(r.ctx(), copied.ID, "lin", "asked"))
		r.same("gone with the last copy", list(), want[:1])
		r.clock.advance(48 * time.Hour)
		get[int](r)(r.s.Purge(r.ctx(), r.clock.now(), 10))
		r.same("gone with retention", len(list()), 0)
		r.sound()
	}},
	{"Refused", func(r *rig) {
		p := r.post(1)
		try := func(id string, l store.Label) error {
			_, err := r.s.Correct(r.ctx(), id, l, "lin")
			return err
		}
		r.is(try(p.ID, store.SaysNeutral), opinion.ErrNotFound)
		r.accept(p)
		r.is(try(p.ID, store.SaysNeutral), opinion.ErrNotFound)
		r.judge(nil, p)
		r.is(try(p.ID, "bad"), opinion.ErrInvalid)
		r.is(try(p.ID, ""), opinion.ErrConflict)
	}},
}

var vocabularyChecks = []check{
	{"Words", func(r *rig) {
		w := opinion.LexiconWord{Word: "踢皮球", Class: "inaction", Weight: 1.2, Note: "本地说法"}
		list := func() []store.OwnWord { return get[[]store.OwnWord](r)(r.s.OwnWords(r.ctx())) }
		r.ok(r.s.SaveWord(r.ctx(), w, "lin"))
		r.audited("edited", "lin", "word 踢皮球")
		r.same("saved", list(), []store.OwnWord{{LexiconWord: w, EditedBy: "lin", EditedAt: start}})
		w.Weight = 2
		r.ok(r.s.SaveWord(r.ctx(), w, "he"))
		r.same("changed", list(), []store.OwnWord{{LexiconWord: w, EditedBy: "he", EditedAt: start}})
		r.ok(r.s.DeleteWord(r.ctx(), w.Word, "lin"))
		r.audited("deleted", "lin", "word 踢皮球")
		r.same("deleted", len(list()), 0)
		r.is(r.s.DeleteWord(r.ctx(), w.Word, "lin"), opinion.ErrNotFound)
		for _, bad := range []string{"", " 词", "两\n行"} {
			r.is(r.s.SaveWord(r.ctx(), opinion.LexiconWord{Word: bad}, "lin"), opinion.ErrInvalid)
		}
	}},
	{"Places", func(r *rig) {
		p := opinion.Place{Name: "河东区", Aliases: []string{"河东"}, Context: []string{"派出所"}}
		list := func() []store.OwnPlace { return get[[]store.OwnPlace](r)(r.s.OwnPlaces(r.ctx())) }
		r.ok(r.s.SavePlace(r.ctx(), p, "lin"))
		r.audited("edited", "lin", "place 河东区")
		r.same("saved", list(), []store.OwnPlace{{Place: p, EditedBy: "lin", EditedAt: start}})
		r.ok(r.s.DeletePlace(r.ctx(), p.Name, "lin"))
		r.audited("deleted", "lin", "place 河东区")
		r.is(r.s.DeletePlace(r.ctx(), p.Name, "lin"), opinion.ErrNotFound)
		r.is(r.s.SavePlace(r.ctx(), opinion.Place{}, "lin"), opinion.ErrInvalid)
	}},
}

var surveyChecks = []check{
	{"TopicSets", func(r *rig) {
		r.take(func(i int, j *store.Judgement) {
			j.Verdict.Topics = [][]string{{"甲"}, {"甲", "乙"}, nil, {"甲"}}[i]
		}, r.post(1), r.post(2), r.post(3), r.post(4))
		old := r.post(5)
		old.Published = start.Add(-time.Hour)
		r.take(nil, old)
		sets := get[[]store.TopicSet](r)(r.s.TopicSets(r.ctx(), start.Add(-30*time.Minute), 100))
		counts := map[string]int{}
		for _, s := range sets {
			counts[fmt.Sprint(s.Topics)] += s.Posts
		}
		r.same("sets", counts, map[string]int{"[甲]": 2, "[甲 乙]": 1, "[]": 1})
		total := 0
		for _, s := range get[[]store.TopicSet](r)(r.s.TopicSets(r.ctx(), time.Time{}, 3)) {
			total += s.Posts
		}
		r.same("bounded", total, 3)
	}},
	{"Sample", func(r *rig) {
		first, _, _ := r.same3()
		sample := func(limit int) (all []store.Sampled) {
			r.ok(r.s.Sample(r.ctx(), start.Add(-time.Hour), start, limit, func(p store.Sampled) error {
				all = append(all, p)
				return nil
			}))
			return all
		}
		all := sample(100)
		r.same("without copies", len(all), 2)
		r.same("a post", all[0], store.Sampled{ID: first.ID, Source: first.Source, Incident: first.ID, Published: first.Published, Folded: verdict(first).Folded, Topics: []string{"窗口服务"}})
		var more []opinion.Post
		for i := range 40 {
			more = append(more, r.post(100+i))
		}
		r.take(nil, more...)
		if n := len(sample(10)); n < 5 || n > 10 {
			r.Errorf("a sample of 10 holds %d", n)
		}
	}},
}
