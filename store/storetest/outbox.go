package storetest

import (
	"strconv"
	"time"

	"minsheng/opinion"
	"minsheng/store"
)

// send raises an alert to one channel and leases its notify task.
func (r *rig) send() (store.Task, int64) {
	r.Helper()
	r.raise(alert("i"), "slack")
	t := r.one(store.Notify)
	id, err := strconv.ParseInt(t.Ref, 10, 64)
	r.ok(err)
	return t, id
}

func (r *rig) delivery(id int64) opinion.Delivery {
	r.Helper()
	return get[opinion.Delivery](r)(r.s.Delivery(r.ctx(), id))
}

func receipt(ok bool) opinion.Receipt {
	if ok {
		return opinion.Receipt{At: start, OK: true, Code: "200", Text: "ok", Message: "m1"}
	}
	return opinion.Receipt{At: start, Code: "429", Text: "slow down", Retry: true, After: 30 * time.Second}
}

var outboxChecks = []check{
	{"Delivered", func(r *rig) {
		t, id := r.send()
		r.ok(r.s.Attempt(r.ctx(), t, receipt(true), time.Time{}))
		d := r.delivery(id)
		r.same("delivery", []any{d.State, d.Channel, d.Number}, []any{opinion.Delivered, "slack", int64(1)})
		r.same("attempts", d.Attempts, []opinion.Receipt{receipt(true)})
		r.same("tasks", r.queueOf(store.Notify).Length, 0)
		r.sound()
	}},
	{"AttemptTwice", func(r *rig) {
		t, id := r.send()
		r.ok(r.s.Attempt(r.ctx(), t, receipt(true), time.Time{}))
		r.ok(r.s.Attempt(r.ctx(), t, receipt(true), time.Time{}))
		r.same("attempts", len(r.delivery(id).Attempts), 1)
	}},
	{"Retried", func(r *rig) {
		t, id := r.send()
		next := start.Add(30 * time.Second)
		r.ok(r.s.Attempt(r.ctx(), t, receipt(false), next))
		d := r.delivery(id)
		r.same("delivery", []any{d.State, d.Due}, []any{opinion.Waiting, next})
		r.same("attempts", d.Attempts, []opinion.Receipt{receipt(false)})
		r.same("early", len(r.lease(store.Notify)), 0)
		r.clock.advance(30 * time.Second)
		t = r.one(store.Notify)
		r.same("counted", t.Attempts, 1)
		r.ok(r.s.Attempt(r.ctx(), t, receipt(true), time.Time{}))
		r.same("ledger", len(r.delivery(id).Attempts), 2)
		r.sound()
	}},
	{"DeadAndRedelivered", func(r *rig) {
		t, id := r.send()
		r.is(r.s.Redeliver(r.ctx(), id, "lin"), opinion.ErrConflict)
		r.ok(r.s.Attempt(r.ctx(), t, receipt(false), time.Time{}))
		r.same("state", r.delivery(id).State, opinion.Dead)
		r.same("tasks", len(r.lease(store.Notify)), 0)
		dead := get[[]opinion.Delivery](r)(r.s.Deliveries(r.ctx(), opinion.Dead, 10))
		r.same("dead", []any{len(dead), dead[0].ID}, []any{1, id})
		r.ok(r.s.Redeliver(r.ctx(), id, "lin"))
		r.audited("redelivered", "lin", "alert 1")
		r.same("state", r.delivery(id).State, opinion.Waiting)
		r.ok(r.s.Attempt(r.ctx(), r.one(store.Notify), receipt(true), time.Time{}))
		r.same("state", r.delivery(id).State, opinion.Delivered)
		r.is(r.s.Redeliver(r.ctx(), 999, "lin"), opinion.ErrNotFound)
		r.sound()
	}},
	{"LateAnswerIsKept", func(r *rig) {
		first, id := r.send()
		r.clock.advance(time.Minute)
		second := r.one(store.Notify)
		r.is(r.s.Attempt(r.ctx(), first, receipt(true), time.Time{}), opinion.ErrLeaseLost)
		r.same("it was delivered all the same", []any{r.delivery(id).State, len(r.delivery(id).Attempts)}, []any{opinion.Delivered, 1})
		r.ok(r.s.Attempt(r.ctx(), second, receipt(false), time.Time{}))
		r.same("and stays so", r.delivery(id).State, opinion.Delivered)
	}},
	{"Tested", func(r *rig) {
		r.ok(r.s.Tested(r.ctx(), "hook", "lin", receipt(true)))
		r.audited("tested", "lin", "hook")
		r.ok(r.s.Tested(r.ctx(), "hook", "lin", receipt(false)))
		all := get[[]opinion.Delivery](r)(r.s.Deliveries(r.ctx(), "", 10))
		r.same("newest first", []opinion.DeliveryState{all[0].State, all[1].State}, []opinion.DeliveryState{opinion.Dead, opinion.Delivered})
		r.same("a test that failed waits for nobody", len(get[[]opinion.Delivery](r)(r.s.Deliveries(r.ctx(), opinion.Dead, 10))), 0)
		r.same("of no alert", all[1].Alert, "")
		r.same("last delivered", get[map[string]opinion.Receipt](r)(r.s.LastDelivered(r.ctx())), map[string]opinion.Receipt{"hook": receipt(true)})
		r.is(r.s.Redeliver(r.ctx(), all[0].ID, "lin"), opinion.ErrConflict)
		r.same("tasks", r.queueOf(store.Notify).Length, 0)
	}},
	{"Deliveries", func(r *rig) {
		r.raise(alert("i"), "a", "b", "c")
		all := get[[]opinion.Delivery](r)(r.s.Deliveries(r.ctx(), "", 2))
		r.same("limit", len(all), 2)
		if all[0].ID < all[1].ID {
			r.Error("deliveries are not newest first")
		}
		r.same("none dead", len(get[[]opinion.Delivery](r)(r.s.Deliveries(r.ctx(), opinion.Dead, 5))), 0)
		_, err := r.s.Delivery(r.ctx(), 999)
		r.is(err, opinion.ErrNotFound)
	}},
}
