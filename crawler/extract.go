package crawler

import (
	"regexp"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"

	"minsheng/opinion"
)

type selection = goquery.Selection

const maxDocumentText = 500_000 // bytes of one document's text

// Document is a text as it stands on a page: not cleaned, folded or masked.
// Speaker serves to count voices and is never stored.
type Document struct {
	Kind           opinion.Kind
	URL            string
	Anchor         string // of a reply: its fragment or floor; "" for the page's own text
	Title, Text    string // Text has one block a line
	Outlet         string
	Speaker        string
	Published      time.Time
	DayOnly        bool   // Published has no time of day
	Agency, Status string // of a message board: who answers, how far it is
	Flags          []string
}

// Article is what Extract makes of a page. Where IsArticle is false, Reason is
// the catalogue's code for why; title, text and time are then what was found.
type Article struct {
	Document
	IsArticle bool
	Reason    string
	Charset   string
	Explain   []string // how title, time and text were chosen, for an administrator
}

// Extract takes title, time, source and text out of a page with one article.
// The publication time is in the zone the page states, else in zone (nil:
// China's). A list, a login or an error page is no article; a Fault is given
// only for what cannot be read at all.
func Extract(body []byte, contentType, pageURL string, zone *time.Location) (Article, error) {
	p, charset, err := readHTML(body, contentType, pageURL, zone)
	if err != nil {
		return Article{}, err
	}
	a := p.article()
	a.Charset = charset
	return a, nil
}

// readHTML decodes and parses a page.
func readHTML(body []byte, contentType, pageURL string, zone *time.Location) (*page, string, error) {
	text, charset, ok := Decode(body, contentType)
	if !ok {
		return nil, charset, opinion.NewFault("read.charset_unknown", nil)
	}
	if strings.TrimSpace(text) == "" {
		return nil, charset, opinion.NewFault("read.empty", nil)
	}
	p, err := parsePage(text, pageURL, zone)
	return p, charset, err
}

// article reads p as a page with one text.
func (p *page) article() Article {
	a := Article{Document: Document{URL: p.address}}
	var why string
	a.Title, why = p.title()
	a.Explain = append(a.Explain, why)
	lines, explain := p.body(a.Title)
	a.Explain = append(a.Explain, explain...)
	a.Text = clip(joinBlocks(lines), maxDocumentText)
	all := blocksOf(p.doc.Get(0))
	if at := p.published(all, a.Title, lines); at.found() {
		a.Published, a.DayOnly = at.at, at.dayOnly
		a.Explain = append(a.Explain, at.why)
	}
	a.Outlet = p.outlet(all, a.Title, lines)
	a.Reason = p.notArticle(a, lines, all)
	a.IsArticle = a.Reason == ""
	return a
}

var (
	outletLabel = regexp.MustCompile(`(?:来源|來源|稿源|出处|轉載自|转载自|转自|文章来源|信息来源|新闻来源)\s*(?:[:：]|于)\s*([^\s|,，。;；:：<>()（）\[\]【】]{2,30})`)
	outletEnd   = regexp.MustCompile(`(?:作者|编辑|记者|责任|发布|时间|浏览|点击|字号|\d{4}[-年/.]).*$`)
)

// outlet is the medium that the page names as the text's origin.
func (p *page) outlet(all []block, title string, body []block) string {
	from, to, _ := headRange(all, title, body)
	end := bodyEnd(all, body)
	for _, span := range [][2]int{{from, to}, {end, min(len(all), end+10)}} {
		for _, b := range all[min(span[0], span[1]):span[1]] {
			if b.size > 200 {
				continue
			}
			if m := outletLabel.FindStringSubmatch(b.text); m != nil {
				if name := strings.Trim(outletEnd.ReplaceAllString(m[1], ""), " 　《》“”\"'-—"); countHan(name)+countLetters(name) >= 2 {
					return name
				}
			}
		}
	}
	for _, o := range p.linked {
		if linkedType(o, articleTypes...) {
			if s := linkedText(o, "sourceOrganization"); s != "" {
				return oneLine(s)
			}
		}
	}
	return plainTitle(clip(p.meta("contentsource", "source", "mediaid", "article:source"), 60))
}

var (
	errorWords = regexp.MustCompile(`(?i)\b(?:404|403|500|502|503|504)\b|not found|forbidden|出错|错误|不存在|找不到|无法(?:访问|找到|显示)|已(?:被)?删除|已下线|拒绝访问|系统维护|提示信息|访问(?:受限|过于频繁|被拒绝)|页面(?:丢失|不见)`)
	loginWords = regexp.MustCompile(`登录|登陆|登入|注册|sign\s*in|log\s*in|login|验证码`)
	readMore   = regexp.MustCompile(`阅读全文|閱讀全文|查看全文|继续阅读|阅读更多|read more|continue reading`)
)

// notArticle says why a page holds no article, "" where it does.
func (p *page) notArticle(a Article, lines, all []block) string {
	size, linked, prose, dated, logins := 0, 0, 0, 0, 0
	for _, b := range lines {
		size += b.size
		linked += min(b.linked, b.size)
		if b.prose() {
			prose += b.size
		}
		if infoLine(b) {
			dated++
		}
		if loginWords.MatchString(strings.ToLower(b.text)) {
			logins++
		}
	}
	name := p.head + " " + a.Title
	password := p.doc.Find(`input[type="password"]`).Length() > 0
	switch {
	case errorWords.MatchString(name) && !a.found() && size < 800:
		return "read.is_error"
	case password && prose < 400 && (loginWords.MatchString(strings.ToLower(name)) || prose < 80 || logins > 1):
		return "read.is_login"
	case size == 0:
		return "read.no_article"
	case linked*2 > size && (size > 200 || !a.found()), prose == 0 && dated > 0, p.manyTeasers(lines, all):
		return "read.is_list"
	case size < 30 || size < 60 && !a.found():
		return "read.too_short"
	}
	return ""
}

// found reports whether a page states a time of publication.
func (a Article) found() bool { return !a.Published.IsZero() }

// manyTeasers tells an index of posts: dated headings each with a text under
// it, or many links to go on reading, in what was taken for one text.
func (p *page) manyTeasers(lines, all []block) bool {
	dated, more := 0, 0
	for i, b := range lines {
		if b.size > 100 || i+1 == len(lines) || !fullClock.MatchString(b.text) && b.linkShare() < 0.3 {
			continue
		}
		if _, _, ok := ParseTime(b.text, p.zone); ok && lines[i+1].prose() {
			dated++
		}
	}
	for _, b := range all {
		if b.size < 30 && b.linked > 0 && readMore.MatchString(strings.ToLower(b.text)) {
			more++
		}
	}
	return dated >= 3 || more >= 4
}
