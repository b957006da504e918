package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"minsheng/opinion"
	"minsheng/store"
)

// FinishFetch records the outcome of a leased address.
func (s *Store) FinishFetch(ctx context.Context, f store.Fetch, o store.Outcome) error {
	return s.FinishFetches(ctx, []store.Finished{{Fetch: f, Outcome: o}})
}

// FinishFetches records the outcomes of leased addresses.
func (s *Store) FinishFetches(ctx context.Context, all []store.Finished) error {
	var lost []error
	done := map[int64]int64{} // tokens by address
	var ended map[int64]*lease
	err := s.write(ctx, "finish addresses", func(t *tx) error {
		b := &finisher{t: t, delays: map[string]int64{}}
		for _, f := range all {
			a, held := s.leases.of(f.ID, f.Token)
			if _, twice := done[f.ID]; !held || twice { // a second outcome of one lease is lost
				lost = append(lost, fmt.Errorf("%w: %s", opinion.ErrLeaseLost, f.URL))
				continue
			}
			done[f.ID] = f.Token
			if err := b.finish(a, f.Fetch, f.Outcome); err != nil {
				return err
			}
		}
		if err := b.writeSources(); err != nil {
			return err
		}
		// Before the commit: whoever sees an outcome must not see its lease any more.
		ended = s.leases.finish(done)
		return nil
	})
	if err != nil {
		s.leases.restore(ended)
		return err
	}
	return fail("finish addresses", errors.Join(lost...))
}

// finisher records outcomes. What it writes of a source is gathered, because
// many outcomes in one commit are of one source.
type finisher struct {
	t       *tx
	delays  map[string]int64 // of the hosts as written in this commit, in milliseconds
	sources []*sourceMark
}

func (b *finisher) finish(a lease, f store.Fetch, o store.Outcome) error {
	if o.Postponed {
		return b.t.postpone(a, f, o)
	}
	m := b.source(a.source)
	links := b.t.linker(m, a.first != 0, f.Depth+1)
	if err := links.addAll(o.Links); err != nil {
		return err
	}
	o = links.settle(f, o)
	next, opened := passAfter(f, o, a.first, links)
	if a.again && (o.Next.IsZero() || o.Next.After(at(b.t.now))) {
		o.Next = at(b.t.now)
	}
	if err := b.t.markAddress(a, f, o, next); err != nil {
		return err
	}
	if err := b.paceHost(a, o); err != nil {
		return err
	}
	m.opened += opened
	m.note(b.t.now, f, o, a.first != 0)
	if links.left > 0 {
		m.fault, m.faultURL = links.overflow(), f.URL
	}
	return nil
}

// postpone gives an address back that was not asked.
func (t *tx) postpone(a lease, f store.Fetch, o store.Outcome) error {
	wait := max(ms(o.Next), t.now)
	due := wait
	if a.again {
		due = t.now
	}
	if err := t.exec(`UPDATE frontier SET due = ? WHERE id = ?`, due, f.ID); err != nil {
		return err
	}
	return t.exec(`UPDATE host SET next = MAX(next, ?), delay = MAX(delay, ?) WHERE name = ?`, wait, o.Delay.Milliseconds(), a.host)
}

// passAfter is the state of the address's first pass after the outcome, and by
// how much the source's count of open ones changes.
func passAfter(f store.Fetch, o store.Outcome, first int64, links *linker) (next int64, opened int) {
	next, opened = first, links.opened
	over := o.Fault == nil || o.Next.IsZero()
	late := !over && f.Attempts+1 >= patience
	if first == firstOpen && (over || late) {
		opened--
	}
	switch {
	case first == 0 || over:
		next = 0
	case late:
		next = firstLate
	}
	return next, opened
}

func (t *tx) markAddress(a lease, f store.Fetch, o store.Outcome, first int64) error {
	due := nullTime(o.Next)
	if !due.Valid && f.Role != store.EntryRole {
		return t.putAway(a, f, o)
	}
	if o.Fault != nil {
		return t.exec(`UPDATE frontier SET due = ?, first = ?, attempts = attempts + 1 WHERE id = ?`, due, first, f.ID)
	}
	full := ms(f.FullAt)
	etag, modified := o.ETag, o.LastModified
	if o.NotModified {
		// A 304 need not repeat them; what it repeats counts.
		etag, modified = cmp.Or(etag, f.ETag), cmp.Or(modified, f.LastModified)
	} else {
		full = t.now
	}
	changed := a.changed
	if o.Changed || changed == 0 {
		changed = t.now
	}
	// An address of the past is an ordinary one once it has been read.
	return t.exec(`UPDATE frontier SET due = ?, first = ?, attempts = 0, etag = ?, modified = ?, changed = ?, full_at = ?, rank = ? WHERE id = ?`,
		due, first, etag, modified, changed, full, rankOf(f.Role, false), f.ID)
}

// paceHost keeps the delay that the host asks for. A fetch that failed may not
// have learned it and takes none away.
func (b *finisher) paceHost(a lease, o store.Outcome) error {
	delay := o.Delay.Milliseconds()
	known, written := b.delays[a.host]
	if !written {
		known = a.delay
	}
	if delay == known || delay == 0 && o.Fault != nil {
		return nil
	}
	b.delays[a.host] = delay
	return b.t.exec(`UPDATE host SET next = CASE WHEN ?1 > delay THEN MAX(next, ?2 + ?1) ELSE next END, delay = ?1 WHERE name = ?3`,
		delay, b.t.now, a.host)
}

// sourceMark is what the outcomes of one commit say of their source.
type sourceMark struct {
	name     string
	opened   int // first passes, more or less
	ok       bool
	failures int // since the last success among them
	posts    int
	fault    *opinion.Fault
	faultURL string
	health   health
	fresh    int // posts that were found after a first pass

	measured bool // what follows was read
	held     bool // its new addresses are
	room     int  // addresses of it that may still wait
}

// source is the mark of a source.
func (b *finisher) source(name string) *sourceMark {
	for _, m := range b.sources {
		if m.name == name {
			return m
		}
	}
	m := &sourceMark{name: name}
	b.sources = append(b.sources, m)
	return m
}

// note adds one outcome.
func (m *sourceMark) note(now int64, f store.Fetch, o store.Outcome, first bool) {
	m.posts += o.Posts
	if !first {
		m.fresh += o.Posts
	}
	m.health.note(f, o)
	if o.Fault == nil {
		m.ok, m.failures = true, 0
		return
	}
	m.failures++
	m.fault, m.faultURL = o.Fault, f.URL
}

func (b *finisher) writeSources() error {
	for _, m := range b.sources {
		if err := b.t.markSource(m); err != nil {
			return err
		}
		if err := b.t.markHealth(m); err != nil {
			return err
		}
	}
	return nil
}

// markSource moves the record of a source. A fault stays after a success, with
// its time.
func (t *tx) markSource(m *sourceMark) error {
	fault, faultAt := "", int64(0)
	if m.fault != nil {
		fault, faultAt = writeFault(m.fault), t.now
	}
	return t.exec(`UPDATE source SET `+movePasses+`, tried = ?2, ok = CASE WHEN ?3 THEN ?2 ELSE ok END,
		failures = CASE WHEN ?3 THEN ?4 ELSE failures + ?4 END,
		posts = posts + ?5, new_post = CASE WHEN ?5 > 0 THEN ?2 ELSE new_post END,
		fault = CASE WHEN ?6 = '' THEN fault ELSE ?6 END, fault_url = CASE WHEN ?6 = '' THEN fault_url ELSE ?7 END,
		fault_at = CASE WHEN ?6 = '' THEN fault_at ELSE ?8 END WHERE name = ?9`,
		m.opened, t.now, m.ok, m.failures, m.posts, fault, m.faultURL, faultAt, m.name)
}

// nullTime is a time as it is stored where none is NULL.
func nullTime(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: ms(t), Valid: !t.IsZero()}
}
