package pipeline

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"minsheng/crawler"
	"minsheng/opinion"
	"minsheng/store"
)

// Times of the frontier, in product time.
const (
	fullEvery   = 24 * time.Hour // one full fetch a day: some servers keep an ETag while the content changes
	liveFor     = 72 * time.Hour // a thread without a new reply for this long is not asked again
	maxWait     = 6 * time.Hour
	pageRetries = 4
	recordBatch = 512                   // outcomes in one commit
	recordLinks = 1000                  // links in one commit, about: nobody leases meanwhile
	recordWait  = 25 * time.Millisecond // wall time for which the first of them waits for others
	maxDepth    = 60                    // addresses behind each other, whatever they are: a calendar has no last page
)

// Bounds of how often an entry is asked, beside its source's Every.
const (
	soonest  = 30 * time.Second // of a source that speaks of an incident
	idleMost = 30 * time.Minute // of one that brings nothing
)

// How many addresses may be leased and not begun, for each worker. It is small
// where hosts are slow, so that an entry need not queue behind pages, and grows
// where they are fast, so that many come out of one transaction.
const (
	aheadLeast = 2
	aheadMost  = 32
	aheadTime  = 100 * time.Millisecond // wall time that a queue lasts, about
)

// crawl leases addresses and fetches them, at most Workers at once. It waits
// for the fetches under way when ctx ends. What is leased and not begun then is
// due again with the next start.
func (p *Pipeline) crawl(ctx context.Context) error {
	var (
		jobs    = make(chan store.Fetch, aheadMost*p.Workers)
		more    = make(chan struct{}, 1) // there may be room, or something new due
		done    = outcomes{finished: make(chan store.Finished, recordBatch), urgent: make(chan struct{}, 1)}
		low     atomic.Int64 // length of jobs at which more are leased
		working sync.WaitGroup
		record  sync.WaitGroup
	)
	record.Go(func() { p.record(ctx, done, more) })
	for range p.Workers {
		working.Go(func() {
			for f := range jobs {
				if len(jobs) <= int(low.Load()) {
					signal(more)
				}
				if o, ok := p.fetch(ctx, f); ok {
					done.add(f, o)
				}
			}
		})
	}
	ahead, full := aheadLeast*p.Workers, false
	slow := time.NewTimer(aheadTime)
	defer slow.Stop()
	for ctx.Err() == nil {
		low.Store(int64(ahead / 2))
		if len(jobs) > ahead/2 {
			p.sleep(ctx, idle, more)
			continue
		}
		select {
		case <-slow.C:
			ahead, full = max(ahead/2, aheadLeast*p.Workers), false
			continue // there may be enough
		default:
			if full {
				ahead = min(2*ahead, cap(jobs))
			}
		}
		slow.Reset(aheadTime)
		room := ahead - len(jobs)
		fetches, err := p.State.LeaseFetches(ctx, room, p.Hold)
		if err != nil && ctx.Err() == nil {
			p.Log.ErrorContext(ctx, "lease fetches failed", "err", err)
			p.sleep(ctx, afterError, nil)
		}
		for _, f := range fetches {
			jobs <- f
		}
		full = len(fetches) > room/2
		if len(fetches) == 0 {
			p.sleep(ctx, p.nextFetch(ctx), more)
		}
	}
	close(jobs)
	working.Wait() // all workers are back
	close(done.finished)
	record.Wait()
	return nil
}

// outcomes are those that are still to be recorded.
type outcomes struct {
	finished chan store.Finished
	urgent   chan struct{} // those that are there should be recorded now
}

func (d outcomes) add(f store.Fetch, o store.Outcome) {
	d.finished <- store.Finished{Fetch: f, Outcome: o}
	if len(o.Links) > 0 || len(d.finished) >= recordBatch/2 {
		signal(d.urgent)
	}
}

// signal wakes whoever waits for c, now or when it next looks.
func signal(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// nextFetch is the wall time to wait where nothing is due: short, because the
// clock may run faster than life.
func (p *Pipeline) nextFetch(ctx context.Context) time.Duration {
	t, err := p.State.NextFetch(ctx)
	if err != nil || t.IsZero() {
		return idle
	}
	return min(max(t.Sub(p.Now()), 5*time.Millisecond), idle)
}

// fetch does one address and says what became of it; not where there is
// nothing to record.
func (p *Pipeline) fetch(ctx context.Context, f store.Fetch) (store.Outcome, bool) {
	if ctx.Err() != nil {
		return store.Outcome{}, false
	}
	p.step(ctx, "fetch", 1)
	o, err := p.visit(ctx, f)
	if ctx.Err() != nil {
		return o, false // stopped: the lease runs out, nothing is recorded against the source
	}
	if err != nil {
		p.Log.ErrorContext(ctx, "store fetched posts failed", "source", f.Source, "err", err)
		return o, false
	}
	return o, true
}

// record commits outcomes, those together that come within recordWait, until
// there are no more. What leads to new addresses is not kept waiting, and what
// was done is kept when ctx has ended.
func (p *Pipeline) record(ctx context.Context, done outcomes, more chan<- struct{}) {
	batch := make([]store.Finished, 0, recordBatch)
	for first := range done.finished {
		if len(first.Outcome.Links) == 0 && len(done.finished) < recordBatch/2 {
			p.sleep(ctx, recordWait, done.urgent)
		}
		batch = append(batch[:0], first)
		for links := len(first.Outcome.Links); links < recordLinks && len(batch) < recordBatch && len(done.finished) > 0; {
			next := <-done.finished
			batch, links = append(batch, next), links+len(next.Outcome.Links)
		}
		if err := p.State.FinishFetches(context.WithoutCancel(ctx), batch); err != nil && !errors.Is(err, opinion.ErrLeaseLost) {
			p.Log.ErrorContext(ctx, "record fetch failed", "source", first.Source, "n", len(batch), "err", err)
		}
		signal(more)
		if slices.ContainsFunc(batch, func(f store.Finished) bool { return f.Outcome.Posts > 0 }) {
			p.Wake(store.Analyse)
		}
	}
}

// visit fetches, reads and accepts. The error is the store's; what went wrong
// outside is in the outcome.
func (p *Pipeline) visit(ctx context.Context, f store.Fetch) (store.Outcome, error) {
	src, ok := p.Setting().Sources[f.Source]
	if !ok {
		return store.Outcome{Fault: opinion.NewFault("source.gone", nil, f.Source)}, nil
	}
	req := crawler.Request{URL: f.URL, AllowPrivate: src.AllowPrivate, Pause: src.Rate}
	if p.Now().Sub(f.FullAt) < fullEvery {
		req.ETag, req.LastModified = f.ETag, f.LastModified
	}
	resp, err := p.Fetcher.Fetch(ctx, req)
	o := store.Outcome{Delay: p.Fetcher.Delay(f.URL)}
	if err != nil {
		o.Fault = opinion.AsFault(err, "fetch.failed")
		if o.Fault.Code == "fetch.turn" {
			return store.Outcome{Postponed: true, Next: p.Now().Add(o.Fault.After), Delay: o.Delay}, nil
		}
		o.Next = p.retry(f, src, o.Fault)
		o.Delay = max(o.Delay, o.Fault.After) // who asks us to wait means all of the host
		return o, nil
	}
	o.ETag, o.LastModified, o.NotModified = resp.ETag, resp.LastModified, resp.NotModified
	if o.NotModified {
		o.Next = p.again(f, src, f.Changed)
		return o, nil
	}
	if f.Role == store.EntryRole {
		o.NextNew = p.Now().Add(jitter(p.pace(src, 0)))
	}
	return p.reader(ctx, f, src, resp, o)
}

// retry says when a failed address is asked again; zero means never.
func (p *Pipeline) retry(f store.Fetch, src opinion.Source, fault *opinion.Fault) time.Time {
	now := p.Now()
	step := time.Minute
	if f.Role == store.EntryRole {
		step = src.Every
	} else if !fault.Retry || f.Attempts+1 >= pageRetries {
		return time.Time{}
	}
	wait := min(step<<min(f.Attempts, 10), maxWait)
	if f.Role == store.EntryRole && !fault.Retry {
		wait = max(wait, min(4*src.Every, maxWait))
	}
	return now.Add(jitter(max(wait, fault.After)))
}

// pace is how long to wait before a source's own address is asked again, when
// it last brought something new so long ago. It is Every; a third of it while
// the source speaks of an incident that people were alerted of; up to three
// times as much, and no more than half an hour, where nothing new has come for
// long: an eighth of that time.
func (p *Pipeline) pace(src opinion.Source, quiet time.Duration) time.Duration {
	if p.isLively(src.Name) {
		return min(max(src.Every/3, soonest), src.Every)
	}
	return max(src.Every, min(quiet/8, 3*src.Every, idleMost))
}

// again says when an address that answered is asked again. Entries are asked
// at their source's pace. Pages of forums and boards, where replies come later,
// are asked while something happens on them; other pages once.
func (p *Pipeline) again(f store.Fetch, src opinion.Source, active time.Time) time.Time {
	now := p.Now()
	if f.Role == store.EntryRole {
		quiet := time.Duration(0)
		if !f.Changed.IsZero() {
			quiet = now.Sub(f.Changed)
		}
		return now.Add(jitter(p.pace(src, quiet)))
	}
	talks := src.Class == opinion.Forum || src.Class == opinion.BoardSite || src.Class == opinion.SocialNet
	quiet := now.Sub(active)
	if f.Role != store.PageRole || !talks || quiet > liveFor {
		return time.Time{}
	}
	return now.Add(jitter(min(max(quiet/4, src.Every), maxWait)))
}

// jitter spreads d by a tenth, so that sources do not march in step.
func jitter(d time.Duration) time.Duration {
	return d + time.Duration(rand.Float64()*float64(d)/10)
}
