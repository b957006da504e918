package crawler_test

import (
	"fmt"
	"strings"
	"testing"

	"minsheng/crawler"
	"minsheng/opinion"
)

// partPage is a page of an article in several parts with the given row of links.
func partPage(pager string) string {
	return `<html><head><title>柳营夜市设立移动警务点_清河新闻网</title></head><body><h1>柳营夜市设立移动警务点</h1><p>2026-11-20 09:15</p><div>` + column + `</div><p class="turn">` + pager + `</p></body></html>`
}

// What follows an article on its next page is named only where the site links
// it as such and the address differs in the page's number alone.
func TestReadPageParts(t *testing.T) {
	link := func(href, label string) string { return fmt.Sprintf(` <a href=%q>%s</a>`, href, label) }
	for _, c := range []struct {
		name, address, pager string
		part                 int
		next, opening        string
	}{
		{"no pages", "/a/1001.html", link("/a/1002.html", "下一篇"), 1, "", ""},
		{"first of two, by label", "/a/1001.html", "1" + link("/a/1001_2.html", "下一页"), 1, "/a/1001_2.html", ""},
		{"first of two, by number", "/a/1001.html", "1" + link("/a/1001_2.html", "[2]"), 1, "/a/1001_2.html", ""},
		{"first of two, with headings", "/a/1001.html", "第1页：现场" + link("/a/1001_2.html", "第2页：回应"), 1, "/a/1001_2.html", ""},
		{"second of three", "/a/1001_2.html", link("/a/1001.html", "上一页") + link("/a/1001.html", "1") + " 2" + link("/a/1001_3.html", "3") + link("/a/1001_3.html", "下一页"), 2, "/a/1001_3.html", "/a/1001.html"},
		{"the last", "/a/1001_3.html", link("/a/1001.html", "1") + link("/a/1001_2.html", "2") + link("/a/1001_2.html", "上一页"), 3, "", "/a/1001.html"},
		{"the rest", "/a/1001.html", "第 1 页 / 共 2 页" + link("1001_2.html", "余下全文"), 1, "/a/1001_2.html", ""},
		{"in the query", "/show?id=7&page=2", link("/show?id=7", "1") + link("/show?id=7&page=3", "下一页"), 2, "/show?id=7&page=3", "/show?id=7"},
		{"in a folder", "/a/1001", link("/a/1001/page/2", "2"), 1, "/a/1001/page/2", ""},
		{"another article under 下一页", "/a/1001.html", link("/a/1002.html", "下一页"), 1, "", ""},
		{"another host", "/a/1001.html", link("http://m.n.example/a/1001_2.html", "下一页"), 1, "", ""},
		{"a number that is an id", "/a/news-12.html", link("/a/", "返回"), 1, "", ""},
		{"no more than twenty", "/a/1001_20.html", link("/a/1001_19.html", "上一页") + link("/a/1001_21.html", "下一页"), 20, "", "/a/1001.html"},
		{"a jump is not the next", "/a/1001.html", link("/a/1001_3.html", "3"), 1, "", ""},
	} {
		site := "http://n.example"
		page, err := crawler.ReadPage([]byte(partPage(c.pager)), "text/html", site+c.address, opinion.Media, office)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		next, opening := strings.TrimPrefix(page.Next, site), strings.TrimPrefix(page.Opening, site)
		if page.Part != c.part || next != c.next || opening != c.opening {
			t.Errorf("%s: part %d, next %q, opening %q, want %d, %q, %q", c.name, page.Part, next, opening, c.part, c.next, c.opening)
		}
		if text := page.Documents[0].Text; strings.Contains(text, "页") {
			t.Errorf("%s: the row of pages is in the text %q", c.name, text)
		}
	}
}

// The last page of an article may be shorter than an article is.
func TestReadPageShortLastPart(t *testing.T) {
	body := `<html><head><title>柳营夜市设立移动警务点(2)_清河新闻网</title></head><body><h1>柳营夜市设立移动警务点(2)</h1><div><p>记者将继续关注夜市停车问题的办理进展，并及时报道。</p></div><p><a href="/a/1001.html">上一页</a></p></body></html>`
	page, err := crawler.ReadPage([]byte(body), "text/html", "http://n.example/a/1001_2.html", opinion.Media, office)
	if err != nil {
		t.Fatal(err)
	}
	if d := page.Documents[0]; page.Part != 2 || d.Title != "柳营夜市设立移动警务点" || d.Text != "记者将继续关注夜市停车问题的办理进展，并及时报道。" {
		t.Errorf("part %d, title %q, text %q", page.Part, d.Title, d.Text)
	}
}
