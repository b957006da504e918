package pipeline_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"minsheng/crawler"
	"minsheng/opinion"
)

// partOf is page n of an article on three pages.
func partOf(n int) string {
	pager := ""
	for i, path := range []string{"/a/1.html", "/a/1_2.html", "/a/1_3.html"} {
		if i+1 != n {
			pager += fmt.Sprintf(`<a href=%q>%d</a> `, path, i+1)
		}
	}
	return strings.Replace(strings.Replace(article, "为了进一步加强", fmt.Sprintf("这是第%d部分，为了进一步加强", n), 1), "</body>", "<p>"+pager+"</p></body>", 1)
}

// An article on several pages becomes one post, each page asked for through
// the frontier; a page that robots.txt closes is not asked for, and the post
// is what could be read.
func TestArticleOnSeveralPages(t *testing.T) {
	for _, c := range []struct {
		name, robots string
		parts        int
	}{{"open", "", 3}, {"third page closed", "User-agent: *\nDisallow: /a/1_3", 2}} {
		t.Run(c.name, func(t *testing.T) {
			var site *town
			site = newTown(t, func(w http.ResponseWriter, r *http.Request) {
				body := ""
				switch r.URL.Path {
				case "/robots.txt":
					body = c.robots
				case "/feed":
					body = rss(rssItem(site.URL, 1, "Wed, 14 Jan 2026 03:00:00 GMT"))
				case "/a/1.html":
					body = partOf(1)
				case "/a/1_2.html":
					body = partOf(2)
				case "/a/1_3.html":
					body = partOf(3)
				}
				_, _ = io.WriteString(w, body)
			})
			crawl := startCrawl(t, site.source("/feed", opinion.FeedForm, opinion.Media))
			site.use(crawl)
			crawl.through(30 * time.Minute)
			id := opinion.PostID(site.URL + "/a/1.html")
			posts, err := crawl.state.Posts(t.Context(), id)
			ok(t, err)
			if len(posts) != 1 {
				t.Fatalf("%d posts, want the article's", len(posts))
			}
			for n := 1; n <= 3; n++ {
				part := fmt.Sprintf("这是第%d部分", n)
				if got := strings.Count(posts[0].Text, part); got != 1 && n <= c.parts || got != 0 && n > c.parts {
					t.Errorf("%s stands %d times in %q", part, got, posts[0].Text)
				}
			}
			if posts[0].URL != site.URL+"/a/1.html" || posts[0].Thread != "" {
				t.Errorf("address %s, thread %q, want the first page's and none", posts[0].URL, posts[0].Thread)
			}
			if n := len(site.times("/a/1_3.html")); n > 0 && c.parts < 3 {
				t.Errorf("the closed page was asked for %d times", n)
			}
		})
	}
}

// What reading says of a text that it could not make whole reaches the verdict.
func TestDamageReachesVerdict(t *testing.T) {
	var site *town
	site = newTown(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/feed":
			_, _ = io.WriteString(w, rss(rssItem(site.URL, 1, "Wed, 14 Jan 2026 03:00:00 GMT"), rssItem(site.URL, 2, "Wed, 14 Jan 2026 03:00:00 GMT")))
		case "/a/1.html":
			_, _ = io.WriteString(w, strings.Replace(article, "可疑情况", "可疑\ufffd况", 1))
		case "/a/2.html":
			_, _ = io.WriteString(w, article)
		}
	})
	crawl := startCrawl(t, site.source("/feed", opinion.FeedForm, opinion.Media))
	site.use(crawl)
	crawl.through(10 * time.Minute)
	for path, want := range map[string]bool{"/a/1.html": true, "/a/2.html": false} {
		crawl.until("the verdict on "+path, func() bool {
			posts, err := crawl.state.Posts(t.Context(), opinion.PostID(site.URL+path))
			ok(t, err)
			return len(posts) == 1 && posts[0].Verdict.PostID != "" && slices.Contains(posts[0].Verdict.Flags, crawler.FlagLostGlyphs) == want
		})
	}
}
