package analysis_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"minsheng/analysis"
)

// A paragraph of running text, so that head and foot of a page can be told from it.
const para = "青禾县公安局长柳派出所近日走访辖区商户，听取大家对夜间巡逻的意见，民警当场答复能办的事，其余的记下来逐件办理，月底前在公告栏公布结果。"

func lines(l ...string) string { return strings.Join(l, "\n") }

func TestClean(t *testing.T) {
	for name, c := range map[string]struct {
		in, want string
		cut      map[string]int
		flags    []string
	}{
		"empty":       {"", "", nil, nil},
		"nothing":     {lines("走访商户", para), lines("走访商户", para), nil, nil},
		"blanks":      {"\ufeff 走访\u00a0\u00a0商户\u3000 \r\n\r\n\n\t民警 到场\n \n", "走访 商户\n民警 到场", nil, nil},
		"one reading": {"他讲饕餮(tiè)的故事", "他讲饕餮的故事", map[string]int{"pinyin": 1}, nil},
		"readings": {
			"警務(wù)活動（dòng）的(de)機(jī)關(guān)與(yǔ)民眾", "警務活動的機關與民眾",
			map[string]int{"pinyin": 6},
			[]string{analysis.FlagPinyin},
		},
		"no readings":             {"按第三条(a)款、甲(b)、OK(hao)办理", "按第三条(a)款、甲(b)、OK(hao)办理", nil, nil},
		"lost glyphs":             {"群眾!爆F(xiàn)在,與;(dòng)聯(lián)系", "群眾!爆□在,與□聯系", map[string]int{"pinyin": 3, "lost_glyph": 2}, []string{analysis.FlagLostGlyphs}},
		"broken bytes":            {"民\ufffd\ufffd\ufffd警", "民\ufffd\ufffd\ufffd警", nil, []string{analysis.FlagLostGlyphs}},
		"breadcrumb":              {lines("您现在的位置：首页 > 警务动态 > 正文", "走访商户", para), lines("走访商户", para), map[string]int{"breadcrumb": 1}, nil},
		"breadcrumb, traditional": {lines("當前位置：首頁>>警務", "走訪商戶", para), lines("走訪商戶", para), map[string]int{"breadcrumb": 1}, nil},
		"breadcrumb alone":        {lines("青禾新闻 » 社会 » 正文", para), para, map[string]int{"breadcrumb": 1}, nil},
		"breadcrumb with title":   {lines("Town Paper - Local - Police visit shops", "Police visit shops", para), lines("Police visit shops", para), map[string]int{"breadcrumb": 1}, nil},
		"title again":             {lines("派出所走访商户", "派出所走访商户", para), lines("派出所走访商户", para), map[string]int{"title_repeat": 1}, nil},
		"meta row":                {lines("走访商户", "【发布日期：2026-01-02】 来源：长柳所 作者：某某", para), lines("走访商户", para), map[string]int{"meta_row": 1}, nil},
		"meta field":              {lines("走访商户", para, "（责任编辑：某某）"), lines("走访商户", para), map[string]int{"meta_row": 1}, nil},
		"controls": {
			lines("走访商户", "字号：大 中 小", para, "浏览： 次", "打印本页 | 关闭窗口", "正在加载评论列表..."),
			lines("走访商户", para),
			map[string]int{"page_controls": 4},
			nil,
		},
		"journal row": {lines("论走访", "中圖分類號：D63 文獻標識碼：A", para), lines("论走访", para), map[string]int{"journal_row": 1}, nil},
		"related": {
			lines("走访商户", para, "相关新闻", "某某路口装上信号灯", "夜市今起延长"),
			lines("走访商户", para),
			map[string]int{"related": 3},
			nil,
		},
		"related within": {lines(para, "推荐阅读：夜市今起延长", para+"完。"), lines(para, para+"完。"), map[string]int{"related": 1}, nil},
		"template": {
			lines("派出所走访简报范文(八篇)", "第1篇：派出所走访简报范文", "本站小编为大家收集了走访的范文，仅供参考，欢迎阅读与收藏。", para),
			para,
			map[string]int{"template_title": 2, "template_text": 1},
			[]string{analysis.FlagTemplate, analysis.FlagTruncated},
		},
		"disclaimer": {
			lines("走访商户", para, "免责声明：本文来自网络，仅供学习，如有侵权请联系我们删除。"),
			lines("走访商户", para),
			map[string]int{"disclaimer": 1},
			nil,
		},
		"footer": {
			lines("走访商户", para, "版权所有：某某县 青ICP备00000000号", "技术支持：某某公司"),
			lines("走访商户", para),
			map[string]int{"footer": 2},
			nil,
		},
		"link row": {lines("首页导航", "要闻 | 社会 | 财经 | 体育", "走访商户", para), lines("首页导航", "走访商户", para), map[string]int{"link_row": 1}, nil},
		"link tail": {
			lines("走访商户", para, "友链: "+strings.Repeat("某某短链接|", 20), "尾巴"),
			lines("走访商户", para),
			map[string]int{"link_tail": 2},
			[]string{analysis.FlagSpamTail},
		},
		"links before the text": {
			lines("要闻频道|社会频道|财经频道|体育频道|民生频道|县区频道", "走访商户", para),
			lines("走访商户", para),
			map[string]int{"link_row": 1},
			nil,
		},
		"empty heading": {lines("走访商户", para, "参考文献："), lines("走访商户", para), map[string]int{"empty_heading": 1}, nil},
		"second copy": {
			lines("走访商户", para, para+para+para, "英文翻译", strings.Repeat("The police of the station went to the shops. ", 12)),
			lines("走访商户", para, para+para+para),
			map[string]int{"second_copy": 2},
			[]string{analysis.FlagBilingual},
		},
		"machine":             {"The rate is a yardstick of society. , it is also the standard.", "The rate is a yardstick of society. , it is also the standard.", nil, []string{analysis.FlagMachineTranslated}},
		"a post stays":        {"收藏！转发！阅读 100", "收藏！转发！阅读 100", nil, nil},
		"a subject stays":     {lines("走访商户", "民警提醒：打印店不得留存身份证复印件，违者依法处理，请大家相互转告，发现线索及时报警。", para+"网站备案也要查。"), lines("走访商户", "民警提醒：打印店不得留存身份证复印件，违者依法处理，请大家相互转告，发现线索及时报警。", para+"网站备案也要查。"), nil, nil},
		"a reminder stays":    {lines("走访商户", "友情提示：雨天路滑，出行注意安全。", para), lines("走访商户", "友情提示：雨天路滑，出行注意安全。", para), nil, nil},
		"short lines stay":    {lines("好", "好", "来人", "来人"), lines("好", "好", "来人", "来人"), nil, nil},
		"English names stay":  {lines(para, "AI for Safety Forum 2026"), lines(para, "AI for Safety Forum 2026"), nil, nil},
		"two bars in a title": {lines("走访|商户", para), lines("走访|商户", para), nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, cut, flags := analysis.Clean(c.in)
			if diff := cmp.Diff(got, c.want); diff != "" {
				t.Errorf("Clean -got +want:\n%s", diff)
			}
			if len(cut)+len(c.cut) > 0 {
				if diff := cmp.Diff(cut, c.cut); diff != "" {
					t.Errorf("cut -got +want:\n%s", diff)
				}
			}
			if diff := cmp.Diff(flags, c.flags); diff != "" {
				t.Errorf("flags -got +want:\n%s", diff)
			}
		})
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"", para, "a|b|c|d|e|f\n" + para, "首页 > a > b\n\n相关阅读\nx", "與;(dòng)聯(lián)\n英文翻译", "(à", "B(à）", "首\xe9\xa1  0", "\r\u2028\u00a0|"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, cut, _ := analysis.Clean(s)
		valid := strings.ToValidUTF8(s, "\ufffd")
		if len(got) > len(valid)+2*cut["lost_glyph"] {
			t.Errorf("Clean(%q) grew: %q", s, got)
		}
		if strings.Contains(got, "\n\n") || strings.TrimSpace(got) == "" && got != "" {
			t.Errorf("Clean(%q) = %q holds an empty line", s, got)
		}
	})
}

func TestCleanLong(t *testing.T) {
	for _, one := range []string{"警", "(", "（", "F(à)", "|", "短链|", "阅读\n", "\n", "相关阅读\n", ">", "首页>", " ", "来源:", "a. , "} {
		s := strings.Repeat(one, (1<<20)/len(one))
		if got, _, _ := analysis.Clean(s); len(got) > len(s) {
			t.Errorf("%q repeated grew", one)
		}
	}
}
