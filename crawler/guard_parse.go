package crawler

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	whatwg "github.com/nlnwa/whatwg-url/url"

	"minsheng/opinion"
)

// The longest address that is read, and the most @ in it: the parser takes
// time in the square of both, and no page's address comes near.
const (
	guardLongest = 4 << 10
	guardMostAt  = 64
)

// guardParse reads raw as a browser does (WHATWG URL), which is also how the
// fetcher will dial it: 2130706433, 0x7f.1 and full-width digits become the
// address they mean, dot segments are resolved, a name is in punycode. It
// accepts only http and https, and takes user and password off, for we log in
// nowhere. Bytes that are no UTF-8 are percent-encoded as they are: they
// belong to a page in another charset and must not become one and the same
// replacement character.
func guardParse(raw string) (*url.URL, *opinion.Fault) {
	if u, ok := guardPlain(raw); ok {
		return u, nil
	}
	if err := guardMeasure(raw); err != nil {
		return nil, opinion.NewFault("fetch.address", err, guardShown(raw))
	}
	w, err := guardReader().Parse(guardEscapeStray(raw))
	return guardAccept(raw, w, err)
}

// guardParseRef is guardParse for a reference found at base.
func guardParseRef(base *url.URL, ref string) (*url.URL, *opinion.Fault) {
	if u, ok := guardPlain(ref); ok {
		return u, nil
	}
	if err := guardMeasure(ref); err != nil {
		return nil, opinion.NewFault("fetch.address", err, guardShown(ref))
	}
	w, err := guardReader().ParseRef(base.String(), guardEscapeStray(ref))
	return guardAccept(ref, w, err)
}

func guardMeasure(raw string) error {
	if len(raw) > guardLongest {
		return fmt.Errorf("parse url: %d bytes long", len(raw))
	}
	if strings.Count(raw, "@") > guardMostAt {
		return errors.New("parse url: too many @")
	}
	return nil
}

// guardReader makes the parser with the setting that colly uses too, so that
// what is judged here is what is asked for there.
func guardReader() whatwg.Parser {
	return whatwg.NewParser(whatwg.WithPercentEncodeSinglePercentSign())
}

func guardAccept(raw string, w *whatwg.Url, err error) (*url.URL, *opinion.Fault) {
	shown := guardShown(raw)
	if err != nil {
		return nil, opinion.NewFault("fetch.address", fmt.Errorf("parse url: %w", err), shown)
	}
	if s := w.Scheme(); s != "http" && s != "https" {
		return nil, opinion.NewFault("fetch.scheme", fmt.Errorf("scheme %q", s), shown)
	}
	w.SetUsername("")
	w.SetPassword("")
	u, err := url.Parse(w.Href(false))
	if err != nil {
		return nil, opinion.NewFault("fetch.address", fmt.Errorf("parse url: %w", err), shown)
	}
	if name := u.Hostname(); name == "" || u.Port() == "0" || !guardNameable(name) {
		return nil, opinion.NewFault("fetch.address", fmt.Errorf("host %q", u.Host), shown)
	}
	return u, nil
}

// guardPlain reads an address in which the parser would find nothing to
// change, as most links are, in a twentieth of its time.
func guardPlain(raw string) (*url.URL, bool) {
	rest, ok := strings.CutPrefix(raw, "http://")
	standard := ":80"
	if !ok {
		rest, ok = strings.CutPrefix(raw, "https://")
		standard = ":443"
	}
	slash := strings.IndexByte(rest, '/')
	if !ok || slash <= 0 || len(raw) > guardLongest {
		return nil, false
	}
	host, path := rest[:slash], rest[slash:]
	if colon := strings.IndexByte(host, ':'); colon >= 0 {
		port, err := strconv.ParseUint(host[colon+1:], 10, 16)
		if err != nil || port == 0 || host[colon+1] == '0' || host[colon:] == standard {
			return nil, false
		}
		host = host[:colon]
	}
	if !guardPlainHost(host) || !guardPlainPath(path) {
		return nil, false
	}
	u, err := url.Parse(raw)
	return u, err == nil
}

func guardPlainHost(host string) bool {
	if a, err := netip.ParseAddr(host); err == nil {
		return a.Is4()
	}
	for i := range len(host) {
		c := host[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '.' {
			return false
		}
	}
	// a label of 64 letters, one in punycode, an empty one: the parser's affair
	return len(host) <= 63 && !strings.Contains(host, "--") && !strings.Contains(host, "..") && host != "" &&
		host[0] != '.' && !strings.HasSuffix(host, ".") && guardNameable(host)
}

func guardPlainPath(path string) bool {
	for i := 0; i < len(path); i++ {
		c := path[i]
		switch {
		case canonicalUnreserved(c), strings.IndexByte("/?&=+,:;@!$*()", c) >= 0:
		case c == '%' && i+2 < len(path) && canonicalHex(path[i+1]) >= 0 && canonicalHex(path[i+2]) >= 0:
			if strings.EqualFold(path[i:i+3], "%2e") {
				return false // may be a dot segment
			}
		default:
			return false
		}
	}
	return !strings.Contains(path, "/.")
}

// guardNameable reports whether host is an address, or a name no resolver
// could take for one: the last label of a name must not begin with a digit.
func guardNameable(host string) bool {
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	host = strings.TrimSuffix(host, ".")
	last := host[strings.LastIndexByte(host, '.')+1:]
	return last != "" && (last[0] < '0' || last[0] > '9')
}

// guardShown shortens raw to what fits into a sentence, and takes off a
// password that may stand in it.
func guardShown(raw string) string {
	const most = 200
	if at := strings.LastIndexByte(raw, '@'); at >= 0 {
		if scheme := strings.Index(raw, "//"); scheme >= 0 && scheme < at {
			raw = raw[:scheme+2] + raw[at+1:]
		}
	}
	raw = strings.ToValidUTF8(raw, "?")
	if r := []rune(raw); len(r) > most {
		return string(r[:most]) + "…"
	}
	return raw
}

// guardEscapeStray percent-encodes the bytes of s that are no UTF-8.
func guardEscapeStray(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
				fmt.Fprintf(&b, "%%%02X", s[i])
				continue
			}
		}
		b.WriteRune(r)
	}
	return b.String()
}
