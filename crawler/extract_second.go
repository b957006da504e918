package crawler

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	xhtml "golang.org/x/net/html"
)

const (
	littleText  = 300     // characters of prose below which another reading than readability's is tried
	maxState    = 2 << 20 // bytes of one script's data that are looked at
	maxStateAll = 50_000  // values of it
)

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
		if at >= 0 && i > at && i <= at+12 && b.prose() && b.linked == 0 && !smallPrint.MatchString(b.text) && !inComments(b.node) {
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

// scriptedText is the text of a page that holds its article only as data for a
// script: the longest text under a name for texts, beside a name for titles
// whose value is the page's title, or any where the page has no title of its own.
func (p *page) scriptedText(title string) []block {
	search := stateSearch{title: bareText(title), anyTitle: namesHouse(title), left: maxStateAll}
	for _, s := range p.doc.Find("script").Nodes {
		if s.FirstChild == nil || attrOf(s, "type") == "application/ld+json" {
			continue
		}
		var state any
		if decodeState(s.FirstChild.Data, strings.Contains(attrOf(s, "type"), "json"), &state) {
			search.look(state)
		}
	}
	if text := fragmentText(search.text); countHan(text) >= 30 && strings.ContainsAny(text, "。！？") {
		p.stateTitle = plainTitle(search.found)
		return dropSmall(trimTail(trimHead(textBlocks(text), title)))
	}
	return nil
}

var assigned = regexp.MustCompile(`^\s*(?:window\.|self\.|var\s|let\s|const\s)\s*[\w$.]+\s*=`)

// decodeState reads the JSON that a script is, or the first object that one
// assigns to a name.
func decodeState(script string, isJSON bool, into *any) bool {
	if len(script) > maxState || len(script) < 200 {
		return false
	}
	if !isJSON {
		name := assigned.FindString(script[:min(len(script), 200)])
		if name == "" {
			return false
		}
		script = script[len(name):]
	}
	return strings.HasPrefix(strings.TrimSpace(script), "{") && json.NewDecoder(strings.NewReader(script)).Decode(into) == nil
}

var (
	stateTitles = []string{"title", "name", "headline", "subject", "articleTitle", "newsTitle"}
	stateTexts  = []string{"content", "body", "text", "html", "articleBody", "detail", "contentHtml", "newsContent", "articleContent", "txt"}
)

// stateSearch looks for the object of the article among a script's data.
type stateSearch struct {
	title       string // of the page, bare
	anyTitle    bool
	left        int // bounds the work
	text, found string
}

func (s *stateSearch) look(v any) {
	if s.left--; s.left < 0 {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			s.look(e)
		}
	case map[string]any:
		for _, name := range stateTitles {
			own, _ := v[name].(string)
			bare := bareText(own)
			if bare == "" || bare != s.title && !s.anyTitle && (len(bare) < 12 || !strings.HasPrefix(s.title, bare)) {
				continue
			}
			for _, name := range stateTexts {
				if text, _ := v[name].(string); len(text) > len(s.text) {
					s.text, s.found = text, own
				}
			}
		}
		for _, e := range v {
			s.look(e)
		}
	}
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
