package storetest

import (
	"slices"
	"strconv"
	"time"

	"minsheng/opinion"
	"minsheng/store"
)

// alert is an alert as the watch would raise it.
func alert(incident string) opinion.Alert {
	return opinion.Alert{
		Incident: incident, Title: "窗口事件", Level: opinion.Notice, Topics: []string{"窗口服务"},
		Rise: opinion.Rise{
			Series: topic, Start: start.Add(-time.Hour), End: start, Total: 20, Negative: 15, Expected: 2.5, Usual: 0.25,
			Voices: 12, Texts: 9, Sources: 3, Score: 4.5, Window: time.Hour,
		},
		Examples: []opinion.Example{{PostID: "p", Title: "标题", Excerpt: "节选", Source: "柳川论坛", URL: "https://forum.example/1", Published: start}},
		Words:    []opinion.Word{{Text: "排队", Weight: -1.5, Posts: 7}},
	}
}

// raise raises an alert and says whether it is new.
func (r *rig) raise(a opinion.Alert, channels ...string) (opinion.Alert, bool) {
	r.Helper()
	a, raised, err := r.s.Raise(r.ctx(), a, channels)
	r.ok(err)
	return a, raised
}

func (r *rig) alertPage(number int64) store.AlertPage {
	r.Helper()
	return get[store.AlertPage](r)(r.s.AlertByNumber(r.ctx(), number))
}

// verbs are the notes on an alert, in order.
func (r *rig) verbs(number int64) []string {
	r.Helper()
	var all []string
	for _, n := range r.alertPage(number).Notes {
		all = append(all, n.Verb)
	}
	return all
}

var alertChecks = []check{
	{"Raise", func(r *rig) {
		got, raised := r.raise(alert("i"), "slack", "hook", "slack")
		want := alert("i")
		want.ID, want.Number, want.State = opinion.AlertID("i", 1), 1, opinion.Open
		want.Raised, want.Updated = start, start
		r.same("raised", raised, true)
		r.same("alert", got, want)
		page := r.alertPage(1)
		r.same("stored", page.Alert, want)
		r.same("notes", page.Notes, []opinion.Note{{At: start, Verb: "raised"}})
		tasks := refs(r.lease(store.Notify))
		slices.Sort(tasks)
		var ids, channels []string
		for _, d := range page.Deliveries {
			ids = append(ids, strconv.FormatInt(d.ID, 10))
			channels = append(channels, d.Channel)
			r.same("delivery", []any{d.Alert, d.Number, d.State, d.Due}, []any{want.ID, int64(1), opinion.Waiting, start})
		}
		slices.Sort(channels)
		slices.Sort(ids)
		r.same("channels", channels, []string{"hook", "slack"})
		r.same("notify tasks", tasks, ids)
		r.sound()
	}},
	{"SameEpisode", func(r *rig) {
		r.raise(alert("i"), "slack")
		r.clock.advance(opinion.EpisodeGap - time.Millisecond)
		more := alert("i")
		more.Level, more.Title, more.Topics = opinion.Warn, "别的标题", []string{"户籍"}
		more.Rise.Negative, more.Words, more.Examples = 30, nil, nil
		got, raised := r.raise(more, "slack", "hook")
		r.same("raised", raised, false)
		r.same("alert", []any{got.Number, got.Level, got.Title, got.Topics, got.Rise.Negative, len(got.Words), len(got.Examples), got.Raised, got.Updated},
			[]any{int64(1), opinion.Warn, "窗口事件", []string{"窗口服务", "户籍"}, 30, 0, 0, start, r.clock.now()})
		r.same("stored", r.alertPage(1).Alert, got)
		r.same("deliveries", len(r.alertPage(1).Deliveries), 1)
		less := alert("i")
		got, _ = r.raise(less)
		r.same("level only rises", got.Level, opinion.Warn)
	}},
	{"NewEpisode", func(r *rig) {
		r.raise(alert("i"))
		r.clock.advance(5 * time.Hour)
		r.raise(alert("i")) // seen again: the gap counts from here
		r.clock.advance(5 * time.Hour)
		_, raised := r.raise(alert("i"))
		r.same("raised within the gap", raised, false)
		r.clock.advance(opinion.EpisodeGap)
		got, raised := r.raise(alert("i"), "slack")
		r.same("raised after it", raised, true)
		r.same("identity", []any{got.ID, got.Number}, []any{opinion.AlertID("i", 2), int64(2)})
		r.same("deliveries", len(r.alertPage(2).Deliveries), 1)
	}},
	{"ClosedInEpisode", func(r *rig) {
		r.raise(alert("i"), "slack")
		r.ok(r.s.Act(r.ctx(), 1, "closed", "lin", "done"))
		got, raised := r.raise(alert("i"), "slack")
		r.same("closed stays closed", []any{raised, got.State}, []any{false, opinion.Closed})
	}},
	{"NotesDoNotFlood", func(r *rig) {
		r.raise(alert("i"))
		for range 13 {
			r.clock.advance(10 * time.Minute)
			r.raise(alert("i"))
		}
		r.same("hourly", r.verbs(1), []string{"raised", "updated", "updated"})
		worse := alert("i")
		worse.Level = opinion.Urgent
		r.raise(worse)
		r.same("and when it gets worse", len(r.verbs(1)), 4)
	}},
	{"OthersAreOthers", func(r *rig) {
		r.raise(alert("i"))
		got, raised := r.raise(alert("k"))
		r.same("another incident", []any{raised, got.Number}, []any{true, int64(2)})
		_, _, err := r.s.Raise(r.ctx(), alert(""), nil)
		r.is(err, opinion.ErrInvalid)
	}},
	{"Active", func(r *rig) {
		r.raise(alert("i"))
		r.raise(alert("k"))
		r.clock.advance(time.Hour)
		r.raise(alert("i"))
		numbers := func(since time.Time) (all []int64) {
			for _, a := range get[[]opinion.Alert](r)(r.s.Active(r.ctx(), since)) {
				all = append(all, a.Number)
			}
			return all
		}
		r.same("all", numbers(start), []int64{2, 1})
		r.same("seen lately", numbers(start.Add(time.Minute)), []int64{1})
	}},
}
