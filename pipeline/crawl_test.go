package pipeline_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"minsheng/alerts"
	"minsheng/analysis"
	"minsheng/crawler"
	indexsqlite "minsheng/index/sqlite"
	"minsheng/opinion"
	"minsheng/pipeline"
	"minsheng/store"
	"minsheng/store/sqlite"
)

// began is when the crawls of these tests begin.
var began = time.Date(2026, 1, 14, 4, 0, 0, 0, time.UTC)

// crawlClock stands still until it is moved.
type crawlClock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *crawlClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *crawlClock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.After(c.t) {
		c.t = t
	}
}

// crawl is the daemon's loops over a store and sites of a test.
type crawl struct {
	*testing.T
	clock *crawlClock
	state *sqlite.Store
	sent  *heard
	lines *pipeline.Pipeline
}

// heard keeps what a channel was sent.
type heard struct {
	mu   sync.Mutex
	all  []alerts.Message
	deaf int // so many attempts still fail, and may be made again
}

func (h *heard) Notify(_ context.Context, m alerts.Message) opinion.Receipt {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.deaf > 0 {
		h.deaf--
		return opinion.Receipt{Code: "down", Retry: true}
	}
	h.all = append(h.all, m)
	return opinion.Receipt{OK: true}
}

func (h *heard) messages() []alerts.Message {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.all)
}

// startCrawl runs the loops until the test ends.
func startCrawl(t *testing.T, sources ...opinion.Source) *crawl {
	t.Helper()
	c := &crawl{T: t, clock: &crawlClock{t: began}, sent: &heard{}}
	c.begin(c.clock.now, sources...)
	return c
}

// begin opens everything with the given clock.
func (c *crawl) begin(now func() time.Time, sources ...opinion.Source) {
	c.Helper()
	file, err := sqlite.Open(c.Context(), filepath.Join(c.TempDir(), "minsheng.db"))
	ok(c, err)
	c.state = sqlite.New(file, now)
	ok(c, c.state.SyncSources(c.Context(), sources))
	ok(c, words().Wait(c.Context()))
	ix, err := indexsqlite.New(file.W, file.R, words().Cut)
	ok(c, err)
	set := &pipeline.Setting{
		Sources: map[string]opinion.Source{}, Operators: []string{"值班"},
		Analyzer: analysis.New(analysis.Options{Segmenter: words()}),
	}
	for _, s := range sources {
		set.Sources[s.Name] = s
	}
	fetcher := crawler.NewFetcher(crawler.Options{Agent: "minsheng/1.0", Now: now})
	c.lines = pipeline.New(pipeline.Options{
		State: c.state, Fetcher: fetcher, Grouper: analysis.NewGrouper(), Metrics: pipeline.Uncounted(), Index: ix,
		Deliver: &alerts.Deliverer{Channels: []alerts.Channel{{Name: "值班", Lang: "zh", Notifier: c.sent}}, Zone: time.UTC},
		Now:     now, Log: slog.New(slog.DiscardHandler), Workers: 8, Zone: time.FixedZone("", 8*3600), KeepFor: 365 * 24 * time.Hour, Hold: time.Hour,
	}, set)
	ctx, stop := context.WithCancel(c.Context())
	done := make(chan error, 1)
	go func() { done <- c.lines.Run(ctx) }()
	c.Cleanup(func() {
		stop()
		ok(c, <-done)
		fetcher.Close()
		ok(c, ix.Close())
		ok(c, file.Close())
	})
}

// settle waits until nothing is due or under way.
func (c *crawl) settle() {
	c.Helper()
	c.until("the frontier is at rest", func() bool {
		return !slices.ContainsFunc(c.sources(), func(s store.SourceState) bool { return s.Pending > 0 })
	})
}

// step moves the clock to when the next address falls due, and waits until it
// has been asked.
func (c *crawl) step() {
	c.Helper()
	c.settle()
	next, err := c.state.NextFetch(context.WithoutCancel(c.Context()))
	ok(c, err)
	if next.IsZero() {
		c.Fatal("nothing will ever be asked again")
	}
	c.clock.set(next)
	c.settle()
}

// through steps until the product's clock has gone on by d.
func (c *crawl) through(d time.Duration) {
	c.Helper()
	for end := c.clock.now().Add(d); c.clock.now().Before(end); {
		c.step()
	}
}

func (c *crawl) until(what string, is func() bool) {
	c.Helper()
	for range 6000 {
		if is() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	c.Fatalf("not within half a minute: %s", what)
}

func (c *crawl) sources() []store.SourceState {
	all, err := c.state.Sources(c.Context())
	ok(c, err)
	return all
}

// town is a site of a test. It notes, in product time, when it was asked for
// what, and what it answered.
type town struct {
	*httptest.Server
	mu    sync.Mutex
	now   func() time.Time
	asked map[string][]time.Time
	full  map[string]int // answers with a body
}

func newTown(t *testing.T, serve http.HandlerFunc) *town {
	s := &town{asked: map[string][]time.Time{}, full: map[string]int{}, now: time.Now}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked[r.URL.RequestURI()] = append(s.asked[r.URL.RequestURI()], s.now())
		if r.Header.Get("If-None-Match") != `"1"` {
			s.full[r.URL.RequestURI()]++
		}
		s.mu.Unlock()
		serve(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *town) times(path string) []time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked[path])
}

// gaps are the times between requests for a path.
func (s *town) gaps(path string) []time.Duration {
	at := s.times(path)
	var out []time.Duration
	for i := 1; i < len(at); i++ {
		out = append(out, at[i].Sub(at[i-1]).Round(time.Second))
	}
	return out
}

func (s *town) use(c *crawl) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = c.clock.now
}

func (s *town) source(path string, form opinion.Form, class opinion.Class) opinion.Source {
	return opinion.Source{Name: "示例", URL: s.URL + path, Form: form, Class: class, Every: 10 * time.Minute, AllowPrivate: true, KeepAll: true}
}

func rss(items ...string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>示例</title>` + strings.Join(items, "") + `</channel></rss>`
}

func rssItem(base string, n int, published string) string {
	return fmt.Sprintf("<item><title>派出所办事第%d篇</title><link>%s/a/%d.html</link><pubDate>%s</pubDate></item>", n, base, n, published)
}

const article = `<!doctype html><html><head><meta charset="utf-8"><title>关于夏季治安巡查的通告</title></head><body><h1>关于夏季治安巡查的通告</h1>
<p>2026-01-14 11:00</p><div class="content"><p>为了进一步加强夏季社会治安管理，派出所民警将在辖区内开展为期一个月的夜间巡查工作，请广大市民予以配合。</p>
<p>巡查期间如遇到困难或者发现可疑情况，可以到就近的派出所窗口反映，值班民警会及时处理并答复。</p></div></body></html>`
