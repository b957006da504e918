package crawler

import (
	"context"
	"errors"
	"net/url"
	"sync"
	"time"

	"minsheng/opinion"
)

// fetchTurns is the bound on hosts whose turn is remembered. Beyond it those
// are forgotten whose pause is over.
const fetchTurns = 10_000

// Pauses between two looks at the clock, in wall time.
const (
	turnGlance  = time.Millisecond
	turnLongest = 100 * time.Millisecond
)

// turns keeps each host's pace: one request at a time, and after its answer a
// pause. The caller's queue paces what it asks for; this paces also what
// nobody queued: robots.txt, redirects, and a Crawl-delay that is only just
// being learned.
type turns struct {
	mu     sync.Mutex
	now    func() time.Time
	byHost map[string]*turn
}

type turn struct {
	busy     bool
	free     chan struct{} // closed when the request is answered; nil where nobody waits for it
	answered time.Time     // when the last request was
}

func newTurns(now func() time.Time) *turns {
	return &turns{now: now, byHost: map[string]*turn{}}
}

// try takes host's turn if nobody is at it and gap has passed. Else left says
// how long it is until then, or free is closed when the other is answered.
func (t *turns) try(host string, gap time.Duration) (taken bool, left time.Duration, free <-chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	one := t.byHost[host]
	if one == nil {
		t.forget(gap)
		one = &turn{answered: t.now().Add(-gap)}
		t.byHost[host] = one
	}
	if one.busy {
		if one.free == nil {
			one.free = make(chan struct{})
		}
		return false, 0, one.free
	}
	if left := gap - t.now().Sub(one.answered); left > 0 {
		return false, left, nil
	}
	one.busy = true
	return true, 0, nil
}

// end gives the turn back. The pause counts from the answer and not from the
// request: the host cannot have seen the request any later.
func (t *turns) end(host string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	one := t.byHost[host]
	if one == nil || !one.busy {
		return
	}
	one.busy, one.answered = false, t.now()
	if one.free != nil {
		close(one.free)
		one.free = nil
	}
}

// forget makes room.
func (t *turns) forget(gap time.Duration) {
	if len(t.byHost) < fetchTurns {
		return
	}
	now := t.now()
	for host, one := range t.byHost {
		if !one.busy && now.Sub(one.answered) > max(gap, time.Minute) {
			delete(t.byHost, host)
		}
	}
}

// errTurn is a turn that did not come in the time that a worker may wait.
var errTurn = errors.New("the host's turn did not come")

// take waits for host's turn, at most patience of product time and of wall
// time. gap is asked each time, for it may become longer while one waits.
func (t *turns) take(ctx context.Context, host string, patience time.Duration, gap func() time.Duration) *opinion.Fault {
	before := t.now()
	taken, left, free := t.try(host, gap())
	if taken {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for sleep := turnGlance; !taken; {
		if left > patience {
			return turnFault(host, left)
		}
		if !turnWait(ctx, sleep, free) {
			return turnFault(host, max(left, gap()))
		}
		now := t.now()
		sleep = turnSleep(sleep, left, now.Sub(before))
		before = now
		taken, left, free = t.try(host, gap())
	}
	return nil
}

// turnWait waits until free is closed, or where it is nil for so long. It
// reports false where ctx ends first.
func turnWait(ctx context.Context, sleep time.Duration, free <-chan struct{}) bool {
	var over <-chan time.Time
	if free == nil {
		timer := time.NewTimer(sleep)
		defer timer.Stop()
		over = timer.C
	}
	select {
	case <-over:
	case <-free:
	case <-ctx.Done():
		return false
	}
	return true
}

// turnSleep is how long to sleep next. The product's clock may run faster than
// life: how fast is seen from how far it went during the last sleep.
func turnSleep(last, left, went time.Duration) time.Duration {
	if left <= 0 {
		return turnGlance // somebody was at it
	}
	if went <= 0 {
		return min(2*last, turnLongest/4) // the clock stands
	}
	next := time.Duration(float64(left-went) / float64(went) * float64(last))
	return min(max(next, turnGlance), turnLongest)
}

func turnFault(host string, left time.Duration) *opinion.Fault {
	fault := opinion.NewRetry("fetch.turn", errTurn, host)
	fault.After = left
	return fault
}

// gap is the least time between two requests to u's host: what the caller
// wants, or the Crawl-delay where that is longer.
func (f *Fetcher) gap(u *url.URL, pause time.Duration) time.Duration {
	return max(pause, f.delay(u))
}
