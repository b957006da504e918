package crawler_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"minsheng/crawler"
)

func TestRobotsAllowed(t *testing.T) {
	const site = "http://news.example"
	for _, c := range []struct {
		name, robots, agent string
		open, closed        []string
	}{
		{"empty", "", "minsheng", []string{"/", "/a"}, nil},
		{"own group before everyone's", "User-agent: *\nDisallow: /\nUser-agent: minsheng\nDisallow: /x", "minsheng/1.0 (+http://office.example)", []string{"/a"}, []string{"/x", "/xy"}},
		{"a longer name is another agent", "User-agent: minshengbot\nDisallow: /", "minsheng", []string{"/a"}, nil},
		{"a shorter name is another agent", "User-agent: min\nDisallow: /", "minsheng", []string{"/a"}, nil},
		{"case and version do not matter", "User-agent: MinSheng/2.0\nDisallow: /", "minsheng/1.0", nil, []string{"/a"}},
		{"groups of one agent are one", "User-agent: minsheng\nDisallow: /a\n\nUser-agent: other\nDisallow: /b\n\nUser-agent: minsheng\nDisallow: /c", "minsheng", []string{"/b"}, []string{"/a", "/c"}},
		{"an empty own group allows all", "User-agent: *\nDisallow: /\n\nUser-agent: minsheng\n", "minsheng", []string{"/a"}, nil},
		{"an empty Disallow closes nothing", "User-agent: *\nDisallow:\n", "minsheng", []string{"/a"}, nil},
		{"longest match", "User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /a/b/c", "minsheng", []string{"/a/b", "/a/b/d"}, []string{"/a", "/a/x", "/a/b/c"}},
		{"equal length allows, in any order", "User-agent: *\nAllow: /a\nDisallow: /a\nDisallow: /b\nAllow: /b", "minsheng", []string{"/a", "/b"}, nil},
		{"rules before the first agent", "Disallow: /\nUser-agent: other\nDisallow: /", "minsheng", []string{"/a"}, nil},
		{"other lines do not end a group", "User-agent: minsheng\nSitemap: /s.xml\nCrawl-delay: 3\nHost: x\nUser-agent: other\nDisallow: /a", "minsheng", []string{"/b"}, []string{"/a"}},
		{"wildcards", "User-agent: *\nDisallow: /*.php$\nDisallow: /s?*q=\nDisallow: /x**y", "minsheng", []string{"/a.php?b", "/s?a=1", "/xz"}, []string{"/a.php", "/d/a.php", "/s?a=1&q=2", "/xy", "/xzzy"}},
		{"the end matches at the end", "User-agent: *\nDisallow: /a*b$", "minsheng", []string{"/abc", "/a"}, []string{"/ab", "/abcb", "/a/b/b"}},
		{"escapes", "User-agent: *\nDisallow: /%7ex\nDisallow: /内部/\nDisallow: /%e6%96%b0\nDisallow: /a%2fb", "minsheng", []string{"/a/b"}, []string{"/~x", "/%E5%86%85%E9%83%A8/1", "/新", "/a%2Fb"}},
		{"special characters by their escapes", "User-agent: *\nDisallow: /a%2Ab\nDisallow: /c%24\nDisallow: /d$e", "minsheng", []string{"/axb", "/d"}, []string{"/a*b", "/c$", "/d$e"}},
		{"BOM, CR, comments, blanks", "\ufeff# 注\ruser-agent :  *  # all\r\n\r\nDISALLOW\t:/a\t# x\rdisallow /b", "minsheng", []string{"/c"}, []string{"/a", "/b"}},
		{"misspelt", "Useragent: *\nDissallow: /a", "minsheng", nil, []string{"/a"}},
		{"GBK", "# \xc6\xdc\xb4\xa8\nUser-agent: *\nDisallow: /\xc4\xda/", "minsheng", []string{"/a"}, []string{"/%C4%DA/1"}},
		{"a page instead of a file", "<!DOCTYPE html>\n<html><p>Disallow: /</p></html>", "minsheng", []string{"/a"}, nil},
		{"robots.txt is always open", "User-agent: *\nDisallow: /", "minsheng", []string{"/robots.txt"}, []string{"/robots.txt?x", "/"}},
		{"what follows 500 KiB is not read", "User-agent: *\n" + strings.Repeat("Disallow: /aaaaaaaaaaaaaaaaaaaaaaaa\n", 20_000) + "Disallow: /z", "minsheng", []string{"/z", "/a"}, []string{"/aaaaaaaaaaaaaaaaaaaaaaaab"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := crawler.ParseRobots([]byte(c.robots))
			for _, p := range c.open {
				if !r.Allowed(c.agent, site+p) {
					t.Errorf("%s is closed, want open", p)
				}
			}
			for _, p := range c.closed {
				if r.Allowed(c.agent, site+p) {
					t.Errorf("%s is open, want closed", p)
				}
			}
		})
	}
	if crawler.ParseRobots(nil).Allowed("minsheng", "ftp://news.example/a") {
		t.Error("an address that cannot be fetched is allowed")
	}
}

func TestRobotsDelay(t *testing.T) {
	for _, c := range []struct {
		robots string
		want   time.Duration
	}{
		{"", 0},
		{"User-agent: *\nCrawl-delay: 2.5", 2500 * time.Millisecond},
		{"User-agent: *\nCrawl-delay: 9\nDisallow: /x\n\nUser-agent: minsheng\nCrawl-delay: 1\nDisallow: /y", time.Second},
		{"User-agent: *\nCrawl-delay: 9\nDisallow: /x\n\nUser-agent: minsheng\nDisallow: /y", 0},
		{"Crawl-delay: 9\nUser-agent: *\nDisallow: /x", 0},
		{"User-agent: *\nCrawl-delay: soon", 0},
		{"User-agent: *\nCrawl-delay: NaN", 0},
		{"User-agent: *\nCrawl-delay: -4", 0},
		{"User-agent: *\nCrawl-delay: Inf", 24 * time.Hour},
	} {
		if got := crawler.ParseRobots([]byte(c.robots)).Delay("minsheng/1"); got != c.want {
			t.Errorf("Delay of %q = %s, want %s", c.robots, got, c.want)
		}
	}
}

func TestRobotsSitemaps(t *testing.T) {
	r := crawler.ParseRobots([]byte("Sitemap: http://news.example/a.xml\nUser-agent: other\nsitemap: /b.xml # two\n"))
	if got, want := r.Sitemaps(), []string{"http://news.example/a.xml", "/b.xml"}; !slices.Equal(got, want) {
		t.Errorf("Sitemaps = %q, want %q", got, want)
	}
}

func FuzzRobots(f *testing.F) {
	f.Add([]byte("User-agent: *\r\nDisallow: /a*b$\rAllow: /a%2\nCrawl-delay: 1e400\nSitemap: x"), "/a?b#c")
	f.Add([]byte("\ufeffuser-agent minsheng\ndisallow *\x00$"), "/*$")
	f.Fuzz(func(t *testing.T, body []byte, path string) {
		r := crawler.ParseRobots(body)
		if d := r.Delay("minsheng"); d < 0 || d > 24*time.Hour {
			t.Errorf("Delay = %s", d)
		}
		if !r.Allowed("minsheng", "http://news.example/robots.txt") {
			t.Error("robots.txt closes itself")
		}
		got := r.Allowed("minsheng", "http://news.example/"+path)
		if strings.HasPrefix(string(body), "\xff\xfe") || strings.HasPrefix(string(body), "\xfe\xff") {
			return // a line's end is two bytes
		}
		// how lines end says nothing
		other := crawler.ParseRobots([]byte(strings.ReplaceAll(string(body), "\n", "\r")))
		if len(body) < 400<<10 && other.Allowed("minsheng", "http://news.example/"+path) != got {
			t.Errorf("%q: the line ends decide", body)
		}
	})
}
