package store

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"
)

// From where on something is wrong with a source.
const (
	illScore  = 0.5  // share of fetches that failed
	weakScore = 0.25 // likewise, of a source that answers now and then; one failure that is over leaves 0.21
	illShare  = 0.3  // share of login pages, and of times in the future
	illEmpty  = 3    // visits in a row that found nothing
	illRow    = 3    // failures in a row
	leastPast = 7 * 24 * time.Hour
	leastHush = 3 * time.Hour
	// illHush is how many posts must be missing before silence means anything,
	// in units of how unevenly the source speaks. With posts that come by chance
	// nine missing ones happen once in 8,000 looks: e to the minus nine.
	illHush = 9
)

// SilentDays is from when on a source that answers and says nothing new is
// worth a look whatever its past was: its pages may have been built anew.
const SilentDays = 7

// Diagnose says what is wrong with a source, the gravest first: by its shares,
// and by the hours in which it brought posts, as Volume lists them. What it had
// already keeps its Since and Untold. A paused source, and one that is pushed, is well.
func Diagnose(s SourceState, past []Hour, now time.Time, zone *time.Location) []Ailment {
	if s.Paused || !s.Active || s.URL == "" {
		return nil
	}
	var all []Ailment
	say := func(code string, args ...string) {
		a := Ailment{Code: code, Args: args, Since: now.UTC().Truncate(time.Second)}
		if i := slices.IndexFunc(s.Ailments, func(old Ailment) bool { return old.Code == code }); i >= 0 {
			a.Since, a.Untold = s.Ailments[i].Since, s.Ailments[i].Untold
		}
		all = append(all, a)
	}
	had := func(code string) bool {
		return slices.ContainsFunc(s.Ailments, func(old Ailment) bool { return old.Code == code })
	}
	switch {
	case s.Failures >= illRow && s.Score >= illScore:
		say("health.failing", percent(s.Score), strconv.Itoa(s.Failures))
	case s.Score >= weakScore && (s.Failures == 0 || s.Failures >= illRow || had("health.weak")):
		// a first and a second failure may be the beginning of a row: then the third says more
		say("health.weak", percent(s.Score))
	}
	if s.Login >= illShare {
		say("health.login", percent(s.Login))
	}
	if s.Empty >= illEmpty {
		say("health.empty", strconv.Itoa(s.Empty))
	}
	if s.Future >= illShare {
		say("health.future", percent(s.Future))
	}
	if s.Failures > 0 || s.Empty >= illEmpty || s.FirstDone.IsZero() {
		return all // its silence has a reason that stands above
	}
	hush := now.Sub(s.NewPost)
	switch missing, uneven := missed(past, s.NewPost, now, zone); {
	case s.Posts == 0:
		say("health.barren")
	case hush >= leastHush && missing >= illHush*uneven:
		say("health.quiet", strconv.Itoa(int(hush.Hours())), strconv.Itoa(int(math.Round(missing))))
	case hush >= SilentDays*24*time.Hour:
		say("health.silent", strconv.Itoa(int(hush.Hours()/24)))
	}
	return all
}

// missed is how many posts a source should have brought since it last did, by
// the same hours of the week in its past, and how unevenly it speaks: the
// variance of its hours over their mean, 1 where posts come by chance. Both are
// 0 and 1 where the past is shorter than a week.
func missed(past []Hour, last, now time.Time, zone *time.Location) (expected, uneven float64) {
	if len(past) == 0 || last.Sub(past[0].Start) < leastPast {
		return 0, 1
	}
	if zone == nil {
		zone = time.UTC
	}
	weeks := last.Sub(past[0].Start).Hours() / (7 * 24)
	var bySlot [7][24]float64
	var byHour [24]float64
	var sum, squares float64
	for _, h := range past {
		n, at := float64(h.Posts), h.Start.In(zone)
		bySlot[at.Weekday()][at.Hour()] += n
		byHour[at.Hour()] += n
		sum, squares = sum+n, squares+n*n
	}
	hours := weeks * 7 * 24
	mean := sum / hours
	if mean > 0 {
		uneven = max(1, (squares/hours-mean*mean)/mean)
	}
	// Where few weeks are known, the hour of the day stands in for the hour of
	// the week: as if two more weeks had shown it.
	const prior = 2
	for at := last; at.Before(now); at = at.Add(time.Hour) {
		t := at.In(zone)
		daily := byHour[t.Hour()] / (7 * weeks)
		rate := (bySlot[t.Weekday()][t.Hour()] + prior*daily) / (weeks + prior)
		expected += rate * min(1, now.Sub(at).Hours())
	}
	return expected, uneven
}

func percent(share float64) string { return fmt.Sprintf("%.0f %%", 100*share) }
