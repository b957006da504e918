package main

import (
	"encoding/json"
	"strings"
	"testing"
)

const explained = `<html><head><title>窗口延时服务公告_清河新闻网</title><meta property="og:title" content="窗口延时服务公告"><meta name="pubdate" content="2026-11-20"></head>
<body><h1>窗口延时服务公告</h1><p>2026-11-20 09:15 来源：清河日报</p>
<div><p>办证窗口自下周一起延时两小时，工作日开放至晚七时，市民可通过服务热线预约。</p><p>延时服务试行三个月，期间将听取意见并公布受理情况，节假日安排另行通知。</p></div></body></html>`

// What was weighed is printed for a person: each candidate with score, place
// and reason, the chosen ones marked; without -explain it stays out of the JSON.
func TestExtractExplains(t *testing.T) {
	folder := put(t, "page.html", explained, "login.html", `<title>登录</title><form>用户登录<input type="password"></form>`)
	r := minsheng(t, folder, "", "extract", "-explain", "page.html", "login.html")
	r.want(t, 0, []string{
		"标题 · title", "发布时间 · time of publication", "来源 · source", "正文 · body",
		"窗口延时服务公告", "OpenGraph", "og:title",
		"2026-11-20T09:15:00+08:00", "pubdate", "清河日报",
		"这是文章。 · This is an article.", "不是文章： · This is no article:",
	})
	chosen := 0
	for line := range strings.Lines(r.out) {
		if strings.HasPrefix(line, "    ✓") {
			chosen++
		}
		if strings.Contains(line, "weigh.") {
			t.Errorf("a code and no sentence: %s", line)
		}
	}
	if chosen < 4 {
		t.Errorf("%d candidates are marked as chosen, want one each for title, time, source and body:\n%s", chosen, r.out)
	}
	plain := minsheng(t, folder, "", "extract", "page.html")
	var o map[string]any
	if err := json.Unmarshal([]byte(plain.out), &o); err != nil || o["explain"] != nil || o["title"] != "窗口延时服务公告" {
		t.Errorf("without -explain: %s, %v, want one line of JSON with the title alone", plain.out, err)
	}
}
