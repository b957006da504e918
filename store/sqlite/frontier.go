package sqlite

import (
	"cmp"
	"context"
	"database/sql"
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

// A host whose pause is short gets several addresses at a time: what fits into
// burst, and no more than burstMost.
const (
	burst     = 100 * time.Millisecond
	burstMost = 8
)

// dueAddresses takes the first due addresses of each host whose pause is over,
// those of the lowest rank: the work grows with the hosts and not with the
// addresses that wait. The sums keep SQLite from planning anew for each number
// that is bound.
const dueAddresses = `WITH r(rank) AS (VALUES (0), (1), (2), (3), (4))
	SELECT ids FROM (SELECT MIN(rank) AS rank, next, ids FROM (SELECT h.name, h.next, r.rank,
		(SELECT json_group_array(id) FROM (SELECT f.id FROM frontier f WHERE f.host = h.name AND f.rank = r.rank AND f.due IS NOT NULL
			AND f.held = 0 AND f.due <= ?1 - 0 AND f.id NOT IN (SELECT value FROM json_each(?3)) ORDER BY f.due LIMIT ?5 + 0)) AS ids
		FROM host h, r WHERE h.next <= ?1 AND h.name NOT IN (SELECT value FROM json_each(?4))) WHERE ids <> '[]' GROUP BY name)
	ORDER BY rank, next, ids ->> 0 LIMIT ?2 + 0`

// LeaseFetches leases due addresses.
func (s *Store) LeaseFetches(ctx context.Context, n int, hold time.Duration) ([]store.Fetch, error) {
	var all []store.Fetch
	err := s.write(ctx, "lease addresses", func(t *tx) error {
		leased, waiting := s.leases.busy(t.now)
		rows, err := t.rows(dueAddresses, t.now, n, text(noNil(leased)), text(noNil(waiting)), burstMost)
		hosts, err := collect(rows, err, func(rows *sql.Rows) (ids []int64, err error) { return ids, rows.Scan(jsonVar{&ids}) })
		if err != nil || len(hosts) == 0 {
			return err
		}
		all, err = t.leaseHosts(hosts, n, hold)
		return err
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// leaseHosts leases the first address of each host, and of the fast ones, in
// turns, as many as their pause allows. The hosts wait from then on.
func (t *tx) leaseHosts(hosts [][]int64, n int, hold time.Duration) ([]store.Fetch, error) {
	all, err := t.dueFetches(hosts, 0, 1)
	if err != nil {
		return nil, err
	}
	fast := hosts[:0]
	for i, ids := range hosts {
		if all[i].pause*burstMost <= burst.Milliseconds() && len(ids) > 1 {
			fast = append(fast, ids)
		}
	}
	if len(fast) > 0 && len(all) < n {
		more, err := t.dueFetches(fast, 1, burstMost)
		if err != nil {
			return nil, err
		}
		all = append(all, more[:min(len(more), n-len(all))]...)
	}
	ids := make([]int64, len(all))
	for i, f := range all {
		ids[i] = f.ID
		t.s.leases.pause(f.host, t.now, f.pause)
	}
	token := t.s.leases.take(ids, t.now, t.now+hold.Milliseconds())
	fetches := make([]store.Fetch, len(all))
	for i, f := range all {
		fetches[i], fetches[i].Token = f.Fetch, token
	}
	return fetches, nil
}

// dueFetch is an address with the host it waits for.
type dueFetch struct {
	store.Fetch
	host  string
	pause int64 // of the host, in milliseconds
}

// dueFetches reads the addresses from and until a place in the list of each
// host: first the first ones of all, then the second ones.
func (t *tx) dueFetches(hosts [][]int64, from, until int) ([]dueFetch, error) {
	var ids []int64
	for at := from; at < until; at++ {
		for _, one := range hosts {
			if at < len(one) {
				ids = append(ids, one[at])
			}
		}
	}
	rows, err := t.rows(`SELECT f.id, f.url, f.source, f.role, f.depth, f.first, f.etag, f.modified, f.title, f.published, f.changed, f.full_at, f.attempts,
		f.host, MAX(h.delay, COALESCE(s.rate / 1000000, 0))
		FROM json_each(?) j CROSS JOIN frontier f ON f.id = j.value JOIN host h ON h.name = f.host LEFT JOIN source s ON s.name = f.source`, text(ids))
	all, err := collect(rows, err, func(rows *sql.Rows) (f dueFetch, err error) {
		var first int64
		err = rows.Scan(&f.ID, &f.URL, &f.Source, &f.Role, &f.Depth, &first, &f.ETag, &f.LastModified, &f.Title,
			timeVar{&f.Published}, timeVar{&f.Changed}, timeVar{&f.FullAt}, &f.Attempts, &f.host, &f.pause)
		f.First = first != 0
		return f, err
	})
	place := make(map[int64]int, len(ids))
	for i, id := range ids {
		place[id] = i
	}
	slices.SortFunc(all, func(a, b dueFetch) int { return place[a.ID] - place[b.ID] })
	return all, err
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
	rows, err := s.f.R.QueryContext(ctx, `WITH r(rank) AS (VALUES (0), (1), (2), (3), (4))
		SELECT name, MIN(MAX(next, due)) FROM (SELECT h.name, h.next, (SELECT MIN(due) FROM (SELECT f.due FROM frontier f WHERE f.host = h.name
			AND f.rank = r.rank AND f.due IS NOT NULL AND f.held = 0 AND f.id NOT IN (SELECT value FROM json_each(?)) ORDER BY f.due LIMIT 1)) AS due
		FROM host h, r) WHERE due IS NOT NULL GROUP BY name`, text(noNil(leased)))
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
