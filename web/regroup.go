package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"minsheng/i18n"
	"minsheng/index"
	"minsheng/opinion"
)

const (
	choosable = 60 // incidents to choose among
	leastOf   = 2  // posts, so that the list holds no stray posts
)

// grouped is what a page shows of an incident: its figures, and to whom may,
// the incidents it can be merged with.
type grouped struct {
	opinion.Incident
	All     string // the search of its posts
	Others  []opinion.Incident
	Refused string
}

// grouped reads an incident for a page, nil where it is gone or the index alone
// knows of it.
func (s *Server) grouped(ctx context.Context, id string) (*grouped, error) {
	incident, err := s.State.Incident(ctx, id)
	if errors.Is(err, opinion.ErrNotFound) || id == "" {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	others, err := s.others(ctx, incident.ID)
	return &grouped{Incident: incident, All: incidentAddress(incident.ID), Others: others}, err
}

// others are recent incidents but for one.
func (s *Server) others(ctx context.Context, but string) ([]opinion.Incident, error) {
	recent, err := s.State.RecentIncidents(ctx, leastOf, choosable+1)
	if err != nil {
		return nil, err
	}
	others := make([]opinion.Incident, 0, len(recent))
	for _, i := range recent {
		if i.ID != but && len(others) < choosable {
			i.Title = clipText(i.Title, incidentTitle)
			others = append(others, i)
		}
	}
	return others, nil
}

// incidentAddress leads to the posts of an incident.
func incidentAddress(id string) string {
	return searchForm{Incident: id, Days: "0", Order: string(index.Newest)}.address("/search")
}

// mergeIncident makes one incident of two, by a person's choice.
func (s *Server) mergeIncident(r *http.Request, v *visit) (answer, error) {
	id, with := r.PathValue("id"), r.PostForm.Get("with")
	if with == "" {
		return see(incidentAddress(id) + "&refused=choose"), nil
	}
	kept, err := s.State.MergeIncidents(r.Context(), id, with, v.User.Name)
	switch {
	case isConflict(err):
		return see(incidentAddress(id) + "&refused=one"), nil
	case errors.Is(err, opinion.ErrNotFound):
		return see(incidentAddress(id) + "&refused=gone"), nil
	case err != nil:
		return answer{}, err
	}
	return see(incidentAddress(kept) + "&done=merged"), nil
}

// movePost takes a post out of its incident, or puts it in another.
func (s *Server) movePost(r *http.Request, v *visit) (answer, error) {
	id, to := r.PathValue("id"), r.PostForm.Get("to")
	if r.PostForm.Get("verb") == "out" {
		to = ""
	} else if to == "" {
		return s.refuseMove(r, v, "regroup.choose")
	}
	_, n, err := s.State.MovePosts(r.Context(), []string{id}, to, v.User.Name)
	switch {
	case isConflict(err) && to == "":
		return s.refuseMove(r, v, "regroup.alone")
	case isConflict(err):
		return s.refuseMove(r, v, "regroup.there")
	case errors.Is(err, opinion.ErrNotFound):
		return s.refuseMove(r, v, "regroup.gone")
	case err != nil:
		return answer{}, err
	}
	done := url.Values{"done": {"moved"}, "n": {strconv.Itoa(n)}}.Encode()
	if from := r.PostForm.Get("from"); from != "" {
		return see(incidentAddress(from) + "&" + done), nil
	}
	return see("/posts/" + url.PathEscape(id) + "?" + done), nil
}

func (s *Server) refuseMove(r *http.Request, v *visit, code string) (answer, error) {
	page, err := s.postPage(r, v)
	page.Unmoved = i18n.Say(v.Lang, code)
	return answer{template: "post", status: http.StatusUnprocessableEntity, data: page}, err
}

// regroupedNote says what was just done to an incident or a post of it.
func regroupedNote(l i18n.Lang, v url.Values) string {
	switch n, _ := strconv.Atoi(v.Get("n")); v.Get("done") {
	case "merged":
		return i18n.Say(l, "regroup.merged")
	case "moved":
		return i18n.Say(l, "regroup.moved", max(n, 1))
	}
	return ""
}

// regroupRefused says why nothing was done to an incident.
func regroupRefused(l i18n.Lang, v url.Values) string {
	switch why := v.Get("refused"); why {
	case "choose", "one", "gone":
		return i18n.Say(l, "regroup."+why)
	}
	return ""
}
