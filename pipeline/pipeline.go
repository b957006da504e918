// Package pipeline runs the loops that move a post along its way: fetch and
// read, accept, analyse and judge, index, watch, deliver, and keep house. Each
// loop leases work from the store, calls a step, and commits what came of it;
// a loop that is killed at any point leaves a lease that runs out, and the
// step is done again by the next.
//
// It holds no state of its own but the grouping of incidents, which is rebuilt
// from the store at start. Start reading at Pipeline.Run; the way of a post is
// drawn in docs/architecture.md.
package pipeline

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"minsheng/alerts"
	"minsheng/analysis"
	"minsheng/crawler"
	"minsheng/index"
	"minsheng/opinion"
	"minsheng/store"
)

// State is what the loops ask of the store.
type State interface {
	store.Frontier
	store.Work
	store.Watch
	store.Outbox
	store.Archive
	AlertByNumber(ctx context.Context, number int64) (store.AlertPage, error)
	Incident(ctx context.Context, id string) (opinion.Incident, error)
}

// Options are what a Pipeline is made of.
type Options struct {
	State   State
	Index   index.Index
	Fetcher *crawler.Fetcher
	Grouper *analysis.Grouper
	Deliver *alerts.Deliverer
	Metrics *Metrics
	Now     func() time.Time
	Log     *slog.Logger
	Workers int                 // fetches at once
	Zone    *time.Location      // the office's
	KeepFor time.Duration       // retention
	Hold    time.Duration       // product time that a lease lasts
	Sent    func(opinion.Alert) // called after an alert was raised; may be nil
}

// Setting is what an administrator changes while the loops run. It is replaced
// as a whole.
type Setting struct {
	Sources  map[string]opinion.Source
	Analyzer *analysis.Analyzer
	Watched  map[string]bool // topics that may raise an alert
	Routes   alerts.Routes

	Operators []string // channels that are told when a source needs a look
}

// Pipeline is the running daemon's work.
type Pipeline struct {
	Options
	setting atomic.Pointer[Setting]
	intake  intake
	reader  reader
	wake    map[store.TaskKind]chan struct{}

	ahead     atomic.Int64 // posts judged by this process that its index does not hold yet
	indexDown atomic.Bool  // the index refused the last batch

	lively atomic.Pointer[map[string]bool] // sources that speak of an incident that people were alerted of
}

// New returns a Pipeline that is ready to Run with the given setting.
func New(o Options, s *Setting) *Pipeline {
	p := &Pipeline{Options: o, wake: map[store.TaskKind]chan struct{}{}}
	for _, kind := range []store.TaskKind{store.Analyse, store.Index, store.Look, store.Notify} {
		p.wake[kind] = make(chan struct{}, 1)
	}
	p.intake = intake{state: o.State, now: o.Now, office: o.Zone, cleaned: o.Metrics.cleaned}
	p.reader = p.read
	p.Change(s)
	return p
}

// reader takes links and posts out of a fetched body; it is read, but for the
// measurement of everything round it.
type reader func(ctx context.Context, f store.Fetch, src opinion.Source, resp crawler.Response, o store.Outcome) (store.Outcome, error)

// Change puts another setting in force at once.
func (p *Pipeline) Change(s *Setting) { p.setting.Store(s) }

// Setting is the one in force.
func (p *Pipeline) Setting() *Setting { return p.setting.Load() }

// Run runs all loops until ctx ends, waits for them, and returns the first
// failure that no retry could mend.
func (p *Pipeline) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return p.crawl(ctx) })
	g.Go(func() error { return p.analyse(ctx) })
	g.Go(func() error { return p.loop(ctx, store.Index, indexBatch, p.indexBatch) })
	g.Go(func() error { return p.loop(ctx, store.Look, lookBatch, p.lookBatch) })
	g.Go(func() error { return p.loop(ctx, store.Notify, notifyBatch, p.notifyBatch) })
	g.Go(func() error { return p.keepHouse(ctx) })
	g.Go(func() error { return p.tend(ctx) })
	err := g.Wait()
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

const (
	idle        = 150 * time.Millisecond // wall time between two looks at an empty queue
	afterError  = time.Second            // wall time after the store failed
	indexBatch  = 200
	lookBatch   = 16
	notifyBatch = 4
)

// loop leases tasks of one kind and hands them to step until ctx ends. A step
// gives back what it could not do; an error is the store's.
func (p *Pipeline) loop(ctx context.Context, kind store.TaskKind, n int, step func(context.Context, []store.Task) error) error {
	for ctx.Err() == nil {
		tasks, err := p.State.Lease(ctx, kind, n, p.Hold)
		if err == nil && len(tasks) > 0 {
			err = step(ctx, tasks)
		}
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil && !errors.Is(err, opinion.ErrLeaseLost):
			p.Log.ErrorContext(ctx, "task loop failed", "kind", string(kind), "err", err)
			p.sleep(ctx, afterError, nil)
		case len(tasks) < n:
			p.sleep(ctx, idle, p.wake[kind])
		}
	}
	return nil
}

// Wake makes the loops of the given kinds look at once.
func (p *Pipeline) Wake(kinds ...store.TaskKind) {
	for _, kind := range kinds {
		select {
		case p.wake[kind] <- struct{}{}:
		default:
		}
	}
}

// sleep waits for d of wall time, a wake-up, or the end.
func (p *Pipeline) sleep(ctx context.Context, d time.Duration, wake <-chan struct{}) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	case <-wake:
	}
}

// step marks the beginning of a step in the debug log; the crash test kills
// the process at these marks.
func (p *Pipeline) step(ctx context.Context, name string, n int) {
	p.Log.DebugContext(ctx, "step", "name", name, "n", n)
}

// each runs do for every item of a slice on as many goroutines as workers.
func each[T any](workers int, items []T, do func(int, T)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(workers, len(items)) {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(items) {
					return
				}
				do(i, items[i])
			}
		})
	}
	wg.Wait()
}
