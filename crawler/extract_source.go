package crawler

import (
	"regexp"
	"strings"
	"unicode/utf8"

	xhtml "golang.org/x/net/html"
)

var (
	outletLabel = regexp.MustCompile(`(?:来源|來源|稿源|出处|轉載自|转载自|转自|文章来源|信息来源|新闻来源)\s*(?:[:：]|于)\s*([^\s|,，。;；:：<>()（）\[\]【】]{2,30})`)
	outletName  = regexp.MustCompile(`(?i)(?:^|[-_\s])(?:source|sources|laiyuan|ly|media|media-?name|mediaName|from|origin|art(?:icle)?-?source|source_?baidu|wemedia)(?:$|[-_\s\d])`)
	outletHouse = regexp.MustCompile(`(?:报|報|网|網|社|台|臺|局|委|厅|院|办|府|部|会|中心|频道|新闻|新聞|客户端|发布|杂志|周刊|电视|广播|在线|传媒|融媒|公安|警方|Times|Daily|News|Post)(?:客户端|网|网站|官微|公众号|微信|微博)?$`)
	// personName begins with a frequent surname and is as short as a name.
	personName = regexp.MustCompile(`^[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文]\p{Han}{1,2}$`)
	noOutlet   = regexp.MustCompile(`^(?:本站|网站)?(?:原创|转载|整理|编辑|综合|投稿)(?:文章|稿件|内容)?$|^(?:互联网|网络|网上|本站|本网|未知|其他|其它|不详|佚名|无)$`)
	infoBreak  = regexp.MustCompile(`\d[\d\s:：/.年月日时分秒-]*|[|｜·,，()（）\[\]【】:：]+|星期.`)
	outletEnd  = regexp.MustCompile(`(?:作者|编辑|记者|责任|发布时间|发布日期|发布于|时间|浏览|点击|字号|参与|举报|跟[贴帖]|评论|我要|打印|分享|收藏|\d{4}[-年/.]).*$`)
)

// outlet weighs which medium the page names as the text's origin.
func (p *page) outlet(title string, body []block) (string, []Candidate) {
	var all []reading[string]
	add := func(score int, from, detail, value, why string) {
		if value != "" && len(all) < maxCandidates {
			all = append(all, reading[string]{Candidate{Field: "source", From: from, Detail: detail, Value: value, Score: score, Why: why}, value})
		}
	}
	lines := p.lines()
	from, to, _ := headRange(lines, title, body)
	end := bodyEnd(lines, body)
	for _, b := range lines[min(from, to):to] {
		add(60, "weigh.from_printed", "", labelledOutlet(b), "weigh.why_labelled")
	}
	add(45, "weigh.from_marked", "", markedOutlet(lines[min(from, to):to]), "weigh.why_named")
	bare := bareTitle(title)
	for _, b := range lines[min(from, to):to] {
		if isTitle(b, bare) {
			continue
		}
		add(35, "weigh.from_printed", "", besideTime(b), "weigh.why_beside_time")
	}
	for _, b := range lines[end:min(len(lines), end+10)] {
		add(50, "weigh.from_below", "", labelledOutlet(b), "weigh.why_labelled")
	}
	for _, o := range p.linked {
		if linkedType(o, articleTypes...) {
			add(40, "weigh.from_json_ld", "sourceOrganization", oneLine(linkedText(o, "sourceOrganization")), "weigh.why_stated")
		}
	}
	for _, name := range []string{"contentsource", "source", "mediaid", "article:source"} {
		add(30, "weigh.from_meta", name, plainTitle(clip(p.meta(name), 60)), "weigh.why_stated")
	}
	best, shown, _ := choose(all)
	return best.value, shown
}

// besideTime is the house that a line of time and source names without a
// label, 清河日报 2026-11-20 09:15.
func besideTime(b block) string {
	if b.size > 60 || !infoLine(b) {
		return ""
	}
	for name := range strings.FieldsSeq(infoBreak.ReplaceAllString(b.text, " ")) {
		if size := utf8.RuneCountInString(name); size >= 3 && size <= 16 && countHan(name) >= 3 && outletHouse.MatchString(name) && !outletEnd.MatchString(name) && !noOutlet.MatchString(name) {
			return name
		}
	}
	return ""
}

// markedOutlet is the text of an element beside title and time whose name says
// that it is the source. Only houses are taken: on some sites it holds the
// account of a person, and nobody's name is kept.
func markedOutlet(lines []block) string {
	for _, b := range lines {
		for n, depth := b.node, 0; n != nil && depth < 4 && (depth < 2 || !blockElements[n.DataAtom] || depth == 2); n, depth = n.Parent, depth+1 {
			children := 0
			for d := n.FirstChild; d != nil && children < 20; d = d.NextSibling {
				if name := outletOf(d); name != "" {
					return name
				}
				children++
			}
			if name := outletOf(n); name != "" {
				return name
			}
		}
	}
	return ""
}

func outletOf(n *xhtml.Node) string {
	if n.Type != xhtml.ElementNode || !outletName.MatchString(attrOf(n, "class")) && !outletName.MatchString(attrOf(n, "id")) || textSize(n) > 120 {
		return ""
	}
	name := strings.Trim(oneLine(blockText(n)), " 　《》“”\"'-—|·")
	if size := utf8.RuneCountInString(name); size < 2 || size > 20 || countHan(name)+countLetters(name) < size-2 || outletEnd.MatchString(name) || !outletHouse.MatchString(name) {
		return ""
	}
	return name
}

// labelledOutlet is the name after 来源 or its like, "" where a line has none or
// what stands there looks like the name of a person.
func labelledOutlet(b block) string {
	if b.size > 200 {
		return ""
	}
	m := outletLabel.FindStringSubmatch(b.text)
	if m == nil {
		return ""
	}
	name := strings.Trim(outletEnd.ReplaceAllString(m[1], ""), " 　《》“”\"'-—")
	if countHan(name)+countLetters(name) < 2 || noOutlet.MatchString(name) || personName.MatchString(name) && !outletHouse.MatchString(name) {
		return ""
	}
	return name
}
