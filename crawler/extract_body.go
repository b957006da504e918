package crawler

import (
	"fmt"
	"regexp"
	"strings"

	readability "codeberg.org/readeck/go-readability/v2"
	xhtml "golang.org/x/net/html"
)

// shortArticle is the length in characters above which a text is taken as
// found. Readability's own 500 is meant for English: a Chinese notice of 150
// characters is whole, and looking for more brings in its neighbours.
const shortArticle = 120

// maxReadable bounds the elements that readability is given: its work grows
// faster than the page.
const maxReadable = 30_000

var (
	besideName = regexp.MustCompile(`(?i)(?:^|[-_\s])(?:relat(?:ed|e|ive)|recommend(?:ed|s)?|tuijian|xiangguan|share|sharebox|bdshare\w*|jiathis\w*|copyright|statement|disclaimer|comments?|comment-?list|pinglun|breadcrumbs?|crumbs?|crumb-?nav|hot-?news|hot-?list|rank(?:ing)?|side-?bar|aside|toolbar|qr-?code|prev-?next|pre-?next|next-?prev|friend-?links?|advert\w*|ad-?box|keywords?|tags?|editor|ep-?editor|post_?comment\w*|footer)(?:$|[-_\s\d])`)

	// tailHeads begin what is no longer the article.
	tailHeads = regexp.MustCompile(`^[\s【\[（(「▲■●◆>*·|]*(?:(?:为您|为你|精彩|热门|热点|相关|更多|猜你|大家都|编辑|专题|今日|本周|阅读|延伸|扩展|关联|網友|网友|最新|热评|熱門|相關|推薦|推荐|往期|視頻|视频|图片|圖片|幻灯)(?:的)?(?:推荐|推薦|新闻|新聞|阅读|閱讀|报道|報道|文章|专题|專題|链接|連結|资讯|資訊|内容|喜欢|喜歡|在看|评论|評論|图集|视频|欣赏|热点|排行|回顾|搜索|跟帖|话题|主题|信息|精选|图文)|网友评论|发表评论|我要评论|文章评论|本文评论|相关链接|上一篇|下一篇|上一条|下一条|热搜|排行榜|点击排行|分享到|打印本页|打印正文|关闭窗口|为您推荐|Related|Recommended|More\s+(?:from|on|news))[^。！？]{0,12}$`)

	// smallLines are the remarks round an article that are no part of it.
	smallLines = regexp.MustCompile(`^[\s\[【（(<\-—|*]*(?:(?:本文|文章|稿件|新闻|信息)?(?:来源|來源|出处|稿源)\s*[:：]|责任?编辑|責任編輯|责编|编辑\s*[:：/]|編輯\s*[:：/]|编审|校对\s*[:：]|审核\s*[:：]|监制\s*[:：]|值班编委|作者\s*[:：]|记者\s*[:：]|文字\s*[:：]|初审|复审|终审|一审|二审|三审|分享(?:到|至|给)?\s*[:：]?|转播到|转发到|扫一扫|扫描二维码|用微信|关注(?:我们|公众号|微信)|打印|字号|字体|大\s*中\s*小|\[?大\]?\s*\[?中\]?\s*\[?小\]?|收藏|点赞|举报|投诉|阅读原文|点击(?:进入|查看|关注)\S{0,12}|进入\S{1,8}专题|关键词|关键字|标签\s*[:：]|标签|相关标签|浏览次数|浏览量|阅读量|阅读\s*[:：]?\s*\d*\s*次?$|点击数|点击率|上一页|下一页|返回|首页|责任人|\(?原标题[:：]|第\s*\d+\s*页)`)

	// smallPrint are the standing sentences of portals. They are long, so they
	// are known by how they begin and what they speak of.
	smallPrint = regexp.MustCompile(`^[\s\[【（(*◎※]*(?:(?:特别|免责|郑重|版权|侵权|法律|转载|網站|网站|本网|本站)?(?:声明|聲明|说明|提示|提醒|申明)\s*[:：]|免责声明|版权声明|特别声明|Notice\s*:|Disclaimer|本文(?:来自|由|系|为|仅|不代表|版权)|以上内容|凡(?:本网|本站|注明|来源)|图片来自网络|图片来源于网络|(?:文中|部分)图片|未经(?:授权|许可|书面)|版权所有|著作权|転載|转载请|欢迎转载|如需转载)`)

	printWords = regexp.MustCompile(`版权|著作权|侵权|侵犯|删除|转载|授权|立场|观点|不代表|仅供参考|投资建议|信息存储|用户上传|自媒体|责任|属作者|网络|copyright|uploaded`)
)

// body finds the lines of the article: readability on a pruned copy, then the
// lines round the text cut off.
func (p *page) body(title string) (lines []block, explain []string) {
	root := cloneTree(p.doc.Get(0))
	dropped := pruneBeside(root)
	if countElements(root, maxReadable) >= maxReadable {
		return nil, []string{"body: page too large for readability"}
	}
	parser := readability.NewParser()
	parser.CharThresholds = shortArticle
	parser.DisableJSONLD = true
	parser.KeepClasses = true
	found, err := parser.ParseAndMutate(root, p.base)
	if err != nil || found.Node == nil {
		return nil, []string{"body: none found"}
	}
	all := blocksOf(found.Node)
	lines = trimTail(trimHead(all, title))
	lines = dropSmall(lines)
	return lines, []string{fmt.Sprintf("body: readability, %d blocks pruned before, %d of %d lines kept", dropped, len(lines), len(all))}
}

// pruneBeside takes out the elements whose name says that they stand beside an
// article, if they are not most of the page: some sites call their whole
// content so.
func pruneBeside(root *xhtml.Node) int {
	total := textSize(root)
	var doomed []*xhtml.Node
	for n := range root.Descendants() {
		if n.Type != xhtml.ElementNode || n.Parent == nil || n.Data == "body" || n.Data == "html" || n.Data == "head" {
			continue
		}
		if hidden(n) || besideName.MatchString(attrOf(n, "class")) || besideName.MatchString(attrOf(n, "id")) {
			doomed = append(doomed, n)
		}
	}
	dropped, work := 0, 0
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
			continue
		}
		n.Parent.RemoveChild(n)
		gone[n] = true
		dropped++
	}
	return dropped
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
	for i := 0; i < min(len(lines), 25); i++ {
		b := lines[i]
		if b.size < 120 && sameTitle(b.text, title) {
			first = i + 1
			continue
		}
		if b.prose() {
			break
		}
		if infoLine(b) || b.linkShare() > 0.8 && b.size < 40 {
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
	if b.size > 120 || !strings.ContainsAny(b.text, "0123456789") {
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
		if (small || standing) && (i < 4 || i >= len(lines)-12 || b.size <= 24) {
			continue
		}
		kept = append(kept, b)
	}
	for len(kept) > 1 {
		last := kept[len(kept)-1]
		if last.linkShare() < 0.8 && !tailHeads.MatchString(last.text) {
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

func cloneTree(n *xhtml.Node) *xhtml.Node {
	c := &xhtml.Node{Type: n.Type, DataAtom: n.DataAtom, Data: n.Data, Namespace: n.Namespace, Attr: append([]xhtml.Attribute(nil), n.Attr...)}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		c.AppendChild(cloneTree(child))
	}
	return c
}
