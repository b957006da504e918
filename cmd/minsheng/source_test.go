package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sourceAdd runs `source add` with the answer given, and returns its exit code
// and what it said.
func sourceAdd(t *testing.T, answer string, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e strings.Builder
	p := &program{in: strings.NewReader(answer), out: &o, err: &e}
	code = p.main(t.Context(), append([]string{"source", "add"}, args...))
	return code, o.String(), e.String()
}

func TestSourceAdd(t *testing.T) {
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/rss.xml" {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, `<rss version="2.0"><channel><title>示例日报</title><item><title>关于夏季治安巡查的通告</title><pubDate>Wed, 14 Jan 2026 11:00:00 +0800</pubDate><guid isPermaLink="false">1</guid></item></channel></rss>`)
	}))
	defer site.Close()
	file := filepath.Join(t.TempDir(), "my.yml")
	const before = "# 我们的配置\ndata: d # 别动\n"
	if err := os.WriteFile(file, []byte(before), 0o640); err != nil {
		t.Fatal(err)
	}
	content := func() string {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	u := site.URL + "/rss.xml"

	code, out, _ := sourceAdd(t, "n\n", "-config", file, "-allow-private", u)
	if code != 0 || content() != before {
		t.Errorf("after no: exit %d, file %q", code, content())
	}
	for _, want := range []string{"2026-01-14 11:00  关于夏季治安巡查的通告", "kind: feed", "name: 示例日报", "没有写入"} {
		if !strings.Contains(out, want) {
			t.Errorf("did not say %q:\n%s", want, out)
		}
	}
	code, _, errs := sourceAdd(t, "", "-config", file, "-allow-private", "-yes", u)
	want := before + "\nsources:\n  - name: 示例日报\n    url: " + u + "\n    kind: feed\n    class: media\n    allow_private: true\n"
	if code != 0 || content() != want {
		t.Errorf("after yes: exit %d, %s, file:\n%s", code, errs, content())
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("mode = %v, %v; want it kept", info.Mode(), err)
	}
	code, _, errs = sourceAdd(t, "", "-config", file, "-allow-private", "-yes", u)
	if code != 1 || content() != want || !strings.Contains(errs, "已经在配置里了") || !strings.Contains(errs, "already") {
		t.Errorf("a second time: exit %d, said %q", code, errs)
	}
}

// Of a home page, written without scheme, the feed that it names is chosen, the
// other ways are named, and -kind takes one of them.
func TestSourceAddFindsTheFeedOfAHomePage(t *testing.T) {
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			fmt.Fprint(w, `<html><head><title>桐溪新闻</title><link rel="alternate" type="application/rss+xml" href="feeds/all"></head><body><ul><li><a href="/a/20260114.html">关于夏季治安巡查的通告发布</a></li></ul></body></html>`)
		case "/feeds/all":
			fmt.Fprint(w, `<rss version="2.0"><channel><title>桐溪新闻</title><item><title>关于夏季治安巡查的通告</title><guid isPermaLink="false">1</guid></item></channel></rss>`)
		case "/robots.txt":
			fmt.Fprint(w, "User-agent: *\nAllow: /\nSitemap: /map.xml\n")
		default:
			http.NotFound(w, r)
		}
	}))
	defer site.Close()
	home := strings.TrimPrefix(site.URL, "http://")
	for kind, want := range map[string][]string{
		"":        {"url: " + site.URL + "/feeds/all\n    kind: feed\n", "also there: list " + site.URL, "also there: sitemap " + site.URL + "/map.xml"},
		"list":    {"url: " + site.URL + "/\n    kind: list\n", "also there: feed " + site.URL + "/feeds/all"},
		"sitemap": {"url: " + site.URL + "/map.xml\n    kind: sitemap\n    class: media\n    every: 2h"},
	} {
		code, out, errs := sourceAdd(t, "", "-allow-private", "-kind", kind, home)
		if code != 0 {
			t.Errorf("kind %q: exit %d, %s", kind, code, errs)
		}
		for _, w := range want {
			if !strings.Contains(out, w) {
				t.Errorf("kind %q: did not say %q:\n%s", kind, w, out)
			}
		}
	}
	if code, _, errs := sourceAdd(t, "", "-allow-private", "-kind", "page", home); code != 1 || !strings.Contains(errs, "page") {
		t.Errorf("a kind that was not found: exit %d, %s", code, errs)
	}
}

// Each thing that goes wrong is a sentence with a remedy in both languages, and
// changes nothing.
func TestSourceAddSaysWhatIsWrong(t *testing.T) {
	site := httptest.NewServer(http.NotFoundHandler())
	defer site.Close()
	for _, c := range []struct {
		name string
		args []string
		code int
		want []string
	}{
		{"no address", nil, 2, []string{"要一个网址", "name one address"}},
		{"not a kind", []string{"-kind", "rss", site.URL}, 2, []string{"kind 是 feed", "kind is feed"}},
		{"not a class", []string{"-class", "paper", site.URL}, 2, []string{"class 是 media", "class is media"}},
		{"private", []string{site.URL}, 1, []string{"内网或保留地址", "private or reserved"}},
		{"gone", []string{"-allow-private", site.URL}, 1, []string{"404", "请换成栏目列表页", "Try the address of a column page"}},
		{"no such file", []string{"-config", "nowhere.yml", site.URL}, 2, []string{"读不到配置文件", "cannot be read"}},
	} {
		code, _, errs := sourceAdd(t, "", c.args...)
		if code != c.code {
			t.Errorf("%s: exit %d, want %d", c.name, code, c.code)
		}
		for _, want := range c.want {
			if !strings.Contains(errs, want) {
				t.Errorf("%s: did not say %q:\n%s", c.name, want, errs)
			}
		}
	}
}
