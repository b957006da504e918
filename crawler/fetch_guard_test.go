package crawler_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"minsheng/crawler"
)

func TestFetchRefusesPrivateAddresses(t *testing.T) {
	canary := newFetchSite(t, func(http.ResponseWriter, *http.Request) {})
	_, port, _ := strings.Cut(canary.Listener.Addr().String(), ":")
	f := newFetcher(t, crawler.Options{})
	for _, host := range []string{"127.0.0.1", "localhost", "2130706433", "127.1", "0x7f.1", "[::ffff:127.0.0.1]", "127。0。0。1", "9.9.9.9@127.0.0.1", "0"} {
		u := "http://" + host + ":" + port + "/"
		_, err := f.Fetch(t.Context(), crawler.Request{URL: u})
		wantFault(t, err, "fetch.private")
		if _, err := f.Sitemaps(t.Context(), u, false); err == nil {
			t.Errorf("the sitemaps of %s were asked for", u)
		}
	}
	if n := canary.connections(); n != 0 {
		t.Errorf("%d connections to a private address, want none", n)
	}
}

// What a source may be is no leave for where it points to.
func TestFetchRefusesRedirectToPrivate(t *testing.T) {
	canary := newFetchSite(t, func(http.ResponseWriter, *http.Request) {})
	_, port, _ := strings.Cut(canary.Listener.Addr().String(), ":")
	site := newFetchSite(t, func(w http.ResponseWriter, r *http.Request) {
		if to := r.URL.Query().Get("to"); to != "" {
			w.Header().Set("Location", to)
			w.WriteHeader(http.StatusFound)
		}
	})
	var results []string
	f := newFetcher(t, crawler.Options{Observe: func(r string) { results = append(results, r) }})
	for to, code := range map[string]string{
		canary.URL + "/": "fetch.private", "http://localhost:" + port + "/": "fetch.private", "//127.1:" + port: "fetch.private",
		"http://169.254.169.254/latest/": "fetch.private", "http://[::1]:" + port + "/": "fetch.private",
		"file:///etc/passwd": "fetch.scheme", "http://h:99999/": "fetch.address",
	} {
		_, err := f.Fetch(t.Context(), crawler.Request{URL: site.URL + "/r?to=" + to, AllowPrivate: true})
		wantFault(t, err, code)
	}
	if n := canary.connections(); n != 0 {
		t.Errorf("%d connections to a private address, want none", n)
	}
	for _, r := range results {
		if r != "refused" {
			t.Errorf("observed %q, want refused", r)
		}
	}
}

// A connection that one source was allowed to is not lent to another.
func TestFetchDoesNotLendConnections(t *testing.T) {
	site := newFetchSite(t, func(http.ResponseWriter, *http.Request) {})
	f := newFetcher(t, crawler.Options{})
	if _, err := f.Fetch(t.Context(), crawler.Request{URL: site.URL + "/", AllowPrivate: true}); err != nil {
		t.Fatal(err)
	}
	_, port, _ := strings.Cut(site.Listener.Addr().String(), ":")
	for _, host := range []string{"127.0.0.1", "localhost"} {
		_, err := f.Fetch(t.Context(), crawler.Request{URL: "http://" + host + ":" + port + "/"})
		wantFault(t, err, "fetch.private")
	}
}

func TestFetchObeysRobotsThroughRedirects(t *testing.T) {
	site := newFetchSite(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt":
			fmt.Fprint(w, "User-agent: minsheng\nDisallow: /closed")
		case "/open":
			http.Redirect(w, r, "/closed/1", http.StatusFound)
		}
	})
	var results []string
	f := newFetcher(t, crawler.Options{Observe: func(r string) { results = append(results, r) }})
	_, err := f.Fetch(t.Context(), crawler.Request{URL: site.URL + "/open", AllowPrivate: true})
	fault := wantFault(t, err, "fetch.robots")
	if fault.Retry {
		t.Error("a closed page may be tried again, want not")
	}
	if n := site.count("/closed/1"); n != 0 {
		t.Errorf("the closed page was asked for %d times", n)
	}
	if len(results) != 1 || results[0] != "robots" {
		t.Errorf("observed %q, want robots once", results)
	}
}

func TestFetchLeavesRedirectLoops(t *testing.T) {
	site := newFetchSite(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/self":
			http.Redirect(w, r, "/self", http.StatusFound)
		case "/ping":
			http.Redirect(w, r, "/pong", http.StatusFound)
		case "/pong":
			http.Redirect(w, r, "/ping", http.StatusFound)
		case "/robots.txt":
		default: // for ever somewhere else
			http.Redirect(w, r, r.URL.Path+"x", http.StatusFound)
		}
	})
	f := newFetcher(t, crawler.Options{MaxRedirects: 3})
	for _, path := range []string{"/self", "/ping", "/on"} {
		_, err := f.Fetch(t.Context(), crawler.Request{URL: site.URL + path, AllowPrivate: true})
		wantFault(t, err, "fetch.redirects")
	}
	for path, want := range map[string]int{"/self": 1, "/ping": 1, "/pong": 1, "/onxxx": 1, "/onxxxx": 0} {
		if got := site.count(path); got != want {
			t.Errorf("%s was asked for %d times, want %d", path, got, want)
		}
	}
}
