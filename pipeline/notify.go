package pipeline

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"minsheng/opinion"
	"minsheng/store"
)

// notifyBatch sends due deliveries, one after the other: order matters to the
// reader, and channels have a pace.
func (p *Pipeline) notifyBatch(ctx context.Context, tasks []store.Task) error {
	for _, t := range tasks {
		if err := p.notify(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

func (p *Pipeline) notify(ctx context.Context, t store.Task) error {
	id, err := strconv.ParseInt(t.Ref, 10, 64)
	if err != nil {
		return fmt.Errorf("read delivery id %q: %w", t.Ref, err)
	}
	d, err := p.State.Delivery(ctx, id)
	if errors.Is(err, opinion.ErrNotFound) {
		return p.State.Done(ctx, t)
	}
	if err != nil {
		return fmt.Errorf("load delivery: %w", err)
	}
	page, err := p.State.AlertByNumber(ctx, d.Number)
	if err != nil {
		return fmt.Errorf("load alert: %w", err)
	}
	p.step(ctx, "deliver", 1)
	r, wait := p.Deliver.Send(ctx, d.Channel, page.Alert, len(d.Attempts))
	if ctx.Err() != nil {
		return nil // stopped in flight: sent again after the restart, the one exception
	}
	r.At = p.Now()
	var next time.Time
	if !r.OK && wait > 0 {
		next = r.At.Add(wait)
	}
	result := "ok"
	switch {
	case r.OK:
	case next.IsZero():
		result = "dead"
	default:
		result = "retry"
	}
	p.Metrics.deliveries.WithLabelValues(d.Channel, result).Inc()
	if !r.OK {
		p.Log.WarnContext(ctx, "delivery failed", "channel", d.Channel, "alert", d.Number, "code", r.Code, "result", result)
	}
	return p.State.Attempt(ctx, t, r, next)
}
