package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"minsheng/alerts"
	"minsheng/i18n"
	"minsheng/index"
	"minsheng/opinion"
	"minsheng/store"
)

// alertsPage is what needs somebody now, what somebody works on, and what is
// over.
type alertsPage struct {
	Open    []alertRow
	Taken   []alertRow
	Ended   []alertRow
	More    int64 // ended ones below this number are on the next page; 0 for none
	Earlier bool  // this is a later page of what is over
	House   houseLine
}

// alertRow is an alert in a list.
type alertRow struct {
	opinion.Alert
	Counts, Share, Spread string
	Words                 []opinion.Word
	Spark                 course
}

// houseLine says in one line whether Minsheng itself is well.
type houseLine struct {
	Well, Ill int      // sources
	Paused    int      // sources that a person told not to be asked
	Names     []string // of the ill ones, the first few
	Deaf      bool     // there is no source
	Mute      bool     // there is no channel
	Delivered time.Time
	Dead      int // deliveries that wait for a person
	Catching  int // addresses and posts of the past that still wait
}

const (
	endedLimit  = 20
	openLimit   = 100
	sparkLimit  = 20 // rows with a picture
	courseHours = 24
	courseStep  = 30 * time.Minute
	rowWords    = 5
)

func (s *Server) showAlerts(r *http.Request, v *visit) (answer, error) {
	ctx := r.Context()
	before, err := strconv.ParseInt(cmp.Or(r.FormValue("before"), "0"), 10, 64)
	if err != nil || before < 0 {
		return answer{}, errNoPage
	}
	page := alertsPage{Earlier: before > 0}
	if !page.Earlier {
		waiting, err := s.State.Alerts(ctx, store.AlertQuery{States: []opinion.AlertState{opinion.Open, opinion.Taken}, Limit: openLimit})
		if err != nil {
			return answer{}, err
		}
		slices.SortStableFunc(waiting, urgentFirst)
		for i, a := range waiting {
			row, err := s.alertRow(ctx, v.Lang, a, i < sparkLimit)
			if err != nil {
				return answer{}, err
			}
			if a.State == opinion.Open {
				page.Open = append(page.Open, row)
			} else {
				page.Taken = append(page.Taken, row)
			}
		}
		if page.House, err = s.house(ctx); err != nil {
			return answer{}, err
		}
	}
	ended, err := s.State.Alerts(ctx, store.AlertQuery{States: []opinion.AlertState{opinion.Closed, opinion.FalseAlarm}, Before: before, Limit: endedLimit + 1})
	if err != nil {
		return answer{}, err
	}
	if len(ended) > endedLimit {
		ended = ended[:endedLimit]
		page.More = ended[endedLimit-1].Number
	}
	for _, a := range ended {
		row, err := s.alertRow(ctx, v.Lang, a, false)
		if err != nil {
			return answer{}, err
		}
		page.Ended = append(page.Ended, row)
	}
	return answer{template: "alerts", data: page}, nil
}

// urgentFirst sorts by level, then newest first.
func urgentFirst(a, b opinion.Alert) int {
	levels := []opinion.Level{opinion.Urgent, opinion.Warn, opinion.Notice}
	return cmp.Or(cmp.Compare(slices.Index(levels, a.Level), slices.Index(levels, b.Level)), cmp.Compare(b.Number, a.Number))
}

func (s *Server) alertRow(ctx context.Context, lang i18n.Lang, a opinion.Alert, picture bool) (alertRow, error) {
	why := s.message(lang, a).Why()
	row := alertRow{Alert: a, Counts: why[0], Share: why[1], Spread: why[2], Words: a.Words[:min(len(a.Words), rowWords)]}
	if !picture {
		return row, nil
	}
	c, err := s.riseCourse(ctx, lang, a)
	row.Spark = c.spark()
	return row, err
}

// message is the alert as channels tell it, so that page and message agree.
func (s *Server) message(lang i18n.Lang, a opinion.Alert) alerts.Message {
	return alerts.Message{Alert: a, Office: s.Office, Lang: lang, Zone: s.Zone}
}

// riseCourse is the course of the alert's series over a day that holds the
// rise: the last one while it is fresh, the one around it later.
func (s *Server) riseCourse(ctx context.Context, lang i18n.Lang, a opinion.Alert) (courseOf, error) {
	now := s.Now()
	end := a.Rise.End
	if end.IsZero() {
		end = a.Raised
	}
	until := now
	if latest := end.Add(courseHours / 4 * time.Hour); until.After(latest) {
		until = latest
	}
	from := until.Add(-courseHours * time.Hour)
	tallies, err := s.State.Tallies(ctx, a.Rise.Series, index.BinStart(from, courseStep, s.Zone), until)
	if err != nil {
		return courseOf{}, err
	}
	known := make([]index.Bin, len(tallies))
	for i, t := range tallies {
		known[i] = index.Bin{Start: t.Bucket, Total: t.Total, Negative: t.Negative}
	}
	return courseOf{
		ID: "rise", Title: i18n.Say(lang, "chart.rise_title", seriesName(lang, a.Rise.Series)),
		Bins: fillBins(known, from, until, courseStep, s.Zone), Step: courseStep,
		Now: now, Zone: s.Zone, Lang: lang,
		Start: a.Rise.Start, End: a.Rise.End, Expected: a.Rise.Expected, Raised: a.Raised,
	}, nil
}

// seriesName names a series as people say it.
func seriesName(lang i18n.Lang, of opinion.Series) string {
	if of.Place == "" {
		return of.Topic
	}
	return i18n.Say(lang, "series.in_place", of.Topic, of.Place)
}

const (
	namedIll = 3
	behind   = 200 // posts of the past that wait; fewer are soon done
)

func (s *Server) house(ctx context.Context) (houseLine, error) {
	var h houseLine
	sources, err := s.State.Sources(ctx)
	if err != nil {
		return h, err
	}
	for _, src := range sources {
		switch {
		case !src.Active:
		case src.Paused:
			h.Paused++
		case src.Failures == 0 && len(s.ailments(src)) == 0:
			h.Well++
		default:
			h.Ill++
			if len(h.Names) < namedIll {
				h.Names = append(h.Names, src.Name)
			}
		}
	}
	h.Deaf, h.Mute = h.Well+h.Ill+h.Paused == 0, len(s.Channels) == 0
	last, err := s.State.LastDelivered(ctx)
	if err != nil {
		return h, err
	}
	for _, receipt := range last {
		if receipt.At.After(h.Delivered) {
			h.Delivered = receipt.At
		}
	}
	dead, err := s.State.Deliveries(ctx, opinion.Dead, openLimit)
	if err != nil {
		return h, err
	}
	h.Dead = len(dead)
	past, err := s.State.CatchingUp(ctx)
	if len(past.Sources) > 0 || past.Posts >= behind {
		h.Catching = past.Pages + past.Posts
	}
	return h, err
}
