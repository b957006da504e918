package web

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"minsheng/analysis"
	"minsheng/index"
	"minsheng/opinion"
)

// searchForm is what the search page is asked, as it was typed. Its address
// form is the same, so that a search can be kept as a bookmark.
type searchForm struct {
	Q, Topic, Place, Source, Class, Attitude string
	Days, From, Until, Order, Incident       string
	Cursor                                   string
}

// periods are the choices of time, in days; 0 is any time.
var periods = []int{0, 1, 7, 30, 90}

const (
	mostTyped  = 2000 // bytes of a query as typed; the parser says more
	mostFilter = 200  // bytes of a filter
)

// readSearch takes the form out of an address. Everything is cut to a length
// that an honest page stays below.
func readSearch(v url.Values) searchForm {
	text := func(name string, most int) string {
		s := strings.ToValidUTF8(strings.TrimSpace(v.Get(name)), "\uFFFD")
		for len(s) > most {
			_, size := utf8.DecodeLastRuneInString(s)
			s = s[:len(s)-size]
		}
		return s
	}
	f := searchForm{
		Q: text("q", mostTyped), Topic: text("topic", mostFilter), Place: text("place", mostFilter), Source: text("source", mostFilter),
		Class: text("class", mostFilter), Attitude: text("attitude", mostFilter), Days: text("days", mostFilter),
		From: text("from", mostFilter), Until: text("until", mostFilter), Order: text("order", mostFilter),
		Incident: text("incident", mostFilter), Cursor: text("cursor", mostTyped),
	}
	if f.Order == "" {
		f.Order = string(index.Newest)
	}
	if f.Days == "" {
		f.Days = "0"
	}
	return f
}

// address is the page with this form; path is /search or /search.csv.
func (f searchForm) address(path string) string {
	v := url.Values{}
	set := func(name, value, usual string) {
		if value != usual {
			v.Set(name, value)
		}
	}
	set("q", f.Q, "")
	set("topic", f.Topic, "")
	set("place", f.Place, "")
	set("source", f.Source, "")
	set("class", f.Class, "")
	set("attitude", f.Attitude, "")
	set("days", f.Days, "0")
	set("from", f.From, "")
	set("until", f.Until, "")
	set("order", f.Order, string(index.Newest))
	set("incident", f.Incident, "")
	set("cursor", f.Cursor, "")
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// Narrowed reports whether filters are set that the page keeps folded away.
func (f searchForm) Narrowed() bool {
	return f.Topic+f.Place+f.Source+f.Class+f.Attitude+f.From+f.Until != "" || f.Order != string(index.Newest)
}

// query reads the form. An error is an *opinion.Fault; of a query that cannot
// be read its first argument is the place in the folded query.
func (f searchForm) query(now time.Time, zone *time.Location) (index.Query, error) {
	q := index.Query{
		Topics: only(f.Topic), Places: only(f.Place), Sources: only(f.Source),
		Incident: f.Incident, Order: index.Order(f.Order), Cursor: f.Cursor, Zone: zone,
	}
	if q.Order != index.Newest && q.Order != index.Best {
		return q, invalid("search.bad_filter", f.Order)
	}
	if f.Class != "" {
		if !slices.Contains(opinion.Classes, opinion.Class(f.Class)) {
			return q, invalid("search.bad_filter", f.Class)
		}
		q.Classes = []opinion.Class{opinion.Class(f.Class)}
	}
	if f.Attitude != "" {
		if !slices.Contains(opinion.Attitudes, opinion.Attitude(f.Attitude)) {
			return q, invalid("search.bad_filter", f.Attitude)
		}
		q.Attitudes = []opinion.Attitude{opinion.Attitude(f.Attitude)}
	}
	if err := f.span(&q, now, zone); err != nil {
		return q, err
	}
	folded, _ := analysis.Fold(f.Q)
	expr, err := index.ParseQuery(folded)
	q.Expr = expr
	return q, err
}

// span sets the time that is searched: typed dates, whole days of the office,
// or else the chosen period.
func (f searchForm) span(q *index.Query, now time.Time, zone *time.Location) error {
	for _, one := range []struct {
		typed string
		to    *time.Time
		days  int
	}{{f.From, &q.From, 0}, {f.Until, &q.Until, 1}} {
		if one.typed == "" {
			continue
		}
		t, err := time.ParseInLocation(time.DateOnly, one.typed, zone)
		if err != nil {
			return invalid("search.bad_date", one.typed)
		}
		*one.to = t.AddDate(0, 0, one.days)
	}
	if !q.From.IsZero() && !q.Until.IsZero() && !q.From.Before(q.Until) {
		return invalid("search.date_order")
	}
	days, err := f.days()
	if err != nil || days == 0 || f.From != "" || f.Until != "" {
		return err
	}
	if days == 1 {
		q.From = index.BinStart(now.Add(-day), courseStep, zone)
	} else {
		q.From = index.BinStart(now, day, zone).AddDate(0, 0, 1-days)
	}
	q.Until = now.Add(time.Minute) // what is published this second belongs to it
	return nil
}

// days is the chosen period.
func (f searchForm) days() (int, error) {
	days, err := strconv.Atoi(f.Days)
	if err != nil || !slices.Contains(periods, days) {
		return 0, invalid("search.bad_filter", f.Days)
	}
	return days, nil
}

func only(value string) []string {
	if value == "" {
		return nil
	}
	return []string{value}
}

func invalid(code string, args ...string) error {
	return opinion.NewFault(code, fmt.Errorf("read search form: %w", opinion.ErrInvalid), args...)
}

// where marks the place in a query that cannot be read.
type where struct{ Before, At, After string }

// whereIn finds the place that a fault of ParseQuery names: it counts from 1 in
// the folded query, and is shown in the query as typed.
func whereIn(typed string, f *opinion.Fault) *where {
	if !strings.HasPrefix(f.Code, "query.") || len(f.Args) == 0 {
		return nil
	}
	n, err := strconv.Atoi(f.Args[0])
	if err != nil || n < 1 {
		return nil
	}
	n--
	runes := []rune(typed)
	if _, back := analysis.Fold(typed); back != nil {
		if n < len(back) {
			n = int(back[n])
		} else {
			n = len(runes)
		}
	}
	n = min(n, len(runes))
	w := &where{Before: string(runes[:n]), At: "▁"}
	if n < len(runes) {
		w.At, w.After = string(runes[n]), string(runes[n+1:])
	}
	return w
}

// malformed reports whether err says that what was asked cannot be answered as
// it stands, and how to say so.
func malformed(err error) *opinion.Fault {
	var f *opinion.Fault
	switch {
	case !errors.Is(err, opinion.ErrInvalid):
		return nil
	case errors.As(err, &f):
		return f
	}
	return opinion.NewFault("search.bad_cursor", err)
}
