package pipeline

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"golang.org/x/sync/semaphore"

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
	maxDepth    = 60 // list pages behind each other on the first pass
)

// crawl leases addresses and fetches them, at most Workers at once. It waits
// for the fetches under way when ctx ends.
func (p *Pipeline) crawl(ctx context.Context) error {
	free := semaphore.NewWeighted(int64(p.Workers))
	done := make(chan struct{}, 1)
	for ctx.Err() == nil {
		if free.Acquire(ctx, 1) != nil {
			break
		}
		n := 1
		for n < p.Workers && free.TryAcquire(1) {
			n++
		}
		fetches, err := p.State.LeaseFetches(ctx, n, p.Hold)
		if err != nil && ctx.Err() == nil {
			p.Log.ErrorContext(ctx, "lease fetches failed", "err", err)
			p.sleep(ctx, afterError, nil)
		}
		for _, f := range fetches {
			go func() {
				defer func() {
					free.Release(1)
					select {
					case done <- struct{}{}:
					default:
					}
				}()
				p.fetch(ctx, f)
			}()
		}
		free.Release(int64(n - len(fetches)))
		if len(fetches) == 0 {
			p.sleep(ctx, p.nextFetch(ctx), done)
		}
	}
	return free.Acquire(context.WithoutCancel(ctx), int64(p.Workers)) // all workers are back
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

// fetch does one address and records its outcome.
func (p *Pipeline) fetch(ctx context.Context, f store.Fetch) {
	p.step(ctx, "fetch", 1)
	o, err := p.visit(ctx, f)
	if ctx.Err() != nil {
		return // stopped: the lease runs out, nothing is recorded against the source
	}
	if err != nil {
		p.Log.ErrorContext(ctx, "store fetched posts failed", "source", f.Source, "err", err)
		return
	}
	if err := p.State.FinishFetch(ctx, f, o); err != nil && !errors.Is(err, opinion.ErrLeaseLost) && ctx.Err() == nil {
		p.Log.ErrorContext(ctx, "record fetch failed", "source", f.Source, "err", err)
	}
	if o.Posts > 0 {
		p.Wake(store.Analyse)
	}
}

// visit fetches, reads and accepts. The error is the store's; what went wrong
// outside is in the outcome.
func (p *Pipeline) visit(ctx context.Context, f store.Fetch) (store.Outcome, error) {
	src, ok := p.Setting().Sources[f.Source]
	if !ok {
		return store.Outcome{Fault: opinion.NewFault("source.gone", nil, f.Source)}, nil
	}
	req := crawler.Request{URL: f.URL, AllowPrivate: src.AllowPrivate}
	if p.Now().Sub(f.FullAt) < fullEvery {
		req.ETag, req.LastModified = f.ETag, f.LastModified
	}
	resp, err := p.Fetcher.Fetch(ctx, req)
	o := store.Outcome{Delay: p.Fetcher.Delay(f.URL)}
	if err != nil {
		o.Fault = opinion.AsFault(err, "fetch.failed")
		o.Next = p.retry(f, src, o.Fault)
		o.Delay = max(o.Delay, o.Fault.After) // who asks us to wait means all of the host
		return o, nil
	}
	o.ETag, o.LastModified, o.NotModified = resp.ETag, resp.LastModified, resp.NotModified
	if o.NotModified {
		o.Next = p.again(f, src, f.Changed)
		return o, nil
	}
	return p.read(ctx, f, src, resp, o)
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

// again says when an address that answered is asked again. Entries are asked
// at their source's pace. Pages of forums and boards, where replies come later,
// are asked while something happens on them; other pages once.
func (p *Pipeline) again(f store.Fetch, src opinion.Source, active time.Time) time.Time {
	now := p.Now()
	if f.Role == store.EntryRole {
		return now.Add(jitter(src.Every))
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
