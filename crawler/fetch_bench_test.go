package crawler_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gocolly/colly/v2"

	"minsheng/crawler"
)

// BenchmarkFetch asks a loopback server for small pages, 16 at once, beside
// colly with nothing around it: what robots.txt, guard, bounds and faults cost.
func BenchmarkFetch(b *testing.B) {
	page := strings.Repeat("<p>今天天气很好。</p>", 200)
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/robots.txt" {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(w, page)
		}
	}))
	defer site.Close()
	var n atomic.Int64
	run := func(b *testing.B, get func(url string) error) {
		b.SetParallelism(8) // times 2 cores
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if err := get(fmt.Sprintf("%s/a/%d.html", site.URL, n.Add(1))); err != nil {
					b.Error(err)
				}
			}
		})
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pages/s")
	}
	b.Run("minsheng", func(b *testing.B) {
		f := crawler.NewFetcher(crawler.Options{Agent: "minsheng/1.0", Now: time.Now})
		defer f.Close()
		run(b, func(u string) error {
			_, err := f.Fetch(b.Context(), crawler.Request{URL: u, AllowPrivate: true})
			return err
		})
	})
	b.Run("colly", func(b *testing.B) {
		c := colly.NewCollector()
		c.WithTransport(&http.Transport{MaxIdleConnsPerHost: 16})
		run(b, c.Visit)
	})
}
