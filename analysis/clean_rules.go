package analysis

import (
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// lineRule tells lines that are no part of a text. It sees the folded line.
type lineRule struct {
	name  string
	most  int    // characters; longer lines are never meant
	signs string // without one of these characters it need not look; "": it always looks
	flag  string
	is    func(c *cleaner, i int, key string) bool
}

// lineRules in the order in which they are asked. related is not among them, since
// it takes more than one line.
var lineRules = [...]lineRule{
	{"page_controls", 60, "", "", isControls},
	{"breadcrumb", 120, ">»›→首位栏址页H", "", isBreadcrumb},
	{"meta_row", 120, ":", "", isMetaRow},
	{"byline", mostByline, "者员生辑编责文图撰影稿", "", isBylineRow},
	{"journal_row", 160, "献图稿基编D", "", isJournalRow},
	{"template_title", 60, "篇范", FlagTemplate, isTemplateTitle},
	{"template_text", shortLine, "供范迎编助启", FlagTemplate, isTemplateText},
	{"disclaimer", shortLine, "权侵代与免转络", "", isDisclaimer},
	{"footer", shortLine, "P备识权©RCc术维图览辨办", "", isFooter},
	{"link_row", shortLine, "|", "", isLinkRow},
	{"empty_heading", 12, "", "", isEmptyHeading},
	{"related", 70, "相推阅门猜家多能新篇往排图", "", nil},
}

// ruleRelated is the place of the last rule.
const ruleRelated = len(lineRules) - 1

// lineSigns tells for a character, in either script and width, which rules it is
// a sign for, a bit each. Most lines hold a sign for none or one, so that the
// patterns hardly ever run and most lines need not be folded.
var lineSigns = sync.OnceValue(func() *[1 << 16]uint16 {
	var signs [1 << 16]uint16
	for i, rule := range lineRules {
		for _, r := range rule.signs {
			signs[r] |= 1 << i
		}
	}
	t := tables()
	for r := range signs {
		if to := t.full[r]; to != 0 && int(to) != r {
			signs[r] |= signs[to]
		}
	}
	return &signs
})

// rulesFor returns which rules have to look at a line of n characters.
func rulesFor(line string, n int) (mask uint16) {
	signs := lineSigns()
	for _, r := range line {
		mask |= signs[uint16(r)]
	}
	for i, rule := range lineRules {
		switch {
		case n > rule.most:
			mask &^= 1 << i
		case rule.signs == "":
			mask |= 1 << i
		}
	}
	return mask
}

// controls are the words on buttons and labels of pages, longest first where one
// begins another.
var controls = strings.NewReplacer(pairs(
	"正在", "加载中", "加载", "发表", "本文", "查看", "我要", "网友", "最新", "全部", "评论", "列表", "表单", "窗口", "留言", "回复", "点赞", "转发",
	"关闭窗口", "关闭本页", "关闭页面", "打印本页", "打印此页", "打印本文", "打印", "关闭", "返回顶部", "返回首页", "返回列表", "返回上一页", "返回", "上一篇", "下一篇", "上一页", "下一页",
	"分享到", "分享至", "一键分享", "微信扫一扫", "扫一扫", "扫码", "手机版", "电脑版", "字体大小", "字体", "字号", "收藏本页", "加入收藏", "收藏", "设为首页", "点击数", "点击量", "点击率", "点击", "浏览次数", "浏览量", "浏览", "阅读次数", "阅读数", "阅读量", "阅读全文", "阅读",
	"点击查看更多", "查看更多", "展开全文", "加载更多", "更多", "没有了", "暂无评论", "登录", "注册", "发送", "提交", "我要纠错", "纠错", "收听", "播报", "大", "中", "小", "次", "人", "文章来源", "链接", "地址", "目录", "目 录",
	"Contents", "CONTENTS", "Print", "Share", "Comments", "Back to top", "Read more", "Previous", "Next", "Close", "Loading",
)...)

// pairs maps each word to a mark that no text holds.
func pairs(words ...string) []string {
	var out []string
	for _, w := range words {
		out = append(out, w, "\x01")
	}
	return out
}

// isControls reports whether a line is made of labels, figures and marks alone. It
// wants one label of two characters at least, and some lines around it.
func isControls(c *cleaner, _ int, key string) bool {
	if len(c.lines) < 3 || strings.Contains(key, "。") {
		return false
	}
	rest := controls.Replace(key)
	if !strings.Contains(rest, "\x01") || utf8.RuneCountInString(rest) > utf8.RuneCountInString(key)-1 {
		return false
	}
	left := 0
	for _, r := range rest {
		if unicode.IsLetter(r) {
			left++
		}
	}
	return left == 0
}

var (
	crumbStart = regexp.MustCompile(`^\s*[\[【]?(?:[您你]?(?:所在|当前|现在)的?(?:位置|地址|栏目|页面)|[您你]的位置\s*[::】\]]|位置\s*[::]|首页\s*(?:>|»|›|/|\||-|—|→|::)|[Hh]ome\s*(?:>|»|›|/|→))`)
	crumbChain = regexp.MustCompile(`^[^。!?]{1,20}(?:\s*(?:>{1,2}|»|›|→)\s*[^>»›→。!?]{1,40}){2,}$`)
)

// isBreadcrumb knows the row that says where in the site a page stands.
func isBreadcrumb(_ *cleaner, _ int, key string) bool {
	return crumbStart.MatchString(key) || !strings.Contains(key, "。") && crumbChain.MatchString(key)
}

var (
	metaField = regexp.MustCompile(`(?:发布时间|发布日期|更新时间|发表时间|日期|时间|来源|稿源|作者|编辑|责任编辑|责编|审核|校对|供稿|通讯员|记者|浏览次数|阅读次数|浏览|阅读|点击|字号|字体|访问量|信息来源|发布人|发布机构|索引号|文章来源)\s*[::]`)
	metaAlone = regexp.MustCompile(`^[\[((【]?\s*(?:发布时间|发布日期|更新时间|发表时间|责任编辑|责编|编辑|来源|稿源|文章来源|信息来源|作者|日期|时间)\s*[::][^。]{0,28}[\]))】]?$`)
)

// isMetaRow knows rows of date, source, author and the like: two fields, or one
// that is the whole line outside of the running text.
func isMetaRow(c *cleaner, i int, key string) bool {
	if strings.Contains(key, "。") || !strings.Contains(key, ":") || len(c.lines) < 3 {
		return false
	}
	if len(metaField.FindAllStringIndex(key, 2)) == 2 {
		return true
	}
	return (i < c.first || i > c.last) && c.last >= 0 && metaAlone.MatchString(key)
}

var journalField = regexp.MustCompile(`中图分类号|文献标识码|文章编号|基金项目\s*:|收稿日期\s*:|DOI\s*:`)

func isJournalRow(_ *cleaner, _ int, key string) bool {
	return journalField.MatchString(key)
}

var (
	collection = regexp.MustCompile(`(?:精选|范文|汇总|合集|通用|优秀|锦集|集锦)[((]?(?:[一二三四五六七八九十百]+|\d+)篇`)
	essayPart  = regexp.MustCompile(`^(?:第[一二三四五六七八九十\d]+篇|篇[一二三四五六七八九十\d]+)\s*[:.、]?[^。]*范文`)
)

// isTemplateTitle knows the headings of collections of model essays.
func isTemplateTitle(c *cleaner, i int, key string) bool {
	if strings.Contains(key, "。") {
		return false
	}
	if collection.MatchString(key) {
		parts := 0
		for _, b := range c.lines {
			if strings.Contains(b.key, "篇") && essayPart.MatchString(b.key) {
				parts++
			}
		}
		if parts == 1 {
			c.flags = append(c.flags, FlagTruncated)
		}
		return true
	}
	return essayPart.MatchString(key) || i < c.first && i < 3 && strings.Contains(key, "范文") && strings.Contains(key, " ")
}

var templateText = regexp.MustCompile(`范[文例本]仅?供|欢迎(?:阅读|借鉴|下载|参考)(?:并|与|和|、)?(?:收藏|参考|借鉴|下载|阅读)|本站小编|小编(?:为|给)(?:大家|您|你)(?:收集|整理|带来|准备|精心)|希望(?:能?对|可以帮助)(?:您|你|大家).{0,12}(?:帮助|启发)[.。!]?$`)

var (
	templateHints   = []string{"供", "欢迎", "小编", "希望"}
	disclaimerHints = []string{"版权", "著作权", "侵", "代表", "与本", "转载", "网络", "免责", "未经"}
)

// isTemplateText knows what such sites put before and after their essays.
func isTemplateText(_ *cleaner, _ int, key string) bool {
	return hasAny(key, templateHints) && templateText.MatchString(key)
}

var disclaimer = regexp.MustCompile(`(?:版权|侵权|著作权|侵犯).{0,24}(?:联系|告知|通知|来信).{0,16}(?:删除|处理|撤下)|仅代表作者(?:本人)?(?:个人)?(?:观点|立场)|不代表本(?:站|网|平台)|与本(?:站|网)(?:立场)?无关|转载请(?:注明|保留|联系)|版权归(?:原作者|作者|原)|(?:来源|来自|整理)[::于自]*网络(?:整理|收集)?.{0,30}(?:免责|学习|分享|侵|版权)|免责声明.{0,40}(?:学习|本站|版权|立场|转载|网络)|未经(?:授权|许可|书面).{0,12}(?:不得|禁止|严禁)转载`)

// isDisclaimer knows notes about copyright and liability outside of the text.
func isDisclaimer(c *cleaner, i int, key string) bool {
	return len(c.lines) >= 2 && i > 0 && hasAny(key, disclaimerHints) && disclaimer.MatchString(key)
}

var footer = regexp.MustCompile(`ICP\s*[备证]|公网安备|网安备|网站标识码|网站备案|备案序?号\s*[::]|版权所有|Copyright|copyright|COPYRIGHT|©|All [Rr]ights [Rr]eserved|技术支持\s*[::]|(?:设计|制作|运行|网站)维护\s*[::]|网站地图|建议使用.{0,20}(?:浏览器|分辨率)|(?:主办|承办|协办)(?:单位)?\s*[::].*(?:主办|承办|维护|技术)`)

// isFooter knows the rows at the foot of a site. Within the running text they
// would be the subject, so they count after it alone.
func isFooter(c *cleaner, i int, key string) bool {
	return len(c.lines) >= 3 && i > c.last && footer.MatchString(key)
}

// isLinkRow knows a row of links among other lines, four or more.
func isLinkRow(c *cleaner, _ int, key string) bool {
	return len(c.lines) >= 2 && anchors(key, 2) >= 4
}

var emptyHeadings = regexp.MustCompile(`^[\[【]?(?:参考文献|附件|附录|注释|备注|相关热门标签|热门标签|标签|关键词|tags?|Tags?)[\]】]?\s*:?$`)

// isEmptyHeading knows headings with nothing under them.
func isEmptyHeading(c *cleaner, i int, key string) bool {
	if i <= c.last || len(c.lines) < 3 || !emptyHeadings.MatchString(key) {
		return false
	}
	for k := i + 1; k < len(c.lines); k++ {
		if !c.lines[k].gone && !emptyHeadings.MatchString(c.lines[k].key) {
			return false
		}
	}
	return true
}
