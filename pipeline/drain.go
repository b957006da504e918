package pipeline

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"minsheng/store"
)

// Drain does the queued tasks of the given kinds, Analyse or Index, until none
// is left, telling after each batch how many are, and leaves the index merged
// where it was among them. It is Run for a command that works on the data while
// no daemon does.
func (p *Pipeline) Drain(ctx context.Context, left func(int), kinds ...store.TaskKind) error {
	if slices.Contains(kinds, store.Analyse) {
		if _, err := p.remember(ctx); err != nil {
			return err
		}
	}
	for {
		leased, err := p.drainOnce(ctx, kinds)
		if err != nil {
			return err
		}
		queues, err := p.State.Queues(ctx)
		if err != nil {
			return err
		}
		waiting := 0
		for _, q := range queues {
			if slices.Contains(kinds, q.Kind) {
				waiting += q.Length
			}
		}
		left(waiting)
		if waiting == 0 {
			return p.drainMerges(ctx, kinds)
		}
		if leased == 0 {
			p.sleep(ctx, afterError, nil)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

func (p *Pipeline) drainMerges(ctx context.Context, kinds []store.TaskKind) error {
	for slices.Contains(kinds, store.Index) {
		if more, err := p.Index.Merge(ctx); err != nil || !more {
			return err
		}
	}
	return nil
}

// drainOnce does one batch of each kind, side by side: while posts are judged,
// those judged before are put into the index.
func (p *Pipeline) drainOnce(ctx context.Context, kinds []store.TaskKind) (int, error) {
	g, ctx := errgroup.WithContext(ctx)
	var leased atomic.Int64
	for _, kind := range kinds {
		g.Go(func() error {
			n, err := p.drainBatch(ctx, kind)
			leased.Add(int64(n))
			return err
		})
	}
	err := g.Wait()
	return int(leased.Load()), err
}

func (p *Pipeline) drainBatch(ctx context.Context, kind store.TaskKind) (int, error) {
	tasks, err := p.State.Lease(ctx, kind, analyseBatch, p.Hold)
	if err != nil || len(tasks) == 0 {
		return 0, err
	}
	switch kind {
	case store.Analyse:
		b, err := p.analyseBatch(ctx, tasks)
		if err != nil {
			return 0, err
		}
		p.commit(ctx, b)
	case store.Index:
		err = p.indexBatch(ctx, tasks)
	default:
		err = fmt.Errorf("drain %s: only analyse and index can be drained", kind)
	}
	return len(tasks), err
}
