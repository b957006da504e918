package web_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"minsheng/opinion"
	"minsheng/store"
)

// hostile are texts that would act if a page took them for markup. Those of the
// shared folder come on top where it is there.
func hostile(t *testing.T) []string {
	t.Helper()
	texts := []string{
		`<script>window.__xss=1</script>`, `"><img src=x onerror=window.__xss=1>`, `'><svg/onload=window.__xss=1>`, `</title><script>window.__xss=1</script>`,
		`</textarea><iframe src=//evil.invalid>`, `<a href="javascript:window.__xss=1">点这里</a>`, `{{.Visit.User.Hash}}`, `<!--`, `]]><style>*{display:none}</style>`,
		`&lt;b&gt; 原样 &amp; 不变`, "<p\x0bstyle=x>", `<base href="//evil.invalid/">`,
	}
	shared := os.Getenv("MINSHENG_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "shared")
	}
	b, err := os.ReadFile(filepath.Join(shared, "data", "ingest", "xss.json"))
	if err != nil {
		t.Log("without the shared texts: set MINSHENG_SHARED to the folder that holds data/ingest")
		return texts
	}
	var file struct {
		Payloads []struct{ Payload string }
	}
	if err := json.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	for _, p := range file.Payloads {
		texts = append(texts, p.Payload)
	}
	return texts
}

// Posts of hostile text read back exactly, and add nothing to a page but text.
func TestPostsAreTextOnly(t *testing.T) {
	o := openOffice(t)
	p := o.as(store.Admin)
	for i, text := range hostile(t) {
		if strings.ContainsAny(text, "\n\r\x00") {
			continue // a title has one line
		}
		post := postOf(i, text, opinion.Forum, start.Add(-time.Minute), text, "民警态度恶劣 "+text)
		post.URL, post.Outlet = "javascript:window.__xss=1//"+fmt.Sprint(i), text
		o.accept(post)
		page := p.get("/posts/" + post.ID)
		doc := parse(t, page.Body)
		if got := textOf(find(doc, "h1")); got != normal(text) {
			t.Errorf("title reads %q, want %q", got, text)
		}
		if got := textOf(find(doc, "title")); !strings.HasPrefix(got, normal(text)) {
			t.Errorf("the window's title reads %q, want %q", got, text)
		}
		harmless(t, doc)
		o.advance(opinion.EpisodeGap) // so that one incident has many alerts
		o.must(o.store.Act(t.Context(), o.raise(text, post.ID, opinion.Notice, o.now(), nil).Number, "note", text, text))
		query := parse(t, p.get(searchOf("q", text, "source", text, "topic", text, "from", text)).Body)
		if got := attribute(findInput(query, "q"), "value"); got != strings.TrimSpace(text) {
			t.Errorf("query reads %q, want %q", got, text)
		}
		harmless(t, query)
	}
	for _, path := range []string{"/", "/alerts/1", "/alerts/2", "/search", searchOf("q", "民警"), "/audit"} {
		harmless(t, parse(t, p.get(path).Body))
	}
}

func parse(t *testing.T, body string) *html.Node {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// harmless fails the test where the page holds an element, an attribute or an
// address that none of our templates writes.
func harmless(t *testing.T, doc *html.Node) {
	t.Helper()
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "script", "img", "iframe", "base", "style", "object", "embed", "math", "noscript", "body onload":
			t.Errorf("the page holds a %s element", n.Data)
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "srcdoc" {
				t.Errorf("a %s element has the attribute %s", n.Data, a.Key)
			}
			if a.Key == "href" || a.Key == "src" || a.Key == "action" {
				if !strings.HasPrefix(a.Val, "/") && !strings.HasPrefix(a.Val, "#") && !strings.HasPrefix(a.Val, "https://town.example/") {
					t.Errorf("a %s element leads to %q", n.Data, a.Val)
				}
			}
		}
	}
}

func find(doc *html.Node, name string) *html.Node {
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && n.Data == name {
			return n
		}
	}
	return &html.Node{}
}

func findInput(doc *html.Node, name string) *html.Node {
	for n := range doc.Descendants() {
		if n.Data == "input" && attribute(n, "name") == name {
			return n
		}
	}
	return &html.Node{}
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

// normal is what HTML itself makes of a text.
func normal(text string) string { return strings.ReplaceAll(text, "\x00", "\uFFFD") }
