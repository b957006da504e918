package crawler

import (
	"cmp"
	"context"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"

	"minsheng/opinion"
)

// Bounds of Discover: feeds that a page names and that are tried, pages that
// are read as samples.
const (
	discoverFeeds   = 4
	discoverSamples = 2
	discoverItems   = 10
	discoverPause   = time.Second
)

// Finding is one way to read a site.
type Finding struct {
	URL   string
	Form  opinion.Form
	Class opinion.Class
	Name  string // as the site calls itself
	Items []Link // what would be collected now: the first ten
	Count int    // of all of them

	index bool // the items are sitemaps, not pages
}

// Sample is one page that a Finding leads to, as it would be read.
type Sample struct {
	URL       string
	Documents []Document
	Fault     *opinion.Fault // why nothing was read
}

// Discovery is what an address turned out to be.
type Discovery struct {
	Best    Finding
	Others  []Finding // further feeds and sitemaps that the site names, not asked but for feeds of a home page
	Samples []Sample
}

// Discover finds out how an address is best read: as the feed, sitemap, list or
// page that it is, or, where it is a page that names a feed with items, as that
// feed. It reads up to two pages that this leads to, which tells forums and
// boards from media. It asks for at most eight addresses, obeys robots.txt and
// pauses a second between two requests. Errors are Faults.
func Discover(ctx context.Context, f *Fetcher, raw string, allowPrivate bool, zone *time.Location) (Discovery, error) {
	d := &discoverer{f: f, private: allowPrivate, zone: zone}
	resp, err := d.get(ctx, raw)
	if err != nil {
		return Discovery{}, err
	}
	out, err := d.first(ctx, resp)
	if err != nil {
		return Discovery{}, err
	}
	if maps, err := f.Sitemaps(ctx, raw, allowPrivate); err == nil && out.Best.Form != opinion.SitemapForm {
		for _, m := range maps[:min(len(maps), discoverFeeds)] {
			out.Others = append(out.Others, Finding{URL: m, Form: opinion.SitemapForm, Class: out.Best.Class})
		}
	}
	d.sample(ctx, &out)
	for i := range out.Others {
		out.Others[i].Class = out.Best.Class
	}
	return out, nil
}

type discoverer struct {
	f       *Fetcher
	private bool
	zone    *time.Location
}

func (d *discoverer) get(ctx context.Context, raw string) (Response, error) {
	return d.f.Fetch(ctx, Request{URL: raw, AllowPrivate: d.private, Pause: discoverPause})
}

// first says what the address itself is.
func (d *discoverer) first(ctx context.Context, resp Response) (Discovery, error) {
	if found, ok := d.feed(resp); ok {
		return Discovery{Best: found}, nil
	}
	if m, err := ReadSitemap(resp.Body, resp.ContentType, resp.URL, d.zone); err == nil {
		items := m.Links
		for _, child := range m.Children {
			items = append(items, Link{URL: child})
		}
		if len(items) > 0 {
			found := d.finding(resp.URL, opinion.SitemapForm, "", items)
			found.index = len(m.Links) == 0
			return Discovery{Best: found}, nil
		}
	}
	return d.page(ctx, resp)
}

// feed reads an answer as a feed that has items.
func (d *discoverer) feed(resp Response) (Finding, bool) {
	feed, err := ReadFeed(resp.Body, resp.ContentType, resp.URL, d.zone)
	if err != nil || len(feed.Items) == 0 {
		return Finding{}, false
	}
	items := make([]Link, len(feed.Items))
	for i, it := range feed.Items {
		items[i] = it.Link
	}
	return d.finding(resp.URL, opinion.FeedForm, feed.Title, items), true
}

func (d *discoverer) finding(at string, form opinion.Form, name string, items []Link) Finding {
	return Finding{
		URL: at, Form: form, Class: classOfHost(at), Name: oneLine(name),
		Items: slices.Clone(items[:min(len(items), discoverItems)]), Count: len(items),
	}
}

// page is what a web page offers: the first of its feeds that has items, else
// its links, else itself. The others are kept: the feed of a site may leave out
// the column that somebody meant.
func (d *discoverer) page(ctx context.Context, resp Response) (Discovery, error) {
	text, _, ok := Decode(resp.Body, resp.ContentType)
	if !ok {
		return Discovery{}, opinion.NewFault("read.charset_unknown", nil)
	}
	p, err := parsePage(text, resp.URL, d.zone)
	if err != nil {
		return Discovery{}, err
	}
	var out Discovery
	name := pageName(p)
	for _, at := range p.feedLinks() {
		answer, err := d.get(ctx, at)
		if err != nil {
			continue // the page remains
		}
		found, ok := d.feed(answer)
		if !ok {
			continue
		}
		found.Name = cmp.Or(found.Name, name)
		if out.Best.URL == "" {
			out.Best = found
			continue
		}
		out.Others = append(out.Others, found)
	}
	links, _, listErr := ReadList(resp.Body, resp.ContentType, resp.URL, "", d.zone)
	if list := d.finding(resp.URL, opinion.ListForm, name, links); listErr == nil {
		if out.Best.URL == "" {
			out.Best = list
		} else {
			out.Others = append(out.Others, list)
		}
	}
	if out.Best.URL != "" {
		return out, nil
	}
	if page, err := ReadPage(resp.Body, resp.ContentType, resp.URL, opinion.Forum, d.zone); err == nil && len(page.Documents) > 0 {
		out.Best = d.finding(resp.URL, opinion.PageForm, name, nil)
		return out, nil
	}
	return out, listErr
}

// feedTypes are the types by which pages name their feeds.
var feedTypes = regexp.MustCompile(`(?i)^\s*application/(?:(?:rss|atom|rdf|feed)\+(?:xml|json)|json|xml)\s*(?:;|$)|^\s*text/xml\s*(?:;|$)`)

// feedWords are words of links to feeds.
var feedWords = regexp.MustCompile(`(?i)^\s*(?:rss|atom|feed|订阅|訂閱)(?:\s*(?:订阅|訂閱|feed|源|2\.0))?\s*$`)

// feedLinks are the feeds that a page names: in its head, as readers expect it
// (WHATWG HTML, 4.6.7.3 "alternate"), else behind a link that says so.
func (p *page) feedLinks() []string {
	var out []string
	add := func(href string) {
		at := p.absolute(href)
		if at != "" && !slices.Contains(out, at) && len(out) < discoverFeeds {
			out = append(out, at)
		}
	}
	p.doc.Find("link[rel~=alternate][href]").Each(func(_ int, s *goquery.Selection) {
		title := strings.ToLower(s.AttrOr("title", ""))
		if feedTypes.MatchString(s.AttrOr("type", "")) && !strings.Contains(title, "comment") && !strings.Contains(title, "评论") {
			add(s.AttrOr("href", ""))
		}
	})
	if len(out) > 0 {
		return out
	}
	p.doc.Find("a[href]").EachWithBreak(func(n int, s *goquery.Selection) bool {
		if feedWords.MatchString(s.Text()) || feedWords.MatchString(s.AttrOr("title", "")) {
			add(s.AttrOr("href", ""))
		}
		return n < maxListAnchors
	})
	return out
}

// pageName is how a page calls its site and column.
func pageName(p *page) string {
	for _, meta := range []string{`meta[property="og:site_name"]`, `meta[name="application-name"]`} {
		if name := oneLine(p.doc.Find(meta).First().AttrOr("content", "")); name != "" {
			return clip(name, 100)
		}
	}
	return clip(oneLine(p.doc.Find("title").First().Text()), 100)
}

// classOfHost is what an address says of its site: names of offices end alike.
func classOfHost(raw string) opinion.Class {
	u, err := url.Parse(raw)
	if err == nil {
		host := "." + strings.ToLower(u.Hostname())
		if strings.HasSuffix(host, ".gov.cn") || strings.HasSuffix(host, ".gov") {
			return opinion.Gov
		}
	}
	return opinion.Media
}
