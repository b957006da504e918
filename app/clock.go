package app

import (
	"context"
	"fmt"
	"time"

	"minsheng/city"
)

const (
	clockKey   = "city.clock" // where the city's clock stands
	startKey   = "city.start" // when the city was first visited
	clockEvery = time.Second  // wall time between two notes of the position
	// morning is the hour of the first visit, in the office's zone: offices
	// are open, people write, and the figures of every start are alike.
	morning = 10
)

// openClock sets the clock and, where the configuration asks for it, builds
// the city that runs by it. A second start goes on where the first one stopped.
func (a *App) openClock(ctx context.Context) error {
	c := a.config.City
	if c == nil {
		return nil
	}
	start, err := a.moment(ctx, startKey, a.firstVisit())
	if err != nil {
		return err
	}
	at, err := a.moment(ctx, clockKey, start)
	if err != nil {
		return err
	}
	story := start.Add(storyLasts)
	a.clock = city.NewClock(at, c.Factor, story, time.Now)
	a.now = a.clock.Now
	a.city, err = city.Open(city.Config{
		Seed: c.Seed, Story: city.Story(c.Story), Listen: c.Listen, Start: start, Now: a.now, Log: a.Log,
	})
	if err != nil {
		return err
	}
	return a.state.SetValue(ctx, startKey, start.Format(time.RFC3339Nano))
}

// storyLasts is how long the city's clock runs faster than life: until its
// story has died down.
const storyLasts = 6 * time.Hour

func (a *App) firstVisit() time.Time {
	now := time.Now().In(a.config.Zone())
	return time.Date(now.Year(), now.Month(), now.Day(), morning, 0, 0, 0, now.Location())
}

// moment reads a stored time.
func (a *App) moment(ctx context.Context, key string, otherwise time.Time) (time.Time, error) {
	s, err := a.state.Value(ctx, key)
	if err != nil || s == "" {
		return otherwise, err
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return otherwise, fmt.Errorf("read stored time %s: %w", key, err)
	}
	return t, nil
}

// saveClock notes the city clock's position, so that a restart does not go
// back in time by more than a moment.
func (a *App) saveClock(ctx context.Context) error {
	if a.clock == nil {
		return nil
	}
	tick := time.NewTicker(clockEvery)
	defer tick.Stop()
	for {
		last := ctx.Err() != nil
		if err := a.state.SetValue(context.WithoutCancel(ctx), clockKey, a.now().Format(time.RFC3339Nano)); err != nil {
			a.Log.ErrorContext(ctx, "note the clock failed", "err", err)
		}
		if last {
			return nil
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}
