package app

import (
	"context"
	"errors"
	"io"
	"iter"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"minsheng/alerts"
	"minsheng/analysis"
	"minsheng/config"
	"minsheng/crawler"
	"minsheng/index"
	"minsheng/opinion"
	"minsheng/pipeline"
	"minsheng/store"
	"minsheng/store/sqlite"
	"minsheng/web"
)

// Office is an office's data, opened by a command while no daemon runs on it.
type Office struct {
	Config   *config.Config
	State    store.Store
	Index    index.Index
	Analyzer *analysis.Analyzer

	lock     *os.File
	file     *sqlite.File
	pipeline *pipeline.Pipeline
}

// OpenOffice opens the data that cfg names. It fails with a sentence while a
// daemon has it.
func OpenOffice(ctx context.Context, cfg *config.Config) (*Office, error) {
	o := &Office{Config: cfg}
	if err := o.open(ctx); err != nil {
		return nil, errors.Join(err, o.Close())
	}
	return o, nil
}

func (o *Office) open(ctx context.Context) (err error) {
	if o.lock, err = lockFolder(o.Config.Data); err != nil {
		return err
	}
	if o.file, err = sqlite.Open(ctx, filepath.Join(o.Config.Data, "minsheng.db")); err != nil {
		return err
	}
	state := sqlite.New(o.file, time.Now)
	o.State = state
	if err = state.Release(ctx); err != nil {
		return err
	}
	words := analysis.NewSegmenter()
	if o.Index, err = OpenIndex(ctx, o.Config, o.file, words.Cut); err != nil {
		return err
	}
	lexicon, err := Lexicon(o.Config)
	if err != nil {
		return err
	}
	set, _, err := setting(ctx, o.Config, lexicon, state, words)
	if err != nil {
		return err
	}
	o.Analyzer = set.Analyzer
	o.pipeline = pipeline.New(pipeline.Options{
		State: state, Index: o.Index, Grouper: analysis.NewGrouper(), Metrics: pipeline.Uncounted(), Now: time.Now,
		Log: slog.New(slog.DiscardHandler), Workers: 1, Zone: o.Config.Zone(), KeepFor: o.Config.Retention, Hold: time.Hour,
	}, set)
	return nil
}

// Work does the queued tasks of the given kinds until none is left, telling how
// many are left.
func (o *Office) Work(ctx context.Context, left func(int), kinds ...store.TaskKind) error {
	return o.pipeline.Drain(ctx, left, kinds...)
}

// Close ends it.
func (o *Office) Close() error {
	var errs []error
	if o.Index != nil {
		errs = append(errs, o.Index.Close())
	}
	if o.file != nil {
		errs = append(errs, o.file.Close())
	}
	if o.lock != nil {
		errs = append(errs, unlockFolder(o.lock))
	}
	return errors.Join(errs...)
}

// SetPassword gives a user a password, checked as the pages check it.
func SetPassword(ctx context.Context, people store.People, u store.User, password string) error {
	if fault := web.CheckPassword(password, u.Name); fault != nil {
		return fault
	}
	hash, err := web.HashPassword(password)
	if err != nil {
		return err
	}
	u.Hash = hash
	return people.PutUser(ctx, u, "")
}

// Checked is what Check found of one thing.
type Checked struct {
	What, Name string
	Fault      *opinion.Fault // nil where it works
}

// Check asks every source once, tries every channel with a test message, and
// asks the search engine whether it answers. It stores nothing.
func Check(ctx context.Context, cfg *config.Config) iter.Seq[Checked] {
	return func(yield func(Checked) bool) {
		if cfg.Index.Engine == config.Elasticsearch {
			ix, err := OpenIndex(ctx, cfg, nil, func(s string) []string { return []string{s} })
			if err == nil {
				err = errors.Join(ix.Ping(ctx), ix.Close())
			}
			if !yield(Checked{"检索 index", cfg.Index.Engine, opinion.AsFault(err, "index.failed")}) {
				return
			}
		}
		f := crawler.NewFetcher(crawler.Options{
			Agent: cfg.Crawler.Agent, MaxBody: cfg.Crawler.MaxBody, Timeout: cfg.Crawler.Timeout, Now: time.Now,
			Log: slog.New(slog.DiscardHandler),
		})
		defer f.Close()
		for _, s := range cfg.Opinions() {
			if s.Form != opinion.PushForm && !yield(Checked{"来源 source", s.Name, tryOnce(ctx, f, s)}) {
				return
			}
		}
		for _, c := range cfg.Channels {
			if !yield(Checked{"通道 channel", c.Name, tryChannel(ctx, cfg, c)}) {
				return
			}
		}
	}
}

// tryOnce fetches a source's address and reads it as its form says.
func tryOnce(ctx context.Context, f *crawler.Fetcher, s opinion.Source) *opinion.Fault {
	r, err := f.Fetch(ctx, crawler.Request{URL: s.URL, AllowPrivate: s.AllowPrivate})
	if err != nil {
		return opinion.AsFault(err, "fetch.failed")
	}
	switch s.Form {
	case opinion.FeedForm:
		_, err = crawler.ReadFeed(r.Body, r.ContentType, r.URL, s.Zone)
	case opinion.SitemapForm:
		_, err = crawler.ReadSitemap(r.Body, r.ContentType, r.URL, s.Zone)
	case opinion.ListForm:
		_, _, err = crawler.ReadList(r.Body, r.ContentType, r.URL, s.Select, s.Zone)
	default:
		_, err = crawler.ReadPage(r.Body, r.ContentType, r.URL, s.Class, s.Zone)
	}
	return opinion.AsFault(err, "read.failed")
}

func tryChannel(ctx context.Context, cfg *config.Config, c config.Channel) *opinion.Fault {
	n, err := NewNotifier(c, io.Discard)
	if err != nil {
		return opinion.AsFault(err, "deliver.failed")
	}
	d := alerts.Deliverer{Channels: []alerts.Channel{{Name: c.Name, Notifier: n, Lang: "zh"}}, Office: cfg.Office.Name, Zone: cfg.Zone()}
	if r := d.Test(ctx, c.Name, time.Now()); !r.OK {
		return opinion.NewFault("deliver.refused", nil, r.Code, r.Text)
	}
	return nil
}

// WriteLabels writes what people corrected as lines that train reads, and
// returns how many.
func WriteLabels(ctx context.Context, w io.Writer, state store.Store) (int, error) {
	return web.WriteLabels(ctx, w, state)
}
