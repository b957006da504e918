package web_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"minsheng/opinion"
	"minsheng/store"
)

// Whatever is wrong with a source is said on the page in a sentence, with what
// to do, in both languages.
func TestSourcesPageSaysWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		name    string
		outcome store.Outcome
		times   int
		zh, en  []string
	}{
		{
			"fails",
			store.Outcome{Fault: opinion.NewRetry("fetch.connect", errors.New("refused"), "paper.example")},
			4,
			[]string{"连续失败 4 次", "已连续失败 4 次。", "打不开，等网站恢复"},
			[]string{"the last 4 in a row", "wait for the site"},
		},
		{
			"login page",
			store.Outcome{Fault: opinion.NewFault("read.is_login", nil)},
			2,
			[]string{"的页面是登录页", "民声不登录任何网站。换一个不用登录的栏目"},
			[]string{"a sign-in page with nothing to read", "Minsheng logs in nowhere."},
		},
		{
			"matched nothing",
			store.Outcome{Changed: true},
			3,
			[]string{"连续 3 次没有找到任何文章", "重新运行 minsheng source add"},
			[]string{"3 times in a row no article", "run minsheng source add"},
		},
		{
			"times in the future",
			store.Outcome{Changed: true, Posts: 1, Read: 1, Future: 1},
			5,
			[]string{"页面上写的时间在未来", "写上 zone"},
			[]string{"give a time in the future", "set zone for this source"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := openOffice(t)
			o.must(o.store.SyncSources(t.Context(), []opinion.Source{
				{Name: paper, URL: "https://paper.example/rss", Form: opinion.FeedForm, Class: opinion.Media, Every: time.Hour, Rate: time.Second},
			}))
			for range c.times {
				fetches, err := o.store.LeaseFetches(t.Context(), 1, time.Minute)
				o.must(err)
				out := c.outcome
				out.Next = o.now().Add(time.Minute)
				o.must(o.store.FinishFetch(t.Context(), fetches[0], out))
				o.advance(2 * time.Minute)
			}
			p := o.as(store.Press)
			p.get("/sources").has(t, append(c.zh, "1 个来源在读，其中 1 个需要看看")...)
			p.get("/").has(t, "1 个需要看看："+paper)
			p.english()
			p.get("/sources").has(t, c.en...)
		})
	}
}

// That a source went quiet is the loops' word; it goes with the next new post.
func TestSourcesPageSaysThatASourceWentQuiet(t *testing.T) {
	o := openOffice(t)
	o.must(o.store.SyncSources(t.Context(), []opinion.Source{
		{Name: paper, URL: "https://paper.example/rss", Form: opinion.FeedForm, Class: opinion.Media, Every: time.Hour, Rate: time.Second},
	}))
	visit := func() {
		t.Helper()
		fetches, err := o.store.LeaseFetches(t.Context(), 1, time.Minute)
		o.must(err)
		o.must(o.store.FinishFetch(t.Context(), fetches[0], store.Outcome{Changed: true, Posts: 1, Read: 1, Next: o.now().Add(time.Minute)}))
		o.advance(2 * time.Hour)
	}
	visit()
	o.must(o.store.SetAilments(t.Context(), paper, []store.Ailment{{Code: "health.quiet", Args: []string{"9", "40"}, Since: o.now()}}))
	p := o.as(store.Press)
	p.get("/sources").has(t, "突然安静了：已 9 小时没有新帖，按以往同一时段应有约 40 条。", "确实没有更新，不必处理")
	visit()
	if body := p.get("/sources").Body; strings.Contains(body, "突然安静") {
		t.Error("it is still called quiet after a new post")
	}
}
