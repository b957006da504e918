package crawler_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"minsheng/crawler"
)

// A sitemap may name a million pages, as addresses or as further sitemaps: the
// protocol's own 50,000 are taken.
func TestReadSitemapOfAMillion(t *testing.T) {
	for _, form := range []struct{ root, entry string }{{"urlset", "url"}, {"sitemapindex", "sitemap"}} {
		entry := fmt.Sprintf("<%s><loc>http://n.example/2026/1</loc></%s>", form.entry, form.entry)
		body := []byte("<" + form.root + ">" + strings.Repeat(entry, 1_000_000))[:40<<20] // a fetch brings no more
		s, err := crawler.ReadSitemap(body, "", "http://n.example/", office)
		if err != nil || len(s.Links)+len(s.Children) != 50_000 {
			t.Errorf("%s: %d pages, %d sitemaps, %v; want 50,000", form.root, len(s.Links), len(s.Children), err)
		}
	}
}

// Whatever half a rune or a NUL byte stands in, what is read is valid text.
func TestHalfARuneIsBounded(t *testing.T) {
	half := "派出所窗口"[:13]
	for _, dirt := range []string{half, "\x00", half + "\x00\xff\xfe", "\xed\xa0\x80"} {
		feed, err := crawler.ReadFeed([]byte(`<rss version="2.0"><channel><item><title>办证`+dirt+`</title><link>http://n.example/1</link><description>办事`+dirt+`</description></item></channel></rss>`), "text/xml; charset=utf-8", "", office)
		if err != nil || len(feed.Items) != 1 {
			t.Errorf("feed with %q: %d items, %v", dirt, len(feed.Items), err)
			continue
		}
		wantText(t, dirt, feed.Items[0].Title+feed.Items[0].Content)
		page, err := crawler.ReadPage([]byte(partPage("")+`<p>`+dirt), "text/html; charset=utf-8", "http://n.example/a/1.html", "media", office)
		if err != nil || len(page.Documents) != 1 {
			t.Errorf("page with %q: %d documents, %v", dirt, len(page.Documents), err)
			continue
		}
		wantText(t, dirt, page.Documents[0].Title+page.Documents[0].Text)
	}
}

func wantText(t *testing.T, dirt, got string) {
	t.Helper()
	if !utf8.ValidString(got) || strings.ContainsRune(got, 0) {
		t.Errorf("with %q: %q is no text", dirt, got)
	}
}
