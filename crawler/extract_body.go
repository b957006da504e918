package crawler

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	readability "codeberg.org/readeck/go-readability/v2"
	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// shortArticle is the length in characters above which a text is taken as
// found. Readability's own 500 is meant for English: a Chinese notice of 150
// characters is whole, and looking for more brings in its neighbours.
const shortArticle = 120

// mostAsked bounds the boxes of comments of which it is asked what stands
// before them.
const mostAsked = 16

// maxReadable bounds the elements that readability is given: its work grows
// faster than the page.
const maxReadable = 30_000

var besideName = regexp.MustCompile(`(?i)(?:^|[-_\s])(?:relat(?:ed|e|ive)|recommend(?:ed|s)?|tuijian|xiangguan|share|sharebox|bdshare\w*|jiathis\w*|copyright|statement|disclaimer|comments?|comment-?list|pinglun|breadcrumbs?|crumbs?|crumb-?nav|hot-?news|hot-?list|rank(?:ing)?|side-?bar|aside|toolbar|qr-?code|prev-?next|pre-?next|next-?prev|friend-?links?|advert\w*|ad-?box|keywords?|tags?|post-?nav(?:igation)?|nav-?links?|page-?nav|pagination|pager|post_?comment\w*|cmts?|comments?-?(?:list|box|area|wrap|module|section|container|block)|replies|(?:live-?)?chat-?(?:list|room|box)?|footer)(?:$|[-_\s\d])`)

// editorName names the line that says who edited a text. The boxes of the
// programs that texts are written with bear such names too.
var editorName = regexp.MustCompile(`(?i)(?:^|\s)(?:art(?:icle)?[-_]?|ep[-_]?)?editor(?:$|\s)`)

// longestEditor is as many bytes as such a line may have.
const longestEditor = 150

// body weighs what readability finds on a pruned copy against what the page
// itself marks as its text. What is marked wins only where readability found
// less than half of it, for marked texts often hold their neighbours too.
func (p *page) body(title string) ([]block, []Candidate) {
	var all []reading[[]block]
	add := func(from, detail string, lines []block, score int, why string) {
		if len(lines) > 0 && score > 0 {
			all = append(all, reading[[]block]{Candidate{Field: "body", From: from, Detail: detail, Value: lines[0].text, Score: score, Why: why}, lines})
		}
	}
	lines, pruned, kept := p.readable(title)
	size := sizeOf(lines)
	add("weigh.from_readability", fmt.Sprintf("%d, %s", pruned, kept), lines, size, "weigh.why_prose")
	if post, ok := p.openingPost(lines); ok {
		said := dropSmall(trimHead(textBlocks(post.Text), title))
		add("weigh.from_opening", "", said, size+sizeOf(said), "weigh.why_opening")
		p.opening = stamp{post.Published, post.DayOnly}
	} else if _, voices := severalVoices(lines); voices || proseSize(lines) < littleText {
		under := p.underTitle(title, lines)
		add("weigh.from_under_title", "", under, size+sizeOf(under), "weigh.why_under_title")
	}
	if size < 60 && !slices.ContainsFunc(lines, tellsOf) { // nothing, or that something is loading
		held := p.scriptedText(title)
		add("weigh.from_script", "", held, size+sizeOf(held), "weigh.why_only_data")
	}
	if s := p.doc.Find(`[itemprop="articleBody"]`).First(); s.Length() > 0 {
		marked := dropSmall(trimTail(trimHead(blocksOf(s.Get(0)), title)))
		add("weigh.from_microdata", "articleBody", marked, sizeOf(marked)/2, "weigh.why_marked")
	}
	for _, o := range p.linked {
		if linkedType(o, articleTypes...) {
			if stated := textBlocks(fragmentText(linkedText(o, "articleBody"))); sizeOf(stated) > 0 {
				add("weigh.from_json_ld", "articleBody", stated, sizeOf(stated)/2, "weigh.why_marked")
				break
			}
		}
	}
	best, shown, _ := choose(all)
	return best.value, shown
}

func sizeOf(lines []block) int {
	size := 0
	for _, b := range lines {
		size += b.size
	}
	return size
}

// textBlocks are the lines of a plain text.
func textBlocks(text string) []block {
	var lines []block
	for line := range strings.SplitSeq(text, "\n") {
		if len(lines) < maxBlocks {
			lines = append(lines, block{text: line, size: utf8.RuneCountInString(line)})
		}
	}
	return lines
}

// readable is the text as readability finds it, with the lines round it cut
// off; pruned counts the elements taken out before, kept says which share of
// the lines is left.
func (p *page) readable(title string) (lines []block, pruned int, kept string) {
	root := cloneTree(p.doc.Get(0))
	pruned = pruneBeside(root)
	if countElements(root, maxReadable) >= maxReadable {
		return nil, pruned, "0/0"
	}
	parser := readability.NewParser()
	parser.CharThresholds = shortArticle
	parser.DisableJSONLD = true
	parser.KeepClasses = true
	found, err := parser.ParseAndMutate(root, p.base)
	if err != nil || found.Node == nil {
		return nil, pruned, "0/0"
	}
	nameAtoms(found.Node)
	all := p.dropAbove(p.otherRows(blocksOf(found.Node)), title)
	lines = dropSmall(trimTail(trimHead(all, title)))
	return lines, pruned, fmt.Sprintf("%d/%d", len(lines), len(all))
}

// otherRows adds the sentences that follow a text in the table whose cells it is
// set in side by side: readability takes one row.
func (p *page) otherRows(text []block) []block {
	if len(text) < 2 {
		return text
	}
	lines := p.lines()
	at := slices.IndexFunc(lines, func(b block) bool { return b.text == text[len(text)-1].text })
	if at < 1 || lines[at-1].text != text[len(text)-2].text {
		return text
	}
	last, before := lines[at].node, lines[at-1].node
	if row := holder(last, atom.Tr); row == nil || row != holder(before, atom.Tr) || holder(last, atom.Td) == holder(before, atom.Td) {
		return text
	}
	for i := at + 1; i < len(lines) && tellsOf(lines[i]) && lines[i].linked == 0 && holder(lines[i].node, atom.Table) == holder(last, atom.Table); i++ {
		text = append(text, lines[i])
	}
	return text
}

// holder is the nearest element of a kind round n.
func holder(n *xhtml.Node, kind atom.Atom) *xhtml.Node {
	for n != nil && n.DataAtom != kind {
		n = n.Parent
	}
	return n
}

// dropAbove drops the first lines of a text that stand above the title on the
// page: boxes about its author or the site. The title itself may be gone, for
// readability takes it out.
func (p *page) dropAbove(text []block, title string) []block {
	lines, head, bare := p.lines(), -1, bareTitle(title)
	for i, b := range lines {
		if isTitle(b, bare) {
			head = i
		}
	}
	if head < 0 || len(text) == 0 {
		return text
	}
	places := map[string]int{} // the last place of every line
	for i, b := range lines {
		places[b.text] = i
	}
	above, prose := 0, 0
	for _, b := range text {
		at, ok := places[b.text]
		if !ok || at >= head {
			break
		}
		above++
		if tellsOf(b) {
			prose += b.size
		}
	}
	if prose >= 100 || proseSize(text[above:]) <= 2*prose {
		return text
	}
	return text[above:]
}

// nameAtoms gives every element the atom of its name: readability leaves it off
// the paragraphs that it makes, and lines would run into each other.
func nameAtoms(root *xhtml.Node) {
	for n := range root.Descendants() {
		if n.Type == xhtml.ElementNode {
			n.DataAtom = atom.Lookup([]byte(n.Data))
		}
	}
}

// pruneBeside takes out the elements whose name says that they stand beside an
// article, if they are not most of the page: some sites call their whole
// content so.
func pruneBeside(root *xhtml.Node) int {
	total := textSize(root)
	var doomed []*xhtml.Node
	named, edited := newMemo(besideName), newMemo(editorName)
	for n := range root.Descendants() {
		if n.Type != xhtml.ElementNode || n.Parent == nil || n.Data == "body" || n.Data == "html" || n.Data == "head" {
			continue
		}
		class, id := attrOf(n, "class"), attrOf(n, "id")
		if hidden(n) || named.match(class) || named.match(id) || (edited.match(class) || edited.match(id)) && textSize(n) <= longestEditor {
			doomed = append(doomed, n)
		}
	}
	dropped, work, asked := 0, 0, 0
	gone := map[*xhtml.Node]bool{}
	for _, n := range doomed {
		if within(n, gone) {
			continue
		}
		size := textSize(n)
		if work += size; work > 16*total { // many boxes in each other: enough was looked at
			break
		}
		if 3*size > total || holdsProse(n) {
			if asked == mostAsked || !isComments(n) && !holdsLinks(n) {
				continue
			}
			before, beside := proseRound(root, n)
			if asked++; before < 40 && (beside < 40 || isComments(n)) {
				continue
			}
		}
		n.Parent.RemoveChild(n)
		gone[n] = true
		dropped++
	}
	return dropped
}

var commentName = regexp.MustCompile(`(?i)(?:^|[-_\s])(?:cmts?|comments?-?(?:list|box|area|wrap|module|section|container|block)?|replies|pinglun|post_?comment\w*)(?:$|[-_\s\d])`)

func isComments(n *xhtml.Node) bool {
	class, id := attrOf(n, "class"), attrOf(n, "id")
	return commentName.MatchString(class) || commentName.MatchString(id) || (chatName.MatchString(class) || chatName.MatchString(id)) && holdsRemarks(n)
}

// chatName names the talk of readers beside a live report, and sometimes an
// interview.
var chatName = regexp.MustCompile(`(?i)(?:^|[-_\s])(?:live-?)?chat-?(?:list|room|box)?(?:$|[-_\s\d])`)

// stampedName is a name and a time of day.
var stampedName = regexp.MustCompile(`^\D.{0,20}\d{1,2}:\d{2}(?::\d{2})?$`)

// holdsRemarks reports whether an element has three names with times of day.
func holdsRemarks(n *xhtml.Node) bool {
	names := 0
	for _, b := range blocksOf(n) {
		if b.size <= 26 && stampedName.MatchString(b.text) {
			names++
		}
	}
	return names >= 3
}

// proseRound counts the characters of sentences that stand before n, and all
// that stand outside it. What is named after comments and follows a text is
// comments, however long; where no text stands before, a column of commentary
// may be named so. Links alone may stand amid a text.
func proseRound(root, n *xhtml.Node) (before, beside int) {
	inside, reached := map[*xhtml.Node]bool{n: true}, false
	for _, b := range blocksOf(root) {
		switch {
		case within(b.node, inside):
			reached = true
		case !b.prose() || smallPrint.MatchString(b.text):
		case !reached:
			before += b.size
			fallthrough
		default:
			beside += b.size
		}
	}
	return before, beside
}

// holdsLinks reports whether an element holds three lines or more that are
// links to other texts, and no sentence.
func holdsLinks(n *xhtml.Node) bool {
	linked := 0
	for _, b := range blocksOf(n) {
		switch {
		case tellsOf(b):
			return false
		case b.linkShare() > 0.5 && b.linked >= 6:
			linked++
		}
	}
	return linked >= 3
}

func within(n *xhtml.Node, set map[*xhtml.Node]bool) bool {
	for ; n != nil; n = n.Parent {
		if set[n] {
			return true
		}
	}
	return false
}

// holdsProse reports whether an element holds long unlinked text, as an article
// does and what stands beside one does not.
func holdsProse(n *xhtml.Node) bool {
	size := 0
	for _, b := range blocksOf(n) {
		if b.prose() && b.size >= 60 && !smallPrint.MatchString(b.text) {
			size += b.size
		}
	}
	return size >= 200
}

func textSize(n *xhtml.Node) int {
	size := 0
	for d := range n.Descendants() {
		if d.Type == xhtml.TextNode && d.Parent != nil && !silentElements[d.Parent.DataAtom] {
			size += len(strings.TrimSpace(d.Data))
		}
	}
	return size
}

func countElements(n *xhtml.Node, limit int) int {
	count := 0
	for d := range n.Descendants() {
		if d.Type == xhtml.ElementNode {
			if count++; count >= limit {
				break
			}
		}
	}
	return count
}

// cloneTree copies a tree for readability, which takes its document apart and
// has no use for what a reader does not see.
func cloneTree(root *xhtml.Node) *xhtml.Node {
	var spare []xhtml.Node // allocated by the hundred
	var clone func(n *xhtml.Node) *xhtml.Node
	clone = func(n *xhtml.Node) *xhtml.Node {
		if len(spare) == 0 {
			spare = make([]xhtml.Node, 128)
		}
		c := &spare[0]
		spare = spare[1:]
		c.Type, c.DataAtom, c.Data, c.Namespace, c.Attr = n.Type, n.DataAtom, n.Data, n.Namespace, slices.Clone(n.Attr)
		for child := n.FirstChild; child != nil; child = child.NextSibling {
			if child.Type != xhtml.CommentNode && child.DataAtom != atom.Script && child.DataAtom != atom.Style {
				c.AppendChild(clone(child))
			}
		}
		return c
	}
	return clone(root)
}
