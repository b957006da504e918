package crawler_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"minsheng/crawler"
	"minsheng/i18n"
	"minsheng/opinion"
)

// fetchClock is the product's clock of a test.
type fetchClock struct{ offset atomic.Int64 }

func (c *fetchClock) Now() time.Time {
	return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC).Add(time.Duration(c.offset.Load()))
}

func (c *fetchClock) Advance(d time.Duration) { c.offset.Add(int64(d)) }

// fetchSite is a server that counts what it is asked for.
type fetchSite struct {
	*httptest.Server
	mu    sync.Mutex
	asked map[string]int
	conns int
}

func newFetchSite(t *testing.T, handler http.HandlerFunc) *fetchSite {
	t.Helper()
	s := &fetchSite{asked: map[string]int{}}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked[r.URL.RequestURI()]++
		s.mu.Unlock()
		handler(w, r)
	}))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			s.mu.Lock()
			s.conns++
			s.mu.Unlock()
		}
	}
	s.Start()
	t.Cleanup(s.Close)
	return s
}

func (s *fetchSite) count(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[path]
}

func (s *fetchSite) connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conns
}

func newFetcher(t *testing.T, o crawler.Options) *crawler.Fetcher {
	t.Helper()
	if o.Agent == "" {
		o.Agent = "minsheng/1.0 (+http://office.example/crawler)"
	}
	if o.Now == nil {
		o.Now = (&fetchClock{}).Now
	}
	f := crawler.NewFetcher(o)
	t.Cleanup(f.Close)
	return f
}

// wantFault checks that err is a Fault of code whose sentence takes its
// arguments, and returns it.
func wantFault(t *testing.T, err error, code string) *opinion.Fault {
	t.Helper()
	var fault *opinion.Fault
	if !errors.As(err, &fault) || fault.Code != code {
		t.Fatalf("error = %v, want a fault %s", err, code)
	}
	args := make([]any, len(fault.Args))
	for i, a := range fault.Args {
		args[i] = a
	}
	for _, lang := range []i18n.Lang{i18n.Chinese, i18n.English} {
		if s := i18n.Say(lang, fault.Code, args...); strings.Contains(s, "%") && strings.Contains(s, "!") {
			t.Errorf("sentence of %v: %s", fault, s)
		}
	}
	return fault
}

func TestFetchBringsThePage(t *testing.T) {
	const page = "<meta charset=gbk>\xd0\xc2\xce\xc5" // stays as it came
	var header http.Header
	site := newFetchSite(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/a" {
			header = r.Header.Clone()
			http.SetCookie(w, &http.Cookie{Name: "who", Value: "1"})
			w.Header().Set("Location", "/b?q=\xd0\xc2#c")
			w.WriteHeader(http.StatusFound)
			return
		}
		if r.URL.Path != "/b" {
			http.NotFound(w, r)
			return
		}
		header = r.Header.Clone()
		w.Header().Set("Content-Type", "text/html; charset=big5") // wrong, as it often is
		w.Header().Set("ETag", `"v1"`)
		w.Header().Set("Last-Modified", "Fri, 02 Jan 2026 03:00:00 GMT")
		fmt.Fprint(w, page)
	})
	var results []string
	f := newFetcher(t, crawler.Options{Observe: func(r string) { results = append(results, r) }})
	got, err := f.Fetch(t.Context(), crawler.Request{URL: site.URL + "/a#top", AllowPrivate: true})
	if err != nil {
		t.Fatal(err)
	}
	want := crawler.Response{
		URL: site.URL + "/b?q=%D0%C2", Status: 200, ContentType: "text/html; charset=big5", ETag: `"v1"`,
		LastModified: "Fri, 02 Jan 2026 03:00:00 GMT", Body: []byte(page),
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("response (-want +got):\n%s", d)
	}
	for _, h := range []string{"Cookie", "Referer", "Authorization"} {
		if header.Get(h) != "" {
			t.Errorf("header %s: %q was sent", h, header.Get(h))
		}
	}
	if got, want := header.Get("User-Agent"), "minsheng/1.0 (+http://office.example/crawler)"; got != want {
		t.Errorf("User-Agent = %q, want %q", got, want)
	}
	if d := cmp.Diff([]string{"ok"}, results); d != "" {
		t.Errorf("observed (-want +got):\n%s", d)
	}
	if n := site.connections(); n != 1 {
		t.Errorf("robots.txt and two pages took %d connections, want 1", n)
	}
}

func TestFetchUnchangedIsAnAnswer(t *testing.T) {
	site := newFetchSite(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/old":
			http.Redirect(w, r, "/new", http.StatusMovedPermanently)
		case r.Header.Get("If-None-Match") == `"v1"` && r.Header.Get("If-Modified-Since") != "":
			w.WriteHeader(http.StatusNotModified)
		}
	})
	var results []string
	f := newFetcher(t, crawler.Options{Observe: func(r string) { results = append(results, r) }})
	req := crawler.Request{URL: site.URL + "/old", ETag: `"v1"`, LastModified: "Fri, 02 Jan 2026 03:00:00 GMT", AllowPrivate: true}
	got, err := f.Fetch(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	want := crawler.Response{URL: site.URL + "/new", Status: 304, NotModified: true, ETag: req.ETag, LastModified: req.LastModified}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("response (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]string{"not_modified"}, results); d != "" {
		t.Errorf("observed (-want +got):\n%s", d)
	}
}

func TestFetchSaysWhatAStatusMeans(t *testing.T) {
	clock := &fetchClock{}
	for _, c := range []struct {
		status     int
		retryAfter string
		code       string
		retry      bool
		after      time.Duration
	}{
		{404, "", "fetch.gone", false, 0},
		{410, "", "fetch.gone", false, 0},
		{401, "", "fetch.forbidden", false, 0},
		{403, "60", "fetch.forbidden", false, 0},
		{429, "120", "fetch.busy", true, 2 * time.Minute},
		{429, "", "fetch.busy", true, 0},
		{429, "-5", "fetch.busy", true, 0},
		{503, "86400", "fetch.busy", true, time.Hour},
		{503, "99999999999999999999", "fetch.busy", true, time.Hour},
		{503, "Fri, 02 Jan 2026 03:14:05 GMT", "fetch.busy", true, 10 * time.Minute},
		{503, "Fri, 02 Jan 2026 01:00:00 GMT", "fetch.busy", true, 0},
		{503, "soon", "fetch.busy", true, 0},
		{500, "", "fetch.status", true, 0},
		{502, "30", "fetch.status", true, 30 * time.Second},
		{400, "", "fetch.status", false, 0},
		{418, "", "fetch.status", false, 0},
		{304, "", "fetch.status", false, 0}, // we asked for no comparison
		{302, "", "fetch.status", false, 0}, // to nowhere
	} {
		t.Run(fmt.Sprint(c.status, " ", c.retryAfter), func(t *testing.T) {
			site := newFetchSite(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/robots.txt" {
					return
				}
				if c.retryAfter != "" {
					w.Header().Set("Retry-After", c.retryAfter)
				}
				w.WriteHeader(c.status)
			})
			var results []string
			f := newFetcher(t, crawler.Options{Now: clock.Now, Observe: func(r string) { results = append(results, r) }})
			resp, err := f.Fetch(t.Context(), crawler.Request{URL: site.URL + "/a", AllowPrivate: true})
			fault := wantFault(t, err, c.code)
			if fault.Retry != c.retry || fault.After != c.after {
				t.Errorf("retry %v after %s, want %v after %s", fault.Retry, fault.After, c.retry, c.after)
			}
			if resp.Status != c.status {
				t.Errorf("status = %d, want %d", resp.Status, c.status)
			}
			if d := cmp.Diff([]string{"status"}, results); d != "" {
				t.Errorf("observed (-want +got):\n%s", d)
			}
		})
	}
}

func TestFetchSaysWhatFailed(t *testing.T) {
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	t.Cleanup(secure.Close)
	plain := newFetchSite(t, func(http.ResponseWriter, *http.Request) {})
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	cut := newFetchSite(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/a" {
			w.Header().Set("Content-Length", "100")
			fmt.Fprint(w, "short")
		}
	})
	br := newFetchSite(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/a" {
			w.Header().Set("Content-Encoding", "br")
			fmt.Fprint(w, "\x1b\x03\x00")
		}
	})
	for _, c := range []struct{ name, url, code, result string }{
		{"certificate", secure.URL + "/a", "fetch.tls", "failed"},
		{"no TLS there", strings.Replace(plain.URL, "http:", "https:", 1) + "/a", "fetch.tls", "failed"},
		{"nobody listens", "http://" + closed.Addr().String() + "/a", "fetch.connect", "failed"},
		{"no such name", "http://nobody-has-this-name.invalid/a", "fetch.dns", "failed"},
		{"cut short", cut.URL + "/a", "fetch.broken", "failed"},
		{"compressed unasked", br.URL + "/a", "fetch.encoding", "failed"},
		{"no address", "http://h:99999/", "fetch.address", "refused"},
		{"file", "file:///etc/passwd", "fetch.scheme", "refused"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var results []string
			f := newFetcher(t, crawler.Options{Observe: func(r string) { results = append(results, r) }})
			_, err := f.Fetch(t.Context(), crawler.Request{URL: c.url, AllowPrivate: true})
			wantFault(t, err, c.code)
			if d := cmp.Diff([]string{c.result}, results); d != "" {
				t.Errorf("observed (-want +got):\n%s", d)
			}
		})
	}
}

func TestFetchEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	site := newFetchSite(t, func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/a" {
			cancel()
			<-r.Context().Done()
		}
	})
	_, err := newFetcher(t, crawler.Options{}).Fetch(ctx, crawler.Request{URL: site.URL + "/a", AllowPrivate: true})
	if fault := wantFault(t, err, "fetch.cancelled"); !fault.Retry || !errors.Is(err, context.Canceled) {
		t.Errorf("fault = %v, want one that may be tried again and is context.Canceled", fault)
	}
}

// A page is fetched by an address in any spelling, under robots.txt's eyes as
// the server will see it.
func TestFetchJudgesWhatTheServerSees(t *testing.T) {
	site := newFetchSite(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			fmt.Fprint(w, "User-agent: *\nDisallow: /closed")
		}
	})
	f := newFetcher(t, crawler.Options{})
	for _, path := range []string{"/open/../closed/1", "/open/%2e%2E/closed", "\\closed", "/clo\tsed", "/c%6Cosed"} {
		_, err := f.Fetch(t.Context(), crawler.Request{URL: site.URL + path, AllowPrivate: true})
		wantFault(t, err, "fetch.robots")
	}
	if n := len(site.asked); n != 1 {
		t.Errorf("the server was asked for %v, want robots.txt alone", site.asked)
	}
}

func TestFetchConcurrently(t *testing.T) {
	site := newFetchSite(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.URL.Path) })
	var ok atomic.Int32
	f := newFetcher(t, crawler.Options{Observe: func(r string) {
		if r == "ok" {
			ok.Add(1)
		}
	}})
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			path := fmt.Sprintf("/p%d", i)
			resp, err := f.Fetch(t.Context(), crawler.Request{URL: site.URL + path, AllowPrivate: true})
			if err != nil || string(resp.Body) != path {
				t.Errorf("%s brought %q, %v", path, resp.Body, err)
			}
		})
	}
	wg.Wait()
	if n := site.count("/robots.txt"); n != 1 {
		t.Errorf("robots.txt was fetched %d times, want 1", n)
	}
	if ok.Load() != 64 {
		t.Errorf("observed %d ok, want 64", ok.Load())
	}
}
