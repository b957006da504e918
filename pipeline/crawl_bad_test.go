package pipeline_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"minsheng/crawler"
	"minsheng/opinion"
	"minsheng/pipeline"
	"minsheng/store"
)

// A calendar has a next page for ever, and a thread may have one too. Both end
// at a depth, and the rest of the source goes on.
func TestCrawlLeavesEndlessCalendars(t *testing.T) {
	site := newTown(t, func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.URL.Query().Get("m"))
		switch r.URL.Path {
		case "/calendar":
			fmt.Fprintf(w, `<html><body><ul><li><a href="/day/%d.html">派出所办事大厅当天的安排与通知</a></li></ul><a href="/calendar?m=%d">下一页</a></body></html>`, 20260101+n, n+1)
		case "/robots.txt":
			http.NotFound(w, r)
		default:
			fmt.Fprint(w, article)
		}
	})
	src := site.source("/calendar", opinion.ListForm, opinion.Media)
	src.Every = 30 * 24 * time.Hour
	c := startCrawl(t, src)
	site.use(c)
	c.settle()
	c.through(time.Hour)
	site.mu.Lock()
	months, days := 0, 0
	for path := range site.asked {
		switch {
		case strings.HasPrefix(path, "/calendar"):
			months++
		case strings.HasPrefix(path, "/day/"):
			days++
		}
	}
	site.mu.Unlock()
	if months < 50 || months > 61 || days < months-1 {
		t.Errorf("%d months and %d days were asked for, want at most 61 months and their days", months, days)
	}
	if got := c.sources()[0]; got.FirstDone.IsZero() || got.Failures != 0 {
		t.Errorf("source = %+v, want its first pass over and no failure", got)
	}
}

// Dates of 1970 and of next year, and NUL bytes, are found in real feeds. The
// posts are stored with the time they were seen, and say so.
func TestCrawlDistrustsImpossibleDates(t *testing.T) {
	site := newTown(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/rss.xml" {
			http.NotFound(w, r)
			return
		}
		item := func(n int, when string) string {
			return fmt.Sprintf("<item><guid isPermaLink=\"false\">g%d</guid><title>派出所\x00窗口第%d条</title><description>今天去派出所\x00窗口办事，排队很久没有人理会。</description><pubDate>%s</pubDate></item>", n, n, when)
		}
		fmt.Fprint(w, rss(item(1, "Thu, 01 Jan 1970 00:00:00 GMT"), item(2, "Thu, 14 Jan 2027 11:00:00 +0800"), item(3, "Wed, 14 Jan 2026 11:00:00 +0800")))
	})
	c := startCrawl(t, site.source("/rss.xml", opinion.FeedForm, opinion.Forum))
	c.settle()
	c.until("three posts are judged", func() bool { return len(c.stored()) == 3 })
	posts := c.stored()
	slices.SortFunc(posts, func(a, b store.Stored) int { return strings.Compare(a.Title, b.Title) })
	want := []struct {
		at   time.Time
		flag string
	}{{began, pipeline.FlagNoTime}, {began, pipeline.FlagFutureTime}, {time.Date(2026, 1, 14, 3, 0, 0, 0, time.UTC), ""}}
	for i, p := range posts {
		if !p.Published.Equal(want[i].at) || want[i].flag != "" && !slices.Contains(p.Flags, want[i].flag) {
			t.Errorf("%s: published %s, flags %v; want %s and %q", p.Title, p.Published, p.Flags, want[i].at, want[i].flag)
		}
		if strings.ContainsRune(p.Title+p.Text, 0) {
			t.Errorf("%q holds a NUL byte", p.Title+p.Text)
		}
	}
	if got := c.sources()[0].Future; got <= 0 {
		t.Errorf("share of future times = %g, want above 0", got)
	}
}

// Ten thousand links on one page: the first two thousand are taken.
func TestCrawlBoundsLinksOfAPage(t *testing.T) {
	var b strings.Builder
	b.WriteString("<html><body><ul>")
	for i := range 10_000 {
		fmt.Fprintf(&b, `<li><a href="/day/%d.html">派出所办事大厅第%d号通知</a></li>`, 100_000+i, i)
	}
	b.WriteString("</ul></body></html>")
	links, _, err := crawler.ReadList([]byte(b.String()), "text/html; charset=utf-8", "http://a.example/list", "", time.UTC)
	if err != nil || len(links) != 2000 {
		t.Errorf("%d links, %v; want 2000", len(links), err)
	}
}

// What is wrong with a source is told to the operators once, in a sentence with
// what to do, and again when it is over.
func TestOperatorsHearOfASourceThatMatchesNothing(t *testing.T) {
	var full atomic.Bool
	site := newTown(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/robots.txt":
			http.NotFound(w, r)
		case r.URL.Path != "/list":
			fmt.Fprint(w, article)
		case !full.Load():
			fmt.Fprint(w, `<html><body><p>本站改版中</p></body></html>`)
		default:
			fmt.Fprint(w, `<html><body><ul><li><a href="/day/20260114.html">派出所办事大厅当天的安排与通知</a></li></ul></body></html>`)
		}
	})
	c := startCrawl(t, site.source("/list", opinion.ListForm, opinion.Media))
	site.use(c)
	c.settle()
	c.until("the operators are told", func() bool {
		if len(c.sources()[0].Ailments) == 0 {
			c.step()
		}
		return len(c.sent.messages()) > 0
	})
	m := c.sent.messages()[0]
	if got, want := m.Headline(), "【来源】示例 需要看看"; got != want {
		t.Errorf("headline = %q, want %q", got, want)
	}
	if why := strings.Join(m.Why(), "\n"); !strings.Contains(why, "没有找到任何文章") || !strings.Contains(why, "minsheng source add") || !strings.Contains(why, site.URL) {
		t.Errorf("said:\n%s", why)
	}
	full.Store(true)
	c.until("it is well again", func() bool {
		if len(c.sources()[0].Ailments) > 0 {
			c.step()
		}
		all := c.sent.messages()
		return all[len(all)-1].Headline() == "【来源】示例 已恢复正常"
	})
}

// A channel that is down when a source falls ill is owed the word, on disk, and
// gets it once when it is up again.
func TestOperatorsHearLaterWhereTheChannelWasDown(t *testing.T) {
	site := newTown(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, `<html><body><p>本站改版中</p></body></html>`)
	})
	c := startCrawl(t, site.source("/list", opinion.ListForm, opinion.Media))
	site.use(c)
	c.sent.mu.Lock()
	c.sent.deaf = 2
	c.sent.mu.Unlock()
	owed := false
	c.until("the operators are told at last", func() bool {
		c.step()
		all := c.sources()[0].Ailments
		owed = owed || len(all) > 0 && slices.Equal(all[0].Untold, []string{"值班"})
		return len(c.sent.messages()) > 0
	})
	if !owed {
		t.Error("that a channel is owed the word was not recorded")
	}
	c.until("nothing is owed", func() bool { return len(c.sources()[0].Ailments[0].Untold) == 0 })
	c.through(2 * time.Hour)
	if got := len(c.sent.messages()); got != 1 {
		t.Errorf("told %d times, want once", got)
	}
}
