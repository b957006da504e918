package web

import (
	"net/http"
	"slices"
	"time"

	"minsheng/i18n"
	"minsheng/store"
)

// sourcesPage is what runs and what failed. Those that need a look come first.
type sourcesPage struct {
	Sources []sourceRow
	Read    int // that are not paused
	Wrong   int // of these
	Paused  int
	CatchUp store.CatchUp
	Waiting int // tasks of all kinds
	Done    string
}

type sourceRow struct {
	store.SourceState
	Failing bool // the last attempt failed
	Wrong   []ailmentLine
}

// ailmentLine is one thing that is wrong with a source, and what to do.
type ailmentLine struct {
	Says, Do string
	Since    time.Time
}

func (s *Server) sourceRow(lang i18n.Lang, st store.SourceState) sourceRow {
	row := sourceRow{SourceState: st, Failing: st.Failures > 0}
	for _, a := range s.ailments(st) {
		if a.Code == "health.weak" && row.Failing {
			continue // it does not answer now and then, it does not answer
		}
		row.Wrong = append(row.Wrong, ailmentLine{i18n.Say(lang, a.Code, anys(a.Args)...), i18n.Say(lang, a.Code+"_do"), a.Since})
	}
	return row
}

// ailments judges a source as it stands. Whether it went quiet takes its past
// to say, which the loops look at every ten minutes; their word holds while
// nothing new has come.
func (s *Server) ailments(st store.SourceState) []store.Ailment {
	all := store.Diagnose(st, nil, s.Now(), s.Zone)
	for _, a := range st.Ailments {
		if a.Code == "health.quiet" && len(all) == 0 && st.NewPost.Before(a.Since) && !st.Paused && st.Active {
			all = append(all, a)
		}
	}
	return all
}

// trouble orders sources: those that fail come first, then those with something
// else wrong.
func (r sourceRow) trouble() int {
	switch {
	case r.Paused:
		return 0
	case r.Failing:
		return 2
	case len(r.Wrong) > 0:
		return 1
	}
	return 0
}

func (s *Server) showSources(r *http.Request, v *visit) (answer, error) {
	ctx := r.Context()
	states, err := s.State.Sources(ctx)
	if err != nil {
		return answer{}, err
	}
	page := sourcesPage{}
	for _, st := range states {
		if !st.Active {
			continue
		}
		row := s.sourceRow(v.Lang, st)
		switch {
		case row.Paused:
			page.Paused++
		case row.trouble() > 0:
			page.Wrong++
		}
		page.Sources = append(page.Sources, row)
	}
	page.Read = len(page.Sources) - page.Paused
	slices.SortStableFunc(page.Sources, func(a, b sourceRow) int { return b.trouble() - a.trouble() })
	if page.CatchUp, err = s.State.CatchingUp(ctx); err != nil {
		return answer{}, err
	}
	queues, err := s.State.Queues(ctx)
	if err != nil {
		return answer{}, err
	}
	for _, q := range queues {
		page.Waiting += q.Length
	}
	if done := r.FormValue("done"); i18n.Has("sources.done_" + done) {
		page.Done = i18n.Say(v.Lang, "sources.done_"+done)
	}
	return answer{template: "sources", data: page}, nil
}

// actOnSource pauses, resumes or asks a source now.
func (s *Server) actOnSource(r *http.Request, v *visit) (answer, error) {
	name, verb := r.PostForm.Get("source"), r.PostForm.Get("verb")
	var err error
	switch verb {
	case "pause", "resume":
		err = s.State.SetPaused(r.Context(), name, verb == "pause", v.User.Name)
	case "ask":
		err = s.State.AskNow(r.Context(), name, v.User.Name)
	default:
		return answer{}, errForm
	}
	return see("/sources?done=" + verb), err
}
