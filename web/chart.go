package web

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"minsheng/i18n"
	"minsheng/index"
)

// course is a chart of counts over time: columns of negatives and the rest,
// and below it a table of the same numbers. Places along the axis are percents
// of the width, so that the words keep their size on every screen and nothing
// depends on a script.
type course struct {
	ID, Title, Desc string
	Columns         []column
	Ticks           []tick
	Lines           []gridLine
	Window          *stretch // where the rise was seen
	Usual           *level   // what was expected there
	Mark            *tick    // when the alert was raised
	Open            bool     // the last bin still fills
	Height, Base    int
	Rows            []courseRow
}

// column is one bin. X, W and the like are percents, Y and H pixels.
type column struct {
	X, W         string
	Neg, Rest    bar
	Open         bool // the bin has not ended yet
	Label        string
	TopY, TallPx int
}

type bar struct{ Y, H string }

type tick struct {
	X, Label, Anchor string
	Minor            bool // left out on a narrow screen
}

type gridLine struct {
	Y     int
	Label string
}

type stretch struct{ X, W string }

type level struct{ X1, X2, Y string }

type courseRow struct {
	When            string
	Total, Negative int
	Share           string
	Open            bool
}

// courseOf is what a course is drawn from. Bins are whole, in order of time,
// and without gaps; see fillBins.
type courseOf struct {
	ID, Title string
	Bins      []index.Bin
	Step      time.Duration
	Now       time.Time
	Zone      *time.Location
	Lang      i18n.Lang
	Start     time.Time // of the rise; zero where there is none
	End       time.Time
	Expected  float64 // negatives between Start and End
	Raised    time.Time
}

const (
	courseHeight = 208
	courseTop    = 20
	courseBase   = 184
	sparkHeight  = 28
	day          = 24 * time.Hour
)

// draw lays a course out.
func (c courseOf) draw() course {
	n := len(c.Bins)
	out := course{ID: c.ID, Title: c.Title, Height: courseHeight, Base: courseBase}
	if n == 0 {
		return out
	}
	most, total, negative := 0, 0, 0
	for _, b := range c.Bins {
		most, total, negative = max(most, b.Total), total+b.Total, negative+b.Negative
	}
	top := niceTop(most)
	out.Columns = c.columns(top, courseTop, courseBase)
	out.Ticks = c.ticks()
	out.Lines = append(out.Lines, gridLine{Y: courseBase})
	for _, part := range []int{1, 2} {
		out.Lines = append(out.Lines, gridLine{Y: courseBase - part*(courseBase-courseTop)/2, Label: Number(c.Lang, top*part/2)})
	}
	out.Desc = i18n.Say(c.Lang, "chart.desc", c.when(c.Bins[0].Start), c.when(c.Bins[n-1].Start), total, negative, most)
	c.rise(&out, top)
	for _, b := range c.Bins {
		out.Open = out.Open || c.open(b)
		out.Rows = append(out.Rows, courseRow{When: c.when(b.Start), Total: b.Total, Negative: b.Negative, Share: shareText(b), Open: c.open(b)})
	}
	return out
}

func (c courseOf) columns(top, topY, baseY int) []column {
	n := float64(len(c.Bins))
	scale := float64(baseY-topY) / float64(max(top, 1))
	columns := make([]column, len(c.Bins))
	for i, b := range c.Bins {
		neg, all := float64(b.Negative)*scale, float64(b.Total)*scale
		columns[i] = column{
			X: percentOf((float64(i) + .1) / n), W: percentOf(.8 / n), Open: c.open(b), TopY: topY, TallPx: baseY - topY,
			Neg:   bar{pixels(float64(baseY) - neg), pixels(neg)},
			Rest:  bar{pixels(float64(baseY) - all), pixels(all - neg)},
			Label: i18n.Say(c.Lang, "chart.column", c.when(b.Start), b.Total, b.Negative, shareText(b)),
		}
	}
	return columns
}

// rise marks the window of a rise, what was expected in it, and the alert.
func (c courseOf) rise(out *course, top int) {
	if c.Start.IsZero() || !c.End.After(c.Start) {
		return
	}
	x1, x2 := c.at(c.Start), c.at(c.End)
	if x2 > x1 {
		out.Window = &stretch{percentOf(x1), percentOf(x2 - x1)}
		each := c.Expected * float64(c.Step) / float64(c.End.Sub(c.Start))
		y := courseBase - each*float64(courseBase-courseTop)/float64(max(top, 1))
		out.Usual = &level{percentOf(x1), percentOf(x2), pixels(y)}
	}
	if !c.Raised.IsZero() {
		x := c.at(c.Raised)
		out.Mark = &tick{X: percentOf(x), Label: i18n.Say(c.Lang, "chart.alert", c.Raised.In(c.Zone).Format("15:04")), Anchor: anchor(x, .5)}
	}
}

// at is where t lies along the axis, 0 to 1.
func (c courseOf) at(t time.Time) float64 {
	first := c.Bins[0].Start
	return min(max(float64(t.Sub(first))/float64(c.Step)/float64(len(c.Bins)), 0), 1)
}

// open reports whether the bin still fills.
func (c courseOf) open(b index.Bin) bool {
	return !b.Start.After(c.Now) && binEnd(b.Start, c.Step, c.Zone).After(c.Now)
}

// ticks names some of the bins: round hours of a day, or every so many days.
func (c courseOf) ticks() []tick {
	n := len(c.Bins)
	every := (n + 7) / 8
	var ticks []tick
	for i, b := range c.Bins {
		local := b.Start.In(c.Zone)
		label := local.Format("01-02")
		switch {
		case c.Step < day && n <= 60 && time.Duration(n)*c.Step <= 2*day:
			if local.Minute() != 0 || local.Hour()%3 != 0 {
				continue
			}
			label = local.Format("15:04")
		case i%every != 0:
			continue
		case c.Step >= 30*day:
			label = local.Format("2006-01")
		}
		x := float64(i) / float64(n)
		if c.Step >= day {
			x += .5 / float64(n)
		}
		ticks = append(ticks, tick{X: percentOf(x), Label: label, Anchor: anchor(x, .05), Minor: len(ticks)%2 == 1})
	}
	return ticks
}

// anchor keeps a label within the picture: near an edge it grows inwards.
func anchor(x, edge float64) string {
	switch {
	case x < edge:
		return "start"
	case x > 1-edge:
		return "end"
	}
	return "middle"
}

func (c courseOf) when(t time.Time) string {
	if c.Step < day {
		return t.In(c.Zone).Format("01-02 15:04")
	}
	return t.In(c.Zone).Format(time.DateOnly)
}

// spark draws the columns alone, small, beside words that say the same.
func (c courseOf) spark() course {
	most := 0
	for _, b := range c.Bins {
		most = max(most, b.Total)
	}
	return course{Columns: c.columns(max(most, 4), 0, sparkHeight), Height: sparkHeight, Base: sparkHeight}
}

// fillBins gives every bin of step between from and until, with the counts of
// those that are known.
func fillBins(known []index.Bin, from, until time.Time, step time.Duration, zone *time.Location) []index.Bin {
	by := make(map[int64]index.Bin, len(known))
	for _, b := range known {
		start := index.BinStart(b.Start, step, zone)
		sum := by[start.Unix()]
		sum.Total, sum.Negative = sum.Total+b.Total, sum.Negative+b.Negative
		by[start.Unix()] = sum
	}
	var all []index.Bin
	for t := index.BinStart(from, step, zone); t.Before(until) && len(all) < index.MaxBins; t = binEnd(t, step, zone) {
		b := by[t.Unix()]
		b.Start = t
		all = append(all, b)
	}
	return all
}

// binEnd is the start of the bin after the one that starts at t. Days are those
// of the calendar, also where the clock is put forward.
func binEnd(t time.Time, step time.Duration, zone *time.Location) time.Time {
	if step%day != 0 {
		return t.Add(step)
	}
	return t.In(zone).AddDate(0, 0, int(step/day))
}

// niceTop is the end of an axis that starts at zero and has a middle.
func niceTop(most int) int {
	if most <= 4 {
		return 4
	}
	unit := math.Pow(10, math.Floor(math.Log10(float64(most))))
	for _, m := range []float64{1, 2, 4, 6, 8, 10} {
		if top := int(m * unit); top >= most && top%2 == 0 {
			return top
		}
	}
	return most
}

func shareText(b index.Bin) string {
	if b.Total == 0 {
		return "–"
	}
	return fmt.Sprintf("%.0f %%", 100*float64(b.Negative)/float64(b.Total))
}

func percentOf(x float64) string { return strconv.FormatFloat(100*x, 'f', 2, 64) + "%" }

func pixels(y float64) string { return strconv.FormatFloat(y, 'f', 1, 64) }

const sharesHeight = 56

// shares draws the share of negatives in each bin, from 0 to 100 %.
func (c courseOf) shares() *course {
	out := &course{Height: sharesHeight, Base: sharesHeight}
	parts := make([]index.Bin, len(c.Bins))
	for i, b := range c.Bins {
		parts[i] = index.Bin{Start: b.Start}
		if b.Total > 0 {
			parts[i].Total, parts[i].Negative = 100*b.Negative/b.Total, 100*b.Negative/b.Total
		}
	}
	scaled := c
	scaled.Bins = parts
	out.Columns = scaled.columns(100, 0, sharesHeight)
	for i, b := range c.Bins {
		out.Columns[i].Label = i18n.Say(c.Lang, "chart.column", c.when(b.Start), b.Total, b.Negative, shareText(b))
	}
	return out
}
