package crawler

import (
	"html"
	"regexp"
	"strings"
	"unicode"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const maxFragment = 1 << 20 // bytes of HTML inside a feed item

// blockElements begin and end a line of text.
var blockElements = map[atom.Atom]bool{
	atom.Address: true, atom.Article: true, atom.Aside: true, atom.Blockquote: true, atom.Body: true, atom.Caption: true, atom.Center: true,
	atom.Dd: true, atom.Details: true, atom.Div: true, atom.Dl: true, atom.Dt: true, atom.Fieldset: true, atom.Figcaption: true,
	atom.Figure: true, atom.Footer: true, atom.Form: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true,
	atom.H6: true, atom.Header: true, atom.Hr: true, atom.Li: true, atom.Main: true, atom.Nav: true, atom.Ol: true, atom.P: true,
	atom.Pre: true, atom.Section: true, atom.Table: true, atom.Tbody: true, atom.Tr: true, atom.Ul: true, atom.Br: true,
	atom.Thead: true, atom.Tfoot: true, atom.Summary: true, atom.Option: true,
}

// silentElements hold nothing that a reader sees as text.
var silentElements = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Noscript: true, atom.Template: true, atom.Iframe: true, atom.Object: true, atom.Svg: true,
	atom.Head: true, atom.Select: true, atom.Textarea: true, atom.Button: true, atom.Input: true, atom.Canvas: true, atom.Audio: true,
	atom.Video: true, atom.Math: true,
}

// inlineMarkup is what feeds put into titles for looks alone. Other markup in
// a title is text: nobody can tell whether it was meant, and as text it is
// harmless.
var inlineMarkup = regexp.MustCompile(`(?i)</?(?:a|abbr|b|bdi|bdo|big|blink|br|center|cite|code|del|div|em|font|h[1-6]|i|ins|kbd|label|mark|p|q|s|small|span|strike|strong|sub|sup|tt|u|wbr)(?:\s[^<>]*)?/?>`)

var activeMarkup = regexp.MustCompile(`(?i)\son[a-z]+\s*=|javascript:|data:|vbscript:`)

// blockText gives the text below n as a reader sees it: one block a line,
// blanks collapsed, empty lines dropped.
func blockText(n *xhtml.Node) string {
	var b strings.Builder
	writeBlocks(&b, n)
	return tidyLines(b.String())
}

func writeBlocks(b *strings.Builder, n *xhtml.Node) {
	switch n.Type {
	case xhtml.TextNode:
		b.WriteString(strings.Map(flatSpace, n.Data))
		return
	case xhtml.ElementNode:
		if silentElements[n.DataAtom] {
			return
		}
	case xhtml.CommentNode, xhtml.DoctypeNode:
		return
	}
	block := n.Type == xhtml.ElementNode && blockElements[n.DataAtom]
	if block {
		b.WriteByte('\n')
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		writeBlocks(b, c)
	}
	switch {
	case block:
		b.WriteByte('\n')
	case n.DataAtom == atom.Td || n.DataAtom == atom.Th:
		b.WriteByte(' ')
	}
}

func flatSpace(r rune) rune {
	switch {
	case r == '\u200b' || r == '\u200e' || r == '\u200f' || r == '\ufeff' || r == '\u00ad':
		return -1
	case unicode.IsSpace(r) || unicode.IsControl(r):
		return ' '
	}
	return r
}

// tidyLines trims each line, collapses blanks inside it and drops empty lines.
func tidyLines(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for line := range strings.SplitSeq(s, "\n") {
		line = oneLine(line)
		if line == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(line)
	}
	return b.String()
}

// oneLine puts s on one line.
func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.Map(flatSpace, s)), " ")
}

// fragmentText is the text of a piece of HTML.
func fragmentText(s string) string {
	s = clip(s, maxFragment)
	if !strings.ContainsAny(s, "<&") {
		return tidyLines(s)
	}
	body := &xhtml.Node{Type: xhtml.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := xhtml.ParseFragment(strings.NewReader(s), body)
	if err != nil {
		return tidyLines(html.UnescapeString(s))
	}
	var b strings.Builder
	for _, n := range nodes {
		writeBlocks(&b, n)
	}
	return tidyLines(b.String())
}

// plainTitle is a title as text: entities read, markup that is only looks
// dropped, on one line.
func plainTitle(s string) string {
	if s = clip(s, 4<<10); !activeMarkup.MatchString(s) { // markup that acts is no look: shown as it was written, whole
		s = inlineMarkup.ReplaceAllString(s, "")
	}
	return oneLine(html.UnescapeString(s))
}

// memo remembers what an expression said of a name: the elements of a page bear
// few names, and many bear the same.
type memo struct {
	re   *regexp.Regexp
	said map[string]bool
}

func newMemo(re *regexp.Regexp) memo { return memo{re, map[string]bool{}} }

func (m memo) match(s string) bool {
	if s == "" {
		return false
	}
	yes, known := m.said[s]
	if !known {
		yes = m.re.MatchString(s)
		m.said[s] = yes
	}
	return yes
}
