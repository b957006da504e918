package analysis_test

import (
	"testing"

	"minsheng/analysis"
)

// Who wrote an article is not kept; whom it is about stays.
func TestCleanTakesOutBylines(t *testing.T) {
	const body = "11月2日，柳川市公安局通报一起案件，民警连夜侦破，群众送来锦旗。"
	for in, want := range map[string]string{
		"本报讯（记者 赵某某 通讯员 钱某某）" + body:     "本报讯" + body,
		"新华社柳川11月2日电（记者孙某某、李某某）" + body:  "新华社柳川11月2日电" + body,
		body + "（柳川日报全媒体记者 周明 文/图）":      body,
		body + "（见习记者 吴芳 实习生 郑某）":        body,
		"本報訊（記者陳某）" + body:               "本報訊" + body,
		body + "\n（责任编辑：王某）":             body,
		body + "\n作者：西街观察":               body,
		body + "\n文/老街的猫":                body,
		"本报记者 赵某某\n" + body:              body,
		"柳川晚报记者 赵明 通讯员 钱亮 摄影报道\n" + body: body,
		"本报讯 记者赵某某 通讯员钱某报道：" + body:      "本报讯 " + body,
		"记者欧阳某某 编辑 王某\n" + body:          body,
		"记者从柳川市公安局获悉，" + body:            "记者从柳川市公安局获悉，" + body,
		body + "（记者采访获悉）":                body + "（记者采访获悉）",
		body + "（记者注：数据截至10月）":           body + "（记者注：数据截至10月）",
		"民警王某（男，32岁）把老人送回家。" + body:      "民警王某（男，32岁）把老人送回家。" + body,
		"嫌疑人李某（又名李小某）冒充记者张某行骗，已被抓获。":     "嫌疑人李某（又名李小某）冒充记者张某行骗，已被抓获。",
		"记者王某被打一事，柳川警方通报如下：" + body:      "记者王某被打一事，柳川警方通报如下：" + body,
		"作者：王某":                        "作者：王某",
		"屏幕清楚（外观/内饰）都好":                "屏幕清楚（外观/内饰）都好",
		body + "（文/王某 图/李某）":           body,
		body + "（编辑，作者都来了）":            body + "（编辑，作者都来了）",
		"一般用途（文档编辑、上网等）都够。":            "一般用途（文档编辑、上网等）都够。",
		body + "（柳广记者李某）":              body,
		"群众 记者\n" + body:               "群众 记者\n" + body,
		"□ 本报记者 葛某某\n" + body:          body,
		"《街谈》作者 周某\n" + body:           body,
		"柳川网西河频道 记者 伊某 李某某\n" + body:   body,
		"《街谈》记者会上的白衣民警\n" + body:       "《街谈》记者会上的白衣民警\n" + body,
		"图/文并茂的宣传册":                    "图/文并茂的宣传册",
		"摄影展上，民警介绍防骗知识（图1）。" + body:    "摄影展上，民警介绍防骗知识（图1）。" + body,
		"编辑部收到群众来信，反映派出所门难进。\n请派出所答复。": "编辑部收到群众来信，反映派出所门难进。\n请派出所答复。",
		"记者调查\n" + body:                "记者调查\n" + body,
		"记者追问：报警三小时无人来\n" + body:       "记者追问：报警三小时无人来\n" + body,
		"通讯员培训班开班\n" + body:            "通讯员培训班开班\n" + body,
		"记者节快乐\n" + body:               "记者节快乐\n" + body,
	} {
		got, cut, _ := analysis.Clean(in)
		if got != want {
			t.Errorf("%q became\n%q, want\n%q", in, got, want)
		}
		if (cut["byline"] > 0) != (got != in) && cut["meta_row"] == 0 {
			t.Errorf("%q: cut %v", in, cut)
		}
	}
}
