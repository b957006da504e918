package city

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// The public-notice site asks to be visited slowly and links a folder that it
// forbids.

func (c *City) noticeRoutes(m *http.ServeMux) {
	m.HandleFunc("GET /{$}", c.show(c.noticeFront))
	m.HandleFunc("GET /robots.txt", c.robots("# 公示网\nUser-agent: *\nCrawl-delay: 1\nDisallow: /internal/\n"))
	m.HandleFunc("GET /atom.xml", c.show(c.atom))
	m.HandleFunc("GET /gg/{file}", c.article(noticeSite, "", c.notice))
	m.HandleFunc("GET /internal/{file}", func(rw http.ResponseWriter, r *http.Request) {
		c.refused.add()
		rw.Header().Set("Content-Type", htmlKind)
		fmt.Fprintf(rw, "<html><body><p>内部流转件，不对外公布。%s</p></body></html>\n", esc(r.PathValue("file")))
	})
}

func (c *City) noticeHead(b *strings.Builder, title string) {
	fmt.Fprintf(b, "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>%s</title><link rel=\"alternate\" type=\"application/atom+xml\" href=\"/atom.xml\"></head><body>\n", esc(title))
	fmt.Fprintf(b, "<div class=\"top\"><a href=\"/\">%s</a> <a href=\"/internal/%s.html\">内部资料</a></div>\n", c.world.town.notices(), c.world.begin.Format("20060102"))
}

func (c *City) noticeFront(now time.Time, _ *http.Request) (doc, bool) {
	all := c.world.recent(noticeSite, now)
	var b strings.Builder
	c.noticeHead(&b, c.world.town.notices())
	b.WriteString("<ul>\n")
	for _, p := range all {
		fmt.Fprintf(&b, "<li><a href=\"%s\">%s</a> %s</li>\n", p.path(c.world.zone), esc(p.title), p.at.Format("2006/01/02"))
	}
	b.WriteString("</ul></body></html>\n")
	return doc{[]byte(b.String()), htmlKind, newest(all, now, c.world.begin)}, true
}

func (c *City) notice(p *page, _ time.Time) doc {
	var b strings.Builder
	c.noticeHead(&b, p.title)
	fmt.Fprintf(&b, "<h1>%s</h1>\n<p class=\"date\">公布日期：%s</p>\n<div class=\"text\">\n", esc(p.title), p.at.In(c.world.zone).Format("2006年1月2日 15:04"))
	paragraphs(&b, p.paras, "<p>")
	fmt.Fprintf(&b, "</div>\n<p class=\"att\">附件：<a href=\"/internal/%d.html\">办理过程</a></p>\n</body></html>\n", p.key)
	return doc{[]byte(b.String()), htmlKind, p.at}
}

// atom is the feed of the latest notices (RFC 4287).
func (c *City) atom(now time.Time, _ *http.Request) (doc, bool) {
	all := c.world.recent(noticeSite, now)
	all = all[:min(len(all), feedItems)]
	last := newest(all, now, c.world.begin)
	base := c.bases[noticeSite]
	var b strings.Builder
	fmt.Fprintf(&b, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>%s</title><id>%s/</id><link href=\"%s/\"/><updated>%s</updated>\n",
		c.world.town.notices(), base, base, last.In(c.world.zone).Format(time.RFC3339))
	for _, p := range all {
		link := base + p.path(c.world.zone)
		at := p.at.In(c.world.zone).Format(time.RFC3339)
		fmt.Fprintf(&b, "<entry><title>%s</title><link href=\"%s\"/><id>%s</id><published>%s</published><updated>%s</updated><summary>%s</summary></entry>\n",
			esc(p.title), link, link, at, at, esc(short(p.paras[0], 60)))
	}
	b.WriteString("</feed>\n")
	return doc{[]byte(b.String()), "application/atom+xml; charset=utf-8", last}, true
}
