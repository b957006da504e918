package analysis_test

import (
	"strings"
	"testing"

	"minsheng/analysis"
	"minsheng/opinion"
)

// benchTexts are of 500 characters each, in the manner of posts and reports.
func benchTexts() []string {
	parts := []string{
		"昨天上午去云桥派出所户籍窗口给孩子办理落户，排了一个多小时的队，窗口的工作人员一直在和旁边的人聊天，问她需要什么材料也不抬头，",
		"后来又说材料不全要回去补，可是电话里明明说带户口本和出生证明就可以。旁边的大爷也说他跑了三趟，每次说法都不一样，",
		"记者从市公安局获悉，近日当地警方成功破获一起跨省电信网络诈骗案，抓获犯罪嫌疑人十二名，涉案金额达三百余万元，案件正在进一步侦办。",
		"昨晚下大雨，路口积水很深，交警一直站在水里帮大家推车，浑身都湿透了，真的很辛苦，给他们点赞。希望大家开车慢一点，注意安全。",
		"小区楼下的烧烤摊每天营业到凌晨两点，油烟和噪音让人没法休息，物业说管不了，打电话投诉也只是登记一下就没有下文了。",
	}
	var texts []string
	for i := range parts {
		var b strings.Builder
		for k := 0; len([]rune(b.String())) < 500; k++ {
			b.WriteString(parts[(i+k*(i+1))%len(parts)])
		}
		texts = append(texts, string([]rune(b.String())[:500]))
	}
	return texts
}

// BenchmarkAnalyse and BenchmarkCut belong together: what Analyse takes beyond
// Cut is the cost of judging.
func BenchmarkAnalyse(b *testing.B) {
	texts := benchTexts()
	a := shared()
	a.Analyse(analysis.Input{Text: texts[0]})
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		a.Analyse(analysis.Input{Text: texts[n%len(texts)], Kind: opinion.Social})
		n++
	}
}

func BenchmarkCut(b *testing.B) {
	texts := benchTexts()
	seg := words()
	seg.Cut(texts[0])
	for i, text := range texts {
		texts[i], _ = analysis.Fold(text)
	}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		seg.Cut(texts[n%len(texts)])
		n++
	}
}
