package pipeline

import (
	"context"
	"time"
)

const (
	houseEvery = 30 * time.Second // wall time
	purgeBatch = 500
)

// keepHouse deletes what is older than the retention allows, and the voice
// keys of yesterday, and merges what the index has written in pieces.
func (p *Pipeline) keepHouse(ctx context.Context) error {
	for ctx.Err() == nil {
		p.houseOnce(ctx)
		p.mergeIndex(ctx)
		p.sleep(ctx, houseEvery, nil)
	}
	return nil
}

func (p *Pipeline) houseOnce(ctx context.Context) {
	if _, err := p.State.Voices(ctx); err != nil && ctx.Err() == nil {
		p.Log.ErrorContext(ctx, "destroy old voice keys failed", "err", err)
	}
	before := p.Now().Add(-p.KeepFor)
	for ctx.Err() == nil {
		n, err := p.State.Purge(ctx, before, purgeBatch)
		if err != nil {
			if ctx.Err() == nil {
				p.Log.ErrorContext(ctx, "delete old posts failed", "err", err)
			}
			return
		}
		if n > 0 {
			p.Log.InfoContext(ctx, "old posts deleted", "n", n)
		}
		if n < purgeBatch {
			return
		}
	}
}

// mergePause lets others write between two pieces of merging.
const mergePause = 100 * time.Millisecond

// mergeIndex merges while nothing waits for the index.
func (p *Pipeline) mergeIndex(ctx context.Context) {
	for ctx.Err() == nil && p.ahead.Load() <= 0 && !p.indexDown.Load() {
		more, err := p.Index.Merge(ctx)
		if err != nil && ctx.Err() == nil {
			p.Log.WarnContext(ctx, "merge index failed", "err", err)
		}
		if err != nil || !more {
			return
		}
		p.sleep(ctx, mergePause, nil)
	}
}
