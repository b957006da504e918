package crawler_test

import (
	"encoding/csv"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"minsheng/crawler"
)

// sharedData gives the folder of the measuring data and skips where it is not
// there.
func sharedData(t testing.TB) string {
	t.Helper()
	root := os.Getenv("MINSHENG_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "shared")
	}
	dir := filepath.Join(root, "data")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no measuring data: set MINSHENG_SHARED to the shared folder (%v)", err)
	}
	return dir
}

func readFile(t testing.TB, parts ...string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestMeasureDecode(t *testing.T) {
	dir := filepath.Join(sharedData(t), "extract", "charset")
	f, err := os.Open(filepath.Join(dir, "index.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma = '\t'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	right := 0
	for _, row := range rows[1:] {
		text, charset, ok := crawler.Decode(readFile(t, dir, row[0]), row[1])
		want := readFile(t, dir, strings.TrimSuffix(row[0], ".bin")+".txt")
		if strings.TrimSpace(text) == strings.TrimSpace(string(want)) {
			right++
		} else {
			t.Logf("%s: read as %s (sure: %v), is %s", row[0], charset, ok, row[2])
		}
	}
	t.Logf("decode: %d of %d exact", right, len(rows)-1)
	if right < len(rows)-1 {
		t.Error("a document was not decoded exactly")
	}
}

func readJSON(t testing.TB, into any, parts ...string) {
	t.Helper()
	if err := json.Unmarshal(readFile(t, parts...), into); err != nil {
		t.Fatal(err)
	}
}

// truth is one page as the measuring data describes it.
type truth struct {
	File    string
	Title   string
	Publish string `json:"publish_time"`
	Body    string
}

func TestMeasureExtract(t *testing.T) {
	dir := filepath.Join(sharedData(t), "extract")
	var pages []truth
	readJSON(t, &pages, dir, "truth.json")
	var f1 float64
	var titles, exact, days, day, minutes, minute, accepted int
	for _, want := range pages {
		a, err := crawler.Extract(readFile(t, dir, "pages", want.File), "", "", nil)
		if err != nil {
			t.Errorf("%s: %v", want.File, err)
			continue
		}
		if a.IsArticle {
			accepted++
		}
		score := overlap(want.Body, a.Text)
		if f1 += score; score < 0.9 {
			t.Logf("%s: body F1 %.3f", want.File, score)
		}
		if want.Title != "" {
			if titles++; letters(want.Title) == letters(a.Title) {
				exact++
			}
		}
		wantDay, wantMinute := printedTime(want.Publish)
		gotDay, gotMinute := "", ""
		if !a.Published.IsZero() {
			gotDay = a.Published.Format("2006-1-2")
			if !a.DayOnly {
				gotMinute = a.Published.Format("15:04")
			}
		}
		if wantDay != "" {
			if days++; gotDay == wantDay {
				day++
			}
		}
		if wantMinute != "" {
			if minutes++; gotDay == wantDay && gotMinute == wantMinute {
				minute++
			}
		}
	}
	floor(t, "body F1", f1/float64(len(pages)), 0.955)
	floor(t, "title exact", share(exact, titles), 0.94)
	floor(t, "day", share(day, days), 0.93)
	floor(t, "minute", share(minute, minutes), 0.92)
	floor(t, "accepted", share(accepted, len(pages)), 0.97)

	var odd []truth
	readJSON(t, &odd, dir, "nonarticle.json")
	refused := 0
	for _, page := range odd {
		if a, err := crawler.Extract(readFile(t, dir, "nonarticle", page.File), "", "", nil); err != nil || !a.IsArticle {
			refused++
		} else {
			t.Logf("%s: taken for an article", page.File)
		}
	}
	floor(t, "non-articles refused", share(refused, len(odd)), 0.8)
}

func share(n, of int) float64 { return float64(n) / float64(max(1, of)) }

// floor logs a figure and fails where it falls clearly below what it was.
func floor(t *testing.T, name string, got, least float64) {
	t.Helper()
	t.Logf("%s: %.4f", name, got)
	if got < least {
		t.Errorf("%s is %.4f, below %.4f", name, got, least)
	}
}

// letters is s without signs and blanks.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFKC.String(s))
}

// overlap is the F1 of the four-character pieces of two texts.
func overlap(want, got string) float64 {
	a, b := pieces(want), pieces(got)
	na, nb, both := 0, 0, 0
	for k, n := range a {
		na += n
		both += min(n, b[k])
	}
	for _, n := range b {
		nb += n
	}
	return 2 * float64(both) / float64(max(1, na+nb))
}

func pieces(s string) map[string]int {
	r := []rune(strings.Join(strings.Fields(norm.NFKC.String(s)), ""))
	out := map[string]int{}
	for i := 0; i+4 <= len(r); i++ {
		out[string(r[i:i+4])]++
	}
	return out
}

var printed = regexp.MustCompile(`(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})(?:\D{0,12}(\d{1,2})[:：](\d{2}))?`)

func printedTime(s string) (day, minute string) {
	m := printed.FindStringSubmatch(s)
	if m == nil {
		return "", ""
	}
	day = m[1] + "-" + strings.TrimPrefix(m[2], "0") + "-" + strings.TrimPrefix(m[3], "0")
	if m[4] != "" {
		minute = ("0" + m[4])[len(m[4])-1:] + ":" + m[5]
	}
	return day, minute
}

// feedTruth is one feed as the measuring data describes it.
type feedTruth struct {
	File          string
	ContentType   string `json:"content_type"`
	MustError     bool   `json:"must_error"`
	Checks        []string
	Entries       int
	EntriesAccept []int `json:"entries_accept"`
	First         struct {
		Title, Link, Published string
		TitleAccept            []string `json:"title_accept"`
		LinkAccept             []string `json:"link_accept"`
		PublishedAccept        []string `json:"published_accept"`
	}
	MustNotContain []string `json:"must_not_contain"`
}

func TestMeasureFeeds(t *testing.T) {
	dir := filepath.Join(sharedData(t), "ingest")
	const root = "http://base.invalid"
	var feeds []feedTruth
	readJSON(t, &feeds, dir, "expected.json")
	good, total := map[string]int{}, map[string]int{}
	tally := func(c feedTruth, check string, ok bool, got any) {
		if total[check]++; ok {
			good[check]++
		} else {
			t.Logf("%s: %s is %v", c.File, check, got)
		}
	}
	for _, c := range feeds {
		feed, err := crawler.ReadFeed(readFile(t, dir, "feeds", c.File), c.ContentType, root+"/feeds/"+c.File, nil)
		if c.MustError {
			tally(c, "refused", err != nil, err)
			continue
		}
		var first crawler.Item
		if len(feed.Items) > 0 {
			first = feed.Items[0]
		}
		place := strings.NewReplacer("{BASE}", root+"/feeds/", "{ROOT}", root, "{SCHEME}", "http")
		for _, check := range c.Checks {
			switch check {
			case "entries":
				tally(c, check, err == nil && slices.Contains(append(c.EntriesAccept, c.Entries), len(feed.Items)), len(feed.Items))
			case "title":
				tally(c, check, slices.Contains(squeezed(append(c.First.TitleAccept, c.First.Title)), squeezed([]string{first.Title})[0]), first.Title)
			case "link":
				var want []string
				for _, l := range append(c.First.LinkAccept, c.First.Link) {
					want = append(want, plainLink(place.Replace(l)))
				}
				tally(c, check, slices.Contains(want, plainLink(first.URL)), first.URL)
			case "published":
				got := first.Published.UTC().Format(time.RFC3339)
				tally(c, check, slices.Contains(append(c.First.PublishedAccept, c.First.Published), got), got)
			case "no_published":
				tally(c, check, len(feed.Items) > 0 && first.Published.IsZero(), first.Published)
			}
		}
		for _, bad := range c.MustNotContain {
			for _, it := range feed.Items {
				tally(c, "leak", !strings.Contains(it.Title+it.Content+it.URL, bad), bad)
			}
		}
	}
	for check, n := range total {
		floor(t, "feeds: "+check, share(good[check], n), 0.95)
	}
}

func squeezed(all []string) []string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = strings.Join(strings.Fields(s), " ")
	}
	return out
}

func plainLink(s string) string {
	u, err := url.Parse(s)
	if err != nil {
		return s
	}
	if u.Path == "" {
		u.Path = "/"
	}
	whole, err := url.QueryUnescape(strings.ReplaceAll(u.String(), "+", "%2B"))
	if err != nil {
		return u.String()
	}
	return whole
}
