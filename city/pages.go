package city

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"html"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// doc is one answer of a site. It depends on the address and on what is
// published, never on the moment of asking, so that an unchanged page has an
// unchanged ETag.
type doc struct {
	body     []byte
	kind     string // Content-Type
	modified time.Time
}

const (
	htmlKind = "text/html; charset=utf-8"
	xmlKind  = "application/xml; charset=utf-8"
)

// handler is the site of one port.
func (c *City) handler(site int) http.Handler {
	m := http.NewServeMux()
	switch site {
	case bureauSite:
		c.bureauRoutes(m)
	case paperA:
		c.paperARoutes(m)
	case paperB:
		c.paperBRoutes(m)
	case forumSite:
		c.forumRoutes(m)
	case boardSite:
		c.boardRoutes(m)
	case noticeSite:
		c.noticeRoutes(m)
	default:
		c.chat.routes(m)
	}
	return m
}

// show answers GET with what f finds, or 404, and honours If-None-Match and
// If-Modified-Since.
func (c *City) show(f func(now time.Time, r *http.Request) (doc, bool)) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		d, ok := f(c.now(), r)
		if !ok {
			http.NotFound(rw, r)
			return
		}
		h := fnv.New64a()
		h.Write(d.body)
		rw.Header().Set("Content-Type", d.kind)
		rw.Header().Set("ETag", fmt.Sprintf("%q", strconv.FormatUint(h.Sum64(), 36)))
		rw.Header().Set("Cache-Control", "no-cache")
		http.ServeContent(rw, r, "", d.modified.UTC(), bytes.NewReader(d.body))
	}
}

// robots serves a robots.txt.
func (c *City) robots(text string) http.HandlerFunc {
	return c.show(func(time.Time, *http.Request) (doc, bool) {
		return doc{[]byte(text), "text/plain; charset=utf-8", c.world.begin}, true
	})
}

// path is the page's address on its host.
func (p *page) path(zone *time.Location) string {
	t := p.at.In(zone)
	switch p.site {
	case bureauSite:
		return fmt.Sprintf("/tzgg/%s/t%s_%d.html", t.Format("200601"), t.Format("20060102"), p.key)
	case paperA:
		return fmt.Sprintf("/%s/%d.html", t.Format("2006/0102"), p.key)
	case paperB:
		return fmt.Sprintf("/news/%s/b%d.html", t.Format("20060102"), p.key)
	case forumSite:
		return threadPath(p.key, 1)
	case boardSite:
		return fmt.Sprintf("/ask/detail?id=%d", p.key)
	}
	return fmt.Sprintf("/gg/%d.html", p.key)
}

// anchor is the id of the element that holds a reply.
func (p *page) anchor(i int) string {
	if p.site == boardSite {
		return "answer"
	}
	return "post_" + strconv.Itoa(postNumber(p.key, i+1))
}

// keyIn reads the number in a file name such as b261118017.html.
func keyIn(file, before string) int {
	s, ok := strings.CutSuffix(file, ".html")
	if !ok {
		return 0
	}
	s, ok = strings.CutPrefix(s, before)
	if !ok {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// article is what the routes of articles share: the page whose number stands
// in the address, at exactly the address that links give it.
func (c *City) article(site int, before string, render func(*page, time.Time) doc) http.HandlerFunc {
	return c.show(func(now time.Time, r *http.Request) (doc, bool) {
		p := c.world.find(site, keyIn(r.PathValue("file"), before), now)
		if p == nil || p.path(c.world.zone) != r.URL.Path {
			return doc{}, false
		}
		return render(p, now), true
	})
}

// slice gives one page of a list: what is on page n, counted from 1, and
// whether there is a next one.
func slice(all []*page, n, size int) (part []*page, more, ok bool) {
	pages := max(1, (len(all)+size-1)/size)
	if n < 1 || n > pages {
		return nil, false, false
	}
	return all[(n-1)*size : min(n*size, len(all))], n < pages, true
}

// newest is when anything on a list last changed.
func newest(all []*page, now, otherwise time.Time) time.Time {
	out := otherwise
	for _, p := range all {
		if t := p.last(now); t.After(out) {
			out = t
		}
	}
	return out
}

// byLast sorts pages by their last change, newest first.
func byLast(all []*page, now time.Time) []*page {
	last := make(map[*page]time.Time, len(all))
	for _, p := range all {
		last[p] = p.last(now)
	}
	out := slices.Clone(all)
	slices.SortStableFunc(out, func(a, b *page) int { return last[b].Compare(last[a]) })
	return out
}

func esc(s string) string { return html.EscapeString(s) }

// paragraphs renders the text of an article.
func paragraphs(b *strings.Builder, paras []string, open string) {
	for _, p := range paras {
		b.WriteString(open)
		b.WriteString(esc(p))
		b.WriteString("</p>\n")
	}
}

// counter counts across requests.
type counter struct {
	mu sync.Mutex
	n  int
}

func (c *counter) add() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
}

func (c *counter) read() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}
