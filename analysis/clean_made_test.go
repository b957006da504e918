package analysis_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"minsheng/analysis"
)

// An invented essay, as the pages of departments and essay sites print them.
const (
	cleanTitle = "基层派出所窗口服务的几点思考"
	cleanFirst = "近年来，桐溪分局把窗口服务作为联系群众的第一道门，先后推行延时办理、上门采集和一次告知，群众满意度明显提高，办事等待的时间由四十分钟缩短到十五分钟。"
	cleanNext  = "一是把制度写在墙上，更要落实在窗口。值班领导每天到大厅坐班两小时，听取意见，当场能办的当场办，不能办的登记后三日内答复。"
	cleanLast  = "今后，分局将继续听取群众意见，把每一件小事办好，让办事的人少跑一趟路、少等一刻钟，把群众的满意作为检验工作的标准。"
)

var cleanBody = []string{cleanTitle, cleanFirst, cleanNext, cleanLast}

// dirt is a line that does not belong to the essay, the rule that should know it
// and where it stands: before, within or after the text.
type dirt struct{ rule, line string }

var (
	dirtBefore = []dirt{
		{"breadcrumb", "您所在的位置：首页 > 警务资讯 > 理论研究 > 正文"},
		{"breadcrumb", "当前位置：首页 >> 所队风采 >> 正文内容"},
		{"breadcrumb", "您的位置: 网站首页 / 警营文化 / 调研文章"},
		{"breadcrumb", "首页 → 政务公开 → 工作动态"},
		{"breadcrumb", "【您现在的位置】 首页 · 警务公开 > 详细内容"},
		{"breadcrumb", "Home > News > Police"},
		{"breadcrumb", "當前位置：首頁 > 警務新聞"},
		{"breadcrumb", "所在位置：首页-信息公开-调研"},
		{"meta_row", "发布时间：2026-09-14 09:25 来源：桐溪分局 浏览次数：1024"},
		{"meta_row", "来源：桐溪日报    作者：本报通讯员    责任编辑：某某"},
		{"meta_row", "[日期：2026-09-14]　来源：政治处　作者：某某"},
		{"meta_row", "时间：2026-09-14　　点击：35 次　　字号：大 中 小"},
		{"meta_row", "索引号：TX-2026-0914 发布机构：桐溪分局 发布日期：2026年9月14日"},
		{"meta_row", "发表时间：2026-09-14 阅读：88"},
		{"byline", "本报记者 王某某 通讯员 李某"},
		{"byline", "文/西街观察"},
		{"page_controls", "字号：大 中 小 打印 关闭"},
		{"page_controls", "【字体：大 中 小】"},
		{"page_controls", "收藏 打印 分享到"},
		{"page_controls", "| 打印本页 | 关闭窗口 |"},
		{"breadcrumb", "首页 | 机构设置 | 警务公开 | 办事指南 | 警民互动"},
	}
	dirtWithin = []dirt{
		{"related", "推荐阅读：夜市今起延长"},
		{"page_controls", "点击查看更多"},
		{"page_controls", "阅读全文"},
	}
	dirtAfter = []dirt{
		{"page_controls", "阅读： 次 关闭窗口 本文评论"},
		{"page_controls", "上一篇：没有了"},
		{"page_controls", "返回顶部"},
		{"page_controls", "评论表单加载中..."},
		{"page_controls", "发表评论"},
		{"page_controls", "【打印本页】【关闭窗口】"},
		{"page_controls", "分享到："},
		{"page_controls", "暂无评论"},
		{"related", "相关阅读："},
		{"related", "上一篇：桐溪分局召开座谈会"},
		{"related", "下一篇：秋季开学护学岗上岗"},
		{"related", "猜你喜欢"},
		{"disclaimer", "免责声明：本站部分内容来自网络，仅供学习交流，如有侵权请联系删除。"},
		{"disclaimer", "声明：本文仅代表作者个人观点，与本站无关。"},
		{"disclaimer", "版权归原作者所有，如涉及侵权，请来信告知，我们将及时删除。"},
		{"disclaimer", "转载请注明出处。"},
		{"disclaimer", "来源：网络整理，若侵犯了您的版权，请联系我们处理。"},
		{"disclaimer", "未经书面许可，任何单位和个人不得转载。"},
		{"template_text", "以上范文仅供参考，欢迎下载收藏。"},
		{"template_text", "友情提示：本站小编为大家收集整理了更多范文，希望对您有所帮助。"},
		{"template_text", "本文中关于《窗口服务》的范例仅供您参考学习。"},
		{"footer", "版权所有：桐溪市公安局桐溪分局"},
		{"footer", "青ICP备00000000号-1 青公网安备00000000000000号"},
		{"footer", "网站标识码：0000000000 技术支持：某某科技"},
		{"footer", "Copyright © 2026 Tongxi. All Rights Reserved."},
		{"footer", "网站地图 | 联系我们 | 关于我们"},
		{"footer", "主办：桐溪分局 承办：办公室 技术维护：信息科"},
		{"footer", "建议使用1024*768分辨率，IE8.0以上浏览器"},
		{"meta_row", "（责任编辑：某某）"},
		{"meta_row", "编辑：某某 审核：某某"},
		{"empty_heading", "参考文献："},
		{"empty_heading", "相关热门标签："},
		{"link_row", "桐溪新闻|河堤资讯|南门论坛|青石社区"},
		{"link_tail", "友情链接：网站一|网站二|网站三|网站四|网站五|网站六|网站七"},
	}
)

// Whatever dirt stands around an essay goes, counted under the name of a rule,
// and the essay stays to the letter.
func TestCleanTakesOutEachDirt(t *testing.T) {
	for at, all := range [][]dirt{dirtBefore, dirtWithin, dirtAfter} {
		for _, d := range all {
			place := []int{0, 2, len(cleanBody)}[at]
			doc := append(append(append([]string{}, cleanBody[:place]...), d.line), cleanBody[place:]...)
			got, cut, _ := analysis.Clean(strings.Join(doc, "\n"))
			if got != strings.Join(cleanBody, "\n") || len(cut) == 0 {
				t.Errorf("%q: cut %v, left:\n%s", d.line, cut, got)
				continue
			}
			if cut[d.rule] == 0 {
				t.Errorf("%q: cut %v, want it under %s", d.line, cut, d.rule)
			}
		}
	}
}

// Every rule has a name that the operator's table explains, and cuts something
// of this page that holds all kinds of dirt.
func TestEveryCleaningRuleIsNamedAndCounted(t *testing.T) {
	table, err := os.ReadFile(filepath.Join("..", "docs", "operations.md"))
	if err != nil {
		t.Fatal(err)
	}
	doc := strings.Join([]string{
		"桐溪新闻 > 警务 > 正文", "字号：大 中 小", "来源：政治处 作者：某某", "本报记者 王某某", "中图分类号：D63 文献标识码：A",
		"窗口服务汇总（精选8篇）", cleanTitle, cleanFirst, "點(diǎn)名、表(biǎo)揚、登(dēng)記、答(dá)復、回(huí)訪、F(xiàn)在", cleanNext, cleanLast,
		"以上范文仅供参考，欢迎下载收藏。", "转载请注明出处。", "相关新闻：", "夜市今起延长",
		"桐溪新闻|河堤资讯|南门论坛|青石社区", "版权所有：某某分局", "参考文献：", "某某热线|河堤在线|南门资讯|青石直播|柳川影院", "尾巴",
	}, "\n")
	_, cut, _ := analysis.Clean(doc)
	english := strings.Repeat("The branch keeps the window open in the evening and tells people once what to bring. ", 6)
	_, more, _ := analysis.Clean(strings.Join(append([]string{cleanTitle, cleanTitle, cleanFirst, cleanNext, cleanLast, cleanFirst, cleanNext}, "英文翻译", english), "\n"))
	for _, name := range analysis.RuleNames() {
		if cut[name]+more[name] == 0 {
			t.Errorf("%s cut nothing: %v %v", name, cut, more)
		}
		if !strings.Contains(string(table), "`"+name+"`") {
			t.Errorf("docs/operations.md does not name %s", name)
		}
	}
}

// All of it at once, in order, and with blanks around.
func TestCleanTakesOutAllDirt(t *testing.T) {
	var doc []string
	for _, d := range dirtBefore {
		doc = append(doc, "\u00a0\u00a0"+d.line+"\u3000", "")
	}
	doc = append(doc, cleanBody...)
	for _, d := range dirtAfter {
		doc = append(doc, "", "  "+d.line)
	}
	got, cut, _ := analysis.Clean(strings.Join(doc, "\r\n"))
	if got != strings.Join(cleanBody, "\n") {
		t.Errorf("cut %v, left:\n%s", cut, got)
	}
}

// Lines that only resemble dirt are the text's own.
func TestCleanKeepsWhatBelongs(t *testing.T) {
	for _, line := range []string{
		"首页改版以后，办事指南更难找了，老人都说不会用。",
		"民警来源：部分从部队转业，部分从院校招录。",
		"记者在窗口看到，评论区有人问什么时候上班。",
		"版权纠纷由派出所调解，双方当场签了协议。",
		"相关部门称，打印费将全部取消，关闭的窗口月底恢复。",
		"“请勿转载”的告示贴在公告栏上，没有人知道是谁贴的。",
		"上一次来办证是三年前，下一次不知道是什么时候。",
		"有网友留言：派出所电话为什么总是占线？",
		"时间：九月十四日上午，地点：分局三楼会议室，欢迎居民旁听。",
		"第一篇日记写于一九九八年，里面提到了当年的派出所。",
		"他负责技术支持，也负责给群众讲解怎么用手机预约。",
		"推荐的做法有三条：一是公开，二是限时，三是回访。",
		"英文翻译由志愿者完成，方便外籍居民办理证件。",
		"范文写得再好，也不如到窗口站一天。",
	} {
		doc := strings.Join([]string{cleanTitle, cleanFirst, line, cleanLast}, "\n")
		if got, cut, _ := analysis.Clean(doc); got != doc {
			t.Errorf("%q: cut %v, left:\n%s", line, cut, got)
		}
	}
}

// Readings in brackets go, with any brackets and for any syllable, and a lost
// character is marked. What merely stands in brackets stays.
func TestCleanReadings(t *testing.T) {
	dirty := "促進(jìn)警民互動(dòng)，構(gòu)建和諧關(guān)係（xì），開(kāi)展走訪(fǎng)，聽(tīng)取意見(jiàn)，解決(jué)問題(tí)。"
	got, cut, flags := analysis.Clean(dirty)
	if want := "促進警民互動，構建和諧關係，開展走訪，聽取意見，解決問題。"; got != want || cut["pinyin"] != 11 || strings.Join(flags, " ") != analysis.FlagPinyin {
		t.Errorf("got %q, cut %v, flags %v", got, cut, flags)
	}
	for _, whole := range []string{
		"依照第三条(a)、第四条(b)办理。", "桐溪(Tongxi)是一座小城，民警(police)不多。", "他姓仇(qiú)，不姓仇恨的仇。", "会议(线上)改到下午(三点)。", "函数f(x)与g(y)。",
	} {
		got, _, _ := analysis.Clean(whole)
		if want := strings.Replace(whole, "(qiú)", "", 1); got != want {
			t.Errorf("%q became %q", whole, got)
		}
	}
}

// A tail of links is cut from its first row on, whatever stands before it.
func TestCleanLinkTails(t *testing.T) {
	body := strings.Join(cleanBody, "\n")
	for _, tail := range []string{
		"主站蜘蛛池模板: 桐溪热线|河堤在线|南门资讯|青石直播|柳川影院|竹园小说\n更多内容\n第二行",
		"桐溪热线|河堤在线|南门资讯|青石直播|柳川影院\n桐溪热线|河堤在线",
		"友情链接：桐溪热线 | 河堤在线 | 南门资讯 | 青石直播 | 柳川影院 | 竹园小说 |",
		"桐溪热线｜河堤在线｜南门资讯｜青石直播｜柳川影院｜竹园小说",
		strings.Repeat("桐溪热线|河堤在线|", 40),
	} {
		got, cut, _ := analysis.Clean(body + "\n" + tail)
		if got != body || cut["link_tail"] == 0 {
			t.Errorf("%.60q: cut %v, left:\n%s", tail, cut, got)
		}
	}
}

// The machine's English after a Chinese text is cut, under any heading or none;
// an English text, and a Chinese one with a few English lines, are whole.
func TestCleanSecondCopies(t *testing.T) {
	english := "In recent years the branch has made the service window the first door to the public. It keeps the window open in the evening, collects papers at home and tells people once what to bring."
	body := strings.Join(append(cleanBody, cleanFirst, cleanNext, cleanLast), "\n")
	for _, heading := range []string{"英文翻译", "英文翻译：", "【英文版】", "English Translation:", "英语译文", "中英文对照", ""} {
		doc := body + "\n" + heading + "\n" + strings.Repeat(english+"\n", 4)
		got, cut, flags := analysis.Clean(doc)
		if got != body || cut["second_copy"] == 0 || strings.Join(flags, " ") != analysis.FlagBilingual {
			t.Errorf("%q: cut %v, flags %v, left:\n%s", heading, cut, flags, got)
		}
	}
	for _, whole := range []string{
		"A door to the public. " + english + "\nSix years on. " + english + "\n" + english,
		body + "\nTongxi Police Station Service Window Open Day 2026",
		english + "\nIn short. " + english + "\n" + cleanFirst,
	} {
		if got, cut, _ := analysis.Clean(whole); got != whole {
			t.Errorf("%.60q: cut %v, left:\n%s", whole, cut, got)
		}
	}
}
