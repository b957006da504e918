package main

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"minsheng/config"
	"minsheng/crawler"
	"minsheng/opinion"
)

// runDecode prints one document as UTF-8.
func runDecode(_ context.Context, p *program, args []string) error {
	f := flags("decode")
	contentType := f.String("content-type", "", "Content-Type header")
	if err := parse(f, args); err != nil {
		return err
	}
	if f.NArg() != 1 {
		return usageError{"要一个文件 · name one file"}
	}
	body, err := read(f.Arg(0))
	if err != nil {
		return err
	}
	text, charset, ok := crawler.Decode(body, *contentType)
	if _, err := fmt.Fprint(p.out, text); err != nil {
		return err
	}
	if !ok {
		fmt.Fprintf(p.err, "%s: 没有一种字符集完全合适，按 %s 解码 · no charset fits, decoded as %s\n", f.Arg(0), charset, charset)
		return errSome
	}
	return nil
}

type extracted struct {
	File      string `json:"file"`
	Article   bool   `json:"article"`
	Title     string `json:"title"`
	Published string `json:"published"`
	Source    string `json:"source"`
	Text      string `json:"text"`
	Charset   string `json:"charset"`
	Reason    string `json:"reason,omitempty"`

	weighed []crawler.Candidate
}

// runExtract prints the article of each page.
func runExtract(ctx context.Context, p *program, args []string) error {
	f := flags("extract")
	url := f.String("url", "", "address of the page")
	explain := f.Bool("explain", false, "show what was weighed for title, time, source and body")
	file := f.String("config", "", "configuration file")
	if err := parse(f, args); err != nil {
		return err
	}
	if f.NArg() == 0 {
		return usageError{"至少要一个文件 · name at least one file"}
	}
	cfg, err := load(*file)
	if err != nil {
		return err
	}
	print, flush := printer(p.out)
	show := func(o extracted) error { return print(o) }
	if *explain {
		show = func(o extracted) error { return o.explain(p.out) }
	}
	bad := false
	for _, name := range f.Args() {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		o := extracted{File: name}
		body, err := read(name)
		if err == nil {
			err = o.fill(body, *url, cfg)
		}
		if err != nil {
			bad = true
			fmt.Fprintln(p.err, err)
		}
		if err := show(o); err != nil {
			return err
		}
	}
	if err := flush(); err != nil {
		return err
	}
	if bad {
		return errSome
	}
	return nil
}

func (o *extracted) fill(body []byte, url string, cfg *config.Config) error {
	a, err := crawler.Extract(body, "", url, cfg.Zone())
	if err != nil {
		o.Reason = reason(opinion.AsFault(err, "read.failed"))
		return nil // an answer, not a failure
	}
	o.Article, o.Title, o.Text, o.Charset, o.Source = a.IsArticle, a.Title, a.Text, a.Charset, a.Outlet
	if a.Reason != "" {
		o.Reason = reason(opinion.NewFault(a.Reason, nil))
	}
	switch {
	case a.Published.IsZero():
	case a.DayOnly:
		o.Published = a.Published.Format(time.DateOnly)
	default:
		o.Published = a.Published.Format(time.RFC3339)
	}
	o.weighed = a.Weighed
	return nil
}

type feedItem struct {
	Title     string `json:"title"`
	Link      string `json:"link"`
	Published string `json:"published"`
	Content   string `json:"content"`
}

// runFeed prints one feed.
func runFeed(_ context.Context, p *program, args []string) error {
	f := flags("feed")
	url := f.String("url", "", "address of the feed")
	contentType := f.String("content-type", "", "Content-Type header")
	file := f.String("config", "", "configuration file")
	if err := parse(f, args); err != nil {
		return err
	}
	if f.NArg() != 1 {
		return usageError{"要一个文件 · name one file"}
	}
	cfg, err := load(*file)
	if err != nil {
		return err
	}
	body, err := read(f.Arg(0))
	if err != nil {
		return err
	}
	out := struct {
		File  string     `json:"file"`
		Err   string     `json:"err"`
		Items []feedItem `json:"items"`
	}{File: f.Arg(0), Items: []feedItem{}}
	feed, err := crawler.ReadFeed(body, *contentType, *url, cfg.Zone())
	if err != nil {
		out.Err = reason(opinion.AsFault(err, "read.failed"))
	}
	for _, it := range feed.Items {
		item := feedItem{Title: it.Title, Link: it.URL, Content: it.Content}
		if !it.Published.IsZero() {
			item.Published = it.Published.UTC().Format(time.RFC3339)
		}
		out.Items = append(out.Items, item)
	}
	print, flush := printer(p.out)
	if err := print(out); err != nil {
		return err
	}
	return flush()
}

// runRobots applies robots.txt bodies to URLs.
func runRobots(ctx context.Context, p *program, args []string) error {
	type question struct {
		ID     any    `json:"id"`
		Robots string `json:"robots"`
		Agent  string `json:"agent"`
		URL    string `json:"url"`
	}
	type answer struct {
		ID      any  `json:"id"`
		Allowed bool `json:"allowed"`
	}
	if err := alone(flags("robots"), args); err != nil {
		return err
	}
	print, flush := printer(p.out)
	err := objects(ctx, p, func(q question) error {
		return print(answer{q.ID, crawler.ParseRobots([]byte(q.Robots)).Allowed(q.Agent, q.URL)})
	})
	return first(flush(), err)
}

// runCanonical prints canonical addresses. Empty lines are passed over.
func runCanonical(ctx context.Context, p *program, args []string) error {
	if err := alone(flags("canonical"), args); err != nil {
		return err
	}
	return p.lines(ctx, func(line []byte) error {
		if len(bytes.TrimSpace(line)) == 0 {
			return nil
		}
		c, _ := crawler.Canonical(string(line))
		_, err := fmt.Fprintln(p.out, c)
		return err
	})
}

// runGuard says which addresses may be asked.
func runGuard(ctx context.Context, p *program, args []string) error {
	type answer struct {
		URL     string `json:"url"`
		Refused bool   `json:"refused"`
		Reason  string `json:"reason"`
	}
	if err := alone(flags("guard"), args); err != nil {
		return err
	}
	print, flush := printer(p.out)
	err := p.lines(ctx, func(line []byte) error {
		if len(bytes.TrimSpace(line)) == 0 {
			return nil
		}
		f := crawler.CheckURL(ctx, string(line))
		return print(answer{string(line), f != nil, reason(f)})
	})
	return first(flush(), err)
}

// first is the first error there is.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
