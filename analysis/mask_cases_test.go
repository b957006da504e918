package analysis_test

import (
	"strings"
	"testing"

	"minsheng/analysis"
)

// Numbers here are made up: identity numbers and cards carry valid check digits
// and belong to nobody.
var maskCases = []struct{ name, in, want string }{
	// identity numbers
	{"id", "身份证号110101199003070556。", "身份证号[身份证号]。"},
	{"id bare", "我是110101199003070556，请查", "我是[身份证号]，请查"},
	{"id x", "号码11010119900307053x本人", "号码[身份证号]本人"},
	{"id X spaced", "11010119900307053 X 本人", "[身份证号] 本人"},
	{"id blanks", "110101 19900307 0556", "[身份证号]"},
	{"id dashes", "110101-1990-0307-0556", "[身份证号]"},
	{"id single blanks", "1 1 0 1 0 1 1 9 9 0 0 3 0 7 0 5 5 6", "[身份证号]"},
	{"id full width", "１１０１０１１９９００３０７０５５６", "[身份证号]"},
	{"id full width x", "１１０１０１１９９００３０７０５３Ｘ。", "[身份证号]。"},
	{"id hidden", "110101\u200b19900307\u200b0556", "[身份证号]"},
	{"id circled", "①①⓪①⓪①①⑨⑨⓪⓪③⓪⑦⓪⑤⑤⑥", "[身份证号]"},
	{"id bad check but named", "身份证号码：110101199003070551", "身份证号码：[身份证号]"},
	{"id traditional", "身份證：110101199003070551", "身份證：[身份证号]"},
	{"id old", "身份证110101900307055", "身份证[身份证号]"},
	{"id bad check", "流水号110101199003070551", "流水号110101199003070551"},
	{"id and phone", "110101199003070556 13900001234", "[身份证号] [电话]"},

	// phones
	{"mobile", "打13900001234找我", "打[电话]找我"},
	{"mobile bare", "13900001234", "[电话]"},
	{"mobile dots", "139.0000.1234", "[电话]"},
	{"mobile blanks", "139 0000 1234 有事", "[电话] 有事"},
	{"mobile two blanks", "139  0000  1234", "[电话]"},
	{"mobile single", "1 3 9 0 0 0 0 1 2 3 4", "[电话]"},
	{"mobile 86", "+8613900001234", "[电话]"},
	{"mobile 86 dash", "86-139-0000-1234", "[电话]"},
	{"mobile 0086", "0086 13900001234", "[电话]"},
	{"mobile brackets", "电话(+86)13900001234", "电话[电话]"},
	{"mobile long dash", "139—0000—1234", "[电话]"},
	{"mobile han", "一三九零零零零一二三四", "[电话]"},
	{"mobile mixed", "13九0000一二34打给我", "[电话]打给我"},
	{"mobile capital", "壹叁玖零零零零壹贰叁肆", "[电话]"},
	{"mobile after comma", "电话，13900001234", "电话，[电话]"},
	{"mobile list", "13900001234,13900001235、13900001236", "[电话],[电话]、[电话]"},
	{"mobile before office", "13900001234公安局你好", "[电话]公安局你好"},
	{"mobile numbered", "1.13900001234", "1.[电话]"},
	{"mobile officer", "办案民警联系方式：13900001234（李警官）", "办案民警联系方式：[电话]（李警官）"},
	{"mobile published", "派出所举报电话13900001234", "派出所举报电话[电话]"},
	{"mobile letter", "V13900001234", "V[电话]"},
	{"mobile emoji", "📱13900001234📱", "📱[电话]📱"},
	{"mobile arabic digits", "١٣٩٠٠٠٠١٢٣٤", "[电话]"},
	{"land line", "我家电话0990-7654321没人管", "我家电话[电话]没人管"},
	{"land line brackets", "(0990)7654321", "[电话]"},
	{"land line plain", "座机09907654321", "座机[电话]"},
	{"land line local", "我家电话是7654 3210", "我家电话是[电话]"},
	{"abroad", "打+852 9123 4567", "打[电话]"},
	{"second number", "我的电话0990-7654321、7654322", "我的电话[电话]、[电话]"},
	{"hotlines", "110、119、120、122、12345、12389、96110", "110、119、120、122、12345、12389、96110"},
	{"hotline 400", "客服400-123-4567、8008101234、95588", "客服400-123-4567、8008101234、95588"},
	{"office phone", "青禾县公安局咨询电话：0990-7654321", "青禾县公安局咨询电话：0990-7654321"},
	{"office phone after", "0990-7654321（指挥中心值班电话）", "0990-7654321（指挥中心值班电话）"},

	// plates
	{"plate", "车牌粤B12345", "车牌[车牌]"},
	{"plate dot", "粤B·12345", "[车牌]"},
	{"plate blank", "粤 B 12345 闯红灯", "[车牌] 闯红灯"},
	{"plate dash", "粤B-1A345", "[车牌]"},
	{"plate lower", "粤b12345乱停", "[车牌]乱停"},
	{"plate full width", "粤Ｂ１２３４５", "[车牌]"},
	{"plate new energy", "粤BD12345", "[车牌]"},
	{"plate new energy truck", "粤B12345D", "[车牌]"},
	{"plate traditional", "遼A12345號轎車", "[车牌]號轎車"},
	{"plate learner", "教练车粤B1234学", "教练车[车牌]"},
	{"plate trailer", "粤B1234挂", "[车牌]"},
	{"plate doubtful", "一辆新A12345违停", "一辆[车牌]违停"},
	{"plate police", "警车粤B1234警", "警车粤B1234警"},
	{"plate model", "最新GB18030标准、华为云A12345", "最新GB18030标准、华为云A12345"},
	{"plate phone model", "最新iPad2021", "最新iPad2021"},

	// cards
	{"card", "卡6222021234567890128", "卡[银行卡号]"},
	{"card blanks", "6222 0212 3456 7890 128", "[银行卡号]"},
	{"card full width", "６２２２０２１２３４５６７８９０１２８", "[银行卡号]"},
	{"card named", "银行卡号：6222021234567890120", "银行卡号：[银行卡号]"},
	{"card account", "汇到账户123456789012", "汇到账户[银行卡号]"},
	{"card visa", "4111 1111 1111 1111", "[银行卡号]"},
	{"card not luhn", "共6222021234567890121", "共6222021234567890121"},

	// accounts
	{"mail", "发zhang.san_1@example.com谢谢", "发[邮箱]谢谢"},
	{"mail full width", "ｚｈａｎｇ＠ｑｑ．ｃｏｍ", "[邮箱]"},
	{"mail blanks", "zhang @ qq.com", "[邮箱]"},
	{"mail at", "zhang(at)163.com", "[邮箱]"},
	{"mail hash", "12345#qq.com", "[邮箱]"},
	{"mail stop", "zhang@qq。com", "[邮箱]"},
	{"mail two", "a@b.cn、c@d.com.cn", "[邮箱]、[邮箱]"},
	{"qq", "QQ123456789", "QQ[QQ]"},
	{"qq colon", "qq：12345", "qq：[QQ]"},
	{"qq number", "QQ号码是 123456789", "QQ号码是 [QQ]"},
	{"qq group", "加QQ群：123456789", "加QQ群：[QQ]"},
	{"qq by-name", "扣扣123456", "扣扣[QQ]"},
	{"qq spaced", "QQ 123 456 789", "QQ [QQ]"},
	{"qq q", "加Q：123456789", "加Q：[QQ]"},
	{"wechat", "微信abc_123456", "微信[微信]"},
	{"wechat number", "微信号:zhangsan", "微信号:[微信]"},
	{"wechat digits", "微信：123456789", "微信：[微信]"},
	{"wechat vx", "vx：abc12345", "vx：[微信]"},
	{"wechat VX glued", "加VX123456789", "加VX[微信]"},
	{"wechat by-name", "加V信 abc12345", "加V信 [微信]"},
	{"wechat id", "wxid_ab12cd34ef", "[微信]"},
	{"wechat variant", "薇信号abc12345", "薇信号[微信]"},
	{"wechat english", "WeChat: lisi2020", "WeChat: [微信]"},
	{"wechat official", "微信公众号：qinghegongan", "微信公众号：qinghegongan"},
	{"wechat app", "打开微信APP、微信小程序", "打开微信APP、微信小程序"},
	{"passport", "护照E12345678", "护照[证件号]"},
	{"passport number", "护照号码：EA1234567", "护照号码：[证件号]"},
	{"permit", "港澳通行证C12345678", "港澳通行证[证件号]"},
	{"passport talk", "办护照20分钟", "办护照20分钟"},
	{"platform", "抖音号：dy_abc123", "抖音号：@用户"},

	// homes
	{"home", "家住翠柳小区3栋2单元501室", "家住[住址]"},
	{"home spaced", "翠柳小区3栋 2单元 501室", "[住址]"},
	{"home han digits", "住在翠柳小区三栋二单元五零一室", "住在[住址]"},
	{"home building", "家住翠柳花园12号楼1单元1203", "家住[住址]"},
	{"home dashes", "翠柳小区3-2-501", "[住址]"},
	{"home hash", "翠柳苑5#301", "[住址]"},
	{"home road", "住长柳路88号翠柳花园3幢501室", "住[住址]"},
	{"home lane", "云栖路12弄3号501室", "[住址]"},
	{"home street", "家住长柳街12号的王某", "家住[住址]的王某"},
	{"home village", "住青禾县柳树村3组12号", "住[住址]"},
	{"home traditional", "家住翠柳社區3棟2單元501室", "家住[住址]"},
	{"home full width", "翠柳小区３栋２单元５０１室", "[住址]"},
	{"home letter", "翠柳小区A座1203室", "[住址]"},
	{"office room", "行政服务中心3号楼205室", "行政服务中心3号楼205室"},
	{"office street", "地址：长柳路88号县公安局", "地址：长柳路88号县公安局"},
	{"scene", "翠柳小区3号楼起火", "翠柳小区3号楼起火"},
	{"scene road", "长柳路12号门前发生刮擦", "长柳路12号门前发生刮擦"},
	{"days", "6月1号至3号，2号线停运", "6月1号至3号，2号线停运"},

	// handles
	{"handle", "@爱喝茶的老王 你怎么看", "@用户 你怎么看"},
	{"handle chain", "说得对//@abc_12:转发//@老王:好", "说得对//@用户:转发//@用户:好"},
	{"handle full width", "＠爱喝茶，说说", "@用户，说说"},
	{"handle end", "求助@小明", "求助@用户"},
	{"handle mask", "@用户 你好", "@用户 你好"},
	{"handle office", "@青禾公安 管不管", "@青禾公安 管不管"},
	{"handle lone", "@ 你好", "@ 你好"},

	// what must stay
	{"amounts", "1380013.80元、1,250,000元、13800138000元、涉案1.3亿元", "1380013.80元、1,250,000元、13800138000元、涉案1.3亿元"},
	{"papers", "国办发〔2016〕61号、案号（2024）青01刑初123号", "国办发〔2016〕61号、案号（2024）青01刑初123号"},
	{"case", "案件编号A2101052024000123、立案编号20240101123456", "案件编号A2101052024000123、立案编号20240101123456"},
	{"order", "快递单号13800138000123", "快递单号13800138000123"},
	{"dates", "2024-01-02 13:14:15、20240102、2024.1.2", "2024-01-02 13:14:15、20240102、2024.1.2"},
	{"date then count", "2024-01-02 3456789人次", "2024-01-02 3456789人次"},
	{"counts", "阅读13800138次，13,800,138起", "阅读13800138次，13,800,138起"},
	{"link", "https://example.com/a/13900001234.html", "https://example.com/a/13900001234.html"},
	{"laws", "第42条第1款第5项、GB 11643-1999", "第42条第1款第5项、GB 11643-1999"},
	{"road", "G1京哈高速K382+500处、G1234次、京A区", "G1京哈高速K382+500处、G1234次、京A区"},
	{"version", "v10.13.2、192.168.1.1", "v10.13.2、192.168.1.1"},
	{"han words", "一五一十、三三两两、一二三四五", "一五一十、三三两两、一二三四五"},
	{"empty", "", ""},
	{"masked", "[电话][身份证号]电话[电话]，@用户", "[电话][身份证号]电话[电话]，@用户"},
}

func TestMask(t *testing.T) {
	for _, c := range maskCases {
		t.Run(c.name, func(t *testing.T) {
			got := analysis.Mask(c.in)
			if got != c.want {
				t.Errorf("Mask(%q)\n got %q\nwant %q", c.in, got, c.want)
			}
			if again := analysis.Mask(got); again != got {
				t.Errorf("masked again: %q", again)
			}
			folded, _ := analysis.Fold(c.in)
			want, _ := analysis.Fold(c.want)
			if got := analysis.Mask(folded); strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(want, " ", "") {
				t.Errorf("Mask of the folded text\n got %q\nwant %q", got, want)
			}
		})
	}
}
