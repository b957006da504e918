// Command peers is the Go libraries that others read the web with, under the
// command line of minsheng, so that evaluate.py measures them as it measures
// us: go-readability for extract, gofeed for feed, x/net/html/charset for
// decode, temoto/robotstxt for robots. What reads articles is given the text as
// we decode it, so that its own charset work, or the want of it, is measured by
// decode alone. It is built by scripts/reading and is no
// part of the product.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"time"

	readability "codeberg.org/readeck/go-readability/v2"
	"github.com/mmcdole/gofeed"
	"github.com/temoto/robotstxt"
	"golang.org/x/net/html/charset"

	"minsheng/analysis"
	"minsheng/crawler"
)

func main() {
	if err := run(os.Args[1], os.Args[2:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(task string, args []string, in io.Reader, out io.Writer) error {
	print := json.NewEncoder(out)
	print.SetEscapeHTML(false)
	switch task {
	case "extract":
		for _, name := range args {
			if err := print.Encode(extract(name)); err != nil {
				return err
			}
		}
		return nil
	case "feed": // -url URL -content-type TYPE FILE
		return print.Encode(feed(args[1], args[4]))
	case "decode": // -content-type TYPE FILE
		return decode(args[1], args[2], out)
	case "robots":
		return robots(in, print)
	case "simplify": // ours, which no command of the product shows alone
		for lines := bufio.NewScanner(in); lines.Scan(); {
			if _, err := fmt.Fprintln(out, analysis.ToSimplified(lines.Text())); err != nil {
				return err
			}
		}
		return nil
	}
	return fmt.Errorf("no peer for %s", task)
}

type article struct {
	File      string `json:"file"`
	Article   bool   `json:"article"`
	Title     string `json:"title"`
	Published string `json:"published"`
	Text      string `json:"text"`
}

func extract(name string) article {
	a := article{File: name}
	body, err := os.ReadFile(name)
	if err != nil {
		return a
	}
	text, _, _ := crawler.Decode(body, "text/html")
	base := &url.URL{Scheme: "http", Host: "n.example", Path: "/1.html"}
	doc, err := readability.FromReader(strings.NewReader(text), base)
	if err != nil {
		return a
	}
	a.Title = doc.Title()
	var plain strings.Builder
	if err := doc.RenderText(&plain); err == nil {
		a.Text = plain.String()
	}
	if at, err := doc.PublishedTime(); err == nil {
		a.Published = at.Format(time.RFC3339)
	}
	a.Article = a.Text != ""
	return a
}

type item struct {
	Title     string `json:"title"`
	Link      string `json:"link"`
	Published string `json:"published"`
	Content   string `json:"content"`
}

type answer struct {
	File  string `json:"file"`
	Err   string `json:"err"`
	Items []item `json:"items"`
}

// feed resolves links for gofeed, which leaves that to its caller.
func feed(base, name string) answer {
	a := answer{File: name}
	file, err := os.Open(name)
	if err != nil {
		a.Err = err.Error()
		return a
	}
	defer file.Close()
	doc, err := gofeed.NewParser().Parse(file)
	if err != nil {
		a.Err = err.Error()
		return a
	}
	at, _ := url.Parse(base)
	for _, it := range doc.Items {
		i := item{Title: it.Title, Link: it.Link, Content: it.Description}
		if ref, err := url.Parse(it.Link); err == nil && it.Link != "" {
			i.Link = at.ResolveReference(ref).String()
		}
		if when := it.PublishedParsed; when != nil {
			i.Published = when.UTC().Format(time.RFC3339)
		} else if when := it.UpdatedParsed; when != nil {
			i.Published = when.UTC().Format(time.RFC3339)
		}
		a.Items = append(a.Items, i)
	}
	return a
}

func decode(kind, name string, out io.Writer) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	r, err := charset.NewReader(file, kind)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, r)
	return err
}

func robots(in io.Reader, print *json.Encoder) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 4<<20)
	for lines.Scan() {
		var c struct{ ID, Robots, Agent, URL string }
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			return err
		}
		allowed := true
		if u, err := url.Parse(c.URL); err == nil {
			if file, err := robotstxt.FromString(c.Robots); err == nil {
				allowed = file.TestAgent(u.RequestURI(), c.Agent)
			}
		}
		if err := print.Encode(map[string]any{"id": c.ID, "allowed": allowed}); err != nil {
			return err
		}
	}
	return lines.Err()
}
