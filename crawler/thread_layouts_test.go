package crawler_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"minsheng/crawler"
	"minsheng/opinion"
)

// Layouts that no system is known for: what they have in common with the known
// ones has to do.
var layouts = []struct {
	name, address, body string
	kind                opinion.Class
	next, opening       string
	want                []string
}{
	{
		"rows of a table", "/t/77.html", `<html><head><title>办证窗口周六到底开不开 - 邻里茶馆</title></head><body><nav><a href="/">首页</a><a href="/b/3">城事</a></nav>
<main><h2 class="subject">办证窗口周六到底开不开</h2>
<table class="topic"><tr><td class="who"><b>青石</b><br>等级 5</td><td class="what"><div class="when">2026年3月5日 21:14</div><p>今天跑了一趟，门口写着周六照常，结果十点了还没开门，保安也说不清楚。</p></td></tr>
<tr><td class="who"><b>南风</b><br>等级 2</td><td class="what"><div class="when">2026年3月5日 21:40 · 2楼</div><p>我上周六去是开的，可能临时调整了吧。</p></td></tr>
<tr><td class="who"><b>阿木</b><br>等级 9</td><td class="what"><div class="when">2026年3月6日 08:02 · 3楼</div><p>打电话问过，说三月起改为预约，公告贴在里面谁看得到。</p></td></tr></table>
<div class="pages"><b>1</b> <a href="/t/77_2.html">2</a> <a href="/t/77_2.html">下一页</a></div></main></body></html>`, opinion.Forum, "/t/77_2.html", "",
		[]string{
			"post||03-05 21:14|青石|今天跑了一趟，门口写着周六照常，结果十点了还没开门，保安也说不清楚。",
			"reply|floor-2|03-05 21:40|南风|我上周六去是开的，可能临时调整了吧。",
			"reply|floor-3|03-06 08:02|阿木|打电话问过，说三月起改为预约，公告贴在里面谁看得到。",
		},
	},
	{
		"a list below its opening", "/t/77.html", `<html><head><title>路口执勤的态度问题｜本地论坛</title></head><body><div class="topbar"><a href="/">论坛</a></div>
<h1>路口执勤的态度问题</h1><section class="first"><header><span class="nick">小满</span><time title="2026-03-05 18:20:11">3小时前</time></header><div class="txt">刚才在路口被拦下来，话都没问清楚就开始训人，旁边的人都看不下去了。</div></section>
<ul class="responses"><li id="r-881"><span class="nick">老葛</span><span class="t" title="2026-03-05 18:41:02">2小时前</span><div class="txt">有没有录像？可以去投诉的。</div></li>
<li id="r-882"><span class="nick">阿秀</span><span class="t" title="2026-03-05 19:07:45">2小时前</span><div class="txt"><blockquote>有没有录像？</blockquote>我拍了，晚上传上来给大家看。</div></li></ul></body></html>`, opinion.Forum, "", "",
		[]string{
			"post||03-05 18:20|小满|刚才在路口被拦下来，话都没问清楚就开始训人，旁边的人都看不下去了。",
			"reply|r-881|03-05 18:41|老葛|有没有录像？可以去投诉的。",
			"reply|r-882|03-05 19:07|阿秀|我拍了，晚上传上来给大家看。",
		},
	},
	{
		"terms of a later page", "/t/77_2.html", `<html><head><title>派出所搬家了没人通知 第2页</title></head><body><h1>派出所搬家了没人通知</h1><div class="crumb"><a href="/">首页</a> &gt; <a href="/t/77.html">返回主题</a></div>
<dl class="says"><dt><a href="/u/1">月牙</a> 回复于 2026/03/06 09:12 [21#]</dt><dd>新址在菜市场后面，走了半个小时才找到。</dd><dt><a href="/u/2">石头</a> 回复于 2026/03/06 09:33 [22#]</dt><dd>导航上还是老地址，应该早点说一声的。</dd><dt><a href="/u/3">远山</a> 回复于 2026/03/06 10:05 [23#]</dt><dd>民警带我过去的，人挺好，就是路不好找。</dd></dl>
<p><a href="/t/77.html">上一页</a> 2 <a href="/t/77_3.html">下一页</a></p></body></html>`, opinion.Forum, "/t/77_3.html", "/t/77.html",
		[]string{
			"reply|floor-21|03-06 09:12||新址在菜市场后面，走了半个小时才找到。",
			"reply|floor-22|03-06 09:33||导航上还是老地址，应该早点说一声的。",
			"reply|floor-23|03-06 10:05||民警带我过去的，人挺好，就是路不好找。",
		},
	},
	{
		"a board with heading cells", "/v/3", `<html><head><title>留言详情_某市网上信访</title></head><body><div class="detail"><h3>小区门口夜间停车无人管</h3><table><tr><th>提交日期</th><td>2026-03-02 20:15</td><th>办理状态</th><td>已办结</td></tr><tr><th>受理单位</th><td>某区公安分局</td><th>编号</th><td>X20260302</td></tr><tr><th>诉求内容</th><td colspan=3>每天晚上十点以后小区门口两边停满车，消防车进不来，打过几次电话没有人来处理。</td></tr><tr><th>答复时间</th><td>2026-03-05 10:30</td></tr><tr><th>答复内容</th><td colspan=3>您好，我局已安排民警到现场查看，并在该路段增设夜间巡查，感谢您的监督。</td></tr></table></div></body></html>`, opinion.BoardSite, "", "",
		[]string{
			"board||03-02 20:15||每天晚上十点以后小区门口两边停满车，消防车进不来，打过几次电话没有人来处理。|某区公安分局|已办结",
			"board|answer|03-05 10:30||您好，我局已安排民警到现场查看，并在该路段增设夜间巡查，感谢您的监督。|某区公安分局|已办结",
		},
	},
	{
		"a board that says who wrote when", "/v/3", `<html><head><title>问政：报案三天没有回音</title></head><body><h1>报案三天没有回音</h1><div class="ask"><p class="info">网友 青** 发表于 2026年3月1日 09:05　状态：已回复</p><div class="c">电动车被偷，报案三天了没有任何回音，打电话说在查，请问进展在哪里可以看到？</div></div>
<div class="ans"><p class="info">某县公安局 回复于 2026年3月4日 16:48</p><div class="c">网友您好！您反映的情况已转城关派出所办理，民警已与您取得联系，案件正在侦办中。</div></div></body></html>`, opinion.BoardSite, "", "",
		[]string{
			"board||03-01 09:05||电动车被偷，报案三天了没有任何回音，打电话说在查，请问进展在哪里可以看到？|某县公安局|已回复",
			"board|answer|03-04 16:48||网友您好！您反映的情况已转城关派出所办理，民警已与您取得联系，案件正在侦办中。|某县公安局|已回复",
		},
	},
	{
		"a letter that waits for its answer", "/v/3", `<html><head><title>来信选登</title></head><body><h2>关于身份证办理时间太长的来信</h2><dl><dt>来信时间：</dt><dd>2026-02-25</dd><dt>办理部门：</dt><dd>市公安局户政处</dd><dt>处理状态：</dt><dd>办理中</dd><dt>来信内容：</dt><dd>一月十日办的身份证，到现在一个多月还没拿到，窗口每次都说再等等，请给个准话。</dd></dl></body></html>`, opinion.BoardSite, "", "",
		[]string{"board||02-25 00:00||一月十日办的身份证，到现在一个多月还没拿到，窗口每次都说再等等，请给个准话。|市公安局户政处|办理中"},
	},
}

func TestReadPageUnknownLayouts(t *testing.T) {
	for _, c := range layouts {
		t.Run(c.name, func(t *testing.T) {
			site := "http://n.example"
			page, err := crawler.ReadPage([]byte(c.body), "text/html; charset=utf-8", site+c.address, c.kind, office)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, d := range page.Documents {
				line := docLine(d)
				if c.kind == opinion.BoardSite {
					line += "|" + d.Agency + "|" + d.Status
				}
				got = append(got, line)
			}
			if diff := cmp.Diff(got, c.want); diff != "" {
				t.Errorf("documents (-got +want):\n%s", diff)
			}
			whole := func(path string) string {
				if path == "" {
					return ""
				}
				return site + path
			}
			if page.Next != whole(c.next) || page.Opening != whole(c.opening) {
				t.Errorf("next %q, opening %q; want %q, %q", page.Next, page.Opening, c.next, c.opening)
			}
		})
	}
}
