package pipeline

import (
	"context"
	"fmt"
	"strings"
	"time"

	"minsheng/alerts"
	"minsheng/opinion"
	"minsheng/store"
)

const (
	// While this many posts of the past wait for analysis, or a source's first
	// pass is open, the baseline is incomplete and a rise could be of our own
	// making: watching waits.
	pastBacklog = 200
	// longestHold bounds that wait, from when the rise was first seen.
	longestHold = 6 * time.Hour
	lookAgain   = time.Minute
)

// lookBatch looks at the series whose negatives moved.
func (p *Pipeline) lookBatch(ctx context.Context, tasks []store.Task) error {
	past, err := p.State.CatchingUp(ctx)
	if err != nil {
		return fmt.Errorf("see how far the past is: %w", err)
	}
	behind := past.Posts >= pastBacklog || len(past.Sources) > 0
	for _, t := range tasks {
		now := p.Now()
		if behind && now.Sub(t.Queued) < longestHold {
			if err := p.State.Later(ctx, t, now.Add(lookAgain), "the past is still being gathered", false); err != nil {
				return err
			}
			continue
		}
		if err := p.look(ctx, t, now); err != nil {
			return err
		}
	}
	return nil
}

func (p *Pipeline) look(ctx context.Context, t store.Task, now time.Time) error {
	set := p.Setting()
	topic, place, _ := strings.Cut(t.Ref, "\n")
	if !set.Watched[topic] {
		return p.State.Done(ctx, t)
	}
	watcher := alerts.Watcher{State: p.State, Zone: p.Zone}
	found, err := watcher.Look(ctx, opinion.Series{Topic: topic, Place: place}, now)
	if err != nil {
		return fmt.Errorf("watch %s: %w", topic, err)
	}
	if found == nil {
		return p.State.Done(ctx, t)
	}
	p.step(ctx, "raise", 1)
	alert, raised, err := p.State.Raise(ctx, *found, set.Routes.For(*found))
	if err != nil {
		return fmt.Errorf("raise alert: %w", err)
	}
	if raised {
		p.Metrics.alertsRaised.Inc()
		p.Log.InfoContext(ctx, "alert raised", "number", alert.Number, "level", string(alert.Level), "negative", alert.Rise.Negative)
		if p.Sent != nil {
			p.Sent(alert)
		}
		p.Wake(store.Notify)
	}
	return p.State.Done(ctx, t)
}
