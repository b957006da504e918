package crawler

import (
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/cascadia"
	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"minsheng/opinion"
)

const (
	maxListLinks   = 2000
	maxListAnchors = 20_000 // links of a page that are looked at
)

var (
	nextWords   = regexp.MustCompile(`^[\s>»›\[\]【】]*(?:下一页|下一頁|下页|下頁|后一页|後一頁|后页|next(?:\s*page)?)[\s>»›→\[\]【】]*$`)
	navWords    = regexp.MustCompile(`(?i)(?:^|[-_\s])(?:nav|navbar|navigation|menu|breadcrumb|crumbs?|footer|foot|header|copyright|friend-?links?|toolbar|topbar|login|pager|pagination|pages?)(?:$|[-_\s\d])`)
	datedPath   = regexp.MustCompile(`(?:19|20)\d{2}[-/_]?(?:0?[1-9]|1[0-2])(?:[-/_]?\d{1,2})?|\d{5,}|/(?:thread|topic|article|t|p|a|d)[-/]\d+|[?&](?:t?id|aid|p|tid|newsid|infoid)=\d+`)
	personPath  = regexp.MustCompile(`(?i)(?:^|[/?&])(?:space|u|users?|members?|memberlist|profiles?|people|authors?|home|i)(?:[-/.?=]|$)|[?&](?:mod=space|uid=|userid=|author=)`)
	fileEnd     = regexp.MustCompile(`(?i)\.(?:jpe?g|png|gif|webp|svg|ico|css|js|zip|rar|7z|exe|apk|mp[34]|avi|docx?|xlsx?|pptx?|pdf)$`)
	moreWords   = regexp.MustCompile(`^(?:更多|查看更多|more|详细|详情|阅读全文|全文|首页|尾页|末页|上一页|返回.*|登录|注册|\d+)$`)
	listContext = map[atom.Atom]bool{atom.Li: true, atom.Tr: true, atom.Dd: true, atom.Dt: true, atom.P: true, atom.Article: true, atom.Div: true, atom.Section: true}
)

// ReadList gives the links of a list page in document order and the address of
// its next page ("" where there is none). With a CSS selector it takes the
// links that the selector names or holds; without one, those of the same site
// that look like articles. The date beside a link becomes its Published. At
// most 2,000 links are kept.
func ReadList(body []byte, contentType, base, selector string, zone *time.Location) (links []Link, next string, err error) {
	text, _, ok := Decode(body, contentType)
	if !ok {
		return nil, "", opinion.NewFault("read.charset_unknown", nil)
	}
	p, err := parsePage(text, base, zone)
	if err != nil {
		return nil, "", err
	}
	if selector != "" {
		m, err := cascadia.Compile(selector)
		if err != nil {
			return nil, "", opinion.NewFault("read.selector_bad", err, selector)
		}
		links = p.selectedLinks(m)
	} else {
		links = p.articleLinks()
	}
	next = p.next()
	if len(links) == 0 {
		return nil, next, opinion.NewFault("read.list_none", nil)
	}
	return links, next, nil
}

// selectedLinks are the links that match selects or that lie within.
func (p *page) selectedLinks(match goquery.Matcher) []Link {
	taker := newLinkTaker(p)
	p.doc.FindMatcher(match).Each(func(_ int, s *goquery.Selection) {
		if goquery.NodeName(s) == "a" {
			taker.take(s)
			return
		}
		s.Find("a[href]").Each(func(_ int, a *goquery.Selection) { taker.take(a) })
	})
	return taker.links
}

// articleLinks are the links that look like articles of this site.
func (p *page) articleLinks() []Link {
	taker := newLinkTaker(p)
	p.doc.Find("a[href]").EachWithBreak(func(n int, a *goquery.Selection) bool {
		if p.articleLike(a) {
			taker.take(a)
		}
		return n < maxListAnchors && len(taker.links) < maxListLinks
	})
	return taker.links
}

func (p *page) articleLike(a *goquery.Selection) bool {
	href, _ := a.Attr("href")
	u, err := url.Parse(p.absolute(href))
	if err != nil || u.Host == "" || !sameSite(u, p.base) || fileEnd.MatchString(u.Path) || personPath.MatchString(u.RequestURI()) {
		return false // another site, a file, or a person's page: these are never visited
	}
	title := linkTitle(a)
	if title == "" || moreWords.MatchString(title) || nextWords.MatchString(strings.ToLower(title)) {
		return false
	}
	han, letters := countHan(title), countLetters(title)
	dated := datedPath.MatchString(u.RequestURI())
	if han < 6 && letters < 20 && !(dated && (han >= 3 || letters >= 8)) {
		return false
	}
	if u.Path == "" || u.Path == "/" && u.RawQuery == "" {
		return false
	}
	return !insideNavigation(a.Get(0))
}

func insideNavigation(n *xhtml.Node) bool {
	for depth := 0; n != nil && depth < 12; n, depth = n.Parent, depth+1 {
		switch n.DataAtom {
		case atom.Nav, atom.Footer:
			return true
		case atom.Body, atom.Html, atom.Article, atom.Main:
			return false
		}
		if navWords.MatchString(attrOf(n, "class")) || navWords.MatchString(attrOf(n, "id")) {
			return true
		}
	}
	return false
}

// sameSite reports whether two addresses share a host but for www and m.
func sameSite(a, b *url.URL) bool {
	return b == nil || b.Host == "" || bareHost(a.Host) == bareHost(b.Host)
}

func bareHost(host string) string {
	host = strings.ToLower(host)
	for _, prefix := range []string{"www.", "m.", "wap."} {
		host = strings.TrimPrefix(host, prefix)
	}
	return host
}

// linkTitle is the text of a link, else its title; a title attribute that the
// text begins is the whole of a text cut short.
func linkTitle(a *goquery.Selection) string {
	text := oneLine(blockText(a.Get(0)))
	whole := oneLine(a.AttrOr("title", ""))
	short := strings.TrimRight(text, ".…· ")
	if whole != "" && (text == "" || len(whole) > len(text) && strings.HasPrefix(whole, short)) {
		return plainTitle(whole)
	}
	return text
}

// linkTaker collects links, each address once with its longest text.
type linkTaker struct {
	p     *page
	at    map[string]int
	links []Link
}

func newLinkTaker(p *page) *linkTaker { return &linkTaker{p: p, at: map[string]int{}} }

func (t *linkTaker) take(a *goquery.Selection) {
	href, _ := a.Attr("href")
	target := t.p.absolute(href)
	if target == "" {
		return
	}
	target, _, _ = strings.Cut(target, "#")
	title := clip(linkTitle(a), 500)
	if i, known := t.at[target]; known {
		if len(t.links[i].Title) < len(title) {
			t.links[i].Title = title
		}
		return
	}
	if len(t.links) >= maxListLinks {
		return
	}
	t.at[target] = len(t.links)
	t.links = append(t.links, Link{URL: target, Title: title, Published: t.p.dateBeside(a.Get(0))})
}

// dateBeside is the date in the row of a list that holds the link: the
// smallest block round it with a date, as long as it has one link or few.
func (p *page) dateBeside(n *xhtml.Node) time.Time {
	for depth := 0; n != nil && depth < 4; n, depth = n.Parent, depth+1 {
		if !listContext[n.DataAtom] {
			continue
		}
		if countLinks(n, 5) > 4 {
			break
		}
		row := blockText(n)
		if len(row) > 4<<10 {
			break
		}
		for line := range strings.SplitSeq(row, "\n") {
			if t, _, ok := ParseTime(line, p.zone); ok {
				return t
			}
		}
	}
	return time.Time{}
}

// countLinks counts the links with text below n, up to limit.
func countLinks(n *xhtml.Node, limit int) int {
	count := 0
	for d := range n.Descendants() {
		if d.DataAtom == atom.A && attrOf(d, "href") != "" && d.FirstChild != nil {
			if count++; count >= limit {
				break
			}
		}
	}
	return count
}

// next is the page after this one, as the page itself links it.
func (p *page) next() string {
	found := ""
	p.doc.Find(`link[rel~=next][href], a[rel~=next][href]`).EachWithBreak(func(_ int, s *goquery.Selection) bool {
		found = p.otherPage(s.AttrOr("href", ""))
		return found == ""
	})
	if found != "" {
		return found
	}
	p.doc.Find("a[href]").EachWithBreak(func(n int, s *goquery.Selection) bool {
		label := strings.ToLower(oneLine(s.Text()))
		if label == "" || len(label) > 40 {
			label = strings.ToLower(oneLine(s.AttrOr("title", s.AttrOr("aria-label", ""))))
		}
		if nextWords.MatchString(label) {
			found = p.otherPage(s.AttrOr("href", ""))
		}
		return found == "" && n < maxListAnchors
	})
	return found
}

// otherPage gives the absolute address of a next page, "" where the link leads
// nowhere else or off the site.
func (p *page) otherPage(href string) string {
	if strings.HasPrefix(strings.TrimSpace(href), "#") {
		return ""
	}
	target := p.absolute(href)
	target, _, _ = strings.Cut(target, "#")
	u, err := url.Parse(target)
	if err != nil || target == "" || !sameSite(u, p.base) || p.base != nil && target == withoutFragment(p.base) {
		return ""
	}
	return target
}

func withoutFragment(u *url.URL) string {
	s, _, _ := strings.Cut(u.String(), "#")
	return s
}

func countHan(s string) int {
	n := 0
	for _, r := range s {
		if unicode.Is(unicode.Han, r) {
			n++
		}
	}
	return n
}

func countLetters(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}
