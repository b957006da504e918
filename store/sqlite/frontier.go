package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"maps"
	"slices"
	"time"

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

// roleOf is the role that has a rank.
func roleOf(rank int) store.Role {
	switch rank {
	case rankEntry:
		return store.EntryRole
	case rankIndex, rankPastIndex:
		return store.IndexRole
	default:
		return store.PageRole
	}
}

// A host whose pause is at most brief gets several addresses at a time: what
// fits into burst, and no more than burstMost.
const (
	brief     = 12 * time.Millisecond
	burst     = 100 * time.Millisecond
	burstMost = 32
)

// fetchColumns are what scanDue reads of a row of frontier (f), host (h) and
// source (s).
const fetchColumns = `f.id, f.url, f.source, f.rank, f.depth, f.first, f.etag, f.modified, f.published, f.changed, f.full_at, f.attempts,
	f.host, h.delay, COALESCE(s.rate / 1000000, 0)`

// firstDue takes the first due address of each host whose pause is over, one
// of the lowest rank: the work grows with the hosts and not with the addresses
// that wait. The sums keep SQLite from planning anew for each number that is
// bound.
const firstDue = `WITH r(rank) AS (VALUES (0), (1), (2), (3), (4)),
	due AS MATERIALIZED (SELECT h.name, h.next, r.rank, (SELECT f.id FROM frontier f WHERE f.host = h.name AND f.rank = r.rank AND f.due IS NOT NULL
		AND f.held = 0 AND f.due <= ?1 - 0 AND f.id NOT IN (SELECT value FROM json_each(?3)) ORDER BY f.due LIMIT 1) AS id
		FROM host h, r WHERE h.next <= ?1 AND h.name NOT IN (SELECT value FROM json_each(?4))),
	first AS MATERIALIZED (SELECT id, MIN(rank) AS rank, next FROM due WHERE id IS NOT NULL GROUP BY name ORDER BY 2, 3, 1 LIMIT ?2 + 0)
	SELECT ` + fetchColumns + ` FROM first CROSS JOIN frontier f ON f.id = first.id JOIN host h ON h.name = f.host LEFT JOIN source s ON s.name = f.source
	ORDER BY first.rank, first.next, first.id`

// moreDue takes more due addresses of one host.
const moreDue = `SELECT ` + fetchColumns + ` FROM frontier f JOIN host h ON h.name = f.host LEFT JOIN source s ON s.name = f.source
	WHERE f.host = ?1 AND f.rank = ?2 AND f.due IS NOT NULL AND f.held = 0 AND f.due <= ?3 - 0 AND f.id NOT IN (SELECT value FROM json_each(?4))
	ORDER BY f.due LIMIT ?5 + 0`

// LeaseFetches leases due addresses.
func (s *Store) LeaseFetches(ctx context.Context, n int, hold time.Duration) ([]store.Fetch, error) {
	var fetches []store.Fetch
	err := s.write(ctx, "lease addresses", func(t *tx) error {
		leased, waiting := s.leases.busy(t.now)
		rows, err := t.rows(firstDue, t.now, n, text(noNil(slices.Concat(slices.Collect(maps.Values(leased))...))), text(noNil(waiting)))
		all, err := collect(rows, err, scanDue)
		if err == nil {
			all, err = t.burst(all, n, leased)
		}
		if err != nil {
			return err
		}
		token := s.leases.take(all, t.now, t.now+hold.Milliseconds())
		fetches = make([]store.Fetch, len(all))
		for i, f := range all {
			fetches[i], fetches[i].Token = f.Fetch, token
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return fetches, nil
}

// burst adds to the first address of each host what fast hosts are sent at the
// same time, up to n in all: the second of each, then the third, so that many
// hosts are asked side by side.
func (t *tx) burst(all []dueFetch, n int, leased map[string][]int64) ([]dueFetch, error) {
	var fast []dueFetch
	for _, f := range all {
		if f.pause() <= brief.Milliseconds() {
			fast = append(fast, f)
		}
	}
	fast = fast[:min(len(fast), n-len(all))]
	if len(fast) == 0 {
		return all, nil
	}
	share := (n - len(all)) / len(fast)
	more := make([][]dueFetch, len(fast))
	for i, f := range fast {
		most := min(burst.Milliseconds()/max(f.pause(), 1), burstMost) - 1
		rows, err := t.rows(moreDue, f.host, f.rank, t.now, text(append(leased[f.host], f.ID)), min(int(most), share))
		if more[i], err = collect(rows, err, scanDue); err != nil {
			return nil, err
		}
	}
	for at := range share {
		for _, of := range more {
			if at < len(of) {
				all = append(all, of[at])
			}
		}
	}
	return all, nil
}

// dueFetch is an address with what its outcome will be judged by.
type dueFetch struct {
	store.Fetch
	rank  int
	first int64
	host  string
	delay int64 // of the host, in milliseconds
	rate  int64 // of the source, in milliseconds
}

// pause is how long the host waits after this address.
func (f *dueFetch) pause() int64 { return max(f.delay, f.rate) }

func scanDue(rows *sql.Rows) (f dueFetch, err error) {
	err = rows.Scan(&f.ID, &f.URL, &f.Source, &f.rank, &f.Depth, &f.first, &f.ETag, &f.LastModified,
		timeVar{&f.Published}, timeVar{&f.Changed}, timeVar{&f.FullAt}, &f.Attempts, &f.host, &f.delay, &f.rate)
	f.Role, f.First = roleOf(f.rank), f.first != 0
	return f, err
}

// noNil is a list that JSON does not write as null.
func noNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// NextFetch is when the next address may be asked, or a lease runs out.
func (s *Store) NextFetch(ctx context.Context) (time.Time, error) {
	now := ms(s.now())
	until, waiting := s.leases.next(now)
	leased, _ := s.leases.busy(now)
	ids := slices.Concat(slices.Collect(maps.Values(leased))...)
	rows, err := s.f.R.QueryContext(ctx, `WITH r(rank) AS (VALUES (0), (1), (2), (3), (4))
		SELECT name, MIN(MAX(next, due)) FROM (SELECT h.name, h.next, (SELECT MIN(due) FROM (SELECT f.due FROM frontier f WHERE f.host = h.name
			AND f.rank = r.rank AND f.due IS NOT NULL AND f.held = 0 AND f.id NOT IN (SELECT value FROM json_each(?)) ORDER BY f.due LIMIT 1)) AS due
		FROM host h, r) WHERE due IS NOT NULL GROUP BY name`, text(noNil(ids)))
	next := until
	_, err = collect(rows, err, func(rows *sql.Rows) (_ struct{}, err error) {
		var host string
		var due int64
		if err = rows.Scan(&host, &due); err == nil {
			due = max(due, waiting[host])
			next = min(cmp.Or(next, due), due)
		}
		return struct{}{}, err
	})
	return at(next), fail("read next address", err)
}
