package pipeline

import (
	"context"
	"fmt"
	"slices"
	"time"

	"minsheng/crawler"
	"minsheng/opinion"
	"minsheng/store"
)

// read takes links and posts out of a fetched body, by the address's role and
// the source's form, and accepts the posts. What is older than the retention
// allows is passed over.
func (p *Pipeline) read(ctx context.Context, f store.Fetch, src opinion.Source, resp crawler.Response, o store.Outcome) (store.Outcome, error) {
	o.Changed = true
	active := f.Published
	var posts []opinion.Post
	var err, failed error
	switch {
	case f.Role == store.PageRole || src.Form == opinion.PageForm:
		posts, active, failed, err = p.readPage(ctx, f, src, resp, &o)
	case src.Form == opinion.FeedForm:
		posts, failed, err = p.readFeed(ctx, src, resp, &o)
	case src.Form == opinion.SitemapForm:
		failed = readSitemap(f, src, resp, &o)
	default:
		failed = readList(f, src, resp, &o)
	}
	if err != nil {
		return o, err
	}
	o.Read = len(posts)
	for _, post := range posts {
		if slices.Contains(post.Flags, FlagFutureTime) {
			o.Future++
		}
	}
	if f.Depth >= maxDepth {
		o.Links = nil
	}
	oldest := p.Now().Add(-p.KeepFor)
	posts = slices.DeleteFunc(posts, func(post opinion.Post) bool { return post.Published.Before(oldest) })
	o.Links = slices.DeleteFunc(o.Links, func(l store.Link) bool { return !l.Published.IsZero() && l.Published.Before(oldest) })
	if len(posts) > 0 {
		p.step(ctx, "accept", len(posts))
		if o.Posts, err = p.State.Accept(ctx, posts); err != nil {
			return o, fmt.Errorf("accept posts of %s: %w", src.Name, err)
		}
		p.Metrics.accepted(o.Posts)
	}
	if failed != nil {
		o.Fault = opinion.AsFault(failed, "read.failed")
		o.Next = p.retry(f, src, o.Fault)
		return o, nil
	}
	o.Next = p.again(f, src, active)
	return o, nil
}

// readPage reads an article, a thread or a board page. active is when it was
// last spoken on it.
func (p *Pipeline) readPage(ctx context.Context, f store.Fetch, src opinion.Source, resp crawler.Response, o *store.Outcome) (posts []opinion.Post, active time.Time, failed, err error) {
	page, failed := crawler.ReadPage(resp.Body, resp.ContentType, resp.URL, src.Class, src.Zone)
	if failed != nil {
		return nil, f.Published, failed, nil
	}
	if page.Next != "" {
		o.Links = links([]crawler.Link{{URL: page.Next}}, store.PageRole)
	}
	for i := range page.Documents {
		d := &page.Documents[i]
		if page.Part > 1 {
			d.URL = page.Opening
		}
		if c, ok := crawler.Canonical(d.URL); ok {
			d.URL = c
		}
	}
	opening := ""
	if c, ok := crawler.Canonical(page.Opening); ok && page.Part < 2 {
		opening = opinion.PostID(c)
	}
	posts, err = p.intake.posts(ctx, src, page.Documents, opening, f.Published)
	if err == nil {
		posts, err = p.joined(ctx, page, posts)
	}
	active = f.Published
	for _, post := range posts {
		if post.Published.After(active) {
			active = post.Published
		}
	}
	return posts, active, nil, err
}

// readFeed takes the links of a feed, and the text of items that have no page
// of their own.
func (p *Pipeline) readFeed(ctx context.Context, src opinion.Source, resp crawler.Response, o *store.Outcome) (posts []opinion.Post, failed, err error) {
	feed, failed := crawler.ReadFeed(resp.Body, resp.ContentType, resp.URL, src.Zone)
	if failed != nil {
		return nil, failed, nil
	}
	for _, item := range feed.Items {
		if item.URL != "" {
			o.Links = append(o.Links, links([]crawler.Link{item.Link}, store.PageRole)...)
			continue
		}
		name := item.GUID
		if name == "" {
			name = item.Title + "\n" + item.Content
		}
		got, err := p.intake.posts(ctx, src, []crawler.Document{{
			Kind: kindOf(src.Class), URL: resp.URL, Title: item.Title, Text: item.Content,
			Outlet: item.Outlet, Speaker: item.Speaker, Published: item.Published,
		}}, "", time.Time{})
		if err != nil {
			return nil, nil, err
		}
		for _, post := range got {
			post.ID = opinion.PostID(resp.URL, "guid", name)
			posts = append(posts, post)
		}
	}
	return posts, nil, nil
}

func readSitemap(f store.Fetch, src opinion.Source, resp crawler.Response, o *store.Outcome) error {
	m, err := crawler.ReadSitemap(resp.Body, resp.ContentType, resp.URL, src.Zone)
	if err != nil {
		return err
	}
	o.Links = links(m.Links, store.PageRole)
	if f.Depth < 3 { // an index of indexes of indexes is a trap
		for _, child := range m.Children {
			o.Links = append(o.Links, links([]crawler.Link{{URL: child}}, store.IndexRole)...)
		}
	}
	return nil
}

// readList takes the links of a list page. Further pages are walked on the
// first pass only: later ones bring what is new on the first page.
func readList(f store.Fetch, src opinion.Source, resp crawler.Response, o *store.Outcome) error {
	found, next, err := crawler.ReadList(resp.Body, resp.ContentType, resp.URL, src.Select, src.Zone)
	if err != nil {
		return err
	}
	o.Links = links(found, store.PageRole)
	if next != "" && f.First && f.Depth < maxDepth {
		o.Links = append(o.Links, links([]crawler.Link{{URL: next}}, store.IndexRole)...)
	}
	return nil
}

// links makes frontier links of what a page named, by canonical address. What it
// called them stays behind: a title is masked with the text that it belongs to.
func links(found []crawler.Link, role store.Role) []store.Link {
	out := make([]store.Link, 0, len(found))
	for _, l := range found {
		if c, ok := crawler.Canonical(l.URL); ok {
			out = append(out, store.Link{URL: c, Role: role, Published: l.Published})
		}
	}
	return out
}

// kindOf is the usual kind of a text on a site of this class.
func kindOf(c opinion.Class) opinion.Kind {
	switch c {
	case opinion.Media, opinion.Gov:
		return opinion.News
	case opinion.BoardSite:
		return opinion.Board
	default:
		return opinion.Social
	}
}
