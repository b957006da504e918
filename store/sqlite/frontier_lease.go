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

// lease is one address that is being asked. What its outcome needs to know of
// it was read when it was leased; nothing changes that but an outcome, and
// SyncSources, which ends the lease.
type lease struct {
	token int64
	until int64
	again bool // the address fell due meanwhile

	source, host string
	first        int64
	changed      int64 // in milliseconds, as delay
	delay        int64 // of the host
}

func newLeases() *leases {
	return &leases{held: map[int64]*lease{}, hosts: map[string]int64{}}
}

// busy lists what must not be leased now: addresses by their host, and hosts.
// Hosts whose pause is over are forgotten.
func (l *leases) busy(now int64) (ids map[string][]int64, hosts []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	ids = map[string][]int64{}
	for id, one := range l.held {
		if one.until > now {
			ids[one.host] = append(ids[one.host], id)
		}
	}
	maps.DeleteFunc(l.hosts, func(_ string, next int64) bool { return next <= now })
	return ids, slices.Collect(maps.Keys(l.hosts))
}

// take leases addresses under one token, and lets each host wait for its pause,
// so much longer where it waits already. A lease that ran out a day ago, and
// whose address was not leased since, is forgotten.
func (l *leases) take(all []dueFetch, now, until int64) (token int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	maps.DeleteFunc(l.held, func(_ int64, one *lease) bool { return one.until < now-24*time.Hour.Milliseconds() })
	l.token++
	for _, f := range all {
		l.held[f.ID] = &lease{token: l.token, until: until, source: f.Source, host: f.host, first: f.first, changed: ms(f.Changed), delay: f.delay}
		l.hosts[f.host] = max(l.hosts[f.host], now) + f.pause()
	}
	return l.token
}

// of returns the lease of an address, if it is the last one and not ended.
func (l *leases) of(id, token int64) (lease, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if one := l.held[id]; one != nil && one.token == token {
		return *one, true
	}
	return lease{}, false
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

// finish ends leases whose outcome is recorded, each by its token: a number may
// have gone to another address since. They are returned for restore.
func (l *leases) finish(tokens map[int64]int64) map[int64]*lease {
	l.mu.Lock()
	defer l.mu.Unlock()
	ended := map[int64]*lease{}
	for id, token := range tokens {
		if one := l.held[id]; one != nil && one.token == token {
			ended[id] = one
			delete(l.held, id)
		}
	}
	return ended
}

// restore takes back what finish did: the outcomes were not recorded after all.
// What has been leased anew meanwhile stays so.
func (l *leases) restore(ended map[int64]*lease) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id, one := range ended {
		if l.held[id] == nil {
			l.held[id] = one
		}
	}
}

// end ends the lease of an address whose outcome nobody wants any more.
func (l *leases) end(id int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.held, id)
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
