package sqlite

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"time"
)

// leases are the addresses that are being asked, and the hosts that were asked
// so lately that they must wait. Both live in memory: one process has the data
// folder, and when it dies nobody is asking any more, so an address is due
// until its outcome is recorded. Writing down each lease took longer than
// recording the outcome. There are as many as requests under way, and hosts
// asked within their pause.
//
// They are read and changed inside transactions, which the one writing
// connection puts in a row; the lock is for NextFetch, which only reads.
type leases struct {
	mu    sync.Mutex
	token int64
	held  map[int64]*lease // by the number of the address
	hosts map[string]int64 // when the host may be asked next, in milliseconds
}

type lease struct {
	token int64
	until int64
	again bool // the address fell due meanwhile
}

func newLeases() *leases {
	return &leases{held: map[int64]*lease{}, hosts: map[string]int64{}}
}

// busy lists what must not be leased now: addresses, and hosts. Hosts whose
// pause is over are forgotten.
func (l *leases) busy(now int64) (ids []int64, hosts []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id, one := range l.held {
		if one.until > now {
			ids = append(ids, id)
		}
	}
	maps.DeleteFunc(l.hosts, func(_ string, next int64) bool { return next <= now })
	return ids, slices.Collect(maps.Keys(l.hosts))
}

// take leases addresses under one token. A lease that ran out a day ago, and
// whose address was not leased since, is forgotten.
func (l *leases) take(ids []int64, now, until int64) (token int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	maps.DeleteFunc(l.held, func(_ int64, one *lease) bool { return one.until < now-24*time.Hour.Milliseconds() })
	l.token++
	for _, id := range ids {
		l.held[id] = &lease{token: l.token, until: until}
	}
	return l.token
}

// pause lets a host wait, for so much longer where it waits already.
func (l *leases) pause(host string, now, by int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.hosts[host] = max(l.hosts[host], now) + by
}

// holds reports whether token is the last lease of the address, and whether
// the address fell due since.
func (l *leases) holds(id, token int64) (again, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	one := l.held[id]
	return one != nil && one.again, one != nil && one.token == token
}

// remind notes that the address fell due; where it is leased it is asked again
// after that.
func (l *leases) remind(id int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if one := l.held[id]; one != nil {
		one.again = true
	}
}

// end ends leases: their outcome is recorded, or nobody wants it any more.
func (l *leases) end(ids ...int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, id := range ids {
		delete(l.held, id)
	}
}

// next is when the first lease runs out, 0 where there is none, and when each
// waiting host may be asked.
func (l *leases) next(now int64) (until int64, hosts map[string]int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, one := range l.held {
		if one.until > now {
			until = min(cmp.Or(until, one.until), one.until)
		}
	}
	return until, maps.Clone(l.hosts)
}

// clear ends every lease.
func (l *leases) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.held)
	clear(l.hosts)
}
