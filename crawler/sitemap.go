package crawler

import (
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"strings"
	"time"

	"minsheng/opinion"
)

const (
	maxSitemapLinks    = 50_000   // the protocol's own limit, sitemaps.org
	maxSitemapBytes    = 50 << 20 // unpacked, likewise
	maxSitemapChildren = 50_000
)

// Sitemap is what a sitemap lists: pages, or the sitemaps of an index.
type Sitemap struct {
	Links    []Link
	Children []string
}

// ReadSitemap reads a sitemap, an index of sitemaps, the news extension, or a
// plain list of addresses; gzip is known by its bytes. Only the news extension
// says when a page was published: lastmod is no publication and is left out.
func ReadSitemap(body []byte, contentType, base string, zone *time.Location) (Sitemap, error) {
	body, err := unpack(body, maxSitemapBytes)
	if err != nil {
		return Sitemap{}, err
	}
	text, _, _ := Decode(body, contentType)
	text = strings.TrimLeft(text, "\ufeff \t\r\n\x00")
	if text == "" {
		return Sitemap{}, opinion.NewFault("read.empty", nil)
	}
	at, _ := url.Parse(base)
	fixed, root, _ := repairXML(firstEntries(text))
	switch root {
	case "urlset", "sitemapindex":
		return readSitemapXML(fixed, at, zone)
	}
	if s := plainSitemap(text, at); len(s.Links) > 0 {
		return s, nil
	}
	return Sitemap{}, opinion.NewFault("read.sitemap_none", nil)
}

// unpack undoes gzip, at most twice: some servers pack what is packed. What is
// longer than most is refused.
func unpack(body []byte, most int64) ([]byte, error) {
	for range 2 {
		if !bytes.HasPrefix(body, []byte{0x1f, 0x8b}) {
			break
		}
		zr, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			return nil, opinion.NewFault("read.sitemap_packed", err)
		}
		out, err := io.ReadAll(io.LimitReader(zr, most+1))
		if err != nil && (len(out) == 0 || !errors.Is(err, io.ErrUnexpectedEOF)) {
			return nil, opinion.NewFault("read.sitemap_packed", err)
		}
		body = out // a file that was cut off still gives the links before the cut
	}
	if int64(len(body)) > most {
		return nil, opinion.NewFault("read.sitemap_large", nil)
	}
	return body, nil
}

// firstEntries cuts a sitemap behind the entries that are taken: one of a
// million addresses is not worth mending to its end.
func firstEntries(text string) string {
	for _, end := range []string{"</url>", "</sitemap>"} {
		at := 0
		for range max(maxSitemapLinks, maxSitemapChildren) {
			next := strings.Index(text[at:], end)
			if next < 0 {
				at = len(text)
				break
			}
			at += next + len(end)
		}
		text = text[:at]
	}
	return text
}

// readSitemapXML walks well-formed XML; what repairXML gives has no document
// type and so no entity.
func readSitemapXML(text string, base *url.URL, zone *time.Location) (Sitemap, error) {
	var out Sitemap
	var path []string
	var entry sitemapEntry
	dec := xml.NewDecoder(strings.NewReader(text))
	dec.Strict = false
	for len(out.Links) < maxSitemapLinks && len(out.Children) < maxSitemapChildren {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			if len(out.Links)+len(out.Children) == 0 {
				return Sitemap{}, opinion.NewFault("read.sitemap_none", err)
			}
			break
		}
		switch t := token.(type) {
		case xml.StartElement:
			path = append(path, strings.ToLower(t.Name.Local))
			if name := path[len(path)-1]; name == "url" || name == "sitemap" {
				entry = sitemapEntry{}
			}
		case xml.CharData:
			entry.take(path, string(t))
		case xml.EndElement:
			entry.add(&out, strings.ToLower(t.Name.Local), base, zone)
			if len(path) > 0 {
				path = path[:len(path)-1]
			}
		}
	}
	return out, nil
}

type sitemapEntry struct{ loc, title, date string }

func (e *sitemapEntry) take(path []string, s string) {
	if len(path) < 2 || len(e.loc)+len(e.title) > 8<<10 {
		return
	}
	switch parent, name := path[len(path)-2], path[len(path)-1]; {
	case name == "loc" && (parent == "url" || parent == "sitemap"):
		e.loc += s
	case name == "title" && parent == "news":
		e.title += s
	case name == "publication_date":
		e.date += s
	}
}

func (e *sitemapEntry) add(out *Sitemap, name string, base *url.URL, zone *time.Location) {
	if name != "url" && name != "sitemap" {
		return
	}
	loc := resolveLink(base, e.loc)
	if loc == "" {
		return
	}
	if name == "sitemap" {
		out.Children = append(out.Children, loc)
		return
	}
	link := Link{URL: loc, Title: plainTitle(e.title)}
	if t, _, ok := ParseTime(e.date, zone); ok {
		link.Published = t
	}
	out.Links = append(out.Links, link)
}

// plainSitemap reads the text form: nothing but an address a line.
func plainSitemap(text string, base *url.URL) Sitemap {
	var out Sitemap
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if !strings.HasPrefix(line, "http://") && !strings.HasPrefix(line, "https://") || strings.ContainsAny(line, "<> ") {
			return Sitemap{}
		}
		if u := resolveLink(base, line); u != "" && len(out.Links) < maxSitemapLinks {
			out.Links = append(out.Links, Link{URL: u})
		}
	}
	return out
}
