package crawler

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/rss"

	"minsheng/opinion"
)

const (
	maxFeedItems = 1000
	maxItemText  = 200_000 // bytes of one item's text
	maxFeedBytes = 16 << 20
)

// Link is a page to read, as a feed, a sitemap or a list names it.
type Link struct {
	URL       string // absolute
	Title     string
	Published time.Time // zero where none is said or it cannot be read
}

// Item is an entry of a feed.
type Item struct {
	Link
	GUID    string
	Content string // plain text, one block a line; "" or a summary where the feed gives no more
	Full    bool   // Content is the whole text
	Speaker string // only to count voices; never stored
	Outlet  string // the medium that the item names as its origin
}

// Feed is what a feed holds, in document order.
type Feed struct {
	Title string
	Items []Item
}

// ReadFeed reads RSS, RDF, Atom and JSON Feed in any condition: the bytes are
// decoded by what they are and the document is repaired before it is parsed.
// Links are resolved against base; a time without a zone is in zone (nil:
// China's). At most 1,000 items are kept. What is no feed, an error in JSON or
// a firewall's page, is a Fault; an empty feed is none.
func ReadFeed(body []byte, contentType, base string, zone *time.Location) (Feed, error) {
	body, err := unpack(body, maxFeedBytes) // feeds are sent packed without a word, too
	if err != nil {
		return Feed{}, opinion.NewFault("read.feed_broken", err)
	}
	text, _, _ := Decode(body, contentType)
	text = strings.TrimLeft(text, "\ufeff \t\r\n\x00")
	if text == "" {
		return Feed{}, opinion.NewFault("read.empty", nil)
	}
	cut := false
	if text[0] == '{' || text[0] == '[' {
		fixed, wasCut, err := jsonFeed(text)
		if err != nil {
			return Feed{}, err
		}
		text, cut = fixed, wasCut
	} else {
		fixed, root, wasCut := repairXML(text)
		if err := feedRoot(text, root); err != nil {
			return Feed{}, err
		}
		text, cut = fixed, wasCut
	}
	parser := gofeed.NewParser()
	parser.KeepOriginalFeed = true
	raw, err := parser.ParseString(text)
	if err != nil {
		return Feed{}, opinion.NewFault("read.feed_broken", err)
	}
	reader := feedReader{zone: zone}
	reader.base, _ = url.Parse(base)
	return reader.read(raw, cut), nil
}

// feedRoot says what a document that is no feed is instead.
func feedRoot(text, root string) error {
	switch root {
	case "rss", "rdf", "feed":
		return nil
	case "urlset", "sitemapindex":
		return opinion.NewFault("read.feed_is_sitemap", nil)
	}
	head := strings.ToLower(clip(text, 4<<10))
	body := strings.Contains(head, "<body") && !strings.HasPrefix(head, "<?xml")
	if strings.Contains(head, "<html") || strings.Contains(head, "<!doctype html") || body {
		return opinion.NewFault("read.feed_is_page", nil)
	}
	return opinion.NewFault("read.feed_none", nil)
}

type feedReader struct {
	base *url.URL
	zone *time.Location
}

// originals are the items as their own dialect has them, in the order of the
// feed; empty for the other dialects.
func originals(raw *gofeed.Feed) (items []*rss.Item, entries []*atom.Entry) {
	switch f := raw.OriginalFeed().(type) {
	case *rss.Feed:
		if len(f.Items) == len(raw.Items) {
			items = f.Items
		}
	case *atom.Feed:
		if len(f.Entries) == len(raw.Items) {
			entries = f.Entries
		}
	}
	return items, entries
}

func (f feedReader) read(raw *gofeed.Feed, cut bool) Feed {
	out := Feed{Title: plainTitle(raw.Title)}
	items, entries := originals(raw)
	for i, it := range raw.Items {
		if len(out.Items) == maxFeedItems {
			break
		}
		if it == nil {
			continue
		}
		var item Item
		switch {
		case items != nil && items[i] != nil:
			item = f.item(it, items[i])
			item.URL = f.itemLink(it, items[i])
		case entries != nil && entries[i] != nil:
			item = f.item(it, nil)
			item.URL = f.entryLink(it, entries[i])
		default:
			item = f.item(it, nil)
			item.URL = f.firstAbsolute(slices.Concat([]string{it.Link}, it.Links, guidLink(it.GUID), enclosed(it))...)
		}
		if cut && i == len(raw.Items)-1 && item.URL == "" && item.GUID == "" {
			break // the document ended inside this one: half a title is no item
		}
		out.Items = append(out.Items, item)
	}
	return out
}

func (f feedReader) item(it *gofeed.Item, own *rss.Item) Item {
	item := Item{GUID: strings.TrimSpace(it.GUID)}
	item.Title = plainTitle(cmp.Or(it.Title, firstOf(it.DublinCoreExt, func(d *ext.DublinCoreExtension) []string { return d.Title }),
		extensionOf(it.Extensions, "title", "dcterms", "atom", "a10", "media", "itunes")))
	item.Published = f.published(it)
	item.Content = clip(fragmentText(cmp.Or(it.Content, it.Description)), maxItemText)
	item.Full = strings.TrimSpace(it.Content) != "" && !endsShort(item.Content)
	for _, a := range it.Authors {
		if a != nil && a.Name+a.Email != "" {
			item.Speaker = oneLine(cmp.Or(a.Name, a.Email))
			break
		}
	}
	item.Outlet = plainTitle(firstOf(it.DublinCoreExt, func(d *ext.DublinCoreExtension) []string { return d.Source }))
	if own != nil && own.Source != nil && item.Outlet == "" {
		item.Outlet = plainTitle(own.Source.Title)
	}
	if strings.Contains(item.Outlet, "://") {
		item.Outlet = ""
	}
	return item
}

func firstOf(d *ext.DublinCoreExtension, field func(*ext.DublinCoreExtension) []string) string {
	if d == nil {
		return ""
	}
	for _, s := range field(d) {
		if strings.TrimSpace(s) != "" {
			return s
		}
	}
	return ""
}

// endsShort tells a text that breaks off from a whole one.
func endsShort(s string) bool {
	s = strings.TrimRight(s, " \n")
	for _, mark := range []string{"…", "...", "[...]", "[…]", "阅读全文", "查看全文", "閱讀全文", "read more", "Read more"} {
		if strings.HasSuffix(s, mark) {
			return true
		}
	}
	return false
}

// published reads the item's own times, the publication's before the update's,
// and never lets a parser guess a zone.
func (f feedReader) published(it *gofeed.Item) time.Time {
	said := []string{it.Published}
	for _, name := range []string{"issued", "created", "date", "available", "published"} {
		said = append(said, extension(it.Extensions, name), it.Custom[name])
	}
	said = append(said, firstOf(it.DublinCoreExt, func(d *ext.DublinCoreExtension) []string { return d.Date }), it.Updated)
	for _, name := range []string{"modified", "updated"} {
		said = append(said, extension(it.Extensions, name), it.Custom[name])
	}
	for _, s := range said {
		if t, _, ok := ParseTime(s, f.zone); ok {
			return t
		}
	}
	return time.Time{}
}

func extension(all ext.Extensions, name string) string {
	return extensionOf(all, name, "dcterms", "dc", "atom", "news", "a10", "pubDate")
}

func extensionOf(all ext.Extensions, name string, prefixes ...string) string {
	for _, prefix := range prefixes {
		for _, e := range all[prefix][name] {
			if s := strings.TrimSpace(e.Value); s != "" {
				return s
			}
		}
	}
	return ""
}
