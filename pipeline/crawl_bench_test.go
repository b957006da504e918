package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/gocolly/colly/v2"
	"golang.org/x/net/html"

	"minsheng/crawler"
	"minsheng/opinion"
	"minsheng/store"
	"minsheng/store/sqlite"
)

// The loopback site of BenchmarkCrawl.
const (
	benchHosts   = 16
	benchPages   = 5_040 // small ones, over all hosts
	benchWorkers = 16    // requests at once, for everybody
)

// benchSite serves pages of about two kilobytes, each with an ETag, on several
// loopback addresses.
type benchSite struct {
	urls  []string // of the hosts
	pages int
	asked atomic.Int64 // pages answered, whole or unchanged
	other atomic.Int64 // of them those that are not measured
	whole atomic.Int64
	spent time.Duration // processor time of what is measured, the site's own with it
}

func newBenchSite(b *testing.B, pages int) *benchSite {
	s := &benchSite{pages: pages / benchHosts * benchHosts}
	body := "<!doctype html><html><head><meta charset=utf-8><title>通告</title></head><body>" + strings.Repeat("<p>今天天气很好，适合出门走走。</p>", 40) + "</body></html>"
	serve := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/robots.txt":
			fmt.Fprint(w, "User-agent: *\nDisallow: /closed\n")
		case r.URL.Path == "/map.txt":
			for i := range s.pages / benchHosts {
				fmt.Fprintf(w, "http://%s/a/%d.html\n", r.Host, i)
			}
		default:
			s.asked.Add(1)
			w.Header().Set("ETag", `"1"`)
			if r.Header.Get("If-None-Match") != "" {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			s.whole.Add(1)
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = io.WriteString(w, body)
		}
	})
	for i := range benchHosts {
		l, err := (&net.ListenConfig{}).Listen(b.Context(), "tcp", fmt.Sprintf("127.0.0.%d:0", i+1))
		if err != nil {
			b.Skipf("no second loopback address here: %v", err)
		}
		server := httptest.NewUnstartedServer(serve)
		server.Listener.Close()
		server.Listener = l
		server.Start()
		b.Cleanup(server.Close)
		s.urls = append(s.urls, server.URL)
	}
	return s
}

// measured adds the processor time of what do does. It says more than pages a
// second where other programs want the processors too.
func (s *benchSite) measured(b *testing.B, do func()) {
	begun := ProcessorTime(b)
	do()
	s.spent += ProcessorTime(b) - begun
}

// ProcessorTime is what this process has used so far, all cores together.
func ProcessorTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// each hands every page to do, on as many goroutines as there are workers.
func (s *benchSite) each(do func(url string) error) error {
	var next atomic.Int64
	var wg sync.WaitGroup
	errs := make(chan error, benchWorkers)
	for range benchWorkers {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= s.pages {
					return
				}
				if err := do(fmt.Sprintf("%s/a/%d.html", s.urls[i%benchHosts], i/benchHosts)); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	wg.Wait()
	close(errs)
	return <-errs
}

// BenchmarkCrawl asks one loopback site for all its pages, sixteen at once: by
// Minsheng with every layer on but the reading of pages (frontier on disk,
// robots.txt, guard, pace, conditional requests, health), by colly with nothing
// round it that looks for links (colly_unread: that does not), by net/http with a tokenizer, and by Scrapy where Python has it.
func BenchmarkCrawl(b *testing.B) {
	pages := benchPages
	if testing.Short() {
		pages = benchPages / 3
	}
	site := newBenchSite(b, pages)
	run := func(name string, crawl func(b *testing.B)) {
		b.Run(name, func(b *testing.B) {
			site.asked.Store(0)
			site.other.Store(0)
			site.spent = 0
			for b.Loop() {
				crawl(b)
			}
			pages := float64(site.asked.Load() - site.other.Load())
			b.ReportMetric(pages/b.Elapsed().Seconds(), "pages/s")
			b.ReportMetric(float64(site.spent.Microseconds())/pages, "processor-µs/page")
			b.ReportMetric(0, "ns/op")
		})
	}
	run("nethttp", func(b *testing.B) { site.measured(b, func() { benchNetHTTP(b, site) }) })
	colly := func(links bool) func(b *testing.B) {
		return func(b *testing.B) { site.measured(b, func() { benchColly(b, site, links) }) }
	}
	run("colly", colly(true))
	run("colly_unread", colly(false))
	run("minsheng", func(b *testing.B) { benchMinsheng(b, site, benchRun{}) })
	run("minsheng_again", func(b *testing.B) { benchMinsheng(b, site, benchRun{again: true}) })
	run("colly_after", colly(true))
	b.Run("scrapy", func(b *testing.B) { benchScrapy(b, site) })
}

func benchNetHTTP(b *testing.B, site *benchSite) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: benchWorkers}, Timeout: 30 * time.Second}
	defer client.CloseIdleConnections()
	err := site.each(func(url string) error {
		req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		resp, err := client.Do(req)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		for z := html.NewTokenizer(resp.Body); z.Next() != html.ErrorToken; {
			_ = z.Raw() // a crawler looks at what it fetched
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

// benchColly looks for links, as a crawler does, or throws the pages away.
func benchColly(b *testing.B, site *benchSite, links bool) {
	c := colly.NewCollector(colly.AllowURLRevisit())
	if links {
		c.OnHTML("a[href]", func(*colly.HTMLElement) {})
	}
	c.WithTransport(&http.Transport{MaxIdleConnsPerHost: benchWorkers})
	if err := site.each(c.Visit); err != nil {
		b.Fatal(err)
	}
}

// benchRun says what is measured of Minsheng.
type benchRun struct {
	again bool // the second round over the same pages
	seen  int  // addresses that were read for good before; all pages are, then
}

// benchMinsheng runs the crawling loop over a new data file until every page
// has been asked for.
func benchMinsheng(b *testing.B, site *benchSite, r benchRun) {
	b.StopTimer()
	path := filepath.Join(b.TempDir(), "minsheng.db")
	if r.seen > 0 {
		fillSeen(b, path, r.seen)
	}
	file, err := sqlite.Open(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	if r.seen > 0 {
		readTexts(b, file)
	}
	var shift atomic.Int64
	now := func() time.Time { return time.Now().Add(time.Duration(shift.Load())) }
	state := sqlite.New(file, now)
	set := &Setting{Sources: map[string]opinion.Source{}}
	var all []opinion.Source
	for i, u := range site.urls {
		src := opinion.Source{Name: fmt.Sprint(i), URL: u + "/map.txt", Form: opinion.SitemapForm, Class: opinion.Forum, Every: 24 * time.Hour, Rate: time.Nanosecond, AllowPrivate: true}
		all = append(all, src)
		set.Sources[src.Name] = src
	}
	if err := state.SyncSources(b.Context(), all); err != nil {
		b.Fatal(err)
	}
	fetcher := crawler.NewFetcher(crawler.Options{Agent: "minsheng/1.0", Now: now})
	defer fetcher.Close()
	p := New(Options{
		State: state, Fetcher: fetcher, Metrics: Uncounted(), Now: now, Log: slog.New(slog.DiscardHandler),
		Workers: benchWorkers, Zone: time.UTC, KeepFor: 365 * 24 * time.Hour, Hold: time.Hour,
	}, set)
	p.reader = func(ctx context.Context, f store.Fetch, src opinion.Source, resp crawler.Response, o store.Outcome) (store.Outcome, error) {
		if f.Role != store.PageRole {
			return p.read(ctx, f, src, resp, o)
		}
		if o.Changed = true; r.seen == 0 {
			o.Next = p.Now().Add(12 * time.Hour)
		}
		return o, nil
	}
	want := int64(site.pages)
	round := func() {
		begun := site.asked.Load()
		ctx, stop := context.WithCancel(b.Context())
		done := make(chan error, 1)
		go func() { done <- p.crawl(ctx) }()
		for site.asked.Load()-begun < want {
			time.Sleep(2 * time.Millisecond)
		}
		stop()
		if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
			b.Fatal(err)
		}
	}
	if r.again {
		begun := site.asked.Load()
		round()
		site.other.Add(site.asked.Load() - begun)
		shift.Store(int64(13 * time.Hour))
		site.whole.Store(0)
	}
	b.StartTimer()
	site.measured(b, round)
	if r.again {
		b.ReportMetric(100*(1-float64(site.whole.Load())/float64(want)), "unchanged-%")
	}
	if r.seen > 0 {
		heap, resident := benchMemory(b)
		b.ReportMetric(heap, "heap-MB")
		b.ReportMetric(resident, "resident-MB")
	}
}

// benchScrapy runs Scrapy as its own process. What it needs to start is taken
// off: it says itself when its first and last page came.
func benchScrapy(b *testing.B, site *benchSite) {
	python, err := exec.LookPath(os.Getenv("PYTHON"))
	if err != nil {
		python, err = exec.LookPath("python3")
	}
	if err != nil || exec.CommandContext(b.Context(), python, "-c", "import scrapy").Run() != nil {
		b.Skip("no Scrapy: pip install scrapy, and name that Python in PYTHON")
	}
	list := filepath.Join(b.TempDir(), "urls")
	var urls strings.Builder
	n := min(site.pages, 1_000)
	for i := range n {
		fmt.Fprintf(&urls, "%s/a/%d.html\n", site.urls[i%benchHosts], i/benchHosts)
	}
	if err := os.WriteFile(list, []byte(urls.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		out, err := exec.CommandContext(b.Context(), python, "-c", scrapySpider, list, fmt.Sprint(benchWorkers)).Output()
		if err != nil {
			b.Fatal(err)
		}
		var seconds float64
		if _, err := fmt.Sscan(string(out), &seconds); err != nil || seconds <= 0 {
			b.Fatalf("scrapy said %q", out)
		}
		b.ReportMetric(float64(n)/seconds, "pages/s")
	}
	b.ReportMetric(0, "ns/op")
}

const scrapySpider = `
import sys, time, scrapy
from scrapy.crawler import CrawlerProcess
urls = open(sys.argv[1]).read().split()
class Spider(scrapy.Spider):
    name = "s"
    start_urls = urls
    seen = []
    def parse(self, response):
        self.seen.append(time.time())
p = CrawlerProcess({"LOG_ENABLED": False, "ROBOTSTXT_OBEY": True, "CONCURRENT_REQUESTS": int(sys.argv[2]),
    "CONCURRENT_REQUESTS_PER_DOMAIN": int(sys.argv[2]), "DOWNLOAD_DELAY": 0, "TELNETCONSOLE_ENABLED": False})
begin = time.time()
p.crawl(Spider)
p.start()
print(max(Spider.seen) - begin if Spider.seen else 0)
`
