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

// The states of an address's first pass. A late one has failed so often that
// the rest does not wait for it any longer; when it answers after all, what it
// links to opens the first pass again.
const (
	firstOpen = 1
	firstLate = 2
)

// patience is how many failures an address's first pass may have before the
// rest stops waiting for it.
const patience = 3

// freshAge is how old a post may be to come before those of the past, and to
// be watched. Ahead is how far in the future a page's clock may be.
const (
	freshAge = 3 * time.Hour
	ahead    = 10 * time.Minute
)

// The ranks in which addresses of one host are asked. Within a rank the one
// that has been due longest comes first.
const (
	rankEntry = iota
	rankIndex
	rankPage
	rankPastIndex
	rankPastPage
)

func rankOf(role store.Role, past bool) int {
	switch {
	case role == store.EntryRole:
		return rankEntry
	case role == store.IndexRole && past:
		return rankPastIndex
	case role == store.IndexRole:
		return rankIndex
	case past:
		return rankPastPage
	default:
		return rankPage
	}
}

// LeaseFetches walks over the hosts whose pause is over, rank by rank, and
// takes the first due address of each: the work grows with the hosts and not
// with the addresses that wait.
func (s *Store) LeaseFetches(ctx context.Context, n int, hold time.Duration) ([]store.Fetch, error) {
	var all []store.Fetch
	err := s.write(ctx, "lease addresses", func(t *tx) error {
		token, err := t.next("token", 1)
		if err != nil {
			return err
		}
		for rank := rankEntry; rank <= rankPastPage && len(all) < n; rank++ {
			ids, err := collectInts(t.rows(`SELECT id FROM (SELECT h.next, (SELECT f.id FROM frontier f WHERE f.host = h.name AND f.rank = ?1
				AND f.due IS NOT NULL AND f.held = 0 AND f.due <= ?2 ORDER BY f.due LIMIT 1) AS id
				FROM host h WHERE h.next <= ?2) WHERE id IS NOT NULL ORDER BY next, id LIMIT ?3`, rank, t.now, n-len(all)))
			if err != nil {
				return err
			}
			for _, id := range ids {
				f, err := t.leaseFetch(id, token, hold)
				if err != nil {
					return err
				}
				all = append(all, f)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

func (t *tx) leaseFetch(id, token int64, hold time.Duration) (f store.Fetch, err error) {
	var first int64
	var host string
	err = t.row(`UPDATE frontier SET token = ?, due = ?, again = 0 WHERE id = ?
		RETURNING id, url, source, role, depth, first, etag, modified, title, published, changed, full_at, attempts, token, host`,
		token, t.now+hold.Milliseconds(), id).
		Scan(&f.ID, &f.URL, &f.Source, &f.Role, &f.Depth, &first, &f.ETag, &f.LastModified, &f.Title,
			timeVar{&f.Published}, timeVar{&f.Changed}, timeVar{&f.FullAt}, &f.Attempts, &f.Token, &host)
	if err != nil {
		return f, err
	}
	f.First = first != 0
	return f, t.exec(`UPDATE host SET next = ?1 + MAX(delay, COALESCE((SELECT rate / 1000000 FROM source WHERE name = ?2), 0)) WHERE name = ?3`,
		t.now, f.Source, host)
}

// FinishFetch records the outcome of a leased address.
func (s *Store) FinishFetch(ctx context.Context, f store.Fetch, o store.Outcome) error {
	return s.write(ctx, "finish address", func(t *tx) error {
		var first, again, changed int64
		var source, host string
		err := t.row(`SELECT first, again, changed, source, host FROM frontier WHERE id = ? AND token = ?`, f.ID, f.Token).
			Scan(&first, &again, &changed, &source, &host)
		if errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("%w: %s", opinion.ErrLeaseLost, f.URL)
		}
		if err != nil {
			return err
		}
		links := t.linker(source, first != 0, f.Depth+1)
		for _, l := range o.Links {
			if err := links.add(l); err != nil {
				return err
			}
		}
		next, opened := t.passAfter(f, o, first, links)
		if err := t.openPasses(source, opened); err != nil {
			return err
		}
		if err := t.markAddress(f, o, next, changed, again); err != nil {
			return err
		}
		if err := t.paceHost(host, o); err != nil {
			return err
		}
		return t.markSource(source, f, o)
	})
}

// passAfter is the state of the address's first pass after the outcome, and by
// how much the source's count of open ones changes.
func (t *tx) passAfter(f store.Fetch, o store.Outcome, first int64, links *linker) (next int64, opened int) {
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

func (t *tx) markAddress(f store.Fetch, o store.Outcome, first, changed, again int64) error {
	due := nullTime(o.Next)
	if again != 0 && (!due.Valid || due.Int64 > again) {
		due = sql.NullInt64{Int64: again, Valid: true}
	}
	if o.Fault != nil {
		return t.exec(`UPDATE frontier SET token = 0, again = 0, due = ?, first = ?, attempts = attempts + 1 WHERE id = ?`, due, first, f.ID)
	}
	full := ms(f.FullAt)
	etag, modified := o.ETag, o.LastModified
	if o.NotModified {
		// A 304 need not repeat them; what it repeats counts.
		etag, modified = cmp.Or(etag, f.ETag), cmp.Or(modified, f.LastModified)
	} else {
		full = t.now
	}
	if o.Changed || changed == 0 {
		changed = t.now
	}
	// An address of the past is an ordinary one once it has been read.
	return t.exec(`UPDATE frontier SET token = 0, again = 0, due = ?, first = ?, attempts = 0, etag = ?, modified = ?, changed = ?, full_at = ?, rank = ? WHERE id = ?`,
		due, first, etag, modified, changed, full, rankOf(f.Role, false), f.ID)
}

// paceHost keeps the delay that the host asks for. A fetch that failed may not
// have learned it and takes none away.
func (t *tx) paceHost(host string, o store.Outcome) error {
	delay := o.Delay.Milliseconds()
	if delay == 0 && o.Fault != nil {
		return nil
	}
	return t.exec(`UPDATE host SET next = CASE WHEN ?1 > delay THEN MAX(next, ?2 + ?1) ELSE next END, delay = ?1 WHERE name = ?3 AND delay <> ?1`,
		delay, t.now, host)
}

func (t *tx) markSource(source string, f store.Fetch, o store.Outcome) error {
	if o.Fault != nil {
		return t.exec(`UPDATE source SET tried = ?1, failures = failures + 1, fault = ?2, fault_url = ?3, fault_at = ?1,
			posts = posts + ?4, new_post = CASE WHEN ?4 > 0 THEN ?1 ELSE new_post END WHERE name = ?5`,
			t.now, writeFault(o.Fault), f.URL, o.Posts, source)
	}
	return t.exec(`UPDATE source SET tried = ?1, ok = ?1, failures = 0,
		posts = posts + ?2, new_post = CASE WHEN ?2 > 0 THEN ?1 ELSE new_post END WHERE name = ?3`, t.now, o.Posts, source)
}

// linker adds what was found on one address.
type linker struct {
	t      *tx
	source string
	past   bool // found in a first pass
	depth  int
	held   bool
	ready  bool
	opened int // links that opened a first pass
}

func (t *tx) linker(source string, past bool, depth int) *linker {
	return &linker{t: t, source: source, past: past, depth: depth}
}

func (l *linker) add(k store.Link) error {
	t := l.t
	if !l.ready {
		err := t.row(`SELECT paused OR NOT active FROM source WHERE name = ?`, l.source).Scan(&l.held)
		if err != nil {
			return missing(err)
		}
		l.ready = true
	}
	// A link of a first pass that says it is fresh need not wait behind the past.
	said := ms(k.Published)
	past := l.past && said < t.now-freshAge.Milliseconds()
	host := hostOf(k.URL)
	n, err := t.count(`INSERT INTO frontier (url, source, host, role, rank, depth, first, held, due, title, published)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (url) DO NOTHING`,
		k.URL, l.source, host, k.Role, rankOf(k.Role, past), l.depth, l.past, l.held, t.now, k.Title, said)
	if err != nil {
		return err
	}
	if n > 0 {
		if l.past {
			l.opened++
		}
		return t.exec(`INSERT INTO host (name) VALUES (?) ON CONFLICT DO NOTHING`, host)
	}
	if said == 0 {
		return nil
	}
	// Known. The time that was said is kept, so that one in the future asks
	// once and not for ever.
	return t.exec(`UPDATE frontier SET published = ?1, title = ?2,
		held = (SELECT s.paused OR NOT s.active FROM source s WHERE s.name = frontier.source),
		due = CASE WHEN token <> 0 AND due > ?3 THEN due WHEN due < ?3 THEN due ELSE ?3 END,
		again = CASE WHEN token <> 0 AND due > ?3 THEN ?3 ELSE 0 END
		WHERE url = ?4 AND role <> 'entry' AND changed <> 0 AND ?1 > changed AND ?1 > published`,
		said, k.Title, t.now, k.URL)
}

// NextFetch is when the next address may be asked.
func (s *Store) NextFetch(ctx context.Context) (time.Time, error) {
	var next sql.NullInt64
	err := s.f.R.QueryRowContext(ctx, `WITH r(rank) AS (VALUES (0), (1), (2), (3), (4))
		SELECT MIN(MAX(next, due)) FROM (SELECT h.next, (SELECT MIN(f.due) FROM frontier f WHERE f.host = h.name AND f.rank = r.rank
		AND f.due IS NOT NULL AND f.held = 0) AS due FROM host h, r) WHERE due IS NOT NULL`).Scan(&next)
	return at(next.Int64), fail("read next address", err)
}

// collectInts collects a column of numbers.
func collectInts(rows *sql.Rows, err error) ([]int64, error) { return collect(rows, err, one[int64]) }

// nullTime is a time as it is stored where none is NULL.
func nullTime(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: ms(t), Valid: !t.IsZero()}
}
