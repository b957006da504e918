package crawler

import (
	"regexp"
	"strings"
	"unicode/utf8"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const maxBlocks = 20_000 // lines of a page that are looked at

// block is one line of a page as a reader sees it.
type block struct {
	text    string
	linked  int // runes of it that are link text
	size    int // runes
	heading bool
	node    *xhtml.Node // the element that the line lies in
}

// linkShare is the share of the line that is link text, 0 to 1.
func (b block) linkShare() float64 {
	if b.size == 0 {
		return 0
	}
	return min(1, float64(b.linked)/float64(b.size))
}

// prose reports whether the line reads like a sentence of a text and not like
// a label, a heading or a link.
func (b block) prose() bool {
	return b.size >= 20 && b.linkShare() < 0.5 && strings.ContainsAny(b.text, "。！？；，,.!?：") && !infoLine(b)
}

// blocksOf gives the lines below n in document order.
func blocksOf(n *xhtml.Node) []block {
	w := blockWriter{}
	w.walk(n, n, false, false)
	w.flush()
	return w.blocks
}

type blockWriter struct {
	blocks  []block
	line    strings.Builder
	linked  int
	heading bool
	at      *xhtml.Node
}

func (w *blockWriter) flush() {
	text := oneLine(w.line.String())
	w.line.Reset()
	if text != "" && len(w.blocks) < maxBlocks {
		w.blocks = append(w.blocks, block{text: text, linked: w.linked, size: utf8.RuneCountInString(text), heading: w.heading, node: w.at})
	}
	w.linked, w.heading, w.at = 0, false, nil
}

// text adds a piece of text to the line.
func (w *blockWriter) text(s string, parent *xhtml.Node, inLink, inHeading bool) {
	s = strings.Map(flatSpace, s)
	if startsWithDay.MatchString(s) && endsWithDigit(w.line.String()) { // a name and a day, side by side
		w.line.WriteByte(' ')
	}
	w.line.WriteString(s)
	s = strings.TrimSpace(s)
	if s == "" {
		return
	}
	if inLink {
		w.linked += utf8.RuneCountInString(s)
	}
	w.heading = w.heading || inHeading
	if w.at == nil {
		w.at = parent
	}
}

func (w *blockWriter) walk(n, parent *xhtml.Node, inLink, inHeading bool) {
	switch n.Type {
	case xhtml.TextNode:
		if parent.DataAtom == atom.Pre { // the only element whose line breaks are lines
			for line := range strings.SplitSeq(n.Data, "\n") {
				w.text(line, parent, inLink, inHeading)
				w.flush()
			}
			return
		}
		w.text(n.Data, parent, inLink, inHeading)
		return
	case xhtml.ElementNode:
		if silentElements[n.DataAtom] || hidden(n) {
			return
		}
	case xhtml.CommentNode, xhtml.DoctypeNode:
		return
	}
	isBlock := n.Type == xhtml.ElementNode && (blockElements[n.DataAtom] || n.DataAtom == 0 && isBox(n))
	if isBlock {
		w.flush()
	}
	switch n.DataAtom {
	case atom.A:
		inLink = inLink || attrOf(n, "href") != ""
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		inHeading = true
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.walk(c, n, inLink, inHeading)
	}
	switch {
	case isBlock:
		w.flush()
	case n.DataAtom == atom.Td || n.DataAtom == atom.Th:
		w.line.WriteByte(' ')
	}
}

var startsWithDay = regexp.MustCompile(`^(?:19|20)\d{2}[-/.年]\d{1,2}`)

func endsWithDigit(s string) bool { return s != "" && s[len(s)-1] >= '0' && s[len(s)-1] <= '9' }

// isBox reports whether an element of a kind that a page made holds other boxes
// or such elements: it is then laid out as a box itself.
func isBox(n *xhtml.Node) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == xhtml.ElementNode && (blockElements[c.DataAtom] || c.DataAtom == 0 && strings.Contains(c.Data, "-")) {
			return strings.Contains(n.Data, "-")
		}
	}
	return false
}

func joinBlocks(blocks []block) string {
	lines := make([]string, len(blocks))
	for i, b := range blocks {
		lines[i] = b.text
	}
	return strings.Join(lines, "\n")
}
