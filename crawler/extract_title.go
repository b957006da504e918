package crawler

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/PuerkitoBio/goquery"
	xhtml "golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"
)

const maxHeadings = 200

// titleBreak parts an article's title from the names of section and site.
var titleBreak = regexp.MustCompile(`\s*[_|｜—–»›‹<>]+\s*|\s*-{2,}\s*|\s+[-·•]\s+|\s*[-－](?:[^-－]{0,12}(?:网|網|报|報|台|论坛|频道|新闻|门户|社区|政府|公安|日报|晚报|在线|视窗|.com|.cn))\s*$`)

var headingNames = regexp.MustCompile(`(?i)(?:^|[-_\s])(?:h1title|title\d*|titl|tit|headline|subject|biaoti|bt|arttitle|art-?title|post-?title|news-?title|article-?title|content-?title|entry-?title|main-?title|thread-?title|thread_subject|epcontenttitle)(?:$|[-_\s\d])`)

// title finds the article's own title. A heading that the page's <title>
// repeats is sure; what <title> has more is the site's name.
func (p *page) title() (title, why string) {
	best, bestScore := "", 0
	n := 0
	head := bareText(p.head)
	p.doc.Find("h1, h2, h3, h4, [class], [id], [itemprop=headline]").EachWithBreak(func(_ int, s *goquery.Selection) bool {
		node := s.Get(0)
		score := headingScore(node)
		if score == 0 {
			return true
		}
		text := headingText(node)
		bare := bareText(text)
		size := len([]rune(bare))
		if size < 4 || size > 120 {
			return true
		}
		switch {
		case head == "" || bare == head:
			score += 40
		case strings.HasPrefix(head, bare):
			score += 40
		case strings.Contains(head, bare):
			score += 20
		case size > 8 && len(head) > 12 && strings.HasPrefix(bare, headStart(p.head)):
			score += 30 // <title> was cut short
		default:
			score = 0
		}
		if score > 0 {
			score += min(size, 30)
		}
		if score > bestScore {
			best, bestScore = text, score
		}
		n++
		return n < maxHeadings
	})
	if best != "" && (head != "" || bestScore >= 50) {
		return best, "title: heading that <title> repeats"
	}
	if named := plainTitle(p.linkedHeadline()); named != "" {
		return named, "title: linked data"
	}
	if og := plainTitle(p.meta("og:title", "twitter:title", "articletitle", "headline", "title")); og != "" {
		if cutHead := cutSite(og); len([]rune(cutHead)) >= 4 {
			return cutHead, "title: meta"
		}
	}
	if p.head != "" {
		return cutSite(p.head), "title: <title> without the site's name"
	}
	h1 := p.doc.Find("h1").First()
	if h1.Length() > 0 {
		return headingText(h1.Get(0)), "title: first heading"
	}
	return "", "title: none"
}

func headStart(head string) string {
	return bareText(strings.TrimRight(cutSite(head), ".…· "))
}

// headingScore says how much an element looks like the heading of a page; 0 is
// not at all.
func headingScore(n *xhtml.Node) int {
	named := headingNames.MatchString(attrOf(n, "class")) || headingNames.MatchString(attrOf(n, "id"))
	score := 0
	switch n.Data {
	case "h1":
		score = 30
	case "h2":
		score = 20
	case "h3", "h4":
		score = 10
	case "title", "head", "body", "html", "a", "li", "input", "meta", "img", "script", "ul", "form":
		return 0
	default:
		if attrOf(n, "itemprop") != "headline" && !named {
			return 0
		}
		score = 8
	}
	if named {
		score += 4
	}
	return score
}

func headingText(n *xhtml.Node) string {
	if textSize(n) > 600 {
		return ""
	}
	return oneLine(blockText(n))
}

func (p *page) linkedHeadline() string {
	for _, o := range p.linked {
		if linkedType(o, articleTypes...) {
			if s := linkedText(o, "headline"); s != "" {
				return s
			}
		}
	}
	return ""
}

var articleTypes = []string{"NewsArticle", "Article", "BlogPosting", "Report", "ReportageNewsArticle", "AnalysisNewsArticle", "DiscussionForumPosting", "SocialMediaPosting"}

// cutSite takes the names of section and site off a <title>. The longest part
// that comes first is the article's; what is shorter and stands behind a sign
// of parting is a name.
func cutSite(head string) string {
	head = oneLine(head)
	parts := titleBreak.FindAllStringIndex(head, -1)
	for _, part := range slices.Backward(parts) {
		left := strings.TrimSpace(head[:part[0]])
		if len([]rune(left)) < 6 {
			break
		}
		right := head[min(part[1], len(head)):]
		if len([]rune(right)) > 20 && len([]rune(right)) >= len([]rune(left)) {
			break
		}
		head = left
	}
	return head
}

// bareText is s without signs and blanks, for comparing.
func bareText(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFKC.String(clip(s, 4<<10)))
}

// sameTitle reports whether a line says what the title says, with or without
// 原标题 before it.
func sameTitle(line, title string) bool {
	a, b := bareText(strings.TrimLeft(line, "(（[【 ")), bareText(title)
	a = strings.TrimPrefix(a, "原标题")
	if a == "" || b == "" {
		return false
	}
	return a == b || len(a) >= 18 && strings.Contains(b, a) || len(b) >= 18 && strings.Contains(a, b) && len(a) < 2*len(b)
}
