package web

import (
	"context"
	"slices"

	"minsheng/analysis"
	"minsheng/index"
	"minsheng/opinion"
	"minsheng/store"
)

const (
	trialPosts    = 2_000 // that a rule is tried on
	trialExamples = 3
)

// trial is what a rule that is not saved yet would match among the newest posts.
type trial struct {
	Of          int // posts it was tried on
	Before, Now int // of which match the rule in force, and this one
	Won, Lost   []store.Stored
	More, Fewer int // how many those are examples of
}

// tryTopic tries a rule on what is stored. Replies that belong to a topic
// because their opening post does are left out: they follow it either way.
func (s *Server) tryTopic(ctx context.Context, t opinion.Topic) (*trial, error) {
	rule, faults := analysis.CompileTopics([]opinion.Topic{t})
	if len(faults) > 0 {
		return nil, opinion.NewFault(faults[0].Code, nil, faults[0].Args...)
	}
	q := index.Query{From: s.Now().Add(-matchWindow), Limit: index.MaxLimit}
	var out trial
	for out.Of < trialPosts {
		res, err := s.Index.Search(ctx, q)
		if err != nil {
			return nil, err
		}
		posts, err := s.State.Posts(ctx, ids(res.Hits)...)
		if err != nil {
			return nil, err
		}
		for _, p := range posts {
			if !p.Verdict.Inherited {
				text := p.Verdict.Folded
				out.count(p, slices.Contains(p.Verdict.Topics, t.Name), len(rule.Match(text, s.Cut(text))) > 0)
			}
		}
		if q.Cursor = res.Next; res.Next == "" {
			break
		}
	}
	return &out, nil
}

func (t *trial) count(p store.Stored, before, now bool) {
	t.Of++
	p.Title = headline(p)
	if before {
		t.Before++
	}
	if now {
		t.Now++
	}
	switch {
	case now && !before:
		if t.More++; len(t.Won) < trialExamples {
			t.Won = append(t.Won, p)
		}
	case before && !now:
		if t.Fewer++; len(t.Lost) < trialExamples {
			t.Lost = append(t.Lost, p)
		}
	}
}
