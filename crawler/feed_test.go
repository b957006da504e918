package crawler_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"

	"minsheng/crawler"
	"minsheng/opinion"
)

func itemLine(it crawler.Item) string {
	return linkLine(it.Link) + "|" + it.GUID + "|" + it.Content
}

func linkLine(l crawler.Link) string {
	when := ""
	if !l.Published.IsZero() {
		when = l.Published.UTC().Format("01-02T15:04Z")
	}
	return l.URL + "|" + l.Title + "|" + when
}

func faultCode(err error) string {
	if f, ok := errors.AsType[*opinion.Fault](err); ok {
		return f.Code
	}
	return fmt.Sprint(err)
}

const plainRSS = `<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>清河新闻</title>
<item><title>夜市整治见效</title><link>/a/1.html</link><guid isPermaLink="false">q1</guid><pubDate>2026年11月22日 上午8:30</pubDate><description>&lt;p&gt;摊位按时收档。&lt;/p&gt;</description></item>
<item><title>早高峰 A &lt; B 路段</title><guid>http://n.example/a/2.html</guid><pubDate>3小时前</pubDate></item></channel></rss>`

const plainJSON = `{"version":"https://jsonfeed.org/version/1.1","title":"清河","items":[` +
	`{"id":"j1","title":"一","url":"http://n.example/j/1","content_text":"a [b] {c}"},{"title":"二","url":"http://n.example/j/2","content_text":"收档"}]}`

var wantJSON = []string{"http://n.example/j/1|一||j1|a [b] {c}", "http://n.example/j/2|二|||收档"}

func TestReadFeed(t *testing.T) {
	want := []string{"http://n.example/a/1.html|夜市整治见效|11-22T00:30Z|q1|摊位按时收档。", "http://n.example/a/2.html|早高峰 A < B 路段||http://n.example/a/2.html|"}
	gbk := encode(t, simplifiedchinese.GBK, plainRSS)
	for _, c := range []struct {
		name string
		body []byte
		want []string
	}{
		{"plain", []byte(plainRSS), want},
		{"gbk that says utf-8", gbk, want},
		{"mark and dirt before", []byte("\xef\xbb\xbf\n<br />\n<b>Warning</b>: x in y<br />" + plainRSS), want},
		{"bare signs and control characters", []byte(strings.NewReplacer("A &lt; B", "A < B", "夜市", "夜\x08市").Replace(plainRSS)), want},
		{"cut in the second item", []byte(plainRSS[:strings.Index(plainRSS, "<guid>http")]), want[:1]},
		{"entities", []byte(strings.Replace(strings.Replace(plainRSS, "<rss", `<!DOCTYPE rss [<!ENTITY s "夜市"><!ENTITY f SYSTEM "file:///etc/hostname">]><rss`, 1), "夜市整治", "&s;&f;整治", 1)), want},
		{
			"json", []byte("\xef\xbb\xbf" + `{"version":"https://jsonfeed.org/version/1.1","title":"清河","items":[{"id":7,"url":"http://n.example/a/1.html","title":"夜市整治见效","date_published":"2026-11-22T08:30:00+08:00","content_html":"<p>摊位按时收档。</p>"}]}`),
			[]string{"http://n.example/a/1.html|夜市整治见效|11-22T00:30Z|7|摊位按时收档。"},
		},
		{"json cut in the second item", []byte(plainJSON[:strings.Index(plainJSON, `二","url"`)]), wantJSON[:1]},
		{"json cut after the second item's address", []byte(plainJSON[:strings.Index(plainJSON, `,"content_text":"收`)]), []string{wantJSON[0], strings.TrimSuffix(wantJSON[1], "收档")}},
		{"json cut before its last bracket", []byte(strings.TrimSuffix(plainJSON, "]}")), wantJSON},
		{"json with a raw line break, a wrong escape and a comma too many", []byte(strings.NewReplacer("收档", "收\n档\\'", `"}]}`, `",},]}`).Replace(plainJSON)), []string{wantJSON[0], strings.Replace(wantJSON[1], "收档", "收\n档\\'", 1)}},
		{
			"atom", []byte(`<feed xmlns="http://www.w3.org/2005/Atom"><title>清河</title><entry><title type="html">&lt;b&gt;夜市&lt;/b&gt;整治见效</title><id>t1</id><link rel="self" href="/x"/><link rel="alternate" href="/a/1.html"/><updated>2026-11-22T08:30:00+08:00</updated><content type="html">&lt;p&gt;摊位按时收档。&lt;/p&gt;</content></entry></feed>`),
			[]string{"http://n.example/a/1.html|夜市整治见效|11-22T00:30Z|t1|摊位按时收档。"},
		},
		{"empty feed", []byte(`<rss version="2.0"><channel><title>空</title></channel></rss>`), nil},
	} {
		feed, err := crawler.ReadFeed(c.body, "application/xml; charset=utf-8", "http://n.example/rss", office)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var got []string
		for _, it := range feed.Items {
			got = append(got, itemLine(it))
		}
		if diff := cmp.Diff(got, c.want); diff != "" {
			t.Errorf("%s (-got +want):\n%s", c.name, diff)
		}
	}
}

func TestReadFeedRefuses(t *testing.T) {
	for body, want := range map[string]string{
		"":                             "read.empty",
		`{"code":500,"msg":"error"}`:   "read.feed_is_json",
		`{"items":`:                    "read.feed_broken",
		"<!DOCTYPE html><html><p>访问受限": "read.feed_is_page",
		`<urlset><url/></urlset>`:      "read.feed_is_sitemap",
		`<config><a/></config>`:        "read.feed_none",
		"暂无数据":                         "read.feed_none",
	} {
		_, err := crawler.ReadFeed([]byte(body), "", "http://n.example/rss", office)
		if got := faultCode(err); got != want {
			t.Errorf("%q: got %s, want %s", body, got, want)
		}
	}
}

func TestReadFeedBounds(t *testing.T) {
	var many strings.Builder
	many.WriteString(`<rss version="2.0"><channel>`)
	for i := range 1500 {
		fmt.Fprintf(&many, "<item><title>t%d</title><link>http://n.example/%d</link></item>", i, i)
	}
	many.WriteString("</channel></rss>")
	feed, err := crawler.ReadFeed([]byte(many.String()), "", "", office)
	if err != nil || len(feed.Items) != 1000 {
		t.Errorf("got %d items, %v, want 1000", len(feed.Items), err)
	}
	var bomb strings.Builder
	bomb.WriteString(`<!DOCTYPE rss [<!ENTITY a0 "哈哈哈哈哈哈哈哈">`)
	for i := range 20 {
		fmt.Fprintf(&bomb, `<!ENTITY a%d "&a%d;&a%d;&a%d;">`, i+1, i, i, i)
	}
	bomb.WriteString(`]><rss version="2.0"><channel><item><title>` + strings.Repeat("&a0;&a20;", 10_000) + `</title><link>http://n.example/1</link></item></channel></rss>`)
	feed, err = crawler.ReadFeed([]byte(bomb.String()), "", "", office)
	if err != nil || len(feed.Items) != 1 || len(feed.Items[0].Title) > 10_000 {
		t.Errorf("an entity bomb was not bounded: %v", err)
	}
}

func TestReadSitemap(t *testing.T) {
	news := `<?xml version="1.0"?><urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc> /a/1.html?x=1&y=2 </loc><lastmod>2026-11-01</lastmod>
<news:news><news:publication_date>2026-11-22T08:30:00+08:00</news:publication_date><news:title>夜市整治见效</news:title></news:news></url><url><loc>javascript:1</loc></url><url><loc>http://n.example/a/2.html</loc><lastmod>2026-11-02</lastmod></url></urlset>`
	want := []string{"http://n.example/a/1.html?x=1&y=2|夜市整治见效|11-22T00:30Z", "http://n.example/a/2.html||"}
	var packed bytes.Buffer
	zw := gzip.NewWriter(&packed)
	if _, err := zw.Write([]byte(news)); err != nil {
		t.Fatal(err)
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	for name, body := range map[string][]byte{"plain": []byte(news), "gzip": packed.Bytes()} {
		s, err := crawler.ReadSitemap(body, "text/plain", "http://n.example/sitemap.xml", office)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for _, l := range s.Links {
			got = append(got, linkLine(l))
		}
		if diff := cmp.Diff(got, want); diff != "" {
			t.Errorf("%s (-got +want):\n%s", name, diff)
		}
	}
	s, err := crawler.ReadSitemap([]byte(`<sitemapindex><sitemap><loc>/s1.xml.gz</loc></sitemap><sitemap><loc>http://n.example/s2.xml</loc></sitemap></sitemapindex>`), "", "http://n.example/sitemap.xml", office)
	if diff := cmp.Diff(s.Children, []string{"http://n.example/s1.xml.gz", "http://n.example/s2.xml"}); diff != "" || err != nil {
		t.Errorf("index: %v (-got +want):\n%s", err, diff)
	}
	s, err = crawler.ReadSitemap([]byte("http://n.example/1\nhttp://n.example/2\n"), "text/plain", "", office)
	if len(s.Links) != 2 || err != nil {
		t.Errorf("plain list: %d links, %v", len(s.Links), err)
	}
}

func TestReadSitemapRefuses(t *testing.T) {
	var bomb bytes.Buffer
	zw := gzip.NewWriter(&bomb)
	blank := bytes.Repeat([]byte(" "), 1<<20)
	for range 60 {
		if _, err := zw.Write(blank); err != nil {
			t.Fatal(err)
		}
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, want string
		body       []byte
	}{
		{"bomb", "read.sitemap_large", bomb.Bytes()},
		{"damaged", "read.sitemap_packed", []byte("\x1f\x8b\x08\x00garbage-that-is-no-gzip")},
		{"page", "read.sitemap_none", []byte("<html><body>没有站点地图</body></html>")},
		{"empty", "read.empty", nil},
	} {
		_, err := crawler.ReadSitemap(c.body, "", "http://n.example/", office)
		if got := faultCode(err); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

const listPage = `<html><head><title>警务要闻</title></head><body><div class="nav"><a href="/zt/">专题专栏与服务大厅</a><a href="/">首页</a></div>
<ul class="news"><li><a href="art/2026/11/22/101.html" title="夜市周边交通秩序整治工作取得阶段性成效">夜市周边交通秩序整治…</a><span>2026-11-22</span></li>
<li><a href="/art/2026/11/21/102.html">派出所延长办证窗口服务时间的通知</a><span>2026-11-21</span></li>
<li><a href="http://other.example/x/103.html">别处网站的一条很长的新闻标题</a></li>
<li><a href="/space-uid-58007.html">一位发帖很多的网友</a></li>
<li><a href="javascript:void(0)">这是一个没有地址的链接标题</a></li></ul>
<div class="pager"><a href="index_1.html">下一页</a><a href="index_9.html">尾页</a></div>
<div class="footer"><a href="/about.html">关于我们和网站地图的说明</a></div></body></html>`

func TestReadList(t *testing.T) {
	day := func(d string) string { return "http://p.example/" + d }
	want := []string{
		day("jwyw/art/2026/11/22/101.html") + "|夜市周边交通秩序整治工作取得阶段性成效|11-21T16:00Z",
		day("art/2026/11/21/102.html") + "|派出所延长办证窗口服务时间的通知|11-20T16:00Z",
	}
	for _, c := range []struct {
		selector string
		want     []string
	}{
		{"", want},
		{"ul.news span ~ a, ul.news li:nth-child(-n+2) a", want},
		{"ul.news li:nth-child(3)", []string{"http://other.example/x/103.html|别处网站的一条很长的新闻标题|"}},
	} {
		links, next, err := crawler.ReadList([]byte(listPage), "text/html", "http://p.example/jwyw/index.html", c.selector, office)
		if err != nil {
			t.Errorf("%q: %v", c.selector, err)
			continue
		}
		var got []string
		for _, l := range links {
			got = append(got, linkLine(l))
		}
		if diff := cmp.Diff(got, c.want); diff != "" {
			t.Errorf("%q (-got +want):\n%s", c.selector, diff)
		}
		if next != "http://p.example/jwyw/index_1.html" {
			t.Errorf("%q: next %q", c.selector, next)
		}
	}
}

func TestReadListRefuses(t *testing.T) {
	for selector, want := range map[string]string{"ul[": "read.selector_bad", "table.gone": "read.list_none"} {
		_, _, err := crawler.ReadList([]byte(listPage), "", "http://p.example/", selector, office)
		if got := faultCode(err); got != want {
			t.Errorf("%q: got %s, want %s", selector, got, want)
		}
	}
	var many strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&many, `<p><a href="/a/%d.html">这是第%d条足够长的新闻标题</a></p>`, i, i)
	}
	links, _, err := crawler.ReadList([]byte(many.String()), "text/html", "http://p.example/", "", office)
	if err != nil || len(links) != 2000 {
		t.Errorf("got %d links, %v, want 2000", len(links), err)
	}
}

func FuzzReadFeed(f *testing.F) {
	f.Add([]byte(plainRSS), "text/xml")
	f.Add([]byte(`{"version":"https://jsonfeed.org/version/1","items":[{"id":1,"url":"/x"}]}`), "")
	f.Add([]byte(plainJSON[:len(plainJSON)-20]), "application/feed+json")
	f.Add([]byte(`<feed><entry><title>a<b</title><link href=x></entry>`), "text/xml; charset=gbk")
	f.Add([]byte(`<rdf:RDF xmlns:rdf="r"><item><title>x &nbsp; &#0; &y;</title></item></rdf:RDF>`), "")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		feed, err := crawler.ReadFeed(body, contentType, "http://n.example/", office)
		if err != nil && faultCode(err)[:5] != "read." {
			t.Errorf("an error without a sentence: %v", err)
		}
		if len(feed.Items) > 1000 {
			t.Error("too many items")
		}
		for _, it := range feed.Items {
			if it.URL != "" && !strings.HasPrefix(it.URL, "http") {
				t.Errorf("link %q is no web address", it.URL)
			}
		}
	})
}

func FuzzReadSitemap(f *testing.F) {
	f.Add([]byte(`<urlset><url><loc>http://n.example/1</loc><news:news><news:title>x</news:title></news:news></url></urlset>`))
	f.Add([]byte("\x1f\x8b\x08\x00\x00"))
	f.Add([]byte("http://n.example/1\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		s, err := crawler.ReadSitemap(body, "", "http://n.example/", time.UTC)
		if err != nil && faultCode(err)[:5] != "read." {
			t.Errorf("an error without a sentence: %v", err)
		}
		for _, l := range s.Links {
			if !strings.HasPrefix(l.URL, "http") {
				t.Errorf("link %q is no web address", l.URL)
			}
		}
	})
}

func FuzzReadList(f *testing.F) {
	f.Add([]byte(listPage), "")
	f.Add([]byte(listPage), "ul li a")
	f.Fuzz(func(t *testing.T, body []byte, selector string) {
		links, next, err := crawler.ReadList(body, "text/html", "http://p.example/a/", selector, office)
		if err == nil && len(links) == 0 || len(links) > 2000 {
			t.Errorf("%d links, %v", len(links), err)
		}
		if next != "" && !strings.HasPrefix(next, "http") {
			t.Errorf("next %q is no web address", next)
		}
	})
}
