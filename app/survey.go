package app

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"minsheng/analysis"
	"minsheng/opinion"
	"minsheng/store"
	"minsheng/web"
)

// Bounds of the survey for words that rise.
const (
	surveyEvery = time.Hour   // of product time, at most
	surveyLook  = time.Minute // of wall time, between two looks whether it is due
	surveyDay   = 24 * time.Hour
	surveyPast  = 28 * 24 * time.Hour
	mostOfDay   = 3_000 // texts
	mostOfPast  = 6_000
	mostOffered = 10
	surveyBusy  = 200 // posts that wait for analysis: it comes first
)

// survey looks once an hour for words that rise and that no topic covers, and
// keeps what it found for the page. It waits while the past is being gathered.
func (a *App) survey(ctx context.Context) error {
	if a.words.Wait(ctx) != nil {
		return nil
	}
	tick := time.NewTicker(surveyLook)
	defer tick.Stop()
	for {
		if err := a.surveyOnce(ctx); err != nil && ctx.Err() == nil {
			a.Log.ErrorContext(ctx, "survey of words failed", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (a *App) surveyOnce(ctx context.Context) error {
	now := a.now()
	last, err := web.ReadSuggestions(ctx, a.state)
	early := now.Sub(last.At) < surveyEvery && !now.Before(last.At)
	if err != nil || early && last.Past >= analysis.LeastPast { // few texts cost little, and soon there are more
		return err
	}
	past, err := a.state.CatchingUp(ctx)
	if err != nil || past.Posts >= surveyBusy {
		return err
	}
	_, file := a.taught()
	found, err := Survey(ctx, a.state, a.words, file, now)
	if err != nil {
		return err
	}
	b, err := json.Marshal(found)
	if err != nil {
		return fmt.Errorf("write suggestions: %w", err)
	}
	return a.state.SetValue(ctx, web.SuggestionsKey, string(b))
}

// Survey compares the words of the last day with those of the four weeks before.
// Names of the office's own places are no news.
func Survey(ctx context.Context, state store.Store, words *analysis.Segmenter, file []opinion.Place, now time.Time) (web.Suggestions, error) {
	found := web.Suggestions{At: now}
	s := analysis.NewSurveyor(words)
	day := now.Add(-surveyDay)
	// An incident counts once, for it is followed as such: a hundred replies to
	// one post make no subject.
	told := map[string]bool{}
	again := func(p store.Sampled) bool {
		seen := told[p.Incident] && p.Incident != ""
		told[p.Incident] = true
		return seen
	}
	err := state.Sample(ctx, day.Add(-surveyPast), day, mostOfPast, func(p store.Sampled) error {
		if !again(p) {
			found.Past++
			s.Past(p.Folded)
		}
		return ctx.Err()
	})
	if err != nil {
		return found, err
	}
	clear(told)
	err = state.Sample(ctx, day, now, mostOfDay, func(p store.Sampled) error {
		if !again(p) {
			found.Day++
			s.Day(analysis.Seen{ID: p.ID, Source: p.Source, Folded: p.Folded, Topics: p.Topics})
		}
		return ctx.Err()
	})
	if err != nil {
		return found, err
	}
	states, err := state.Topics(ctx)
	if err != nil {
		return found, err
	}
	known, err := web.ReadDismissed(ctx, state)
	if err != nil {
		return found, err
	}
	for _, w := range analysis.DefaultLexicon().Words() {
		if w.Class == "police" { // that the police are spoken of is no news
			known = append(known, w.Word)
		}
	}
	saved, err := state.OwnPlaces(ctx)
	if err != nil {
		return found, err
	}
	places, _ := overlaid(file, saved)
	for _, p := range places {
		known = append(known, p.Name)
		known = append(known, p.Aliases...)
	}
	found.Words = s.Rising(store.Rules(states), known, mostOffered)
	return found, nil
}
