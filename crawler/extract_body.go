package crawler

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	readability "codeberg.org/readeck/go-readability/v2"
	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// shortArticle is the length in characters above which a text is taken as
// found. Readability's own 500 is meant for English: a Chinese notice of 150
// characters is whole, and looking for more brings in its neighbours.
const shortArticle = 120

// mostAsked bounds the boxes of comments of which it is asked what stands
// before them.
const mostAsked = 16

// maxReadable bounds the elements that readability is given: its work grows
// faster than the page.
const maxReadable = 30_000

var (
	besideName = regexp.MustCompile(`(?i)(?:^|[-_\s])(?:relat(?:ed|e|ive)|recommend(?:ed|s)?|tuijian|xiangguan|share|sharebox|bdshare\w*|jiathis\w*|copyright|statement|disclaimer|comments?|comment-?list|pinglun|breadcrumbs?|crumbs?|crumb-?nav|hot-?news|hot-?list|rank(?:ing)?|side-?bar|aside|toolbar|qr-?code|prev-?next|pre-?next|next-?prev|friend-?links?|advert\w*|ad-?box|keywords?|tags?|editor|ep-?editor|post_?comment\w*|comment-?(?:box|area|wrap)|footer)(?:$|[-_\s\d])`)

	// tailHeads begin what is no longer the article.
	tailHeads = regexp.MustCompile(`^[\s【\[（(「▲■●◆>*·|]*(?:(?:为您|为你|精彩|热门|热点|相关|更多|猜你|大家都|编辑|专题|今日|本周|阅读|延伸|扩展|关联|網友|网友|最新|热评|熱門|相關|推薦|推荐|往期|視頻|视频|图片|圖片|幻灯)(?:的)?(?:推荐|推薦|新闻|新聞|阅读|閱讀|报道|報道|文章|专题|專題|链接|連結|资讯|資訊|内容|喜欢|喜歡|在看|评论|評論|图集|视频|欣赏|热点|排行|回顾|搜索|跟帖|话题|主题|信息|精选|图文)|网友评论|发表评论|我要评论|文章评论|本文评论|相关链接|上一篇|下一篇|上一条|下一条|热搜|排行榜|点击排行|分享到|打印本页|打印正文|关闭窗口|为您推荐|Related|Recommended|More\s+(?:from|on|news))[^。！？]{0,12}$`)

	// smallLines are the remarks round an article that are no part of it.
	smallLines = regexp.MustCompile(`^[\s\[【（(<\-—|*]*(?:(?:本文|文章|稿件|新闻|信息)?(?:来源|來源|出处|稿源)\s*[:：]|责任?编辑|責任編輯|责编|编辑\s*[:：/]|編輯\s*[:：/]|编审|校对\s*[:：]|审核\s*[:：]|监制\s*[:：]|值班编委|作者\s*[:：]|记者\s*[:：]|文字\s*[:：]|初审|复审|终审|一审|二审|三审|分享(?:到|至|给)?\s*[:：]?|转播到|转发到|扫一扫|扫描二维码|用微信|关注(?:我们|公众号|微信)|打印|字号|字体|大\s*中\s*小|\[?大\]?\s*\[?中\]?\s*\[?小\]?|收藏|点赞|举报|投诉|阅读原文|点击(?:进入|查看|关注)\S{0,12}|进入\S{1,8}专题|关键词|关键字|标签\s*[:：]|标签|相关标签|浏览次数|浏览量|阅读量|阅读\s*[:：]?\s*\d*\s*次?$|点击数|点击率|上一页|下一页|返回|首页|责任人|\(?原标题[:：]|第\s*\d+\s*页)`)

	// smallPrint are the standing sentences of portals. They are long, so they
	// are known by how they begin and what they speak of.
	smallPrint = regexp.MustCompile(`^[\s\[【（(*◎※]*(?:(?:特别|免责|郑重|版权|侵权|法律|转载|網站|网站|本网|本站)?(?:声明|聲明|说明|提示|提醒|申明)\s*[:：]|免责声明|版权声明|特别声明|Notice\s*:|Disclaimer|本文(?:来自|由|系|为|仅|不代表|版权)|以上内容|凡(?:本网|本站|注明|来源)|图片来自网络|图片来源于网络|(?:文中|部分)图片|未经(?:授权|许可|书面)|版权所有|著作权|転載|转载请|欢迎转载|如需转载)`)

	// promoLine asks the reader to follow the site elsewhere.
	promoLine = regexp.MustCompile(`^[\s（(【「“]*(?:更多|欢迎|想(?:看|了解|知道)|如需|获取|了解|扫(?:描|码)|长按|关注|下载|搜索)[^。]{0,60}(?:客户端|APP|App|公众号|二维码|微信号|视频号|小程序)`)

	// agoLine is a time that counts back from when the page was made, or has no
	// year, or a bare count.
	agoLine = regexp.MustCompile(`^\s*(?:发布于|发表于)?\s*(?:\d{1,3}\s*(?:秒|分钟|小时|天)前|(?:昨天|前天|今天|\d{1,2}[-/月]\d{1,2}日?)\s*\d{1,2}:\d{2}(?::\d{2})?)\s*$|^\s*\d{1,9}\s*$`)

	// pagerLine is the row of links to the pages of an article.
	pagerLine = regexp.MustCompile(`^[\s\d\[\]【】()（）<>«»‹›|.…·/_-]*(?:(?:共|第|上一|下一|上|下|首|末|尾|前一|后一|页|頁|next|prev)[\s\d\[\]【】()（）<>«»‹›|.…·/_-]*)*$`)

	// callWords ask the reader to follow the link that stands among them.
	callWords = regexp.MustCompile(`(?:点击|點擊|戳|扫码|长按)(?:这里|此处|链接|投票|报名|下载|观看|进入|查看|领取|参与|购买|订阅|收听|订购)`)

	printWords = regexp.MustCompile(`版权|著作权|侵权|侵犯|删除|转载|授权|立场|观点|不代表|仅供参考|投资建议|信息存储|用户上传|自媒体|责任|属作者|网络|copyright|uploaded`)
)

// body weighs what readability finds on a pruned copy against what the page
// itself marks as its text. What is marked wins only where readability found
// less than half of it, for marked texts often hold their neighbours too.
func (p *page) body(title string) ([]block, []Candidate) {
	var all []reading[[]block]
	add := func(from, detail string, lines []block, merit int, why string) {
		size := 0
		for _, b := range lines {
			size += b.size
		}
		if size > 0 {
			first := lines[0].text
			all = append(all, reading[[]block]{Candidate{Field: "body", From: from, Detail: detail, Value: first, Score: size * merit / 100, Why: why}, lines})
		}
	}
	lines, pruned, kept := p.readable(title)
	add("weigh.from_readability", fmt.Sprintf("%d, %s", pruned, kept), lines, 100, "weigh.why_prose")
	if s := p.doc.Find(`[itemprop="articleBody"]`).First(); s.Length() > 0 {
		marked := blocksOf(s.Get(0))
		add("weigh.from_microdata", "articleBody", dropSmall(trimTail(trimHead(marked, title))), 50, "weigh.why_marked")
	}
	for _, o := range p.linked {
		if linkedType(o, articleTypes...) {
			if text := fragmentText(linkedText(o, "articleBody")); text != "" {
				add("weigh.from_json_ld", "articleBody", textBlocks(text), 50, "weigh.why_marked")
				break
			}
		}
	}
	best, shown, _ := choose(all)
	return best.value, shown
}

// textBlocks are the lines of a plain text.
func textBlocks(text string) []block {
	var lines []block
	for line := range strings.SplitSeq(text, "\n") {
		if len(lines) < maxBlocks {
			lines = append(lines, block{text: line, size: utf8.RuneCountInString(line)})
		}
	}
	return lines
}

// readable is the text as readability finds it, with the lines round it cut
// off; pruned counts the elements taken out before, kept says which share of
// the lines is left.
func (p *page) readable(title string) (lines []block, pruned int, kept string) {
	root := cloneTree(p.doc.Get(0))
	pruned = pruneBeside(root)
	if countElements(root, maxReadable) >= maxReadable {
		return nil, pruned, "0/0"
	}
	parser := readability.NewParser()
	parser.CharThresholds = shortArticle
	parser.DisableJSONLD = true
	parser.KeepClasses = true
	found, err := parser.ParseAndMutate(root, p.base)
	if err != nil || found.Node == nil {
		return nil, pruned, "0/0"
	}
	nameAtoms(found.Node)
	all := blocksOf(found.Node)
	lines = dropSmall(trimTail(trimHead(all, title)))
	return lines, pruned, fmt.Sprintf("%d/%d", len(lines), len(all))
}

// nameAtoms gives every element the atom of its name: readability leaves it off
// the paragraphs that it makes, and lines would run into each other.
func nameAtoms(root *xhtml.Node) {
	for n := range root.Descendants() {
		if n.Type == xhtml.ElementNode {
			n.DataAtom = atom.Lookup([]byte(n.Data))
		}
	}
}

// pruneBeside takes out the elements whose name says that they stand beside an
// article, if they are not most of the page: some sites call their whole
// content so.
func pruneBeside(root *xhtml.Node) int {
	total := textSize(root)
	var doomed []*xhtml.Node
	named := newMemo(besideName)
	for n := range root.Descendants() {
		if n.Type != xhtml.ElementNode || n.Parent == nil || n.Data == "body" || n.Data == "html" || n.Data == "head" {
			continue
		}
		if hidden(n) || named.match(attrOf(n, "class")) || named.match(attrOf(n, "id")) {
			doomed = append(doomed, n)
		}
	}
	dropped, work, asked := 0, 0, 0
	gone := map[*xhtml.Node]bool{}
	for _, n := range doomed {
		if within(n, gone) {
			continue
		}
		size := textSize(n)
		if work += size; work > 16*total { // many boxes in each other: enough was looked at
			break
		}
		if 3*size > total || holdsProse(n) {
			if asked == mostAsked || !isComments(n) {
				continue
			}
			if asked++; proseBefore(root, n) < 40 {
				continue
			}
		}
		n.Parent.RemoveChild(n)
		gone[n] = true
		dropped++
	}
	return dropped
}

var commentName = regexp.MustCompile(`(?i)(?:^|[-_\s])(?:comments?|comment-?(?:list|box|area|wrap)|pinglun|post_?comment\w*)(?:$|[-_\s\d])`)

func isComments(n *xhtml.Node) bool {
	return commentName.MatchString(attrOf(n, "class")) || commentName.MatchString(attrOf(n, "id"))
}

// proseBefore counts the characters of sentences that stand before n. What is
// named after comments and follows a text is comments, however long; where no
// text stands before, a column of commentary may be named so.
func proseBefore(root, n *xhtml.Node) int {
	size := 0
	inside := map[*xhtml.Node]bool{n: true}
	for _, b := range blocksOf(root) {
		if within(b.node, inside) {
			break
		}
		if b.prose() && !smallPrint.MatchString(b.text) {
			size += b.size
		}
	}
	return size
}

func within(n *xhtml.Node, set map[*xhtml.Node]bool) bool {
	for ; n != nil; n = n.Parent {
		if set[n] {
			return true
		}
	}
	return false
}

// holdsProse reports whether an element holds long unlinked text, as an article
// does and what stands beside one does not.
func holdsProse(n *xhtml.Node) bool {
	size := 0
	for _, b := range blocksOf(n) {
		if b.prose() && b.size >= 60 && !smallPrint.MatchString(b.text) {
			size += b.size
		}
	}
	return size >= 200
}

// trimHead drops the lines before the text that only name it: the title, the
// time and the source, breadcrumbs, buttons.
func trimHead(lines []block, title string) []block {
	first := 0
	for i := 0; i < len(lines) && i-first < 25; i++ { // a long menu may stand before
		b := lines[i]
		if b.size < 120 && sameTitle(b.text, title) {
			first = i + 1
			continue
		}
		if b.prose() {
			break
		}
		if infoLine(b) || agoLine.MatchString(b.text) || b.linkShare() > 0.8 && b.size < 40 {
			first = i + 1
		}
	}
	for first < len(lines) && (infoLine(lines[first]) || lines[first].size < 60 && smallLines.MatchString(lines[first].text)) {
		first++
	}
	return lines[first:]
}

// infoLine tells the line that gives time and source: little is left of it
// when these are taken away.
func infoLine(b block) bool {
	if b.size > 120 || !mayDate(b.text) || otherTime.MatchString(b.text) {
		return false
	}
	if _, _, ok := ParseTime(b.text, nil); !ok {
		return false
	}
	rest := infoWords.ReplaceAllString(b.text, "")
	return countHan(rest)+countLetters(rest) <= 24 && !strings.ContainsAny(rest, "。！？；，")
}

var infoWords = regexp.MustCompile(`(?:发布|发表|更新|发稿|时间|日期|来源|來源|作者|编辑|责任|记者|浏览|阅读|点击|次数|字号|评论|字体|分享|打印|大|中|小|稿源|年|月|日|时|分|[\d\s:：/.\-|\[\]【】()（）,，])+`)

// trimTail cuts at the first line that heads what follows an article, unless
// more prose follows than stands before.
func trimTail(lines []block) []block {
	for i, b := range lines {
		if i == 0 || b.size > 30 || !tailHeads.MatchString(b.text) {
			continue
		}
		before, after, longest := 0, 0, 0
		for j, other := range lines {
			switch {
			case j == i || !other.prose():
			case j < i:
				before += other.size
			default:
				after += other.size
				longest = max(longest, other.size)
			}
		}
		if before > 0 && (after <= before || longest < 120) {
			return lines[:i]
		}
	}
	return lines
}

// dropSmall drops the remarks round an article: who edited it, where else to
// share it, standing disclaimers. At the end it also drops links alone.
func dropSmall(lines []block) []block {
	kept := lines[:0:0]
	for i, b := range lines {
		small := (b.size <= 40 || b.size <= 80 && b.linkShare() > 0.5) && smallLines.MatchString(b.text)
		standing := b.size <= 400 && smallPrint.MatchString(b.text) && printWords.MatchString(b.text)
		call := b.linked > 0 && b.size <= 200 && (i < 3 || i >= len(lines)-5) && callWords.MatchString(b.text)
		pager := b.linked > 0 && b.size <= 80 && pagerLine.MatchString(b.text)
		call = call || b.size <= 120 && (i < 3 || i >= len(lines)-5) && promoLine.MatchString(b.text)
		if call || pager || (small || standing) && (i < 4 || i >= len(lines)-12 || b.size <= 24) {
			continue
		}
		kept = append(kept, b)
	}
	for len(kept) > 1 {
		last := kept[len(kept)-1]
		published := infoLine(last) && timeLabel.MatchString(last.text)
		if last.linkShare() < 0.8 && !tailHeads.MatchString(last.text) && !published {
			break
		}
		kept = kept[:len(kept)-1]
	}
	return kept
}

func textSize(n *xhtml.Node) int {
	size := 0
	for d := range n.Descendants() {
		if d.Type == xhtml.TextNode && d.Parent != nil && !silentElements[d.Parent.DataAtom] {
			size += len(strings.TrimSpace(d.Data))
		}
	}
	return size
}

func countElements(n *xhtml.Node, limit int) int {
	count := 0
	for d := range n.Descendants() {
		if d.Type == xhtml.ElementNode {
			if count++; count >= limit {
				break
			}
		}
	}
	return count
}

// cloneTree copies a tree for readability, which takes its document apart and
// has no use for what a reader does not see.
func cloneTree(root *xhtml.Node) *xhtml.Node {
	var spare []xhtml.Node // allocated by the hundred
	var clone func(n *xhtml.Node) *xhtml.Node
	clone = func(n *xhtml.Node) *xhtml.Node {
		if len(spare) == 0 {
			spare = make([]xhtml.Node, 128)
		}
		c := &spare[0]
		spare = spare[1:]
		c.Type, c.DataAtom, c.Data, c.Namespace, c.Attr = n.Type, n.DataAtom, n.Data, n.Namespace, slices.Clone(n.Attr)
		for child := n.FirstChild; child != nil; child = child.NextSibling {
			if child.Type != xhtml.CommentNode && child.DataAtom != atom.Script && child.DataAtom != atom.Style {
				c.AppendChild(clone(child))
			}
		}
		return c
	}
	return clone(root)
}
