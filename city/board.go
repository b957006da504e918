package city

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The message board: what citizens ask of the offices, and the offices'
// answers.

const complaintsPerPage = 25

func (c *City) boardRoutes(m *http.ServeMux) {
	list := c.show(func(now time.Time, r *http.Request) (doc, bool) {
		n := 1
		if s := r.URL.Query().Get("page"); s != "" {
			n, _ = strconv.Atoi(s) // 0 is on no list
		}
		return c.complaints(now, n)
	})
	m.HandleFunc("GET /{$}", list)
	m.HandleFunc("GET /ask/list", list)
	m.HandleFunc("GET /robots.txt", c.robots("User-agent: *\nDisallow: /ask/submit\n"))
	m.HandleFunc("GET /ask/detail", c.show(func(now time.Time, r *http.Request) (doc, bool) {
		key, err := strconv.Atoi(r.URL.Query().Get("id"))
		if err != nil {
			return doc{}, false
		}
		p := c.world.find(boardSite, key, now)
		if p == nil {
			return doc{}, false
		}
		return c.complaint(p, now), true
	}))
}

// agency is the office that a complaint goes to.
func (c *City) agency(p *page) string {
	if p.police {
		return c.world.town.bureau()
	}
	return c.world.town.name + "城市管理服务中心"
}

func status(p *page, now time.Time) string {
	if p.seen(now) > 0 {
		return "已答复"
	}
	return "办理中"
}

func (c *City) boardHead(b *strings.Builder, title string) {
	name := c.world.town.board()
	fmt.Fprintf(b, "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>%s-%s</title></head><body>\n<div class=\"header\"><a href=\"/ask/list\">%s</a> <a href=\"/ask/submit\">我要留言</a></div>\n", esc(title), name, name)
}

func (c *City) complaints(now time.Time, n int) (doc, bool) {
	all := c.world.recent(boardSite, now)
	part, more, ok := slice(all, n, complaintsPerPage)
	if !ok {
		return doc{}, false
	}
	var b strings.Builder
	c.boardHead(&b, "留言列表")
	b.WriteString("<table class=\"list\"><tr><th>标题</th><th>受理单位</th><th>留言时间</th><th>状态</th></tr>\n")
	for _, p := range part {
		fmt.Fprintf(&b, "<tr><td><a href=\"%s\">%s</a></td><td>%s</td><td>%s</td><td>%s</td></tr>\n",
			p.path(c.world.zone), esc(p.title), c.agency(p), p.at.Format("2006-01-02 15:04"), status(p, now))
	}
	b.WriteString("</table>\n<div class=\"pager\">")
	if n > 1 {
		fmt.Fprintf(&b, "<a href=\"/ask/list?page=%d\">上一页</a> ", n-1)
	}
	if more {
		fmt.Fprintf(&b, "<a href=\"/ask/list?page=%d\">下一页</a>", n+1)
	}
	b.WriteString("</div>\n</body></html>\n")
	return doc{[]byte(b.String()), htmlKind, newest(all, now, c.world.begin)}, true
}

func (c *City) complaint(p *page, now time.Time) doc {
	var b strings.Builder
	c.boardHead(&b, p.title)
	fmt.Fprintf(&b, "<div class=\"ask\"><h1>%s</h1>\n<ul class=\"info\"><li>留言时间：%s</li><li>受理单位：%s</li><li>状态：%s</li><li>编号：%d</li></ul>\n<div class=\"ask-content\" id=\"ask\">\n",
		esc(p.title), p.at.In(c.world.zone).Format("2006-01-02 15:04:05"), c.agency(p), status(p, now), p.key)
	paragraphs(&b, p.paras, "<p>")
	b.WriteString("</div></div>\n")
	if p.seen(now) > 0 {
		a := &p.replies[0]
		fmt.Fprintf(&b, "<div class=\"answer\" id=\"answer\"><h2>办理答复</h2>\n<ul class=\"info\"><li>答复单位：%s</li><li>答复时间：<span class=\"time\">%s</span></li></ul>\n<div class=\"answer-content\">\n",
			c.agency(p), a.at.In(c.world.zone).Format("2006-01-02 15:04:05"))
		paragraphs(&b, a.paras, "<p>")
		b.WriteString("</div></div>\n")
	}
	b.WriteString("</body></html>\n")
	return doc{[]byte(b.String()), htmlKind, p.last(now)}
}
