package crawler

import (
	"slices"
	"strings"
)

// canonicalNames makes a set.
func canonicalNames(names ...string) map[string]bool {
	set := make(map[string]bool, len(names))
	for _, n := range names {
		set[n] = true
	}
	return set
}

// canonicalWeixin are the parameters that make an article of the public
// accounts' server; all others on that path are about the reader.
var canonicalWeixin = canonicalNames("__biz", "mid", "idx", "sn")

// canonicalUntracked returns params without those that do not name the page.
func canonicalUntracked(host, path string, params []canonicalParam) []canonicalParam {
	if host == "mp.weixin.qq.com" && path == "/s" && canonicalHolds(params, "__biz", "mid", "sn") {
		return slices.DeleteFunc(params, func(p canonicalParam) bool { return !canonicalWeixin[p.name] })
	}
	before := len(params)
	params = slices.DeleteFunc(params, func(p canonicalParam) bool { return p.tracks(false) })
	if len(params) < before {
		params = slices.DeleteFunc(params, func(p canonicalParam) bool { return p.tracks(true) })
	}
	return params
}

func canonicalHolds(params []canonicalParam, names ...string) bool {
	for _, n := range names {
		if !slices.ContainsFunc(params, func(p canonicalParam) bool { return p.name == n && p.value != "" }) {
			return false
		}
	}
	return true
}

// tracks reports whether p says nothing about what is read, beside another
// parameter that went or by itself.
func (p canonicalParam) tracks(beside bool) bool {
	name := strings.ToLower(p.name)
	for _, rule := range canonicalIndex[name] {
		if rule.goes(p.value, beside) {
			return true
		}
	}
	for _, family := range canonicalFamilies {
		if strings.HasPrefix(name, family.begins) && family.rule.goes(p.value, beside) {
			return true
		}
	}
	return false
}

// canonicalDigits is the length of s if it is all digits, else 0.
func canonicalDigits(s string) int {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0
		}
	}
	return len(s)
}

// canonicalSessionID reports whether s looks like a session's number: at
// least 16 hexadecimal digits with letters among them, and not the 24 of a
// document store's object identifier. Plain numbers are articles.
func canonicalSessionID(s string) bool {
	if len(s) < 16 || len(s) == 24 || canonicalDigits(s) > 0 {
		return false
	}
	for i := range len(s) {
		if canonicalHex(s[i]) < 0 {
			return false
		}
	}
	return true
}
