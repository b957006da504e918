package crawler

import (
	"regexp"
	"strings"
	"unicode/utf8"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// siteLike reports whether a title reads like the name of a site or an office.
func siteLike(title string) bool {
	return title == "" || utf8.RuneCountInString(title) <= 16 && isSiteName(title)
}

// namesHouse is siteLike with every kind of house that siteTail knows, for a
// page that shows no text to go by.
func namesHouse(title string) bool {
	return siteLike(title) || utf8.RuneCountInString(title) <= 12 && siteTail.MatchString(title)
}

// reportWord ends like the name of a paper or a site and is none.
var reportWord = regexp.MustCompile(`(?:通报|公报|简报|预报|警报|快报|播报|举报|汇报|情报|捷报|喜报|月报|年报|专报|呈报|申报|上报|警告|社会|(?:充电|加油|车|服务|工作|气象|变电|水电|泵|消防|地铁|救助|中转|补给)站)$`)

func isSiteName(s string) bool { return siteName.MatchString(s) && !reportWord.MatchString(s) }

// headLine is a line that stands out right above the line with the time, for
// pages whose <title> holds no more than the site's name; where it is all of it,
// any line right above the time is better. It is "" where what was taken for the
// title stands there itself.
func (p *page) headLine(taken string, site bool) string {
	lines, names, bare := p.lines(), newMemo(headingNames), bareTitle(taken)
	whole := site && bareText(p.head) == bare.text
	cut, plain := strings.HasSuffix(taken, "...") || strings.HasSuffix(taken, "…"), ""
	for i, b := range lines[:min(len(lines), 400)] {
		if i == 0 || b.size > 120 || !infoLine(b) || standsOut(b, names) && !fullClock.MatchString(b.text) || inComments(b.node) {
			continue // a title may have a day in it
		}
		if bare.size > 0 && i+1 < len(lines) && lines[i+1].heading && isTitle(lines[i+1], bare) && fullClock.MatchString(b.text) {
			return "" // the time stands above it
		}
		for j := i - 1; j >= max(0, i-3); j-- {
			line := lines[j]
			if bare.size > 0 && !cut && line.linkShare() < 0.5 && strings.Contains(bareText(clip(line.text, 400)), bare.text) {
				return ""
			}
			switch {
			case !p.mayHead(line):
			case standsOut(line, names):
				return line.text
			case plain == "" && whole && j == i-1 && (line.size >= 8 || centred(line.node)) && !tellsOf(line) && fullClock.MatchString(b.text):
				plain = line.text
			}
		}
	}
	return plain
}

// centred reports whether a line is set in the middle by its own element or
// the one round it.
func centred(n *xhtml.Node) bool {
	for depth := 0; n != nil && depth < 2; n, depth = n.Parent, depth+1 {
		if align := strings.ToLower(attrOf(n, "align")); n.DataAtom == atom.Center || align == "center" || align == "middle" {
			return true
		}
	}
	return false
}

// mayHead reports whether a line can be the title of a text at all.
func (p *page) mayHead(b block) bool {
	switch {
	case b.size < 4 || b.size > 80 || b.linkShare() >= 0.3 || infoLine(b) && fullClock.MatchString(b.text):
		return false
	case siteLike(b.text) && (b.size < 10 || strings.Contains(bareText(p.head), bareText(b.text))):
		return false
	}
	return !smallLines.MatchString(b.text) && !tailHeads.MatchString(b.text) && !voicesHead.MatchString(b.text) && !placeLine.MatchString(b.text)
}

// placeLine begins the breadcrumbs of a page or the head of a list beside it.
var placeLine = regexp.MustCompile(`^(?:(?:您|你)?(?:的|所在|现在|当前)*位置|(?:最新|最近|热门|热点|推荐|相关|本站|站内|今日|\d+小时)|.{2,8}(?:热点|要闻|推荐|排行)$|——)`)

// ownHeading is the first heading of the first rank that names no site and does
// not hold what was taken for the title, else the first that a text follows.
func (p *page) ownHeading(taken string) string {
	for _, n := range p.doc.Find("h1").Nodes {
		text := headingText(n)
		if taken != "" && strings.Contains(bareText(text), bareText(taken)) {
			return ""
		}
		if utf8.RuneCountInString(text) >= 6 && !siteLike(text) && !p.isLogo(n) && !inComments(n) {
			return text
		}
	}
	lines := p.lines()
	bare := bareTitle(taken)
	for i, b := range lines[:max(0, len(lines)-1)] {
		if isTitle(b, bare) && b.linkShare() < 0.5 {
			return ""
		}
		if b.heading && p.mayHead(b) && tellsOf(lines[i+1]) && lines[i+1].linked == 0 && !inComments(b.node) {
			return b.text // the text follows at once
		}
	}
	return ""
}

// standsOut reports whether a line is marked as a heading by its element, its
// name or by looks.
func standsOut(b block, names memo) bool {
	if b.heading {
		return true
	}
	for n, depth := b.node, 0; n != nil && depth < 3; n, depth = n.Parent, depth+1 {
		switch n.DataAtom {
		case atom.B, atom.Strong, atom.Big, atom.Th:
			return true
		case atom.Font:
			if size := attrOf(n, "size"); size >= "4" || strings.HasPrefix(size, "+") {
				return true
			}
		}
		if names.match(attrOf(n, "class")) || names.match(attrOf(n, "id")) {
			return true
		}
	}
	return false
}
