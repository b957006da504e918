package city

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Paper B writes traditional script, and wraps its articles in what real pages
// wrap theirs in: a crawler that keeps any of it has not read the article.

const paperBNav = `<div class="nav"><ul><li><a href="/">首頁</a></li><li><a href="/">即時</a></li><li><a href="/">社會</a></li><li><a href="/">財經</a></li><li><a href="/">副刊</a></li><li><a href="/">電子報</a></li></ul>
<form action="/search"><input name="q" placeholder="搜尋新聞"></form></div>
`

const paperBAd = `<div class="ad-box" id="ad_728x90"><a href="/ad/1" rel="nofollow">【廣告】換季好物三件七折，點我領券 &gt;&gt;</a></div>
`

const paperBShare = `<div class="share">分享到：<a href="#">微博</a> <a href="#">朋友圈</a> <a href="#">空間</a> | <a href="#">列印</a> | <a href="#">收藏</a> | 字級：<a href="#">大</a> <a href="#">中</a> <a href="#">小</a></div>
`

const paperBEnd = `<div class="disclaimer">免責聲明：本文僅代表作者個人觀點，與本網無關。文中陳述及圖片未經本站證實，請讀者僅作參考，並自行核實相關內容。</div>
<div class="tool">【關閉視窗】【返回頂部】 本文評論</div>
`

func (c *City) paperBHead(b *strings.Builder, title string) {
	fmt.Fprintf(b, "<!DOCTYPE html>\n<html lang=\"zh-Hant\"><head><meta charset=\"utf-8\"><title>%s - %s</title><script>var page={id:1,hits:\"\"};</script></head><body>\n",
		esc(title), c.world.script.Replace(c.world.town.paperB))
	b.WriteString(paperBNav)
}

func (c *City) paperBFront(now time.Time, _ *http.Request) (doc, bool) {
	all := c.world.recent(paperB, now)
	all = all[:min(len(all), 40)]
	var b strings.Builder
	c.paperBHead(&b, "首頁")
	b.WriteString(paperBAd + "<ul class=\"newslist\">\n")
	for _, p := range all {
		fmt.Fprintf(&b, "<li><a href=\"%s\">%s</a></li>\n", p.path(c.world.zone), esc(p.title))
	}
	b.WriteString("</ul></body></html>\n")
	return doc{[]byte(b.String()), htmlKind, newest(all, now, c.world.begin)}, true
}

func (c *City) paperBArticle(p *page, _ time.Time) doc {
	at := p.at.In(c.world.zone)
	name := c.world.script.Replace(c.world.town.paperB)
	var b strings.Builder
	c.paperBHead(&b, p.title)
	fmt.Fprintf(&b, "<div class=\"crumb\">您的位置：<a href=\"/\">首頁</a> &gt; <a href=\"/\">社會</a> &gt; 正文</div>\n%s", paperBAd)
	fmt.Fprintf(&b, "<div class=\"main\"><h1 class=\"title\">%s</h1>\n", esc(p.title))
	fmt.Fprintf(&b, "<div class=\"info\">%s　來源：%s　編輯：值班　閱讀：<span id=\"hits\"></span>次</div>\n%s", at.Format("2006年01月02日 15:04"), c.world.script.Replace(p.origin), paperBShare)
	b.WriteString("<div class=\"content\">\n")
	paragraphs(&b, p.paras, "<p>　　")
	b.WriteString("</div>\n" + paperBShare + paperBEnd)
	b.WriteString("<div class=\"related\"><h3>相關閱讀</h3><ul>\n")
	for _, q := range c.before(p, 5) {
		fmt.Fprintf(&b, "<li><a href=\"%s\">%s</a></li>\n", q.path(c.world.zone), esc(q.title))
	}
	fmt.Fprintf(&b, "</ul></div>\n<div class=\"foot\">關於我們 | 廣告服務 | 聯絡方式 | %s 版權所有</div>\n</body></html>\n", name)
	return doc{[]byte(b.String()), htmlKind, p.at}
}

// before gives up to n articles that appeared on the same site before p: what
// stands beside an article does not change when it is asked for again.
func (c *City) before(p *page, n int) []*page {
	var out []*page
	for _, q := range c.world.recent(p.site, p.at) {
		if q != p && len(out) < n {
			out = append(out, q)
		}
	}
	return out
}
