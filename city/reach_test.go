package city_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"minsheng/city"
	"minsheng/opinion"
)

var hrefs = regexp.MustCompile(`(?:href="|<loc>|<link>|"url":")([^"<]+)`)

// TestEveryPostIsReached crawls from the addresses that a configuration would
// list and looks for a phrase of each post on its page.
func TestEveryPostIsReached(t *testing.T) {
	v := open(t, 14, city.Clerk)
	now := v.StoryFrom().Add(3 * time.Hour)
	v.set(now)
	pages := crawl(t, v)
	missing, old := 0, map[string]bool{}
	for _, p := range v.Truth(now) {
		if p.Anchor == "" {
			old[p.URL] = p.Published.Before(now.Add(-14 * 24 * time.Hour))
		}
		if old[p.URL] {
			continue // it has left the lists
		}
		if !strings.Contains(pages[p.URL], p.Phrase) {
			missing++
			if missing < 10 {
				t.Errorf("%s #%s %s: phrase %q not found", p.Site, p.Anchor, p.URL, p.Phrase)
			}
		}
	}
	if v.Trespasses() != 0 {
		t.Errorf("%d requests for what robots.txt forbids", v.Trespasses())
	}
}

// crawl follows links within the city; a thread's further pages count as its
// first.
func crawl(t *testing.T, v *visit) map[string]string {
	t.Helper()
	pages := map[string]string{}
	var queue []string
	seen := map[string]bool{}
	add := func(s string) {
		if !seen[s] && !regexp.MustCompile(`/(internal|space-|home|ad/|search|ask/submit)`).MatchString(s) {
			seen[s] = true
			queue = append(queue, s)
		}
	}
	for _, s := range v.Sites() {
		add(s.URL)
	}
	further := regexp.MustCompile(`(/thread-\d+-)\d+(-1\.html)$`)
	for len(queue) > 0 {
		address := queue[0]
		queue = queue[1:]
		resp, body := fetch(t, address)
		if resp.StatusCode != http.StatusOK {
			t.Errorf("%s answers %s", address, resp.Status)
		}
		if strings.HasSuffix(address, ".gz") {
			body = unzip(t, body)
		}
		if !utf8.ValidString(body) {
			decoded, err := simplifiedchinese.GBK.NewDecoder().String(body)
			if err != nil {
				t.Errorf("%s is neither UTF-8 nor GBK", address)
			}
			body = decoded
		}
		pages[further.ReplaceAllString(address, "${1}1${2}")] += body
		base, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range hrefs.FindAllStringSubmatch(body, -1) {
			u, err := base.Parse(strings.ReplaceAll(m[1], "&amp;", "&"))
			if err != nil || u.Scheme != "http" {
				continue
			}
			u.Fragment = ""
			add(u.String())
		}
	}
	return pages
}

func TestGrowsWithTheClock(t *testing.T) {
	v := open(t, 15, city.None)
	lists := []int{0, 1, 2, 3, 5, 6, 7, 8}
	before := map[int]string{}
	for _, n := range lists {
		_, before[n] = fetch(t, site(v, n))
	}
	later := noon.Add(20 * time.Hour)
	var next city.Truth
	for _, p := range v.Truth(later) {
		if p.Published.After(noon) && p.Kind == opinion.News {
			next = p
			break
		}
	}
	if resp, _ := fetch(t, next.URL); resp.StatusCode != http.StatusNotFound {
		t.Errorf("%s answers %d before it is published", next.URL, resp.StatusCode)
	}
	v.set(next.Published)
	if resp, _ := fetch(t, next.URL); resp.StatusCode != http.StatusOK {
		t.Errorf("%s answers %d when it is published", next.URL, resp.StatusCode)
	}
	v.set(later)
	for _, n := range lists {
		if _, body := fetch(t, site(v, n)); body == before[n] {
			t.Errorf("%s is the same 20 hours later", site(v, n))
		}
	}
	v.set(noon.Add(400 * 24 * time.Hour))
	if _, body := fetch(t, site(v, 2)); strings.Count(body, "<loc>") < 150 || strings.Count(body, "<loc>") > 500 {
		t.Errorf("a year later the site map lists %s pages", strconv.Itoa(strings.Count(body, "<loc>")))
	}
}
