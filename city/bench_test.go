package city

import (
	"io"
	"log/slog"
	"net/http/httptest"
	"testing"
	"time"
)

// BenchmarkDay measures the writing of one day.
func BenchmarkDay(b *testing.B) {
	w, err := newWorld(1, None, time.Date(2026, 11, 18, 4, 0, 0, 0, time.UTC))
	if err != nil {
		b.Fatal(err)
	}
	n := w.number(w.start)
	for b.Loop() {
		n++
		w.writeDay(n)
	}
}

// BenchmarkPages measures the answer of one page of each site, written before.
func BenchmarkPages(b *testing.B) {
	start := time.Date(2026, 11, 18, 4, 0, 0, 0, time.UTC)
	c, err := Open(Config{Seed: 1, Listen: "127.0.0.1:0", Start: start, Now: func() time.Time { return start }, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = c.Close() })
	for _, s := range []struct {
		site int
		path string
	}{
		{bureauSite, "/tzgg/index.html"},
		{paperA, "/rss.xml"},
		{paperB, "/sitemap_news.xml.gz"},
		{forumSite, "/forum-2-1.html"},
		{forumSite, "/feed.json"},
		{boardSite, "/ask/list"},
		{noticeSite, "/atom.xml"},
		{forumSite, c.world.recent(forumSite, start)[9].path(c.world.zone)},
		{paperB, c.world.recent(paperB, start)[9].path(c.world.zone)},
	} {
		h := c.handler(s.site)
		b.Run(s.path, func(b *testing.B) {
			for b.Loop() {
				rec := httptest.NewRecorder()
				h.ServeHTTP(rec, httptest.NewRequest("GET", s.path, nil))
				if rec.Code != 200 {
					b.Fatal(rec.Code)
				}
				_, _ = io.Copy(io.Discard, rec.Body)
			}
		})
	}
}
