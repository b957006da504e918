package pipeline_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"minsheng/opinion"
)

// told waits until the operators are told of the only source, and gives what
// they read.
func (c *crawl) told() string {
	c.Helper()
	c.until("the operators are told", func() bool {
		if len(c.sources()[0].Ailments) == 0 {
			c.step()
		}
		return len(c.sent.messages()) > 0
	})
	m := c.sent.messages()[0]
	return m.Headline() + "\n" + strings.Join(m.Why(), "\n")
}

// What the operators read of each trouble is the sentence of the page, with
// what to do.
func TestOperatorsHearOfEachTrouble(t *testing.T) {
	future := "<item><guid isPermaLink=\"false\">g%d</guid><title>派出所窗口第%d条</title><description>今天去派出所窗口办事，排队很久没有人理会。</description><pubDate>Thu, 14 Jan 2027 11:00:00 +0800</pubDate></item>"
	for _, c := range []struct {
		name   string
		form   opinion.Form
		answer func(w http.ResponseWriter, n int)
		want   []string
	}{
		{
			"fails", opinion.FeedForm, func(w http.ResponseWriter, _ int) { http.Error(w, "down", http.StatusInternalServerError) },
			[]string{"的访问失败", "在浏览器里打开这个地址"},
		},
		{
			"login page", opinion.PageForm, func(w http.ResponseWriter, _ int) {
				fmt.Fprint(w, `<html><head><title>用户登录</title></head><body><form><input name="u"><input type="password"></form><p>请登录后查看。</p></body></html>`)
			},
			[]string{"的页面是登录页", "民声不登录任何网站"},
		},
		{
			"times in the future", opinion.FeedForm, func(w http.ResponseWriter, n int) { fmt.Fprint(w, rss(fmt.Sprintf(future, n, n))) },
			[]string{"页面上写的时间在未来", "写上 zone"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			var n atomic.Int32
			site := newTown(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/robots.txt" {
					http.NotFound(w, r)
					return
				}
				c.answer(w, int(n.Add(1)))
			})
			run := startCrawl(t, site.source("/x", c.form, opinion.Media))
			site.use(run)
			said := run.told()
			for _, want := range append(c.want, "【来源】示例 需要看看", site.URL) {
				if !strings.Contains(said, want) {
					t.Errorf("said %q, want %q in it", said, want)
				}
			}
		})
	}
}

// A source that spoke every hour for eight days and then says nothing is told of
// within two days, with how much is missing.
func TestOperatorsHearThatASourceWentQuiet(t *testing.T) {
	const hours = 8 * 24
	var site *town
	site = newTown(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		site.mu.Lock()
		now := site.now()
		site.mu.Unlock()
		last := min(int(now.Sub(began).Hours()), hours)
		var items []string
		for n := max(0, last-12); n <= last; n++ {
			at := began.Add(time.Duration(n) * time.Hour)
			items = append(items, fmt.Sprintf("<item><guid isPermaLink=\"false\">g%d</guid><title>派出所窗口第%d条</title><description>今天去派出所窗口办事的第%d件事。</description><pubDate>%s</pubDate></item>", n, n, n, at.Format(time.RFC1123Z)))
		}
		fmt.Fprint(w, rss(items...))
	})
	src := site.source("/x", opinion.FeedForm, opinion.Media)
	src.Every = 3 * time.Hour
	c := startCrawl(t, src)
	site.use(c)
	c.through(hours * time.Hour)
	if all := c.sent.messages(); len(all) != 0 {
		t.Fatalf("told %q while the source spoke", all[0].Why())
	}
	c.through(40 * time.Hour)
	c.until("the operators are told", func() bool { return len(c.sent.messages()) > 0 })
	if said := strings.Join(c.sent.messages()[0].Why(), "\n"); !strings.Contains(said, "突然安静了") || !strings.Contains(said, "页面改版或地址变了") {
		t.Errorf("said %q", said)
	}
}
