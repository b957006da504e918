package crawler_test

import (
	"encoding/json"
	"fmt"
	"html"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"

	"minsheng/crawler"
)

// madeItem is an entry that the feeds of these tests are built from: what is
// read must be what went in.
type madeItem struct {
	title, link, date, text string
	at                      time.Time
}

// madeSimple and madeTraditional are the entries in each script. They are of an
// invented town; the last is short, as titles of small sites are.
var (
	madeSimple = []madeItem{
		{title: "桐溪分局公布一季度接处警数据", link: "http://tongxi.example/n/3001.html", at: madeAt(14), text: "接警量比去年同期下降了百分之六，处置时间平均为九分钟。"},
		{title: "居民反映南门路口信号灯失灵 交警已到场", link: "http://tongxi.example/n/3002.html", at: madeAt(13), text: "有居民来电说信号灯坏了两天，交警中队当天派人到现场指挥。"},
		{title: "夜市收摊后", link: "http://tongxi.example/n/3003.html", at: madeAt(12), text: "很吵。"},
	}
	madeTraditional = []madeItem{
		{title: "桐溪分局公布一季度報案數據", link: "http://tongxi.example/n/3001.html", at: madeAt(14), text: "報案數比去年同期下降了百分之六，處理時間平均為九分鐘。"},
		{title: "居民反映南門路口號誌失靈 交警已到場", link: "http://tongxi.example/n/3002.html", at: madeAt(13), text: "有居民來電說號誌壞了兩天，警員當天到現場指揮。"},
		{title: "夜市收攤後", link: "http://tongxi.example/n/3003.html", at: madeAt(12), text: "很吵。"},
	}
)

func madeAt(day int) time.Time { return time.Date(2026, 9, day, 1, 25, 0, 0, time.UTC) }

// said are items as they are compared; without times where the dialect has none.
func said(items []madeItem, times bool) []string {
	var out []string
	for _, it := range items {
		when := ""
		if times && !it.at.IsZero() {
			when = it.at.Format("01-02T15:04Z")
		}
		out = append(out, it.link+"|"+it.title+"|"+when)
	}
	return out
}

// dialect builds a feed of one kind around items.
type dialect struct {
	name  string
	times bool
	build func(items []madeItem) string
}

const xmlHead = `<?xml version="1.0" encoding="utf-8"?>` + "\n"

var dialects = []dialect{
	{"rss 0.91", false, func(items []madeItem) string {
		var b strings.Builder
		b.WriteString(xmlHead + `<rss version="0.91"><channel><title>桐溪</title><link>http://tongxi.example/</link><language>zh</language>`)
		for _, it := range items {
			fmt.Fprintf(&b, "\n<item><title>%s</title><link>%s</link><description>%s</description></item>", html.EscapeString(it.title), it.link, html.EscapeString(it.text))
		}
		return b.String() + "</channel></rss>"
	}},
	{"rss 2.0", true, rss20},
	{"rdf", true, func(items []madeItem) string {
		var b strings.Builder
		b.WriteString(xmlHead + `<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="http://tongxi.example/"><title>桐溪</title><link>http://tongxi.example/</link></channel>`)
		for _, it := range items {
			fmt.Fprintf(&b, "\n<item rdf:about=\"%[1]s\"><title>%[2]s</title><link>%[1]s</link><description>%[3]s</description><dc:date>%[4]s</dc:date></item>", it.link, html.EscapeString(it.title), html.EscapeString(it.text), it.at.Format(time.RFC3339))
		}
		return b.String() + "</rdf:RDF>"
	}},
	{"atom 0.3", true, func(items []madeItem) string {
		var b strings.Builder
		b.WriteString(xmlHead + `<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>桐溪</title><link rel="alternate" type="text/html" href="http://tongxi.example/"/>`)
		for _, it := range items {
			fmt.Fprintf(&b, "\n<entry><title>%s</title><link rel=\"alternate\" type=\"text/html\" href=\"%s\"/><issued>%s</issued><modified>2026-09-20T00:00:00Z</modified><content type=\"text/plain\" mode=\"escaped\">%s</content></entry>", html.EscapeString(it.title), it.link, it.at.Format(time.RFC3339), html.EscapeString(it.text))
		}
		return b.String() + "</feed>"
	}},
	{"atom 1.0", true, atom10},
	{"json 1.0", true, func(items []madeItem) string { return jsonFeed("https://jsonfeed.org/version/1", items) }},
	{"json 1.1", true, func(items []madeItem) string { return jsonFeed("https://jsonfeed.org/version/1.1", items) }},
}

func rss20(items []madeItem) string {
	var b strings.Builder
	b.WriteString(xmlHead + `<rss version="2.0"><channel><title>桐溪</title><link>http://tongxi.example/</link><description>本地</description>`)
	for i, it := range items {
		date := it.date
		if date == "" {
			date = it.at.Format(time.RFC1123Z)
		}
		fmt.Fprintf(&b, "\n<item><title>%s</title><link>%s</link><guid isPermaLink=\"false\">tx-%d</guid><pubDate>%s</pubDate><description>%s</description></item>", html.EscapeString(it.title), it.link, i, date, html.EscapeString(it.text))
	}
	return b.String() + "</channel></rss>"
}

func atom10(items []madeItem) string {
	var b strings.Builder
	b.WriteString(xmlHead + `<feed xmlns="http://www.w3.org/2005/Atom"><title>桐溪</title><link href="http://tongxi.example/"/><id>urn:tx</id><updated>2026-09-20T00:00:00Z</updated>`)
	for i, it := range items {
		fmt.Fprintf(&b, "\n<entry><title>%s</title><link href=\"%s\"/><id>urn:tx:%d</id><published>%s</published><updated>2026-09-20T00:00:00Z</updated><summary>%s</summary></entry>", html.EscapeString(it.title), it.link, i, it.at.Format(time.RFC3339), html.EscapeString(it.text))
	}
	return b.String() + "</feed>"
}

func jsonFeed(version string, items []madeItem) string {
	type entry struct {
		ID    string `json:"id"`
		URL   string `json:"url"`
		Title string `json:"title"`
		Text  string `json:"content_text"`
		Date  string `json:"date_published"`
	}
	doc := struct {
		Version string  `json:"version"`
		Title   string  `json:"title"`
		Items   []entry `json:"items"`
	}{Version: version, Title: "桐溪"}
	for i, it := range items {
		doc.Items = append(doc.Items, entry{fmt.Sprint("tx-", i), it.link, it.title, it.text, it.at.Format(time.RFC3339)})
	}
	out, _ := json.Marshal(doc) // of strings alone
	return string(out)
}

// readMade reads a document and gives what was read as said does, and the code
// of a refusal.
func readMade(body []byte, contentType string) ([]string, string) {
	feed, err := crawler.ReadFeed(body, contentType, "http://tongxi.example/feeds/all.xml", office)
	if err != nil {
		return nil, faultCode(err)
	}
	var out []string
	for _, it := range feed.Items {
		out = append(out, linkLine(it.Link))
	}
	return out, ""
}

func wantMade(t *testing.T, name string, body []byte, contentType string, want []string) {
	t.Helper()
	got, code := readMade(body, contentType)
	if code != "" {
		t.Errorf("%s: refused as %s", name, code)
		return
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n got %q\nwant %q", name, got, want)
	}
}

// declared takes the encoding out of a document, or puts another into it.
func declared(doc, label string) string {
	if label == "" {
		return strings.Replace(doc, ` encoding="utf-8"`, "", 1)
	}
	return strings.Replace(doc, `encoding="utf-8"`, `encoding="`+label+`"`, 1)
}

// Every dialect in every charset, and with every wrong word about it, is read
// to the letter.
func TestFeedsOfEveryCharset(t *testing.T) {
	wide := func(e unicode.Endianness, mark unicode.BOMPolicy) encoding.Encoding { return unicode.UTF16(e, mark) }
	plain := encoding.Nop
	for _, c := range []struct {
		name, label, header string
		enc                 encoding.Encoding
		big5                bool
		before              string
	}{
		{"as it says", "utf-8", "application/xml", plain, false, ""},
		{"mark", "utf-8", "", plain, false, "\xef\xbb\xbf"},
		{"utf-8 said gb2312", "gb2312", "application/xml", plain, false, ""},
		{"utf-8 said gb2312 by the header", "", "text/xml; charset=gb2312", plain, false, ""},
		{"utf-8 said latin by the header", "utf-8", "text/xml; charset=ISO-8859-1", plain, false, ""},
		{"utf-8 said utf-16", "utf-16", "application/xml", plain, false, ""},
		{"utf-8 with a mark said big5", "big5", "text/xml; charset=big5", plain, false, "\xef\xbb\xbf"},
		{"gbk as it says", "GBK", "application/xml", simplifiedchinese.GBK, false, ""},
		{"gbk said gb2312", "gb2312", "text/xml; charset=gb2312", simplifiedchinese.GBK, false, ""},
		{"gbk said nothing", "", "text/xml", simplifiedchinese.GBK, false, ""},
		{"gbk said utf-8", "utf-8", "text/xml; charset=utf-8", simplifiedchinese.GBK, false, ""},
		{"gbk said latin by the header", "", "text/xml; charset=ISO-8859-1", simplifiedchinese.GBK, false, ""},
		{"gbk said big5", "big5", "", simplifiedchinese.GBK, false, ""},
		{"gbk said us-ascii", "us-ascii", "text/xml; charset=us-ascii", simplifiedchinese.GBK, false, ""},
		{"gb18030 as it says", "gb18030", "", simplifiedchinese.GB18030, false, ""},
		{"big5 as it says", "big5", "application/xml", traditionalchinese.Big5, true, ""},
		{"big5 said nothing", "", "", traditionalchinese.Big5, true, ""},
		{"big5 said utf-8", "utf-8", "text/xml; charset=utf-8", traditionalchinese.Big5, true, ""},
		{"big5 said gbk", "gbk", "text/xml; charset=gbk", traditionalchinese.Big5, true, ""},
		{"utf-16le with a mark", "utf-16", "", wide(unicode.LittleEndian, unicode.UseBOM), false, ""},
		{"utf-16be with a mark", "utf-16", "", wide(unicode.BigEndian, unicode.UseBOM), false, ""},
		{"utf-16le with a mark said utf-8", "utf-8", "text/xml; charset=utf-8", wide(unicode.LittleEndian, unicode.UseBOM), false, ""},
		{"utf-16le without a mark", "utf-16", "", wide(unicode.LittleEndian, unicode.IgnoreBOM), false, ""},
		{"utf-16be without a mark", "", "", wide(unicode.BigEndian, unicode.IgnoreBOM), false, ""},
		{"utf-16be without a mark said gbk", "gbk", "text/xml; charset=gbk", wide(unicode.BigEndian, unicode.IgnoreBOM), false, ""},
	} {
		for _, d := range dialects {
			items := madeSimple
			if c.big5 {
				items = madeTraditional
			}
			for n := len(items); n > 0; n -= 2 { // all of them, and the first alone
				body := c.before + string(encode(t, c.enc, declared(d.build(items[:n]), c.label)))
				wantMade(t, fmt.Sprintf("%s, %s, %d items", d.name, c.name, n), []byte(body), c.header, said(items[:n], d.times))
			}
		}
	}
}

// One broken byte, and a document cut inside a character, spoil nothing but
// the character.
func TestFeedsOfBrokenCharset(t *testing.T) {
	for _, d := range dialects {
		for name, enc := range map[string]encoding.Encoding{"utf-8": encoding.Nop, "gbk": simplifiedchinese.GBK} {
			doc := d.build(madeSimple)
			spoiled := strings.Replace(doc, "九分钟", "九分\x01\x02钟", 1)
			body := strings.Replace(string(encode(t, enc, spoiled)), "\x01\x02", "\xff", 1)
			wantMade(t, d.name+", a byte too many in "+name, []byte(body), "", said(madeSimple, d.times))
			if end := strings.Index(doc, "很吵"); !strings.HasPrefix(doc, "{") {
				whole := encode(t, enc, doc[:end+len("很")])
				want := said(madeSimple, d.times)
				if d.name == "rdf" || d.name == "rss 0.91" { // the time comes after the text
					want = said(madeSimple, false)
					copy(want, said(madeSimple[:2], d.times))
				}
				wantMade(t, d.name+", cut inside a character of "+name, whole[:len(whole)-1], "", want)
			}
		}
	}
}
