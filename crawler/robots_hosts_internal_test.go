package crawler

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"minsheng/opinion"
)

// A redirect to another host asks that host's robots.txt first, once for all who
// come, and what it closes is not asked for; where it fails, the host is closed.
// Names of the public internet lead to this machine here, past the guard.
func TestRobotsOfTheHostThatARedirectLeadsTo(t *testing.T) {
	var mu sync.Mutex
	asked := map[string]int{}
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked[r.Host+r.URL.Path]++
		mu.Unlock()
		switch r.Host + r.URL.Path {
		case "one.example/robots.txt":
			fmt.Fprint(w, "User-agent: *\nAllow: /\n")
		case "one.example/open", "one.example/closed", "one.example/down":
			http.Redirect(w, r, "http://"+r.URL.Path[1:]+".example/private/a", http.StatusMovedPermanently)
		case "closed.example/robots.txt":
			fmt.Fprint(w, "User-agent: *\nDisallow: /private/\n")
		case "down.example/robots.txt":
			w.WriteHeader(http.StatusBadGateway)
		}
	}))
	defer site.Close()
	f := NewFetcher(Options{Agent: "minsheng", Now: time.Now})
	defer f.Close()
	f.public.transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, network, site.Listener.Addr().String())
	}
	for path, want := range map[string]string{"open": "", "closed": "fetch.robots", "down": "fetch.robots_down"} {
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				got := ""
				_, err := f.Fetch(t.Context(), Request{URL: "http://one.example/" + path})
				if fault, ok := errors.AsType[*opinion.Fault](err); ok {
					got = fault.Code
				}
				if got != want {
					t.Errorf("%s: %v, want %q", path, err, want)
				}
			})
		}
		wg.Wait()
	}
	for key, want := range map[string]int{
		"one.example/robots.txt": 1, "open.example/robots.txt": 1, "closed.example/robots.txt": 1, "down.example/robots.txt": 1,
		"open.example/private/a": 8, "closed.example/private/a": 0, "down.example/private/a": 0,
	} {
		if asked[key] != want {
			t.Errorf("%s was asked for %d times, want %d", key, asked[key], want)
		}
	}
}
