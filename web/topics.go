package web

import (
	"net/http"
	"strings"
	"time"

	"minsheng/i18n"
	"minsheng/index"
	"minsheng/opinion"
	"minsheng/store"
)

// topicsPage lists the topics with what they match now.
type topicsPage struct {
	Topics  []topicRow
	Done    bool
	CatchUp store.CatchUp
}

type topicRow struct {
	store.TopicState
	Matches int // posts of the last 30 days
}

const matchWindow = 30 * 24 * time.Hour

func (s *Server) showTopics(r *http.Request, _ *visit) (answer, error) {
	states, err := s.State.Topics(r.Context())
	if err != nil {
		return answer{}, err
	}
	res, err := s.Index.Search(r.Context(), index.Query{From: s.Now().Add(-matchWindow), Limit: 1, Facets: true, Zone: s.Zone})
	if err != nil {
		return answer{}, err
	}
	counts := map[string]int{}
	for _, f := range res.Facets[index.ByTopic] {
		counts[f.Value] = f.Count
	}
	page := topicsPage{Done: r.FormValue("done") != ""}
	for _, t := range states {
		page.Topics = append(page.Topics, topicRow{t, counts[t.Name]})
	}
	page.CatchUp, err = s.State.CatchingUp(r.Context())
	return answer{template: "topics", data: page}, err
}

// topicPage is the form of one topic. What was typed is kept where it is
// refused.
type topicPage struct {
	New            bool
	Name           string
	Any, All, None string // a word a line
	Watch          bool
	EditedBy       string
	EditedAt       time.Time
	Problems       []string
	Matches        int
	Newest         []store.Stored
}

func (s *Server) showTopic(r *http.Request, _ *visit) (answer, error) {
	name := r.FormValue("name")
	if name == "" {
		return answer{template: "topic", data: topicPage{New: true, Watch: true}}, nil
	}
	t, err := s.topic(r, name)
	if err != nil {
		return answer{}, err
	}
	page := topicPage{
		Name: t.Name, Any: strings.Join(t.Any, "\n"), All: strings.Join(t.All, "\n"), None: strings.Join(t.None, "\n"),
		Watch: t.Watch, EditedBy: t.EditedBy, EditedAt: t.EditedAt,
	}
	res, err := s.Index.Search(r.Context(), index.Query{Topics: []string{name}, From: s.Now().Add(-matchWindow), Limit: 3})
	if err != nil {
		return answer{}, err
	}
	page.Matches = res.Total
	ids := make([]string, len(res.Hits))
	for i, h := range res.Hits {
		ids[i] = h.ID
	}
	page.Newest, err = s.State.Posts(r.Context(), ids...)
	return answer{template: "topic", data: page}, err
}

func (s *Server) topic(r *http.Request, name string) (store.TopicState, error) {
	states, err := s.State.Topics(r.Context())
	if err != nil {
		return store.TopicState{}, err
	}
	for _, t := range states {
		if t.Name == name {
			return t, nil
		}
	}
	return store.TopicState{}, opinion.ErrNotFound
}

// saveTopic checks the rule, stores it, and puts it in force: the past is judged
// by it before watching goes on.
func (s *Server) saveTopic(r *http.Request, v *visit) (answer, error) {
	f := r.PostForm
	page := topicPage{
		New: f.Get("new") != "", Name: strings.TrimSpace(f.Get("name")), Any: f.Get("any"), All: f.Get("all"), None: f.Get("none"),
		Watch: f.Get("watch") != "",
	}
	t := opinion.Topic{Name: page.Name, Any: words(page.Any), All: words(page.All), None: words(page.None), Watch: page.Watch}
	for _, fault := range s.CheckTopic(t) {
		page.Problems = append(page.Problems, faultText(v.Lang, &fault))
	}
	if t.Name == opinion.AllPolice || len(t.Name) > 60 || strings.ContainsAny(t.Name, "\r\n") {
		page.Problems = append(page.Problems, i18n.Say(v.Lang, "topics.bad_name"))
	}
	if page.New {
		if _, err := s.topic(r, t.Name); err == nil {
			page.Problems = append(page.Problems, i18n.Say(v.Lang, "topics.name_taken"))
		}
	}
	if len(page.Problems) > 0 {
		return answer{template: "topic", status: http.StatusUnprocessableEntity, data: page}, nil
	}
	if err := s.State.SaveTopic(r.Context(), t, v.User.Name); err != nil {
		return answer{}, err
	}
	return see("/topics?done=1"), s.Changed(r.Context())
}

// deleteTopic removes a topic that a person added.
func (s *Server) deleteTopic(r *http.Request, v *visit) (answer, error) {
	name := r.PostForm.Get("name")
	err := s.State.DeleteTopic(r.Context(), name, v.User.Name)
	if isConflict(err) {
		return answer{}, &fault{status: http.StatusConflict, code: "topics.of_the_file"}
	}
	if err != nil {
		return answer{}, err
	}
	return see("/topics?done=1"), s.Changed(r.Context())
}

// words takes what was typed apart: at line breaks, blanks and commas, but
// never inside quotation marks.
func words(typed string) []string {
	var out []string
	var b strings.Builder
	quoted := false
	end := func() {
		if w := strings.TrimSpace(b.String()); w != "" {
			out = append(out, w)
		}
		b.Reset()
	}
	for _, r := range typed {
		switch {
		case strings.ContainsRune(`"“”`, r):
			quoted = !quoted
			b.WriteRune('"')
		case r == '\n' || r == '\r':
			quoted = false
			end()
		case !quoted && strings.ContainsRune(" \t　,，、;；", r):
			end()
		default:
			b.WriteRune(r)
		}
	}
	end()
	return out
}
