package city

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"strings"
	"time"
)

const feedItems = 100

func (c *City) paperARoutes(m *http.ServeMux) {
	m.HandleFunc("GET /{$}", c.show(c.paperAFront))
	m.HandleFunc("GET /robots.txt", c.robots("User-agent: *\nDisallow: /search\n\nSitemap: "+c.bases[paperA]+"/sitemap.xml\n"))
	m.HandleFunc("GET /rss.xml", c.show(func(now time.Time, _ *http.Request) (doc, bool) {
		return c.rss(now, paperA, c.world.town.paperA), true
	}))
	m.HandleFunc("GET /sitemap.xml", c.show(func(now time.Time, _ *http.Request) (doc, bool) {
		return c.sitemap(now, paperA), true
	}))
	m.HandleFunc("GET /{year}/{day}/{file}", c.article(paperA, "", c.paperAArticle))
}

func (c *City) paperBRoutes(m *http.ServeMux) {
	m.HandleFunc("GET /{$}", c.show(c.paperBFront))
	m.HandleFunc("GET /robots.txt", c.robots("User-agent: *\nAllow: /\n\nSitemap: "+c.bases[paperB]+"/sitemap_index.xml\n"))
	m.HandleFunc("GET /rss.xml", c.show(func(now time.Time, _ *http.Request) (doc, bool) {
		return c.rss(now, paperB, c.world.script.Replace(c.world.town.paperB)), true
	}))
	m.HandleFunc("GET /sitemap_index.xml", c.show(func(now time.Time, _ *http.Request) (doc, bool) {
		last := newest(c.world.recent(paperB, now), now, c.world.begin)
		s := fmt.Sprintf("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"+
			"<sitemap><loc>%s/sitemap_news.xml.gz</loc><lastmod>%s</lastmod></sitemap>\n</sitemapindex>\n", c.bases[paperB], last.Format(time.RFC3339))
		return doc{[]byte(s), xmlKind, last}, true
	}))
	m.HandleFunc("GET /sitemap_news.xml.gz", c.show(func(now time.Time, _ *http.Request) (doc, bool) {
		d := c.sitemap(now, paperB)
		d.body, d.kind = zip(d.body), "application/gzip"
		return d, true
	}))
	m.HandleFunc("GET /news/{day}/{file}", c.article(paperB, "b", c.paperBArticle))
}

// zip compresses in memory, where no write can fail.
func zip(raw []byte) []byte {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		return nil // cannot happen: the level is a known one
	}
	_, _ = z.Write(raw)
	_ = z.Close()
	return b.Bytes()
}

// rss is the feed of the latest articles (RSS 2.0).
func (c *City) rss(now time.Time, site int, name string) doc {
	all := c.world.recent(site, now)
	all = all[:min(len(all), feedItems)]
	var b strings.Builder
	fmt.Fprintf(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\"><channel><title>%s</title><link>%s/</link><description>%s</description>\n",
		esc(name), c.bases[site], esc(name))
	for _, p := range all {
		link := c.bases[site] + p.path(c.world.zone)
		fmt.Fprintf(&b, "<item><title>%s</title><link>%s</link><guid isPermaLink=\"true\">%s</guid><pubDate>%s</pubDate><description>%s</description></item>\n",
			esc(p.title), link, link, p.at.In(c.world.zone).Format(time.RFC1123Z), esc(short(p.paras[0], 80)))
	}
	b.WriteString("</channel></rss>\n")
	return doc{[]byte(b.String()), "application/rss+xml; charset=utf-8", newest(all, now, c.world.begin)}
}

// sitemap lists all articles of the past fourteen days.
func (c *City) sitemap(now time.Time, site int) doc {
	all := c.world.recent(site, now)
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n")
	for _, p := range all {
		fmt.Fprintf(&b, "<url><loc>%s%s</loc><lastmod>%s</lastmod></url>\n", c.bases[site], p.path(c.world.zone), p.at.In(c.world.zone).Format(time.RFC3339))
	}
	b.WriteString("</urlset>\n")
	return doc{[]byte(b.String()), xmlKind, newest(all, now, c.world.begin)}
}

// short cuts a text after n characters.
func short(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i] + "……"
		}
		n--
	}
	return s
}

func (c *City) paperAFront(now time.Time, _ *http.Request) (doc, bool) {
	all := c.world.recent(paperA, now)
	all = all[:min(len(all), 40)]
	name := c.world.town.paperA
	var b strings.Builder
	fmt.Fprintf(&b, "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>%s</title><link rel=\"alternate\" type=\"application/rss+xml\" href=\"/rss.xml\"></head><body><h1>%s</h1><ul>\n", name, name)
	for _, p := range all {
		fmt.Fprintf(&b, "<li><a href=\"%s\">%s</a></li>\n", p.path(c.world.zone), esc(p.title))
	}
	b.WriteString("</ul></body></html>\n")
	return doc{[]byte(b.String()), htmlKind, newest(all, now, c.world.begin)}, true
}

func (c *City) paperAArticle(p *page, _ time.Time) doc {
	at := p.at.In(c.world.zone)
	name := c.world.town.paperA
	var b strings.Builder
	fmt.Fprintf(&b, "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>%s_%s</title>\n", esc(p.title), name)
	fmt.Fprintf(&b, "<meta property=\"og:title\" content=\"%s\"><meta property=\"article:published_time\" content=\"%s\">\n</head><body>\n", esc(p.title), at.Format(time.RFC3339))
	fmt.Fprintf(&b, "<header><a href=\"/\">%s</a><nav><a href=\"/\">要闻</a><a href=\"/\">社会</a><a href=\"/\">民生</a></nav></header>\n", name)
	fmt.Fprintf(&b, "<article><h1>%s</h1>\n<p class=\"meta\"><time datetime=\"%s\">%s</time> 来源：%s</p>\n<div class=\"article-body\">\n", esc(p.title), at.Format(time.RFC3339), at.Format("2006-01-02 15:04"), p.origin)
	paragraphs(&b, p.paras, "<p>")
	fmt.Fprintf(&b, "</div></article>\n<footer>%s版权所有，未经授权不得转载</footer>\n</body></html>\n", name)
	return doc{[]byte(b.String()), htmlKind, p.at}
}
