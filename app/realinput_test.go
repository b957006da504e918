package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"minsheng/analysis"
	"minsheng/config"
	"minsheng/index"
	"minsheng/store"
)

// shared is the folder of the shared data; the test skips where it is absent.
func shared(t *testing.T) string {
	t.Helper()
	folder := os.Getenv("MINSHENG_SHARED")
	if folder == "" {
		folder = filepath.Join("..", "..", "shared")
	}
	folder = filepath.Join(folder, "data", "extract")
	if _, err := os.Stat(folder); err != nil {
		t.Skip("the shared data is not here; set MINSHENG_SHARED to its folder")
	}
	return folder
}

// realPage is a page to crawl and what must be found of it.
type realPage struct {
	name, path, body string
	essay            bool
}

func realPages(t *testing.T) []realPage {
	folder := shared(t)
	var truth []struct{ File, Body string }
	raw, err := os.ReadFile(filepath.Join(folder, "truth.json"))
	if err == nil {
		err = json.Unmarshal(raw, &truth)
	}
	if err != nil {
		t.Fatal(err)
	}
	var pages []realPage
	for _, one := range truth {
		pages = append(pages, realPage{name: one.File, path: filepath.Join(folder, "pages", one.File), body: one.Body})
	}
	var check struct {
		Files map[string]struct {
			MustContain []string `json:"must_contain"`
		}
	}
	raw, err = os.ReadFile(filepath.Join(folder, "seeds_check.json"))
	if err == nil {
		err = json.Unmarshal(raw, &check)
	}
	if err != nil {
		t.Fatal(err)
	}
	for name, one := range check.Files {
		longest := ""
		for _, want := range one.MustContain {
			first, _, _ := strings.Cut(want, "|")
			if len(first) > len(longest) {
				longest = first
			}
		}
		pages = append(pages, realPage{name: name, path: filepath.Join(folder, "seeds", name), body: longest, essay: true})
	}
	return pages
}

// serve writes a page as its site does: the bytes, without a word on their
// charset. An essay gets the plainest page there can be.
func (p realPage) serve(w http.ResponseWriter) {
	raw, err := os.ReadFile(p.path)
	if err != nil {
		http.Error(w, "gone", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html")
	if !p.essay {
		_, _ = w.Write(raw)
		return
	}
	lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
	fmt.Fprintf(w, "<html><head><title>%s</title></head><body><h1>%s</h1><div class=content>", html.EscapeString(lines[0]), html.EscapeString(lines[0]))
	for _, line := range lines[1:] {
		fmt.Fprintf(w, "<p>%s</p>", html.EscapeString(line))
	}
	fmt.Fprint(w, "</div></body></html>")
}

// phrase is the middle one of the runs of 10 to 16 Chinese characters of a body.
func phrase(body string) string {
	folded, _ := analysis.Fold(body)
	var runs []string
	for _, run := range strings.FieldsFunc(folded, func(r rune) bool { return !unicode.Is(unicode.Han, r) }) {
		if r := []rune(run); len(r) >= 10 {
			runs = append(runs, string(r[:min(len(r), 16)]))
		}
	}
	if len(runs) == 0 {
		return strings.TrimSpace(folded)
	}
	return runs[len(runs)/2]
}

// Real pages, served under several hosts, are crawled into the index and found
// by a phrase of their body.
func TestRealPagesAreFound(t *testing.T) {
	pages := realPages(t)
	const hosts = 5
	c := config.Default()
	c.Data, c.Server.Listen = t.TempDir(), "127.0.0.1:0"
	c.Retention = 30 * 365 * 24 * time.Hour // the pages are years old
	for h := range hosts {
		mux := http.NewServeMux()
		var list strings.Builder
		for i, p := range pages {
			if i%hosts != h {
				continue
			}
			mux.HandleFunc(fmt.Sprintf("/article/%d.html", i), func(w http.ResponseWriter, _ *http.Request) { p.serve(w) })
			fmt.Fprintf(&list, `<li><a class="item" href="/article/%d.html">第%d篇文章的标题在这里</a></li>`, i, i)
		}
		mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, "<html><body><ul>%s</ul></body></html>", list.String())
		})
		site := httptest.NewServer(mux)
		defer site.Close()
		c.Sources = append(c.Sources, config.Source{
			Name: fmt.Sprint("站点", h), URL: site.URL + "/", Kind: "list", Class: "media", Select: "a.item", Keep: "all",
			Every: 10 * time.Minute, Rate: 200 * time.Millisecond, AllowPrivate: true,
		})
	}
	if faults := c.Validate(); len(faults) > 0 {
		t.Fatal(faults)
	}
	d := begin(t, &c)
	d.rest(t)
	found := 0
	for i, p := range pages {
		if n, why := d.find(t, p); n > 0 {
			found++
		} else {
			t.Logf("not found: %s (article %d): %s", p.name, i, why)
		}
	}
	t.Logf("%d of %d articles found by a phrase from their body", found, len(pages))
	if found*100 < len(pages)*95 {
		t.Errorf("%d of %d articles found, want 95 in 100", found, len(pages))
	}
}

// rest waits until everything is fetched, judged and indexed.
func (d *drill) rest(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		past, err := d.state.CatchingUp(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		waiting := len(past.Sources) + past.Pages
		queues, err := d.state.Queues(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range queues {
			if q.Kind != store.Look { // those wait for the end of their bucket
				waiting += q.Length
			}
		}
		if waiting == 0 {
			return
		}
	}
	states, _ := d.state.Sources(t.Context())
	for _, s := range states {
		t.Logf("%s: %d pages wait, last fault %v", s.Name, s.Pending, s.Fault)
	}
	t.Fatal("the daemon did not come to rest in two minutes")
}

// find searches a page's phrase; why says what became of a page that is not
// found.
func (d *drill) find(t *testing.T, p realPage) (n int, why string) {
	t.Helper()
	want := phrase(p.body)
	expr, err := index.ParseQuery(`"` + want + `"`)
	if err != nil {
		t.Fatal(err)
	}
	res, err := d.index.Search(t.Context(), index.Query{Expr: expr, Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	if res.Total > 0 {
		return res.Total, ""
	}
	return 0, fmt.Sprintf("%q is in no indexed text: the page was refused as no article, or its body was cut there", want)
}

// Trouble of every kind is recorded on its source with a sentence; the rest
// goes on.
func TestTroubleIsRecordedOnTheSource(t *testing.T) {
	mux := http.NewServeMux()
	say := func(path, contentType, body string) {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			_, _ = w.Write([]byte(body))
		})
	}
	say("/broken", "application/rss+xml", "<html><body>请输入验证码后继续访问</body></html>")
	say("/noarticle", "text/html; charset=utf-8", "<html><head><title>用户登录</title></head><body><form><input type=password></form></body></html>")
	say("/charset", "text/html", "\xff\x81\xfe\x00\x9f\xff\xfd\x80\x80\xff\x01\x02\x03\xfe\xff\xff\x80\x81")
	say("/good", "text/html; charset=utf-8", `<html><head><title>派出所延长办证时间 - 早报</title></head><body><h1>派出所延长办证时间</h1><span>2031-01-02 08:30</span><div class=article><p>`+
		strings.Repeat("从下周起，河东派出所的办证窗口在工作日中午不休息，周六上午也开门，方便上班的人来办居住证和身份证。", 4)+`</p></div></body></html>`)
	mux.HandleFunc("/huge", func(w http.ResponseWriter, r *http.Request) {
		part := []byte("<p>" + strings.Repeat("字", 10_000) + "</p>")
		for sent := 0; sent < 200<<20; sent += len(part) {
			if _, err := w.Write(part); err != nil || r.Context().Err() != nil {
				return
			}
		}
	})
	site := httptest.NewServer(mux)
	defer site.Close()
	dead := httptest.NewServer(http.NotFoundHandler())
	dead.Close()
	want := map[string]string{
		"打不开":  "fetch.connect",
		"没有此页": "fetch.gone",
		"坏订阅":  "read.",
		"太大":   "fetch.too_large",
		"不是文章": "read.",
		"乱码":   "read.",
	}
	c := config.Default()
	c.Data, c.Server.Listen = t.TempDir(), "127.0.0.1:0"
	add := func(name, url, kind string) {
		c.Sources = append(c.Sources, config.Source{Name: name, URL: url, Kind: kind, Every: time.Hour, Rate: 200 * time.Millisecond, AllowPrivate: true})
	}
	add("打不开", dead.URL+"/", "page")
	add("没有此页", site.URL+"/nothing", "page")
	add("坏订阅", site.URL+"/broken", "feed")
	add("太大", site.URL+"/huge", "page")
	add("不是文章", site.URL+"/noarticle", "page")
	add("乱码", site.URL+"/charset", "page")
	add("好的", site.URL+"/good", "page")
	if faults := c.Validate(); len(faults) > 0 {
		t.Fatal(faults)
	}
	d := begin(t, &c)
	got := map[string]string{}
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline) && (len(got) < len(want) || d.posts(t) == 0); time.Sleep(50 * time.Millisecond) {
		states, err := d.state.Sources(context.WithoutCancel(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range states {
			if s.Fault != nil {
				got[s.Name] = s.Fault.Code
			}
		}
	}
	for name, code := range want {
		if !strings.HasPrefix(got[name], code) {
			t.Errorf("%s: recorded %q, want %s", name, got[name], code)
		}
	}
	if code := got["好的"]; code != "" {
		t.Errorf("the good source got the fault %s", code)
	}
	if n := d.posts(t); n != 1 {
		t.Errorf("%d posts, want the good one alone", n)
	}
	posts, err := d.state.Posts(t.Context(), d.onlyPost(t))
	if err != nil || len(posts) != 1 {
		t.Fatal(err)
	}
	if ahead := time.Until(posts[0].Published); ahead > 0 {
		t.Errorf("a page dated 2031 was taken at its word: published %v from now", ahead)
	}
}

// onlyPost is the id of the newest post of the index.
func (d *drill) onlyPost(t *testing.T) string {
	t.Helper()
	err := errors.New("not indexed yet")
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		var res index.Result
		if res, err = d.index.Search(t.Context(), index.Query{Limit: 1}); err == nil && len(res.Hits) == 1 {
			return res.Hits[0].ID
		}
	}
	t.Fatal(err)
	return ""
}
