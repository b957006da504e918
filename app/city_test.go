package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"minsheng/city"
	"minsheng/config"
	"minsheng/opinion"
	"minsheng/store"
)

// drill is a daemon on a city, as a test holds it.
type drill struct {
	*App
	t    *testing.T
	stop context.CancelFunc
	done chan error
	out  *strings.Builder
}

// freePorts finds seven ports in a row.
func freePorts(t *testing.T) string {
	t.Helper()
	for range 1000 {
		port := 21000 + rand.IntN(30_000)
		var open []net.Listener
		for i := range 7 {
			l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port+i))
			if err != nil {
				break
			}
			open = append(open, l)
		}
		for _, l := range open {
			_ = l.Close()
		}
		if len(open) == 7 {
			return fmt.Sprintf("127.0.0.1:%d", port)
		}
	}
	t.Fatal("no seven free ports in a row")
	return ""
}

// cityConfig is what an administrator of that city would write.
func cityConfig(t *testing.T, seed uint64, story string, factor float64) *config.Config {
	t.Helper()
	c := config.Default()
	c.Data = t.TempDir()
	c.Server.Listen = "127.0.0.1:0"
	c.City = &config.City{Seed: seed, Story: story, Listen: freePorts(t), Factor: factor}
	built, err := city.Open(city.Config{
		Seed: seed, Story: city.Story(story), Listen: c.City.Listen, Start: time.Now(), Now: time.Now, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range built.Sites() {
		c.Sources = append(c.Sources, config.Source{
			Name: s.Name, URL: s.URL, Kind: string(s.Form), Class: string(s.Class), Every: 3 * time.Minute, Rate: 300 * time.Millisecond, AllowPrivate: true,
		})
	}
	for _, p := range city.Places(seed) {
		c.Places = append(c.Places, config.Place(p))
	}
	c.Channels = []config.Channel{{Name: "Slack", Kind: config.Slack, URL: config.NewSecret(built.ChatURL())}}
	if err := built.Close(); err != nil {
		t.Fatal(err)
	}
	if faults := c.Validate(); len(faults) > 0 {
		t.Fatal(faults)
	}
	return &c
}

func begin(t *testing.T, c *config.Config) *drill {
	t.Helper()
	d := &drill{t: t, done: make(chan error, 1), out: &strings.Builder{}}
	a, err := New(t.Context(), c, Options{Version: "test", Log: slog.New(slog.DiscardHandler), Out: d.out})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	d.App, d.stop = a, stop
	go func() { d.done <- a.Run(ctx) }()
	t.Cleanup(d.end)
	return d
}

// end stops the daemon and waits. Doing it twice is doing it once.
func (d *drill) end() {
	if d.stop == nil {
		return
	}
	d.stop()
	if err := errors.Join(<-d.done, d.Close()); err != nil {
		d.t.Errorf("stop: %v", err)
	}
	d.stop = nil
}

// until waits for the city's clock to pass a time.
func (d *drill) until(t *testing.T, at time.Time) {
	t.Helper()
	for deadline := time.Now().Add(4 * time.Minute); d.now().Before(at); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the city's clock stands at %s after four minutes, wanted %s", d.now(), at)
		}
	}
}

func (d *drill) alerts(t *testing.T) []opinion.Alert {
	t.Helper()
	all, err := d.state.Alerts(t.Context(), store.AlertQuery{})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func (d *drill) posts(t *testing.T) int {
	t.Helper()
	counts, err := d.state.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return counts["posts"]
}

const drillFactor = 200

// An incident unfolds: one alert, delivered once, that says why. A second start
// goes on from there and raises nothing twice.
func TestCityIncidentRaisesOneAlert(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute; run without -short")
	}
	c := cityConfig(t, 7, "clerk", drillFactor)
	d := begin(t, c)
	d.until(t, d.city.StoryFrom().Add(2*time.Hour))
	all := d.alerts(t)
	if len(all) != 1 {
		for _, a := range all {
			t.Logf("alert %d %q topics %v incident %s: %+v words %v", a.Number, a.Title, a.Topics, a.Incident, a.Rise, a.Words)
		}
		t.Fatalf("%d alerts, want 1", len(all))
	}
	a := all[0]
	if early := d.city.StoryFrom().Sub(a.Raised); early > 0 {
		t.Errorf("raised %v before the story began", early)
	}
	if a.Rise.Negative <= int(a.Rise.Expected) || a.Rise.Share() <= a.Rise.Usual || a.Rise.Sources == 0 {
		t.Errorf("the rise says nothing: %+v", a.Rise)
	}
	if len(a.Examples) != 3 || len(a.Words) == 0 {
		t.Errorf("%d examples and %d words, want 3 and some", len(a.Examples), len(a.Words))
	}
	story := map[string]bool{}
	for _, truth := range d.city.Truth(d.now()) {
		if truth.Story {
			story[truth.URL] = true
			story[truth.Anchor] = true // of a reply, which may stand on a later page of its thread
		}
	}
	for _, e := range a.Examples {
		if url, anchor, _ := strings.Cut(e.URL, "#"); !story[url] && (anchor == "" || !story[anchor]) {
			t.Errorf("example %s is not of the story", e.URL)
		}
	}
	if got := d.city.Messages(); len(got) != 1 || !strings.Contains(got[0].Text, a.Title) {
		t.Errorf("Slack was told %d times, want once with the title", len(got))
	}
	if n := d.city.Trespasses(); n != 0 {
		t.Errorf("%d requests into a folder that robots.txt forbids", n)
	}
	before := d.posts(t)
	stood := d.now()
	d.end()

	again := begin(t, c)
	if back := stood.Sub(again.now()); back > 10*time.Minute {
		t.Errorf("the second start went back in time by %v", back)
	}
	again.until(t, stood.Add(20*time.Minute))
	if n := again.posts(t); n < before {
		t.Errorf("%d posts after the second start, %d before", n, before)
	}
	if n := len(again.alerts(t)); n != 1 {
		t.Errorf("%d alerts after the second start, want still 1", n)
	}
	if got := again.city.Messages(); len(got) != 0 {
		t.Errorf("Slack was told again %d times after the second start", len(got))
	}
}

// Ordinary life, and a loud day that is not negative, raise nothing.
func TestCityWithoutAnIncidentIsQuiet(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute; run without -short")
	}
	for _, story := range []string{"none", "openday"} {
		t.Run(story, func(t *testing.T) {
			t.Parallel()
			d := begin(t, cityConfig(t, 11, story, drillFactor))
			d.until(t, d.city.StoryFrom().Add(2*time.Hour))
			for _, a := range d.alerts(t) {
				t.Errorf("alert %q topics %v: %+v words %v", a.Title, a.Topics, a.Rise, a.Words)
			}
			if n := d.posts(t); n < 1500 {
				t.Errorf("%d posts were gathered, want the city's past", n)
			}
			if story == "openday" && !loud(d) {
				t.Error("the open day was not loud: the test shows nothing")
			}
		})
	}
}

// loud reports whether the story's posts arrived.
func loud(d *drill) bool {
	n := 0
	for _, truth := range d.city.Truth(d.now()) {
		if truth.Story {
			n++
		}
	}
	return n > 150
}

// What the city's truth calls private must not be in the store; what it tells
// must be found.
func TestCityIsReadWholeAndMasked(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute; run without -short")
	}
	c := cityConfig(t, 5, "none", drillFactor)
	for i := range c.Sources {
		c.Sources[i].Keep = "all"
	}
	d := begin(t, c)
	d.until(t, d.city.StoryFrom())
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(100 * time.Millisecond) {
		past, err := d.state.CatchingUp(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(past.Sources) == 0 && past.Posts == 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the past is still being gathered after two minutes: %+v", past)
		}
	}
	var all strings.Builder
	rows, err := d.file.R.QueryContext(t.Context(), `SELECT title || char(10) || text FROM body`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		all.WriteString(s + "\n")
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	text := all.String()
	oldest := d.city.StoryFrom().AddDate(0, 0, -13)
	found, told, missing := 0, 0, map[opinion.Kind]int{}
	for _, truth := range d.city.Truth(d.city.StoryFrom().Add(-time.Hour)) {
		for _, p := range truth.Private {
			if strings.Contains(text, p) {
				t.Errorf("%q of %s is stored", p, truth.URL)
			}
		}
		if truth.Published.Before(oldest) { // may have left the lists before they were read
			continue
		}
		if len(truth.Private) == 0 {
			told++
			if strings.Contains(text, truth.Phrase) {
				found++
			} else {
				missing[truth.Kind]++
			}
		}
	}
	if found*100 < told*98 {
		t.Errorf("%d of %d posts are stored, want 98 in 100; missing by kind: %v", found, told, missing)
	}
	sources, err := d.state.Sources(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if i := slices.IndexFunc(sources, func(s store.SourceState) bool { return s.OK.IsZero() }); i >= 0 {
		t.Errorf("source %s was never read: %v", sources[i].Name, sources[i].Fault)
	}
}
