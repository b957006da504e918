package pipeline_test

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"minsheng/opinion"
	"minsheng/store"
)

// A site that does not change answers without a body, but for one full answer
// a day; its feed is asked less often the longer it brings nothing, within its
// bounds, and as often as before once it brings something.
func TestCrawlAsksAnIdleSourceLess(t *testing.T) {
	var fresh atomic.Bool
	var site *town
	site = newTown(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/robots.txt":
			http.NotFound(w, r)
		case r.URL.Path != "/rss.xml":
			fmt.Fprint(w, article)
		case fresh.Load():
			fmt.Fprint(w, rss(rssItem(site.URL, 1, ""), rssItem(site.URL, 2, "")))
		case r.Header.Get("If-None-Match") == `"1"`:
			w.WriteHeader(http.StatusNotModified)
		default:
			w.Header().Set("ETag", `"1"`)
			fmt.Fprint(w, rss(rssItem(site.URL, 1, "")))
		}
	})
	src := site.source("/rss.xml", opinion.FeedForm, opinion.Media)
	c := startCrawl(t, src)
	site.use(c)
	c.settle()
	c.through(26 * time.Hour)
	gaps := site.gaps("/rss.xml")
	for i, gap := range gaps {
		if gap < src.Every || gap > 33*time.Minute {
			t.Errorf("gap %d is %s, want 10 to 33 minutes", i, gap)
		}
	}
	if first, last := gaps[0], gaps[len(gaps)-1]; first > 11*time.Minute || last < 25*time.Minute {
		t.Errorf("first gap %s, last %s; want every 10 minutes at first and about 30 in the end", first, last)
	}
	if full, all := site.full["/rss.xml"], len(gaps)+1; full != 2 || float64(all-full) < .95*float64(all) {
		t.Errorf("%d of %d answers had a body, want one for each day begun and at most 5 %%", full, all)
	}
	before := len(site.times("/rss.xml"))
	fresh.Store(true)
	for len(site.times("/rss.xml")) < before+3 {
		c.step()
	}
	// the first of these still waited as for an idle source
	if gap := site.gaps("/rss.xml")[before]; gap > 11*time.Minute {
		t.Errorf("after something new the gap is %s, want 10 minutes", gap)
	}
	if got := site.times("/a/2.html"); len(got) != 1 {
		t.Errorf("the new page was asked for %d times, want once", len(got))
	}
}

// A source that speaks of an incident that people were alerted of is asked
// three times as often, never more than twice a minute.
func TestCrawlAsksMoreOftenInAnIncident(t *testing.T) {
	var site *town
	site = newTown(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/rss.xml" {
			fmt.Fprint(w, rss(rssItem(site.URL, 1, "")))
			return
		}
		fmt.Fprint(w, article)
	})
	src := site.source("/rss.xml", opinion.FeedForm, opinion.Media)
	c := startCrawl(t, src)
	site.use(c)
	c.settle()
	c.until("the post is judged", func() bool {
		counts, err := c.state.Counts(t.Context())
		ok(t, err)
		return counts["judged"] == 1
	})
	posts := c.stored()
	n := len(site.times("/rss.xml"))
	c.until("the loops know of it", func() bool {
		_, _, err := c.state.Raise(t.Context(), opinion.Alert{Incident: posts[0].Incident, Title: "窗口", Level: opinion.Warn}, nil)
		ok(t, err)
		c.step()
		gaps := site.gaps("/rss.xml")
		return len(gaps) > n && gaps[len(gaps)-1] < 4*time.Minute
	})
	gaps := site.gaps("/rss.xml")
	if last := gaps[len(gaps)-1]; last < 200*time.Second {
		t.Errorf("gap %s, want a third of ten minutes", last)
	}
}

// stored reads what the crawl has stored.
func (c *crawl) stored() []store.Stored {
	c.Helper()
	var ids []string
	ok(c, c.state.Remembered(c.Context(), began.Add(-30*24*time.Hour), func(m store.Memory) error {
		ids = append(ids, m.ID)
		return nil
	}))
	posts, err := c.state.Posts(c.Context(), ids...)
	ok(c, err)
	return posts
}

// A page that asks for patience is tried again when it said, three times at
// most, and then left.
func TestCrawlKeepsRetryAfter(t *testing.T) {
	var site *town
	site = newTown(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/rss.xml":
			fmt.Fprint(w, rss(rssItem(site.URL, 1, "")))
		case "/a/1.html":
			w.Header().Set("Retry-After", "1200")
			w.WriteHeader(http.StatusServiceUnavailable)
		default:
			http.NotFound(w, r)
		}
	})
	c := startCrawl(t, site.source("/rss.xml", opinion.FeedForm, opinion.Media))
	site.use(c)
	c.settle()
	c.through(8 * time.Hour)
	gaps := site.gaps("/a/1.html")
	if len(gaps) != 3 {
		t.Fatalf("the page was asked for %d times, want 4", len(gaps)+1)
	}
	for i, gap := range gaps {
		if gap < 20*time.Minute {
			t.Errorf("retry %d came after %s, want 20 minutes at least", i+1, gap)
		}
	}
	for _, gap := range site.gaps("/rss.xml") {
		if gap < 10*time.Minute {
			t.Errorf("the feed was asked again after %s", gap)
		}
	}
}

// An entry that does not answer is asked less and less often, at most every
// six hours, with a scatter.
func TestCrawlBacksOff(t *testing.T) {
	site := newTown(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/rss.xml" {
			w.WriteHeader(http.StatusBadGateway)
		}
	})
	c := startCrawl(t, site.source("/rss.xml", opinion.FeedForm, opinion.Media))
	site.use(c)
	c.settle()
	c.through(40 * time.Hour)
	gaps := site.gaps("/rss.xml")
	if len(gaps) < 8 {
		t.Fatalf("gaps %v, want more", gaps)
	}
	least := 10 * time.Minute
	whole := 0
	for i, gap := range gaps {
		if gap < least-time.Second || gap > least+least/10+time.Second {
			t.Errorf("gap %d is %s, want %s and a tenth at most", i, gap, least)
		}
		if gap%time.Minute == 0 {
			whole++
		}
		least = min(2*least, 6*time.Hour)
	}
	if whole == len(gaps) {
		t.Errorf("gaps %v have no scatter", gaps)
	}
}
