package pipeline_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"minsheng/i18n"
	"minsheng/opinion"
	"minsheng/store"
)

func packed(t *testing.T, body string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(body))
	ok(t, err)
	ok(t, w.Close())
	return b.Bytes()
}

// An index of sitemaps leads to sitemaps, packed or not, with news or without,
// and those to pages; what the news extension says of the time is believed where
// the page says nothing. A sitemap that is gone keeps the others from nothing.
func TestCrawlFollowsAnIndexOfSitemaps(t *testing.T) {
	undated := strings.Replace(article, "<p>2026-01-14 11:00</p>", "", 1)
	var site *town
	site = newTown(t, func(w http.ResponseWriter, r *http.Request) {
		loc := func(path string) string { return "<loc>" + site.URL + path + "</loc>" }
		switch r.URL.Path {
		case "/map.xml":
			fmt.Fprint(w, `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap>`+loc("/news.xml.gz")+"</sitemap><sitemap>"+loc("/gone.xml")+"</sitemap><sitemap>"+loc("/deep.xml")+"</sitemap></sitemapindex>")
		case "/news.xml.gz":
			w.Header().Set("Content-Type", "application/gzip")
			_, _ = w.Write(packed(t, `<urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url>`+loc("/a/1.html")+`<news:news><news:publication_date>2026-01-14T09:10:00+08:00</news:publication_date><news:title>通告</news:title></news:news></url></urlset>`))
		case "/deep.xml":
			fmt.Fprint(w, "<sitemapindex><sitemap>"+loc("/plain.xml")+"</sitemap></sitemapindex>")
		case "/plain.xml":
			fmt.Fprint(w, "<urlset><url>"+loc("/a/2.html")+"</url></urlset>")
		case "/a/1.html":
			fmt.Fprint(w, undated)
		case "/a/2.html":
			fmt.Fprint(w, article)
		default:
			http.NotFound(w, r)
		}
	})
	c := startCrawl(t, site.source("/map.xml", opinion.SitemapForm, opinion.Media))
	site.use(c)
	c.until("two pages are stored", func() bool {
		if len(c.stored()) < 2 {
			c.step()
		}
		return len(c.stored()) == 2
	})
	var got []string
	for _, p := range c.stored() {
		got = append(got, strings.TrimPrefix(p.URL, site.URL)+" "+p.Published.UTC().Format("15:04"))
	}
	slices.Sort(got)
	if want := []string{"/a/1.html 01:10", "/a/2.html 03:00"}; !slices.Equal(got, want) {
		t.Errorf("stored %q, want %q", got, want)
	}
}

// Whatever a site sends in place of a feed, a sitemap or a list, its source says
// why nothing comes, in a sentence, and the others go on.
func TestCrawlGoesOnBesideBadSites(t *testing.T) {
	bomb := packed(t, strings.Repeat(" ", 64<<20))
	entities := `<!DOCTYPE rss [<!ENTITY a "很长很长很长"><!ENTITY b "&a;&a;&a;&a;&a;&a;">` + "]>" + rss("<item><guid isPermaLink=\"false\">b</guid><title>派出所"+strings.Repeat("&b;&a;", 50_000)+"</title></item>")
	cases := []struct {
		path, code string
		form       opinion.Form
		answer     http.HandlerFunc
	}{
		{"/page", "read.feed_is_page", opinion.FeedForm, text("<html><body>访问过于频繁，请稍后再试</body></html>")},
		{"/error", "read.feed_is_json", opinion.FeedForm, text(`{"code":500,"msg":"系统繁忙"}`)},
		{"/noise", "read.feed_none", opinion.FeedForm, text("\x00\x01\x02\xff\xfe\x00\x80\x81 \xe6\x8a")},
		{"/nothing", "read.empty", opinion.FeedForm, text("")},
		{"/bomb", "fetch.too_large", opinion.FeedForm, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb)
		}},
		{"/packed", "fetch.too_large", opinion.SitemapForm, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/gzip")
			_, _ = w.Write(bomb)
		}},
		{"/round", "fetch.redirects", opinion.ListForm, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.Path+"?n="+r.URL.Query().Get("n")+"1", http.StatusFound)
		}},
		{"/sheet", "read.sitemap_none", opinion.SitemapForm, text("<html><body>站点地图</body></html>")},
		{"/column", "read.list_none", opinion.ListForm, text("<html><body><p>栏目建设中</p></body></html>")},
		{"/away", "fetch.private", opinion.FeedForm, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://169.254.169.254/latest/", http.StatusFound)
		}},
		{"/entities", "", opinion.FeedForm, text(entities)},
	}
	var site *town
	site = newTown(t, func(w http.ResponseWriter, r *http.Request) {
		for _, one := range cases {
			if strings.HasPrefix(r.URL.Path, one.path) {
				one.answer(w, r)
				return
			}
		}
		switch r.URL.Path {
		case "/rss.xml":
			fmt.Fprint(w, rss(rssItem(site.URL, 1, "")))
		case "/a/1.html":
			fmt.Fprint(w, article)
		default:
			http.NotFound(w, r)
		}
	})
	sources := []opinion.Source{site.source("/rss.xml", opinion.FeedForm, opinion.Media)}
	for _, one := range cases {
		src := site.source(one.path, one.form, opinion.Forum)
		src.Name = one.path
		sources = append(sources, src)
	}
	c := startCrawl(t, sources...)
	site.use(c)
	c.until("every source was asked and the good one's page is stored", func() bool {
		waits := slices.ContainsFunc(c.sources(), func(s store.SourceState) bool { return s.Tried.IsZero() })
		whole := slices.ContainsFunc(c.stored(), func(p store.Stored) bool { return p.URL == site.URL+"/a/1.html" })
		if waits || !whole {
			c.step()
		}
		return !waits && whole
	})
	for _, s := range c.sources() {
		want := ""
		for _, one := range cases {
			if one.path == s.Name {
				want = one.code
			}
		}
		got := ""
		if s.Fault != nil {
			got = s.Fault.Code
			if !i18n.Has(got) {
				t.Errorf("%s: %s has no sentence", s.Name, got)
			}
		}
		if got != want {
			t.Errorf("%s: fault %q, want %q", s.Name, got, want)
		}
	}
	for _, p := range c.stored() {
		if len(p.Title) > 2000 {
			t.Errorf("a title of %d bytes came out of entities", len(p.Title))
		}
	}
}

func text(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) }
}
