package crawler

import (
	"bytes"
	"encoding/binary"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// robotsLimit is how much of a robots.txt is read: RFC 9309 asks for at least
// 500 KiB. A rule cut in two by it is dropped, for its first half would close
// more than its author meant.
const robotsLimit = 500 << 10

// robotsLongestDelay caps a Crawl-delay, which some sites set to shut
// crawlers out and others by a slip.
const robotsLongestDelay = 24 * time.Hour

// Robots is a parsed robots.txt after RFC 9309. Where the standard leaves
// room it reads as Google's open parser does: consecutive User-agent lines
// make one group, lines it does not know do not end it, groups of one agent
// are one group, common misspellings of a key are understood. Crawl-delay is
// read beside the standard.
//
// The zero value, like an empty file, allows everything.
type Robots struct {
	groups   []robotsGroup
	sitemaps []string
}

// robotsGroup is one block of User-agent lines with its rules.
type robotsGroup struct {
	agents []string // lower case; "*" is everyone
	rules  []robotsRule
	delay  time.Duration
}

// robotsRule is one Allow or Disallow line.
type robotsRule struct {
	parts    []string // what stands between the wildcards, normalised
	anchored bool     // the pattern ended in $
	allow    bool
	weight   int // octets of the pattern: the longest match decides
}

// ParseRobots reads the bytes of a robots.txt in any charset that keeps ASCII
// as it is, and in UTF-16 with a mark. There is no robots.txt that it refuses: lines it does not
// understand are left out, as the standard wants.
func ParseRobots(body []byte) *Robots {
	switch { // what an editor of Windows calls Unicode
	case bytes.HasPrefix(body, []byte("\xff\xfe")):
		body = []byte(readUTF16(body[2:], binary.LittleEndian))
	case bytes.HasPrefix(body, []byte("\xfe\xff")):
		body = []byte(readUTF16(body[2:], binary.BigEndian))
	}
	if len(body) > robotsLimit {
		body = body[:robotsLimit]
		body = body[:bytes.LastIndexAny(body, "\r\n")+1]
	}
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	r := &Robots{}
	open := false // the last group still takes User-agent lines
	for line := range bytes.FieldsFuncSeq(body, func(c rune) bool { return c == '\r' || c == '\n' }) {
		key, value, ok := robotsLine(string(line))
		if !ok {
			continue
		}
		if key == "user-agent" {
			if !open {
				r.groups = append(r.groups, robotsGroup{})
				open = true
			}
			g := &r.groups[len(r.groups)-1]
			g.agents = append(g.agents, robotsToken(value))
			continue
		}
		if key == "sitemap" {
			r.sitemaps = append(r.sitemaps, value)
			continue
		}
		if len(r.groups) == 0 {
			continue // a rule before the first User-agent is nobody's
		}
		g := &r.groups[len(r.groups)-1]
		if key == "crawl-delay" {
			g.delay = max(g.delay, robotsDelay(value))
			continue
		}
		open = false
		if value != "" {
			g.rules = append(g.rules, robotsPattern(value, key == "allow"))
		}
	}
	return r
}

// robotsKeys are the keys that are understood, right and wrong spellings.
var robotsKeys = map[string]string{
	"user-agent": "user-agent", "useragent": "user-agent", "user agent": "user-agent",
	"allow":    "allow",
	"disallow": "disallow", "disalow": "disallow", "dissallow": "disallow",
	"dissalow": "disallow", "diasllow": "disallow", "disallaw": "disallow",
	"sitemap": "sitemap", "site-map": "sitemap",
	"crawl-delay": "crawl-delay", "crawldelay": "crawl-delay",
}

// robotsLine takes one line apart. A blank may stand for a forgotten colon
// where there are just two words.
func robotsLine(line string) (key, value string, ok bool) {
	line, _, _ = strings.Cut(line, "#")
	line = strings.Trim(line, " \t\v\f\x00")
	key, value, ok = strings.Cut(line, ":")
	if !ok {
		words := strings.Fields(line)
		if len(words) != 2 {
			return "", "", false
		}
		key, value = words[0], words[1]
	}
	key, ok = robotsKeys[strings.ToLower(strings.TrimSpace(key))]
	return key, strings.Trim(value, " \t\v\f"), ok
}

// robotsToken is the product token of an agent: what stands before the
// version, in lower case, or "*".
func robotsToken(agent string) string {
	agent = strings.TrimSpace(agent)
	if agent == "*" || strings.HasPrefix(agent, "* ") || strings.HasPrefix(agent, "*\t") {
		return "*"
	}
	end := strings.IndexFunc(agent, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '-' && c != '_'
	})
	if end >= 0 {
		agent = agent[:end]
	}
	return strings.ToLower(agent)
}

func robotsDelay(value string) time.Duration {
	s, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsNaN(s) || s <= 0 {
		return 0
	}
	return time.Duration(min(s, robotsLongestDelay.Seconds()) * float64(time.Second))
}

// robotsPattern prepares a rule for matching.
func robotsPattern(value string, allow bool) robotsRule {
	text, anchored := strings.CutSuffix(value, "$")
	text = canonicalEscape(text, false)
	rule := robotsRule{anchored: anchored, allow: allow, weight: len(text)}
	if anchored {
		rule.weight++
	}
	// a $ that is not the last character is a plain one
	rule.parts = strings.Split(robotsPlain.Replace(text), "*")
	// runs of wildcards are one wildcard
	for i := len(rule.parts) - 2; i > 0; i-- {
		if rule.parts[i] == "" {
			rule.parts = slices.Delete(rule.parts, i, i+1)
		}
	}
	return rule
}

// matches reports whether the pattern covers path, which is normalised. Each
// part is taken as early as it can be had, which is right because a later
// part has then the most left to be found in.
func (r *robotsRule) matches(path string) bool {
	last := len(r.parts) - 1
	rest, ok := strings.CutPrefix(path, r.parts[0])
	if !ok {
		return false
	}
	if last == 0 {
		return !r.anchored || rest == ""
	}
	for _, part := range r.parts[1:last] {
		at := strings.Index(rest, part)
		if at < 0 {
			return false
		}
		rest = rest[at+len(part):]
	}
	if r.anchored {
		return strings.HasSuffix(rest, r.parts[last])
	}
	return strings.Contains(rest, r.parts[last])
}

// group returns the blocks that speak to agent: its own, else everyone's.
func (r *Robots) group(agent string) []robotsGroup {
	var own, all []robotsGroup
	token := robotsToken(agent)
	for _, g := range r.groups {
		if token != "" && slices.Contains(g.agents, token) {
			own = append(own, g)
		} else if slices.Contains(g.agents, "*") {
			all = append(all, g)
		}
	}
	if own != nil {
		return own
	}
	return all
}

// Allowed reports whether agent (a product token, or a User-Agent header that
// begins with one) may ask for rawURL, an address of the site that the file is
// from. The longest matching rule decides, Allow where two are equally long.
// robots.txt itself is always allowed; what is no address is not.
func (r *Robots) Allowed(agent, rawURL string) bool {
	u, fault := guardParse(rawURL)
	if fault != nil {
		return false
	}
	return r.allowed(agent, u)
}

func (r *Robots) allowed(agent string, u *url.URL) bool {
	path := robotsPath(u)
	if path == "/robots.txt" {
		return true
	}
	best, allow := 0, true
	for _, g := range r.group(agent) {
		for i := range g.rules {
			rule := &g.rules[i]
			if rule.weight < best || rule.weight == best && allow || !rule.matches(path) {
				continue
			}
			best, allow = rule.weight, rule.allow
		}
	}
	return allow
}

// robotsPlain escapes what must be found by its escaped form too: $ at any
// place but the end, and the quote, which the parser escapes in queries.
var robotsPlain = strings.NewReplacer("$", "%24", "'", "%27")

// robotsPath is the path and query of u as patterns are compared with it:
// escapes in one form, and a * escaped, so that a pattern's %2A finds it.
func robotsPath(u *url.URL) string {
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" || u.ForceQuery {
		path += "?" + u.RawQuery
	}
	return strings.ReplaceAll(robotsPlain.Replace(canonicalEscape(path, false)), "*", "%2A")
}

// Delay is the Crawl-delay for agent, 0 if there is none, at most 24 hours.
// Where several groups speak to it, the longest holds.
func (r *Robots) Delay(agent string) time.Duration {
	var d time.Duration
	for _, g := range r.group(agent) {
		d = max(d, g.delay)
	}
	return d
}

// Sitemaps are the addresses of the Sitemap lines as they stand in the file;
// they hold for every agent.
func (r *Robots) Sitemaps() []string { return slices.Clone(r.sitemaps) }

// only returns r without what is said to other agents, and what it weighs in
// octets, so that a cache of many hosts stays small.
func (r *Robots) only(agent string) (*Robots, int) {
	mine := &Robots{groups: slices.Clone(r.group(agent)), sitemaps: r.sitemaps}
	weight := 256
	for i := range mine.groups {
		mine.groups[i].agents = []string{robotsToken(agent)}
		for _, rule := range mine.groups[i].rules {
			weight += 64 + rule.weight + 16*len(rule.parts)
		}
	}
	for _, s := range r.sitemaps {
		weight += 16 + len(s)
	}
	return mine, weight
}
