package crawler_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"minsheng/crawler"
)

// The clauses of RFC 9309, one after the other. The paths before the bar may be
// asked for, those after it may not.
func TestRobotsByTheStandard(t *testing.T) {
	const (
		agent = "tongxibot"
		file  = "User-agent: *\nDisallow: /*.gif$\nDisallow: /example/\nAllow: /publications/\n\nUser-agent: tongxibot\nDisallow: /\nAllow: /example/page.html\nAllow: /example/allowed.gif\n\nUser-agent: otherbot\nUser-agent: thirdbot\nAllow: /example/page.html\nDisallow: /example/\n\nUser-agent: lastbot\n"
	)
	for _, c := range []struct{ clause, agent, robots, paths string }{
		// 2.2.1 the user-agent line
		{"2.2.1 own group", agent, "User-agent: tongxibot\nDisallow: /a", "/b | /a"},
		{"2.2.1 case of the name", agent, "USER-AGENT: TongXiBot\nDisallow: /a", "/b | /a"},
		{"2.2.1 case of our name", "TONGXIBOT", "user-agent: tongxibot\ndisallow: /a", "/b | /a"},
		{"2.2.1 version in our name", "tongxibot/2.1 (+http://tongxi.example)", "User-agent: tongxibot\nDisallow: /a", "/b | /a"},
		{"2.2.1 version in the line", agent, "User-agent: tongxibot/1.2\nDisallow: /a", "/b | /a"},
		{"2.2.1 name with hyphen", "tongxi-bot", "User-agent: tongxi-bot\nDisallow: /a", "/b | /a"},
		{"2.2.1 name with underscore", "tongxi_bot", "User-agent: tongxi_bot\nDisallow: /a", "/b | /a"},
		{"2.2.1 other part of a hyphened name", "tongxi", "User-agent: tongxi-bot\nDisallow: /a", "/a /b |"},
		{"2.2.1 nobody's group", agent, "User-agent: otherbot\nDisallow: /", "/ /a |"},
		{"2.2.1 everyone's group", agent, "User-agent: *\nDisallow: /a", "/b | /a"},
		{"2.2.1 own group hides everyone's", agent, "User-agent: *\nDisallow: /\n\nUser-agent: tongxibot\nDisallow: /a", "/b | /a"},
		{"2.2.1 own group in front", agent, "User-agent: tongxibot\nDisallow: /a\n\nUser-agent: *\nDisallow: /", "/b | /a"},
		{"2.2.1 groups of one name together", agent, "User-agent: tongxibot\nDisallow: /a\n\nUser-agent: *\nDisallow: /c\n\nUser-agent: tongxibot\nDisallow: /b", "/c | /a /b"},
		{"2.2.1 everyone's groups together", agent, "User-agent: *\nDisallow: /a\n\nUser-agent: otherbot\nDisallow: /c\n\nUser-agent: *\nDisallow: /b", "/c | /a /b"},
		{"2.2.1 several lines, one group", agent, "User-agent: otherbot\nUser-agent: tongxibot\nDisallow: /a", "/b | /a"},
		{"2.2.1 blank between lines", agent, "User-agent: otherbot\n\n\nUser-agent: tongxibot\n\nDisallow: /a", "/b | /a"},
		{"2.2.1 comment between lines", agent, "User-agent: otherbot\n# and\nUser-agent: tongxibot\nDisallow: /a", "/b | /a"},
		{"2.2.1 group ends at the next after rules", agent, "User-agent: tongxibot\nDisallow: /a\nUser-agent: otherbot\nDisallow: /b", "/b | /a"},
		{"2.2.1 no group", agent, "Disallow: /", "/ /a |"},
		{"2.2.1 no name", agent, "User-agent:\nDisallow: /", "/a |"},
		{"2.2.1 own group without rules", agent, "User-agent: *\nDisallow: /\n\nUser-agent: tongxibot", "/a |"},
		// 2.2.2 allow and disallow
		{"2.2.2 longest, allow", agent, "User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b /a/b/c | /a /a/c"},
		{"2.2.2 longest, disallow", agent, "User-agent: *\nAllow: /a\nDisallow: /a/b", "/a /a/c | /a/b /a/b/c"},
		{"2.2.2 order does not matter", agent, "User-agent: *\nAllow: /a/b\nDisallow: /a", "/a/b | /a"},
		{"2.2.2 equal, allow", agent, "User-agent: *\nDisallow: /a\nAllow: /a", "/a /a/b |"},
		{"2.2.2 no match", agent, "User-agent: *\nDisallow: /a", "/ /b /b/a |"},
		{"2.2.2 no rules", agent, "User-agent: *", "/a |"},
		{"2.2.2 case of the path", agent, "User-agent: *\nDisallow: /A", "/a | /A"},
		{"2.2.2 case of the key", agent, "user-AGENT: *\nDISALLOW: /a\naLLoW: /a/b", "/a/b | /a"},
		{"2.2.2 beginning of the path", agent, "User-agent: *\nDisallow: /fish", "/ /catfish /Fish | /fish /fish.html /fish/ /fishheads /fish?id=1"},
		{"2.2.2 slash at the end", agent, "User-agent: *\nDisallow: /fish/", "/fish /fish.html | /fish/ /fish/a /fish/?id=1"},
		{"2.2.2 empty disallow", agent, "User-agent: *\nDisallow:", "/ /a |"},
		{"2.2.2 empty allow", agent, "User-agent: *\nAllow:\nDisallow: /a", "/b | /a"},
		{"2.2.2 everything", agent, "User-agent: *\nDisallow: /", "| / /a /a?b"},
		{"2.2.2 everything but", agent, "User-agent: *\nDisallow: /\nAllow: /a", "/a /ab | / /b"},
		{"2.2.2 the file itself", agent, "User-agent: *\nDisallow: /", "/robots.txt | /robots.html"},
		{"2.2.2 query", agent, "User-agent: *\nDisallow: /s?q=", "/s /s?p=1&q=2 | /s?q= /s?q=1"},
		{"2.2.2 blanks around", agent, "  User-agent \t:\t * \n  Disallow  :   /a  ", "/b | /a"},
		{"2.2.2 no blank", agent, "User-agent:*\nDisallow:/a", "/b | /a"},
		{"2.2.2 escapes as octets", agent, "User-agent: *\nDisallow: /a%3Cd", "/b | /a%3cd /a%3Cd"},
		{"2.2.2 raw against escaped", agent, "User-agent: *\nDisallow: /南门", "/北门 | /南门 /%E5%8D%97%E9%97%A8/a /%e5%8d%97%e9%97%a8"},
		{"2.2.2 escaped against raw", agent, "User-agent: *\nDisallow: /%E5%8D%97%E9%97%A8", "/北门 | /南门"},
		{"2.2.2 plain characters escaped", agent, "User-agent: *\nDisallow: /foo/bar/%62%61%7A", "/foo/bar/ba | /foo/bar/baz /foo/bar/%62%61%7A"},
		{"2.2.2 reserved stays escaped", agent, "User-agent: *\nDisallow: /a%2Fb", "/a/b | /a%2Fb /a%2fb"},
		{"2.2.2 reserved in the query", agent, "User-agent: *\nDisallow: /foo/bar?baz=http://foo.bar", "/foo/bar?baz=ftp | /foo/bar?baz=http://foo.bar"},
		// 2.2.3 special characters
		{"2.2.3 comment line", agent, "# User-agent: *\nUser-agent: *\n#Disallow: /b\nDisallow: /a", "/b | /a"},
		{"2.2.3 comment behind", agent, "User-agent: * # everyone\nDisallow: /a # this", "/b | /a /ab"},
		{"2.2.3 comment without blank", agent, "User-agent: *#x\nDisallow: /a#b", "/b | /a /ab"},
		{"2.2.3 end", agent, "User-agent: *\nDisallow: /a$", "/ab /a/ /a?b | /a"},
		{"2.2.3 end with wildcard", agent, "User-agent: *\nDisallow: /*.php$", "/a.php5 /a.php?b /php | /a.php /b/c.php /.php"},
		{"2.2.3 end within", agent, "User-agent: *\nDisallow: /a$b", "/a /ab | /a$b /a$bc"},
		{"2.2.3 end alone", agent, "User-agent: *\nDisallow: /$", "/a | /"},
		{"2.2.3 wildcard", agent, "User-agent: *\nDisallow: /a*c", "/ab /ba | /ac /abc /abbbc /abcd /a/b/c"},
		{"2.2.3 wildcard of nothing", agent, "User-agent: *\nDisallow: /a*", "/b | /a /ab"},
		{"2.2.3 wildcard in front", agent, "User-agent: *\nDisallow: *.gif", "/a.png | /a.gif /b/a.gif?x"},
		{"2.2.3 wildcard as a folder", agent, "User-agent: *\nDisallow: /*/private/", "/private/a | /a/private/ /a/b/private/c"},
		{"2.2.3 wildcards in a row", agent, "User-agent: *\nDisallow: /a***b$", "/abc | /ab /axxb"},
		{"2.2.3 two wildcards", agent, "User-agent: *\nDisallow: /*a*b", "/ba | /ab /xaxxb"},
		{"2.2.3 wildcard over a query", agent, "User-agent: *\nDisallow: /*?", "/a /b/c | /a? /a?b /b/c?d=e"},
		{"2.2.3 wildcard weighs", agent, "User-agent: *\nDisallow: /a*b\nAllow: /a", "/a /ac | /ab /axb"},
		{"2.2.3 longer wins over wildcard", agent, "User-agent: *\nDisallow: /*.htm\nAllow: /page", "/page | /page.htm /x.htm"},
		{"2.2.3 star meant", agent, "User-agent: *\nDisallow: /path/file-with-a-%2A.html", "/path/file-with-a-x.html | /path/file-with-a-*.html /path/file-with-a-%2A.html"},
		{"2.2.3 dollar meant", agent, "User-agent: *\nDisallow: /path/foo-%24", "/path/foo- | /path/foo-$ /path/foo-%24"},
		// 2.2.4 other records
		{"2.2.4 sitemap within a group", agent, "User-agent: *\nSitemap: http://tongxi.example/s.xml\nDisallow: /a", "/b | /a"},
		{"2.2.4 sitemap between names", agent, "User-agent: otherbot\nSitemap: /s.xml\nUser-agent: tongxibot\nDisallow: /a", "/b | /a"},
		{"2.2.4 unknown record", agent, "User-agent: *\nHost: tongxi.example\nClean-param: ref /a\nDisallow: /a", "/b | /a"},
		{"2.2.4 unknown record between names", agent, "User-agent: otherbot\nNoindex: /c\nUser-agent: tongxibot\nDisallow: /a", "/b | /a"},
		{"2.2.4 delay within a group", agent, "User-agent: *\nCrawl-delay: 5\nDisallow: /a", "/b | /a"},
		{"2.2.4 line that is none", agent, "User-agent: *\nhello\nDisallow: /a\n: /b\n/c", "/b /c | /a"},
		// 2.3, 2.5 the file
		{"2.3 empty", agent, "", "/ /a |"},
		{"2.3 blanks", agent, " \n\t\n ", "/ /a |"},
		{"2.3 mark", agent, "\ufeffUser-agent: *\nDisallow: /a", "/b | /a"},
		{"2.3 UTF-16", agent, "\xff\xfe" + strings.Join(strings.Split("User-agent: *\nDisallow: /a\n", ""), "\x00") + "\x00", "/b | /a"},
		{"2.3 CR", agent, "User-agent: *\rDisallow: /a\rDisallow: /c", "/b | /a /c"},
		{"2.3 CR LF", agent, "User-agent: *\r\nDisallow: /a\r\n\r\nDisallow: /c\r\n", "/b | /a /c"},
		{"2.3 no line end", agent, "User-agent: *\nDisallow: /a", "/b | /a"},
		{"2.3 a page", agent, "<html><head><title>User-agent: *</title></head><body>Disallow: /</body></html>", "/ /a |"},
		{"2.3 NUL", agent, "User-agent: *\nDisallow: /a\x00\nDisallow: /c", "/b | /c"},
		{"2.3 stray octets", agent, "# \xff\xfe\nUser-agent: *\nDisallow: /a\nDisallow: /\xff", "/b | /a"},
		// 5.1, 5.2 the standard's own examples
		{"5.1 everyone", "bazbot", file, "/publications/a /a | /a.gif /example/a"},
		{"5.1 own", agent, file, "/example/page.html /example/allowed.gif | / /publications/a /a"},
		{"5.1 shared", "otherbot", file, "/example/page.html /a /a.gif | /example/a"},
		{"5.1 shared, the second", "thirdbot", file, "/example/page.html /a | /example/a"},
		{"5.1 without rules", "lastbot", file, "/example/a /a.gif / |"},
		{"5.2 longest", agent, "User-Agent: tongxibot\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif", "/example/page/ /example/page/a | /example/page/disallowed.gif"},
	} {
		open, closed, _ := strings.Cut(c.paths, "|")
		r := crawler.ParseRobots([]byte(c.robots))
		for want, paths := range map[bool]string{true: open, false: closed} {
			for path := range strings.FieldsSeq(paths) {
				if got := r.Allowed(c.agent, "http://tongxi.example"+path); got != want {
					t.Errorf("%s: %s allowed %v, want %v", c.clause, path, got, want)
				}
			}
		}
	}
}

// Files that are made by chance are judged as the standard's own words would
// judge them, here with regular expressions.
func TestRobotsAgreeWithAPlainReading(t *testing.T) {
	rnd := rand.New(rand.NewPCG(9309, 1))
	pick := func(all ...string) string { return all[rnd.IntN(len(all))] }
	for range 3000 {
		var file strings.Builder
		type rule struct {
			pattern string
			allow   bool
		}
		mine, everyone := []rule{}, []rule{}
		named := false
		for range 1 + rnd.IntN(4) {
			who := pick("me", "*", "you")
			fmt.Fprintf(&file, "%s: %s%s", pick("User-agent", "user-agent", "USER-AGENT"), who, pick("\n", "\r\n", " # x\n", "\n\n"))
			if rnd.IntN(4) == 0 {
				file.WriteString(pick("Sitemap: /s\n", "Crawl-delay: 1\n", "What: ever\n", "# x\n"))
			}
			named = named || who == "me"
			// a name without a rule would join the next group
			for range 1 + rnd.IntN(4) {
				r := rule{pattern: "/", allow: rnd.IntN(2) == 0}
				for range rnd.IntN(5) {
					r.pattern += pick("a", "b", "ab", "/", "*", "?", ".", "c=")
				}
				r.pattern += pick("", "", "$")
				fmt.Fprintf(&file, "%s:%s%s%s", map[bool]string{true: "Allow", false: "Disallow"}[r.allow], pick("", " ", "\t"), r.pattern, pick("\n", "\r\n", " \n"))
				switch who {
				case "me":
					mine = append(mine, r)
				case "*":
					everyone = append(everyone, r)
				}
			}
		}
		rules := everyone
		if named {
			rules = mine
		}
		path := "/"
		for range rnd.IntN(6) {
			path += pick("a", "b", "ab", "/", ".", "c=")
		}
		path += pick("", "", "?a=b", "?c=")
		path = strings.ReplaceAll(strings.ReplaceAll(path, "/.", "/a"), "//", "/a")
		want, longest := true, -1
		for _, r := range rules {
			body, end := strings.CutSuffix(r.pattern, "$")
			expr := "^" + strings.ReplaceAll(regexp.QuoteMeta(body), `\*`, ".*")
			if end {
				expr += "$"
			}
			if !regexp.MustCompile(expr).MatchString(path) {
				continue
			}
			if n := len(r.pattern); n > longest || n == longest && r.allow {
				want, longest = r.allow, n
			}
		}
		if got := crawler.ParseRobots([]byte(file.String())).Allowed("me", "http://tongxi.example"+path); got != want {
			t.Fatalf("%s allowed %v, want %v by\n%s", path, got, want, file.String())
		}
	}
}
