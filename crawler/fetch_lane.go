package crawler

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gocolly/colly/v2"
)

// fetchLane is one colly collector with the connections behind it.
//
// Colly does what it is good at, the request; what it also does is turned
// off, for each of these is done better here: its charset guess (see ask), its
// visited set (for ever in memory), its robots.txt (5xx is taken for
// permission), its cut of long bodies (silent), cookies and redirects.
type fetchLane struct {
	collector *colly.Collector
	transport *http.Transport
}

// Bounds on idle connections: many hosts are asked now and then.
const (
	fetchIdle        = 128
	fetchIdlePerHost = 16
	fetchIdleTime    = 60 * time.Second
	fetchDialTime    = 10 * time.Second
	fetchHeaderBytes = 64 << 10
	fetchOtherBody   = 64 << 10 // of an answer that is no page, so that its connection can be used again
)

func newFetchLane(o Options, private bool) *fetchLane {
	dialer := &net.Dialer{Timeout: min(fetchDialTime, o.Timeout), KeepAlive: 30 * time.Second}
	if !private {
		dialer.ControlContext = guardControl
	}
	transport := &http.Transport{
		Proxy:                  nil, // a proxy would make the connection that the guard judges
		DialContext:            dialer.DialContext,
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    min(fetchDialTime, o.Timeout),
		ResponseHeaderTimeout:  max(o.Timeout/2, time.Millisecond),
		MaxIdleConns:           fetchIdle,
		MaxIdleConnsPerHost:    fetchIdlePerHost,
		IdleConnTimeout:        fetchIdleTime,
		MaxResponseHeaderBytes: fetchHeaderBytes,
	}
	// Init and not NewCollector, which would listen to COLLY_* variables.
	c := &colly.Collector{}
	c.Init()
	c.UserAgent = o.Agent
	c.AllowURLRevisit = true
	c.ParseHTTPErrorResponse = true
	c.MaxBodySize = 0
	c.SetClient(&http.Client{
		Transport:     fetchBounded{transport},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	})
	return &fetchLane{collector: c, transport: transport}
}

// fetchAnswer is what one address answered.
type fetchAnswer struct {
	url    *url.URL
	status int
	header http.Header
	body   []byte
}

// ask asks for u, once. answered is called when the answer begins.
func (l *fetchLane) ask(ctx context.Context, u *url.URL, o fetchChase, answered func()) (fetchAnswer, error) {
	answer := fetchAnswer{url: u}
	c := l.collector.Clone()
	c.Context = context.WithValue(ctx, fetchBoundKey{}, fetchBound{limit: o.limit, cut: o.cut})
	var kind []string
	c.OnResponseHeaders(func(r *colly.Response) {
		answered()
		answer.status, answer.header = r.StatusCode, *r.Headers
		// Colly would recode the body by this header, which is often wrong.
		kind = answer.header["Content-Type"]
		delete(answer.header, "Content-Type")
	})
	c.OnResponse(func(r *colly.Response) { answer.body = r.Body })
	err := c.Request(http.MethodGet, u.String(), nil, nil, o.header)
	if err != nil {
		return fetchAnswer{}, err
	}
	if answer.header == nil {
		return fetchAnswer{}, errors.New("no answer")
	}
	if kind != nil {
		answer.header["Content-Type"] = kind
	}
	if answer.status/100 == 2 {
		answer.body, err = fetchUnzip(answer.body, o.limit, o.cut)
	}
	return answer, err
}

// errTooLarge is a body over its bound, errEncoding one in a compression that
// was not asked for.
var (
	errTooLarge = errors.New("body too large")
	errEncoding = errors.New("unknown content encoding")
)

// fetchBound is the bound on one answer's body; it travels in the context,
// for the request passes through colly's hands.
type (
	fetchBound struct {
		limit int64
		cut   bool
	}
	fetchBoundKey struct{}
)

// fetchBounded bounds every body after its decompression.
type fetchBounded struct{ next *http.Transport }

// RoundTrip implements http.RoundTripper.
func (t fetchBounded) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := t.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	bound, _ := req.Context().Value(fetchBoundKey{}).(fetchBound)
	switch {
	case res.StatusCode/100 != 2:
		// nobody reads the page that says why there is no page
		bound = fetchBound{limit: fetchOtherBody, cut: true}
	case fetchForeign(res.Header.Get("Content-Encoding")):
		res.Body.Close()
		return nil, errEncoding
	case !bound.cut && res.ContentLength > bound.limit:
		res.Body.Close()
		return nil, errTooLarge
	}
	// Colly would otherwise decompress what is called .xml.gz, without bound.
	res.Uncompressed = true
	res.Body = &fetchBody{ReadCloser: res.Body, left: bound.limit, cut: bound.cut}
	return res, nil
}

// fetchForeign reports a compression that nobody asked for: the transport
// undoes the gzip that it asked for and removes the header.
func fetchForeign(encoding string) bool {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "gzip", "x-gzip", "br", "zstd", "deflate", "compress":
		return true
	}
	return false
}

// fetchBody ends a body at its bound: quietly, or with errTooLarge.
type fetchBody struct {
	io.ReadCloser
	left int64
	cut  bool
}

// Read implements io.Reader.
func (b *fetchBody) Read(p []byte) (int, error) {
	// one byte more than is left, to see whether there is more
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.ReadCloser.Read(p)
	if int64(n) <= b.left {
		b.left -= int64(n)
		return n, err
	}
	n, b.left = int(b.left), 0
	if b.cut {
		return n, io.EOF
	}
	return n, errTooLarge
}
