package crawler

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// maxPages is how many pages one article may have. A number above it names
// something else: an id, a day.
const maxPages = 20

var (
	partInPath = regexp.MustCompile(`(?i)^(.*[^/])(?:[_,-]|[/_-](?:page|p)[/_-]?)0?(\d{1,2})((?:\.(?:s?html?|php|aspx?|jsp))?/?)$`)
	partLabel  = regexp.MustCompile(`^[\s\[（(【<«‹>»›]*(?:第\s*)?(\d{1,2})\s*(?:页|頁)?(?:\s*[:：].{1,60})?[\s\]）)】<«‹>»›]*$`)
	restWords  = regexp.MustCompile(`^[\s>»›\[【(（]*(?:点击)?(?:阅读|閱讀|查看|显示)?(?:余下|餘下|剩余|剩餘|其余)(?:的)?(?:全文|内容|內容|部分|正文)[\s>»›→…\]】)）]*$`)
	partSuffix = regexp.MustCompile(`\s*[(（]\s*(?:第\s*)?\d{1,2}\s*(?:页|頁)?\s*[)）]\s*$`)
)

// partOf takes the number of the page off an article's address. n is 1 where
// the address names none; stem is what the pages of one article share.
func partOf(u *url.URL) (stem string, n int) {
	query, n := u.Query(), 1
	for name := range query {
		if lower := strings.ToLower(name); pageParam.MatchString(lower) && lower != "start" {
			if got := number(query.Get(name)); got >= 1 && got <= maxPages {
				query.Del(name)
				n = got
				break
			}
		}
	}
	path := u.EscapedPath()
	if n == 1 {
		if m := partInPath.FindStringSubmatch(path); m != nil {
			if got := number(m[2]); got >= 1 && got <= maxPages {
				path, n = m[1]+m[3], got
			}
		}
	}
	return stemOf(u, path, query), n
}

func stemOf(u *url.URL, path string, query url.Values) string {
	stem := u.Scheme + "://" + strings.ToLower(u.Host) + path
	if rest := query.Encode(); rest != "" {
		stem += "?" + rest
	}
	return stem
}

// parts are the pages of the article that this page is one of, as the page
// itself links them.
type parts struct {
	n     int    // which one this is, 1 to maxPages
	next  string // the one after it, "" where it is the last
	first string // the first one, where this is a later one
}

// articleParts finds the other pages of an article: links of the same host and
// stem whose number follows, under a label that says so. A number in the page's
// own address counts only where the page links back to the one before it, for
// an id looks alike.
func (p *page) articleParts() parts {
	own, err := url.Parse(p.address)
	if err != nil || own.Host == "" {
		return parts{n: 1}
	}
	stem, n := partOf(own)
	if n > 1 && !p.linksPart(stem, n-1) {
		stem, n = stemOf(own, own.EscapedPath(), own.Query()), 1
	}
	found := parts{n: n}
	p.doc.Find("a[href], link[rel~=next][href]").EachWithBreak(func(i int, s *goquery.Selection) bool {
		target, err := url.Parse(p.absolute(s.AttrOr("href", "")))
		if err != nil || target.Host == "" {
			return i < maxListAnchors
		}
		target.Fragment = ""
		switch at, m := partOf(target); {
		case at != stem:
		case found.next == "" && m == n+1 && n < maxPages && (saysPart(s, m) || goquery.NodeName(s) == "link"):
			found.next = target.String()
		case n > 1 && m == 1 && (found.first == "" || target.String() == stem):
			found.first = target.String()
		}
		return i < maxListAnchors
	})
	if n > 1 && found.first == "" {
		found.first = stem
	}
	return found
}

// linksPart reports whether the page links part n of stem.
func (p *page) linksPart(stem string, n int) bool {
	found := false
	p.doc.Find("a[href], link[rel~=prev][href]").EachWithBreak(func(i int, s *goquery.Selection) bool {
		if target, err := url.Parse(p.absolute(s.AttrOr("href", ""))); err == nil && target.Host != "" {
			at, m := partOf(target)
			found = at == stem && m == n
		}
		return !found && i < maxListAnchors
	})
	return found
}

// saysPart reports whether a link's label is of the page with number n, or says
// that it leads on.
func saysPart(s *goquery.Selection, n int) bool {
	label := strings.ToLower(oneLine(clip(s.Text(), 300)))
	if nextWords.MatchString(label) || restWords.MatchString(label) {
		return true
	}
	m := partLabel.FindStringSubmatch(label)
	return m != nil && number(m[1]) == n
}
