package city_test

import (
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"minsheng/city"
	"minsheng/opinion"
)

var noon = time.Date(2026, 11, 18, 4, 0, 0, 0, time.UTC) // a Wednesday, twelve in the city

// visit is an open city with a clock that the test sets.
type visit struct {
	*city.City
	now atomic.Int64
}

func (v *visit) set(t time.Time) { v.now.Store(t.Unix()) }

func open(t *testing.T, seed uint64, story city.Story) *visit {
	t.Helper()
	v := &visit{}
	v.set(noon)
	c, err := city.Open(city.Config{
		Seed: seed, Story: story, Listen: "127.0.0.1:0", Start: noon,
		Now: func() time.Time { return time.Unix(v.now.Load(), 0) },
		Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	v.City = c
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return v
}

func fetch(t *testing.T, address string, header ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(raw)
}

// site is the first entry address of a class, and of the Nth of them.
func site(v *visit, n int) string { return v.Sites()[n].URL }

func share(all []city.Truth, in, of func(city.Truth) bool) float64 {
	n, total := 0, 0
	for _, p := range all {
		if of(p) {
			total++
			if in(p) {
				n++
			}
		}
	}
	return float64(n) / float64(max(total, 1))
}

func police(p city.Truth) bool   { return p.Police }
func negative(p city.Truth) bool { return p.Negative }
func anyPost(city.Truth) bool    { return true }

func TestPast(t *testing.T) {
	for _, seed := range []uint64{1, 2, 77} {
		v := open(t, seed, city.None)
		all := v.Truth(noon)
		if n := len(all); n < 2550 || n > 3450 {
			t.Errorf("seed %d: %d posts in 14 days, want 3,000 ± 15 %%", seed, n)
		}
		checkShare(t, "negative of police", share(all, negative, police), 0.07, 0.13)
		checkShare(t, "praise of police", share(all, func(p city.Truth) bool { return p.Positive }, police), 0.07, 0.15)
		checkShare(t, "about something else", share(all, func(p city.Truth) bool { return !p.Police }, anyPost), 0.15, 0.25)
		night := func(p city.Truth) bool { h := p.Published.UTC().Add(8 * time.Hour).Hour(); return h >= 2 && h < 6 }
		checkShare(t, "written between 2 and 6 at night", share(all, night, anyPost), 0, 0.04)
		for _, p := range all {
			if p.Published.Before(noon.Add(-14*24*time.Hour)) || p.Published.After(noon) {
				t.Fatalf("published %s, outside the past", p.Published)
			}
		}
	}
}

func checkShare(t *testing.T, what string, got, low, high float64) {
	t.Helper()
	if got < low || got > high {
		t.Errorf("%s: %.3f, want %.2f to %.2f", what, got, low, high)
	}
}

func TestOpenDayBeforeStart(t *testing.T) {
	v := open(t, 3, city.None)
	byDay := map[string][]city.Truth{}
	for _, p := range v.Truth(noon) {
		d := p.Published.UTC().Add(8 * time.Hour).Format("01-02")
		byDay[d] = append(byDay[d], p)
	}
	loud := byDay["11-13"]
	for d, posts := range byDay {
		if d != "11-13" && len(posts)*3 > len(loud)*2 {
			t.Errorf("%s has %d posts, the open day only %d", d, len(posts), len(loud))
		}
	}
	checkShare(t, "negative on the open day", share(loud, negative, police), 0.03, 0.13)
}

func TestNoTwoTextsEqual(t *testing.T) {
	for _, seed := range []uint64{4, 5} {
		v := open(t, seed, city.None)
		seen := map[string]string{}
		sentences := map[string]int{}
		all := v.Truth(noon)
		for _, p := range all {
			if p.Copy {
				continue
			}
			if first, ok := seen[p.Text]; ok {
				t.Errorf("%s%s and %s have one text: %s", p.URL, p.Anchor, first, p.Text)
			}
			seen[p.Text] = p.URL + p.Anchor
			for _, s := range cut(p.Text) {
				sentences[s]++
			}
		}
		shares := func(p city.Truth) bool {
			return !p.Copy && slices.ContainsFunc(cut(p.Text), func(s string) bool { return sentences[s] > 1 })
		}
		checkShare(t, "share a whole sentence", share(all, shares, anyPost), 0, 0.15)
	}
}

// cut gives the sentences of at least ten characters.
func cut(s string) []string {
	parts := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("。！？；\n", r) })
	return slices.DeleteFunc(parts, func(s string) bool { return utf8.RuneCountInString(s) < 10 })
}

// leaked is the name of a rule that was written instead of its text.
var leaked = regexp.MustCompile(`who|road|station|ago|sur|hall|today|soon|hm|estate|bureau`)

func TestLengths(t *testing.T) {
	v := open(t, 6, city.Clerk)
	for _, p := range v.Truth(v.StoryUntil()) {
		n := utf8.RuneCountInString(p.Text)
		switch p.Kind {
		case opinion.News:
			if n < 100 || n > 600 {
				t.Errorf("article of %d characters: %s", n, p.Text)
			}
		case opinion.Reply:
			if n < 4 || n > 190 {
				t.Errorf("reply of %d characters: %s", n, p.Text)
			}
		}
		if strings.ContainsAny(p.Title+p.Text, "{}|⟦⟧¶") || leaked.MatchString(p.Title+p.Text) {
			t.Errorf("a rule shows in %q: %s", p.Title, p.Text)
		}
	}
}

func TestSameSeedSameCity(t *testing.T) {
	strip := func(all []city.Truth) []city.Truth {
		for i := range all {
			u, err := url.Parse(all[i].URL)
			if err != nil {
				t.Fatal(err)
			}
			all[i].URL = u.RequestURI()
		}
		return all
	}
	a := strip(open(t, 9, city.Clerk).Truth(noon.Add(30 * time.Hour)))
	other := open(t, 9, city.Clerk)
	other.Truth(noon.Add(32 * 24 * time.Hour)) // the first days are forgotten and written again
	b := strip(other.Truth(noon.Add(30 * time.Hour)))
	if len(a) != len(b) {
		t.Fatalf("two cities of one seed publish %d and %d posts", len(a), len(b))
	}
	for i := range a {
		if fmt.Sprint(a[i]) == fmt.Sprint(b[i]) {
			continue // cheaper than the difference by far
		}
		if diff := cmp.Diff(a[i], b[i]); diff != "" {
			t.Fatalf("two cities of one seed differ:\n%s", diff)
		}
	}

	c := open(t, 10, city.Clerk)
	texts := map[string]bool{}
	for _, p := range a {
		texts[p.Text] = true
	}
	same := func(p city.Truth) bool { return texts[p.Text] }
	checkShare(t, "texts common to two seeds", share(c.Truth(noon), same, anyPost), 0, 0.01)
}

func TestPlaces(t *testing.T) {
	names := func(seed uint64) []string {
		var out []string
		for _, p := range city.Places(seed) {
			out = append(out, p.Name)
		}
		return out
	}
	if diff := cmp.Diff(names(1), names(1)); diff != "" {
		t.Errorf("Places differ for one seed:\n%s", diff)
	}
	if slices.Equal(names(1), names(2)) {
		t.Error("two seeds have the same places")
	}
	v := open(t, 1, city.None)
	var all strings.Builder
	for _, p := range v.Truth(noon) {
		all.WriteString(p.Text)
	}
	for _, n := range names(1) {
		if !strings.Contains(all.String(), n) {
			t.Errorf("nobody speaks of %s", n)
		}
	}
}

func TestClerk(t *testing.T) {
	v := open(t, 11, city.Clerk)
	from := v.StoryFrom()
	if got, want := from, noon.Add(40*time.Minute); !got.Equal(want) {
		t.Errorf("StoryFrom = %s, want %s", got, want)
	}
	count := func(until time.Duration, in func(city.Truth) bool) int {
		n := 0
		for _, p := range v.Truth(from.Add(until)) {
			if p.Story && in(p) {
				n++
			}
		}
		return n
	}
	for _, c := range []struct {
		after     time.Duration
		low, high int
	}{{-time.Second, 0, 0}, {15 * time.Minute, 10, 14}, {45 * time.Minute, 36, 44}, {2 * time.Hour, 180, 205}, {5*time.Hour + 20*time.Minute, 240, 260}} {
		if n := count(c.after, negative); n < c.low || n > c.high {
			t.Errorf("%d negative posts after %s, want %d to %d", n, c.after, c.low, c.high)
		}
	}
	all := func(city.Truth) bool { return true }
	if end, later := count(5*time.Hour+20*time.Minute, all), count(48*time.Hour, all); end != later {
		t.Errorf("the story goes on after its end: %d posts, later %d", end, later)
	}
	sites, threads := map[string]int{}, map[string]bool{}
	for _, p := range v.Truth(v.StoryUntil()) {
		if p.Story {
			sites[p.Site]++
			threads[p.URL] = true
		}
	}
	if len(sites) != 5 || len(threads) < 20 {
		t.Errorf("the story is told at %d sites %v in %d pages, want 5 sites and many pages", len(sites), slices.Collect(maps.Keys(sites)), len(threads))
	}
}

func TestOtherStories(t *testing.T) {
	for _, p := range open(t, 12, city.None).Truth(noon.Add(48 * time.Hour)) {
		if p.Story {
			t.Fatalf("no story, but %s", p.URL)
		}
	}
	v := open(t, 12, city.OpenDay)
	var told []city.Truth
	for _, p := range v.Truth(v.StoryFrom().Add(2*time.Hour + time.Minute)) {
		if p.Story {
			told = append(told, p)
		}
	}
	if len(told) < 240 || len(told) > 270 {
		t.Errorf("%d posts of the open day in two hours, want about 250", len(told))
	}
	checkShare(t, "negative of the open day", share(told, negative, anyPost), 0.02, 0.13)
}

func TestPrivateData(t *testing.T) {
	v := open(t, 13, city.None)
	kinds := map[string]int{}
	for _, p := range v.Truth(noon) {
		for _, s := range p.Private {
			if !strings.Contains(p.Text, s) {
				t.Errorf("%s does not stand in %s", s, p.Text)
			}
			if strings.Contains(p.Phrase, s) {
				t.Errorf("the phrase %s holds %s", p.Phrase, s)
			}
			switch {
			case len(s) == 18:
				kinds["identity"]++
				if !checkDigit(s) {
					t.Errorf("%s has a wrong check digit", s)
				}
			case len(s) == 11:
				kinds["phone"]++
			default:
				kinds["plate"]++
			}
		}
	}
	if len(kinds) != 3 {
		t.Errorf("personal data of kinds %v, want three kinds", kinds)
	}
}

// checkDigit computes the digit by the recurrence of ISO 7064 MOD 11-2.
func checkDigit(s string) bool {
	sum := 0
	for _, r := range s[:17] {
		sum = (sum + int(r-'0')) * 2 % 11
	}
	return s[17] == "0123456789X"[(12-sum)%11]
}

func TestListen(t *testing.T) {
	v := open(t, 16, city.None)
	host := strings.TrimPrefix(strings.TrimSuffix(site(v, 0), "/tzgg/index.html"), "http://")
	_, err := city.Open(city.Config{Listen: host, Start: noon, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	if err == nil || !strings.Contains(err.Error(), host) {
		t.Errorf("Open on a port in use = %v, want an error that names %s", err, host)
	}
	for _, bad := range []city.Config{{Listen: "127.0.0.1"}, {Listen: "127.0.0.1:65533"}, {Listen: "127.0.0.1:0", Story: "war"}} {
		bad.Now, bad.Log = time.Now, slog.New(slog.DiscardHandler)
		if _, err := city.Open(bad); err == nil {
			t.Errorf("Open(%q, %q) succeeds", bad.Listen, bad.Story)
		}
	}
}
