package pipeline

import (
	"context"
	"slices"
	"time"

	"minsheng/i18n"
	"minsheng/opinion"
	"minsheng/store"
)

const (
	tendEvery   = time.Second      // wall time between two looks at the sources
	healthEvery = 10 * time.Minute // product time between two judgements of their health
	volumePast  = 8 * 7 * 24 * time.Hour
)

// tend looks after the sources: which of them speak of an incident that people
// were alerted of, and which need a look.
func (p *Pipeline) tend(ctx context.Context) error {
	var judged time.Time
	for ctx.Err() == nil {
		now := p.Now()
		if err := p.findLively(ctx, now); err != nil && ctx.Err() == nil {
			p.Log.ErrorContext(ctx, "list lively sources failed", "err", err)
		}
		if now.Sub(judged) >= healthEvery {
			judged = now
			if err := p.judgeSources(ctx, now); err != nil && ctx.Err() == nil {
				p.Log.ErrorContext(ctx, "judge sources failed", "err", err)
			}
		}
		p.sleep(ctx, tendEvery, nil)
	}
	return nil
}

func (p *Pipeline) findLively(ctx context.Context, now time.Time) error {
	names, err := p.State.Lively(ctx, now.Add(-opinion.EpisodeGap))
	if err != nil {
		return err
	}
	lively := make(map[string]bool, len(names))
	for _, name := range names {
		lively[name] = true
	}
	p.lively.Store(&lively)
	return nil
}

// isLively reports whether people were alerted of an incident that the source
// speaks of.
func (p *Pipeline) isLively(source string) bool {
	names := p.lively.Load()
	return names != nil && (*names)[source]
}

// judgeSources says of every source what is wrong with it, and tells the
// operators what is new. They are told before it is recorded: a crash between
// the two tells them twice and never not at all. A channel that could not be
// reached is recorded with the ailment and tried again with the next judgement.
func (p *Pipeline) judgeSources(ctx context.Context, now time.Time) error {
	states, err := p.State.Sources(ctx)
	if err != nil {
		return err
	}
	ill := 0
	for _, st := range states {
		past, err := p.State.Volume(ctx, st.Name, now.Add(-volumePast))
		if err != nil {
			return err
		}
		all := store.Diagnose(st, past, now, p.Zone)
		if len(all) > 0 {
			ill++
		}
		owed := slices.ContainsFunc(all, func(a store.Ailment) bool { return len(a.Untold) > 0 })
		if !owed && slices.EqualFunc(all, st.Ailments, sameAilment) {
			continue
		}
		p.tellOperators(ctx, st, all)
		if err := p.State.SetAilments(ctx, st.Name, all); err != nil {
			return err
		}
	}
	p.Metrics.sourcesIll.Set(float64(ill))
	return nil
}

func sameAilment(a, b store.Ailment) bool { return a.Code == b.Code && slices.Equal(a.Args, b.Args) }

// tellOperators says what is newly wrong with a source, or that nothing is any
// more, and notes in all which channels are still owed the word. Figures that
// moved are for the page alone. That a source is well again is said once: who
// missed it finds it on the page.
func (p *Pipeline) tellOperators(ctx context.Context, st store.SourceState, all []store.Ailment) {
	channels := p.Setting().Operators
	if p.Deliver == nil {
		channels = nil
	}
	for i, a := range all {
		if slices.ContainsFunc(st.Ailments, func(old store.Ailment) bool { return old.Code == a.Code }) {
			all[i].Untold = slices.DeleteFunc(slices.Clone(a.Untold), func(name string) bool { return !slices.Contains(channels, name) })
			continue
		}
		all[i].Untold = slices.Clone(channels)
		p.Log.WarnContext(ctx, "source needs a look", "source", st.Name, "ailment", a.Code, "args", a.Args)
	}
	over := len(all) == 0 && len(st.Ailments) > 0 && st.Active && !st.Paused
	if over {
		p.Log.InfoContext(ctx, "source is well again", "source", st.Name)
	}
	for _, channel := range channels {
		var owed []store.Ailment
		for _, a := range all {
			if slices.Contains(a.Untold, channel) {
				owed = append(owed, a)
			}
		}
		if len(owed) == 0 && !over {
			continue
		}
		r := p.Deliver.Tell(ctx, channel, p.Now(), func(lang i18n.Lang) []string { return noticeLines(lang, st, owed) })
		if !r.OK {
			p.Log.WarnContext(ctx, "operators not told", "channel", channel, "source", st.Name, "code", r.Code, "again", r.Retry && !over)
		}
		if r.OK || !r.Retry {
			for i := range all {
				all[i].Untold = slices.DeleteFunc(all[i].Untold, func(name string) bool { return name == channel })
			}
		}
	}
}

// noticeLines is what the operators read: whose trouble it is, what it is, and
// what to do.
func noticeLines(lang i18n.Lang, st store.SourceState, fresh []store.Ailment) []string {
	if len(fresh) == 0 {
		return []string{i18n.Say(lang, "notice.well", st.Name), st.URL}
	}
	lines := []string{i18n.Say(lang, "notice.ill", st.Name)}
	for _, a := range fresh {
		args := make([]any, len(a.Args))
		for i, v := range a.Args {
			args[i] = v
		}
		lines = append(lines, i18n.Say(lang, a.Code, args...), i18n.Say(lang, a.Code+"_do"))
	}
	return append(lines, st.URL)
}
