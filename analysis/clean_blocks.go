package analysis

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	leastAnchors = 5    // short links joined by | that make a tail of advertising
	spamAnchors  = 15   // links from which on a tail is flagged, navigation has fewer
	leastCopy    = 400  // letters of a second copy in English
	leastOwn     = 200  // Han characters of the text that stands before it
	titleReach   = 4    // lines among which a title may be said twice
	longestRow   = 4000 // bytes of a line that are looked at for links
)

// anchors counts the short texts that a line joins by |, 0 if it is no such row.
func anchors(line string, least int) int {
	if strings.Count(line, "|") < least {
		return 0
	}
	n := 0
	for part := range strings.SplitSeq(line[:min(len(line), longestRow)], "|") {
		part = strings.TrimSpace(part)
		switch size := utf8.RuneCountInString(part); {
		case size == 0:
		case size > 40 || strings.ContainsAny(part, "。！？"):
			return 0
		case size >= 2:
			n++
		}
	}
	return n
}

// tails cuts what follows the text: links, and a second copy in English.
func (c *cleaner) tails() {
	for i, b := range c.lines {
		text := strings.ReplaceAll(b.text, "｜", "|")
		n := anchors(text, leastAnchors-1) // bars stand between them
		if n < leastAnchors || i == 0 && len(c.lines) > 1 || i <= c.last && !c.isRow(i, n) {
			continue
		}
		if n >= spamAnchors || strings.Contains(b.text, "蜘蛛池") {
			c.flags = append(c.flags, FlagSpamTail)
		}
		c.dropFrom(i, "link_tail")
		break
	}
	c.secondCopy()
}

// isRow reports whether a row of n links that is long enough to pass for running
// text is the last such line.
func (c *cleaner) isRow(i, n int) bool { return i == c.last && n >= leastAnchors }

var copyHeading = regexp.MustCompile(`^[\[【(]?(?:英文|英语|中英文?|外文)(?:翻译|译文|版|对照)|^(?:[Ee]nglish|ENGLISH)\s*(?:[Tt]ranslation|[Vv]ersion)?\s*:?$`)

// secondCopy cuts an English copy of a Chinese text: all after a heading that
// announces it, or a tail that is English throughout.
func (c *cleaner) secondCopy() {
	han, letters := 0, 0
	start := len(c.lines)
	for i, b := range slices.Backward(c.lines) {
		if b.gone {
			continue
		}
		h, l := scripts(b.text)
		if h*4 > l {
			break
		}
		start, letters = i, letters+l
	}
	for _, b := range c.lines[:start] {
		h, _ := scripts(b.text)
		han += h
	}
	if start == len(c.lines) || start == 0 || letters < leastCopy || han < leastOwn {
		return
	}
	if copyHeading.MatchString(c.lines[start-1].key) {
		start--
	}
	c.flags = append(c.flags, FlagBilingual)
	c.dropFrom(start, "second_copy")
}

// scripts counts the Han characters and the Latin letters of s.
func scripts(s string) (han, latin int) {
	for _, r := range s {
		switch {
		case r|0x20 >= 'a' && r|0x20 <= 'z':
			latin++
		case r >= 0x3400 && r < 0xA000:
			han++
		}
	}
	return han, latin
}

// head cuts what stands before the title or says it again.
func (c *cleaner) head() {
	for i := 0; i+1 < len(c.lines) && i < titleReach; i++ {
		a := &c.lines[i]
		for k := i + 1; k < len(c.lines) && k <= i+2; k++ {
			b := &c.lines[k]
			if a.gone || b.gone || b.n < 6 || a.body && b.body && a.n != b.n {
				continue
			}
			switch {
			case a.text == b.text:
				c.drop(k, "title_repeat")
			case crumbBefore(a.text, b.text):
				c.drop(i, "breadcrumb")
			case k == i+1 && i == 0 && b.n >= 6 && b.n < leastBody && strings.HasSuffix(a.text, " "+b.text):
				c.drop(k, "title_repeat")
			}
		}
	}
}

// crumbBefore reports whether line ends with title and has, before it, the names
// of sections or of the site, parted as those are.
func crumbBefore(line, title string) bool {
	before, ok := strings.CutSuffix(line, title)
	if !ok || before == "" {
		return false
	}
	before = strings.TrimRight(before, " \u00a0")
	return before != "" && strings.ContainsAny(before[len(before)-1:], "->|/:_") || strings.HasSuffix(before, "»") || strings.HasSuffix(before, "›") || strings.HasSuffix(before, "—") || strings.HasSuffix(before, "：")
}

var relatedHeading = regexp.MustCompile(`^[\[【◆■●▶*\-\s]*(?:相关(?:新闻|阅读|文章|链接|推荐|报道|信息|内容|资讯|热词|搜索|主题|热门标签|专题|稿件|图书|产品|视频|案例|法规|政策)|推荐(?:阅读|文章|新闻|视频)|延伸阅读|扩展阅读|热门(?:推荐|文章|新闻|阅读|标签|评论)|猜你喜欢|大家都在看|更多(?:新闻|文章|内容|推荐|精彩)|为你推荐|你可能(?:还)?(?:感兴趣|喜欢)|最新(?:文章|新闻|资讯)|上一篇|下一篇|往期(?:回顾|推荐|精选)|精彩推荐|新闻排行|图片新闻)[\]】]?[^。]{0,2}:?[^。]{0,60}$`)

// related cuts rows that lead to other articles: the heading and, after the text,
// the short lines that follow it.
func (c *cleaner) related() {
	if len(c.lines) < 3 {
		return
	}
	for i := 0; i < len(c.lines); i++ {
		b := &c.lines[i]
		if b.gone || b.rules&(1<<ruleRelated) == 0 || !relatedHeading.MatchString(b.key) {
			continue
		}
		alone := b.n <= 10
		if !alone && i < c.last && !strings.Contains(b.key, ":") {
			continue
		}
		c.drop(i, "related")
		if !alone || i < c.last {
			continue
		}
		for k := i + 1; k < len(c.lines) && c.lines[k].n <= leastBody && !strings.Contains(c.lines[k].text, "。"); k++ {
			c.drop(k, "related")
		}
	}
}
