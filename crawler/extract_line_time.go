package crawler

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// elementTime is the time that a time element in a line states for programs.
func (p *page) elementTime(n *xhtml.Node) (stamp, bool) {
	for depth := 0; n != nil && depth < 2; n, depth = n.Parent, depth+1 {
		if s, ok := p.datetime(n); ok {
			return s, true
		}
		children := 0
		for c := n.FirstChild; c != nil && depth == 0 && children < 20; c = c.NextSibling {
			if s, ok := p.datetime(c); ok {
				return s, true
			}
			children++
		}
	}
	return stamp{}, false
}

func (p *page) datetime(n *xhtml.Node) (stamp, bool) {
	if n.DataAtom != atom.Time {
		return stamp{}, false
	}
	t, dayOnly, ok := ParseTime(attrOf(n, "datetime"), p.zone)
	return stamp{t, dayOnly}, ok
}

// lineTime reads the time of a line; one without a year is completed
// by yearOf.
func (p *page) lineTime(text string) (stamp, bool) {
	if t, dayOnly, ok := ParseTime(text, p.zone); ok {
		return stamp{t, dayOnly}, true
	}
	m := yearless.FindStringSubmatch(foldWidth(clip(text, maxTimeText)))
	if m == nil {
		return stamp{}, false
	}
	d := day{0, number(m[1]), number(m[2])}
	if d.year = p.yearOf(d); d.year == 0 {
		return stamp{}, false
	}
	t, dayOnly, ok := ParseTime(fmt.Sprintf("%d-%02d-%02d %s", d.year, d.month, d.day, m[3]), p.zone)
	return stamp{t, dayOnly}, ok
}

// yearOf is the year of a day that is printed without one: that of the same day
// in the address, else the last in which the day is not after the page's last
// change. 0 where the page shows neither.
func (p *page) yearOf(d day) int {
	if at, ok := p.addressDay(); ok && int(at.Month()) == d.month && at.Day() == d.day {
		return at.Year()
	}
	for _, o := range p.linked {
		if t, _, ok := ParseTime(linkedText(o, "dateModified"), p.zone); ok {
			return lastYear(d, t)
		}
	}
	if t, _, ok := ParseTime(p.meta("og:updated_time", "article:modified_time", "lastmodified", "last-modified"), p.zone); ok {
		return lastYear(d, t)
	}
	return 0
}

func lastYear(d day, changed time.Time) int {
	if d.month > int(changed.Month()) || d.month == int(changed.Month()) && d.day > changed.Day() {
		return changed.Year() - 1
	}
	return changed.Year()
}

// addressDay is the day that the page's address, or the one it gives as its
// own, holds.
func (p *page) addressDay() (time.Time, bool) {
	canonical, _ := p.doc.Find(`link[rel="canonical"]`).First().Attr("href")
	for _, address := range []string{p.address, canonical, p.meta("og:url")} {
		if u, err := url.Parse(strings.TrimSpace(address)); err == nil {
			if m := addressDate.FindStringSubmatch(u.Path); m != nil {
				if t, _, ok := (day{number(m[1]), number(m[2]), number(m[3])}).at(clock{}, p.zone, true); ok {
					return t, true
				}
			}
		}
	}
	return time.Time{}, false
}
