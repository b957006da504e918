package crawler_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"minsheng/crawler"
)

// zeros is n zero bytes, compressed.
func zeros(t *testing.T, n int) []byte {
	t.Helper()
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	chunk := make([]byte, 1<<20)
	for left := n; left > 0; left -= len(chunk) {
		if _, err := z.Write(chunk[:min(left, len(chunk))]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestFetchRefusesA200MBPage(t *testing.T) {
	var written atomic.Int64
	site := newFetchSite(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			return
		}
		if r.URL.Path == "/announced" {
			w.Header().Set("Content-Length", "209715200")
		}
		chunk := bytes.Repeat([]byte("长"), 1<<16)
		for left := 200 << 20; left > 0; left -= len(chunk) {
			n, err := w.Write(chunk[:min(left, len(chunk))])
			written.Add(int64(n))
			if err != nil {
				return
			}
		}
	})
	var results []string
	f := newFetcher(t, crawler.Options{Observe: func(r string) { results = append(results, r) }})
	for _, path := range []string{"/announced", "/streamed"} {
		resp, err := f.Fetch(t.Context(), crawler.Request{URL: site.URL + path, AllowPrivate: true})
		fault := wantFault(t, err, "fetch.too_large")
		if fault.Retry || resp.Body != nil {
			t.Errorf("%s: retry %v, %d bytes kept; want neither", path, fault.Retry, len(resp.Body))
		}
	}
	// the rest of it stays where it is, but for what the sockets hold
	if n := written.Load(); n > 100<<20 {
		t.Errorf("%d bytes were taken from the server", n)
	}
	if strings.Join(results, " ") != "too_large too_large" {
		t.Errorf("observed %q", results)
	}
}

func TestFetchBoundIsExact(t *testing.T) {
	site := newFetchSite(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/1000":
			fmt.Fprint(w, strings.Repeat("a", 1000))
		case "/1001":
			w.(http.Flusher).Flush() // no Content-Length
			fmt.Fprint(w, strings.Repeat("a", 1001))
		}
	})
	f := newFetcher(t, crawler.Options{MaxBody: 1000})
	resp, err := f.Fetch(t.Context(), crawler.Request{URL: site.URL + "/1000", AllowPrivate: true})
	if err != nil || len(resp.Body) != 1000 {
		t.Errorf("1000 of 1000 bytes: %d, %v", len(resp.Body), err)
	}
	_, err = f.Fetch(t.Context(), crawler.Request{URL: site.URL + "/1001", AllowPrivate: true})
	wantFault(t, err, "fetch.too_large")
}

func TestFetchRefusesGzipBombs(t *testing.T) {
	bomb := zeros(t, 64<<20)
	small := zeros(t, 1000)
	site := newFetchSite(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/encoded":
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(bomb)
		case "/named.xml.gz":
			w.Header().Set("Content-Type", "application/gzip")
			w.Write(bomb)
		case "/small.xml.gz":
			w.Header().Set("Content-Type", "application/x-gzip")
			w.Write(small)
		case "/cut.xml.gz":
			w.Write(small[:len(small)-9])
		}
	})
	f := newFetcher(t, crawler.Options{})
	for _, path := range []string{"/encoded", "/named.xml.gz"} {
		_, err := f.Fetch(t.Context(), crawler.Request{URL: site.URL + path, AllowPrivate: true})
		wantFault(t, err, "fetch.too_large")
	}
	resp, err := f.Fetch(t.Context(), crawler.Request{URL: site.URL + "/small.xml.gz", AllowPrivate: true})
	if err != nil || !bytes.Equal(resp.Body, make([]byte, 1000)) {
		t.Errorf("a compressed sitemap: %d bytes, %v; want 1000 unpacked", len(resp.Body), err)
	}
	_, err = f.Fetch(t.Context(), crawler.Request{URL: site.URL + "/cut.xml.gz", AllowPrivate: true})
	wantFault(t, err, "fetch.encoding")
}

func TestFetchLeavesSlowServers(t *testing.T) {
	site := newFetchSite(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			return
		}
		if r.URL.Path == "/silent" {
			<-r.Context().Done()
			return
		}
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for { // a byte at a time, for ever
			select {
			case <-tick.C:
				fmt.Fprint(w, "a")
				w.(http.Flusher).Flush()
			case <-r.Context().Done():
				return
			}
		}
	})
	var results []string
	f := newFetcher(t, crawler.Options{Timeout: 500 * time.Millisecond, Observe: func(r string) { results = append(results, r) }})
	for _, path := range []string{"/drip", "/silent"} {
		_, err := f.Fetch(t.Context(), crawler.Request{URL: site.URL + path, AllowPrivate: true})
		if fault := wantFault(t, err, "fetch.timeout"); !fault.Retry {
			t.Errorf("%s: may not be tried again", path)
		}
	}
	if strings.Join(results, " ") != "timeout timeout" {
		t.Errorf("observed %q", results)
	}
}
