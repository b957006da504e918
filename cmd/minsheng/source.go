package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"minsheng/config"
	"minsheng/crawler"
	"minsheng/i18n"
	"minsheng/opinion"
)

// newSource is what the flags of `source add` say.
type newSource struct {
	file, name, kind, class string
	private, yes            bool
}

// runSource adds a source: it finds out how an address is best read, shows what
// would be collected, and writes the entry.
func runSource(ctx context.Context, p *program, args []string) error {
	if len(args) == 0 {
		return usageError{"缺少动作 add · the action add is missing"}
	}
	if args[0] != "add" {
		return usageError{fmt.Sprintf("没有动作 %[1]q，只有 add · there is no action %[1]q, only add", args[0])}
	}
	var o newSource
	f := flags("source")
	f.StringVar(&o.file, "config", "", "configuration file to write to")
	f.StringVar(&o.name, "name", "", "name of the source")
	f.StringVar(&o.kind, "kind", "", "feed, sitemap, list or page")
	f.StringVar(&o.class, "class", "", "media, forum, board, social or gov")
	f.BoolVar(&o.private, "allow-private", false, "the site is at a private address")
	f.BoolVar(&o.yes, "yes", false, "write without asking")
	if err := parse(f, args[1:]); err != nil {
		return err
	}
	switch {
	case f.NArg() != 1:
		return usageError{"要一个网址 · name one address"}
	case o.kind != "" && !slices.Contains(opinion.Forms, opinion.Form(o.kind)):
		return usageError{"kind 是 feed、sitemap、list 或 page · kind is feed, sitemap, list or page"}
	case o.class != "" && !slices.Contains(opinion.Classes, opinion.Class(o.class)):
		return usageError{"class 是 media、forum、board、social 或 gov · class is media, forum, board, social or gov"}
	}
	cfg, err := load(o.file)
	if err != nil {
		return err
	}
	found, err := p.discover(ctx, cfg, f.Arg(0), o)
	if err != nil {
		return err
	}
	chosen, entry, err := o.entry(cfg, found)
	if err != nil {
		return err
	}
	p.show(cfg, found, chosen, entry)
	return p.writeSource(o, entry)
}

func (p *program) discover(ctx context.Context, cfg *config.Config, raw string, o newSource) (crawler.Discovery, error) {
	bare := !strings.Contains(raw, "://")
	if bare {
		raw = "https://" + raw
	}
	fetcher := crawler.NewFetcher(crawler.Options{
		Agent: cfg.Crawler.Agent, MaxBody: cfg.Crawler.MaxBody, Timeout: cfg.Crawler.Timeout, Now: time.Now,
		Log: slog.New(slog.DiscardHandler),
	})
	defer fetcher.Close()
	fmt.Fprintln(p.err, both(opinion.NewFault("source.looking", nil)))
	found, err := crawler.Discover(ctx, fetcher, raw, o.private, cfg.Zone())
	if fault, ok := errors.AsType[*opinion.Fault](err); ok && bare && slices.Contains([]string{"fetch.tls", "fetch.connect", "fetch.timeout"}, fault.Code) {
		raw = "http" + strings.TrimPrefix(raw, "https") // a site that has no secure address
		found, err = crawler.Discover(ctx, fetcher, raw, o.private, cfg.Zone())
	}
	if err != nil {
		return found, errors.Join(err, opinion.NewFault("source.nothing", nil, raw))
	}
	return found, nil
}

// entry is the finding that the flags ask for, and what will be written of it.
func (o newSource) entry(cfg *config.Config, d crawler.Discovery) (chosen crawler.Finding, s config.Source, err error) {
	all := append([]crawler.Finding{d.Best}, d.Others...)
	i := slices.IndexFunc(all, func(f crawler.Finding) bool { return o.kind == "" || string(f.Form) == o.kind })
	if i < 0 {
		return chosen, s, opinion.NewFault("source.not_that", nil, d.Best.URL, o.kind, string(d.Best.Form))
	}
	chosen = all[i]
	s = config.Source{
		Name: cmp.Or(o.name, chosen.Name, d.Best.Name, chosen.URL), URL: chosen.URL, Kind: string(chosen.Form),
		Class: cmp.Or(o.class, string(chosen.Class)), AllowPrivate: o.private,
	}
	if chosen.Form == opinion.SitemapForm {
		s.Every = 2 * time.Hour
	}
	key, _ := crawler.Canonical(s.URL)
	for _, old := range cfg.Sources {
		if known, _ := crawler.Canonical(old.URL); known == key {
			return chosen, s, opinion.NewFault("source.known", nil, s.URL, old.Name)
		}
	}
	first := s.Name
	for n := 2; slices.ContainsFunc(cfg.Sources, func(old config.Source) bool { return old.Name == s.Name }); n++ {
		s.Name = fmt.Sprintf("%s %d", first, n)
	}
	return chosen, s, nil
}

// show says what the address is and what would be collected.
func (p *program) show(cfg *config.Config, d crawler.Discovery, chosen crawler.Finding, entry config.Source) {
	zone := cfg.Zone()
	when := func(t time.Time) string {
		if t.IsZero() {
			return strings.Repeat(" ", len("2006-01-02 15:04"))
		}
		return t.In(zone).Format("2006-01-02 15:04")
	}
	word := func(code string) string { return i18n.Say(i18n.Chinese, code) + " " + i18n.Say(i18n.English, code) }
	fmt.Fprintf(p.out, "%s: %s · %s\n", entry.URL, word("form."+entry.Kind), word("class."+entry.Class))
	if n := len(chosen.Items); n > 0 {
		fmt.Fprintf(p.out, "会采集 %d 项，前 %d 项： · %d items would be collected, the first %d:\n", chosen.Count, n, chosen.Count, n)
		for _, it := range chosen.Items {
			fmt.Fprintf(p.out, "  %s  %s\n", when(it.Published), cmp.Or(it.Title, it.URL))
		}
	}
	for _, s := range d.Samples {
		if s.Fault != nil {
			fmt.Fprintf(p.out, "试读 sample %s\n  %s\n", s.URL, both(s.Fault))
			continue
		}
		fmt.Fprintf(p.out, "试读 sample %s：%d 条 · %d posts\n", s.URL, len(s.Documents), len(s.Documents))
		for _, doc := range s.Documents[:min(len(s.Documents), 3)] {
			text := []rune(strings.Join(strings.Fields(doc.Text), " "))
			fmt.Fprintf(p.out, "  %s  %s  %s\n", when(doc.Published), doc.Title, string(text[:min(len(text), 40)]))
		}
	}
	for _, other := range append([]crawler.Finding{d.Best}, d.Others...) {
		if other.URL == chosen.URL {
			continue
		}
		fmt.Fprintf(p.out, "还可以用 also there: %s %s\n", other.Form, other.URL)
	}
	fmt.Fprintf(p.out, "\n%s\n", entry.Block(2))
}

// writeSource writes the entry into the file, if it may.
func (p *program) writeSource(o newSource, entry config.Source) error {
	if o.file == "" {
		fmt.Fprintln(p.out, both(opinion.NewFault("source.paste", nil)))
		return nil
	}
	raw, err := os.ReadFile(o.file)
	if err != nil {
		return unread(o.file, err)
	}
	added, err := config.AddSource(raw, filepath.Dir(o.file), entry)
	if err != nil {
		return err
	}
	if !o.yes && !p.agrees(o.file) {
		fmt.Fprintln(p.out, both(opinion.NewFault("source.left", nil)))
		return nil
	}
	if err := replace(o.file, added); err != nil {
		return opinion.NewFault("source.unwritten", err, o.file, err.Error())
	}
	fmt.Fprintln(p.out, both(opinion.NewFault("source.written", nil, o.file)))
	return nil
}

// agrees asks whether to write.
func (p *program) agrees(file string) bool {
	fmt.Fprintf(p.out, "写入 %s？ · write it to %s? [y/N] ", file, file)
	line, _ := bufio.NewReader(p.in).ReadString('\n') // no answer is no
	fmt.Fprintln(p.out)
	switch strings.ToLower(strings.TrimSpace(line)) {
	case "y", "yes", "是", "好":
		return true
	}
	return false
}

// replace writes a file so that a crash leaves the old one or the new one.
func replace(name string, body []byte) error {
	if real, err := filepath.EvalSymlinks(name); err == nil {
		name = real
	}
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	t, err := os.CreateTemp(filepath.Dir(name), ".minsheng-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(t.Name()) }() // gone already where all went well
	_, err = t.Write(body)
	if err = errors.Join(err, t.Chmod(info.Mode().Perm()), t.Sync(), t.Close()); err != nil {
		return err
	}
	return os.Rename(t.Name(), name)
}
