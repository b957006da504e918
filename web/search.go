package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"minsheng/i18n"
	"minsheng/index"
	"minsheng/opinion"
	"minsheng/store"
)

// searchPage is the form as it was sent, and what was found.
type searchPage struct {
	Form    searchForm
	Problem string
	Where   *where
	Deleted bool // a post was just deleted
	Found   *found
	Choices choices
	Periods []int
	Group   *grouped // the incident whose posts are listed
	Done    string   // what was just done to it
}

// found is one page of results and the picture of all of them.
type found struct {
	Total, Negative int
	Share           string
	Exact           bool
	Before          string // the same figures of the time before
	Course          *course
	Shares          *course
	Rows            []resultRow
	Next, Top       string
	Export          string
	Nothing         bool // there is no post at all yet
}

// resultRow is one post in a list.
type resultRow struct {
	store.Stored
	Link     string
	Heading  []piece
	Opening  string // title of the post that it replies to, where it has none itself
	Excerpt  []piece
	Sure     string
	Reasons  []reason
	Incident *opinion.Incident // nil where the post stands alone
	Same     string            // the search of the incident
}

const (
	pageSize   = index.DefaultLimit
	rowReasons = 3
	// incidentTitle is how many characters of an incident's title a link shows.
	incidentTitle = 24
)

func (s *Server) showSearch(r *http.Request, v *visit) (answer, error) {
	page := searchPage{Form: readSearch(r.URL.Query()), Periods: periods, Deleted: r.URL.Query().Has("deleted")}
	status := http.StatusOK
	var err error
	if page.Group, err = s.grouped(r.Context(), page.Form.Incident); err != nil {
		return answer{}, err
	}
	if page.Group != nil {
		page.Form.Incident = page.Group.ID // of one that was merged, what it became
		page.Done, page.Group.Refused = regroupedNote(v.Lang, r.URL.Query()), regroupRefused(v.Lang, r.URL.Query())
	}
	res, err := s.find(r.Context(), v.Lang, page.Form)
	var f *opinion.Fault
	if f = malformed(err); f != nil {
		status, page.Where = http.StatusUnprocessableEntity, whereIn(page.Form.Q, f)
	} else if errors.As(err, &f) {
		status = http.StatusServiceUnavailable // what was typed is kept until the engine is back
	} else if err != nil {
		return answer{}, err
	}
	if f != nil {
		page.Problem = faultText(v.Lang, f)
	} else {
		page.Found = res.page
	}
	if page.Choices, err = s.choices(r.Context(), v.Lang, page.Form, res.facets); err != nil {
		return answer{}, err
	}
	page.Form.Cursor = ""
	err = s.State.Audit(r.Context(), store.Entry{At: s.Now(), User: v.User.Name, Verb: "searched", Object: page.Form.address("/search")})
	if err != nil {
		return answer{}, err
	}
	return answer{template: "search", status: status, data: page}, nil
}

// findings are a page of results with the counts that the filters show.
type findings struct {
	page   *found
	facets map[string][]index.Facet
}

func (s *Server) find(ctx context.Context, lang i18n.Lang, f searchForm) (findings, error) {
	now := s.Now()
	q, err := f.query(now, s.Zone)
	if err != nil {
		return findings{}, err
	}
	q.Limit, q.Facets, q.Step = pageSize, true, stepFor(q)
	res, err := s.Index.Search(ctx, q)
	if err != nil {
		return findings{}, err
	}
	page := &found{Total: res.Total, Negative: res.Negative, Exact: res.Exact, Share: share(res), Export: f.first().address("/search.csv")}
	if page.Rows, err = s.rows(ctx, lang, f, q.Expr, res.Hits); err != nil {
		return findings{}, err
	}
	if res.Next != "" {
		next := f
		next.Cursor = res.Next
		page.Next = next.address("/search")
	}
	if f.Cursor != "" {
		page.Top = f.first().address("/search")
	} else {
		if res.Total > 0 {
			page.Course, page.Shares = s.searchCourse(lang, q, res.Bins, now)
		}
		if page.Before, err = s.before(ctx, lang, f, q); err != nil {
			return findings{}, err
		}
	}
	if res.Total == 0 {
		n, err := s.Index.Count(ctx)
		if err != nil {
			return findings{}, err
		}
		page.Nothing = n == 0
	}
	return findings{page: page, facets: res.Facets}, nil
}

// first is the form without its place among the pages.
func (f searchForm) first() searchForm {
	f.Cursor = ""
	return f
}

func share(res index.Result) string {
	return shareText(index.Bin{Total: res.Total, Negative: res.Negative})
}

// before gives the figures of the period before the chosen one.
func (s *Server) before(ctx context.Context, lang i18n.Lang, f searchForm, q index.Query) (string, error) {
	days, err := f.days()
	if err != nil || days == 0 || f.From != "" || f.Until != "" {
		return "", err
	}
	q.From, q.Until = q.From.AddDate(0, 0, -days), q.From
	q.Limit, q.Facets, q.Step, q.Cursor = 1, false, 0, ""
	res, err := s.Index.Search(ctx, q)
	if err != nil {
		return "", err
	}
	if res.Total == 0 {
		return i18n.Say(lang, "search.before_none", days), nil
	}
	return i18n.Say(lang, "search.before", days, share(res), Number(lang, res.Total)), nil
}

// rows loads the posts of hits. One that was deleted meanwhile is left out.
func (s *Server) rows(ctx context.Context, lang i18n.Lang, f searchForm, x index.Expr, hits []index.Hit) ([]resultRow, error) {
	posts, err := s.State.Posts(ctx, ids(hits)...)
	if err != nil {
		return nil, err
	}
	openings, err := s.openings(ctx, posts)
	if err != nil {
		return nil, err
	}
	words := wanted(x)
	incidents := map[string]*opinion.Incident{}
	rows := make([]resultRow, 0, len(posts))
	for _, p := range posts {
		read := readPost(lang, p, words)
		row := resultRow{
			Stored: p, Link: postAddress(p.ID, f.Q), Heading: read.title(), Opening: openings[p.Thread], Excerpt: read.excerpt(),
			Sure: sure(p), Reasons: reasons(lang, p.Verdict.Evidence),
		}
		row.Reasons = row.Reasons[:min(len(row.Reasons), rowReasons)]
		if row.Incident, err = s.incident(ctx, incidents, p.Incident); err != nil {
			return nil, err
		}
		if row.Incident != nil {
			row.Same = incidentAddress(p.Incident)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// openings are the headlines of the posts that these reply to, by ID. One that
// spoke neither of the police nor of a topic was not stored and is not there.
func (s *Server) openings(ctx context.Context, posts []store.Stored) (map[string]string, error) {
	var threads []string
	for _, p := range posts {
		if p.Thread != "" && !slices.Contains(threads, p.Thread) {
			threads = append(threads, p.Thread)
		}
	}
	stored, err := s.State.Posts(ctx, threads...)
	known := make(map[string]string, len(stored))
	for _, p := range stored {
		known[p.ID] = headline(p)
	}
	return known, err
}

func ids(hits []index.Hit) []string {
	out := make([]string, len(hits))
	for i, h := range hits {
		out[i] = h.ID
	}
	return out
}

func postAddress(id, query string) string {
	if query == "" {
		return "/posts/" + id
	}
	return "/posts/" + id + "?q=" + queryEscape(query)
}

// incident returns an incident of more than one post, nil otherwise; known
// keeps those already asked for.
func (s *Server) incident(ctx context.Context, known map[string]*opinion.Incident, id string) (*opinion.Incident, error) {
	if found, asked := known[id]; asked || id == "" {
		return found, nil
	}
	known[id] = nil
	incident, err := s.State.Incident(ctx, id)
	if errors.Is(err, opinion.ErrNotFound) {
		return nil, nil
	}
	if err == nil && incident.Posts > 1 {
		incident.Title = clipText(incident.Title, incidentTitle)
		known[id] = &incident
	}
	return known[id], err
}

// mostColumns is how many bins a picture shows at most.
const mostColumns = 75

// stepFor is the width of bins to ask for: as fine as reads well where the time
// is bounded, days otherwise; searchCourse makes them wider.
func stepFor(q index.Query) time.Duration {
	if q.From.IsZero() || q.Until.IsZero() {
		return day
	}
	switch long := q.Until.Sub(q.From); {
	case long <= 30*time.Hour:
		return courseStep
	case long <= 3*day:
		return time.Hour
	}
	return day
}

// searchCourse draws the counts, and below them the share of negatives.
func (s *Server) searchCourse(lang i18n.Lang, q index.Query, bins []index.Bin, now time.Time) (counts, shares *course) {
	if len(bins) == 0 {
		return nil, nil
	}
	from, until, step := q.From, q.Until, q.Step
	if until.IsZero() {
		until = now
		if last := binEnd(bins[len(bins)-1].Start, step, s.Zone); last.After(until) {
			until = last
		}
	}
	if from.IsZero() {
		from = bins[0].Start
		if week := until.AddDate(0, 0, -7); week.Before(from) {
			from = week
		}
	}
	if step == day {
		for _, days := range []time.Duration{1, 7, 28, 91, 364} {
			if step = days * day; until.Sub(from) <= mostColumns*step {
				break
			}
		}
	}
	c := courseOf{ID: "found", Title: i18n.Say(lang, "search.chart", stepName(lang, step)), Bins: fillBins(bins, from, until, step, s.Zone), Step: step, Now: now, Zone: s.Zone, Lang: lang}
	drawn := c.draw()
	return &drawn, c.shares()
}

func stepName(lang i18n.Lang, step time.Duration) string {
	switch step {
	case courseStep:
		return i18n.Say(lang, "search.by_half")
	case time.Hour:
		return i18n.Say(lang, "search.by_hour")
	case day:
		return i18n.Say(lang, "search.by_day")
	}
	return i18n.Say(lang, "search.by_days", int(step/day))
}

// choices are what the filters offer.
type choices struct {
	Topics, Places, Sources, Classes, Attitudes []choice
}

// choice is one value of a filter; Count is 0 where it was not counted.
type choice struct {
	Value, Label string
	Count        int
	Chosen       bool
}

func (s *Server) choices(ctx context.Context, lang i18n.Lang, f searchForm, facets map[string][]index.Facet) (choices, error) {
	topics, err := s.State.Topics(ctx)
	if err != nil {
		return choices{}, err
	}
	sources, err := s.State.Sources(ctx)
	if err != nil {
		return choices{}, err
	}
	var c choices
	var names []string
	for _, t := range topics {
		names = append(names, t.Name)
	}
	c.Topics = offer(names, facets[index.ByTopic], f.Topic, nil)
	names = nil
	for _, src := range sources {
		names = append(names, src.Name)
	}
	c.Sources = offer(names, facets[index.BySource], f.Source, nil)
	c.Places = offer(nil, facets[index.ByPlace], f.Place, nil)
	names = nil
	for _, class := range opinion.Classes {
		names = append(names, string(class))
	}
	c.Classes = offer(names, facets[index.ByClass], f.Class, func(v string) string { return i18n.Say(lang, "class."+v) })
	names = nil
	for _, a := range opinion.Attitudes {
		names = append(names, string(a))
	}
	c.Attitudes = offer(names, facets[index.ByAttitude], f.Attitude, func(v string) string { return i18n.Say(lang, "attitude."+v) })
	return c, nil
}

// offer lists the known values, then those that were counted, then a chosen
// one that is neither, so that a form sent again asks the same.
func offer(known []string, counted []index.Facet, chosen string, label func(string) string) []choice {
	var out []choice
	add := func(value string) *choice {
		i := slices.IndexFunc(out, func(c choice) bool { return c.Value == value })
		if i < 0 {
			text := value
			if label != nil {
				text = label(value)
			}
			out = append(out, choice{Value: value, Label: text, Chosen: value == chosen})
			i = len(out) - 1
		}
		return &out[i]
	}
	for _, value := range known {
		add(value)
	}
	for _, facet := range counted {
		if strings.TrimSpace(facet.Value) != "" && (label == nil || len(known) > 0) {
			add(facet.Value).Count = facet.Count
		}
	}
	if chosen != "" && (label == nil || slices.Contains(known, chosen)) {
		add(chosen)
	}
	return out
}
