package crawler_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"minsheng/crawler"
)

// robotsSite serves robots.txt by handler and every other path as a page.
func robotsSite(t *testing.T, handler http.HandlerFunc) *fetchSite {
	t.Helper()
	return newFetchSite(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/robots") {
			handler(w, r)
		}
	})
}

func TestFetchRobotsStatus(t *testing.T) {
	for status, open := range map[int]bool{
		200: true, 204: true, 400: true, 401: true, 403: true, 404: true, 410: true, 429: true,
		500: false, 502: false, 503: false, 304: false, 302: false,
	} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			site := robotsSite(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
			f := newFetcher(t, crawler.Options{})
			_, err := f.Fetch(t.Context(), crawler.Request{URL: site.URL + "/a", AllowPrivate: true})
			if open {
				if err != nil {
					t.Errorf("page: %v, want fetched", err)
				}
				return
			}
			fault := wantFault(t, err, "fetch.robots_down")
			if !fault.Retry || fault.After != 10*time.Minute {
				t.Errorf("retry %v after %s, want after 10 minutes", fault.Retry, fault.After)
			}
			if n := site.count("/a"); n != 0 {
				t.Errorf("the page was asked for %d times", n)
			}
		})
	}
}

// A host that cannot be asked for its rules is closed, until it answers.
func TestFetchRobotsDownThenUp(t *testing.T) {
	clock := &fetchClock{}
	var up atomic.Bool
	site := robotsSite(t, func(w http.ResponseWriter, _ *http.Request) {
		if !up.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
			fmt.Fprint(w, "User-agent: *\nAllow: /\n") // is not read
		}
	})
	f := newFetcher(t, crawler.Options{Now: clock.Now})
	get := func() error {
		_, err := f.Fetch(t.Context(), crawler.Request{URL: site.URL + "/a", AllowPrivate: true})
		return err
	}
	wantFault(t, get(), "fetch.robots_down")
	up.Store(true)
	clock.Advance(9 * time.Minute)
	if fault := wantFault(t, get(), "fetch.robots_down"); fault.After != time.Minute {
		t.Errorf("after %s, want a minute", fault.After)
	}
	if n := site.count("/robots.txt"); n != 1 {
		t.Errorf("robots.txt was asked for %d times in 9 minutes, want 1", n)
	}
	clock.Advance(2 * time.Minute)
	if err := get(); err != nil {
		t.Errorf("after the answer: %v, want fetched", err)
	}
}

func TestFetchRobotsHangs(t *testing.T) {
	site := robotsSite(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	f := newFetcher(t, crawler.Options{Timeout: 500 * time.Millisecond})
	for range 2 {
		_, err := f.Fetch(t.Context(), crawler.Request{URL: site.URL + "/a", AllowPrivate: true})
		wantFault(t, err, "fetch.timeout")
	}
	if site.count("/a") != 0 || site.count("/robots.txt") != 1 {
		t.Errorf("asked: %v, want robots.txt once and no page", site.asked)
	}
}

func TestFetchRobotsRedirects(t *testing.T) {
	for hops, code := range map[int]string{1: "fetch.robots", 5: "fetch.robots", 6: ""} {
		t.Run(strconv.Itoa(hops), func(t *testing.T) {
			site := robotsSite(t, func(w http.ResponseWriter, r *http.Request) {
				n, _ := strconv.Atoi(r.URL.Query().Get("n"))
				if n < hops {
					http.Redirect(w, r, "/robots-moved?n="+strconv.Itoa(n+1), http.StatusFound)
					return
				}
				fmt.Fprint(w, "User-agent: *\nDisallow: /\n")
			})
			_, err := newFetcher(t, crawler.Options{}).Fetch(t.Context(), crawler.Request{URL: site.URL + "/a", AllowPrivate: true})
			if code != "" {
				wantFault(t, err, code)
			} else if err != nil {
				t.Errorf("page: %v; more than five redirects are no rules", err)
			}
		})
	}
}

func TestFetchRobotsRedirectToPrivate(t *testing.T) {
	canary := newFetchSite(t, func(http.ResponseWriter, *http.Request) {})
	site := robotsSite(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, canary.URL+"/robots.txt", http.StatusFound)
	})
	_, err := newFetcher(t, crawler.Options{}).Fetch(t.Context(), crawler.Request{URL: site.URL + "/a", AllowPrivate: true})
	wantFault(t, err, "fetch.robots_down")
	if n := canary.connections(); n != 0 {
		t.Errorf("%d connections to another private host, want none", n)
	}
}

func TestFetchRobotsOfOneHostOnce(t *testing.T) {
	clock := &fetchClock{}
	release := make(chan struct{})
	site := robotsSite(t, func(w http.ResponseWriter, _ *http.Request) {
		<-release
		fmt.Fprint(w, "User-agent: *\nCrawl-delay: 7\nDisallow: /closed\nSitemap: /map.xml\nSitemap: http://other.example/m.xml\nSitemap: ftp://x/")
	})
	f := newFetcher(t, crawler.Options{Now: clock.Now})
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			if _, err := f.Fetch(t.Context(), crawler.Request{URL: fmt.Sprintf("%s/%d", site.URL, i), AllowPrivate: true}); err != nil {
				t.Error(err)
			}
		})
	}
	if d := f.Delay(site.URL); d != 0 {
		t.Errorf("Delay = %s before robots.txt was read, want 0", d)
	}
	close(release)
	wg.Wait()
	clock.Advance(23 * time.Hour)
	_, err := f.Fetch(t.Context(), crawler.Request{URL: site.URL + "/closed", AllowPrivate: true})
	wantFault(t, err, "fetch.robots")
	maps, err := f.Sitemaps(t.Context(), site.URL+"/x", true)
	if want := []string{site.URL + "/map.xml", "http://other.example/m.xml"}; err != nil || !slices.Equal(maps, want) {
		t.Errorf("Sitemaps = %q, %v, want %q", maps, err, want)
	}
	if n := site.count("/robots.txt"); n != 1 {
		t.Errorf("robots.txt was fetched %d times within a day, want 1", n)
	}
	clock.Advance(2 * time.Hour)
	if _, err := f.Fetch(t.Context(), crawler.Request{URL: site.URL + "/a", AllowPrivate: true}); err != nil {
		t.Error(err)
	}
	if n := site.count("/robots.txt"); n != 2 {
		t.Errorf("robots.txt was fetched %d times in two days, want 2", n)
	}
	if d := f.Delay(site.URL + "/any"); d != 7*time.Second {
		t.Errorf("Delay = %s, want 7s", d)
	}
}

// The pace that a host asked for holds on while its robots.txt is away.
func TestFetchDelayOutlivesRobots(t *testing.T) {
	clock := &fetchClock{}
	var down atomic.Bool
	site := robotsSite(t, func(w http.ResponseWriter, _ *http.Request) {
		if down.Load() {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		fmt.Fprint(w, "User-agent: *\nCrawl-delay: 7\n")
	})
	f := newFetcher(t, crawler.Options{Now: clock.Now})
	if _, err := f.Fetch(t.Context(), crawler.Request{URL: site.URL + "/a", AllowPrivate: true}); err != nil {
		t.Fatal(err)
	}
	down.Store(true)
	clock.Advance(25 * time.Hour)
	_, err := f.Fetch(t.Context(), crawler.Request{URL: site.URL + "/a", AllowPrivate: true})
	wantFault(t, err, "fetch.robots_down")
	if d := f.Delay(site.URL); d != 7*time.Second {
		t.Errorf("Delay = %s, want 7s", d)
	}
}

func TestFetchRobotsIsBoundedAndUnpacked(t *testing.T) {
	bomb := zeros(t, 16<<20)
	site := robotsSite(t, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "User-agent: *\nDisallow: /closed\n")
		w.Write(slices.Repeat([]byte("# filler\n"), 1<<20))
	})
	packed := robotsSite(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(bomb)
	})
	f := newFetcher(t, crawler.Options{})
	_, err := f.Fetch(t.Context(), crawler.Request{URL: site.URL + "/closed", AllowPrivate: true})
	wantFault(t, err, "fetch.robots")
	for _, u := range []string{site.URL + "/open", packed.URL + "/a"} {
		if _, err := f.Fetch(t.Context(), crawler.Request{URL: u, AllowPrivate: true}); err != nil {
			t.Errorf("%s: %v, want fetched", u, err)
		}
	}
}
