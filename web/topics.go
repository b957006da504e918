package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"minsheng/i18n"
	"minsheng/index"
	"minsheng/opinion"
	"minsheng/store"
)

// topicsPage lists the topics with what they match now.
type topicsPage struct {
	Topics  []topicRow
	Wrong   int  // topics that need a look
	Sampled int  // posts by which they were judged
	Down    bool // the search engine does not answer, nothing is counted
	Done    bool
	CatchUp store.CatchUp
}

type topicRow struct {
	store.TopicState
	Matches int // posts of the last 30 days
	Rule    []ruleLine
	Wrong   []string // what is wrong with it, by what it matched
}

const (
	matchWindow = 30 * 24 * time.Hour
	longestName = 30 // characters of a topic's name
)

func (s *Server) showTopics(r *http.Request, v *visit) (answer, error) {
	states, err := s.State.Topics(r.Context())
	if err != nil {
		return answer{}, err
	}
	res, err := s.Index.Search(r.Context(), index.Query{From: s.Now().Add(-matchWindow), Limit: 1, Facets: true, Zone: s.Zone})
	engineDown := isFault(err)
	if err != nil && !engineDown {
		return answer{}, err
	}
	counts := map[string]int{}
	for _, f := range res.Facets[index.ByTopic] {
		counts[f.Value] = f.Count
	}
	page := topicsPage{Done: r.FormValue("done") != "", Down: engineDown}
	wrong, posts, err := s.review(r, v.Lang, states)
	if err != nil {
		return answer{}, err
	}
	page.Wrong, page.Sampled = len(wrong), posts
	for _, t := range states {
		page.Topics = append(page.Topics, topicRow{t, counts[t.Name], ruleLines(t.Topic), wrong[t.Name]})
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
	Problems       map[string][]string // by field; those of the whole under ""
	Trial          *trial              // what the typed rule would match
	Down           bool                // the search engine does not answer, nothing is counted
	Matches        int
	Newest         []store.Stored
	Wrong          []string // what is wrong with it, by what it matched
}

func (s *Server) showTopic(r *http.Request, v *visit) (answer, error) {
	name := r.FormValue("name")
	if name == "" {
		return answer{template: "topic", data: &topicPage{New: true, Watch: true, Any: clipText(r.FormValue("any"), longestName)}}, nil
	}
	t, err := s.topic(r, name)
	if err != nil {
		return answer{}, err
	}
	page := topicPage{
		Name: t.Name, Any: strings.Join(t.Any, "\n"), All: strings.Join(t.All, "\n"), None: strings.Join(t.None, "\n"),
		Watch: t.Watch, EditedBy: t.EditedBy, EditedAt: t.EditedAt,
	}
	states, err := s.State.Topics(r.Context())
	if err != nil {
		return answer{}, err
	}
	wrong, _, err := s.review(r, v.Lang, states)
	if err != nil {
		return answer{}, err
	}
	page.Wrong = wrong[t.Name]
	return answer{template: "topic", data: &page}, s.matches(r, &page)
}

// matches adds what the topic holds now. Rules can be edited while the search
// engine does not answer.
func (s *Server) matches(r *http.Request, page *topicPage) error {
	res, err := s.Index.Search(r.Context(), index.Query{Topics: []string{page.Name}, From: s.Now().Add(-matchWindow), Limit: 3})
	if page.Down = isFault(err); page.Down {
		return nil
	}
	if err != nil {
		return err
	}
	page.Matches = res.Total
	ids := make([]string, len(res.Hits))
	for i, h := range res.Hits {
		ids[i] = h.ID
	}
	page.Newest, err = s.State.Posts(r.Context(), ids...)
	for i, p := range page.Newest {
		page.Newest[i].Title = headline(p)
	}
	return err
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
	page := &topicPage{
		New: f.Get("new") != "", Name: strings.TrimSpace(f.Get("name")), Any: f.Get("any"), All: f.Get("all"), None: f.Get("none"),
		Watch: f.Get("watch") != "",
	}
	t := opinion.Topic{Name: page.Name, Any: words(page.Any), All: words(page.All), None: words(page.None), Watch: page.Watch}
	page.Problems = s.topicProblems(v.Lang, t)
	if page.New && len(page.Problems["name"]) == 0 {
		switch _, err := s.topic(r, t.Name); {
		case err == nil:
			page.Problems["name"] = []string{i18n.Say(v.Lang, "topics.name_taken")}
		case !errors.Is(err, opinion.ErrNotFound):
			return answer{}, err
		}
	}
	if len(page.Problems) > 0 {
		if page.New {
			return answer{template: "topic", status: http.StatusUnprocessableEntity, data: page}, nil
		}
		return answer{template: "topic", status: http.StatusUnprocessableEntity, data: page}, s.matches(r, page)
	}
	if f.Get("verb") == "try" {
		tried, err := s.tryTopic(r.Context(), t)
		page.Trial = tried
		if err != nil || page.New {
			return answer{template: "topic", data: page}, err
		}
		return answer{template: "topic", data: page}, s.matches(r, page)
	}
	if err := s.State.SaveTopic(r.Context(), t, v.User.Name); err != nil {
		return answer{}, err
	}
	return s.inForce(r, v, "/topics?done=1")
}

// topicProblems says what is wrong with a topic, beside the field where it is.
// A fault belongs to the first field that has it alone, too.
func (s *Server) topicProblems(l i18n.Lang, t opinion.Topic) map[string][]string {
	problems := map[string][]string{}
	if t.Name == opinion.AllPolice || utf8.RuneCountInString(t.Name) > longestName || strings.ContainsAny(t.Name, "\r\n") {
		problems["name"] = []string{i18n.Say(l, "topics.bad_name", longestName)}
	}
	alone := map[string][]opinion.Fault{
		"name": s.CheckTopic(opinion.Topic{Name: t.Name, Any: []string{"民警"}}),
		"any":  s.CheckTopic(opinion.Topic{Name: t.Name, Any: t.Any}),
		"all":  s.CheckTopic(opinion.Topic{Name: t.Name, Any: t.All}),
		"none": s.CheckTopic(opinion.Topic{Name: t.Name, Any: t.None}),
	}
	for _, fault := range s.CheckTopic(t) {
		field := ""
		for _, one := range []string{"name", "any", "all", "none"} {
			if slices.ContainsFunc(alone[one], func(f opinion.Fault) bool { return f.Code == fault.Code && slices.Equal(f.Args, fault.Args) }) {
				field = one
				break
			}
		}
		if text := faultText(l, &fault); !slices.Contains(problems[field], text) {
			problems[field] = append(problems[field], text)
		}
	}
	return problems
}

// inForce tells the loops that topics, words or places changed, and leads on.
func (s *Server) inForce(r *http.Request, v *visit, to string) (answer, error) {
	if err := s.Changed(r.Context()); err != nil {
		s.Log.ErrorContext(r.Context(), "put a change in force failed", "request", v.ID, "err", err)
		return answer{}, &fault{status: http.StatusServiceUnavailable, code: "teach.not_in_force"}
	}
	return see(to), nil
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
	return s.inForce(r, v, "/topics?done=1")
}

// ruleLine is one line of a rule, cut short where it is long.
type ruleLine struct {
	Field string // any, all, none
	Words []string
	More  int  // how many words there are where not all are shown
	OneOf bool // any of these words will do, in a line of which something must occur
}

const shownWords = 8

// ruleLines says a rule so that it can be read at a glance.
func ruleLines(t opinion.Topic) []ruleLine {
	var lines []ruleLine
	add := func(field string, list []string, oneOf bool) {
		var all []string
		for _, line := range list {
			all = append(all, strings.FieldsFunc(line, func(r rune) bool { return r == '|' || r == '｜' })...)
		}
		if len(all) == 0 {
			return
		}
		line := ruleLine{Field: field, Words: all, OneOf: oneOf && len(all) > 1}
		if len(all) > shownWords {
			line.Words, line.More = all[:shownWords], len(all)
		}
		lines = append(lines, line)
	}
	add("any", t.Any, false)
	for _, line := range t.All {
		add("all", []string{line}, true)
	}
	add("none", t.None, false)
	return lines
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
