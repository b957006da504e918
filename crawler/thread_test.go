package crawler_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"minsheng/crawler"
	"minsheng/opinion"
)

var update = flag.Bool("update", false, "write what is read into testdata, to be reviewed")

// office is the zone of the tests.
var office = time.FixedZone("office", 8*60*60)

// docLine renders what a test wants to know of a document.
func docLine(d crawler.Document) string {
	when := ""
	if !d.Published.IsZero() {
		when = d.Published.In(office).Format("01-02 15:04")
	}
	return fmt.Sprintf("%s|%s|%s|%s|%s", d.Kind, d.Anchor, when, d.Speaker, strings.ReplaceAll(d.Text, "\n", "/"))
}

func docLines(p crawler.Page) []string {
	var lines []string
	for _, d := range p.Documents {
		lines = append(lines, docLine(d))
	}
	return lines
}

const numberedThread = `<html><head><title>窗口办事等了两小时 - 清河茶馆 - 清河论坛</title></head><body>
<div id="nav"><a href="/">首页</a> <a href="/forum-2.html">清河茶馆</a></div>
<span id="thread_subject">窗口办事等了两小时</span>
<div id="postlist">
<div id="post_101"><table id="pid101"><tr><td class="pls"><div class="authi"><a href="space-uid-7.html" class="xw1">柳下听风</a></div><p>积分 120</p></td>
<td class="plc"><div class="pi"><strong><a id="postnum101">楼主</a></strong><em id="authorposton101">发表于 2026-11-22 08:30</em> <a>只看该作者</a></div>
<div class="t_fsz"><table><tr><td class="t_f" id="postmessage_101">今天去派出所办居住证，排了两个小时的队。<br>窗口只开了一个，态度还很差。</td></tr></table></div>
<div class="sign">江湖夜雨十年灯，此签名不是正文。</div></td></tr></table></div>
<div id="post_102"><table id="pid102"><tr><td class="pls"><div class="authi"><a class="xw1">老槐树</a></div></td>
<td class="plc"><div class="pi"><strong><a id="postnum102">2#</a></strong><em id="authorposton102">发表于 <span title="2026-11-22 09:05:11">半小时前</span></em></div>
<div class="t_fsz"><table><tr><td class="t_f" id="postmessage_102"><div class="quote"><blockquote>柳下听风 发表于 2026-11-22 08:30<br>今天去派出所办居住证</blockquote></div>同感，上周我也等了很久。</td></tr></table></div></td></tr></table></div>
</div><div class="pg"><a href="thread-9-2-1.html" class="nxt">下一页</a></div></body></html>`

const flowThread = `<html><head><title>夜市噪音怎么没人管？ | 河畔社区</title></head><body>
<nav><a href="/">社区首页</a></nav><h1>夜市噪音怎么没人管？</h1>
<div class="posts">
<article class="post" id="p11"><header><span class="username">甲乙丙</span><time datetime="2026-11-21T22:10:00+08:00">昨天</time></header>
<div class="post-content"><p>北桥夜市每天吵到凌晨两点，打了几次电话都说在处理。</p></div><footer><a>回复</a> <a>举报</a></footer></article>
<article class="post" id="p12"><header><span class="username">丁戊</span><time datetime="2026-11-21T22:40:00+08:00">昨天</time></header>
<div class="post-content"><p>民警昨晚来过，摊主收了一会又摆出来。</p></div></article>
<article class="post" id="p13"><header><span class="username">己庚</span><time datetime="2026-11-21T23:01:00+08:00">昨天</time></header>
<div class="post-content"><p>支持整治！</p></div></article></div></body></html>`

const commentThread = `<html><head><title>交警上门送回走失老人 - 市民说</title></head><body><div class="wrap">
<h1 class="title">交警上门送回走失老人</h1><div class="info">2026-11-20 18:20 来源：市民说</div>
<div class="body"><p>昨天下午我家老人走失，巡逻的交警在滨江大道看到后，一路问路把人送回了家，水都没有喝一口。</p><p>想借这里说一声谢谢，也提醒大家给老人带好联系卡。</p></div>
<div class="comment-list"><h3>全部评论</h3>
<div class="comment-item" id="comment-901"><span class="nick">辛壬</span><span class="time">2026-11-20 19:00</span><p class="comment-text">为他们点赞。</p>
 <div class="reply-item" id="comment-902"><span class="nick">癸子</span><span class="time">2026-11-20 19:12</span><p class="reply-text">确实暖心。</p></div></div>
<div class="comment-item" id="comment-903"><span class="nick">丑寅</span><span class="time">2026年11月20日 20:00</span><p class="comment-text">这样的好事多报道。</p></div>
</div></div></body></html>`

func TestReadPageThread(t *testing.T) {
	for _, c := range []struct {
		name, body, url, title, next string
		want                         []string
	}{
		{"numbered ids", numberedThread, "http://bbs.example/thread-9-1-1.html", "窗口办事等了两小时", "http://bbs.example/thread-9-2-1.html", []string{
			"post||11-22 08:30|柳下听风|今天去派出所办居住证，排了两个小时的队。/窗口只开了一个，态度还很差。",
			"reply|post_102|11-22 09:05|老槐树|同感，上周我也等了很久。",
		}},
		{"articles in a stream", flowThread, "http://bbs.example/d/11", "夜市噪音怎么没人管？", "", []string{
			"post||11-21 22:10|甲乙丙|北桥夜市每天吵到凌晨两点，打了几次电话都说在处理。",
			"reply|p12|11-21 22:40|丁戊|民警昨晚来过，摊主收了一会又摆出来。",
			"reply|p13|11-21 23:01|己庚|支持整治！",
		}},
		{"comments under a text", commentThread, "http://bbs.example/t/5", "交警上门送回走失老人", "", []string{
			"post||11-20 18:20||昨天下午我家老人走失，巡逻的交警在滨江大道看到后，一路问路把人送回了家，水都没有喝一口。/想借这里说一声谢谢，也提醒大家给老人带好联系卡。",
			"reply|comment-901|11-20 19:00|辛壬|为他们点赞。",
			"reply|comment-902|11-20 19:12|癸子|确实暖心。",
			"reply|comment-903|11-20 20:00|丑寅|这样的好事多报道。",
		}},
		{"plain floors", floorThread("", 1), "http://bbs.example/show?id=7", "滨江路口红绿灯坏了三天", "http://bbs.example/show?id=7&page=2", []string{
			"post||11-22 07:00|网友一|滨江路口的红绿灯坏了三天，早高峰全靠互相让。",
			"reply|floor-2|11-22 07:30|网友二|已经打过电话，说今天来修。",
			"reply|floor-3|11-22 08:00|网友三|刚才路过，有交警在指挥。",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := crawler.ReadPage([]byte(c.body), "text/html", c.url, opinion.Forum, office)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(docLines(got), c.want); diff != "" {
				t.Errorf("documents (-got +want):\n%s", diff)
			}
			if got.Title != c.title || got.Next != c.next || got.Opening != "" {
				t.Errorf("title %q, next %q, opening %q, want %q, %q and none", got.Title, got.Next, got.Opening, c.title, c.next)
			}
		})
	}
}

// floorThread is a thread without ids, three floors from first on.
func floorThread(links string, first int) string {
	texts := []string{"滨江路口的红绿灯坏了三天，早高峰全靠互相让。", "已经打过电话，说今天来修。", "刚才路过，有交警在指挥。"}
	var b strings.Builder
	b.WriteString(`<html><head><title>滨江路口红绿灯坏了三天_百姓论坛</title></head><body><h1>滨江路口红绿灯坏了三天</h1><ul>`)
	for i, text := range texts {
		who := []string{"网友一", "网友二", "网友三"}[i]
		fmt.Fprintf(&b, `<li class="floor"><div class="user">%s</div><div class="floor-content">%s</div><div class="tail">%d楼 2026-11-22 %02d:%02d 回复</div></li>`,
			who, text, first+i, 7+i/2, 30*(i%2))
	}
	b.WriteString(`</ul>`)
	if links == "" {
		links = `<a href="?id=7&amp;page=2">下一页</a>`
	}
	return b.String() + links + `</body></html>`
}

// TestReadPageSystems reads the markup of six kinds of forum; beside each page
// lies what it holds.
func TestReadPageSystems(t *testing.T) {
	pages, err := filepath.Glob("testdata/threads/*.html")
	if err != nil || len(pages) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	for _, name := range pages {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		page, err := crawler.ReadPage(body, "text/html", "http://bbs.example/t/1", opinion.Forum, office)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := strings.Join(append(docLines(page), "next: "+page.Next), "\n") + "\n"
		golden := strings.TrimSuffix(name, ".html") + ".txt"
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(got, string(want)); diff != "" {
			t.Errorf("%s (-got +want):\n%s", name, diff)
		}
	}
}

func TestReadPageLaterPage(t *testing.T) {
	body := floorThread(`<a href="?id=7&amp;page=1">上一页</a> <a href="?id=7&amp;page=3">下一页</a>`, 21)
	got, err := crawler.ReadPage([]byte(body), "text/html", "http://bbs.example/show?id=7&page=2", opinion.Forum, office)
	if err != nil {
		t.Fatal(err)
	}
	if got.Opening != "http://bbs.example/show?id=7&page=1" || got.Next != "http://bbs.example/show?id=7&page=3" {
		t.Errorf("opening %q, next %q", got.Opening, got.Next)
	}
	for i, d := range got.Documents {
		if want := fmt.Sprintf("floor-%d", 21+i); d.Kind != opinion.Reply || d.Anchor != want {
			t.Errorf("document %d is %s %q, want a reply %q", i, d.Kind, d.Anchor, want)
		}
	}
	if len(got.Documents) != 3 {
		t.Errorf("%d documents, want 3", len(got.Documents))
	}
}

func TestReadPageDeclaredThread(t *testing.T) {
	linked := `<html><head><title>报警后多久到场</title><script type="application/ld+json">{"@context":"https://schema.org","@type":"DiscussionForumPosting",
"headline":"报警后多久到场","text":"昨晚报警，十二分钟到的。","datePublished":"2026-11-22T08:00:00+08:00","author":{"@type":"Person","name":"甲"},
"comment":[{"@type":"Comment","text":"我们这里快一些。","datePublished":"2026-11-22T08:10:00+08:00","author":{"name":"乙"},"url":"http://q.example/t/1#c2"}]}</script></head><body><h1>报警后多久到场</h1></body></html>`
	micro := `<html><head><title>报警后多久到场</title></head><body><div itemscope itemtype="http://schema.org/DiscussionForumPosting"><h1 itemprop="headline">报警后多久到场</h1>
<span itemprop="author" itemscope itemtype="http://schema.org/Person"><b itemprop="name">甲</b></span><time itemprop="datePublished" datetime="2026-11-22T08:00:00+08:00"></time>
<div itemprop="text">昨晚报警，十二分钟到的。</div><div itemprop="comment" itemscope itemtype="http://schema.org/Comment" id="c2">
<span itemprop="author">乙</span><time itemprop="datePublished" datetime="2026-11-22T08:10:00+08:00"></time><p itemprop="text">我们这里快一些。</p></div></div></body></html>`
	want := []string{"post||11-22 08:00|甲|昨晚报警，十二分钟到的。", "reply|c2|11-22 08:10|乙|我们这里快一些。"}
	for name, body := range map[string]string{"linked data": linked, "microdata": micro} {
		got, err := crawler.ReadPage([]byte(body), "text/html", "http://q.example/t/1", opinion.Forum, office)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(docLines(got), want); diff != "" {
			t.Errorf("%s: documents (-got +want):\n%s", name, diff)
		}
	}
}

const tableBoard = `<html><head><title>办证窗口服务问题 - 清河市网上信访</title></head><body><h2>办证窗口服务问题</h2>
<table><tr><td>信件编号：</td><td>20261122003</td><td>留言时间：</td><td>2026-11-20 09:15</td></tr>
<tr><td>留言人：</td><td>李某</td><td>办理状态：</td><td>已办结</td></tr>
<tr><td>留言内容：</td><td colspan="3"><p>北桥派出所办证窗口中午不办事，跑了两趟都没办成。</p><p>希望能有人值班。</p></td></tr>
<tr><td>答复单位：</td><td>清河市公安局</td><td>答复时间：</td><td>2026-11-22 10:00</td></tr>
<tr><td>答复内容：</td><td colspan="3"><p>您好，您反映的问题已收悉。</p><p>窗口已安排午间值班，感谢监督。</p></td></tr></table>
<div>相关留言</div><ul><li><a href="/1.html">另一封关于停车的来信</a></li></ul></body></html>`

const blockBoard = `<html><head><title>夜间施工扰民 - 市民留言板</title></head><body><h1>夜间施工扰民</h1>
<div class="ask"><div class="hd">网友留言</div><div class="meta">2026-11-19 21:40</div><p>工地夜里十一点还在打桩，报警后民警来了两次。</p></div>
<div class="ans"><div class="hd">官方回复</div><div class="meta">东浦区公安分局 2026-11-21 15:30</div><p>经查，该工地夜间施工许可已过期，已责令停工。</p></div></body></html>`

func TestReadPageBoard(t *testing.T) {
	type doc struct{ Line, Title, Agency, Status string }
	for _, c := range []struct {
		name, body string
		want       []doc
	}{
		{"table", tableBoard, []doc{
			{"board||11-20 09:15|李某|北桥派出所办证窗口中午不办事，跑了两趟都没办成。/希望能有人值班。", "办证窗口服务问题", "清河市公安局", "已办结"},
			{"board|answer|11-22 10:00||您好，您反映的问题已收悉。/窗口已安排午间值班，感谢监督。", "", "清河市公安局", "已办结"},
		}},
		{"blocks", blockBoard, []doc{
			{"board||11-19 21:40||工地夜里十一点还在打桩，报警后民警来了两次。", "夜间施工扰民", "东浦区公安分局", ""},
			{"board|answer|11-21 15:30||经查，该工地夜间施工许可已过期，已责令停工。", "", "东浦区公安分局", ""},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := crawler.ReadPage([]byte(c.body), "text/html", "http://board.example/v/3", opinion.BoardSite, office)
			if err != nil {
				t.Fatal(err)
			}
			var docs []doc
			for _, d := range got.Documents {
				docs = append(docs, doc{docLine(d), d.Title, d.Agency, d.Status})
			}
			if diff := cmp.Diff(docs, c.want); diff != "" {
				t.Errorf("documents (-got +want):\n%s", diff)
			}
		})
	}
}

func TestReadPageRefusals(t *testing.T) {
	for _, c := range []struct{ name, body, code string }{
		{"empty", "  ", "read.empty"},
		{"login", `<title>用户登录</title><form><input name=u><input type="password"></form><p>请登录后查看。</p>`, "read.is_login"},
		{"error", `<title>404 页面不存在</title><p>您访问的页面不存在，请返回首页。</p>`, "read.is_error"},
		{"bare", `<title>空</title><div></div>`, "read.no_article"},
	} {
		_, err := crawler.ReadPage([]byte(c.body), "text/html", "http://a.example/x", opinion.Media, office)
		var fault *opinion.Fault
		if !errors.As(err, &fault) || fault.Code != c.code {
			t.Errorf("%s: got %v, want %s", c.name, err, c.code)
		}
	}
}

func FuzzReadPage(f *testing.F) {
	for i, s := range []string{numberedThread, flowThread, commentThread, tableBoard, blockBoard, floorThread("", 1)} {
		f.Add([]byte(s), uint8(i))
	}
	for _, c := range layouts {
		f.Add([]byte(c.body), uint8(slices.Index(opinion.Classes, c.kind)))
	}
	f.Fuzz(func(t *testing.T, body []byte, n uint8) {
		kind := opinion.Classes[int(n)%len(opinion.Classes)]
		page, err := crawler.ReadPage(body, "text/html", "http://a.example/x?page=2", kind, office)
		if err == nil && len(page.Documents) == 0 {
			t.Error("neither a document nor a reason")
		}
		seen := map[string]bool{}
		for i, d := range page.Documents {
			if d.Text == "" {
				t.Error("a document without text")
			}
			if key := d.URL + "#" + d.Anchor; seen[key] {
				t.Errorf("two documents bear the name %q", key)
			} else {
				seen[key] = true
			}
			if len(d.Text) > 600_000 || i > 1000 {
				t.Error("a bound does not hold")
			}
		}
	})
}
