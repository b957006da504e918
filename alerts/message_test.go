package alerts_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"minsheng/alerts"
	"minsheng/alerts/alertstest"
	"minsheng/i18n"
	"minsheng/opinion"
)

func TestPlain(t *testing.T) {
	for lang, want := range map[i18n.Lang]string{
		i18n.Chinese: `【预警】办证窗口的一段视频 负面突增（第 7 号）
负面 48 条，平时约 3 条，是平时的 15.0 倍
负面占 79 %（平时 11 %），同期共 61 条
来自 3 个来源、40 个不同的声音、22 种不同说法
时段 13:35–14:35；专题：服务窗口
起作用的词：冷着脸 ×17、推来推去 ×9
· 第0位：排到跟前说下班了 <b>&amp; *真*</b>（论坛 · 14:35）http://forum.example/t/0?a=1&b=2
· 第1位：排到跟前说下班了 <b>&amp; *真*</b>（论坛 · 14:34）http://forum.example/t/1?a=1&b=2
· 第2位：排到跟前说下班了 <b>&amp; *真*</b>（论坛 · 14:33）http://forum.example/t/2?a=1&b=2
https://minsheng.example/alerts/7`,
		i18n.English: `[Warning] 办证窗口的一段视频: negative posts rising (no. 7)
48 negative posts, usually about 3, 15.0 times the usual
negative share 79 % (usually 11 %) of 61 posts
from 3 sources, 40 voices, 22 different texts
between 13:35 and 14:35; topics: 服务窗口
words that weighed: 冷着脸 ×17、推来推去 ×9
· 第0位：排到跟前说下班了 <b>&amp; *真*</b>（论坛 · 14:35）http://forum.example/t/0?a=1&b=2
· 第1位：排到跟前说下班了 <b>&amp; *真*</b>（论坛 · 14:34）http://forum.example/t/1?a=1&b=2
· 第2位：排到跟前说下班了 <b>&amp; *真*</b>（论坛 · 14:33）http://forum.example/t/2?a=1&b=2
https://minsheng.example/alerts/7`,
	} {
		if diff := cmp.Diff(want, alertstest.Message(lang).Plain()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", lang, diff)
		}
	}
}

// What is not known is not said: no voices, no words, no page, an expectation
// below one.
func TestPlainLeavesOutWhatIsUnknown(t *testing.T) {
	m := alertstest.Message(i18n.Chinese)
	m.Rise.Voices, m.Rise.Expected, m.Words, m.Examples, m.Link = 0, 0.2, nil, nil, ""
	want := `【预警】办证窗口的一段视频 负面突增（第 7 号）
负面 48 条，平时不足 1 条，是平时的 48 倍以上
负面占 79 %（平时 11 %），同期共 61 条
来自 3 个来源、22 种不同说法
时段 13:35–14:35；专题：服务窗口`
	if diff := cmp.Diff(want, m.Plain()); diff != "" {
		t.Errorf("message (-want +got):\n%s", diff)
	}
}

// A time of another day than the alert's says its day, in the office's zone.
func TestTimesOfAnotherDay(t *testing.T) {
	m := alerts.Message{Lang: i18n.Chinese, Zone: zone, Alert: opinion.Alert{
		Raised: time.Date(2026, 3, 4, 0, 10, 0, 0, zone), Topics: []string{"执法"},
		Rise: opinion.Rise{Start: time.Date(2026, 3, 3, 23, 25, 0, 0, zone), End: time.Date(2026, 3, 4, 0, 10, 0, 0, zone)},
	}}
	if got, want := m.Why()[3], "时段 03-03 23:25–00:10；专题：执法"; got != want {
		t.Errorf("window = %q, want %q", got, want)
	}
	m.Zone = nil
	if got, want := m.Why()[3], "时段 15:25–16:10；专题：执法"; got != want {
		t.Errorf("window without a zone = %q, want %q in UTC", got, want)
	}
}

func TestTestMessageSaysSo(t *testing.T) {
	for lang, want := range map[i18n.Lang]string{i18n.Chinese: "测试", i18n.English: "Test"} {
		m := alerts.Message{Test: true, Office: "某局新闻办（虚构）", Lang: lang}
		if got := m.Plain(); !strings.Contains(got, want) || !strings.Contains(got, m.Office) || m.Action() != "" {
			t.Errorf("test message = %q with the action %q, want one that says %s and asks for nothing", got, m.Action(), want)
		}
	}
	if alertstest.Message(i18n.Chinese).Action() == "" {
		t.Error("an alert does not say what to do now")
	}
}
