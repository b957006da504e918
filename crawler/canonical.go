package crawler

import (
	"slices"
	"strings"
	"unicode"
)

// Canonical returns the form of raw under which its page is known, and
// whether raw is an http or https URL at all; what is none comes back as it
// was. Two addresses with one canonical form are one page, so wherever a site
// might tell them apart they stay apart:
//
//	changed                                     left alone
//	scheme and host to lower case, IDN to       www., m., http against https,
//	  punycode, final dot and default port off    any other port
//	dot segments resolved, "" is "/"            trailing slash, /index.html, //, case
//	%7e is ~, %e6 is %E6, 新 is %E6%96%B0       %2F and all reserved characters,
//	                                              bytes of GBK and Big5
//	&amp; is &, empty parts and a bare ? off,   parts without =, the order of a
//	  + is %20, parameters sorted by name         repeated name, ?a against ?a=
//	tracking and session parameters off         what names an article
//	  (canonical_table.go), ;jsessionid= too
//	fragment off                                #! and #/ : pages of an application
//	                                              that differ in nothing else
//	user and password off (never sent)
//
// Canonical is idempotent.
func Canonical(raw string) (string, bool) {
	s := strings.TrimFunc(raw, canonicalBlank)
	u, fault := guardParse(s)
	if fault != nil {
		return raw, false
	}
	host := strings.TrimRight(u.Host, ".")
	if name, port, ok := strings.Cut(u.Host, ".:"); ok {
		host = strings.TrimRight(name, ".") + ":" + port
	}
	path, session := canonicalSession(canonicalEscape(u.EscapedPath(), false))
	if path == "" {
		path = "/"
	}
	form := u.Scheme + "://" + host + path
	if q := canonicalQuery(host, path, u.RawQuery); q != "" {
		form += "?" + q
	}
	if _, route, ok := strings.Cut(s, "#"); ok && route != "" && strings.ContainsRune("!/", rune(route[0])) {
		form += "#" + canonicalEscape(u.EscapedFragment(), false)
	}
	if session || host != u.Host {
		// what was taken out may have hidden a dot segment or an address
		if form, ok := Canonical(form); ok {
			return form, true
		}
		return raw, false
	}
	if _, fault := guardParse(form); fault != nil { // escaping can make it too long
		return raw, false
	}
	return form, true
}

// canonicalBlank reports what may stand around a pasted address.
func canonicalBlank(r rune) bool {
	return unicode.IsSpace(r) || r == '\ufeff' || r == '\u200b' || r < ' '
}

// canonicalEscape writes every octet of s in the one way RFC 3986 section 6
// prefers: unreserved characters plain, reserved ones as they came, all else
// as %XX with capitals. In a query a + is a blank.
func canonicalEscape(s string, query bool) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		c, escaped := s[i], false
		if c == '%' && i+2 < len(s) && canonicalHex(s[i+1]) >= 0 && canonicalHex(s[i+2]) >= 0 {
			c, escaped = byte(canonicalHex(s[i+1])<<4|canonicalHex(s[i+2])), true
			i += 2
		}
		switch {
		case canonicalUnreserved(c):
			b.WriteByte(c)
		case query && c == '+' && !escaped:
			b.WriteString("%20")
		case !escaped && strings.IndexByte(":/?#[]@!$&'()*+,;=", c) >= 0:
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	return b.String()
}

func canonicalUnreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		c == '-' || c == '.' || c == '_' || c == '~'
}

// canonicalHex is the value of the hexadecimal digit c, or -1.
func canonicalHex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// canonicalSession takes a session number off the end of a path segment.
func canonicalSession(path string) (string, bool) {
	const mark = ";jsessionid="
	at := strings.Index(strings.ToLower(path), mark)
	if at < 0 {
		return path, false
	}
	rest := path[at+len(mark):]
	end := strings.IndexAny(rest, ";/")
	if end < 0 {
		end = len(rest)
	}
	return path[:at] + rest[end:], true
}

// canonicalParam is one part of a query.
type canonicalParam struct {
	name, value string
	valued      bool // "a=" and not "a"
}

func (p canonicalParam) String() string {
	if p.valued {
		return p.name + "=" + p.value
	}
	return p.name
}

// canonicalQuery is the query of a page at host and path without what does
// not name the page.
func canonicalQuery(host, path, raw string) string {
	var params []canonicalParam
	for part := range strings.SplitSeq(raw, "&") {
		var p canonicalParam
		p.name, p.value, p.valued = strings.Cut(canonicalEscape(part, true), "=")
		// an address copied out of HTML: &amp;b=2, &amp;amp;b=2
		for strings.HasPrefix(p.name, "amp;") {
			p.name = p.name[len("amp;"):]
		}
		if p.name == "" && p.value == "" {
			continue
		}
		params = append(params, p)
	}
	params = canonicalUntracked(host, path, params)
	// a bare part may mean something by its place (?show&12)
	if !slices.ContainsFunc(params, func(p canonicalParam) bool { return !p.valued }) {
		slices.SortStableFunc(params, func(a, b canonicalParam) int { return strings.Compare(a.name, b.name) })
	}
	parts := make([]string, len(params))
	for i, p := range params {
		parts[i] = p.String()
	}
	return strings.Join(parts, "&")
}
