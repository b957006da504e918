package storetest

import (
	"time"

	"minsheng/opinion"
	"minsheng/store"
)

// does acts on alert 1 and wants it to work.
func (r *rig) does(verb, user, text string) opinion.Alert {
	r.Helper()
	r.ok(r.s.Act(r.ctx(), 1, verb, user, text))
	return r.alertPage(1).Alert
}

var deskChecks = []check{
	{"Take", func(r *rig) {
		r.raise(alert("i"))
		r.clock.advance(time.Minute)
		a := r.does("taken", "lin", "")
		r.same("alert", []any{a.State, a.Owner, a.Taken}, []any{opinion.Taken, "lin", r.clock.now()})
		r.audited("taken", "lin", "alert 1")
		r.does("taken", "lin", "")
		r.same("notes", r.verbs(1), []string{"raised", "taken"})
		r.is(r.s.Act(r.ctx(), 1, "taken", "zhao", ""), opinion.ErrConflict)
		r.same("owner", r.alertPage(1).Owner, "lin")
	}},
	{"Close", func(r *rig) {
		r.raise(alert("i"))
		r.does("taken", "lin", "")
		a := r.does("closed", "lin", "已经回应")
		r.same("alert", []any{a.State, a.Owner, a.Closed}, []any{opinion.Closed, "lin", start})
		r.is(r.s.Act(r.ctx(), 1, "taken", "lin", ""), opinion.ErrConflict)
		notes := r.alertPage(1).Notes
		r.same("note", notes[len(notes)-1], opinion.Note{At: start, User: "lin", Verb: "closed", Text: "已经回应"})
		a = r.does("reopened", "zhao", "")
		r.same("reopened", []any{a.State, a.Owner, a.Taken, a.Closed}, []any{opinion.Open, "", time.Time{}, time.Time{}})
		r.does("taken", "zhao", "")
	}},
	{"FalseAlarm", func(r *rig) {
		r.raise(alert("i"))
		a := r.does("false", "lin", "是开放日")
		r.same("alert", []any{a.State, a.Closed}, []any{opinion.FalseAlarm, start})
		r.audited("false", "lin", "alert 1")
	}},
	{"Note", func(r *rig) {
		r.raise(alert("i"))
		a := r.does("note", "lin", "已电话联系")
		r.same("state", a.State, opinion.Open)
		r.same("notes", r.verbs(1), []string{"raised", "note"})
		r.is(r.s.Act(r.ctx(), 1, "note", "lin", " "), opinion.ErrInvalid)
	}},
	{"Refused", func(r *rig) {
		r.raise(alert("i"))
		r.is(r.s.Act(r.ctx(), 1, "erased", "lin", ""), opinion.ErrInvalid)
		r.is(r.s.Act(r.ctx(), 1, "taken", "", ""), opinion.ErrInvalid)
		r.is(r.s.Act(r.ctx(), 7, "taken", "lin", ""), opinion.ErrNotFound)
		_, err := r.s.AlertByNumber(r.ctx(), 7)
		r.is(err, opinion.ErrNotFound)
		_, err = r.s.Incident(r.ctx(), "none")
		r.is(err, opinion.ErrNotFound)
	}},
	{"Alerts", func(r *rig) {
		for _, i := range []string{"a", "b", "c"} {
			r.raise(alert(i))
		}
		r.does("closed", "lin", "")
		numbers := func(q store.AlertQuery) (all []int64) {
			for _, a := range get[[]opinion.Alert](r)(r.s.Alerts(r.ctx(), q)) {
				all = append(all, a.Number)
			}
			return all
		}
		r.same("all", numbers(store.AlertQuery{}), []int64{3, 2, 1})
		r.same("open", numbers(store.AlertQuery{States: []opinion.AlertState{opinion.Open, opinion.Taken}}), []int64{3, 2})
		r.same("page", numbers(store.AlertQuery{Before: 3, Limit: 1}), []int64{2})
	}},
}
