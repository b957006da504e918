package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"minsheng/opinion"
	"minsheng/store"
	"minsheng/web"
)

func TestAlertsBeforeAnythingHappened(t *testing.T) {
	o := openOffice(t)
	page := o.as(store.Press).get("/")
	page.status(t, http.StatusOK)
	page.has(t, "现在没有待处置的预警", "还没有结束的预警", "通道还没有送达过消息", "还没有来源，什么也读不到")
	page.lacks(t, "接手", "还没有通道")
	mute := openOffice(t, func(options *web.Options) { options.Channels = nil })
	mute.as(store.Press).get("/").has(t, "还没有通道，预警只在本页显示")
}

func TestAlertsList(t *testing.T) {
	o := openOffice(t)
	s := o.seed()
	page := o.as(store.Press).get("/alerts")
	page.status(t, http.StatusOK)
	page.has(t, "1 件待处置", "紧急", "户籍窗口态度", "13:55（10 分钟前）", "负面 14 条，平时约 2 条", "负面占 78 %（平时 14 %）",
		"爱答不理 ×4", fmt.Sprintf(`action="/alerts/%d"`, s.Alert.Number), "接手", "来源 2 个正常", "1 个需要看看：柳川留言板", "1 条没有送到", "夜市限流引发抱怨", "已办结")
	if open, ended := strings.Index(page.Body, "户籍窗口态度"), strings.Index(page.Body, "夜市限流引发抱怨"); open > ended {
		t.Error("what is over stands before what is open")
	}
}

// The most urgent stands first, whatever came last, and what is over pages.
func TestAlertsOrder(t *testing.T) {
	o := openOffice(t)
	for i := range 25 {
		p := postOf(i, forum, opinion.Forum, start, fmt.Sprintf("第%d件", i), fmt.Sprintf("民警态度恶劣，号码%d，第%d次。", i*7919, i))
		o.accept(p)
		level := opinion.Notice
		if i == 1 {
			level = opinion.Urgent
		}
		a := o.raise(fmt.Sprintf("事情%02d", i), p.ID, level, start, nil)
		if i >= 3 {
			o.must(o.store.Act(t.Context(), a.Number, "closed", "林新闻", ""))
		}
	}
	p := o.as(store.Press)
	page := p.get("/alerts")
	if first, second := strings.Index(page.Body, "事情01"), strings.Index(page.Body, "事情02"); first < 0 || first > second {
		t.Errorf("the urgent alert stands at %d, a later lesser one at %d", first, second)
	}
	page.has(t, "更早的预警", "事情24", "事情05")
	page.lacks(t, "事情04")
	later := p.get("/alerts?before=6")
	later.has(t, "事情04", "事情03")
	later.lacks(t, "事情05", "事情02", "更早的预警")
	p.get("/alerts?before=x").status(t, http.StatusNotFound)
}

func TestAlertPage(t *testing.T) {
	o := openOffice(t)
	s := o.seed()
	page := o.as(store.Press).get(fmt.Sprintf("/alerts/%d", s.Alert.Number))
	page.status(t, http.StatusOK)
	page.has(t,
		"【紧急】户籍窗口态度 负面突增（第 2 号）", "负面 14 条，平时约 2 条，是平时的 7.8 倍", "来自 2 个来源、14 个不同的声音、4 种不同说法", "时段 12:55–13:55；专题：服务态度、窗口服务",
		"请先核实事实", "<desc", "预警 13:55", `class="usual"`, "用表格看这些数", "13:30",
		`href="https://town.example/100" rel="noreferrer noopener nofollow external"`, "爱答不理", "−0.8",
		"值班群", "已送达", "200 ok", "平台", "没有送到", "403 signature refused", "民声</strong> 发出预警",
	)
	page.lacks(t, "javascript:")
	o.as(store.Press).get("/alerts/99").status(t, http.StatusNotFound)
	o.as(store.Press).get("/alerts/x").status(t, http.StatusNotFound)
}

func TestWorkOnAlert(t *testing.T) {
	o := openOffice(t)
	s := o.seed()
	path := fmt.Sprintf("/alerts/%d", s.Alert.Number)
	press, analyst := o.as(store.Press), o.as(store.Analyst)

	if got := press.post(path, form("verb", "taken")); got.Status != http.StatusSeeOther || got.To != path {
		t.Fatalf("taking it: status %d to %q", got.Status, got.To)
	}
	press.get(path).has(t, "林新闻 已接手")
	press.get("/").has(t, "处置中", "林新闻 已接手")

	late := analyst.post(path, form("verb", "taken", "text", "我来"))
	late.status(t, http.StatusConflict)
	late.has(t, "林新闻 已在 03-11 14:05 接手", "我来")

	empty := press.post(path, form("verb", "note", "text", "  "))
	empty.status(t, http.StatusUnprocessableEntity)
	empty.has(t, "备注是空的")
	long := press.post(path, form("verb", "note", "text", strings.Repeat("长", 2001)))
	long.status(t, http.StatusUnprocessableEntity)
	long.has(t, "超过 2,000 字", strings.Repeat("长", 2001))
	analyst.post(path, form("verb", "note", "text", "已调<录像>")).status(t, http.StatusSeeOther)
	press.get(path).has(t, "已调&lt;录像&gt;", "周研判")

	press.post(path, form("verb", "false")).has(t, "请写明为什么是误报")
	press.post(path, form("verb", "false", "text", "只是转发旧闻")).status(t, http.StatusSeeOther)
	press.get(path).has(t, "误报", "只是转发旧闻", "重新打开")
	over := press.post(path, form("verb", "taken"))
	over.status(t, http.StatusConflict)
	over.has(t, "已经结束")
	press.post(path, form("verb", "reopened")).status(t, http.StatusSeeOther)
	press.post(path, form("verb", "closed", "text", "")).status(t, http.StatusSeeOther)
	press.get(path).has(t, "已办结")

	unknown := press.post(path, form("verb", "deleted"))
	unknown.status(t, http.StatusUnprocessableEntity)
	unknown.has(t, "不认识这个操作")
	press.post("/alerts/99", form("verb", "taken")).status(t, http.StatusNotFound)
}
