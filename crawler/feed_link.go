package crawler

import (
	"net/url"
	"slices"
	"strings"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	"github.com/mmcdole/gofeed/rss"
)

// itemLink is the page of an item of RSS: the address behind a counter, its
// link, a link in Atom's way, a guid that is an address, what it encloses.
func (f feedReader) itemLink(it *gofeed.Item, own *rss.Item) string {
	said := []string{extensionOf(it.Extensions, "origLink", "feedburner", "pheedo"), it.Link}
	said = append(said, it.Links...)
	for _, prefix := range []string{"atom", "atom10", "a10"} {
		for _, l := range it.Extensions[prefix]["link"] {
			if pageRank(l.Attrs["rel"], l.Attrs["type"]) < notPage {
				said = append(said, l.Attrs["href"])
			}
		}
	}
	permanent := guidLink(it.GUID)
	if own.GUID != nil {
		switch strings.ToLower(strings.TrimSpace(own.GUID.IsPermalink)) {
		case "true":
			permanent = []string{it.GUID}
		case "false":
			permanent = nil
		}
	}
	return f.firstAbsolute(append(append(said, permanent...), enclosed(it)...)...)
}

// entryLink is the page of an entry of Atom: of its links the one that is most
// likely a page, else where its content is, an id that is an address, any link.
func (f feedReader) entryLink(it *gofeed.Item, own *atom.Entry) string {
	var byRank [anyLink + 1][]string
	for _, l := range own.Links {
		if l != nil {
			rank := pageRank(l.Rel, l.Type)
			byRank[rank] = append(byRank[rank], l.Href)
		}
	}
	said := slices.Concat(byRank[htmlPage], byRank[otherPage], byRank[unknownPage])
	if own.Content != nil {
		said = append(said, own.Content.Src)
	}
	return f.firstAbsolute(slices.Concat(said, guidLink(it.GUID), byRank[notPage], byRank[anyLink], enclosed(it))...)
}

// How likely a link of Atom leads to the page of its entry (RFC 4287, 4.2.7).
const (
	htmlPage    = iota // an alternate in HTML, or of no type
	otherPage          // an alternate in another type
	unknownPage        // a relation that we do not know
	notPage            // the entry itself, as data
	anyLink            // answers, enclosures, what a program works with
)

func pageRank(rel, kind string) int {
	rel = strings.ToLower(strings.TrimSpace(rel))
	rel = rel[strings.LastIndexByte(rel, '/')+1:] // registered relations have a long form
	switch rel {
	case "", "alternate":
		if kind == "" || strings.Contains(strings.ToLower(kind), "html") {
			return htmlPage
		}
		return otherPage
	case "self":
		return notPage
	case "replies", "enclosure", "edit", "edit-media", "hub", "license", "next", "prev", "previous", "first", "last", "search", "up", "author", "icon":
		return anyLink
	}
	if strings.HasPrefix(rel, "service.") {
		return anyLink
	}
	return unknownPage
}

// guidLink is a guid that is an address by its looks.
func guidLink(guid string) []string {
	guid = strings.TrimSpace(guid)
	if strings.HasPrefix(guid, "http://") || strings.HasPrefix(guid, "https://") {
		return []string{guid}
	}
	return nil
}

func enclosed(it *gofeed.Item) []string {
	var out []string
	for _, e := range it.Enclosures {
		if e != nil {
			out = append(out, e.URL)
		}
	}
	return out
}

// firstAbsolute is the first that is a web address; "" if none is.
func (f feedReader) firstAbsolute(links ...string) string {
	for _, l := range links {
		if u := f.absolute(l); u != "" {
			return u
		}
	}
	return ""
}

// absolute resolves a link; "" for what is no web address.
func (f feedReader) absolute(link string) string { return resolveLink(f.base, link) }

// resolveLink gives link against base as an absolute http or https address, ""
// where it is none. Blanks and line breaks that editors leave are dropped.
func resolveLink(base *url.URL, link string) string {
	link = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' || r == '\t' {
			return -1
		}
		return r
	}, strings.TrimSpace(foldSpace(link)))
	if link == "" || len(link) > 4096 {
		return ""
	}
	u, err := url.Parse(strings.ReplaceAll(link, " ", "%20"))
	if err != nil {
		return ""
	}
	if base != nil {
		u = base.ResolveReference(u)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	return u.String()
}

func foldSpace(s string) string {
	return strings.NewReplacer("\u3000", " ", "\u00a0", " ", "\ufeff", "", "\u200b", "").Replace(s)
}
