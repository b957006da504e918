package city_test

import (
	"compress/gzip"
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"minsheng/city"
	"minsheng/opinion"
)

func unzip(t *testing.T, s string) string {
	t.Helper()
	z, err := gzip.NewReader(strings.NewReader(s))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func root(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return "http://" + u.Host
}

func TestUnchangedPagesAnswer304(t *testing.T) {
	v := open(t, 21, city.None)
	addresses := map[string]bool{}
	for _, s := range v.Sites() {
		addresses[s.URL] = true
		addresses[root(t, s.URL)+"/robots.txt"] = true
	}
	for _, p := range v.Truth(noon)[:5] {
		addresses[p.URL] = true
	}
	for address := range addresses {
		resp, _ := fetch(t, address)
		tag, modified := resp.Header.Get("ETag"), resp.Header.Get("Last-Modified")
		if tag == "" || modified == "" {
			t.Errorf("%s has ETag %q and Last-Modified %q, want both", address, tag, modified)
		}
		v.set(noon.Add(time.Second))
		for _, header := range [][]string{{"If-None-Match", tag}, {"If-Modified-Since", modified}} {
			if resp, _ := fetch(t, address, header...); resp.StatusCode != http.StatusNotModified {
				t.Errorf("%s with %v answers %d, want 304", address, header, resp.StatusCode)
			}
		}
		v.set(noon)
	}
	forum := site(v, 5)
	resp, _ := fetch(t, forum)
	v.set(noon.Add(5 * time.Hour))
	if again, _ := fetch(t, forum, "If-None-Match", resp.Header.Get("ETag")); again.StatusCode != http.StatusOK {
		t.Errorf("the forum five hours later answers %d, want 200", again.StatusCode)
	}
}

func TestBureauIsGBK(t *testing.T) {
	v := open(t, 22, city.Clerk)
	until := v.StoryUntil()
	v.set(until)
	n := 0
	for _, p := range v.Truth(until) {
		if p.Site != v.Sites()[0].Name {
			continue
		}
		n++
		resp, body := fetch(t, p.URL)
		if utf8.ValidString(body) {
			t.Fatalf("%s is UTF-8", p.URL)
		}
		if got := resp.Header.Get("Content-Type"); got != "text/html; charset=utf-8" {
			t.Fatalf("%s says it is %s, want the wrong charset of such sites", p.URL, got)
		}
		decoded, err := simplifiedchinese.GBK.NewDecoder().String(body)
		if err != nil || !strings.Contains(decoded, p.Title) || strings.Contains(decoded, "&#") {
			t.Errorf("%s: title %q not whole in GBK (%v)", p.URL, p.Title, err)
		}
	}
	if n < 60 {
		t.Errorf("%d articles of the bureau, want more", n)
	}
}

func TestTraditionalScript(t *testing.T) {
	v := open(t, 23, city.None)
	simplified := regexp.MustCompile(`[这们个说时过还对现车门问间电话关将单]`)
	n := 0
	for _, p := range v.Truth(noon) {
		if p.Site == v.Sites()[3].Name {
			n++
			if m := simplified.FindString(p.Title + p.Text); m != "" {
				t.Errorf("%q in %s", m, p.Text)
			}
		}
	}
	if n < 150 {
		t.Errorf("%d articles of paper B, want more", n)
	}
}

func TestRobots(t *testing.T) {
	v := open(t, 24, city.None)
	for n, want := range map[int]string{1: "Sitemap: " + site(v, 2), 3: "Sitemap: " + site(v, 4), 8: "Crawl-delay: 1\nDisallow: /internal/"} {
		if _, body := fetch(t, root(t, site(v, n))+"/robots.txt"); !strings.Contains(body, want) {
			t.Errorf("robots.txt of %s = %q, want %q in it", v.Sites()[n].Name, body, want)
		}
	}
	_, front := fetch(t, root(t, site(v, 8))+"/")
	forbidden := regexp.MustCompile(`/internal/[^"]+`).FindString(front)
	if forbidden == "" {
		t.Fatal("the notice site links nothing that it forbids")
	}
	fetch(t, root(t, site(v, 8))+forbidden)
	if got := v.Trespasses(); got != 1 {
		t.Errorf("Trespasses = %d, want 1", got)
	}
}

func TestFeeds(t *testing.T) {
	v := open(t, 25, city.None)
	var rss struct {
		Items []struct {
			PubDate string `xml:"pubDate"`
		} `xml:"channel>item"`
	}
	_, body := fetch(t, site(v, 1))
	if err := xml.Unmarshal([]byte(body), &rss); err != nil || len(rss.Items) != 100 {
		t.Errorf("RSS of %d items (%v), want 100", len(rss.Items), err)
	}
	for _, i := range rss.Items {
		if _, err := time.Parse(time.RFC1123Z, i.PubDate); err != nil {
			t.Errorf("pubDate: %v", err)
		}
	}
	var feed struct {
		Version string `json:"version"`
		Items   []struct {
			URL       string    `json:"url"`
			Published time.Time `json:"date_published"`
		} `json:"items"`
	}
	_, body = fetch(t, site(v, 6))
	if err := json.Unmarshal([]byte(body), &feed); err != nil || len(feed.Items) != 50 || feed.Version != "https://jsonfeed.org/version/1.1" {
		t.Errorf("JSON Feed %q of %d items (%v), want 50", feed.Version, len(feed.Items), err)
	}
	var atom struct {
		Entries []struct {
			Updated time.Time `xml:"updated"`
		} `xml:"entry"`
	}
	_, body = fetch(t, site(v, 8))
	if err := xml.Unmarshal([]byte(body), &atom); err != nil || len(atom.Entries) < 30 {
		t.Errorf("Atom of %d entries (%v), want more", len(atom.Entries), err)
	}
}

func TestThread(t *testing.T) {
	v := open(t, 26, city.Clerk)
	v.set(v.StoryUntil())
	var opening city.Truth
	replies := 0
	for _, p := range v.Truth(v.StoryUntil()) {
		switch {
		case p.Story && p.Kind == opinion.Social && opening.URL == "":
			opening = p
		case p.URL == opening.URL && p.Kind == opinion.Reply:
			replies++
		}
	}
	_, first := fetch(t, opening.URL)
	if n := strings.Count(first, `<div id="post_`); n != 11 {
		t.Errorf("first page shows %d posts, want the opening and 10 replies", n)
	}
	for _, mark := range []string{`id="authorposton`, "发表于 2026-11-18 ", `id="postmessage_`, `class="authi"`, "-2-1.html"} {
		if !strings.Contains(first, mark) {
			t.Errorf("first page lacks %s", mark)
		}
	}
	shown := 10
	for n := 2; ; n++ {
		resp, body := fetch(t, strings.Replace(opening.URL, "-1-1.html", "-"+string(rune('0'+n%10))+"-1.html", 1))
		if resp.StatusCode != http.StatusOK || n == 10 {
			break
		}
		shown += strings.Count(body, `<div id="post_`)
	}
	if replies < 60 || shown < min(replies, 90) {
		t.Errorf("%d of %d replies shown", shown, replies)
	}
	_, list := fetch(t, site(v, 5))
	if n := strings.Count(list, "<tbody"); n != 30 {
		t.Errorf("the list shows %d threads, want 30", n)
	}
	last := regexp.MustCompile(`<td class="by"><em>([^<]+)</em>`).FindAllStringSubmatch(list, -1)
	for i := 1; i < len(last); i++ {
		a, errA := time.Parse("2006-1-2 15:04", last[i-1][1])
		b, errB := time.Parse("2006-1-2 15:04", last[i][1])
		if errA != nil || errB != nil || a.Before(b) {
			t.Errorf("%s stands above %s, want the newest reply first", last[i-1][1], last[i][1])
		}
	}
}

func TestBoardIsAnswered(t *testing.T) {
	v := open(t, 27, city.None)
	var answer city.Truth
	for _, p := range v.Truth(noon.Add(96 * time.Hour)) {
		if p.Anchor == "answer" && p.Published.After(noon) {
			answer = p
		}
	}
	v.set(answer.Published.Add(-time.Second))
	if _, body := fetch(t, answer.URL); !strings.Contains(body, "办理中") || strings.Contains(body, answer.Phrase) {
		t.Errorf("%s is answered too early", answer.URL)
	}
	v.set(answer.Published)
	if _, body := fetch(t, answer.URL); !strings.Contains(body, "已答复") || !strings.Contains(body, answer.Phrase) {
		t.Errorf("%s is not answered", answer.URL)
	}
}
