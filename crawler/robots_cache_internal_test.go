package crawler

import (
	"strconv"
	"testing"
	"time"
)

func TestRobotsCacheIsBounded(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	add := func(c *robotsCache, key string, weight int) {
		e, fresh := c.enter(key, now)
		if !fresh {
			t.Fatalf("%s is known", key)
		}
		e.rules, e.expires = &Robots{}, now.Add(robotsLife)
		c.fill(e, weight, true)
	}
	t.Run("hosts", func(t *testing.T) {
		c := newRobotsCache()
		add(c, "first", 1)
		for i := range robotsHosts {
			c.enter("first", now) // used all along
			add(c, strconv.Itoa(i), 1)
		}
		if n := len(c.byKey); n != robotsHosts || c.recent.Len() != n || c.weight != n {
			t.Errorf("%d hosts, %d places, weight %d, want %d of each", n, c.recent.Len(), c.weight, robotsHosts)
		}
		if c.known("first") == nil || c.known("0") != nil {
			t.Error("want the host used last kept and the one used first gone")
		}
	})
	t.Run("octets", func(t *testing.T) {
		c := newRobotsCache()
		for i := range 10 {
			add(c, strconv.Itoa(i), robotsOctets/4)
		}
		if n := len(c.byKey); n != 4 || c.weight > robotsOctets {
			t.Errorf("%d hosts of weight %d, want 4 within %d", n, c.weight, robotsOctets)
		}
	})
}

// What a file says to others is not kept.
func TestRobotsOnlyOurRulesAreKept(t *testing.T) {
	all := ParseRobots([]byte("User-agent: other\nDisallow: /aaaaaaaaaaaaaaaa\n\nUser-agent: minsheng\nCrawl-delay: 2\nDisallow: /b\nSitemap: /s\n"))
	mine, weight := all.only("minsheng/1.0")
	if len(mine.groups) != 1 || weight > 500 {
		t.Errorf("%d groups of weight %d kept, want ours alone", len(mine.groups), weight)
	}
	for _, p := range []string{"/a", "/b"} {
		u := "http://news.example" + p
		if got, want := mine.Allowed("minsheng", u), all.Allowed("minsheng", u); got != want {
			t.Errorf("%s allowed %v, want %v", p, got, want)
		}
	}
	if mine.Delay("minsheng") != 2*time.Second || len(mine.Sitemaps()) != 1 {
		t.Error("delay or sitemap lost")
	}
}
