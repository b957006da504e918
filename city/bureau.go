package city

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// The bureau's site is old: its bytes are GBK whatever its headers say.

const bureauList = 20

func (c *City) bureauRoutes(m *http.ServeMux) {
	m.HandleFunc("GET /{$}", c.show(func(now time.Time, _ *http.Request) (doc, bool) { return c.bureauIndex(now, 1) }))
	m.HandleFunc("GET /robots.txt", c.robots("User-agent: *\nDisallow: /admin/\n"))
	m.HandleFunc("GET /tzgg/{file}", c.show(func(now time.Time, r *http.Request) (doc, bool) {
		file := r.PathValue("file")
		if file == "index.html" || file == "" {
			return c.bureauIndex(now, 1)
		}
		return c.bureauIndex(now, keyIn(file, "index_"))
	}))
	m.HandleFunc("GET /tzgg/{month}/{file}", c.show(func(now time.Time, r *http.Request) (doc, bool) {
		_, number, _ := strings.Cut(r.PathValue("file"), "_")
		p := c.world.find(bureauSite, keyIn(number, ""), now)
		if p == nil || p.path(c.world.zone) != r.URL.Path {
			return doc{}, false
		}
		return c.bureauArticle(p), true
	}))
}

// gbk encodes a page; what GBK cannot say becomes a character reference, as
// old editors do.
func gbk(s string) []byte {
	out, err := encoding.HTMLEscapeUnsupported(simplifiedchinese.GBK.NewEncoder()).Bytes([]byte(s))
	if err != nil {
		return []byte(s) // cannot happen: the encoder replaces what it cannot encode
	}
	return out
}

// head of the bureau's pages. The meta element names no charset on articles.
func (c *City) bureauHead(b *strings.Builder, title, meta string) {
	name := c.world.town.bureau()
	fmt.Fprintf(b, "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\">\n<html><head>%s<title>%s_%s</title></head>\n<body>\n", meta, esc(title), name)
	fmt.Fprintf(b, "<div class=\"top\"><h2>%s</h2><ul class=\"nav\"><li><a href=\"/\">首页</a></li><li><a href=\"/tzgg/index.html\">通知公告</a></li></ul></div>\n", name)
}

func (c *City) bureauIndex(now time.Time, n int) (doc, bool) {
	all := c.world.recent(bureauSite, now)
	part, more, ok := slice(all, n, bureauList)
	if !ok {
		return doc{}, false
	}
	var b strings.Builder
	c.bureauHead(&b, "通知公告", `<meta http-equiv="Content-Type" content="text/html; charset=gb2312" />`)
	b.WriteString("<div class=\"position\">当前位置：首页 &gt; 通知公告</div>\n<ul class=\"list\">\n")
	for _, p := range part {
		fmt.Fprintf(&b, "<li><a href=\"%s\" target=\"_blank\">%s</a><span>%s</span></li>\n", p.path(c.world.zone), esc(p.title), p.at.Format("2006-01-02"))
	}
	b.WriteString("</ul>\n<div class=\"page\">")
	if n > 1 {
		fmt.Fprintf(&b, "<a href=\"%s\">上一页</a> ", bureauPage(n-1))
	}
	fmt.Fprintf(&b, "第%d页 ", n)
	if more {
		fmt.Fprintf(&b, "<a href=\"%s\">下一页</a>", bureauPage(n+1))
	}
	b.WriteString("</div>\n</body></html>\n")
	return doc{gbk(b.String()), "text/html", newest(all, now, c.world.begin)}, true
}

func bureauPage(n int) string {
	if n == 1 {
		return "/tzgg/index.html"
	}
	return fmt.Sprintf("/tzgg/index_%d.html", n)
}

func (c *City) bureauArticle(p *page) doc {
	var b strings.Builder
	c.bureauHead(&b, p.title, "")
	fmt.Fprintf(&b, "<div class=\"position\">当前位置：<a href=\"/\">首页</a> &gt; <a href=\"/tzgg/index.html\">通知公告</a> &gt; 正文</div>\n")
	fmt.Fprintf(&b, "<div class=\"content\"><h1>%s</h1>\n<div class=\"info\">发布时间：%s　来源：%s　字号：大 中 小</div>\n<div id=\"zoom\">\n",
		esc(p.title), p.at.In(c.world.zone).Format("2006-01-02 15:04:05"), c.world.town.bureau())
	paragraphs(&b, p.paras, "<p style=\"text-indent:2em\">")
	b.WriteString("</div>\n<div class=\"close\">【打印本页】【关闭窗口】</div></div>\n<div class=\"foot\">主办：" + c.world.town.bureau() + "　版权所有</div>\n</body></html>\n")
	return doc{gbk(b.String()), htmlKind, p.at} // the wrong charset, as such sites have it
}
