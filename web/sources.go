package web

import (
	"net/http"
	"slices"

	"minsheng/i18n"
	"minsheng/store"
)

// sourcesPage is what runs and what failed. Those that need a look come first.
type sourcesPage struct {
	Sources []sourceRow
	Wrong   int
	Paused  int
	CatchUp store.CatchUp
	Waiting int // tasks of all kinds
	Done    string
}

type sourceRow struct {
	store.SourceState
	Failing bool // the last attempt failed
	Barren  bool // read through, and no post was found
	Silent  int  // days without a new post, where they are many
}

// silentDays is from when on a source that answers and says nothing new is
// worth a look: its pages may have been built anew.
const silentDays = 7

func (s *Server) sourceRow(st store.SourceState) sourceRow {
	row := sourceRow{SourceState: st, Failing: st.Failures > 0}
	if st.URL == "" || st.FirstDone.IsZero() || row.Failing {
		return row
	}
	row.Barren = st.Posts == 0
	if days := int(s.Now().Sub(st.NewPost).Hours() / 24); !st.NewPost.IsZero() && days >= silentDays {
		row.Silent = days
	}
	return row
}

// trouble orders sources: those that fail come first, then those that say
// nothing.
func (r sourceRow) trouble() int {
	switch {
	case r.Paused:
		return 0
	case r.Failing:
		return 2
	case r.Barren, r.Silent > 0:
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
		row := s.sourceRow(st)
		switch {
		case row.Paused:
			page.Paused++
		case row.Failing:
			page.Wrong++
		}
		page.Sources = append(page.Sources, row)
	}
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
