package city

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The forum is built as a widespread kind of forum is: its ids and class names
// are the ones that a crawler meets in life. The names of those who write stand
// on its pages, as in life; a crawler has to leave them there.

const (
	threadsPerPage = 30
	repliesPerPage = 10
)

func (c *City) forumRoutes(m *http.ServeMux) {
	m.HandleFunc("GET /robots.txt", c.robots("User-agent: *\nDisallow: /home.php\nDisallow: /space-\n"))
	m.HandleFunc("GET /feed.json", c.show(c.jsonFeed))
	m.HandleFunc("GET /{$}", c.show(func(now time.Time, _ *http.Request) (doc, bool) { return c.threadList(now, 1) }))
	m.HandleFunc("GET /{file}", c.show(func(now time.Time, r *http.Request) (doc, bool) {
		file := r.PathValue("file")
		if strings.HasPrefix(file, "forum-") {
			return c.threadList(now, keyIn(file, "forum-2-"))
		}
		name, ok := strings.CutSuffix(file, "-1.html")
		if !ok {
			return doc{}, false
		}
		name, number, _ := strings.Cut(strings.TrimPrefix(name, "thread-"), "-")
		key, errKey := strconv.Atoi(name)
		n, errNumber := strconv.Atoi(number)
		if errKey != nil || errNumber != nil || file != strings.TrimPrefix(threadPath(key, n), "/") {
			return doc{}, false
		}
		return c.thread(now, key, n)
	}))
}

func threadPath(key, n int) string { return fmt.Sprintf("/thread-%d-%d-1.html", key, n) }

// postNumber is the id of the floor of a thread; the opening is floor 0.
func postNumber(key, floor int) int { return key*1000 + floor + 1 }

func (c *City) forumHead(b *strings.Builder, title string) {
	name := c.world.town.forum()
	fmt.Fprintf(b, "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>%s - %s</title></head><body>\n", esc(title), name)
	fmt.Fprintf(b, "<div id=\"hd\"><a href=\"/\">%s</a> <a href=\"/home.php?mod=register\">注册</a> <a href=\"/home.php?mod=login\">登录</a></div>\n<div id=\"pt\"><a href=\"/\">论坛</a> &rsaquo; <a href=\"/forum-2-1.html\">茶馆</a></div>\n", name)
}

// threadList shows the threads, the one with the newest reply first.
func (c *City) threadList(now time.Time, n int) (doc, bool) {
	all := byLast(c.world.recent(forumSite, now), now)
	part, more, ok := slice(all, n, threadsPerPage)
	if !ok {
		return doc{}, false
	}
	var b strings.Builder
	c.forumHead(&b, "茶馆")
	b.WriteString("<table id=\"threadlisttableid\">\n")
	for _, p := range part {
		fmt.Fprintf(&b, "<tbody id=\"normalthread_%d\"><tr><th class=\"common\"><a href=\"%s\" class=\"s xst\">%s</a></th>", p.key, threadPath(p.key, 1), esc(p.title))
		fmt.Fprintf(&b, "<td class=\"by\"><cite>%s</cite><em>%s</em></td><td class=\"num\">%d</td><td class=\"by\"><em>%s</em></td></tr></tbody>\n",
			profile(p.by), p.at.Format("2006-1-2 15:04"), p.seen(now), p.last(now).In(c.world.zone).Format("2006-1-2 15:04"))
	}
	b.WriteString("</table>\n<div class=\"pg\">")
	if n > 1 {
		fmt.Fprintf(&b, "<a href=\"/forum-2-%d.html\" class=\"prev\">上一页</a>", n-1)
	}
	fmt.Fprintf(&b, "<strong>%d</strong>", n)
	if more {
		fmt.Fprintf(&b, "<a href=\"/forum-2-%d.html\" class=\"nxt\">下一页</a>", n+1)
	}
	b.WriteString("</div>\n</body></html>\n")
	return doc{[]byte(b.String()), htmlKind, newest(part, now, c.world.begin)}, true
}

// profile links the invented page of an invented person. robots.txt forbids it
// and it does not exist.
func profile(name string) string {
	h := fnv.New32a()
	h.Write([]byte(name))
	return fmt.Sprintf("<a href=\"/space-uid-%d.html\" class=\"xi2\">%s</a>", h.Sum32()%90000+10000, esc(name))
}

func (c *City) thread(now time.Time, key, n int) (doc, bool) {
	p := c.world.find(forumSite, key, now)
	if p == nil {
		return doc{}, false
	}
	seen := p.seen(now)
	pages := max(1, (seen+repliesPerPage-1)/repliesPerPage)
	if n < 1 || n > pages {
		return doc{}, false
	}
	var b strings.Builder
	c.forumHead(&b, p.title)
	fmt.Fprintf(&b, "<h1 class=\"ts\"><span id=\"thread_subject\">%s</span></h1>\n", esc(p.title))
	pager(&b, key, n, pages)
	b.WriteString("<div id=\"postlist\">\n")
	last := p.at
	if n == 1 {
		post(&b, &p.text, key, 0)
	}
	for i := (n - 1) * repliesPerPage; i < min(n*repliesPerPage, seen); i++ {
		post(&b, &p.replies[i], key, i+1)
		last = p.replies[i].at
	}
	b.WriteString("</div>\n")
	pager(&b, key, n, pages)
	b.WriteString("<div id=\"f_pst\">您需要登录后才可以回帖</div>\n</body></html>\n")
	return doc{[]byte(b.String()), htmlKind, last}, true
}

func pager(b *strings.Builder, key, n, pages int) {
	if pages == 1 {
		return
	}
	b.WriteString("<div class=\"pg\">")
	for i := 1; i <= pages; i++ {
		if i == n {
			fmt.Fprintf(b, "<strong>%d</strong>", i)
		} else {
			fmt.Fprintf(b, "<a href=\"%s\">%d</a>", threadPath(key, i), i)
		}
	}
	if n < pages {
		fmt.Fprintf(b, "<a href=\"%s\" class=\"nxt\">下一页</a>", threadPath(key, n+1))
	}
	b.WriteString("</div>\n")
}

// post renders the opening (floor 0) or a reply.
func post(b *strings.Builder, t *text, key, floor int) {
	id := postNumber(key, floor)
	fmt.Fprintf(b, "<div id=\"post_%d\"><table id=\"pid%d\" class=\"plhin\"><tr><td class=\"pls\" rowspan=\"2\"><div class=\"authi\">%s</div><p class=\"xg1\">等级 Lv.%d 积分 %d</p></td>\n", id, id, profile(t.by), id%7+1, id%997)
	fmt.Fprintf(b, "<td class=\"plc\"><div class=\"pi\"><strong><a id=\"postnum%d\" href=\"#post_%d\"><em>%d</em>#</a></strong><div class=\"pti\"><em id=\"authorposton%d\">发表于 %s</em></div></div>\n",
		id, id, floor+1, id, t.at.Format("2006-01-02 15:04:05"))
	fmt.Fprintf(b, "<div class=\"t_fsz\"><table><tr><td class=\"t_f\" id=\"postmessage_%d\">", id)
	for i, p := range t.paras {
		if i > 0 {
			b.WriteString("<br>\n")
		}
		b.WriteString(esc(p))
	}
	b.WriteString("</td></tr></table></div></td></tr></table></div>\n")
}

// jsonFeed is the feed of the latest threads (JSON Feed 1.1).
func (c *City) jsonFeed(now time.Time, _ *http.Request) (doc, bool) {
	type item struct {
		ID        string `json:"id"`
		URL       string `json:"url"`
		Title     string `json:"title"`
		Content   string `json:"content_text"`
		Published string `json:"date_published"`
		Modified  string `json:"date_modified"`
	}
	all := c.world.recent(forumSite, now)
	all = all[:min(len(all), feedItems/2)]
	items := make([]item, 0, len(all))
	for _, p := range all {
		link := c.bases[forumSite] + threadPath(p.key, 1)
		items = append(items, item{link, link, p.title, p.body(), p.at.Format(time.RFC3339), p.last(now).In(c.world.zone).Format(time.RFC3339)})
	}
	body, err := json.Marshal(map[string]any{
		"version": "https://jsonfeed.org/version/1.1", "title": c.world.town.forum(), "language": "zh-CN",
		"home_page_url": c.bases[forumSite] + "/", "feed_url": c.bases[forumSite] + "/feed.json", "items": items,
	})
	return doc{body, "application/feed+json", newest(all, now, c.world.begin)}, err == nil
}
