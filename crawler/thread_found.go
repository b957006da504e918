package crawler

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var (
	postID   = regexp.MustCompile(`^(?:post|p|pid|reply|comment|cmt|c|floor|msg|answer|item|entry)[-_]?(\d+)$`)
	postName = regexp.MustCompile(`(?i)(?:^|[-_\s])(?:post|posts?-?item|postbody|post-?container|thread-?post|topic-?post|reply|replies-?item|reply-?item|comment|comment-?item|cmt|cmt-?item|floor|floor-?item|answer|answer-?item|message|msg|louceng|lou|huifu|l_post|media-?comment|PostStream-item|CommentPost|main-?post|first-?post|op|louzhu)(?:$|[-_\s\d])`)

	// partName are the parts that posts have: never posts themselves.
	partName  = regexp.MustCompile(`(?i)(?:^|[-_\s])(?:posts?|replies|reply|comments?|cmt|answers?|messages?|floor|msg|thread)[-_]?(?:list|stream|wrap(?:per)?|area|box|form|editor|btn|button|count|num|numbers?|meta|info|header|head|footer|foot|author|user|time|date|title|tools?|actions?|bar|content|body|text|message|main|detail|tail(?:-wrap)?)s?(?:$|[-_\s\d])`)
	replyName = regexp.MustCompile(`(?i)reply|replies|comment|cmt|answer|huifu|floor|louceng`)
	quoteName = regexp.MustCompile(`(?i)(?:^|[-_\s])(?:quote|quoted|blockquote|yinyong|quotation)(?:$|[-_\s\d])`)
)

// numberedPosts reads threads whose posts have numbered ids and whose texts
// have ids that name them: post_12 with postmessage_12.
func (p *page) numberedPosts() []threadPost {
	var posts []threadPost
	p.doc.Find(`[id^="postmessage_"]`).EachWithBreak(func(_ int, s *goquery.Selection) bool {
		number := strings.TrimPrefix(s.AttrOr("id", ""), "postmessage_")
		if number == "" || strings.Trim(number, "0123456789") != "" {
			return true
		}
		post := threadPost{reply: len(posts) > 0}
		post.Text, post.Anchor = quoteless(s.Get(0)), "postmessage_"+number
		if when := p.doc.Find("#authorposton" + number).First(); when.Length() > 0 {
			post.Published, post.DayOnly = p.postTime(wrapped(when.Get(0)))
		}
		box := p.doc.Find("#post_" + number).First()
		if box.Length() > 0 {
			if post.Published.IsZero() {
				post.Published, post.DayOnly = p.postTime(box.Get(0))
			}
			post.Speaker, post.floor, post.Anchor = authorOf(box.Get(0)), floorOf(box.Get(0)), "post_"+number
		}
		if post.Text != "" {
			posts = append(posts, post)
		}
		return len(posts) < maxThreadPosts
	})
	return posts
}

// wrapped puts a copy of n below a new element, for what looks at descendants.
func wrapped(n *xhtml.Node) *xhtml.Node {
	w := &xhtml.Node{Type: xhtml.ElementNode, Data: "div", DataAtom: atom.Div}
	w.AppendChild(cloneTree(n))
	return w
}

// postElements are the elements that may each be a post, in document order.
func (p *page) postElements() []*xhtml.Node {
	var found []*xhtml.Node
	for n := range p.doc.Get(0).Descendants() {
		if n.Type != xhtml.ElementNode || len(found) >= 4*maxThreadPosts {
			continue
		}
		switch n.DataAtom {
		case atom.Body, atom.Html, atom.Form, atom.A, atom.Span, atom.Button, atom.Ul, atom.Ol, atom.Img, atom.Script, atom.Input, atom.Link, atom.Meta:
			continue
		}
		name := marks(n)
		if postID.MatchString(attrOf(n, "id")) || n.DataAtom == atom.Article || postName.MatchString(name) && !partName.MatchString(name) {
			if !quoteName.MatchString(name) {
				found = append(found, n)
			}
		}
	}
	return found
}

// repeatedPosts finds posts by their look: elements named as posts are, each
// with a time and a text of its own, else siblings of one form that are so.
func (p *page) repeatedPosts() []threadPost {
	p.pairTerms()
	posts := p.postsIn(p.postElements())
	if (len(posts) > 1 || len(posts) == 1 && posts[0].reply) && (allReplies(posts) || p.mostlyPosts(posts)) {
		return posts // one text with a time reads better as an article
	}
	var best []threadPost
	var list *xhtml.Node
	size := 0
	for _, group := range p.siblingGroups() {
		posts = p.postsIn(group)
		total := 0
		for _, post := range posts {
			total += len(post.Text)
		}
		if len(posts) > 1 && 3*len(posts) >= 2*len(group) && total > size {
			best, size, list = posts, total, group[0].Parent
		}
	}
	if len(best) == 0 || allReplies(best) {
		return best
	}
	if opening, ok := p.openingBefore(list); ok {
		if all := append([]threadPost{opening}, best...); p.mostlyPosts(all) {
			for i := range all {
				all[i].reply = i > 0
			}
			return all
		}
	}
	if !p.mostlyPosts(best) {
		return nil
	}
	for i := range best {
		best[i].reply = i > 0
	}
	return best
}

// mostlyPosts reports whether the posts are what the page is about, and not
// the teasers beside its text: they hold a good part of its sentences, and the
// first is not younger than all that would answer it, as in an index of posts.
func (p *page) mostlyPosts(posts []threadPost) bool {
	if len(posts) > 2 && !slices.ContainsFunc(posts[1:], func(other threadPost) bool { return !other.Published.Before(posts[0].Published) }) {
		return false
	}
	all, held := 0, 0
	for _, b := range blocksOf(p.doc.Get(0)) {
		if b.prose() {
			all += len(b.text)
		}
	}
	for _, post := range posts {
		held += len(post.Text)
	}
	return 5*held >= 2*all
}

// postsIn reads the elements that are posts, inner ones first: what lies in
// another post is that post's and not the outer one's.
func (p *page) postsIn(elements []*xhtml.Node) []threadPost {
	inner := map[*xhtml.Node]bool{}
	var posts []threadPost
	for _, n := range slices.Backward(elements) {
		own := withoutNested(n, inner)
		at, dayOnly := p.postTime(own)
		if at.IsZero() || p.holdsMany(own) {
			continue
		}
		post := threadPost{reply: replyName.MatchString(marks(n)) || replyInside(n)}
		post.Published, post.DayOnly = at, dayOnly
		post.Speaker, post.floor = authorOf(own), floorOf(own)
		post.Text = p.postText(own, post.Speaker)
		post.Anchor = anchorOf(n)
		if post.Text != "" {
			inner[n] = true
			posts = append(posts, post)
		}
	}
	slices.Reverse(posts)
	return posts
}

// holdsMany tells a whole list of posts from one: three lines and more that
// each print another time.
func (p *page) holdsMany(n *xhtml.Node) bool {
	seen := map[int64]bool{}
	for _, b := range blocksOf(n) {
		if b.size <= 80 && timeOnly(b) && fullClock.MatchString(b.text) {
			if at, dayOnly, ok := ParseTime(b.text, p.zone); ok && !dayOnly {
				seen[at.Unix()] = true
			}
		}
	}
	return len(seen) >= 3
}

// siblingGroups are the children of one element that bear the same names and
// print a full time each, where most of what they hold is no link.
func (p *page) siblingGroups() [][]*xhtml.Node {
	var groups [][]*xhtml.Node
	looked := 0
	for parent := range p.doc.Get(0).Descendants() {
		if parent.Type != xhtml.ElementNode || looked > 4*maxThreadPosts {
			continue
		}
		byForm := map[string][]*xhtml.Node{}
		for n := parent.FirstChild; n != nil; n = n.NextSibling {
			switch n.DataAtom {
			case atom.Div, atom.Li, atom.Section, atom.Article, atom.Table, atom.Tr, atom.Dl:
				form := n.Data + " " + formOf(attrOf(n, "class"))
				byForm[form] = append(byForm[form], n)
			}
		}
		for _, form := range slices.Sorted(maps.Keys(byForm)) {
			group := byForm[form]
			if len(group) < 2 || len(group) > maxThreadPosts {
				continue
			}
			if looked += len(group); p.likePosts(group) {
				groups = append(groups, group)
			}
		}
	}
	return groups
}

var formDigits = regexp.MustCompile(`\d+|\b(?:odd|even|first|last|alt)\b`)

// formOf is a class without what differs from row to row.
func formOf(class string) string { return oneLine(formDigits.ReplaceAllString(class, "")) }

// likePosts reports whether the first of a group print a time to the minute and
// hold text that is no link.
func (p *page) likePosts(group []*xhtml.Node) bool {
	good := 0
	tried := group[:min(len(group), 4)]
	for _, n := range tried {
		size, linked := 0, 0
		for _, b := range blocksOf(n) {
			size += b.size
			linked += b.linked
		}
		if at, dayOnly := p.postTime(n); !at.IsZero() && !dayOnly && 2*linked < size {
			good++
		}
	}
	return good >= 2 && good*2 > len(tried)
}

// replyInside reports whether a post lies in a list of replies.
func replyInside(n *xhtml.Node) bool {
	for depth := 0; n.Parent != nil && depth < 3; depth++ {
		n = n.Parent
		if n.DataAtom == atom.Body || n.DataAtom == atom.Main {
			return false
		}
		if replyName.MatchString(marks(n)) {
			return true
		}
	}
	return false
}

// withoutNested copies a post without the posts inside it and without what it
// quotes: those are other people's words.
func withoutNested(n *xhtml.Node, candidate map[*xhtml.Node]bool) *xhtml.Node {
	c := &xhtml.Node{Type: n.Type, DataAtom: n.DataAtom, Data: n.Data, Attr: n.Attr}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		if candidate[child] || isQuote(child) {
			continue
		}
		c.AppendChild(withoutNested(child, candidate))
	}
	return c
}

func isQuote(n *xhtml.Node) bool {
	if n.Type != xhtml.ElementNode {
		return false
	}
	name := marks(n) // some systems set every post in a blockquote of its own
	return quoteName.MatchString(name) || n.DataAtom == atom.Blockquote && !contentName.MatchString(name)
}

// quoteless is the text below n without what it quotes and without remarks on
// its own editing.
func quoteless(n *xhtml.Node) string {
	return joinBlocks(dropButtons(blocksOf(withoutNested(n, nil)), ""))
}
