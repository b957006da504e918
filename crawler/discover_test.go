package crawler_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"minsheng/crawler"
	"minsheng/opinion"
)

const discoverArticle = `<html><head><title>关于夏季治安巡查的通告</title></head><body><h1>关于夏季治安巡查的通告</h1><p>2026-01-14 11:00</p>
<div class="content"><p>为了进一步加强夏季社会治安管理，民警将在辖区内开展为期一个月的夜间巡查工作，请广大市民予以配合。</p>
<p>巡查期间如遇到困难或者发现可疑情况，可以到就近的窗口反映，值班人员会及时处理并答复。</p></div></body></html>`

const discoverThread = `<html><head><title>说说办事的经历 - 市民论坛</title></head><body><h1>说说办事的经历</h1>
<div id="post_1" class="post"><div class="authi"><a href="/u/1" class="xw1">甲</a> <em id="authorposton1">发表于 2026-1-14 09:00:00</em></div><table><tr><td class="t_f" id="postmessage_1">今天去窗口办证，排队的人很多，等了两个小时。</td></tr></table></div>
<div id="post_2" class="post"><div class="authi"><a href="/u/2" class="xw1">乙</a> <em id="authorposton2">发表于 2026-1-14 09:30:00</em></div><table><tr><td class="t_f" id="postmessage_2">我昨天也去了，上午人少一些，建议早点去。</td></tr></table></div></body></html>`

// discoverSite serves the given paths; what they begin with "@" stands for one
// of the pages above.
func discoverSite(t *testing.T, pages map[string]string) *fetchSite {
	return newFetchSite(t, func(w http.ResponseWriter, r *http.Request) {
		body, ok := pages[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		body = strings.NewReplacer("@article", discoverArticle, "@thread", discoverThread, "@host", "http://"+r.Host).Replace(body)
		w.Header().Set("Content-Type", "text/html; charset=utf-8") // whatever it is
		fmt.Fprint(w, body)
	})
}

func TestDiscover(t *testing.T) {
	const (
		list  = `<html><head><title>新闻中心</title></head><body><ul><li><a href="/a/20260101.html">关于夏季治安巡查的通告发布</a> <span>2026-01-13</span></li><li><a href="/a/20260102.html">办事大厅调整办公时间的公告</a></li></ul></body></html>`
		feed  = `<rss version="2.0"><channel><title>示例日报</title><item><title>通告</title><link>@host/a/1.html</link><pubDate>Wed, 14 Jan 2026 11:00:00 +0800</pubDate></item></channel></rss>`
		sheet = `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>@host/a/1.html</loc></url></urlset>`
		index = `<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>@host/m1.xml</loc></sitemap></sitemapindex>`
	)
	home := strings.Replace(list, "</head>", `<link rel="alternate" type="application/rss+xml" title="评论 feed" href="/c.xml"><link rel="alternate" type="application/atom+xml" href="/rss.xml"></head>`, 1)
	for _, c := range []struct {
		name, path string
		pages      map[string]string
		want       string // form, class, path, number of items, samples read
	}{
		{"a feed", "/rss.xml", map[string]string{"/rss.xml": feed, "/a/1.html": "@article"}, "feed media /rss.xml 1 1"},
		{"a sitemap", "/map.xml", map[string]string{"/map.xml": sheet, "/a/1.html": "@article"}, "sitemap media /map.xml 1 1"},
		{"an index of sitemaps", "/map.xml", map[string]string{"/map.xml": index, "/m1.xml": sheet}, "sitemap media /map.xml 1 0"},
		{"a home page that names a feed", "/", map[string]string{"/": home, "/rss.xml": feed, "/a/1.html": "@article"}, "feed media /rss.xml 1 1"},
		{"a home page whose feed is gone", "/", map[string]string{"/": home, "/a/20260101.html": "@article", "/a/20260102.html": "@article"}, "list media / 2 2"},
		{"a home page whose feed is empty", "/", map[string]string{"/": home, "/rss.xml": `<rss version="2.0"><channel><title>空</title></channel></rss>`, "/a/20260101.html": "@article"}, "list media / 2 1"},
		{"a link that says RSS", "/", map[string]string{"/": strings.Replace(list, "</ul>", `</ul><a href="/rss.xml">RSS 订阅</a>`, 1), "/rss.xml": feed, "/a/1.html": "@article"}, "feed media /rss.xml 1 1"},
		{"a column", "/", map[string]string{"/": list, "/a/20260101.html": "@article", "/a/20260102.html": "@article"}, "list media / 2 2"},
		{"a forum", "/", map[string]string{"/": list, "/a/20260101.html": "@thread", "/a/20260102.html": "@thread"}, "list forum / 2 2"},
		{"a thread", "/t", map[string]string{"/t": "@thread"}, "page forum /t 0 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			site := discoverSite(t, c.pages)
			f := newFetcher(t, crawler.Options{Now: discoverNow(t)})
			d, err := crawler.Discover(t.Context(), f, site.URL+c.path, true, time.UTC)
			if err != nil {
				t.Fatal(err)
			}
			read := 0
			for _, s := range d.Samples {
				if s.Fault == nil {
					read++
				}
			}
			got := fmt.Sprintf("%s %s %s %d %d", d.Best.Form, d.Best.Class, strings.TrimPrefix(d.Best.URL, site.URL), d.Best.Count, read)
			if diff := cmp.Diff(got, c.want); diff != "" {
				t.Errorf("found (-got +want):\n%s%+v", diff, d)
			}
		})
	}
}

// discoverNow is a clock that runs, so that pauses end, and a hundred times as
// fast as life.
func discoverNow(t *testing.T) func() time.Time {
	t.Helper()
	begin := time.Now()
	return func() time.Time { return begin.Add(100 * time.Since(begin)) }
}

// An address that gives nothing is a fault with a reason, and not a source.
func TestDiscoverRefuses(t *testing.T) {
	site := discoverSite(t, map[string]string{
		"/empty": "<html><body><p>欢迎</p></body></html>",
		"/login": `<html><head><title>用户登录</title></head><body><form action="/login" method="post"><input name="user"><input type="password" name="password"><button>登录</button></form></body></html>`,
	})
	f := newFetcher(t, crawler.Options{Now: discoverNow(t)})
	for path, code := range map[string]string{"/empty": "read.list_none", "/login": "read.list_none", "/gone": "fetch.gone"} {
		_, err := crawler.Discover(t.Context(), f, site.URL+path, true, time.UTC)
		wantFault(t, err, code)
	}
	if _, err := crawler.Discover(t.Context(), f, site.URL+"/empty", false, time.UTC); err == nil {
		t.Error("a private address was looked at without leave")
	}
}

// What it finds it finds without hurry: robots.txt is obeyed, and a site is
// asked for a handful of addresses.
func TestDiscoverIsPolite(t *testing.T) {
	site := discoverSite(t, map[string]string{
		"/robots.txt": "User-agent: *\nDisallow: /a/\nSitemap: /map.xml\n",
		"/":           `<html><body><ul><li><a href="/a/20260101.html">关于夏季治安巡查的通告发布</a></li><li><a href="/a/20260102.html">办事大厅调整办公时间的公告</a></li></ul></body></html>`,
	})
	f := newFetcher(t, crawler.Options{Now: discoverNow(t)})
	d, err := crawler.Discover(t.Context(), f, site.URL+"/", true, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range d.Samples {
		wantFault(t, s.Fault, "fetch.robots")
	}
	if len(d.Samples) != 2 || len(d.Others) != 1 || d.Others[0].URL != site.URL+"/map.xml" || d.Others[0].Form != opinion.SitemapForm {
		t.Errorf("found %+v, want two samples and the sitemap", d)
	}
	if n := site.count("/a/20260101.html") + site.count("/map.xml"); n != 0 {
		t.Errorf("%d requests for what is closed or was only named", n)
	}
}

// A board is told by the office that answers on it.
func TestDiscoverBoard(t *testing.T) {
	const complaint = `<html><head><title>反映窗口排队的问题 - 市民留言板</title></head><body><h1>反映窗口排队的问题</h1>
<p>受理单位：市公安局　办理状态：已回复　留言时间：2026-01-12 09:00</p>
<div class="question"><h3>留言内容</h3><p>上周去办证大厅办理业务，排了三个小时的队，希望增加窗口，减少大家等待的时间。</p></div>
<div class="answer"><h3>回复内容</h3><p>回复单位：市公安局　回复时间：2026-01-13 15:00</p><p>您好，您反映的问题已收悉，我们已增设两个窗口并延长办公时间，感谢您的监督。</p></div></body></html>`
	site := discoverSite(t, map[string]string{
		"/":                  `<html><body><ul><li><a href="/ask/20260101.html">反映窗口排队时间太长的问题</a></li></ul></body></html>`,
		"/ask/20260101.html": complaint,
	})
	d, err := crawler.Discover(t.Context(), newFetcher(t, crawler.Options{Now: discoverNow(t)}), site.URL+"/", true, time.UTC)
	if err != nil || d.Best.Class != opinion.BoardSite {
		t.Errorf("class %q, %v; want board: %+v", d.Best.Class, err, d.Samples)
	}
}
