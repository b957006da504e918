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
// keys of yesterday.
func (p *Pipeline) keepHouse(ctx context.Context) error {
	for ctx.Err() == nil {
		p.houseOnce(ctx)
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
