package crawler

import (
	"regexp"
	"strings"
	"time"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxParts bounds the parts of one post that are weighed as its text.
const maxParts = 40

var (
	asideName   = regexp.MustCompile(`(?i)(?:^|[-_\s])(?:sign|signature|avatar|userinfo|user-?info|profile|postprofile|author-?info|pls|tools?|actions?|operate|buttons?|btns?|share|po|pob|rate|favatar)(?:$|[-_\s\d])`)
	contentName = regexp.MustCompile(`(?i)(?:^|[-_\s])(?:t_f|t_fsz|postmessage|postcontent|content|post-?(?:content|body|text|message)|(?:reply|comment|msg|message|cmt|answer|floor)[-_]?(?:content|body|text|con|main)|message|text|body|txt|bd|word|words|d_post_content|neirong)(?:$|[-_\s\d])`)
	authorName  = regexp.MustCompile(`(?i)(?:^|[-_\s])(?:author|user-?name|nick-?name|nick|username|poster|uname|user|authi|fn|xw1|who|zuozhe)(?:$|[-_\s\d])`)
	floorMark   = regexp.MustCompile(`^(?:第\s*)?#?\s*(\d{1,6})\s*(?:楼|樓|层|層|F|#)?$`)
	floorInLine = regexp.MustCompile(`(?:第\s*(\d{1,6})\s*(?:楼|樓|层)|(?:^|[\s\[【(（])(\d{1,6})\s*(?:楼|樓|#)(?:[\s\]】)）]|$)|^#\s*(\d{1,6})$)`)
	buttonLine  = regexp.MustCompile(`^[\s|·•\[\]()（）]*(?:(?:回复|回覆|引用|举报|支持|反对|点赞|赞|踩|顶|收藏|分享|只看(?:该作者|楼主|TA)|楼主|沙发|板凳|地板|编辑|删除|评分|道具|复制链接|电梯直达|发消息|加好友|关注|显示全部楼层|倒序浏览|阅读模式|树形|使用道具|返回顶部|TOP|reply|quote|like|report|share|permalink|edit|(?:跟贴|跟帖|评论|阅读|浏览|点击|查看|回复|赞|得?分数?)\s*[:：(（]?\s*\d+[)）]?|\(?\d{1,6}\)?|#\d{1,6}|\d{1,6}\s*[楼樓#])[\s|·•\[\]()（）:：]*)+$`)
	postedLine  = regexp.MustCompile(`发表于|發表於|发布于|回复于|评论于|posted|发帖时间|回复时间|最后编辑|来自|编辑于`)
)

// postTime is the time that a post bears: a time element, a title that hides
// the full time behind a relative one, or the first line that prints one.
func (p *page) postTime(n *xhtml.Node) (at time.Time, dayOnly bool) {
	take := func(s string) bool {
		if s == "" || len(s) > 200 {
			return false
		}
		t, day, ok := ParseTime(s, p.zone)
		if ok && (at.IsZero() || dayOnly && !day) {
			at, dayOnly = t, day
		}
		return ok && !day
	}
	for d := range n.Descendants() {
		if d.Type != xhtml.ElementNode {
			continue
		}
		named := d.DataAtom == atom.Time || namedTime.MatchString(marks(d)) || strings.HasPrefix(attrOf(d, "id"), "authorposton")
		if d.DataAtom == atom.Time && take(attrOf(d, "datetime")) {
			return at, dayOnly
		}
		for _, key := range []string{"data-time", "data-timestamp", "data-date", "title"} {
			if (key != "title" || named || d.DataAtom == atom.Span) && take(attrOf(d, key)) {
				return at, dayOnly
			}
		}
		if named && textSize(d) < 120 && take(oneLine(blockText(d))) {
			return at, dayOnly
		}
	}
	if !at.IsZero() {
		return at, dayOnly
	}
	for _, b := range blocksOf(n) {
		if b.size <= 80 && (postedLine.MatchString(b.text) || timeOnly(b)) && take(b.text) {
			break
		}
	}
	return at, dayOnly
}

// timeOnly tells a line that prints a time from a sentence that mentions one.
func timeOnly(b block) bool {
	return infoLine(b) || b.size <= 40 && fullClock.MatchString(b.text) && !strings.ContainsAny(b.text, "。！？；，")
}

// postText is the text of a post: its content element where one is named, else
// its lines without those that only name speaker, time and floor.
func (p *page) postText(n *xhtml.Node, speaker string) string {
	var best *xhtml.Node
	size, looked := 0, 0
	for d := range n.Descendants() {
		if looked > maxParts {
			break
		}
		if d.Type != xhtml.ElementNode || !contentName.MatchString(marks(d)) || asideName.MatchString(marks(d)) {
			continue
		}
		looked++
		if t, _ := p.postTime(d); !t.IsZero() && best != nil {
			continue
		}
		if s := textSize(d); s > size {
			best, size = d, s
		}
	}
	if best != nil {
		if text := saidText(best, speaker); text != "" {
			return text
		}
	}
	return saidText(n, speaker)
}

// saidText is what a post says below n: "" where that is links and nothing
// else, as on the cards of other articles.
func saidText(n *xhtml.Node, speaker string) string {
	lines := dropButtons(blocksOf(withoutAside(n)), speaker)
	size, linked := 0, 0
	for _, b := range lines {
		size += b.size
		linked += b.linked
	}
	if 5*linked >= 4*size {
		return ""
	}
	return joinBlocks(lines)
}

// withoutAside copies a post without signature, profile and buttons.
func withoutAside(n *xhtml.Node) *xhtml.Node {
	c := &xhtml.Node{Type: n.Type, DataAtom: n.DataAtom, Data: n.Data, Attr: n.Attr}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		if child.Type == xhtml.ElementNode {
			name := marks(child)
			if isQuote(child) || asideName.MatchString(name) || authorName.MatchString(name) && textSize(child) < 120 {
				continue
			}
		}
		c.AppendChild(withoutAside(child))
	}
	return c
}

// dropButtons drops the lines of a post that are none of its words.
func dropButtons(lines []block, speaker string) []block {
	kept := lines[:0:0]
	for _, b := range lines {
		switch {
		case buttonLine.MatchString(strings.ToLower(b.text)) || buttonLine.MatchString(b.text):
		case speaker != "" && strings.Trim(b.text, " :：") == speaker:
		case b.size <= 80 && timeOnly(b):
		case b.size <= 80 && postedLine.MatchString(b.text) && strings.ContainsAny(b.text, "0123456789") && !strings.ContainsAny(b.text, "。！？"):
		case floorMark.MatchString(b.text) && b.size <= 8:
		default:
			kept = append(kept, b)
		}
	}
	return kept
}

// authorOf is the name that a post shows for its speaker; it serves to count
// voices and goes no further.
func authorOf(n *xhtml.Node) string {
	for d := range n.Descendants() {
		if d.Type != xhtml.ElementNode || !authorName.MatchString(marks(d)) && attrOf(d, "rel") != "author" && attrOf(d, "itemprop") != "author" {
			continue
		}
		for _, b := range blocksOf(d) {
			if b.size <= 40 && !timeOnly(b) && !buttonLine.MatchString(b.text) {
				return strings.Trim(b.text, " :：")
			}
		}
	}
	return ""
}

// floorOf is the number that a post bears in its thread, 0 where it shows
// none; 楼主 is 1.
func floorOf(n *xhtml.Node) int {
	for d := range n.Descendants() {
		if d.Type == xhtml.CommentNode || ownSize(d, 120) > 120 {
			continue
		}
		text := oneLine(blockText(d))
		if m := floorInLine.FindStringSubmatch(text); m != nil {
			return number(m[1] + m[2] + m[3])
		}
		if text == "楼主" {
			return 1
		}
	}
	return 0
}

// ownSize is the bytes of text in and below n, counted no further than limit.
func ownSize(n *xhtml.Node, limit int) int {
	size := 0
	if n.Type == xhtml.TextNode {
		return len(strings.TrimSpace(n.Data))
	}
	for d := range n.Descendants() {
		if d.Type == xhtml.TextNode {
			if size += len(strings.TrimSpace(d.Data)); size > limit {
				break
			}
		}
	}
	return size
}

// anchorOf is the name by which a link reaches a post: its id, or one just
// inside or round it.
func anchorOf(n *xhtml.Node) string {
	if id := attrOf(n, "id"); id != "" {
		return clip(id, 120)
	}
	if id := attrOf(n, "data-id"); id != "" {
		return clip(id, 120)
	}
	for d := range n.Descendants() {
		if d.Type != xhtml.ElementNode {
			continue
		}
		if d.DataAtom == atom.A && attrOf(d, "name") != "" {
			return clip(attrOf(d, "name"), 120)
		}
		if postID.MatchString(attrOf(d, "id")) {
			return attrOf(d, "id")
		}
		if href := attrOf(d, "href"); d.DataAtom == atom.A && strings.HasPrefix(href, "#") && strings.ContainsAny(href, "0123456789") {
			return clip(href[1:], 120)
		}
	}
	if n.Parent != nil && postID.MatchString(attrOf(n.Parent, "id")) {
		return attrOf(n.Parent, "id")
	}
	return ""
}
