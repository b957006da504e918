package crawler

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
	xhtml "golang.org/x/net/html"
)

// threadTypes are the schema.org types of an opening post, replyTypes those of
// what answers it.
var (
	threadTypes = []string{"DiscussionForumPosting", "SocialMediaPosting", "Question"}
	replyTypes  = []string{"Comment", "Answer", "UserComments"}
)

// linkedPosts reads a thread from JSON-LD: the posting and its comments.
func (p *page) linkedPosts() []threadPost {
	for _, o := range p.linked {
		if !linkedType(o, threadTypes...) {
			continue
		}
		opening, ok := p.linkedPost(o)
		if !ok {
			continue
		}
		posts := []threadPost{opening}
		for _, key := range []string{"comment", "suggestedAnswer", "acceptedAnswer"} {
			posts = p.linkedReplies(posts, o[key], 0)
		}
		if len(posts) > 1 {
			return posts
		}
	}
	return nil
}

func (p *page) linkedReplies(posts []threadPost, v any, depth int) []threadPost {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	for _, e := range list {
		o, ok := e.(map[string]any)
		if !ok || depth > 8 || len(posts) >= maxThreadPosts {
			continue
		}
		if post, ok := p.linkedPost(o); ok {
			post.reply = true
			posts = append(posts, post)
		}
		posts = p.linkedReplies(posts, o["comment"], depth+1)
	}
	return posts
}

func (p *page) linkedPost(o map[string]any) (threadPost, bool) {
	post := threadPost{}
	post.Text = fragmentText(cmp.Or(linkedText(o, "text"), linkedText(o, "articleBody")))
	post.Published, post.DayOnly, _ = ParseTime(cmp.Or(linkedText(o, "datePublished"), linkedText(o, "dateCreated")), p.zone)
	post.Speaker = oneLine(linkedText(o, "author"))
	post.Anchor = fragmentOf(cmp.Or(linkedText(o, "url"), linkedText(o, "@id")))
	return post, post.Text != ""
}

func fragmentOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return clip(u.Fragment, 120)
}

// microdataPosts reads a thread from schema.org microdata.
func (p *page) microdataPosts() []threadPost {
	var posts []threadPost
	p.doc.Find("[itemtype]").EachWithBreak(func(n int, s *goquery.Selection) bool {
		kind := s.AttrOr("itemtype", "")
		kind = kind[strings.LastIndexByte(kind, '/')+1:]
		opening, reply := slices.Contains(threadTypes, kind), slices.Contains(replyTypes, kind)
		if !opening && !reply {
			return true
		}
		post := threadPost{reply: reply}
		p.takeProperties(&post, s.Get(0))
		post.Anchor = anchorOf(s.Get(0))
		if post.Text != "" && (opening || !post.Published.IsZero()) {
			posts = append(posts, post)
		}
		return len(posts) < maxThreadPosts && n < 4*maxThreadPosts
	})
	if len(posts) < 2 {
		return nil
	}
	return posts
}

// takeProperties reads the properties of an item and leaves those of the items
// inside it to them; a property that is an item itself (the author) is both.
func (p *page) takeProperties(post *threadPost, item *xhtml.Node) {
	for n := item.FirstChild; n != nil; n = n.NextSibling {
		if n.Type != xhtml.ElementNode {
			continue
		}
		if name := attrOf(n, "itemprop"); name != "" {
			p.takeProperty(post, name, n)
		}
		if attrOf(n, "itemtype") == "" {
			p.takeProperties(post, n)
		}
	}
}

func (p *page) takeProperty(post *threadPost, name string, n *xhtml.Node) {
	said := func(key string) string {
		return cmp.Or(attrOf(n, key), attrOf(n, "content"), oneLine(clip(blockText(n), 400)))
	}
	switch name {
	case "text", "articleBody", "commentText":
		if post.Text == "" {
			post.Text = quoteless(n)
		}
	case "datePublished", "dateCreated", "commentTime", "uploadDate":
		if post.Published.IsZero() {
			post.Published, post.DayOnly, _ = ParseTime(said("datetime"), p.zone)
		}
	case "author", "creator":
		if post.Speaker == "" {
			post.Speaker = clip(said("content"), 200)
		}
	}
}
