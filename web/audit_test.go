package web_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"minsheng/store"
)

// What people looked for and looked at is written down, with or without a query.
func TestLooksAreRecorded(t *testing.T) {
	o := openOffice(t)
	s := o.seed()
	p := o.as(store.Press)
	p.get("/search")
	p.get(searchOf("topic", "服务态度", "attitude", "neg", "days", "7"))
	p.get(searchOf("q", "户籍 窗口", "cursor", "x"))
	p.get(fmt.Sprintf("/alerts/%d", s.Alert.Number))
	p.get("/posts/" + s.Angry[0])
	p.post("/logout", nil)
	admin := o.as(store.Admin)
	page := admin.get("/audit")
	page.has(t, "全部帖文", "服务态度 · 负面 · 近 7 天", ">户籍 窗口<", fmt.Sprintf("查看 <a href=\"/alerts/%d\">", s.Alert.Number), "查看 <a href=\"/posts/"+s.Angry[0], "退出登录")
	page.lacks(t, "cursor=")
	page.has(t, "帖文“户籍窗口这态度谁受得了”") // by its headline, while it is there
	o.must(o.store.DeletePost(t.Context(), s.Angry[0], "admin", "当事人请求"))
	admin.get("/audit").lacks(t, "户籍窗口这态度谁受得了")
	if searched := o.audited("searched"); len(searched) != 3 || searched[0].User != "林新闻" {
		t.Errorf("searches recorded: %+v", searched)
	}
	admin.post("/logout", nil)
	o.visitor().post("/logout", nil) // nobody signs out
	if n := len(o.audited("sign_out")); n != 2 {
		t.Errorf("%d people signed out, want 2", n)
	}
}

func TestAuditByKind(t *testing.T) {
	o := openOffice(t)
	s := o.seed()
	p := o.as(store.Admin)
	p.get("/posts/" + s.Angry[0])
	o.member("夜班甲", store.Press)
	o.visitor().post("/login", form("name", "夜班甲", "password", password))
	o.must(o.store.Act(t.Context(), s.Alert.Number, "taken", "夜班甲", ""))
	for kind, c := range map[string]struct{ has, lacks string }{
		"changes": {"接手", "查看 <a"}, "looks": {"查看 <a", "接手"}, "visits": {"127.0.0.1", "查看 <a"}, "nothing": {"没有这样的记录", "<table"},
	} {
		page := p.get("/audit?kind=" + kind)
		page.has(t, c.has)
		page.lacks(t, c.lacks)
	}
}

// The log leaves as a table with what the page shows, and that it left is in it.
func TestExportAudit(t *testing.T) {
	o := openOffice(t)
	o.seed()
	o.must(o.store.Audit(t.Context(), store.Entry{At: start, User: "林新闻", Verb: "searched", Object: searchOf("q", "=1+1")}))
	file := o.as(store.Admin).get("/audit.csv")
	file.status(t, http.StatusOK)
	if got := file.Header.Get("Content-Disposition"); got != `attachment; filename="minsheng-audit-20260311-1405.csv"` {
		t.Errorf("disposition = %q", got)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.Body, "\uFEFF"))).ReadAll()
	o.must(err)
	if got := strings.Join(rows[0], " "); got != "时间 谁 做了什么 对象 详情" {
		t.Errorf("first line %q", got)
	}
	if got := strings.Join(rows[1], "|"); got != "2026-03-11 14:05:00|admin|导出|操作记录|" {
		t.Errorf("second line %q", got)
	}
	found := false
	for _, row := range rows {
		found = found || row[1] == "林新闻" && row[2] == "检索" && row[3] == "'=1+1"
	}
	if !found {
		t.Errorf("the search is not in the table: %q", rows)
	}
}
