package crawler

import (
	"container/list"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"minsheng/opinion"
)

// How long a robots.txt is believed, in the product's time: RFC 9309 says at
// most a day; a host that could not answer is asked again soon.
const (
	robotsLife      = 24 * time.Hour
	robotsDownLife  = 10 * time.Minute
	robotsRedirects = 5
)

// Bounds of the cache: hosts, and octets of rules over all of them.
const (
	robotsHosts  = 10_000
	robotsOctets = 64 << 20
)

// robotsEntry is what is known of one host. Until ready is closed nothing is;
// after that nothing changes but weight and place, which are the cache's.
type robotsEntry struct {
	key   string
	ready chan struct{}

	rules   *Robots        // nil while fetching, and where fault is set
	before  *Robots        // what was known earlier; a host's pace outlives its rules
	fault   *opinion.Fault // why the host's pages may not be asked for
	expires time.Time

	weight int
	place  *list.Element
}

// robotsCache keeps the entries used last.
type robotsCache struct {
	mu     sync.Mutex
	byKey  map[string]*robotsEntry
	recent *list.List // of *robotsEntry, latest first
	weight int
}

func newRobotsCache() *robotsCache {
	return &robotsCache{byKey: map[string]*robotsEntry{}, recent: list.New()}
}

// robotsKey names the host that a robots.txt is for: scheme, name and port,
// and the lane it is asked on.
func robotsKey(u *url.URL, private bool) string {
	if private {
		return "private " + u.Scheme + "://" + u.Host
	}
	return u.Scheme + "://" + u.Host
}

// enter returns the entry of key, and whether the caller must fill it.
func (c *robotsCache) enter(key string, now time.Time) (e *robotsEntry, fresh bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var before *Robots
	if e := c.byKey[key]; e != nil {
		if !e.done() || now.Before(e.expires) {
			c.recent.MoveToFront(e.place)
			return e, false
		}
		before = e.latest()
		c.drop(e)
	}
	e = &robotsEntry{key: key, ready: make(chan struct{}), before: before}
	e.place = c.recent.PushFront(e)
	c.byKey[key] = e
	c.trim()
	return e, true
}

// fill ends the wait for e. An entry that holds nothing worth keeping is
// forgotten at once.
func (c *robotsCache) fill(e *robotsEntry, weight int, keep bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	close(e.ready)
	if c.byKey[e.key] != e {
		return // pushed out while it was being fetched
	}
	if !keep {
		c.drop(e)
		return
	}
	e.weight = weight
	c.weight += weight
	c.trim()
}

// trim pushes out what was used longest ago, but never the latest.
func (c *robotsCache) trim() {
	for c.recent.Len() > robotsHosts || c.weight > robotsOctets && c.recent.Len() > 1 {
		c.drop(c.recent.Back().Value.(*robotsEntry))
	}
}

func (c *robotsCache) drop(e *robotsEntry) {
	c.recent.Remove(e.place)
	delete(c.byKey, e.key)
	c.weight -= e.weight
}

// known returns the rules of key if they are there, old or not.
func (c *robotsCache) known(key string) *Robots {
	c.mu.Lock()
	e := c.byKey[key]
	c.mu.Unlock()
	if e == nil {
		return nil
	}
	return e.latest()
}

// latest is the newest that is known of the host, nil if nothing is.
func (e *robotsEntry) latest() *Robots {
	if e.done() && e.rules != nil {
		return e.rules
	}
	return e.before
}

func (e *robotsEntry) done() bool {
	select {
	case <-e.ready:
		return true
	default:
		return false
	}
}

// rulesFor returns the rules of u's host. However many ask at once, the host
// is asked once; a caller that gives up leaves the others their answer.
func (f *Fetcher) rulesFor(ctx context.Context, u *url.URL, private bool, pause time.Duration) (*Robots, *opinion.Fault) {
	e, fresh := f.robots.enter(robotsKey(u, private), f.now())
	if fresh {
		f.flights.Go(func() { f.loadRobots(e, u, private, pause) })
	}
	select {
	case <-e.ready:
	case <-ctx.Done():
		return nil, f.errorFault(u, 0, ctx.Err())
	}
	if e.fault != nil {
		fault := *e.fault
		if fault.Retry && fault.Code != "fetch.turn" {
			fault.After = max(e.expires.Sub(f.now()), 0)
		}
		return nil, &fault
	}
	return e.rules, nil
}

// loadRobots asks for the robots.txt of u's host and fills e with what it
// means: 2xx are rules; 4xx, and more redirects than the standard follows, are
// no rules; 5xx and every failure of the network close the whole host, as the
// standard demands, until it is asked again.
func (f *Fetcher) loadRobots(e *robotsEntry, u *url.URL, private bool, pause time.Duration) {
	// half of a page's time for asking, so that a host whose robots.txt hangs
	// is known for it before its page gives up
	ctx, cancel := context.WithTimeout(f.closing, 3*f.timeout/2)
	defer cancel()
	file := &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/robots.txt"}
	answer, fault := f.chase(ctx, file, fetchChase{
		private: private, header: http.Header{"Accept": {"text/plain,*/*;q=0.5"}},
		limit: robotsLimit + 1, cut: true, redirects: robotsRedirects,
		pause: pause, budget: f.timeout / 2,
	})
	e.expires = f.now().Add(robotsLife)
	weight := 0
	switch {
	case fault != nil && fault.Code == "fetch.turn":
		e.fault = fault
		f.robots.fill(e, 0, false) // nobody was asked
		return
	case fault != nil && fault.Code == "fetch.redirects":
		e.rules = &Robots{}
	case fault != nil:
		e.fault = robotsDown(fault, answer.url, u)
		e.expires = f.now().Add(robotsDownLife)
	case answer.status/100 == 2:
		e.rules, weight = ParseRobots(answer.body).only(f.agent)
	case answer.status/100 == 4:
		e.rules = &Robots{}
	default:
		e.fault = opinion.NewRetry("fetch.robots_down", fmt.Errorf("status %d from %s", answer.status, answer.url), u.Hostname())
		e.expires = f.now().Add(robotsDownLife)
	}
	f.robots.fill(e, weight, f.closing.Err() == nil)
}

// robotsDown is the fault of host's pages where its robots.txt ended in fault
// at last. What hinders robots.txt on the host itself hinders the page too, so
// that reason is said; elsewhere the way to the file is barred.
func robotsDown(fault *opinion.Fault, last, host *url.URL) *opinion.Fault {
	switch fault.Code {
	case "fetch.dns", "fetch.connect", "fetch.tls", "fetch.timeout", "fetch.broken", "fetch.cancelled", "fetch.private":
		if last.Host == host.Host {
			return fault
		}
	}
	return opinion.NewRetry("fetch.robots_down", fault, host.Hostname())
}
