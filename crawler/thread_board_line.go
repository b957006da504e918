package crawler

import (
	"regexp"
	"strings"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// saidLine is a line that says who wrote when, and so begins a complaint or an
// answer without a label: 某某局 回复于 2026年3月4日 16:48.
var saidLine = regexp.MustCompile(`^(.{0,40}?)[\s:：]*(发表|提交|留言|反映|来信|提问|回复|答复|回应|办结)于\s*[:：]?\s*(\d{4}\s*[-/.年].*)$`)

// saidCells reads such a line. The last cell holds the rest of the line, from
// the time on.
func saidCells(b block) ([]boardCell, bool) {
	if b.size > 100 || strings.ContainsAny(b.text, "。！？；") {
		return nil, false
	}
	m := saidLine.FindStringSubmatch(b.text)
	if m == nil {
		return nil, false
	}
	switch m[2] {
	case "回复", "答复", "回应", "办结":
		cells := []boardCell{{field: answerTime, lines: []string{m[3]}}}
		if office := agencyLine.FindStringSubmatch(strings.TrimSpace(m[1])); office != nil {
			cells = append([]boardCell{{field: agencyField, lines: office[1:2]}}, cells...)
		}
		return cells, true
	}
	return []boardCell{{field: questionTime, lines: []string{m[3]}}}, true
}

// markHeads puts a colon after the cells of a table that hold a label and
// nothing else: their row becomes one line, and what follows is their value. A
// plain cell behind a label is that label's value, whatever it says (类别, 投诉).
func markHeads(root *xhtml.Node) {
	for n := range root.Descendants() {
		switch n.DataAtom {
		case atom.Th:
		case atom.Td:
			if before := cellBefore(n); before != nil && labelAlone(before) {
				continue
			}
		default:
			continue
		}
		if labelAlone(n) && !strings.ContainsAny(blockText(n), ":：") {
			n.AppendChild(&xhtml.Node{Type: xhtml.TextNode, Data: "："})
		}
	}
}

func cellBefore(n *xhtml.Node) *xhtml.Node {
	for n = n.PrevSibling; n != nil && n.Type != xhtml.ElementNode; n = n.PrevSibling {
	}
	return n
}

// labelAlone reports whether a cell holds a label of a board and nothing else.
func labelAlone(n *xhtml.Node) bool {
	if textSize(n) > 20 {
		return false
	}
	text := oneLine(blockText(n))
	at := boardLabel.FindStringIndex(text)
	return at != nil && at[0] == 0 && at[1] == len(text)
}
