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
	answered time.Time // when the last request was
}

func newTurns(now func() time.Time) *turns {
	return &turns{now: now, byHost: map[string]*turn{}}
}

// try takes host's turn if nobody is at it and gap has passed; else left says
// how long it is until then, 0 where that is not known.
func (t *turns) try(host string, gap time.Duration) (taken bool, left time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	one := t.byHost[host]
	if one == nil {
		t.forget(gap)
		one = &turn{answered: t.now().Add(-gap)}
		t.byHost[host] = one
	}
	if one.busy {
		return false, 0
	}
	if left := gap - t.now().Sub(one.answered); left > 0 {
		return false, left
	}
	one.busy = true
	return true, 0
}

// end gives the turn back. The pause counts from the answer and not from the
// request: the host cannot have seen the request any later.
func (t *turns) end(host string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if one := t.byHost[host]; one != nil && one.busy {
		one.busy, one.answered = false, t.now()
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
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	sleep := turnGlance
	for {
		before := t.now()
		taken, left := t.try(host, gap())
		if taken {
			return nil
		}
		if left > patience {
			return turnFault(host, left)
		}
		timer := time.NewTimer(sleep)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return turnFault(host, max(left, gap()))
		}
		sleep = turnSleep(sleep, left, t.now().Sub(before))
	}
}

// turnSleep is how long to sleep next. The product's clock may run faster than
// life: how fast is seen from how far it went during the last sleep.
func turnSleep(last, left, went time.Duration) time.Duration {
	if left <= 0 || went <= 0 {
		return min(2*last, turnLongest/4) // somebody is at it, or the clock stands
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
