package storetest

import (
	"time"

	"minsheng/opinion"
	"minsheng/store"
)

func (r *rig) put(u store.User) {
	r.Helper()
	r.ok(r.s.PutUser(r.ctx(), u, "admin"))
}

func user(name string, role store.UserRole) store.User {
	return store.User{Name: name, Role: role, Hash: "hash"}
}

// signIn starts a session that lasts an hour.
func (r *rig) signIn(name, hash string) {
	r.Helper()
	r.ok(r.s.StartSession(r.ctx(), store.Session{Hash: hash, User: name, Expires: start.Add(time.Hour)}))
}

// signedIn says whether a session is live at a time.
func (r *rig) signedIn(hash string, now time.Time) bool {
	r.Helper()
	_, err := r.s.SessionUser(r.ctx(), hash, now)
	if err != nil {
		r.is(err, opinion.ErrNotFound)
	}
	return err == nil
}

var peopleChecks = []check{
	{"Users", func(r *rig) {
		r.put(user(" Zhao ", store.Press))
		r.audited("added user", "admin", "Zhao")
		r.put(user("lin", store.Admin))
		r.same("by name", get[[]store.User](r)(r.s.Users(r.ctx())), []store.User{
			{Name: "lin", Role: store.Admin, Hash: "hash", Created: start}, {Name: "Zhao", Role: store.Press, Hash: "hash", Created: start},
		})
		r.same("case does not matter", get[store.User](r)(r.s.User(r.ctx(), "zHAO ")).Name, "Zhao")
		r.put(user("ZHAO", store.Analyst))
		r.audited("changed user", "admin", "Zhao")
		r.same("no second one", len(get[[]store.User](r)(r.s.Users(r.ctx()))), 2)
		r.same("role", get[store.User](r)(r.s.User(r.ctx(), "Zhao")).Role, store.Analyst)
		_, err := r.s.User(r.ctx(), "nobody")
		r.is(err, opinion.ErrNotFound)
	}},
	{"Refused", func(r *rig) {
		r.is(r.s.PutUser(r.ctx(), user(" ", store.Press), ""), opinion.ErrInvalid)
		r.is(r.s.PutUser(r.ctx(), user("lin", "king"), ""), opinion.ErrInvalid)
		r.is(r.s.PutUser(r.ctx(), store.User{Name: "lin", Role: store.Press}, ""), opinion.ErrInvalid)
	}},
	{"LastAdmin", func(r *rig) {
		r.put(user("lin", store.Admin))
		r.is(r.s.PutUser(r.ctx(), user("lin", store.Press), ""), opinion.ErrConflict)
		off := user("lin", store.Admin)
		off.Disabled = true
		r.is(r.s.PutUser(r.ctx(), off, ""), opinion.ErrConflict)
		r.same("unchanged", get[store.User](r)(r.s.User(r.ctx(), "lin")).Role, store.Admin)
		r.put(user("zhao", store.Admin))
		r.put(off)
		r.is(r.s.PutUser(r.ctx(), user("zhao", store.Analyst), ""), opinion.ErrConflict)
	}},
	{"Sessions", func(r *rig) {
		r.put(user("lin", store.Admin))
		r.signIn("Lin", "s1")
		u := get[store.User](r)(r.s.SessionUser(r.ctx(), "s1", start.Add(time.Minute)))
		r.same("user", u.Name, "lin")
		r.same("seen", get[store.User](r)(r.s.User(r.ctx(), "lin")).LastSeen, start.Add(time.Minute))
		r.same("live", r.signedIn("s1", start.Add(time.Hour-time.Second)), true)
		r.same("expired", r.signedIn("s1", start.Add(time.Hour)), false)
		r.same("unknown", r.signedIn("s2", start), false)
		r.signIn("lin", "s3")
		r.ok(r.s.EndSession(r.ctx(), "s3"))
		r.ok(r.s.EndSession(r.ctx(), "s3"))
		r.same("ended", r.signedIn("s3", start), false)
		r.is(r.s.StartSession(r.ctx(), store.Session{Hash: "s4", User: "nobody", Expires: start}), opinion.ErrNotFound)
	}},
	{"SessionsEnd", func(r *rig) {
		r.put(user("lin", store.Admin))
		r.put(user("zhao", store.Press))
		r.signIn("zhao", "s1")
		r.put(user("zhao", store.Analyst))
		r.same("another role ends none", r.signedIn("s1", start), true)
		r.put(store.User{Name: "zhao", Role: store.Analyst})
		r.same("no hash leaves the password", get[store.User](r)(r.s.User(r.ctx(), "zhao")).Hash, "hash")
		changed := user("zhao", store.Analyst)
		changed.Hash = "new"
		r.put(changed)
		r.same("another hash ends them", r.signedIn("s1", start), false)
		r.signIn("zhao", "s2")
		changed.Disabled = true
		r.put(changed)
		r.same("disabled", r.signedIn("s2", start), false)
		r.is(r.s.StartSession(r.ctx(), store.Session{Hash: "s3", User: "zhao", Expires: start.Add(time.Hour)}), opinion.ErrNotFound)
	}},
	{"AuditLog", func(r *rig) {
		r.ok(r.s.Audit(r.ctx(), store.Entry{User: "lin", Verb: "searched", Object: "窗口", Detail: "20"}))
		r.ok(r.s.Audit(r.ctx(), store.Entry{At: start.Add(time.Second), Verb: "started"}))
		log := get[[]store.Entry](r)(r.s.AuditLog(r.ctx(), 10))
		r.same("newest first", log, []store.Entry{
			{At: start.Add(time.Second), Verb: "started"}, {At: start, User: "lin", Verb: "searched", Object: "窗口", Detail: "20"},
		})
		r.same("limit", len(get[[]store.Entry](r)(r.s.AuditLog(r.ctx(), 1))), 1)
	}},
}
