package crawler_test

import (
	"fmt"
	"strings"
	"testing"
)

// Every way in which a feed writes one moment, 14 September 2026, 09:25 in the
// office's zone.
func TestFeedsOfEveryDate(t *testing.T) {
	const want = "09-14T01:25Z"
	for _, date := range []string{
		"Mon, 14 Sep 2026 09:25:00 +0800", "Mon, 14 Sep 2026 01:25:00 GMT", "Mon, 14 Sep 2026 01:25:00 Z", "Mon, 14 Sep 2026 09:25 +0800", "14 Sep 2026 09:25:00 +0800",
		"Mon,14 Sep 2026 09:25:00 +0800", "Mon, 14 September 2026 09:25:00 +0800", "Monday, 14-Sep-26 09:25:00 CST", "Mon, 14 Sep 2026 09:25:00", "Mon, 14 Sep 2026 09:25:00 CST",
		"Mon, 14 Sep 2026 09:25:00 +08:00", "Mon, 14 Sep 2026 09:25:00 GMT+8", "Mon, 14 Sep 2026 09:25:00 UTC+08:00", "Tue, 14 Sep 2026 09:25:00 +0800", "mon, 14 sep 2026 09:25:00 +0800",
		"Mon Sep 14 09:25:00 2026", "Mon Sep 14 09:25:00 CST 2026", "Mon Sep 14 2026 09:25:00 GMT+0800 (中国标准时间)", "Mon, 14 Sep 2026 09:25:00 +0800 (CST)", "Sep 14, 2026 9:25 AM",
		"September 14, 2026, 9:25 am", "2026-09-14T09:25:00+08:00", "2026-09-14T01:25:00Z", "2026-09-14T01:25:00.000Z", "2026-09-14T09:25:00+0800", "2026-09-14T09:25+08:00", "2026-09-14T09:25:00.1234567+08:00",
		"2026-09-14 09:25:00", "2026-09-14 09:25", "2026-09-14 9:25:00", "2026-09-14T09:25:00", "2026/09/14 09:25:00", "2026/9/14 9:25", "2026.09.14 09:25", "20260914T092500", "20260914092500", "20260914T012500Z",
		"2026年09月14日 09:25", "2026年9月14日 9:25:00", "2026年9月14日 上午9:25", "2026年9月14日9时25分", "2026年9月14日 09时25分00秒", "2026年9月14日 星期一 09:25", "2026年9月14日（星期一）09:25", "2026-09-14 上午 9:25:00", "2026/9/14 上午 09:25:00",
		"２０２６年９月１４日 ０９：２５", "２０２６－０９－１４ ０９：２５：００", "二〇二六年九月十四日 上午九时二十五分", "星期一, 14 九月 2026 09:25:00 +0800", "周一, 14 9月 2026 09:25:00 +0800", "週一, 14 九月 2026 09:25:00 +0800",
		"1789349100", "1789349100000", " 2026-09-14 09:25:00 ", "\n2026-09-14\n09:25:00\n", "发布于 2026-09-14 09:25", "发布时间：2026年9月14日 09:25", "2026-09-14 09:25:00 +0800 CST", "2026-09-14 09:25:00.0", "2026-09-14 01:25:00 UTC", "民國115年9月14日 上午9:25", "2026-09-14 09:25:00 北京时间",
	} {
		items := []madeItem{madeSimple[0]}
		items[0].date = date
		doc := rss20(items)
		wantMade(t, date, []byte(doc), "", []string{items[0].link + "|" + items[0].title + "|" + want})
		for _, field := range []string{"dc:date", "dcterms:created", "published", "pubdate"} {
			other := strings.NewReplacer("<pubDate>", "<"+field+">", "</pubDate>", "</"+field+">").Replace(doc)
			wantMade(t, date+" in "+field, []byte(other), "", []string{items[0].link + "|" + items[0].title + "|" + want})
		}
		json := strings.Replace(jsonFeed("https://jsonfeed.org/version/1.1", items), "2026-09-14T01:25:00Z", strings.ReplaceAll(date, "\n", `\n`), 1)
		wantMade(t, date+" in JSON", []byte(json), "", []string{items[0].link + "|" + items[0].title + "|" + want})
	}
	open := xmlHead + `<rss version="2.0"><channel><item><title>限行</title><link>/n/1</link><description>很<b>吵<pubDate>2026-09-14 09:25</pubDate></item><item><title>二<link>/n/2<description>x<guid>1</guid></item></channel></rss>`
	wantMade(t, "fields that stay open", []byte(open), "", []string{"http://tongxi.example/n/1|限行|" + want, "http://tongxi.example/n/2|二|"})
	for _, none := range []string{"", "昨天 09:25", "3 小时前", "刚刚", "待定", "0000-00-00 00:00:00", "2026-13-45 09:25", "2026-02-30 09:25", "Mon, 32 Sep 2026 09:25:00 +0800", "09-14 09:25", "N/A", "null", "Invalid Date", "{{date}}", "0"} {
		items := []madeItem{madeSimple[0]}
		items[0].date = none
		doc := rss20(items)
		if none == "" {
			doc = strings.Replace(doc, items[0].at.Format("Mon, 02 Jan 2006 15:04:05 -0700"), "", 1)
		}
		wantMade(t, "no date: "+none, []byte(doc), "", []string{items[0].link + "|" + items[0].title + "|"})
	}
}

// inItem puts the given elements into the only item of a feed; the items' own
// link, title and guid are what they say.
func inItem(elements string) string {
	return xmlHead + `<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" xmlns:slash="http://purl.org/rss/1.0/modules/slash/" xmlns:wfw="http://wellformedweb.org/CommentAPI/"><channel><title>桐溪</title><link>http://tongxi.example/</link><atom:link rel="self" href="http://tongxi.example/feeds/all.xml"/><image><title>标志</title><url>http://tongxi.example/logo.png</url><link>http://tongxi.example/</link></image><item>` + elements + `</item></channel></rss>`
}

// inEntry does it for Atom.
func inEntry(elements string) string {
	return xmlHead + `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" xmlns:thr="http://purl.org/syndication/thread/1.0"><title>桐溪</title><link rel="self" href="http://tongxi.example/feeds/all.xml"/><entry>` + elements + `</entry></feed>`
}

// A title is plain text, whatever dress it came in.
func TestFeedsOfEveryTitle(t *testing.T) {
	const link, want = "<link>http://tongxi.example/n/1</link>", "http://tongxi.example/n/1|南门路口 A<B 段限行|"
	for name, doc := range map[string]string{
		"escaped":                     inItem("<title>南门路口 A&lt;B 段限行</title>" + link),
		"bare sign":                   inItem("<title>南门路口 A<B 段限行</title>" + link),
		"CDATA":                       inItem("<title><![CDATA[南门路口 A<B 段限行]]></title>" + link),
		"CDATA in two":                inItem("<title><![CDATA[南门路口 ]]><![CDATA[A<B 段限行]]></title>" + link),
		"text and CDATA":              inItem("<title>南门路口 <![CDATA[A<B]]> 段限行</title>" + link),
		"escaped within CDATA":        inItem("<title><![CDATA[南门路口 A&lt;B 段限行]]></title>" + link),
		"twice escaped":               inItem("<title>南门路口 A&amp;lt;B 段限行</title>" + link),
		"numbers":                     inItem("<title>&#21335;&#x95E8;路口 A&#60;B 段限行</title>" + link),
		"blanks and breaks":           inItem("<title>\n\t  南门路口\n   A&lt;B&nbsp;段限行　\n</title>" + link),
		"markup escaped":              inItem("<title>&lt;b&gt;南门路口&lt;/b&gt; A&amp;lt;B &lt;font color=&quot;red&quot;&gt;段限行&lt;/font&gt;</title>" + link),
		"markup in CDATA":             inItem(`<title><![CDATA[<span style="color:#f00">南门路口</span> A&lt;B 段限行<br/>]]></title>` + link),
		"markup bare":                 inItem("<title><b>南门路口</b> A&lt;B 段<i>限行</i></title>" + link),
		"after the link":              inItem(link + "<title>南门路口 A&lt;B 段限行</title>"),
		"beside a picture's":          inItem("<media:group><media:title>配图</media:title></media:group><title>南门路口 A&lt;B 段限行</title><media:content url=\"http://tongxi.example/p.jpg\"><media:title>配图二</media:title></media:content>" + link),
		"beside an image's":           inItem("<title>南门路口 A&lt;B 段限行</title>" + link + "<image><title>配图</title><link>http://tongxi.example/p</link></image>"),
		"beside a source's":           inItem(`<source url="http://other.example/rss">别的报纸</source><title>南门路口 A&lt;B 段限行</title>` + link),
		"beside a broadcaster's":      inItem("<itunes:title>第三期</itunes:title><title>南门路口 A&lt;B 段限行</title>" + link),
		"of Dublin Core alone":        inItem("<dc:title>南门路口 A&lt;B 段限行</dc:title>" + link),
		"of a picture alone":          inItem("<media:title>南门路口 A&lt;B 段限行</media:title>" + link),
		"of a broadcaster alone":      inItem("<itunes:title>南门路口 A&lt;B 段限行</itunes:title>" + link),
		"of Atom alone":               inItem("<atom:title>南门路口 A&lt;B 段限行</atom:title>" + link),
		"atom in base64":              strings.Replace(inEntry(`<title type="text/plain" mode="base64">5Y2X6Zeo6Lev5Y+jIEE8 QiDmrrXpmZDooYw=</title><link href="http://tongxi.example/n/1"/>`), "http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#", 1),
		"text with marks":             inItem("<title>\u200b南门路口 A&lt;B 段限行\ufeff</title>" + link),
		"control characters":          inItem("<title>南门\x0b路口\x00 A&lt;B \x1f段限行</title>" + link),
		"capitals":                    inItem("<TITLE>南门路口 A&lt;B 段限行</TITLE><LINK>http://tongxi.example/n/1</LINK>"),
		"unclosed":                    inItem("<title>南门路口 A&lt;B 段限行" + link),
		"atom text":                   inEntry(`<title type="text">南门路口 A&lt;B 段限行</title><link href="http://tongxi.example/n/1"/>`),
		"atom html":                   inEntry(`<title type="html">&lt;b>南门路口&lt;/b> A&amp;lt;B 段限行</title><link href="http://tongxi.example/n/1"/>`),
		"atom html in CDATA":          inEntry(`<title type="html"><![CDATA[<b>南门路口</b> A&lt;B 段限行]]></title><link href="http://tongxi.example/n/1"/>`),
		"atom xhtml":                  inEntry(`<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><b>南门路口</b> A&lt;B 段限行</div></title><link href="http://tongxi.example/n/1"/>`),
		"atom beside the source's":    inEntry(`<source><title>别的报纸</title><link href="http://other.example/"/></source><title>南门路口 A&lt;B 段限行</title><link href="http://tongxi.example/n/1"/>`),
		"atom beside a picture's":     inEntry(`<title>南门路口 A&lt;B 段限行</title><link href="http://tongxi.example/n/1"/><media:group><media:title>配图</media:title></media:group>`),
		"json":                        `{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","url":"http://tongxi.example/n/1","title":"南门路口 A<B 段限行","content_text":"x"}]}`,
		"json with references":        `{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","url":"http://tongxi.example/n/1","title":" 南门路口 A&lt;B 段限行\n","content_text":"x"}]}`,
		"json in escapes":             `{"version":"https:\/\/jsonfeed.org\/version\/1","items":[{"id":"1","url":"http:\/\/tongxi.example\/n\/1","title":"\u5357\u95e8路口 A\u003cB 段限行","content_text":"x"}]}`,
		"json of a later date":        `{"version":"https://jsonfeed.org/version/1.2","items":[{"id":"1","url":"http://tongxi.example/n/1","title":"南门路口 A<B 段限行","tags":["a"],"_ext":{"title":"别的"}}]}`,
		"json without word of itself": `{"items":[{"id":"1","url":"http://tongxi.example/n/1","title":"南门路口 A<B 段限行","content_text":"x"}]}`,
	} {
		got, code := readMade([]byte(doc), "")
		if code != "" || len(got) != 1 {
			t.Errorf("%s: %q, refused as %q", name, got, code)
			continue
		}
		if strings.ReplaceAll(got[0], " ", "") != strings.ReplaceAll(want, " ", "") {
			t.Errorf("%s: %q, want %q", name, got[0], want)
		}
	}
}

// An item's page is found wherever the feed names it, and is absolute.
func TestFeedsOfEveryLink(t *testing.T) {
	const page = "http://tongxi.example/n/1.html?a=1&b=2"
	title := "<title>限行</title>"
	for name, c := range map[string]struct{ doc, want string }{
		"plain":                     {inItem(title + "<link>http://tongxi.example/n/1.html?a=1&amp;b=2</link>"), page},
		"bare ampersand":            {inItem(title + "<link>http://tongxi.example/n/1.html?a=1&b=2</link>"), page},
		"CDATA":                     {inItem(title + "<link><![CDATA[http://tongxi.example/n/1.html?a=1&b=2]]></link>"), page},
		"blanks":                    {inItem(title + "<link>\n  http://tongxi.example/n/1.html?a=1&amp;b=2\n </link>"), page},
		"ideographic blank":         {inItem(title + "<link>　http://tongxi.example/n/1.html?a=1&amp;b=2　</link>"), page},
		"of the site":               {inItem(title + "<link>/n/1.html?a=1&amp;b=2</link>"), page},
		"of the folder":             {inItem(title + "<link>../n/1.html?a=1&amp;b=2</link>"), page},
		"without scheme":            {inItem(title + "<link>//tongxi.example/n/1.html?a=1&amp;b=2</link>"), page},
		"query alone":               {inItem(title + "<link>?id=7</link>"), "http://tongxi.example/feeds/all.xml?id=7"},
		"Chinese path":              {inItem(title + "<link>/新闻/1.html</link>"), "http://tongxi.example/%E6%96%B0%E9%97%BB/1.html"},
		"a blank within":            {inItem(title + "<link>/n/a b.html</link>"), "http://tongxi.example/n/a%20b.html"},
		"guid that says so":         {inItem(title + `<guid isPermaLink="true">http://tongxi.example/n/1.html?a=1&amp;b=2</guid>`), page},
		"guid by default":           {inItem(title + "<guid>http://tongxi.example/n/1.html?a=1&amp;b=2</guid>"), page},
		"guid in other letters":     {inItem(title + `<guid ispermalink="TRUE">http://tongxi.example/n/1.html?a=1&amp;b=2</guid>`), page},
		"guid that is none":         {inItem(title + `<guid isPermaLink="false">http://tongxi.example/?p=1</guid>`), ""},
		"guid of another kind":      {inItem(title + "<guid>tag:tongxi.example,2026:1</guid>"), ""},
		"guid beside":               {inItem(title + `<guid>http://tongxi.example/?p=1</guid><link>/n/1.html?a=1&amp;b=2</link>`), page},
		"empty link, guid":          {inItem(title + `<link></link><guid>http://tongxi.example/n/1.html?a=1&amp;b=2</guid>`), page},
		"link as in Atom":           {inItem(title + `<link href="http://tongxi.example/n/1.html?a=1&amp;b=2"/>`), page},
		"atom:link beside":          {inItem(title + `<atom:link rel="replies" href="/c/1"/><link>/n/1.html?a=1&amp;b=2</link>`), page},
		"atom:link alone":           {inItem(title + `<atom:link rel="alternate" href="/n/1.html?a=1&amp;b=2"/>`), page},
		"behind a counter":          {inItem(title + `<link>http://count.example/~r/1</link><feedburner:origLink>http://tongxi.example/n/1.html?a=1&amp;b=2</feedburner:origLink>`), page},
		"comments beside":           {inItem("<comments>/c/1</comments>" + title + `<wfw:commentRss>/c/1.xml</wfw:commentRss><link>/n/1.html?a=1&amp;b=2</link>`), page},
		"enclosure alone":           {inItem(title + `<enclosure url="/n/1.mp3" type="audio/mpeg" length="1"/>`), "http://tongxi.example/n/1.mp3"},
		"picture's link beside":     {inItem(title + `<media:content url="http://tongxi.example/p.jpg"><media:player url="http://tongxi.example/v"/></media:content><link>/n/1.html?a=1&amp;b=2</link>`), page},
		"mail":                      {inItem(title + "<link>mailto:a@tongxi.example</link>"), ""},
		"script":                    {inItem(title + "<link>javascript:alert(1)</link>"), ""},
		"none":                      {inItem(title), ""},
		"base of the feed":          {strings.Replace(inItem(title+"<link>1.html?a=1&amp;b=2</link>"), "<rss ", `<rss xml:base="http://tongxi.example/n/" `, 1), page},
		"base of the item":          {strings.Replace(inItem(title+"<link>1.html?a=1&amp;b=2</link>"), "<item>", `<item xml:base="/n/">`, 1), page},
		"base of the link":          {inItem(title + `<link xml:base="http://tongxi.example/n/">1.html?a=1&amp;b=2</link>`), page},
		"atom":                      {inEntry(title + `<link href="/n/1.html?a=1&amp;b=2"/>`), page},
		"atom, alternate not first": {inEntry(title + `<link rel="self" href="/s"/><link rel="replies" href="/c"/><link rel="enclosure" href="/p.jpg"/><link rel="edit" href="/e"/><link rel="alternate" href="/n/1.html?a=1&amp;b=2"/>`), page},
		"atom, no rel not first":    {inEntry(title + `<link rel="self" href="/s"/><link href="/n/1.html?a=1&amp;b=2"/>`), page},
		"atom, rel as an address":   {inEntry(title + `<link rel="self" href="/s"/><link rel="http://www.iana.org/assignments/relation/alternate" href="/n/1.html?a=1&amp;b=2"/>`), page},
		"atom, html before others":  {inEntry(title + `<link rel="alternate" type="application/json" href="/n/1.json"/><link rel="alternate" type="text/html" href="/n/1.html?a=1&amp;b=2"/>`), page},
		"atom, link as in RSS":      {inEntry(title + `<link>/n/1.html?a=1&b=2</link>`), page},
		"atom, a slip of its name":  {strings.Replace(inEntry(title+`<link href="/n/1.html?a=1&amp;b=2"/>`), "2005/Atom", "2005/atom", 1), page},
		"atom, secure name":         {strings.Replace(inEntry(title+`<link href="/n/1.html?a=1&amp;b=2"/>`), "http://www.w3.org/2005", "https://www.w3.org/2005", 1), page},
		"atom, another's name":      {strings.Replace(inEntry(title+`<link href="/n/1.html?a=1&amp;b=2"/>`), "http://www.w3.org/2005/Atom", "http://tongxi.example/feed", 1), page},
		"atom, content elsewhere":   {inEntry(title + `<content src="/n/1.html?a=1&amp;b=2" type="text/html"/>`), page},
		"atom, id alone":            {inEntry(title + `<id>http://tongxi.example/n/1.html?a=1&amp;b=2</id>`), page},
		"atom, base of the feed":    {strings.Replace(inEntry(title+`<link href="1.html?a=1&amp;b=2"/>`), "<feed ", `<feed xml:base="http://tongxi.example/n/" `, 1), page},
		"atom, base of the entry":   {strings.Replace(inEntry(title+`<link href="1.html?a=1&amp;b=2"/>`), "<entry>", `<entry xml:base="/n/">`, 1), page},
		"atom, base of both":        {strings.NewReplacer("<feed ", `<feed xml:base="http://tongxi.example/x/" `, "<entry>", `<entry xml:base="../n/">`).Replace(inEntry(title + `<link href="1.html?a=1&amp;b=2"/>`)), page},
		"atom, base of the link":    {inEntry(title + `<link xml:base="http://tongxi.example/n/" href="1.html?a=1&amp;b=2"/>`), page},
		"atom, unquoted":            {inEntry(title + `<link rel=alternate href=/n/1.html?a=1&b=2 />`), page},
		"json, of the site":         {`{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","title":"限行","url":"/n/1.html?a=1&b=2"}]}`, page},
		"json, elsewhere":           {`{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","title":"限行","external_url":"http://tongxi.example/n/1.html?a=1&b=2"}]}`, page},
		"json, id alone":            {`{"version":"https://jsonfeed.org/version/1","items":[{"id":"http://tongxi.example/n/1.html?a=1&b=2","title":"限行"}]}`, page},
		"json, number as id":        {`{"version":"https://jsonfeed.org/version/1","items":[{"id":17,"title":"限行","url":"/n/1.html?a=1&b=2","attachments":[{"url":"/p.mp3","mime_type":"audio/mpeg"}]}]}`, page},
	} {
		wantMade(t, name, []byte(c.doc), "application/xml", []string{fmt.Sprintf("%s|限行|", c.want)})
	}
}
