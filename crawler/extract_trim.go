package crawler

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	xhtml "golang.org/x/net/html"
)

var (
	summaryHead = regexp.MustCompile(`^[\s【\[（(]*(?:核心提示|核心阅读|阅读提示|内容提要|内容摘要|内容提示|内容导读|摘要|导读|导语|提要|简介)[\s】\])）]*[:：]?\s*`)
	summaryTail = regexp.MustCompile(`(?:\.{2,}|…+)?[\s\[【(（]*(?:详细|全文|阅读全文|查看全文|更多)?[\s\]】)）]*$`)

	// tailHeads begin what is no longer the article.
	tailHeads = regexp.MustCompile(`^[\s【\[（(「▲■●◆>*·|]*(?:(?:为您|为你|精彩|热门|热点|相关|更多|猜你|大家都|编辑|专题|今日|本周|阅读|延伸|扩展|关联|網友|网友|最新|热评|熱門|相關|推薦|推荐|往期|視頻|视频|图片|圖片|幻灯)(?:的)?(?:推荐|推薦|新闻|新聞|阅读|閱讀|报道|報道|文章|专题|專題|链接|連結|资讯|資訊|内容|喜欢|喜歡|在看|评论|評論|图集|视频|欣赏|热点|排行|回顾|搜索|跟帖|话题|主题|信息|精选|图文|消息|焦点|热榜|想看|爱看)|网友评论|发表评论|我要评论|文章评论|本文评论|相关链接|上一篇|下一篇|上一条|下一条|热搜|排行榜|点击排行|分享到|打印本页|打印正文|关闭窗口|为您推荐|正在(?:直播|播出)|节目(?:单|表|预告)|Related|Recommended|More\s+(?:from|on|news))[^。！？]{0,12}$`)

	// smallLines are the remarks round an article that are no part of it.
	smallLines = regexp.MustCompile(`^[\s\[【（(<\-—|*]*(?:(?:本文|文章|稿件|新闻|信息)?(?:来源|來源|出处|稿源)\s*[:：]|责任?编辑|責任編輯|责编|编辑\s*[:：/]|編輯\s*[:：/]|编审|校对\s*[:：]|审核\s*[:：]|监制\s*[:：]|值班编委|作者\s*[:：]|记者\s*[:：]|文字\s*[:：]|初审|复审|终审|一审|二审|三审|分享(?:到|至|给)?\s*[:：]?|转播到|转发到|(?:手机|微信|请)*扫一扫|您的浏览器|(?:听(?:新闻|全文|文章)|语音播报|朗读)?\s*\d\d:\d\d\s*/\s*\d\d:\d\d\s*(?:[\d.]+\s*(?:倍速|[xX×]))?$|扫描二维码|用微信|关注(?:我们|公众号|微信)|\+?\s*关注$|(?:\S{2,8}[报网台社闻]\s*)?(?:特约|见习|实习)?(?:记者|通讯员)(?:\s+\p{Han}{2,4}){1,4}(?:\s*(?:文|摄|报道|文/图))?$|鲜花\s*握手\s*雷人|打开\S{0,8}(?:APP|App|客户端)[^。！？，]{0,12}$|打印|字号|字体|大\s*中\s*小|\[?大\]?\s*\[?中\]?\s*\[?小\]?|收藏|点赞|举报|投诉|阅读原文|点击(?:进入|查看|关注)\S{0,12}|进入\S{1,8}专题|关键词|关键字|标签\s*[:：]|标签|相关标签|浏览次数|浏览量|阅读量|(?:阅读|浏览|访问|点击)(?:量|数|次数)?\s*[:：]?\s*[(（]?[\d,.]*\s*万?\+?\s*次?[)）]?$|分类\s*[:：]|(?:所属)?栏目\s*[:：]|本文(?:地址|链接|网址|作者|标题)\s*[:：]|(?:文章|信息)?录入\s*[:：]|[【\[]?纠错|小字体|大字体|[大小]字号|发信人|发信站|信区|[上下]一(?:张|组|图集)|重新(?:浏览|播放)|支持键盘|点击数|点击率|[上下前后]一页|返回|首页|责任人|\(?原标题[:：]|第\s*\d+\s*页)`)

	// smallPrint are the standing sentences of portals. They are long, so they
	// are known by how they begin and what they speak of.
	smallPrint = regexp.MustCompile(`^[\s\[【（(*◎※]*(?:(?:特别|免责|郑重|版权|侵权|法律|转载|網站|网站|本网|本站)?(?:声明|聲明|说明|提示|提醒|申明)\s*[:：]|免责声明|版权声明|特别声明|Notice\s*:|Disclaimer|本文(?:来自|由|系|为|仅|不代表|版权)|以上内容|凡(?:本网|本站|注明|来源)|图片来自网络|图片来源于网络|(?:文中|部分)图片|未经(?:授权|许可|书面)|(?:\S{0,24}\s*)?版权所有|(?i:copyright|©)|(?:主办|承办|技术支持)(?:单位)?\s*[:：]|著作权|転載|转载请|欢迎转载|如需转载)`)

	// promoLine asks the reader to follow the site elsewhere.
	promoLine = regexp.MustCompile(`^[\s（(【「“]*(?:更多|欢迎|想(?:看|了解|知道)|如需|获取|了解|扫(?:描|码)|长按|关注|下载|搜索)[^。]{0,60}(?:客户端|APP|App|公众号|二维码|微信号|视频号|小程序)|^[^。！？]{0,60}(?:扫描|扫码|长按|识别)[^。！？]{0,10}(?:二维码)?关注[^。！？]{0,12}$`)

	// agoLine is a time that counts back from when the page was made, or has no
	// year, or a bare count.
	agoLine = regexp.MustCompile(`^\S{0,12}\s*(?:\d{1,3}\s*(?:秒|分钟|小时|天)前|昨天|前天|刚刚)(?:\s*(?:发布于|来自)\S{0,8})?$|^\s*(?:发布于|发表于)?\s*(?:\d{1,3}\s*(?:秒|分钟|小时|天)前|(?:昨天|前天|今天|\d{1,2}[-/月]\d{1,2}日?)\s*\d{1,2}:\d{2}(?::\d{2})?)\s*$|^\s*\d{1,9}\s*$`)

	// pagerLine is the row of links to the pages of an article.
	pagerLine = regexp.MustCompile(`^[\s\d\[\]【】()（）<>«»‹›|.…·/_-]*(?:(?:共|第|上一|下一|上|下|首|末|尾|前一|后一|页|頁|next|prev)[\s\d\[\]【】()（）<>«»‹›|.…·/_-]*)*$`)

	// otherText leads to the text before or after this one.
	otherText = regexp.MustCompile(`^[\s|>»·]*[上下前后]一[篇条则页个](?:文章|新闻|信息|博文)?\s*[:：]`)

	// emptyLabel is a label with nothing behind it.
	emptyLabel = regexp.MustCompile(`^(?:\p{Han}{2,8}\s*[:：]\s*)+$`)

	// recordLine begins the table of an office's records on a text.
	recordLine = regexp.MustCompile(`^(?:信息)?索\s*引\s*号`)

	// footLine begins the foot of a page.
	footLine = regexp.MustCompile(`(?i)^\s*(?:copyright|©|&copy;)\s*[©(\d]|all rights reserved|ICP[备证]|公网安备|(?:经营|服务)许可证(?:编?号)?\s*[:：]?\s*\p{Han}{0,4}[A-Za-z]?\d?-?\d{4,}`)

	// countLine is made of counts and the buttons that count.
	countLine = regexp.MustCompile(`^(?:[\s|┊·•,，/]*(?:[顶踩赞]一?下?|支持|反对|点赞|收藏|举报|分享|阅读|浏览|评论|转载|转发|回复|喜欢|推荐|跟帖|点击)?[\s(（\[:：]*[+\d.,]*\s*[%万次人条]*[\s)）\]]*)+$`)

	// callWords ask the reader to follow the link that stands among them.
	callWords = regexp.MustCompile(`(?:点击|點擊|戳|扫码|长按)(?:这里|此处|链接|投票|报名|下载|观看|进入|查看|领取|参与|购买|订阅|收听|订购)`)

	printWords = regexp.MustCompile(`版权|著作权|侵权|侵犯|删除|转载|授权|立场|观点|不代表|仅供参考|投资建议|信息存储|用户上传|自媒体|责任|属作者|网络|copyright|uploaded`)
)

// trimHead drops the lines before the text that only name it: the title and
// what stands above it, the time and the source, breadcrumbs, buttons, and a
// summary that the text itself repeats.
func trimHead(lines []block, title string) []block {
	first := titleInside(lines, title) + 1
	for i := first; i < len(lines) && i-first < 25; i++ { // a long menu may stand before
		b := lines[i]
		if b.size < 120 && sameTitle(b.text, title) {
			first = i + 1
			continue
		}
		if b.prose() {
			break
		}
		if infoLine(b) || agoLine.MatchString(b.text) || clockLine.MatchString(b.text) || b.size <= 40 && infoWords.ReplaceAllString(b.text, "") == "" || countLine.MatchString(b.text) || b.linkShare() > 0.8 && b.size < 40 {
			first = i + 1
		}
	}
	for first < len(lines) && (infoLine(lines[first]) || lines[first].size < 60 && smallLines.MatchString(lines[first].text)) {
		first++
	}
	if isSummary(lines[first:]) {
		first++
	}
	return lines[first:]
}

// titleInside is the line near the top that is the title, with little before it
// beside what follows: a page's box of facts about itself, its author or its
// site. -1 is none.
func titleInside(lines []block, title string) int {
	bare, before := bareTitle(title), 0
	for i, b := range lines[:min(len(lines), 25)] {
		if isTitle(b, bare) {
			after := 0
			for _, other := range lines[i+1:] {
				if other.prose() {
					after += other.size
				}
			}
			if before < 100 && 3*before < after {
				return i
			}
		}
		if tellsOf(b) {
			before += b.size
		}
	}
	return -1
}

// isSummary reports whether the first line gives the beginning of the text that
// follows, or, where it calls itself a summary, anything of it.
func isSummary(lines []block) bool {
	if len(lines) < 2 || lines[0].size > 400 {
		return false
	}
	text := summaryHead.ReplaceAllString(lines[0].text, "")
	bare := bareText(summaryTail.ReplaceAllString(text, ""))
	if utf8.RuneCountInString(bare) < 12 {
		return false
	}
	var next strings.Builder
	for _, b := range lines[1:min(len(lines), 4)] {
		next.WriteString(bareText(b.text))
	}
	if text != lines[0].text {
		return strings.Contains(next.String(), bare)
	}
	return next.Len() > 2*len(bare) && strings.HasPrefix(next.String(), bare)
}

// infoLine tells the line that gives time and source: little is left of it
// when these are taken away.
func infoLine(b block) bool {
	if b.size <= 40 && (strings.ContainsAny(b.text, "0123456789") && holdsTime(b.node) || shortYear.MatchString(b.text)) {
		return true
	}
	if b.size > 120 || strings.ContainsAny(b.text, "。！？；") || !mayDate(b.text) || otherTime.MatchString(b.text) {
		return false
	}
	if _, _, ok := ParseTime(b.text, nil); !ok && (b.size > 40 || !yearless.MatchString(b.text)) {
		return false
	}
	rest := infoWords.ReplaceAllString(b.text, "")
	return countHan(rest)+countLetters(rest) <= 24 && !strings.ContainsAny(rest, "。！？；，")
}

// holdsTime reports whether an element is a time element or has one right inside.
func holdsTime(n *xhtml.Node) bool {
	if n == nil || isTime(n) {
		return n != nil
	}
	children := 0
	for c := n.FirstChild; c != nil && children < 20; c = c.NextSibling {
		if children++; isTime(c) {
			return true
		}
	}
	return false
}

// linkRow tells a row of a list of texts: a link and a date.
func linkRow(b block) bool {
	return b.linked >= 6 && b.size <= 160 && !strings.HasSuffix(b.text, "。") && (manyDays.MatchString(b.text) || yearless.MatchString(b.text))
}

// mostlyRows reports whether a text is a list of other texts with their dates.
func mostlyRows(lines []block) bool {
	rows := 0
	for _, b := range lines {
		if linkRow(b) {
			rows++
		}
	}
	return rows >= 4 && 3*rows >= len(lines)
}

var infoWords = regexp.MustCompile(`(?:https?://[!-~]+|(?i:posted|published|updated|last|source|author|on|by|at)\b|` + monthNames + `|发布|发表|更新|发稿|时间|日期|来源|來源|作者|编辑|责任|记者|浏览|阅读|点击|次数|字号|评论|我来说两句|复制链接|收藏|举报|纠错|跟帖|跟贴|参与|字体|分享|打印|大|中|小|稿源|年|月|日|时|分|[\d\s:：/.\-|\[\]【】()（）,，])+`)

// trimTail cuts at the first line that heads what follows an article, unless
// more prose follows than stands before.
func trimTail(lines []block) []block {
	for i := range lines {
		if i == 0 || !endsText(lines, i) {
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

// endsText reports whether line i heads what is no longer the text: texts
// beside it, the remarks of readers, the foot of the page.
func endsText(lines []block, i int) bool {
	b := lines[i]
	switch {
	case b.size <= 30 && tailHeads.MatchString(b.text), b.size <= 80 && otherText.MatchString(b.text), b.size <= 200 && !strings.ContainsAny(b.text, "。！？") && footLine.MatchString(b.text):
		return true
	case b.size <= 24 && b.linked == 0 && voicesHead.MatchString(b.text):
		_, voices := severalVoices(lines[i:])
		return voices || remarkWords.MatchString(b.text) && datedSoon(lines[i+1:])
	case recordLine.MatchString(b.text), b.size <= 8 && i+1 < len(lines) && recordLine.MatchString(lines[i+1].text):
		return true
	}
	return b.size <= 12 && !strings.ContainsAny(b.text, "。！？；：:，") && linksAlone(lines[i+1:])
}

// remarkWords are the words of voicesHead that head nothing but the remarks of
// readers: an office's answer is headed 回复 too.
var remarkWords = regexp.MustCompile(`评论|評論|跟帖|跟贴|(?i:comments?)`)

// datedSoon reports whether one of the first lines gives a time to the minute.
func datedSoon(lines []block) bool {
	return slices.ContainsFunc(lines[:min(len(lines), 3)], func(b block) bool {
		return b.size <= 80 && fullClock.MatchString(b.text) && infoLine(b)
	})
}

// linksAlone reports whether the next three lines, or all that are left, are
// links to other texts.
func linksAlone(lines []block) bool {
	lines = lines[:min(len(lines), 3)]
	linked := 0
	for _, b := range lines {
		if b.linkShare() <= 0.5 && !linkRow(b) {
			return false
		}
		linked += b.linked
	}
	return linked >= 30
}

// dropSmall drops the remarks round an article: who edited it, where else to
// share it, standing disclaimers, the clock of an entry alone. At the end it also drops links alone.
func dropSmall(lines []block) []block {
	kept := lines[:0:0]
	for i, b := range lines {
		small := (b.size <= 40 || b.size <= 80 && b.linkShare() > 0.5 || b.size <= 200 && strings.Contains(b.text, "://")) && smallLines.MatchString(b.text)
		standing := b.size <= 400 && smallPrint.MatchString(b.text) && printWords.MatchString(b.text)
		call := b.linked > 0 && b.size <= 200 && (i < 3 || i >= len(lines)-5) && callWords.MatchString(b.text)
		pager := b.linked > 0 && b.size <= 80 && pagerLine.MatchString(b.text)
		call = call || b.size <= 120 && (i < 3 || i >= len(lines)-5) && promoLine.MatchString(b.text)
		if call || pager || b.size <= 8 && clockLine.MatchString(b.text) || (small || standing) && (i < 4 || i >= len(lines)-12 || b.size <= 24) {
			continue
		}
		kept = append(kept, b)
	}
	rows := mostlyRows(kept)
	for len(kept) > 1 {
		last := kept[len(kept)-1]
		published := infoLine(last) && (timeLabel.MatchString(last.text) || laterLabel.MatchString(last.text))
		if last.linkShare() < 0.8 && (rows || !linkRow(last)) && !allLinks(last) && !linksJoined(last) && !countLine.MatchString(last.text) && !emptyLabel.MatchString(last.text) && (last.size > 8 || !voicesHead.MatchString(last.text)) && !tailHeads.MatchString(last.text) && !published {
			break
		}
		kept = kept[:len(kept)-1]
	}
	return kept
}

// linksJoined tells a line that several links to other texts run together in.
func linksJoined(b block) bool {
	return b.linked >= 40 && b.linkShare() > 0.6 && !strings.ContainsAny(b.text, "。！？；")
}

// allLinks reports whether nearly every word of a line is a link: brackets and
// bars between them are none.
func allLinks(b block) bool {
	if b.linked == 0 {
		return false
	}
	words := 0
	for _, r := range b.text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			words++
		}
	}
	return 10*b.linked >= 8*words
}
