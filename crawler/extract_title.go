package crawler

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/unicode/norm"
)

const maxHeadings = 200

// titleBreak parts an article's title from the names of section and site.
var titleBreak = regexp.MustCompile(`\s*[_|｜—–»›‹<>]+\s*|\s*-{2,}\s*|\s+[-·•]\s+|\s*[-－](?:[^-－]{0,12}(?:网|網|报|報|台|论坛|频道|新闻|门户|社区|政府|公安|局|委|厅|法院|检察院|日报|晚报|在线|视窗|头条|资讯|热线|博客|客户端|传媒|融媒|时报|周刊|之窗|号|财经|体育|娱乐|科技|汽车|房产|教育|军事|国际|旅游|健康|文化|.com|.cn))\s*$`)

var headingNames = regexp.MustCompile(`(?i)(?:^|[-_\s])(?:h1title|title\d*|titl|tit|headline|subject|biaoti|bt|arttitle|art-?title|post-?title|news-?title|article-?title|content-?title|entry-?title|main-?title|thread-?title|thread_subject|epcontenttitle)(?:$|[-_\s\d])`)

// siteName tells the name of a site or an office, which pages print on a line of
// its own too.
var siteName = regexp.MustCompile(`(?:网|網|局|报|報|台|臺|站|社|论坛|論壇|频道|频道首页|政府|在线|在線|中心|委员会|门户|首页|平台|日报|晚报)$|\.(?:com|cn|net|org)$`)

var (
	// siteTail is the end of a name that stands behind a title: more kinds of
	// house than may stand alone.
	siteTail = regexp.MustCompile(siteName.String() + `|(?:法院|检察院|新闻|新聞|资讯|頭條|头条|公安|博客|热线|時報|时报|周刊|客户端|传媒|融媒|发布|大学|学院|医院|之声|之窗|视窗|信息港|电子版|数字报|数字版|号|志|财经|体育|娱乐|科技|汽车|房产|军事|旅游)$`)
	// siteLead is the name of a paper or a site that stands before a title.
	siteLead = regexp.MustCompile(`^([^-－—_|\s]{2,12}(?:网|網|日报|晚报|时报|早报|周报|日報|晚報|时报|電視台|电视台|广播电视台|政府|公安局|论坛|在线))\s*[-－_|｜]+\s*(.+)$`)
)

// Scores of a title by where it stands. What other places repeat gains agreeing
// for each of them, so that two that agree outweigh one that stands before them.
const (
	titleRepeated = 100 // a heading that <title> repeats, before its own merits
	titleLine     = 88  // a line of its own with which <title> begins
	titleLinked   = 80
	titleMeta     = 70
	titlePartLine = 66 // a line of its own that <title> holds further on
	titleHeadLine = 63
	titleHead     = 60
	titleFirst    = 50 // a heading that nothing repeats
	agreeing      = 6
)

// title finds the article's own title. A heading that the page's <title>
// repeats is sure; what <title> has more is the site's name.
func (p *page) title() (string, []Candidate) {
	if p.titled {
		return p.titleText, p.titles
	}
	p.titled = true
	var all []reading[string]
	add := func(score int, from, detail, value, why string) {
		if value != "" {
			all = append(all, reading[string]{Candidate{Field: "title", From: from, Detail: detail, Value: value, Score: score, Why: why}, value})
		}
	}
	if text, name, score := p.repeatedHeading(); score > 0 {
		add(titleRepeated+score, "weigh.from_heading", name, text, "weigh.why_repeats")
	}
	text, score := p.titleLine()
	add(score, "weigh.from_line", "", text, "weigh.why_line")
	add(titleLinked, "weigh.from_json_ld", "headline", plainTitle(p.linkedHeadline()), "weigh.why_stated")
	for _, name := range []string{"og:title", "twitter:title", "articletitle", "headline", "title"} {
		if own := cutSite(plainTitle(p.meta(name))); len([]rune(own)) >= 4 {
			from := "weigh.from_meta"
			if name == "og:title" {
				from = "weigh.from_open_graph"
			}
			add(titleMeta, from, name, own, "weigh.why_stated")
			break
		}
	}
	if p.head != "" {
		add(titleHead, "weigh.from_title", "<title>", cutSite(p.head), "weigh.why_without_site")
	}
	if h1 := p.doc.Find("h1").First(); h1.Length() > 0 {
		add(titleFirst, "weigh.from_heading", "h1", headingText(h1.Get(0)), "weigh.why_first_heading")
	}
	for i := range all {
		for j := range all {
			if i != j && bareText(all[i].value) == bareText(all[j].value) {
				all[i].Score += agreeing
			}
		}
	}
	best, shown, _ := choose(all)
	if site := siteLike(best.value) || kindOfPage.MatchString(best.value) || best.From == "weigh.from_title" && noTitle(best.value); site || best.From == "weigh.from_title" {
		line := ""
		if site {
			line = p.printedMeta(best.value, all)
		}
		if line == "" {
			line = p.headLine(best.value, site)
		}
		if line == "" && site {
			line = p.ownHeading(best.value)
		}
		if line != "" {
			score := titleHeadLine
			if site {
				score = best.Score + 1
			}
			for i := range all {
				all[i].Chosen = false
			}
			add(score, "weigh.from_head_line", "", line, "weigh.why_head_line")
			best, shown, _ = choose(all)
		}
	}
	p.titleText, p.titles = best.value, shown
	return best.value, shown
}

// printedMeta is the title that meta gives and the page prints on a line of its
// own, where it is longer than what was taken for the title.
func (p *page) printedMeta(taken string, all []reading[string]) string {
	for _, r := range all {
		bare := bareTitle(r.value)
		if r.From != "weigh.from_meta" || r.Detail == "title" || bare.size <= utf8.RuneCountInString(bareText(taken)) {
			continue
		}
		if slices.ContainsFunc(p.lines(), func(b block) bool { return isTitle(b, bare) }) {
			return r.value
		}
	}
	return ""
}

// repeatedHeading is the best heading that <title> repeats; score 0 says that
// there is none.
func (p *page) repeatedHeading() (text, name string, score int) {
	n, head := 0, bareText(p.head)
	start, named := headStart(p.head), newMemo(headingNames)
	for node := range p.doc.Get(0).Descendants() {
		if node.Type != xhtml.ElementNode || n >= maxHeadings {
			continue
		}
		own := headingScore(node, named)
		if own == 0 {
			continue
		}
		n++
		line := headingText(node)
		if p.isLogo(node) {
			continue
		}
		if merit := headingFit(line, head, start, len(head) > 12); merit > 0 && own+merit > score {
			text, name, score = line, node.Data, own+merit
		}
	}
	return text, name, score
}

// headingFit says how well a heading fits <title>; 0 is not at all. Without a
// <title> every heading fits.
func headingFit(text, head, start string, mayBeCut bool) int {
	bare := bareText(text)
	size := utf8.RuneCountInString(bare)
	if size < 4 || size > 120 || head == "" && fullClock.MatchString(text) { // a remark's heading
		return 0
	}
	switch {
	case head == "" || strings.HasPrefix(head, bare):
		return 40 + min(size, 30)
	case strings.Contains(head, bare):
		return 20 + min(size, 30)
	case size > 8 && mayBeCut && strings.HasPrefix(bare, start) && !fullClock.MatchString(text):
		return 30 + min(size, 30) // <title> was cut short
	}
	return 0
}

// titleLine is the weightiest unlinked line of the page that is a part of
// <title>, for pages that mark their heading by looks alone. The names of
// section and site are too short beside it.
func (p *page) titleLine() (text string, score int) {
	parts := titleParts(p.head)
	if len(parts) == 0 {
		return "", 0
	}
	least := 2 * weightOf(bareText(p.head)) / 5
	most := 0
	for _, b := range p.lines() {
		if b.size < 4 || b.size > 160 || b.linkShare() > 0.3 {
			continue
		}
		begin, begins := bareText(clip(b.text, 9)), false
		for part := range parts {
			begins = begins || strings.HasPrefix(part, begin)
		}
		if !begins { // most lines need no closer look
			continue
		}
		bare := bareText(b.text)
		weight := weightOf(bare)
		if own := parts[bare]; own > 0 && weight > most && weight >= least && !isSiteName(b.text) {
			text, score, most = b.text, own, weight
		}
	}
	return text, score
}

// titleParts gives what stands between the signs of parting in a <title>, and
// what stands before each, with the score of a line that says the same. The
// whole is none of them: it has the site's name in it.
func titleParts(head string) map[string]int {
	head = oneLine(clip(head, 1<<10))
	parts, last := map[string]int{}, 0
	for _, at := range titleBreak.FindAllStringIndex(head, 16) {
		if parts[bareText(head[last:at[0]])] == 0 {
			parts[bareText(head[last:at[0]])] = titlePartLine
		}
		parts[bareText(head[:at[0]])] = titleLine
		last = at[1]
	}
	if rest := bareText(head[min(last, len(head)):]); parts[rest] == 0 {
		parts[rest] = titlePartLine
	}
	delete(parts, "")
	return parts
}

// weightOf counts a Chinese character as two letters.
func weightOf(bare string) int { return utf8.RuneCountInString(bare) + countHan(bare) }

func headStart(head string) string {
	return bareText(strings.TrimRight(cutSite(head), ".…· "))
}

// headingScore says how much an element looks like the heading of a page; 0 is
// not at all.
func headingScore(n *xhtml.Node, names memo) int {
	named := names.match(attrOf(n, "class")) || names.match(attrOf(n, "id"))
	score := 0
	switch n.Data {
	case "h1", "founder-title": // the latter is what digital newspapers write
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

// headingText is the text of a heading without the lines of time and source
// that some sites put into it.
func headingText(n *xhtml.Node) string {
	if textSize(n) > 600 {
		return ""
	}
	lines := blocksOf(n)
	for len(lines) > 1 && infoLine(lines[len(lines)-1]) {
		lines = lines[:len(lines)-1]
	}
	return oneLine(joinBlocks(lines))
}

// isLogo reports whether a heading is a link to the site's front page.
func (p *page) isLogo(n *xhtml.Node) bool {
	for d := range n.Descendants() {
		if d.DataAtom == atom.A {
			u, err := url.Parse(p.absolute(attrOf(d, "href")))
			front := err == nil && (u.Host != "" || u.Path != "") && strings.Trim(u.Path, "/") == ""
			return front && u.RawQuery == "" && u.Fragment == ""
		}
	}
	return false
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
	head = oneLine(clip(head, maxTitle))
	parts := titleBreak.FindAllStringIndex(head, -1)
	for i, part := range slices.Backward(parts) {
		left := strings.TrimSpace(head[:part[0]])
		right := head[min(part[1], len(head)):]
		longest := 20 // runes of a name that no ending gives away
		switch {
		case strings.ContainsAny(head[part[0]:min(part[1], len(head))], "—–｜"): // titles have these signs too
			longest = 6
		case i < len(parts)-1:
			longest = 12
		}
		if utf8.RuneCountInString(right) > longest && !siteTail.MatchString(head[part[0]:]) && (longest < 20 || utf8.RuneCountInString(right) >= utf8.RuneCountInString(left)) {
			break
		}
		if size := len([]rune(left)); size < 4 || size < 6 && !siteTail.MatchString(head[part[0]:]) {
			break
		}
		head = left
	}
	if m := siteLead.FindStringSubmatch(head); m != nil && countHan(m[2]) >= 4 && (!isSiteName(m[2]) || countHan(m[2]) >= 10) {
		return m[2]
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
// 原标题 before it. A piece of less than half of the title is not the title: it
// may be a heading inside the text.
func sameTitle(line, title string) bool {
	a, b := bareText(strings.TrimLeft(line, "(（[【 ")), bareText(title)
	a = strings.TrimPrefix(a, "原标题")
	if a == "" || b == "" {
		return false
	}
	return a == b || len(a) >= 18 && 2*len(a) >= len(b) && strings.Contains(b, a) || len(b) >= 18 && strings.Contains(a, b) && len(a) < 2*len(b)
}

// bareTitle is a title ready to be looked for among many lines.
func bareTitle(title string) block {
	bare := bareText(title)
	return block{text: bare, size: utf8.RuneCountInString(bare)}
}

// isTitle reports whether a line says what the title says and no more.
func isTitle(b, bare block) bool {
	return bare.size > 0 && b.size >= bare.size && b.size <= bare.size+bare.size/2+8 && bareText(b.text) == bare.text
}
