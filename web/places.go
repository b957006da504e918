package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"minsheng/analysis"
	"minsheng/i18n"
	"minsheng/opinion"
	"minsheng/store"
)

const mostPlaceRows = 500 // on the page

// placesPage lists the gazetteer with the form of one place.
type placesPage struct {
	Rows     []placeRow
	All      int
	Form     placeForm
	Problems []string
	Done     bool
	CatchUp  store.CatchUp
}

type placeRow struct {
	opinion.Place
	InFile   bool // the configuration has a place of this name
	EditedBy string
	EditedAt time.Time
}

// placeForm is what was typed, a name a line. Old is the place that is being
// changed, "" for a new one.
type placeForm struct{ Old, Name, Aliases, Context string }

func (s *Server) showPlaces(r *http.Request, _ *visit) (answer, error) {
	page, err := s.placesPage(r)
	if err != nil {
		return answer{}, err
	}
	page.Done = r.FormValue("done") != ""
	if edit := r.FormValue("edit"); edit != "" {
		i := slices.IndexFunc(page.Rows, func(p placeRow) bool { return p.Name == edit })
		if i < 0 {
			return answer{}, errNoPage
		}
		p := page.Rows[i]
		page.Form = placeForm{Old: p.Name, Name: p.Name, Aliases: strings.Join(p.Aliases, "\n"), Context: strings.Join(p.Context, "\n")}
	}
	return answer{template: "places", data: page.shown()}, nil
}

// shown is the page with as many rows as one can read.
func (p placesPage) shown() placesPage {
	p.Rows = p.Rows[:min(len(p.Rows), mostPlaceRows)]
	return p
}

// placesPage lays what people saved over what the file says.
func (s *Server) placesPage(r *http.Request) (page placesPage, err error) {
	_, file := s.Taught()
	for _, p := range file {
		page.Rows = append(page.Rows, placeRow{Place: p, InFile: true})
	}
	own, err := s.State.OwnPlaces(r.Context())
	if err != nil {
		return page, err
	}
	for _, p := range own {
		row := placeRow{Place: p.Place, EditedBy: p.EditedBy, EditedAt: p.EditedAt}
		if i := slices.IndexFunc(page.Rows, func(f placeRow) bool { return f.Name == p.Name }); i >= 0 {
			row.InFile = true
			page.Rows[i] = row
		} else {
			page.Rows = append(page.Rows, row)
		}
	}
	page.All = len(page.Rows)
	page.CatchUp, err = s.State.CatchingUp(r.Context())
	return page, err
}

// savePlace checks a place among the others, stores it, and puts it in force.
func (s *Server) savePlace(r *http.Request, v *visit) (answer, error) {
	page, err := s.placesPage(r)
	if err != nil {
		return answer{}, err
	}
	f := r.PostForm
	page.Form = placeForm{Old: f.Get("old"), Name: strings.TrimSpace(f.Get("name")), Aliases: f.Get("aliases"), Context: f.Get("context")}
	if page.Form.Old != "" { // a place that is changed keeps its name
		page.Form.Name = page.Form.Old
	}
	place := opinion.Place{Name: page.Form.Name, Aliases: words(page.Form.Aliases), Context: words(page.Form.Context)}
	for _, one := range page.faults(place) {
		page.Problems = append(page.Problems, faultText(v.Lang, &one))
	}
	if len(page.Problems) > 0 {
		return answer{template: "places", status: http.StatusUnprocessableEntity, data: page.shown()}, nil
	}
	if err := s.State.SavePlace(r.Context(), place, v.User.Name); err != nil {
		return answer{}, err
	}
	return s.inForce(r, v, "/places?done=1")
}

// faults says what is wrong with a place, alone and beside the others.
func (p placesPage) faults(place opinion.Place) []opinion.Fault {
	if strings.ContainsAny(place.Name, "\r\n") {
		return []opinion.Fault{*opinion.NewFault("place.length", nil, place.Name, place.Name, "2", "64")}
	}
	var all []opinion.Place
	for _, row := range p.Rows {
		if row.Name == place.Name && p.Form.Old == "" {
			return []opinion.Fault{*opinion.NewFault("place.duplicate", nil, place.Name)}
		}
		if row.Name != place.Name {
			all = append(all, row.Place)
		}
	}
	_, before := analysis.CompilePlaces(all)
	_, after := analysis.CompilePlaces(append(all, place))
	return slices.DeleteFunc(after, func(f opinion.Fault) bool {
		return slices.ContainsFunc(before, func(b opinion.Fault) bool { return fmt.Sprint(b) == fmt.Sprint(f) })
	})
}

func (s *Server) deletePlace(r *http.Request, v *visit) (answer, error) {
	if err := s.State.DeletePlace(r.Context(), r.PostForm.Get("name"), v.User.Name); err != nil {
		return answer{}, err
	}
	return s.inForce(r, v, "/places?done=1")
}

// reviewedPosts are how many of the newest posts topics are judged by.
const reviewedPosts = 5_000

// review says which topics are wrong by what they matched of late.
func (s *Server) review(r *http.Request, l i18n.Lang, states []store.TopicState) (said map[string][]string, posts int, err error) {
	counted, err := s.State.TopicSets(r.Context(), s.Now().Add(-matchWindow), reviewedPosts)
	if err != nil {
		return nil, 0, err
	}
	sets := make([]analysis.MatchedSet, len(counted))
	for i, c := range counted {
		sets[i] = analysis.MatchedSet{Topics: c.Topics, Texts: c.Posts}
		posts += c.Posts
	}
	said = map[string][]string{}
	for name, faults := range analysis.ReviewTopics(store.Rules(states), sets) {
		for _, f := range faults {
			if n, err := strconv.Atoi(f.Args[len(f.Args)-1]); err == nil {
				f.Args[len(f.Args)-1] = Number(l, n)
			}
			said[name] = append(said[name], faultText(l, &f))
		}
	}
	return said, posts, nil
}
