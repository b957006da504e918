package crawler

import (
	"html"
	"regexp"
	"slices"
	"strings"
)

// Bounds of a repair. What lies beyond them is dropped.
const (
	maxXMLDepth   = 100
	maxXMLTag     = 16 << 10 // bytes of one start tag
	maxEntities   = 64
	maxEntityText = 512      // bytes that one internal entity may stand for
	maxExpanded   = 64 << 10 // bytes that all of them together may add
)

var (
	xmlRoot   = regexp.MustCompile(`<(?:[A-Za-z_][\w.-]*:)?(?i:rss|feed|rdf|urlset|sitemapindex)(?:[\s>/])`)
	elemName  = regexp.MustCompile(`^[A-Za-z_][\w.:-]*`)
	xmlAttr   = regexp.MustCompile(`^\s*([A-Za-z_][\w.:-]*)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)`)
	reference = regexp.MustCompile(`^&(#[0-9]{1,8}|#[xX][0-9A-Fa-f]{1,7}|[A-Za-z][\w.-]{0,63});`)
	entityDef = regexp.MustCompile(`<!ENTITY\s+([A-Za-z][\w.-]{0,63})\s+(?:"([^"<&%]*)"|'([^'<&%]*)'|SYSTEM|PUBLIC)`)
)

var (
	angleEscape = strings.NewReplacer("<", "&lt;", ">", "&gt;")
	textEscape  = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
)

// xmlRepair rewrites what a site sends as XML into XML: it drops what stands
// before the root, declarations, comments and control characters, escapes a
// bare < or &, closes what was left open and stops at the end of the root. No
// document type is kept, so a parser has nothing external to ask for and no
// entity to expand; the few short internal ones are put in here.
type xmlRepair struct {
	in       string
	out      strings.Builder
	open     []string
	entities map[string]string
	added    int
	cut      bool            // the document ended inside an element
	missing  map[string]bool // ends that do not occur any more: looked for once
	atom     bool            // the root is a feed of Atom
	base64   string          // the element whose text is in base64
	channel  bool            // one was begun: the entries of a second are taken for the first's
}

// repairXML gives well-formed XML, the root's local name in lower case ("" if
// it is none that we read) and whether the document was cut off.
func repairXML(text string) (fixed, root string, cut bool) {
	at := rootAt(text)
	if at < 0 || pageBefore(text[:at]) {
		return "", "", false
	}
	r := &xmlRepair{in: text[at:], entities: internalEntities(text[:at]), missing: map[string]bool{}}
	r.out.Grow(len(r.in) + 64)
	root = strings.ToLower(elemName.FindString(r.in[1:]))
	if _, local, prefixed := strings.Cut(root, ":"); prefixed {
		root = local
	}
	r.run()
	return r.out.String(), root, r.cut
}

// rootAt is where the root begins, -1 if there is none. One that stands in a
// comment is none.
func rootAt(text string) int {
	for from := 0; ; {
		at := xmlRoot.FindStringIndex(text[from:])
		if at == nil {
			return -1
		}
		head := text[from : from+at[0]]
		comment := strings.LastIndex(head, "<!--")
		if comment < 0 || strings.Contains(head[comment:], "-->") {
			return from + at[0]
		}
		end := strings.Index(text[from+at[0]:], "-->")
		if end < 0 {
			return -1
		}
		from += at[0] + end
	}
}

// pageBefore tells an HTML page that only quotes a feed from a feed with dirt
// before it.
func pageBefore(head string) bool {
	head = strings.ToLower(head)
	return strings.Contains(head, "<html") || strings.Contains(head, "<!doctype html")
}

func internalEntities(head string) map[string]string {
	found := map[string]string{}
	for _, m := range entityDef.FindAllStringSubmatch(head, maxEntities) {
		found[m[1]] = clip(m[2]+m[3], maxEntityText) // "" for an external one
	}
	return found
}

func (r *xmlRepair) run() {
	for i := 0; i < len(r.in); {
		next := strings.IndexByte(r.in[i:], '<')
		if next != 0 {
			if next < 0 {
				next = len(r.in) - i
			}
			r.text(r.in[i : i+next])
			i += next
			continue
		}
		n := r.markup(r.in[i:])
		i += n
		if len(r.open) == 0 {
			return
		}
	}
	r.cut = true
	for len(r.open) > 0 {
		r.pop()
	}
}

// markup copies what begins with < and says how much of s it took.
func (r *xmlRepair) markup(s string) int {
	switch {
	case strings.HasPrefix(s, "<![CDATA["):
		end := strings.Index(s, "]]>")
		if end < 0 {
			r.out.WriteString(escapeXML(xmlChars(s[len("<![CDATA["):])))
			return len(s)
		}
		r.out.WriteString(escapeXML(xmlChars(s[len("<![CDATA["):end])))
		return end + len("]]>")
	case strings.HasPrefix(s, "<!--"):
		return r.through(s, "-->")
	case strings.HasPrefix(s, "<?"), strings.HasPrefix(s, "<!"):
		return r.through(s, ">")
	case strings.HasPrefix(s, "</"):
		near := s[:min(len(s), 512)]
		name := elemName.FindString(near[2:])
		end := strings.IndexByte(near, '>')
		if name == "" || end < 0 {
			break
		}
		r.closeElem(name)
		return end + 1
	}
	if n := r.startTag(s); n > 0 {
		return n
	}
	r.out.WriteString("&lt;")
	return 1
}

// startTag copies a start tag; 0 says that there is none here.
func (r *xmlRepair) startTag(s string) int {
	name := elemName.FindString(s[1:min(len(s), 1+256)])
	if name == "" {
		return 0
	}
	attrs, n := r.attributes(s[1+len(name):])
	i := 1 + len(name) + n
	end := strings.IndexAny(s[i:], "<>")
	if end < 0 || s[i+end] == '<' {
		return 0
	}
	empty := strings.HasSuffix(strings.TrimRight(s[i:i+end], " \t\r\n"), "/")
	r.closeForgotten(name)
	again := r.channel && strings.EqualFold(name, "channel")
	if len(r.open) >= maxXMLDepth || again {
		return i + end + 1
	}
	r.channel = r.channel || strings.EqualFold(name, "channel")
	if r.atom || len(r.open) == 0 {
		attrs = r.mendAtom(name, attrs, s[i+end+1:])
	}
	r.out.WriteString("<" + name)
	for _, a := range attrs {
		r.out.WriteString(" " + a.name + `="` + strings.ReplaceAll(a.value, `"`, "&quot;") + `"`)
	}
	if empty {
		r.out.WriteString("/>")
	} else {
		r.out.WriteString(">")
		r.open = append(r.open, name)
	}
	return i + end + 1
}

// attribute is one of a start tag, its value escaped.
type attribute struct{ name, value string }

// attributes reads those that s begins with, each name once, and says how much
// of s they took.
func (r *xmlRepair) attributes(s string) (attrs []attribute, n int) {
	for n < len(s) && n < maxXMLTag {
		m := xmlAttr.FindStringSubmatch(s[n:min(len(s), n+maxXMLTag)])
		if m == nil {
			break
		}
		n += len(m[0])
		if !slices.ContainsFunc(attrs, func(a attribute) bool { return a.name == m[1] }) {
			attrs = append(attrs, attribute{m[1], r.references(strings.Trim(m[2], `"'`))})
		}
	}
	return attrs, n
}

// plainFields hold text alone, in every dialect; entryFields stand beside them.
var (
	plainFields = map[string]bool{"title": true, "link": true, "guid": true, "pubdate": true, "id": true, "published": true, "updated": true}
	entryFields = map[string]bool{
		"title": true, "link": true, "guid": true, "pubdate": true, "id": true, "published": true, "updated": true, "description": true,
		"summary": true, "content": true, "author": true, "category": true, "item": true, "entry": true,
	}
)

// closeForgotten closes what the start of name shows to be over: a field of
// text, since fields do not hold fields, a description before a time, and an
// entry, since entries do not hold entries.
func (r *xmlRepair) closeForgotten(name string) {
	name = strings.ToLower(name)
	if !entryFields[name] || len(r.open) == 0 {
		return
	}
	if plainFields[strings.ToLower(r.open[len(r.open)-1])] {
		r.pop()
	}
	switch name {
	case "item", "entry":
		r.closeElem(name)
	case "pubdate", "guid", "published", "updated": // no element of HTML, so no part of a text
		for at, open := range slices.Backward(r.open) {
			switch strings.ToLower(open) {
			case "item", "entry", "source":
				return
			case "description", "summary", "content":
				r.closeElem(r.open[at])
				return
			}
		}
	}
}

// closeElem closes name and what was forgotten inside it; an end that nothing
// began is dropped.
func (r *xmlRepair) closeElem(name string) {
	for at, open := range slices.Backward(r.open) {
		if !strings.EqualFold(open, name) {
			continue
		}
		for len(r.open) > at {
			r.pop()
		}
		return
	}
}

func (r *xmlRepair) pop() {
	last := len(r.open) - 1
	r.out.WriteString("</" + r.open[last] + ">")
	r.open = r.open[:last]
}

func (r *xmlRepair) text(s string) {
	if n := len(r.open); r.base64 != "" && n > 0 && r.open[n-1] == r.base64 {
		s = plainBase64(s)
	}
	r.out.WriteString(r.references(s))
}

// references keeps the references XML knows, resolves those HTML or the
// document's own head knows, and makes text of every other &.
func (r *xmlRepair) references(s string) string {
	if !strings.ContainsRune(s, '&') {
		return angleEscape.Replace(xmlChars(s))
	}
	var out strings.Builder
	for {
		at := strings.IndexByte(s, '&')
		if at < 0 {
			out.WriteString(angleEscape.Replace(xmlChars(s)))
			return out.String()
		}
		out.WriteString(angleEscape.Replace(xmlChars(s[:at])))
		m := reference.FindStringSubmatch(s[at:min(len(s), at+80)])
		if m == nil {
			out.WriteString("&amp;")
			s = s[at+1:]
			continue
		}
		out.WriteString(r.resolve(m[0], m[1]))
		s = s[at+len(m[0]):]
	}
}

func (r *xmlRepair) resolve(whole, name string) string {
	if value, own := r.entities[name]; own {
		r.added += len(value)
		if r.added > maxExpanded {
			return ""
		}
		return escapeXML(xmlChars(value))
	}
	if digits := strings.Trim(name, "#xX0"); digits == "" { // of no character
		return ""
	}
	if plain := html.UnescapeString(whole); plain != whole {
		return escapeXML(xmlChars(plain))
	}
	return "&amp;" + whole[1:]
}

// through says how far it is to the end of a comment or an instruction, or to
// the next > where that end is missing.
func (r *xmlRepair) through(s, end string) int {
	for _, e := range []string{end, ">"} {
		if r.missing[e] {
			continue
		}
		if at := strings.Index(s, e); at >= 0 {
			return at + len(e)
		}
		r.missing[e] = true
	}
	return len(s)
}

func escapeXML(s string) string {
	return textEscape.Replace(s)
}

// xmlChars drops what no XML text may hold.
func xmlChars(s string) string {
	if strings.IndexFunc(s, badXMLChar) < 0 {
		return s
	}
	return strings.Map(func(c rune) rune {
		if badXMLChar(c) {
			return -1
		}
		return c
	}, s)
}

func badXMLChar(c rune) bool {
	return c < 0x20 && c != '\t' && c != '\n' && c != '\r' || c == 0x7F || c == 0xFFFE || c == 0xFFFF
}
