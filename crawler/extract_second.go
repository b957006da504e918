package crawler

import (
	"slices"
	"strings"

	xhtml "golang.org/x/net/html"
)

const littleText = 300 // characters of prose below which another reading than readability's is tried

// openingPost is the first post of a thread where the text that was found holds
// the posts of several people; the page's text is the opening one's.
func (p *page) openingPost(lines []block) (threadPost, bool) {
	posts := p.numberedPosts()
	if len(posts) == 0 {
		first, ok := severalVoices(lines)
		if !ok {
			return threadPost{}, false
		}
		posts = p.threadPosts()
		if len(posts) < 2 || posts[0].reply || !strings.Contains(posts[0].Text, lines[first].text) {
			return threadPost{}, false
		}
	}
	return posts[0], len([]rune(posts[0].Text)) >= 20
}

// severalVoices reports whether a text has a first sentence, whose line it
// gives, and two lines or more after it that each give a time.
func severalVoices(lines []block) (first int, ok bool) {
	first = -1
	dated := 0
	for i, b := range lines {
		switch {
		case first < 0 && b.prose():
			first = i
		case first >= 0 && b.size <= 80 && fullClock.MatchString(b.text) && infoLine(b):
			dated++
		}
	}
	return first, dated >= 2
}

// underTitle reads what stands right under the printed title, for short texts
// among longer neighbours: the lines of the least element that holds both, up
// to what heads the neighbours.
func (p *page) underTitle(title string, found []block) []block {
	lines := p.lines()
	at, start := -1, -1
	for i, b := range lines {
		if b.size <= 160 && sameTitle(b.text, title) {
			at = i
		}
		if at >= 0 && i > at && i <= at+12 && b.prose() && !summaryHead.MatchString(b.text) && b.linked == 0 && !smallPrint.MatchString(b.text) && !inComments(b.node) {
			start = i
			break
		}
	}
	if start < 0 || slices.ContainsFunc(found, func(b block) bool { return b.text == lines[start].text }) {
		return nil
	}
	holder := commonElement(lines[at].node, lines[start].node)
	end, linked := start+1, 0
	for ; end < len(lines) && isWithin(lines[end].node, holder); end++ {
		b := lines[end]
		if b.size <= 80 && fullClock.MatchString(b.text) && infoLine(b) {
			break // a remark, or a text beside this one
		}
		if tailHeads.MatchString(b.text) || b.size <= 24 && voicesHead.MatchString(b.text) || inComments(b.node) {
			break
		}
		if linked++; b.linkShare() < 0.5 {
			linked = 0
		}
		if linked == 3 {
			end -= 2
			break
		}
	}
	under := dropSmall(trimTail(trimHead(lines[start:end], title)))
	size := proseSize(under)
	if _, voices := severalVoices(found); size < 40 || !voices && proseSize(found) > 2*size {
		return nil
	}
	return under
}

// commonElement is the least element that holds both.
func commonElement(a, b *xhtml.Node) *xhtml.Node {
	above := map[*xhtml.Node]bool{}
	for ; a != nil; a = a.Parent {
		above[a] = true
	}
	for b != nil && !above[b] {
		b = b.Parent
	}
	return b
}

func isWithin(n, holder *xhtml.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == holder {
			return true
		}
	}
	return false
}

// proseSize counts the characters of sentences.
func proseSize(lines []block) int {
	size := 0
	for _, b := range lines {
		if b.prose() {
			size += b.size
		}
	}
	return size
}
