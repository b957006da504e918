package crawler_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"minsheng/crawler"
	"minsheng/opinion"
)

// column is two paragraphs that make a page an article.
const column = `<p>清河市公安局北桥分局昨日在柳营夜市设立移动警务点，值守民警现场受理咨询，逐一登记群众反映的停车问题。</p>
<p>分局介绍，移动警务点每周五、周六晚七时至十一时开放，后续将根据客流调整位置，并公布受理情况。</p>`

// read extracts a page made of a head and a body at an invented address.
func read(t *testing.T, head, body, address string) crawler.Article {
	t.Helper()
	a, err := crawler.Extract([]byte("<html><head>"+head+"</head><body>"+body+"</body></html>"), "text/html", address, office)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestExtractWeighsTimes(t *testing.T) {
	const title = `<title>柳营夜市设立移动警务点_清河新闻网</title>`
	const h1 = `<h1>柳营夜市设立移动警务点</h1>`
	for _, c := range []struct{ name, head, body, address, want, from string }{
		{"date and time in spans that touch", "", h1 + `<div><span>2026-11-20</span><span>09:15</span></div>` + column, "", "2026-11-20T09:15", "weigh.from_printed"},
		{"midnight in meta is a day without a time", `<meta name="pubdate" content="2026-11-20 00:00:00">`, h1 + column, "", "2026-11-20", "weigh.from_meta"},
		{"a printed time of day completes it", `<meta name="pubdate" content="2026-11-20 00:00:00">`, h1 + `<p class="info">2026-11-20 09:15</p>` + column, "", "2026-11-20T09:15", "weigh.from_printed"},
		{"an attribute completes a printed day", "", `<div data-ptime="2026-11-20 09:15:08">` + h1 + `<p class="time">2026-11-20</p>` + column + `</div>`, "", "2026-11-20T09:15", "weigh.from_attribute"},
		{"a script of another day does not", `<script>var d = {"pubtime":"2026-11-21 09:15:08"}</script>`, h1 + `<p class="time">2026-11-20</p>` + column, "", "2026-11-20", "weigh.from_printed"},
		{"a script where nothing is printed", `<script>var d = {"pubtime":"2026-11-21 09:15:08"}</script>`, h1 + column, "", "2026-11-21T09:15", "weigh.from_script"},
		{"the year stands in the address", "", h1 + `<p class="info">11-20 09:15 来源：清河日报</p>` + column, "http://n.example/bd/20261120/17.html", "2026-11-20T09:15", "weigh.from_printed"},
		{"another day in the address completes nothing", "", h1 + `<p class="info">11-19 09:15</p>` + column, "http://n.example/bd/20261120/17.html", "2026-11-20", "weigh.from_address"},
		{"the address alone", "", h1 + column, "http://n.example/2026-11/20/content_17.htm", "2026-11-20", "weigh.from_address"},
		{"the first of the times below the text", "", h1 + column + `<p>发布时间 2026/11/20 09:15:42</p><p>跟帖</p><p>发布时间 2026/11/21 13:45:40</p>`, "", "2026-11-20T09:15", "weigh.from_below"},
		{"UTC in linked data, local time printed", `<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2026-11-20T01:15:00Z"}</script>`, h1 + `<p class="info">2026-11-20 09:15</p>` + column, "", "2026-11-20T09:15", "weigh.from_printed"},
		{"a time element, a change beside it", "", h1 + `<div><time datetime="2026-11-20T09:15:00+08:00">11月20日</time><p>最后更新 2026-11-22 18:00</p></div>` + column, "", "2026-11-20T09:15", "weigh.from_printed"},
		{"epoch milliseconds are in the office's zone", `<script>var d = {"publishTime":1795137300000}</script>`, h1 + `<p>3小时前</p>` + column, "", "2026-11-20T09:15", "weigh.from_script"},
		{"a sentence tells when something happened", "", h1 + `<p>2026-11-20</p><p>2026年11月19日20时30分，北桥区柳营夜市发生一起纠纷，民警到场处置，现场秩序平稳，无人受伤。</p>` + column, "", "2026-11-20", "weigh.from_printed"},
		{"a list above the title is not it", "", `<div><a href="/1">城区道路改造工程本月底完工</a> 2026-11-25 10:00</div>` + h1 + column, "", "", ""},
		{"the time of an event", "", h1 + `<p>活动时间：2026年11月28日19:00</p>` + column + `<p>发布日期：2026-11-20</p>`, "", "2026-11-20", "weigh.from_below"},
		{"the year of the last change", `<meta property="og:updated_time" content="2027-01-03T10:00:00+08:00">`, h1 + `<p>11-20 09:15</p>` + column, "", "2026-11-20T09:15", "weigh.from_printed"},
		{"Chinese numerals", "", h1 + `<p>二〇二六年十一月二十日</p>` + column, "", "2026-11-20", "weigh.from_printed"},
		{"of two times in a line the one of publication", "", h1 + `<p>成文日期：2026-11-12 发布日期：2026-11-20 有效期：2027-11-20</p>` + column, "", "2026-11-20", "weigh.from_printed"},
		{"a meta name of publication by its form", `<meta name="first-publish-time" content="2026-11-20 09:15:00">`, h1 + column, "", "2026-11-20T09:15", "weigh.from_meta"},
		{"the time of an entry as microformats mark it", "", h1 + column + `<p>甲 <time class="entry-date published" datetime="2026-11-20T09:15:00+08:00">11月20日</time> <time class="updated" datetime="2026-11-22T09:15:00+08:00"></time></p>`, "", "2026-11-20T09:15", "weigh.from_microdata"},
		{"times of readers are none", "", h1 + column + `<div class="comments"><p>甲 发表于 2026-11-20 09:15</p></div><h4>网友评论</h4><p>乙 发表于 2026-11-20 10:15</p>`, "", "", ""},
		{"a title hides the time behind 昨天", "", h1 + `<p><span class="time" title="2026-11-20 09:15:00">昨天</span></p>` + column, "", "2026-11-20T09:15", "weigh.from_printed"},
		{"the label is a line of its own", "", h1 + `<div><label>施行日期</label><p>2026-12-01</p><label>公布日期</label><p>2026-11-20</p><label>失效日期</label><p>2031-12-31</p></div>` + column, "", "2026-11-20", "weigh.from_printed"},
		{"a year of two digits", "", h1 + `<p>26-11-20 09:15</p>` + column, "", "2026-11-20T09:15", "weigh.from_printed"},
		{"a signature is older than the day of filing", "", h1 + column + `<p>2026年11月18日</p>`, "http://n.example/2026/1120/17.html", "2026-11-20", "weigh.from_address"},
		{"a much later day of filing is of something else", "", h1 + column + `<p>2026年9月18日</p>`, "http://n.example/2026/1120/17.html", "2026-09-18", "weigh.from_signature"},
		{"a line that speaks of a change goes after", "", h1 + `<p>发布时间：2026-11-20 09:15</p><p>更新：2026-11-21 10:00</p>` + column, "", "2026-11-20T09:15", "weigh.from_printed"},
	} {
		a := read(t, title+c.head, c.body, c.address)
		got := a.Published.Format("2006-01-02T15:04")
		switch {
		case a.Published.IsZero():
			got = ""
		case a.DayOnly:
			got = a.Published.Format(time.DateOnly)
		}
		from := ""
		for _, w := range a.Weighed {
			if w.Field == "time" && w.Chosen {
				from = w.From
			}
		}
		if got != c.want || from != c.from {
			t.Errorf("%s: %s from %s, want %s from %s; weighed %+v", c.name, got, from, c.want, c.from, a.Weighed)
		}
	}
}

func TestExtractWeighsTitles(t *testing.T) {
	const want = "柳营夜市设立移动警务点"
	for _, c := range []struct{ name, head, body, want string }{
		{"a line of its own where no heading is marked", "<title>" + want + "_本地_清河新闻网</title>", "<table><tr><td><b><font size=5>" + want + "</font></b></td></tr></table>" + column, want},
		{"behind the site's name", "<title>Qinghe Weekly - " + want + "</title>", "<p><strong>" + want + "</strong></p>" + column, want},
		{"the site's own line does not win", "<title>" + want + " - 清河市公安局北桥分局警务公开网</title>", "<p>清河市公安局北桥分局警务公开网</p><p><b>" + want + "</b></p>" + column, want},
		{"a first half of a title is none", `<title>北桥分局在柳营夜市设立移动警务点的通告-警务公开</title><meta property="og:title" content="北桥分局在柳营夜市设立移动警务点的通告">`, "<p>北桥分局在柳营夜市</p><p>设立移动警务点的通告</p>" + column, "北桥分局在柳营夜市设立移动警务点的通告"},
		{"linked data and OpenGraph against a column's name", `<title>平安清河</title><meta property="og:title" content="` + want + `"><script type="application/ld+json">{"@type":"NewsArticle","headline":"` + want + `"}</script>`, column, want},
		{"a logo as heading is none", "<title>清河见闻网</title>", `<h1><a href="/">清河见闻网</a></h1><p><b>` + want + "</b></p><p>2026-11-20 09:15</p>" + column, want},
		{"a title that ends like the name of a house", "<title>北桥片区新建十二座充电站 - 清河见闻网</title>", "<h2>今日要闻</h2><h3>北桥片区新建十二座充电站</h3><p>2026-11-20 09:15</p>" + column, "北桥片区新建十二座充电站"},
		{"time and source inside the heading", "<title>" + want + "-清河见闻网</title>", "<h1>" + want + "<br><span>2026-11-20 09:15 来源：清河日报</span></h1>" + column, want},
		{"the site's name before a plain dash", "<title>清河日报-" + want + "</title>", column, want},
		{"a tab cut short", "<title>柳营夜市设立...</title>", "<h4>" + want + "</h4><p>2026-11-20 09:15</p>" + column, want},
		{"a heading inside the text is none", "<title>清河市成立反诈中心</title>", "<h2>清河市成立反诈中心</h2><p>市局供稿</p><h3>一个窗口受理</h3>" + column, "清河市成立反诈中心"},
		{"a short title before an office's name", "<title>警情通报-清河市公安局</title>", column, "警情通报"},
	} {
		if a := read(t, c.head, c.body, "http://n.example/1.html"); a.Title != c.want {
			t.Errorf("%s: title %q, want %q; weighed %+v", c.name, a.Title, c.want, a.Weighed)
		}
	}
}

func TestExtractWeighsSources(t *testing.T) {
	const h1 = `<h1>柳营夜市设立移动警务点</h1>`
	for _, c := range []struct{ name, head, body, want string }{
		{"after its label", "", h1 + `<p>2026-11-20 09:15 来源：清河日报 作者：某某</p>` + column, "清河日报"},
		{"an element named so", "", h1 + `<div><span class="date">2026-11-20 09:15</span><a class="source" href="http://r.example/">清河日报</a></div>` + column, "清河日报"},
		{"a label before a name", `<meta name="source" content="清河新闻网">`, h1 + `<p><span class="source">北桥视窗</span> 2026-11-20 转载自：清河日报</p>` + column, "清河日报"},
		{"meta where nothing is printed", `<meta name="source" content="清河新闻网">`, h1 + column, "清河新闻网"},
		{"a person's account is none", "", h1 + `<p>2026-11-20 09:15 <span class="media">河边走走</span></p>` + column, ""},
		{"a person under the label is none", "", h1 + `<p>2026-11-20 09:15 来源：王小桥</p>` + column, ""},
		{"a house with a surname's character", "", h1 + `<p>2026-11-20 09:15 来源：金水报</p>` + column, "金水报"},
		{"a word that names nobody", `<meta name="source" content="清河日报">`, h1 + `<p>2026-11-20 09:15 来源：本站原创</p>` + column, "清河日报"},
		{"a count is no source", "", h1 + `<p class="from">浏览 1024 次</p>` + column, ""},
	} {
		if a := read(t, `<title>柳营夜市设立移动警务点</title>`+c.head, c.body, "http://n.example/1.html"); a.Outlet != c.want {
			t.Errorf("%s: source %q, want %q; weighed %+v", c.name, a.Outlet, c.want, a.Weighed)
		}
	}
}

// What the site marks as its text wins only where the finder missed most of it.
func TestExtractWeighsBodies(t *testing.T) {
	long := strings.Repeat("北桥分局在柳营夜市设立移动警务点，每周五晚开放，群众可当面咨询。", 12)
	const head = `<title>柳营夜市设立移动警务点</title>`
	linked := fmt.Sprintf(`<script type="application/ld+json">{"@type":"NewsArticle","articleBody":%q}</script>`, long)
	a := read(t, head+linked, `<h1>柳营夜市设立移动警务点</h1><p>正文加载中，请稍候，若长时间没有显示请刷新页面。</p>`, "http://n.example/1.html")
	if !a.IsArticle || a.Text != long {
		t.Errorf("text %q, want that of the linked data", a.Text)
	}
	b := read(t, head, `<h1>柳营夜市设立移动警务点</h1><div itemprop="articleBody">`+column+`</div>`, "http://n.example/1.html")
	chosen := slices.IndexFunc(b.Weighed, func(w crawler.Candidate) bool { return w.Field == "body" && w.Chosen })
	if chosen < 0 || b.Weighed[chosen].From != "weigh.from_readability" {
		t.Errorf("weighed %+v, want readability's text chosen", b.Weighed)
	}
}

// A call to follow a link above the text is no part of it; the same words
// without a link are.
func TestExtractDropsCalls(t *testing.T) {
	const call = `<p>“平安清河”年度评选火热进行中，您心目中的好邻居是谁？【%s】为他加油，结果将于年底公布。</p>`
	for _, c := range []struct {
		link string
		kept bool
	}{{`<a href="/vote">点击投票</a>`, false}, {"点击投票", true}} {
		a := read(t, `<title>柳营夜市设立移动警务点</title>`, `<h1>柳营夜市设立移动警务点</h1><div>`+fmt.Sprintf(call, c.link)+column+`</div>`, "http://n.example/1.html")
		if got := strings.Contains(a.Text, "年度评选"); got != c.kept || !strings.Contains(a.Text, "移动警务点每周五") {
			t.Errorf("with %q: kept = %v, want %v; text %q", c.link, got, c.kept, a.Text)
		}
	}
}

func TestExtractFindsTheTextAlone(t *testing.T) {
	const first = "清河市公安局北桥分局昨日在柳营夜市设立移动警务点，值守民警现场受理咨询，逐一登记群众反映的停车问题。"
	const last = "分局介绍，移动警务点每周五、周六晚七时至十一时开放，后续将根据客流调整位置，并公布受理情况。"
	talk := strings.Repeat(`<p>停车的问题反映了好几年了，每次都说在研究，什么时候能有一个准信，周末根本没有地方停，希望这次是真的解决问题。</p>`, 8)
	menu := strings.Repeat(`<li><a href="/1/">社会</a></li><li><a href="/2/">民生</a></li>`, 18)
	for _, c := range []struct{ name, body string }{
		{"comments longer than the text", `<div class="article">` + column + `</div><div class="comments">` + talk + `</div>`},
		{"a column that is named after comments", `<div class="comment">` + column + `</div>`},
		{"a long menu", `<ul>` + menu + `</ul>` + column},
		{"a call to follow the site", column + `<p>更多本地消息，请下载客户端，或扫描下方二维码关注公众号，第一时间了解身边事。</p>`},
		{"the time under the text", column + `<p>（发布时间：2026年11月20日 09:15）</p>`},
		{"lines of a preformatted text", "<pre>    " + first + "\n    " + last + "</pre>"},
	} {
		a := read(t, `<title>柳营夜市设立移动警务点</title>`, `<h1>柳营夜市设立移动警务点</h1>`+c.body, "http://n.example/1.html")
		if want := first + "\n" + last; a.Text != want {
			t.Errorf("%s: text %q, want %q", c.name, a.Text, want)
		}
	}
}

// Pages made to be slow: each comes to an end, and the bounds say so by what
// they leave.
func TestExtractIsBounded(t *testing.T) {
	for name, body := range map[string]string{
		"veils in veils":        strings.Repeat(`<div hidden>x`, 20_000),
		"boxes of comments":     strings.Repeat(`<div class="comments"><p>停车的问题反映了好几年了，每次都说在研究，什么时候能有一个准信。</p>`, 5_000),
		"links to other pages":  strings.Repeat(`<a href="/1_2.html">2</a>`, 30_000),
		"lines that may be due": strings.Repeat(`<p>2026-11-20 09:15 来源：</p>`, 15_000),
		"spans in one line":     "<p>" + strings.Repeat(`<span class="source">1</span>`, 30_000) + "</p>",
		"one long title":        "<title>" + strings.Repeat("清河_", 50_000) + "</title>" + strings.Repeat("<p>清河</p>", 10_000),
	} {
		page, err := crawler.ReadPage([]byte(body), "text/html", "http://n.example/1.html", opinion.Media, office)
		if err != nil && faultCode(err)[:5] != "read." {
			t.Errorf("%s: an error without a sentence: %v", name, err)
		}
		for _, d := range page.Documents {
			if len(d.Text) > 500_000 {
				t.Errorf("%s: a text of %d bytes", name, len(d.Text))
			}
		}
	}
}

// A heading inside the text that is a piece of the title does not cut off what
// stands before it.
func TestExtractKeepsPieceOfTitle(t *testing.T) {
	const title = "北桥分局在柳营夜市设立移动警务点并公布停车问题受理结果的通告"
	a := read(t, "<title>"+title+"</title>", "<h1>"+title+"</h1><div><p>各位市民</p><p>柳营夜市设立移动警务点</p>"+column+"</div>", "http://n.example/1.html")
	if !strings.HasPrefix(a.Text, "各位市民\n柳营夜市设立移动警务点\n") {
		t.Errorf("text %q, want both short lines kept", a.Text)
	}
}

// A text that only a script would show is read; a hidden box beside it is not.
func TestExtractReadsVeiledText(t *testing.T) {
	a := read(t, `<title>柳营夜市设立移动警务点</title>`, `<h1>柳营夜市设立移动警务点</h1><p>3小时前</p><div style="visibility: hidden; opacity: 0">`+column+`</div><div style="display:none"><p>您尚未登录，请先登录后再发表评论。</p></div>`, "http://n.example/1.html")
	if !a.IsArticle || !strings.HasPrefix(a.Text, "清河市公安局北桥分局") || strings.Contains(a.Text, "登录") {
		t.Errorf("article %v (%s), text %q", a.IsArticle, a.Reason, a.Text)
	}
}

// Paragraphs that are parted by two breaks stay lines of their own.
func TestExtractKeepsLinesApart(t *testing.T) {
	body := `<h1>柳营夜市设立移动警务点</h1><div>北桥分局在柳营夜市设立移动警务点，每周五晚开放，群众可当面咨询停车问题。<br><br>值守民警表示，登记的问题三个工作日内答复，并在分局网站公布办理情况。<br><br>市民反映，夜市周边停车难已有多年，希望交警部门尽快增设停车位。</div>`
	a := read(t, `<title>柳营夜市设立移动警务点</title>`, body, "http://n.example/1.html")
	got := strings.Split(a.Text, "\n")
	want := []string{
		"北桥分局在柳营夜市设立移动警务点，每周五晚开放，群众可当面咨询停车问题。",
		"值守民警表示，登记的问题三个工作日内答复，并在分局网站公布办理情况。",
		"市民反映，夜市周边停车难已有多年，希望交警部门尽快增设停车位。",
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("lines (-got +want):\n%s", diff)
	}
}
