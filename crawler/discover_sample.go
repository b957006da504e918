package crawler

import (
	"context"

	"minsheng/opinion"
)

// sample reads pages that the best finding leads to, and takes from them what
// kind of site it is: threads make a forum, complaints with answers a board.
func (d *discoverer) sample(ctx context.Context, out *Discovery) {
	if out.Best.index {
		return
	}
	urls := make([]string, 0, discoverSamples)
	if out.Best.Form == opinion.PageForm {
		urls = append(urls, out.Best.URL)
	}
	for _, it := range out.Best.Items {
		if it.URL != "" && len(urls) < discoverSamples {
			urls = append(urls, it.URL)
		}
	}
	votes := map[opinion.Class]int{}
	for _, at := range urls {
		resp, err := d.get(ctx, at)
		if err != nil {
			out.Samples = append(out.Samples, Sample{URL: at, Fault: opinion.AsFault(err, "fetch.failed")})
			continue
		}
		s, class := d.readSample(resp, out.Best.Class)
		votes[class]++
		out.Samples = append(out.Samples, s)
	}
	for _, class := range []opinion.Class{opinion.BoardSite, opinion.Forum} {
		if votes[class] > 0 && votes[class] >= votes[out.Best.Class] {
			out.Best.Class = class
			return
		}
	}
}

// readSample reads a page as each class would, from the one that asks for most
// to the one that takes anything, and keeps the first that fits.
func (d *discoverer) readSample(resp Response, otherwise opinion.Class) (Sample, opinion.Class) {
	read := func(class opinion.Class) ([]Document, error) {
		page, err := ReadPage(resp.Body, resp.ContentType, resp.URL, class, d.zone)
		return page.Documents, err
	}
	if docs, err := read(opinion.BoardSite); err == nil && len(docs) > 0 && docs[0].Kind == opinion.Board && (len(docs) > 1 || docs[0].Agency+docs[0].Status != "") {
		return Sample{URL: resp.URL, Documents: docs}, opinion.BoardSite
	}
	if docs, err := read(opinion.Forum); err == nil && (len(docs) > 1 || len(docs) == 1 && docs[0].Anchor+docs[0].Speaker != "") {
		return Sample{URL: resp.URL, Documents: docs}, opinion.Forum
	}
	docs, err := read(otherwise)
	s := Sample{URL: resp.URL, Documents: docs}
	if err != nil {
		s.Fault = opinion.AsFault(err, "read.failed")
	}
	return s, otherwise
}
