package crawler_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"minsheng/crawler"
)

// damages are what sites break in a document without meaning to say less.
func damages() map[string]func(string) string {
	replace := func(pairs ...string) func(string) string { return strings.NewReplacer(pairs...).Replace }
	before := func(s string) func(string) string { return func(doc string) string { return s + doc } }
	after := func(s string) func(string) string { return func(doc string) string { return doc + s } }
	const warning = "<br />\n<b>Notice</b>:  Undefined index: cat in <b>feed.php</b> on line <b>12</b><br />\n"
	const deep = 300
	return map[string]func(string) string{
		"a blank line before":       before("\n\n  "),
		"a mark and a break before": before("\ufeff\r\n"),
		"a warning before":          before(warning),
		"a comment before":          before("<!-- cached at 09:25 -->\n"),
		"two comments and a sheet":  replace(xmlHead, xmlHead+`<!-- a --><?xml-stylesheet type="text/xsl" href="/feed.xsl"?><!-- <rss> -->`),
		"two declarations":          before(xmlHead),
		"no declaration":            replace(xmlHead, ""),
		"version 1.1":               replace(`version="1.0" encoding`, `version="1.1" encoding`),
		"a script after":            after("\n<script>var a = 1 < 2;</script>"),
		"a comment after":           after("<!-- 0.02 s -->"),
		"another document after":    after(xmlHead + "<rss><channel><item><title>别的</title></item></channel></rss>"),
		"NUL bytes after":           after("\x00\x00\x00"),
		"NUL bytes within":          replace("桐溪分局", "桐溪\x00分局", "<title>", "\x00<title>"),
		"control characters":        replace("居民", "居\x08民\x1b", "信号灯", "信号\x0c灯"),
		"a reference to a control":  replace("居民", "居&#8;民&#x1b;", "信号灯", "信号&#0;灯"),
		"not a character":           replace("居民", "居\ufffe民", "信号灯", "信号\uffff灯"),
		"a bare ampersand":          replace("一季度接处警数据", "一季度接处警数据", "很吵。", "A&B 很吵 & 乱 &; &#; &x y;"),
		"a bare less-than":          replace("很吵。", "a < b，1<2，<3 很吵"),
		"names that HTML knows":     replace("很吵。", "&nbsp;&copy;&hellip;&mdash;很吵"),
		"names that nobody knows":   replace("很吵。", "&nosuch;很吵"),
		"tags out of order":         replace("很吵。", "<b><i>很吵</b></i>"),
		"tags that stay open":       replace("很吵。", "<p>很<br>吵<img src=a.jpg>"),
		"ends that nobody began":    replace("很吵。", "很吵</span></div>"),
		"capitals":                  replace("<title>", "<TITLE>", "</title>", "</Title>"),
		"an attribute twice":        replace("<title>", `<title lang="zh" lang="en">`),
		"attributes unquoted":       replace("<title>", `<title lang=zh data-x=1>`),
		"a prefix nobody declared":  replace("<title>", "<slash:comments>3</slash:comments><title>"),
		"lines that end in CR":      replace("\n", "\r"),
		"all on one line":           replace("\n", ""),
		"blanks before every end":   replace("</title>", "</title >", "</link>", "</link\n>"),
		"a CDATA that stays open":   replace("很吵。", "<![CDATA[很吵"),
		"a CDATA within one":        replace("很吵。", "<![CDATA[a <![CDATA[b]]> c]]>"),
		"an end of CDATA alone":     replace("很吵。", "很吵 ]]> 乱"),
		"a document type":           replace(xmlHead, xmlHead+`<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.example/rss-0.91.dtd">`),
		"a document type with names": func(doc string) string {
			root := regexp.MustCompile("<(rss |rdf:|feed )").FindString(doc)
			return strings.NewReplacer("桐溪分局", "桐溪&lou;").Replace(strings.Replace(doc, root, `<!DOCTYPE rss [<!ENTITY lou "分局"><!ENTITY % p SYSTEM "http://other.example/x.dtd">%p;]>`+root, 1))
		},
		"a name for a file":                replace(xmlHead, xmlHead+`<!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/hostname">]>`, "很吵。", "&f;很吵"),
		"depth without end":                replace("很吵。", strings.Repeat("<div>", deep)+"很吵"+strings.Repeat("</div>", deep)),
		"a long text":                      replace("很吵。", strings.Repeat("很吵。", 100_000)),
		"surrogates in numbers":            replace("很吵。", "&#55357;&#56832;很吵"),
		"a picture as data":                replace("很吵。", `&lt;img src="data:image/png;base64,`+strings.Repeat("QUJD", 5000)+`"/&gt;很吵`),
		"a comment with two dashes":        replace("很吵。", "<!-- a -- b -->很吵<!---->"),
		"an instruction of a preprocessor": replace("很吵。", "<?php echo 1 ?>很吵"),
	}
}

// What sites break in a document takes nothing from its entries.
func TestFeedsOfEveryDamage(t *testing.T) {
	for name, damage := range damages() {
		for _, d := range dialects {
			if strings.HasPrefix(d.name, "json") || d.name == "rss 0.91" && name == "no declaration" {
				continue
			}
			// a text that stays open takes what follows it, and that alone
			doc := damage(d.build(madeSimple))
			want := said(madeSimple, d.times)
			if name == "a CDATA that stays open" && (d.name == "rdf") {
				want[2] = said(madeSimple, false)[2]
			}
			wantMade(t, d.name+", "+name, []byte(doc), "application/xml", want)
		}
	}
}

// Nor do several of them at once, in any charset.
func TestFeedsOfDamagesTogether(t *testing.T) {
	all := damages()
	for _, name := range []string{
		"a CDATA that stays open", // takes what another put behind it
		"not a character",         // which GBK cannot write
		"a long text",             // what is done to each sentence of it takes long
	} {
		delete(all, name)
	}
	names := slices.Sorted(maps.Keys(all))
	rnd := rand.New(rand.NewPCG(2, 0))
	for range 1500 {
		d := dialects[rnd.IntN(5)] // of XML
		doc, did := d.build(madeSimple), d.name
		for _, i := range rnd.Perm(len(names))[:2+rnd.IntN(3)] {
			name := names[i]
			doc, did = all[name](doc), did+", "+name
		}
		body := []byte(doc)
		if rnd.IntN(2) == 0 {
			encoded, err := simplifiedchinese.GBK.NewEncoder().String(doc)
			if err != nil {
				continue // a mark that GBK does not have
			}
			body, did = []byte(encoded), did+", in GBK"
		}
		wantMade(t, did, body, "text/xml; charset=utf-8", said(madeSimple, d.times))
	}
}

// A document may end anywhere: what came whole is read, and no entry is made up.
func TestFeedsCutAnywhere(t *testing.T) {
	for _, d := range dialects {
		doc, want := d.build(madeSimple), said(madeSimple, d.times)
		bare := said(madeSimple, false)
		for end := range len(doc) {
			got, code := readMade([]byte(doc[:end]), "")
			if code != "" {
				if i := strings.Index(doc, "3001.html"); end > i+200 {
					t.Errorf("%s cut at %d: refused as %s", d.name, end, code)
				}
				continue
			}
			// entries before the cut are whole; the last may lack something
			for i, line := range got {
				whole := line == want[i] || line == bare[i]
				if last := i == len(got)-1; !whole && !last {
					t.Errorf("%s cut at %d: entry %d is %q", d.name, end, i, line)
				}
			}
			n := strings.Count(doc[:end], "</item>") + strings.Count(doc[:end], "</entry>")
			if !strings.HasPrefix(d.name, "json") && (len(got) < n || len(got) > n+1) {
				t.Errorf("%s cut at %d: %d entries, %d were whole", d.name, end, len(got), n)
			}
		}
	}
}

// A feed may come packed without a word of it.
func TestFeedsOfGzip(t *testing.T) {
	for _, d := range dialects {
		wantMade(t, d.name+", packed", zipped(t, d.build(madeSimple)), "application/xml", said(madeSimple, d.times))
	}
	if _, code := readMade(zipped(t, strings.Repeat(" ", 17<<20)+rss20(madeSimple)), ""); code != "read.feed_broken" {
		t.Errorf("a bomb: code %q, want read.feed_broken", code)
	}
}

func zipped(t *testing.T, s string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(s)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Entries stand where sites put them, in any number, and each once for each
// time that it stands there.
func TestFeedsOfOddShape(t *testing.T) {
	whole := rss20(madeSimple)
	items := whole[strings.Index(whole, "<item>"):strings.LastIndex(whole, "</channel>")]
	want := said(madeSimple, true)
	for name, c := range map[string]struct {
		doc  string
		want []string
	}{
		"items behind the channel":       {`<rss version="2.0"><channel><title>桐溪</title></channel>` + items + "</rss>", want},
		"no channel":                     {`<rss version="2.0">` + items + "</rss>", want},
		"two channels":                   {`<rss version="2.0"><channel><title>桐溪</title>` + items + `</channel><channel><title>桐溪二</title></channel></rss>`, want},
		"no version":                     {`<rss><channel>` + items + "</channel></rss>", want},
		"another version":                {`<rss version="2.1"><channel>` + items + "</channel></rss>", want},
		"capitals":                       {`<RSS version="2.0"><Channel>` + items + "</Channel></RSS>", want},
		"a namespace of its own":         {`<rss version="2.0" xmlns="http://backend.userland.com/rss2"><channel>` + items + "</channel></rss>", want},
		"an item twice":                  {`<rss version="2.0"><channel>` + items + items + "</channel></rss>", append(slices.Clone(want), want...)},
		"an item without end":            {`<rss version="2.0"><channel>` + strings.ReplaceAll(items, "</item>", "") + "</channel></rss>", want},
		"an empty item":                  {`<rss version="2.0"><channel>` + items + "<item/></channel></rss>", append(slices.Clone(want), "||")},
		"none":                           {`<rss version="2.0"><channel><title>桐溪</title></channel></rss>`, nil},
		"none in Atom":                   {`<feed xmlns="http://www.w3.org/2005/Atom"><title>桐溪</title></feed>`, nil},
		"none in JSON":                   {`{"version":"https://jsonfeed.org/version/1.1","title":"桐溪","items":[]}`, nil},
		"a prefix for all":               {strings.NewReplacer("</", "</a:", "<", "<a:").Replace(`<feed xmlns:a="http://www.w3.org/2005/Atom"><title>桐溪</title><entry><title>限行</title><link href="http://tongxi.example/n/1"/><published>2026-09-14T09:25:00+08:00</published></entry></feed>`), []string{"http://tongxi.example/n/1|限行|09-14T01:25Z"}},
		"a page quoted in an item":       {`<rss version="2.0"><channel><item><title>限行</title><link>http://tongxi.example/n/1</link><description><![CDATA[<!DOCTYPE html><html><body><p>正文</p></body></html>]]></description></item></channel></rss>`, []string{"http://tongxi.example/n/1|限行|"}},
		"no title, text instead":         {`<rss version="2.0"><channel><item><link>http://tongxi.example/n/1</link><description>一条没有标题的短消息</description></item></channel></rss>`, []string{"http://tongxi.example/n/1||"}},
		"title alone":                    {`<rss version="2.0"><channel><item><title>限行</title></item></channel></rss>`, []string{"|限行|"}},
		"entries of an update":           {`<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>限行</title><link href="/n/1"/><updated>2026-09-14T09:25:00+08:00</updated></entry></feed>`, []string{"http://tongxi.example/n/1|限行|09-14T01:25Z"}},
		"published before the update":    {`<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>限行</title><link href="/n/1"/><updated>2026-09-15T09:25:00+08:00</updated><published>2026-09-14T09:25:00+08:00</published></entry></feed>`, []string{"http://tongxi.example/n/1|限行|09-14T01:25Z"}},
		"a date that cannot be, other":   {`<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><item><title>限行</title><link>/n/1</link><pubDate>待定</pubDate><dc:date>2026-09-14T09:25:00+08:00</dc:date></item></channel></rss>`, []string{"http://tongxi.example/n/1|限行|09-14T01:25Z"}},
		"json of a modification":         {`{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","url":"/n/1","title":"限行","date_modified":"2026-09-14T09:25:00+08:00"}]}`, []string{"http://tongxi.example/n/1|限行|09-14T01:25Z"}},
		"json with null and odd types":   {`{"version":"https://jsonfeed.org/version/1","items":[{"id":null,"url":"/n/1","title":"限行","author":null,"tags":null,"image":null,"content_html":null,"date_published":null}]}`, []string{"http://tongxi.example/n/1|限行|"}},
		"json with text where a list is": {`{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","url":"/n/1","title":"限行","tags":"交通","authors":{"name":"甲"},"attachments":{}}]}`, []string{"http://tongxi.example/n/1|限行|"}},
		"json with a number as title":    {`{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","url":"/n/1","title":110,"date_published":1789349100}]}`, []string{"http://tongxi.example/n/1|110|09-14T01:25Z"}},
		"json of one broken item":        {`{"version":"https://jsonfeed.org/version/1","items":["x",{"id":"1","url":"/n/1","title":"限行"}]}`, []string{"http://tongxi.example/n/1|限行|"}},
	} {
		wantMade(t, name, []byte(c.doc), "", c.want)
	}
}

// What is no feed is never an empty one.
func TestFeedsThatAreNone(t *testing.T) {
	for body, code := range map[string]string{
		"":       "read.empty",
		" \n\t":  "read.empty",
		"\ufeff": "read.empty",
		"404":    "read.feed_none",
		"OK":     "read.feed_none",
		"页面不存在":  "read.feed_none",
		"http://tongxi.example/n/1\nhttp://tongxi.example/n/2":                                                                                                                                                                                       "read.feed_none",
		"<html><head><title>404 Not Found</title></head><body><center><h1>404 Not Found</h1></center><hr>nginx</body></html>":                                                                                                                        "read.feed_is_page",
		"<!doctype HTML><meta charset=utf-8><title>访问拦截</title><body>您的请求带有不合法参数，已被网站管理员设置拦截！":                                                                                                                                                       "read.feed_is_page",
		`<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd"><html xmlns="http://www.w3.org/1999/xhtml"><head><title>登录</title></head><body/></html>`: "read.feed_is_page",
		"\n\n<!-- a --><HTML><BODY>Service Unavailable</BODY></HTML>":                                                                                                                                                                                "read.feed_is_page",
		"<script>document.cookie='a=1';location.href='/rss?b=2'</script>":                                                                                                                                                                            "read.feed_none",
		`<html><head><script>var seed="x";setTimeout(function(){location.reload()},1500)</script></head></html>`:                                                                                                                                     "read.feed_is_page",
		`<html><head><link rel="alternate" type="application/rss+xml" href="/rss.xml"></head><body><pre>&lt;rss version="2.0"&gt;</pre></body></html>`:                                                                                               "read.feed_is_page",
		`<html><body><p>我们的订阅：</p><rss version="2.0"><channel><item><title>例子</title></item></channel></rss></body></html>`:                                                                                                                          "read.feed_is_page",
		`<?xml version="1.0"?><error><code>403</code><message>Forbidden</message></error>`:                                                                                                                                                           "read.feed_none",
		`<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>`:                                                                                                                                                                   "read.feed_none",
		`<?xml version="1.0"?><opml version="2.0"><body><outline text="桐溪" xmlUrl="http://tongxi.example/rss"/></body></opml>`:                                                                                                                       "read.feed_none",
		`<svg xmlns="http://www.w3.org/2000/svg"><title>标志</title></svg>`:                                                                                                                                                                            "read.feed_none",
		`<OpenSearchDescription><ShortName>桐溪</ShortName></OpenSearchDescription>`:                                                                                                                                                                   "read.feed_none",
		`<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>http://tongxi.example/s.xml</loc></sitemap></sitemapindex>`:                                                                                                 "read.feed_is_sitemap",
		`{}`: "read.feed_is_json",
		`[]`: "read.feed_is_json",
		`{"code":401,"message":"未登录","data":null}`:                                   "read.feed_is_json",
		`{"success":false,"items":null}`:                                             "read.feed_is_json",
		`{"errcode":40001,"errmsg":"invalid credential","items":[]}`:                 "read.feed_is_json",
		`{"status":"ok","items":[{"name":"甲","price":3}]}`:                           "read.feed_is_json",
		`{"version":"2.3.1","items":[]}`:                                             "read.feed_is_json",
		`{"version":"https://jsonfeed.org/version/1.1","title":"桐溪","error":"busy"}`: "read.feed_is_json",
		`[{"title":"限行","url":"/n/1"}]`:                                              "read.feed_is_json",
		`{"items":[`:                                                                 "read.feed_is_json",
		`callback({"items":[]})`:                                                     "read.feed_none",
		"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj":                                       "read.feed_none",
		"\x1f\x8b\x08\x00\x00\x00\x00\x00":                                           "read.feed_broken",
		"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR":                                        "read.feed_none",
	} {
		if got, code2 := readMade([]byte(body), "application/rss+xml"); code2 != code {
			t.Errorf("%.90q: %q, code %q, want %q", body, got, code2, code)
		}
	}
}

// What a feed gives as text is plain text.
func TestFeedsOfEveryText(t *testing.T) {
	const want = "第一段：A<B。\n第二段，完。"
	for name, elements := range map[string]string{
		"escaped":           "<description>&lt;p&gt;第一段：A&amp;lt;B。&lt;/p&gt;&lt;p&gt;第二段，完。&lt;/p&gt;</description>",
		"CDATA":             "<description><![CDATA[<p>第一段：A&lt;B。</p><p>第二段，<b>完</b>。</p>]]></description>",
		"whole text beside": "<description>摘要</description><content:encoded><![CDATA[<div><p>第一段：A&lt;B。</p>\n<p>第二段，完。</p></div>]]></content:encoded>",
		"script and style":  "<description><![CDATA[<style>p{color:red}</style><p>第一段：A&lt;B。</p><script>alert(1)</script><p>第二段，完。</p>]]></description>",
		"breaks":            "<description><![CDATA[第一段：A&lt;B。<br/><br>第二段，完。]]></description>",
		"a table":           "<description><![CDATA[<table><tr><td>第一段：A&lt;B。</td></tr><tr><td>第二段，完。</td></tr></table>]]></description>",
		"pictures":          `<description><![CDATA[<img src="/p.jpg" alt="配图"/><p>第一段：A&lt;B。</p><iframe src="/v"></iframe><p>第二段，完。</p>]]></description>`,
	} {
		feed, err := crawler.ReadFeed([]byte(inItem("<title>限行</title><link>/n/1</link>"+elements)), "", "http://tongxi.example/", office)
		if err != nil || len(feed.Items) != 1 || feed.Items[0].Content != want {
			t.Errorf("%s: %v, %q, want %q", name, err, fmt.Sprint(feed.Items), want)
		}
	}
}
