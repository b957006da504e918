package crawler

import (
	"regexp"
	"slices"
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
	Weighed   []Candidate // how title, time, source and text were chosen
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
	title, titles := p.title()
	lines, bodies := p.body(title)
	if p.stateTitle != "" && noTitle(title) {
		title = p.stateTitle
		for i := range titles {
			titles[i].Chosen = false
		}
		titles = append(titles, Candidate{Field: "title", From: "weigh.from_script", Value: clip(title, 200), Score: titleRepeated, Chosen: true, Why: "weigh.why_only_data"})
	}
	at, times := p.published(title, lines)
	outlet, outlets := p.outlet(title, lines)
	a.Title, a.Outlet, a.Published, a.DayOnly = title, outlet, at.at, at.dayOnly
	a.Text = clip(joinBlocks(lines), maxDocumentText)
	a.Weighed = slices.Concat(titles, times, outlets, bodies)
	a.Reason = p.notArticle(a, lines)
	a.IsArticle = a.Reason == ""
	return a
}

var (
	errorWords = regexp.MustCompile(`(?i)\b(?:404|403|500|502|503|504)\b|not found|forbidden|出错|错误|不存在|找不到|无法(?:访问|找到|显示)|已(?:被)?删除|已下线|拒绝访问|系统维护|提示信息|访问(?:受限|过于频繁|被拒绝)|页面(?:丢失|不见)`)
	loginWords = regexp.MustCompile(`登录|登陆|登入|注册|sign\s*in|log\s*in|login|验证码`)
	// barrierWords stand on what a site shows instead of a page that it does not
	// want to show, or cannot without a browser.
	barrierWords = regexp.MustCompile(`(?i)访问(?:已)?被(?:阻断|拦截|拒绝|限制)|(?:请求|提交).{0,20}(?:阻断|拦截|拒绝|非法|不合法|攻击)|(?:网站|应用)防火墙|(?:完成|进行|通过)(?:安全|人机|滑动|身份)验证|滑块|访问(?:过于|太)频繁|(?:不支持|禁用|启用|开启|打开).{0,8}(?:脚本|javascript)|enable javascript|checking your browser|(?:检查|检测).{0,4}浏览器|(?:启用|允许|开启).{0,10}cookies|(?:帖子|主题|文章|内容|信息|页面)(?:不存在|(?:已经|已|可能)?被?.{0,6}(?:删除|屏蔽|下架|下线|审核))|(?:自动|正在为您|即将)跳转|页面(?:已|不)?(?:被)?(?:移动|移除|删除|存在|丢失)|(?:输入|访问)的(?:地址|网址|链接)(?:有误|错误|不正确|不存在)`)
	// teaserEnd ends what a front page shows of a text: a link to the rest.
	teaserEnd = regexp.MustCompile(`[\s\[【(（<>»…]*(?:详细|详情|全文|更多|阅读全文|查看全文|点击查看)[\s\]】)）>»]*$`)
	readMore  = regexp.MustCompile(`阅读全文|閱讀全文|查看全文|继续阅读|阅读更多|read more|continue reading`)
)

// notArticle says why a page holds no article, "" where it does.
func (p *page) notArticle(a Article, lines []block) string {
	password := p.doc.Find(`input[type="password"]`).Length() > 0
	code := p.doc.Find(`input[type="tel"], input[placeholder*="手机号"], input[placeholder*="验证码"]`).Length() > 0
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
		if password && loginWords.MatchString(strings.ToLower(b.text)) {
			logins++
		}
	}
	name := p.head + " " + a.Title
	switch {
	case !a.found() && (size < 800 && errorWords.MatchString(name) || size < 300 && barrierWords.MatchString(a.Text)), size < 300 && codeAlone.MatchString(p.head), size == 0 && p.saysGone():
		return "read.is_error"
	case password && prose < 400 && (loginWords.MatchString(strings.ToLower(name)) || prose < 80 && !a.found() || logins > 1), code && prose < 80 && loginWords.MatchString(strings.ToLower(name)):
		return "read.is_login"
	case size == 0:
		return "read.no_article"
	case linked*2 > size && (size > 200 || !a.found()), prose == 0 && dated > 0, p.manyTeasers(lines), allPieces(lines), pageOfPaper.MatchString(a.Title), voicesHead.MatchString(a.Title) && onlyVoices(lines):
		return "read.is_list"
	case !a.found() && asksFor.MatchString(name) && p.doc.Find("form textarea").Length() > 0:
		return "read.no_article"
	case size < 30 || size < 60 && (!a.found() || !strings.ContainsAny(a.Text, "。！？!?")):
		return "read.too_short"
	}
	return ""
}

// codeAlone is a <title> that is the status of an answer and nothing else.
var codeAlone = regexp.MustCompile(`^\W*[45]\d\d\W*$`)

// pageOfPaper is the name of one page of a newspaper.
var pageOfPaper = regexp.MustCompile(`第\s*(?:[A-Z]{1,2}\d{1,2}|0\d)\s*版$`)

// asksFor is the name of a page on which readers write something.
var asksFor = regexp.MustCompile(`(?:我要|在线|网上|我来)(?:写信|来信|投诉|咨询|留言|举报|申请|预约|报名|提问|爆料)`)

// saysGone reports whether a page without a text says why.
func (p *page) saysGone() bool {
	return slices.ContainsFunc(p.lines(), func(b block) bool { return b.size <= 80 && b.linked == 0 && barrierWords.MatchString(b.text) })
}

// allPieces tells a text of nothing but short pieces, most with a number, as
// programmes and forecasts are, or of links, as clouds of words are: no line is
// a sentence.
func allPieces(lines []block) bool {
	long, numbers, linked, han := 0, 0, 0, 0
	for _, b := range lines {
		if tellsOf(b) || strings.ContainsAny(b.text, "。！？!?；") {
			return false
		}
		if b.size > 20 {
			long++
		}
		if strings.ContainsAny(b.text, "0123456789") {
			numbers++
		}
		linked += b.linked
		han += countHan(b.text)
	}
	return len(lines) >= 8 && 8*long <= len(lines) && 2*numbers >= len(lines) || linked >= 20 && 10*linked >= 8*han
}

// onlyVoices reports whether a text begins with a reader's remark: a time, then
// what was said.
func onlyVoices(lines []block) bool {
	return len(lines) > 1 && infoLine(lines[0]) && fullClock.MatchString(lines[0].text)
}

// lastProse is the last sentence of a text.
func lastProse(lines []block) block {
	for _, b := range slices.Backward(lines) {
		if b.prose() {
			return b
		}
	}
	return block{}
}

// found reports whether a page states a time of publication.
func (a Article) found() bool { return !a.Published.IsZero() }

// manyTeasers tells an index of posts: dated headings each with a text under
// it, or many links to go on reading, in what was taken for one text.
func (p *page) manyTeasers(lines []block) bool {
	dated, more := 0, 0
	led, prose := 0, 0 // texts under a linked heading of their own, among all
	for i, b := range lines {
		if b.prose() {
			prose++
			above := i - 1
			if above > 0 && infoLine(lines[above]) { // the day stands between
				above--
			}
			if above >= 0 && lines[above].linkShare() > 0.8 && lines[above].size >= 6 {
				led++
			}
		}
		if b.size > 100 || i+1 == len(lines) || !fullClock.MatchString(b.text) && b.linkShare() < 0.3 {
			continue
		}
		if _, _, ok := ParseTime(b.text, p.zone); ok && lines[i+1].prose() {
			dated++
		}
	}
	for _, b := range p.lines() {
		if b.size < 30 && b.linked > 0 && readMore.MatchString(strings.ToLower(b.text)) {
			more++
		}
	}
	if only := lastProse(lines); prose <= 2 && only.linked > 0 && only.linked < 10 && teaserEnd.MatchString(only.text) {
		return true
	}
	return dated >= 3 || mostlyRows(lines) || more >= 4 || led >= 4 && 2*led > prose
}
