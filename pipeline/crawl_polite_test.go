package pipeline_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"minsheng/opinion"
)

// The whole way, from the queue on disk to the wire: over twenty hosts no
// request comes before the longer of the source's pause and the host's
// Crawl-delay has passed, robots.txt is asked for once, and every page comes.
func TestCrawlIsPoliteTo20Hosts(t *testing.T) {
	const (
		pages = 4
		pause = 50 * time.Millisecond
		delay = 90 * time.Millisecond
	)
	var mu sync.Mutex
	asked, times := map[string]map[string]int{}, map[string][]time.Time{}
	var sources []opinion.Source
	slow := map[string]bool{}
	for i := range 20 {
		l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", fmt.Sprintf("127.0.0.%d:0", i+1))
		if err != nil {
			t.Skipf("no second loopback address here: %v", err)
		}
		host := l.Addr().String()
		slow[host] = i%2 == 0
		asked[host] = map[string]int{}
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			asked[host][r.URL.Path]++
			times[host] = append(times[host], time.Now())
			mu.Unlock()
			switch {
			case r.URL.Path == "/robots.txt" && slow[host]:
				fmt.Fprintf(w, "User-agent: *\nCrawl-delay: %.2f\n", delay.Seconds())
			case r.URL.Path == "/robots.txt":
				http.NotFound(w, r)
			case r.URL.Path == "/map.txt":
				for n := range pages {
					fmt.Fprintf(w, "http://%s/a/%d.html\n", host, n)
				}
			case r.URL.Path == "/a/0.html":
				http.Redirect(w, r, "/moved.html", http.StatusFound)
			default:
				fmt.Fprint(w, article)
			}
		}))
		server.Listener.Close()
		server.Listener = l
		server.Start()
		t.Cleanup(server.Close)
		sources = append(sources, opinion.Source{
			Name: fmt.Sprint("源", i), URL: "http://" + host + "/map.txt", Form: opinion.SitemapForm, Class: opinion.Media,
			Every: time.Hour, Rate: pause, AllowPrivate: true,
		})
	}
	c := &crawl{T: t, sent: &heard{}}
	c.begin(time.Now, sources...)
	const all = 2 + pages + 1 // robots.txt, the sitemap, the pages and where one leads
	c.until("every page was asked for", func() bool {
		mu.Lock()
		defer mu.Unlock()
		for _, at := range times {
			if len(at) < all {
				return false
			}
		}
		return len(times) == len(sources)
	})
	mu.Lock()
	defer mu.Unlock()
	for host, at := range times {
		least := pause
		if slow[host] {
			least = delay
		}
		for i := 1; i < len(at); i++ {
			if gap := at[i].Sub(at[i-1]); gap < least {
				t.Errorf("%s: request %d came %s after the one before, want %s at least", host, i, gap, least)
			}
		}
		for path, n := range asked[host] {
			if n != 1 {
				t.Errorf("%s: %s was asked for %d times", host, path, n)
			}
		}
	}
}
