package crawler

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"minsheng/opinion"
)

const (
	maxPageText     = 8 << 20 // bytes of a page that are looked at
	maxPageElements = 60_000  // elements that a page may have
	maxLinkedData   = 64      // JSON-LD objects of a page that are looked at
	maxTitle        = 2 << 10 // bytes of a <title>
	maxScript       = 1 << 20 // bytes of one JSON-LD block
)

// page is a parsed document. It is parsed once and read by everything; only
// readability, which takes its document apart, gets a copy.
type page struct {
	doc     *goquery.Document
	base    *url.URL // what links are resolved against
	address string   // of the page itself
	zone    *time.Location
	head    string           // <title>
	linked  []map[string]any // JSON-LD objects, flattened
	metas   map[string]string

	all        []block // what lines gives
	titled     bool    // title was called
	titleText  string
	titles     []Candidate
	stateTitle string // that of the text, where body found it among a script's data
	stateTime  string // when it was published, as written there
	opening    stamp  // of the post that opens a thread, where body found one
}

// lines are the lines of the whole page in document order.
func (p *page) lines() []block {
	if p.all == nil {
		p.all = blocksOf(p.doc.Get(0))
	}
	return p.all
}

// parsePage parses text, which lies at address.
func parsePage(text, address string, zone *time.Location) (*page, error) {
	root, err := xhtml.Parse(strings.NewReader(clip(text, maxPageText)))
	if err != nil {
		return nil, opinion.NewFault("read.page_broken", err)
	}
	if countElements(root, maxPageElements) >= maxPageElements {
		return nil, opinion.NewFault("read.page_large", nil)
	}
	unveil(root)
	p := &page{doc: goquery.NewDocumentFromNode(root), address: address, zone: zone}
	if p.zone == nil {
		p.zone = chinaTime
	}
	p.base, _ = url.Parse(address)
	if href, ok := p.doc.Find("base[href]").First().Attr("href"); ok {
		if u, err := url.Parse(resolveLink(p.base, href)); err == nil && u.Host != "" {
			p.base = u
		}
	}
	p.head = oneLine(clip(p.doc.Find("title").First().Text(), maxTitle))
	p.linked = linkedData(p.doc)
	p.metas = metaElements(p.doc)
	return p, nil
}

// unveil shows an element that is hidden although it is most of the page: a
// script of the site would show it, and we run none.
func unveil(root *xhtml.Node) {
	total, work := 0, 0
	for n := range root.Descendants() {
		if n.Type != xhtml.ElementNode || !veiled(n) {
			continue
		}
		if total == 0 {
			total = textSize(root)
		}
		size := textSize(n)
		if work += size; work > 16*total { // veils in veils: enough was looked at
			break
		}
		if 2*size > total {
			n.Attr = slices.DeleteFunc(n.Attr, func(a xhtml.Attribute) bool { return a.Key == "style" || a.Key == "hidden" })
		}
	}
}

func (p *page) absolute(href string) string { return resolveLink(p.base, href) }

// linkedData gives the JSON-LD objects of a page, those of @graph too.
func linkedData(doc *goquery.Document) []map[string]any {
	var all []map[string]any
	doc.Find(`script[type="application/ld+json"]`).EachWithBreak(func(_ int, s *goquery.Selection) bool {
		text := s.Text()
		if len(text) > maxScript {
			return true
		}
		var v any
		text = strings.NewReplacer("\n", " ", "\r", " ", "\t", " ").Replace(text) // raw line breaks inside strings are common
		if json.Unmarshal([]byte(strings.TrimSpace(text)), &v) == nil {
			all = flattenLinked(all, v)
		}
		return len(all) < maxLinkedData
	})
	return all
}

func flattenLinked(all []map[string]any, v any) []map[string]any {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			if len(all) < maxLinkedData {
				all = flattenLinked(all, e)
			}
		}
	case map[string]any:
		all = append(all, v)
		for _, key := range []string{"@graph", "mainEntity", "mainEntityOfPage"} {
			if inner, ok := v[key]; ok && len(all) < maxLinkedData {
				all = flattenLinked(all, inner)
			}
		}
	}
	return all
}

// linkedType reports whether an object is of one of the named types.
func linkedType(o map[string]any, names ...string) bool {
	types := []any{o["@type"]}
	if list, ok := o["@type"].([]any); ok {
		types = list
	}
	for _, t := range types {
		s, _ := t.(string)
		for _, name := range names {
			if strings.TrimPrefix(strings.TrimPrefix(s, "http://schema.org/"), "https://schema.org/") == name {
				return true
			}
		}
	}
	return false
}

// linkedText is a text property, "" where it is none.
func linkedText(o map[string]any, name string) string {
	switch v := o[name].(type) {
	case string:
		return v
	case []any:
		if len(v) > 0 {
			s, _ := v[0].(string)
			return s
		}
	case map[string]any:
		for _, key := range []string{"name", "@value", "@id", "url"} {
			if s, ok := v[key].(string); ok {
				return s
			}
		}
	}
	return ""
}

// meta is the content of the first meta element that bears one of the names,
// in their order.
func (p *page) meta(names ...string) string {
	for _, name := range names {
		if p.metas[name] != "" {
			return p.metas[name]
		}
	}
	return ""
}

func metaElements(doc *goquery.Document) map[string]string {
	found := map[string]string{}
	doc.Find("meta[content]").Each(func(_ int, s *goquery.Selection) {
		for _, key := range []string{"name", "property", "itemprop"} {
			name := strings.ToLower(strings.TrimSpace(s.AttrOr(key, "")))
			if name != "" && found[name] == "" {
				found[name] = strings.TrimSpace(s.AttrOr("content", ""))
			}
		}
	})
	return found
}

func attrOf(n *xhtml.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// marks are the names a site gave to an element.
func marks(n *xhtml.Node) string { return attrOf(n, "class") + " " + attrOf(n, "id") }

// hidden reports whether an element is marked as not shown.
func hidden(n *xhtml.Node) bool { return n.DataAtom == atom.Input || veiled(n) }

// veiled reports whether an element's attributes hide it.
func veiled(n *xhtml.Node) bool {
	if len(n.Attr) == 0 {
		return false
	}
	style := strings.ReplaceAll(strings.ToLower(attrOf(n, "style")), " ", "")
	if strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden") {
		return true
	}
	return slices.ContainsFunc(n.Attr, func(a xhtml.Attribute) bool { return a.Key == "hidden" })
}
