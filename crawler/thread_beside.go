package crawler

import (
	"strings"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// openingBefore is the post that opens a thread where its answers are a list of
// their own and nothing names them: the nearest element above the list that
// prints one full time, not after the answers', and a sentence.
func (p *page) openingBefore(list *xhtml.Node) (threadPost, bool) {
	for depth := 0; list != nil && depth < 3 && list.DataAtom != atom.Body; list, depth = list.Parent, depth+1 {
		steps := 0
		for n := list.PrevSibling; n != nil && steps < 6; n = n.PrevSibling {
			if n.Type != xhtml.ElementNode {
				continue
			}
			steps++
			at, dayOnly := p.postTime(wrapped(n))
			if at.IsZero() || dayOnly || p.holdsMany(n) {
				continue
			}
			post := threadPost{Document: Document{Published: at, Speaker: authorOf(n)}, floor: floorOf(n)}
			post.Text = p.postText(n, post.Speaker)
			if post.Text != "" && countHan(post.Text) >= 8 && strings.ContainsAny(post.Text, "。！？；，") {
				return post, true
			}
		}
	}
	return threadPost{}, false
}

// pairTerms puts each term of a list of definitions into one element with what
// it defines, where terms print a full time: some forums set who and when as
// the term of what was said.
func (p *page) pairTerms() {
	done := 0
	for _, list := range p.doc.Find("dl").Nodes {
		var terms []*xhtml.Node
		for n := list.FirstChild; n != nil; n = n.NextSibling {
			if n.DataAtom == atom.Dt && textSize(n) <= 200 && definedBy(n) {
				terms = append(terms, n)
			}
		}
		if len(terms) < 2 || done+len(terms) > maxThreadPosts {
			continue
		}
		if at, dayOnly := p.postTime(wrapped(terms[0])); at.IsZero() || dayOnly {
			continue
		}
		done += len(terms)
		for _, term := range terms {
			pair := &xhtml.Node{Type: xhtml.ElementNode, Data: "div", DataAtom: atom.Div}
			list.InsertBefore(pair, term)
			for n := term; n != nil && (n == term || n.DataAtom != atom.Dt && n != pair); {
				next := n.NextSibling
				list.RemoveChild(n)
				pair.AppendChild(n)
				n = next
			}
		}
	}
}

// definedBy reports whether a term is followed by what it defines.
func definedBy(term *xhtml.Node) bool {
	for n := term.NextSibling; n != nil; n = n.NextSibling {
		if n.Type == xhtml.ElementNode {
			return n.DataAtom == atom.Dd
		}
	}
	return false
}
