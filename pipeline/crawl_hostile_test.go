package pipeline_test

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"minsheng/analysis"
	"minsheng/opinion"
)

// hostile are strings that a site may put where its titles and texts are. Those
// of the shared folder come on top where it is there.
func hostile(t *testing.T) []string {
	t.Helper()
	all := []string{
		`<script>window.__xss=1</script>`, `"><img src=x onerror=window.__xss=1>`, `<a href="javascript:window.__xss=1">点这里看通报</a>`,
		`]]><svg/onload=window.__xss=1>`, `{{constructor.constructor("window.__xss=1")()}}`, `</title></item></rss><iframe src=//evil.invalid>`,
		`'; DROP TABLE post; --`,
	}
	shared := os.Getenv("MINSHENG_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "shared")
	}
	b, err := os.ReadFile(filepath.Join(shared, "data", "ingest", "xss.json"))
	if err != nil {
		t.Log("without the shared strings: set MINSHENG_SHARED to the folder that holds data/ingest")
		return all
	}
	var file struct {
		Payloads []struct{ Payload string }
	}
	ok(t, json.Unmarshal(b, &file))
	for _, p := range file.Payloads {
		all = append(all, p.Payload)
	}
	return all
}

// Hostile strings in a feed's title, text, origin, category and link are stored
// as the text they are, exactly, and no address but one of the web is. Nothing of
// an author is stored. TestPostsAreTextOnly of package web opens the pages.
func TestCrawlStoresHostileStringsAsText(t *testing.T) {
	const author = "窗外听雨人"
	texts := hostile(t)
	var items strings.Builder
	for i, s := range texts {
		in := html.EscapeString(html.EscapeString(s)) // text as HTML, in XML
		fmt.Fprintf(&items, `<item><guid isPermaLink="false">g%d</guid><title>%s</title><link>javascript:window.__xss=1</link><description>%s</description><author>%s</author><category>%s</category><source url="javascript:window.__xss=1">%s</source></item>`,
			i, in, "今天去派出所办事："+in, author, in, in)
	}
	site := newTown(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/rss.xml" {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, rss(items.String()))
	})
	c := startCrawl(t, site.source("/rss.xml", opinion.FeedForm, opinion.Forum))
	c.settle()
	c.until("every string is judged", func() bool { return len(c.stored()) == len(texts) })
	var titles []string
	for _, p := range c.stored() {
		titles = append(titles, p.Title)
		if want := "今天去派出所办事：" + p.Title; p.Text != want {
			t.Errorf("text reads %q, want %q", p.Text, want)
		}
		if p.URL != site.URL+"/rss.xml" {
			t.Errorf("address of %q is %q, want the feed's", p.Title, p.URL)
		}
		if whole, err := json.Marshal(p); err != nil || strings.Contains(string(whole), author) {
			t.Errorf("%q: the author is stored (%v)", p.Title, err)
		}
	}
	for _, s := range texts {
		want := analysis.Mask(strings.TrimSpace(s)) // what looks like a handle is masked here as everywhere
		if !slices.Contains(titles, want) {
			t.Errorf("no title reads %q; titles: %q", s, titles)
		}
	}
}
