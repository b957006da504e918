package crawler

import (
	"encoding/base64"
	"slices"
	"strings"
	"unicode/utf8"
)

// atomSpaces are the namespaces of Atom: RFC 4287, and the draft that many sites
// never left.
var atomSpaces = []string{"http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#"}

// mendAtom mends what sites get wrong in Atom alone: a namespace that is a slip
// of the real one, a link that is written as in RSS; and it notes a text in
// base64, which the draft allowed. rest is what follows the tag.
func (r *xmlRepair) mendAtom(name string, attrs []attribute, rest string) []attribute {
	at := func(key string) int {
		return slices.IndexFunc(attrs, func(a attribute) bool { return strings.EqualFold(a.name, key) })
	}
	r.base64 = ""
	switch strings.ToLower(name) {
	case "feed":
		if len(r.open) > 0 {
			break
		}
		r.atom = true
		if i := at("xmlns"); i >= 0 && !slices.Contains(atomSpaces, attrs[i].value) {
			attrs[i].value = atomSpaces[0]
		}
	case "link":
		text, _, _ := strings.Cut(rest, "<")
		text = strings.TrimSpace(text)
		if at("href") < 0 && (strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://") || strings.HasPrefix(text, "/")) {
			attrs = append(attrs, attribute{"href", r.references(text)})
		}
	case "title", "summary", "content":
		if i := at("mode"); i >= 0 && strings.EqualFold(attrs[i].value, "base64") {
			r.base64 = name
		}
	}
	return attrs
}

// plainBase64 decodes s, where it is text in base64.
func plainBase64(s string) string {
	plain, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(s), ""))
	if err != nil || !utf8.Valid(plain) {
		return s
	}
	return string(plain)
}
