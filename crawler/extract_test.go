package crawler_test

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"minsheng/crawler"
)

// newsPage is a page with everything round its text that portals put there.
const newsPage = `<!DOCTYPE html><html><head><meta charset="utf-8"><title>滨江大道早高峰限行方案公布_本地新闻_清河新闻网</title>
<meta property="og:title" content="滨江大道早高峰限行方案公布"><meta name="publishdate" content="2026-11-21">%META%</head><body>
<div class="top"><a href="/">首页</a> <a href="/bd/">本地</a> <a href="/sh/">社会</a> 今天是2026年11月23日 星期一</div>
<div class="crumbs">当前位置：<a href="/">首页</a> &gt; <a href="/bd/">本地新闻</a></div>
<h1>滨江大道早高峰限行方案公布</h1>
<div class="info">2026-11-22 08:30 来源：清河日报 作者：本报记者 浏览：1024</div>
<div class="article">
<p>清河市交警部门昨日公布滨江大道早高峰限行方案，自十二月一日起试行三个月，征求意见期间收到来信四百余封。</p>
<p>方案明确，工作日七时至九时，货运车辆不得驶入滨江大道东段，沿线学校门前增设临时停靠点，由辅警引导。</p>
<p>交警部门表示，试行期间将根据路况调整时段，市民可通过服务热线提出意见。</p>
<p>责任编辑：某某</p></div>
<div class="bdsharebuttonbox">分享到：<a href="#">微博</a><a href="#">微信</a></div>
<div class="related"><h3>相关阅读</h3><ul><li><a href="/1.html">东浦路口信号灯配时优化</a> 2026-11-20</li><li><a href="/2.html">校园周边交通整治启动</a> 2026-11-19</li></ul></div>
<div class="footer">版权所有 清河新闻网 备案号 00000000</div></body></html>`

func TestExtract(t *testing.T) {
	text := strings.Join([]string{
		"清河市交警部门昨日公布滨江大道早高峰限行方案，自十二月一日起试行三个月，征求意见期间收到来信四百余封。",
		"方案明确，工作日七时至九时，货运车辆不得驶入滨江大道东段，沿线学校门前增设临时停靠点，由辅警引导。",
		"交警部门表示，试行期间将根据路况调整时段，市民可通过服务热线提出意见。",
	}, "\n")
	for _, c := range []struct{ name, meta, published string }{
		{"printed time completes a day in meta", "", "2026-11-22T00:30:00Z"},
		{"local time written as UTC in meta", `<meta property="article:published_time" content="2026-11-22T08:30:00Z">`, "2026-11-22T00:30:00Z"},
		{"a zone in meta", `<meta property="article:published_time" content="2026-11-22T09:25:00+09:00">`, "2026-11-22T00:25:00Z"},
		{"meta that gives the last change", `<meta property="article:published_time" content="2026-11-22T19:00:00+08:00">`, "2026-11-22T00:30:00Z"},
	} {
		page := strings.Replace(newsPage, "%META%", c.meta, 1)
		for charset, body := range map[string][]byte{"utf-8": []byte(page), "gb18030": encode(t, simplifiedchinese.GBK, page)} {
			a, err := crawler.Extract(body, "text/html; charset=utf-8", "http://n.example/bd/9.html", office)
			if err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			if !a.IsArticle || a.Title != "滨江大道早高峰限行方案公布" || a.Outlet != "清河日报" || a.Charset != charset {
				t.Errorf("%s: article %v (%s), title %q, outlet %q, charset %s, want %s", c.name, a.IsArticle, a.Reason, a.Title, a.Outlet, a.Charset, charset)
			}
			if a.Text != text {
				t.Errorf("%s: text %q, want %q", c.name, a.Text, text)
			}
			if got := a.Published.UTC().Format(time.RFC3339); got != c.published || a.DayOnly {
				t.Errorf("%s: published %s (day only: %v), want %s; %v", c.name, got, a.DayOnly, c.published, a.Weighed)
			}
		}
	}
}

func TestExtractShortNotice(t *testing.T) {
	page := `<html><head><title>警情通报-清河市公安局</title></head><body><div class="nav"><a href="/">网站首页</a><a href="/jwgk/">警务公开</a></div>
<div class="main"><h2 class="tit">警情通报</h2><p>11月21日23时许，北桥区柳营夜市发生一起聚众斗殴警情，民警到场后控制现场，六名涉案人员已被依法采取强制措施，案件正在进一步侦办。</p>
<p style="text-align:right">清河市公安局</p><p style="text-align:right">2026年11月22日</p></div>
<div class="list"><h3>热点新闻</h3><ul><li><a href="/a1.html">全市公安机关开展冬季治安巡查工作</a></li><li><a href="/a2.html">办证窗口推出错时延时服务</a></li><li><a href="/a3.html">反诈宣传进社区活动举行</a></li></ul></div></body></html>`
	a, err := crawler.Extract([]byte(page), "", "http://ga.example/tb/1.html", office)
	if err != nil {
		t.Fatal(err)
	}
	if !a.IsArticle || a.Title != "警情通报" || !a.DayOnly || a.Published.Format(time.DateOnly) != "2026-11-22" {
		t.Errorf("article %v (%s), title %q, published %v (day only: %v)", a.IsArticle, a.Reason, a.Title, a.Published, a.DayOnly)
	}
	if !strings.HasPrefix(a.Text, "11月21日23时许") || strings.Contains(a.Text, "反诈") {
		t.Errorf("text %q", a.Text)
	}
}

func TestExtractRefusesWhatIsNoArticle(t *testing.T) {
	list := strings.Builder{}
	for range 12 {
		list.WriteString(`<li><a href="/a.html">全市公安机关开展冬季治安巡查工作</a><span>2026-11-20</span></li>`)
	}
	teasers := strings.Repeat(`<h3><a href="/1.html">夜市停车问题的答复</a></h3><p>市民反映夜市周边停车困难，交警部门表示将增设临时车位，并于近日公布方案。</p>`, 8)
	blog := strings.Builder{}
	for _, day := range []string{"20", "19", "18", "17"} {
		blog.WriteString(`<h2><a href="/p">走在北桥的早晨</a></h2><p>2026-11-` + day + ` 08:10:00</p><p>清晨的北桥还没有完全醒来，卖豆浆的摊子已经排起了队，交警在路口一遍遍吹哨，说着慢一点慢一点。</p><a href="/p">阅读全文</a>`)
	}
	for _, c := range []struct{ name, body, want string }{
		{"results of a search", "<title>“停车”的搜索结果_清河新闻网</title><div>" + teasers + "</div>", "read.is_list"},
		{"a firewall", `<title>405</title><p>很抱歉，由于您访问的网址有可能对网站造成安全威胁，您的访问被阻断。</p><p>请求编号 78ac1f。如果您是管理员，请登录控制台查看拦截记录，并将误报反馈给技术支持人员处理。</p>`, "read.is_error"},
		{"a check for people", `<title>清河新闻网</title><h1>稍等</h1><p>为了保护网站，请向右拖动滑块，完成安全验证后继续访问。如果多次看到此页面，说明您所在的网络访问过于频繁，请稍后再来。</p>`, "read.is_error"},
		{"nothing without scripts", `<title>清河新闻网</title><p>您的浏览器不支持或已禁用脚本，请启用后刷新页面；或者使用最新版本的浏览器访问本网站，以获得完整的浏览体验，谢谢您的理解。</p>`, "read.is_error"},
		{"gone, without a title that says so", `<title>清河新闻网</title><p>您要查看的页面已被移动或删除，或者您输入的地址有误。</p><p>您可以返回首页，或者使用站内搜索查找您需要的内容，给您带来不便敬请谅解。</p>`, "read.is_error"},
		{"list", "<title>警务要闻</title><ul>" + list.String() + "</ul>", "read.is_list"},
		{"index of posts", "<title>我的博客</title><div>" + blog.String() + "</div>", "read.is_list"},
		{"login", `<title>会员中心</title><form>用户名<input> 密码<input type="password"><p>还没有账号？立即注册</p><p>忘记密码？登录遇到问题</p></form>`, "read.is_login"},
		{"error", `<title>提示信息</title><p>抱歉，指定的主题不存在或已被删除或正在被审核。</p>`, "read.is_error"},
	} {
		a, err := crawler.Extract([]byte(c.body), "text/html", "http://a.example/x", office)
		if err != nil || a.IsArticle || a.Reason != c.want {
			t.Errorf("%s: article %v, reason %s, %v, want %s; text %q", c.name, a.IsArticle, a.Reason, err, c.want, a.Text)
		}
	}
}

func TestExtractUnknownCharset(t *testing.T) {
	noise := make([]byte, 4096)
	for i := range noise {
		noise[i] = byte(i*i*31 + i*7 + i>>3)
	}
	_, err := crawler.Extract(noise, "text/html", "http://a.example/x", office)
	if got := faultCode(err); got != "read.charset_unknown" {
		t.Errorf("got %s", got)
	}
}
