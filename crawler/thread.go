package crawler

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"

	"minsheng/opinion"
)

const (
	maxThreadPosts = 500     // posts of one page
	maxPostText    = 100_000 // bytes of one post
)

// Page is what one page holds for us. Documents[0] is the opening post, the
// complaint or the article, unless Opening says that this is a later page of a
// thread: then all are replies; or that Part is above 1: then Documents[0] goes
// on with the article whose first page is at Opening.
type Page struct {
	Documents []Document
	Next      string // the next page of the thread or of the article
	Opening   string // their first page, where this is a later one
	Part      int    // which page of an article this is, 1 where it is the only one; 0 for threads and boards
	Title     string
	Charset   string
}

// threadPost is a post as it was found in a thread.
type threadPost struct {
	Document
	reply bool // the markup says that it answers another post
	floor int  // 0 where none is printed
}

// ReadPage reads a page as what kind says its site is: a thread with its
// replies, a message board's complaint with the office's answer, or one
// article. Markup is recognised by what it has in common over many systems and
// never by a site's name. A page without any of these is a Fault that says why.
func ReadPage(body []byte, contentType, pageURL string, kind opinion.Class, zone *time.Location) (Page, error) {
	p, charset, err := readHTML(body, contentType, pageURL, zone)
	if err != nil {
		return Page{}, err
	}
	page, err := p.read(charset, kind)
	for i := range page.Documents {
		d := &page.Documents[i]
		d.Flags = append(d.Flags, damage(d.Title, d.Text)...)
	}
	return page, err
}

// read reads a page as its kind.
func (p *page) read(charset string, kind opinion.Class) (Page, error) {
	page := Page{Charset: charset}
	page.Title, _ = p.title()
	if kind == opinion.BoardSite {
		if page.Documents = p.boardDocuments(page.Title); len(page.Documents) > 0 {
			return page, nil
		}
	}
	if kind != opinion.Media && kind != opinion.Gov {
		if posts := p.threadPosts(); len(posts) > 0 {
			if p.fillThread(&page, posts); len(page.Documents) > 0 {
				return page, nil
			}
		}
	}
	a := p.article()
	pages := p.articleParts()
	if page.Title = a.Title; pages.n > 1 {
		page.Title = partSuffix.ReplaceAllString(a.Title, "")
		a.Title = page.Title
		a.IsArticle = a.IsArticle || a.Reason == "read.too_short" // the last page may hold a line or two
	}
	if !a.IsArticle {
		if kind == opinion.Forum && a.Reason == "read.no_article" {
			a.Reason = "read.no_posts"
		}
		return page, opinion.NewFault(a.Reason, nil)
	}
	a.Kind = articleKind(kind)
	page.Documents = []Document{a.Document}
	page.Next, page.Opening, page.Part = pages.next, pages.first, pages.n
	return page, nil
}

func articleKind(kind opinion.Class) opinion.Kind {
	switch kind {
	case opinion.Media, opinion.Gov:
		return opinion.News
	case opinion.Forum, opinion.SocialNet:
		return opinion.Social
	case opinion.BoardSite:
		return opinion.Board
	}
	return opinion.Unknown
}

// threadPosts finds the posts of a thread, by what the page declares before by
// how it looks.
func (p *page) threadPosts() []threadPost {
	for _, find := range []func() []threadPost{p.linkedPosts, p.microdataPosts, p.numberedPosts, p.repeatedPosts} {
		if posts := find(); len(posts) > 0 {
			return posts[:min(len(posts), maxThreadPosts)]
		}
	}
	return nil
}

// fillThread makes documents of the posts: which one opens the thread, whose
// page it is, what names each reply.
func (p *page) fillThread(page *Page, posts []threadPost) {
	page.Next = p.next()
	later := p.laterPage(posts)
	if later {
		page.Opening = p.openingURL()
	}
	if !later && allReplies(posts) {
		if opening, ok := p.openingAbove(); ok {
			posts = append([]threadPost{opening}, posts...)
		} else if posts[0].floor <= 1 {
			posts[0].reply = false
		}
	}
	seen := map[string]bool{}
	for i := range posts {
		d := posts[i].Document
		d.URL = p.address
		if d.Text = clip(withoutTitle(d.Text, page.Title), maxPostText); d.Text == "" {
			continue
		}
		if i == 0 && !later {
			d.Kind, d.Anchor, d.Title = opinion.Social, "", page.Title
		} else {
			d.Kind, d.Title = opinion.Reply, ""
			if d.Anchor == "" {
				d.Anchor = fallbackAnchor(posts[i])
			}
			if seen[d.Anchor] {
				continue
			}
			seen[d.Anchor] = true
		}
		page.Documents = append(page.Documents, d)
	}
}

// withoutTitle drops the thread's title where a post repeats it above its text.
func withoutTitle(text, title string) string {
	first, rest, _ := strings.Cut(text, "\n")
	bare := strings.TrimPrefix(strings.TrimPrefix(bareText(first), "re"), "回复")
	if bare != "" && bare == bareText(title) && rest != "" {
		return rest
	}
	return text
}

func allReplies(posts []threadPost) bool {
	for _, post := range posts {
		if !post.reply {
			return false
		}
	}
	return true
}

// fallbackAnchor names a reply that the page gives no name: its floor, else
// its time and a print of its text.
func fallbackAnchor(post threadPost) string {
	if post.floor > 0 {
		return "floor-" + strconv.Itoa(post.floor)
	}
	sum := sha256.Sum256([]byte(bareText(post.Text)))
	stamp := ""
	if !post.Published.IsZero() {
		stamp = strconv.FormatInt(post.Published.Unix(), 10) + "-"
	}
	return "at-" + stamp + hex.EncodeToString(sum[:6])
}

// openingAbove is the text that stands above replies which are marked as such:
// the page read as an article without them.
func (p *page) openingAbove() (threadPost, bool) {
	rest := &page{doc: goquery.NewDocumentFromNode(cloneTree(p.doc.Get(0))), base: p.base, address: p.address, zone: p.zone, head: p.head, linked: p.linked, metas: p.metas}
	for _, n := range rest.postElements() {
		if n.Parent != nil && replyName.MatchString(marks(n)) {
			n.Parent.RemoveChild(n)
		}
	}
	a := rest.article()
	if a.Text == "" || a.Reason == "read.is_list" || a.Reason == "read.is_login" || a.Reason == "read.is_error" {
		return threadPost{}, false
	}
	return threadPost{Document: a.Document}, true
}

var (
	previousWords = regexp.MustCompile(`^[\s<«‹←\[]*(?:上一页|上一頁|上页|上頁|前一页|前页|prev(?:ious)?(?:\s*page)?)[\s\]]*$`)
	pageParam     = regexp.MustCompile(`^(?:page|p|pn|pageno|page_no|pg|pageindex|start)$`)
	pageInPath    = regexp.MustCompile(`(?i)([/_-](?:page|p)[/_-]?)(\d+)(/?(?:\.s?html?)?)$`)
)

// laterPage reports whether this is not the first page of its thread.
func (p *page) laterPage(posts []threadPost) bool {
	if posts[0].floor > 2 || posts[0].floor == 2 && !posts[0].reply { // replies from the second floor on may stand below their opening
		return true
	}
	if number := pageNumber(p.base); number > 1 {
		return true
	}
	return p.previous() != ""
}

func (p *page) previous() string {
	if s := p.doc.Find("link[rel~=prev][href], a[rel~=prev][href]").First(); s.Length() > 0 {
		return p.otherPage(s.AttrOr("href", ""))
	}
	found := ""
	p.doc.Find("a[href]").EachWithBreak(func(n int, s *goquery.Selection) bool {
		if previousWords.MatchString(strings.ToLower(oneLine(s.Text()))) {
			found = p.otherPage(s.AttrOr("href", ""))
		}
		return found == "" && n < maxListAnchors
	})
	return found
}

// pageNumber is the page that an address names, 0 where it names none.
func pageNumber(u *url.URL) int {
	if u == nil {
		return 0
	}
	for name, values := range u.Query() {
		if pageParam.MatchString(strings.ToLower(name)) && name != "start" && len(values) > 0 {
			return number(values[0])
		}
	}
	if m := pageInPath.FindStringSubmatch(u.Path); m != nil {
		return number(m[2])
	}
	return 0
}

// openingURL is the thread's first page as this page links it, else its own
// address without the page's number. "" says that it cannot be told.
func (p *page) openingURL() string {
	second := pageNumber(p.base) == 2
	if p.base != nil && !second {
		_, part := partOf(p.base)
		second = part == 2
	}
	if second {
		if prev := p.previous(); prev != "" {
			return prev
		}
	}
	found := ""
	p.doc.Find("a[href]").EachWithBreak(func(n int, s *goquery.Selection) bool {
		label := strings.Trim(oneLine(s.Text()), " .[]…<«")
		if label == "1" || label == "第一页" || label == "第1页" || label == "首页" && sameThread(p, s) {
			found = p.otherPage(s.AttrOr("href", ""))
		}
		return found == "" && n < maxListAnchors
	})
	if found != "" || p.base == nil {
		return found
	}
	u := *p.base
	u.Fragment = ""
	query := u.Query()
	for name := range query {
		if pageParam.MatchString(strings.ToLower(name)) {
			query.Del(name)
			u.RawQuery = query.Encode()
			return u.String()
		}
	}
	return ""
}

// sameThread tells a thread's 首页 from the site's.
func sameThread(p *page, s *goquery.Selection) bool {
	u, err := url.Parse(p.absolute(s.AttrOr("href", "")))
	return err == nil && p.base != nil && len(u.Path) > 1 && (u.Path == p.base.Path || u.RawQuery != "")
}
