// Package app joins everything: it opens the data folder, the store and the
// index, makes the crawler, the analysis, the channels, the loops and the
// pages from one configuration, runs them, and closes them in order. Only cmd
// imports it. Start reading at New.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"
	_ "time/tzdata" // an office's machine may have no zone files

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"golang.org/x/sync/errgroup"

	"minsheng/alerts"
	"minsheng/analysis"
	"minsheng/city"
	"minsheng/config"
	"minsheng/crawler"
	"minsheng/index"
	"minsheng/pipeline"
	"minsheng/store/sqlite"
	"minsheng/web"
)

// Options are what New takes from the program around it.
type Options struct {
	Version  string
	Log      *slog.Logger
	Out      io.Writer                      // where people read: the terminal
	Terminal bool                           // whether Out is one, so that a password may be printed there
	Load     func() (*config.Config, error) // reads the configuration again; nil where there is no file
}

// App is the running daemon.
type App struct {
	Options
	config   *config.Config
	lock     *os.File
	file     *sqlite.File
	state    *sqlite.Store
	index    index.Index
	now      func() time.Time
	clock    *city.Clock // nil where the real clock is used
	city     *city.City  // nil where there is none
	fetcher  *crawler.Fetcher
	words    *analysis.Segmenter
	lexicon  *analysis.Lexicon // built in, with the words of the file
	mu       sync.Mutex        // guards config and lexicon, once it runs
	changing sync.Mutex        // one change after the other: the last one stays in force
	deliver  *alerts.Deliverer
	pipeline *pipeline.Pipeline
	server   *web.Server
	listener net.Listener
	password string // of the first administrator, until it was shown
}

// New opens everything that cfg asks for. On an error nothing stays open. The
// daemon answers pages as soon as Run is called; the dictionary loads behind
// it.
func New(ctx context.Context, cfg *config.Config, o Options) (*App, error) {
	a := &App{Options: o, config: cfg, now: time.Now}
	if err := a.open(ctx); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

func (a *App) open(ctx context.Context) error {
	steps := []func(context.Context) error{
		a.listen, a.openData, a.openClock, a.openIndex, a.openPeople, a.openWork,
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// listen takes the address first: where it is in use nothing else is touched.
func (a *App) listen(ctx context.Context) error {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", a.config.Server.Listen)
	if err != nil {
		return listenFault(a.config.Server.Listen, err)
	}
	a.listener = l
	return nil
}

func (a *App) openData(ctx context.Context) error {
	lock, err := lockFolder(a.config.Data)
	if err != nil {
		return err
	}
	a.lock = lock
	a.file, err = sqlite.Open(ctx, filepath.Join(a.config.Data, "minsheng.db"))
	if err != nil {
		return err
	}
	a.state = sqlite.New(a.file, func() time.Time { return a.now() })
	return nil
}

func (a *App) openIndex(ctx context.Context) error {
	a.words = analysis.NewSegmenter()
	ix, err := OpenIndex(ctx, a.config, a.file, a.words.Cut)
	if err != nil {
		return err
	}
	a.index = ix
	return nil
}

// answerWithin is how long the start waits for the index to say what it holds.
const answerWithin = 2 * time.Second

// refill queues everything for an index that is empty because it is another
// engine's or a newer version's. One that does not answer is left to its queue.
func (a *App) refill(ctx context.Context) error {
	asked, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	if n, err := a.index.Count(asked); err != nil || n > 0 {
		return nil
	}
	n, err := a.state.Reindex(ctx)
	if n > 0 {
		a.Log.InfoContext(ctx, "the search index is empty and is filled again", "posts", n)
	}
	return err
}

// openWork makes the loops.
func (a *App) openWork(ctx context.Context) error {
	if err := a.state.Release(ctx); err != nil {
		return err
	}
	if err := a.state.SyncSources(ctx, a.config.Opinions()); err != nil {
		return err
	}
	if err := a.state.SyncTopics(ctx, TopicRules(a.config)); err != nil {
		return err
	}
	lexicon, err := Lexicon(a.config)
	if err != nil {
		return err
	}
	a.lexicon = lexicon
	set, err := a.setting(ctx)
	if err != nil {
		return err
	}
	// Rules that changed while nothing ran are applied to the past first.
	if _, err := a.state.Reanalyse(ctx, set.Analyzer.Version()); err != nil {
		return err
	}
	if err := a.refill(ctx); err != nil {
		return err
	}
	channels, err := a.channels()
	if err != nil {
		return err
	}
	a.deliver = &alerts.Deliverer{Channels: channels, Office: a.config.Office.Name, Zone: a.config.Zone(), Link: a.link, Mask: analysis.Mask}
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	measureDisk(registry, a.config.Data)
	metrics := pipeline.NewMetrics(registry, a.state.Queues, a.now)
	a.fetcher = crawler.NewFetcher(crawler.Options{
		Agent: a.config.Crawler.Agent, MaxBody: a.config.Crawler.MaxBody, Timeout: a.config.Crawler.Timeout,
		Now: a.now, Log: a.Log, Observe: metrics.Fetched,
	})
	a.pipeline = pipeline.New(pipeline.Options{
		State: a.state, Index: a.index, Fetcher: a.fetcher, Grouper: analysis.NewGrouper(), Deliver: a.deliver,
		Metrics: metrics, Now: a.now, Log: a.Log, Workers: a.config.Crawler.Workers, Zone: a.config.Zone(),
		KeepFor: a.config.Retention, Hold: a.hold(),
	}, set)
	a.server = a.pages(registry)
	return nil
}

// hold is how long a lease lasts: what an address may wait for a worker and then
// for its answer, in wall time, which is more
// where the clock runs faster than life.
func (a *App) hold() time.Duration {
	hold := max(4*time.Minute, 5*a.config.Crawler.Timeout)
	if c := a.config.City; c != nil {
		hold = time.Duration(float64(hold) * c.Factor)
	}
	return hold
}

// Address is where pages are served.
func (a *App) Address() string { return a.listener.Addr().String() }

// Run serves and works until ctx ends, then waits for what is under way.
func (a *App) Run(ctx context.Context) error {
	a.welcome(ctx)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return a.server.Serve(ctx, a.listener) })
	g.Go(func() error { return a.pipeline.Run(ctx) })
	g.Go(func() error { return a.saveClock(ctx) })
	g.Go(func() error { return a.survey(ctx) })
	if err := g.Wait(); err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("run: %w", err)
	}
	return nil
}

// Close ends everything, in the order opposite to New's.
func (a *App) Close() error {
	var errs []error
	closing := func(ok bool, c io.Closer) {
		if ok {
			errs = append(errs, c.Close())
		}
	}
	if a.fetcher != nil {
		a.fetcher.Close()
	}
	closing(a.index != nil, a.index)
	closing(a.city != nil, a.city)
	closing(a.file != nil, a.file)
	if a.lock != nil {
		errs = append(errs, unlockFolder(a.lock))
	}
	if a.listener != nil {
		if err := a.listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
