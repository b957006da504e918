package web

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"minsheng/i18n"
	"minsheng/opinion"
	"minsheng/store"
)

// alertPage is one alert: what happened, why we think so, what to do, and what
// was done.
type alertPage struct {
	store.AlertPage
	Headline string
	Why      []string
	Action   string
	Words    []opinion.Word
	Course   course
	Group    *grouped // its incident
	Problem  string
	Verb     string // of the form that was refused
	Typed    string // what was typed into it
}

const mostNote = 2000 // characters

func (s *Server) showAlert(r *http.Request, v *visit) (answer, error) {
	page, err := s.alertPage(r, v)
	if err == nil {
		err = s.State.Audit(r.Context(), store.Entry{At: s.Now(), User: v.User.Name, Verb: "looked", Object: fmt.Sprintf("alert %d", page.Number)})
	}
	return answer{template: "alert", data: page}, err
}

func (s *Server) alertPage(r *http.Request, v *visit) (alertPage, error) {
	number, err := strconv.ParseInt(r.PathValue("number"), 10, 64)
	if err != nil || number < 1 {
		return alertPage{}, errNoPage
	}
	a, err := s.State.AlertByNumber(r.Context(), number)
	if err != nil {
		return alertPage{}, err
	}
	c, err := s.riseCourse(r.Context(), v.Lang, a.Alert)
	if err != nil {
		return alertPage{}, err
	}
	group, err := s.grouped(r.Context(), a.Incident)
	if err != nil {
		return alertPage{}, err
	}
	// The heading stands above the excerpt, which begins with it in messages.
	for i, e := range a.Examples {
		a.Examples[i].Excerpt = strings.TrimSpace(strings.TrimPrefix(e.Excerpt, e.Title))
	}
	m := s.message(v.Lang, a.Alert)
	return alertPage{
		AlertPage: a, Headline: m.Headline(), Why: m.Why(), Action: m.Action(),
		Words: a.Words, Course: c.draw(), Group: group,
	}, nil
}

// actOnAlert takes, notes, closes, marks as false alarm or reopens. What is
// refused comes back with what was typed.
func (s *Server) actOnAlert(r *http.Request, v *visit) (answer, error) {
	verb, text := r.PostForm.Get("verb"), strings.TrimSpace(r.PostForm.Get("text"))
	number, err := strconv.ParseInt(r.PathValue("number"), 10, 64)
	if err != nil || number < 1 {
		return answer{}, errNoPage
	}
	status, problem := http.StatusUnprocessableEntity, actProblem(verb, text)
	if problem == "" {
		err := s.State.Act(r.Context(), number, verb, v.User.Name, text)
		switch {
		case err == nil:
			return see("/alerts/" + strconv.FormatInt(number, 10)), nil
		case errors.Is(err, opinion.ErrConflict):
			status, problem = http.StatusConflict, "alert.conflict"
		case errors.Is(err, opinion.ErrInvalid):
			problem = "alert.bad_verb"
		default:
			return answer{}, err
		}
	}
	page, err := s.alertPage(r, v)
	if err != nil {
		return answer{}, err
	}
	page.Verb, page.Typed = verb, text
	page.Problem = i18n.Say(v.Lang, problem)
	if problem == "alert.conflict" && page.Owner != "" && page.State == opinion.Taken {
		page.Problem = i18n.Say(v.Lang, "alert.taken_by_other", page.Owner, page.Taken.In(s.Zone).Format("01-02 15:04"))
	}
	return answer{template: "alert", status: status, data: page}, nil
}

// actProblem says what is wrong with a form, "" where nothing is.
func actProblem(verb, text string) string {
	switch {
	case utf8.RuneCountInString(text) > mostNote:
		return "alert.long_text"
	case verb == "note" && text == "":
		return "alert.empty_note"
	case verb == "false" && text == "":
		return "alert.no_reason"
	}
	switch verb {
	case "taken", "note", "closed", "false", "reopened":
		return ""
	}
	return "alert.bad_verb"
}
