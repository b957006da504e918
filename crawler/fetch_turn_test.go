package crawler_test

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"minsheng/crawler"
	"minsheng/opinion"
)

// diary notes when each host was asked for what.
type diary struct {
	mu sync.Mutex
	at map[string][]time.Time
	of map[string][]string
}

func (d *diary) note(r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at[r.Host] = append(d.at[r.Host], time.Now())
	d.of[r.Host] = append(d.of[r.Host], r.URL.Path)
}

// least is the shortest time between two requests to one host.
func (d *diary) least(host string) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	least := time.Hour
	for i := 1; i < len(d.at[host]); i++ {
		least = min(least, d.at[host][i].Sub(d.at[host][i-1]))
	}
	return least
}

// newHosts starts n sites on loopback, each at an address of its own.
func newHosts(t *testing.T, n int, serve func(i int, w http.ResponseWriter, r *http.Request)) ([]*httptest.Server, *diary) {
	t.Helper()
	d := &diary{at: map[string][]time.Time{}, of: map[string][]string{}}
	sites := make([]*httptest.Server, n)
	for i := range n {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.%d:0", i+1))
		if err != nil {
			t.Skipf("no second loopback address here: %v", err)
		}
		s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			d.note(r)
			serve(i, w, r)
		}))
		s.Listener.Close()
		s.Listener = l
		s.Start()
		t.Cleanup(s.Close)
		sites[i] = s
	}
	return sites, d
}

// No request of any kind comes earlier than the longer of the caller's pause
// and the host's Crawl-delay after the last: not the page after robots.txt, not
// a redirect, not one of several that were asked for at once.
func TestFetchKeepsThePaceOf20Hosts(t *testing.T) {
	const pause, delay = 60 * time.Millisecond, 110 * time.Millisecond
	sites, d := newHosts(t, 20, func(i int, w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/robots.txt" && i%2 == 1:
			fmt.Fprintf(w, "User-agent: *\nCrawl-delay: %.3f\n", delay.Seconds())
		case r.URL.Path == "/moved":
			http.Redirect(w, r, "/here", http.StatusFound)
		}
	})
	f := newFetcher(t, crawler.Options{Now: time.Now})
	var wg sync.WaitGroup
	for _, s := range sites {
		for _, path := range []string{"/1", "/moved", "/2"} {
			wg.Go(func() {
				if _, err := f.Fetch(t.Context(), crawler.Request{URL: s.URL + path, AllowPrivate: true, Pause: pause}); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	for i, s := range sites {
		host := s.Listener.Addr().String()
		want := pause
		if i%2 == 1 {
			want = delay
		}
		if got := d.least(host); got < want {
			t.Errorf("%s was asked again after %s, want at least %s: %v", host, got, want, d.of[host])
		}
		asked := slices.Sorted(slices.Values(d.of[host]))
		if want := []string{"/1", "/2", "/here", "/moved", "/robots.txt"}; !slices.Equal(asked, want) {
			t.Errorf("%s was asked for %v, want %v", host, asked, want)
		}
	}
}

// However many ask for one host, it is asked one by one, and each in its turn.
func TestFetchAsksAHostOneByOne(t *testing.T) {
	var atOnce, most atomic.Int64
	sites, d := newHosts(t, 1, func(int, http.ResponseWriter, *http.Request) {
		most.Store(max(most.Load(), atOnce.Add(1)))
		runtime.Gosched()
		atOnce.Add(-1)
	})
	f := newFetcher(t, crawler.Options{Now: time.Now})
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			url := fmt.Sprintf("%s/%d", sites[0].URL, i)
			if _, err := f.Fetch(t.Context(), crawler.Request{URL: url, AllowPrivate: true, Pause: time.Nanosecond}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	host := sites[0].Listener.Addr().String()
	if len(d.of[host]) != 41 || most.Load() != 1 {
		t.Errorf("%d requests, %d at once, want robots.txt and 40 pages, one by one", len(d.of[host]), most.Load())
	}
}

// A turn that is far off is not waited for: the caller is told when it comes,
// and nothing was asked.
func TestFetchPostponesFarTurns(t *testing.T) {
	clock := &fetchClock{}
	site := robotsSite(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "User-agent: *\nCrawl-delay: 600\n") })
	var results []string
	f := newFetcher(t, crawler.Options{Now: clock.Now, Observe: func(r string) { results = append(results, r) }})
	get := func() error {
		_, err := f.Fetch(t.Context(), crawler.Request{URL: site.URL + "/a", AllowPrivate: true, Pause: time.Second})
		return err
	}
	err := get()
	fault := wantFault(t, err, "fetch.turn")
	if !fault.Retry || fault.After != 10*time.Minute {
		t.Errorf("retry %v after %s, want after 10 minutes", fault.Retry, fault.After)
	}
	clock.Advance(9 * time.Minute)
	if fault := wantFault(t, get(), "fetch.turn"); fault.After != time.Minute {
		t.Errorf("after %s, want a minute", fault.After)
	}
	if n := site.count("/a"); n != 0 {
		t.Errorf("the page was asked for %d times before its turn", n)
	}
	clock.Advance(time.Minute)
	if err := get(); err != nil {
		t.Errorf("when its turn came: %v", err)
	}
	if want := []string{"postponed", "postponed", "ok"}; !slices.Equal(results, want) {
		t.Errorf("observed %q, want %q", results, want)
	}
}

// Waiting for a turn ends with the context.
func TestFetchTurnEndsWithItsContext(t *testing.T) {
	site := robotsSite(t, func(http.ResponseWriter, *http.Request) {})
	f := newFetcher(t, crawler.Options{Now: (&fetchClock{}).Now, Timeout: 300 * time.Millisecond})
	_, err := f.Fetch(t.Context(), crawler.Request{URL: site.URL + "/a", AllowPrivate: true, Pause: 200 * time.Millisecond})
	var fault *opinion.Fault
	if !errors.As(err, &fault) || fault.Code != "fetch.turn" {
		t.Errorf("with a clock that stands: %v, want fetch.turn", err)
	}
}
