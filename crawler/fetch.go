package crawler

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"minsheng/opinion"
)

// Options sets up a Fetcher. The zero value of each field but Agent and Now
// takes the default named beside it.
type Options struct {
	Agent        string           // User-Agent header: product token first, then whom to write to
	MaxBody      int64            // largest body after decompression, in bytes; 8 MiB
	Timeout      time.Duration    // wall time of one Fetch, robots.txt, redirects and body included, waiting for its turn apart; 30 s
	MaxRedirects int              // 5
	Now          func() time.Time // the product's clock: age of robots.txt, dates in Retry-After
	Log          *slog.Logger     // discarded

	// Observe is told once for each Fetch how it ended: ok, not_modified,
	// robots, refused, status, timeout, too_large, postponed or failed. May be nil.
	Observe func(result string)
}

// Defaults of Options.
const (
	fetchMaxBody      = 8 << 20
	fetchTimeout      = 30 * time.Second
	fetchMaxRedirects = 5
)

// Fetcher asks for one URL at a time, for any number of callers at once. It
// knows no queue; it keeps a host's pace where Request.Pause asks for it. Its
// memory is bounded: a cache of what robots.txt files say, when hosts were
// asked last, and some idle connections.
type Fetcher struct {
	agent        string
	maxBody      int64
	timeout      time.Duration
	maxRedirects int
	now          func() time.Time
	log          *slog.Logger
	observe      func(string)

	// Connections of the two lanes are never shared: one that was allowed to
	// a private address must not serve a request that is not.
	public, private *fetchLane
	robots          *robotsCache
	turns           *turns

	closing context.Context // ended by Close, for the fetches of robots.txt
	cancel  context.CancelFunc
	flights sync.WaitGroup // fetches of robots.txt under way
}

// NewFetcher returns a Fetcher; Close it when done.
func NewFetcher(o Options) *Fetcher {
	if o.MaxBody <= 0 {
		o.MaxBody = fetchMaxBody
	}
	if o.Timeout <= 0 {
		o.Timeout = fetchTimeout
	}
	if o.MaxRedirects <= 0 {
		o.MaxRedirects = fetchMaxRedirects
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Observe == nil {
		o.Observe = func(string) {}
	}
	f := &Fetcher{
		agent: o.Agent, maxBody: o.MaxBody, timeout: o.Timeout, maxRedirects: o.MaxRedirects,
		now: o.Now, log: o.Log, observe: o.Observe,
		public: newFetchLane(o, false), private: newFetchLane(o, true),
		robots: newRobotsCache(), turns: newTurns(o.Now),
	}
	f.closing, f.cancel = context.WithCancel(context.Background())
	return f
}

// Close ends the fetches of robots.txt that are under way, waits for them and
// drops idle connections. Fetches of pages end by their own contexts.
func (f *Fetcher) Close() {
	f.cancel()
	f.flights.Wait()
	f.public.transport.CloseIdleConnections()
	f.private.transport.CloseIdleConnections()
}

// Request is one page to ask for.
type Request struct {
	URL string

	// ETag and LastModified as an earlier Response gave them; the answer may
	// then be NotModified.
	ETag, LastModified string

	// AllowPrivate lets the host of URL, at its port, be at a private
	// address. It holds for no other host that URL redirects to.
	AllowPrivate bool

	// Pause is the least product time between two requests to one host, that
	// for robots.txt and each redirect among them; a longer Crawl-delay holds
	// instead. Where a turn is further off than Options.Timeout the fault is
	// fetch.turn, and After says when it comes. 0 leaves the pace to the caller.
	Pause time.Duration
}

// Response is what a page answered, its bytes as they came but for the
// compression: the charset is the reader's work.
type Response struct {
	URL                string // the address that answered, after redirects
	Status             int    // 2xx, or 304
	NotModified        bool
	ContentType        string
	ETag, LastModified string
	Body               []byte
}

// Fetch asks for one page. Before each address, the first and every redirect,
// it is judged (CheckURL's rules, at the moment of connecting) and robots.txt
// is obeyed. Whatever goes wrong is an *opinion.Fault with a code "fetch.*";
// Retry and After tell whether and when another attempt makes sense. With an
// answer of the wrong status the Response bears that status.
func (f *Fetcher) Fetch(ctx context.Context, r Request) (Response, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*f.timeout)
	defer cancel()
	resp, fault := f.fetch(ctx, r)
	if fault != nil {
		f.observe(fetchResult(fault))
		f.log.DebugContext(ctx, "page not fetched", "url", guardShown(r.URL), "cause", fault)
		return resp, fault
	}
	if resp.NotModified {
		f.observe("not_modified")
	} else {
		f.observe("ok")
	}
	return resp, nil
}

func (f *Fetcher) fetch(ctx context.Context, r Request) (Response, *opinion.Fault) {
	u, fault := guardParse(r.URL)
	if fault != nil {
		return Response{}, fault
	}
	header := http.Header{}
	header.Set("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
	header.Set("Accept-Language", "zh-CN,zh;q=0.9,en;q=0.5")
	if r.ETag != "" {
		header.Set("If-None-Match", r.ETag)
	}
	if r.LastModified != "" {
		header.Set("If-Modified-Since", r.LastModified)
	}
	answer, fault := f.chase(ctx, u, fetchChase{
		private: r.AllowPrivate, header: header, limit: f.maxBody,
		redirects: f.maxRedirects, pause: r.Pause, budget: f.timeout,
		permit: func(ctx context.Context, u *url.URL, private bool) *opinion.Fault {
			return f.permit(ctx, u, private, r.Pause)
		},
	})
	if fault != nil {
		return Response{}, fault
	}
	resp := Response{
		URL: answer.url.String(), Status: answer.status, Body: answer.body,
		ContentType: answer.header.Get("Content-Type"),
		ETag:        answer.header.Get("Etag"), LastModified: answer.header.Get("Last-Modified"),
	}
	if answer.status == http.StatusNotModified && (r.ETag != "" || r.LastModified != "") {
		resp.NotModified, resp.Body = true, nil
		resp.ETag, resp.LastModified = cmp.Or(resp.ETag, r.ETag), cmp.Or(resp.LastModified, r.LastModified)
		return resp, nil
	}
	if fault := f.statusFault(answer); fault != nil {
		resp.Body = nil
		return resp, fault
	}
	return resp, nil
}

// fetchChase says how to ask for an address and what it redirects to.
type fetchChase struct {
	private   bool // the first address's host may be private
	header    http.Header
	limit     int64 // of the body, in bytes
	cut       bool  // a longer body is cut, not refused
	redirects int
	pause     time.Duration // see Request.Pause
	budget    time.Duration // wall time for all that is asked, waiting for turns apart
	permit    func(ctx context.Context, u *url.URL, private bool) *opinion.Fault
}

// chase asks u, then what it redirects to. The redirects are followed here
// and not in the HTTP client because each is a new question to guard and
// robots.txt, and because the client would tell each host where it came from.
// With a fault the answer still names the address that it happened at.
func (f *Fetcher) chase(ctx context.Context, u *url.URL, o fetchChase) (fetchAnswer, *opinion.Fault) {
	origin := u
	seen := map[string]bool{}
	for {
		u.Fragment, u.RawFragment = "", ""
		private := o.private && u.Scheme == origin.Scheme && u.Host == origin.Host ||
			o.private && u.Hostname() == origin.Hostname() && u.Port() == "" && origin.Port() == ""
		lane := f.public
		if private {
			lane = f.private
		} else if fault := guardLiteral(u); fault != nil {
			return fetchAnswer{url: u}, fault
		}
		if o.permit != nil {
			if fault := o.permit(ctx, u, private); fault != nil {
				return fetchAnswer{url: u}, fault
			}
		}
		answer, fault := f.askInTurn(ctx, lane, u, &o)
		if fault != nil {
			return fetchAnswer{url: u}, fault
		}
		place := answer.header.Get("Location")
		if !fetchRedirects(answer.status) || place == "" {
			return answer, nil
		}
		next, fault := guardParseRef(u, place)
		if fault != nil {
			return fetchAnswer{url: u}, fault
		}
		seen[u.String()] = true
		if seen[next.String()] || len(seen) > o.redirects {
			return fetchAnswer{url: u}, opinion.NewFault("fetch.redirects", fmt.Errorf("redirect to %s", next), u.Hostname(), strconv.Itoa(len(seen)))
		}
		u = next
	}
}

// askInTurn asks for u once its host's turn has come, within what is left of
// the time for asking.
func (f *Fetcher) askInTurn(ctx context.Context, lane *fetchLane, u *url.URL, o *fetchChase) (fetchAnswer, *opinion.Fault) {
	answered := func() {}
	if o.pause > 0 {
		if fault := f.turns.take(ctx, u.Host, f.timeout, func() time.Duration { return f.gap(u, o.pause) }); fault != nil {
			return fetchAnswer{}, fault
		}
		answered = sync.OnceFunc(func() { f.turns.end(u.Host) })
		defer answered()
	}
	ctx, cancel := context.WithTimeout(ctx, o.budget)
	defer cancel()
	end, _ := ctx.Deadline()
	answer, err := lane.ask(ctx, u, *o, answered)
	o.budget = time.Until(end)
	if err != nil {
		return fetchAnswer{}, f.errorFault(u, o.limit, err)
	}
	return answer, nil
}

func fetchRedirects(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// permit asks the robots.txt of u's host whether u may be asked for.
func (f *Fetcher) permit(ctx context.Context, u *url.URL, private bool, pause time.Duration) *opinion.Fault {
	rules, fault := f.rulesFor(ctx, u, private, pause)
	if fault != nil {
		return fault
	}
	if !rules.allowed(f.agent, u) {
		return opinion.NewFault("fetch.robots", nil, u.Hostname(), guardShown(u.EscapedPath()))
	}
	return nil
}

// Delay is the Crawl-delay that the robots.txt of rawURL's host asks of us, 0
// where there is none or the file has not been read yet. It asks nobody.
func (f *Fetcher) Delay(rawURL string) time.Duration {
	u, fault := guardParse(rawURL)
	if fault != nil {
		return 0
	}
	return f.delay(u)
}

func (f *Fetcher) delay(u *url.URL) time.Duration {
	var d time.Duration
	for _, private := range []bool{false, true} {
		if rules := f.robots.known(robotsKey(u, private)); rules != nil {
			d = max(d, rules.Delay(f.agent))
		}
	}
	return d
}

// Sitemaps returns the sitemaps that the robots.txt of rawURL's host names,
// made absolute; it asks for the file where it is not known. Errors are
// Faults, as those of Fetch.
func (f *Fetcher) Sitemaps(ctx context.Context, rawURL string, allowPrivate bool) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, f.timeout)
	defer cancel()
	u, fault := guardParse(rawURL)
	if fault != nil {
		return nil, fault
	}
	if !allowPrivate {
		if fault := guardLiteral(u); fault != nil {
			return nil, fault
		}
	}
	rules, fault := f.rulesFor(ctx, u, allowPrivate, 0)
	if fault != nil {
		return nil, fault
	}
	var out []string
	for _, s := range rules.Sitemaps() {
		if abs, fault := guardParseRef(u, strings.TrimSpace(s)); fault == nil {
			out = append(out, abs.String())
		}
	}
	return out, nil
}
