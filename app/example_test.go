package app_test

import (
	"log/slog"
	"net"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"minsheng/city"
	"minsheng/config"
	"minsheng/opinion"
)

// The example configuration names the sites of the city of its seed as they
// are, and the districts and stations of its town: without them a first start
// would read nothing.
func TestExampleNamesTheCity(t *testing.T) {
	cfg, err := config.Load("../config/example.yml")
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return time.Date(2026, 3, 4, 2, 0, 0, 0, time.UTC) }
	c, err := city.Open(city.Config{
		Seed: cfg.City.Seed, Story: city.Story(cfg.City.Story), Listen: "127.0.0.1:0", Start: now(), Now: now, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()

	var want, got []city.Site
	bases := []string{} // of the city as it runs here, in the order of its ports
	for _, s := range c.Sites() {
		if b := base(t, s.URL); !slices.Contains(bases, b) {
			bases = append(bases, b)
		}
		s.URL = strings.Replace(s.URL, base(t, s.URL), port(t, cfg.City.Listen, slices.Index(bases, base(t, s.URL))), 1)
		want = append(want, s)
	}
	for _, s := range cfg.Opinions() {
		got = append(got, city.Site{Name: s.Name, URL: s.URL, Form: s.Form, Class: s.Class})
		if !s.AllowPrivate {
			t.Errorf("%s lies on this machine and is not allowed to", s.Name)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sources of the example (-want of the city, +got):\n%s", diff)
	}

	var places []opinion.Place
	for _, p := range city.Places(cfg.City.Seed) {
		if strings.HasSuffix(p.Name, "区") || strings.HasSuffix(p.Name, "派出所") {
			places = append(places, p)
		}
	}
	if diff := cmp.Diff(places, cfg.PlaceList()); diff != "" {
		t.Errorf("places of the example (-want of the city, +got):\n%s", diff)
	}

	chat := strings.Replace(c.ChatURL(), base(t, c.ChatURL()), port(t, cfg.City.Listen, len(bases)), 1)
	if !slices.ContainsFunc(cfg.Channels, func(ch config.Channel) bool { return ch.URL.Reveal() == chat }) {
		t.Errorf("no channel of the example posts to the city's %s", chat)
	}
	if !strings.HasPrefix(cfg.Office.Name, c.Town()) {
		t.Errorf("the office is called %s, want one of %s", cfg.Office.Name, c.Town())
	}
}

func base(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return "http://" + u.Host
}

// port is the address n ports after listen.
func port(t *testing.T, listen string, n int) string {
	t.Helper()
	a, err := net.ResolveTCPAddr("tcp", listen)
	if err != nil {
		t.Fatal(err)
	}
	a.Port += n
	return "http://" + a.String()
}
