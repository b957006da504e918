package alerts

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"minsheng/opinion"
	"minsheng/store"
)

const (
	// baseline is how much of the past a look replays: the slow level has a
	// half-life of four days, so what lies four weeks back weighs under 1 %.
	baseline = 28 * 24 * time.Hour
	// longest is the longest window of the detector: only what was published
	// within it may raise, however late other posts arrive.
	longest = 3 * time.Hour
	// An incident leads a rise where it holds this share of the negatives, and
	// this many.
	leadShare = 0.3
	leadPosts = 3
	// A rise beside one that is already known must be clear by itself before
	// people are told again: most of it one other incident, and this many posts.
	besideShare = 0.6
	besidePosts = 12
)

// State is what watching reads.
type State interface {
	Tallies(ctx context.Context, s opinion.Series, from, until time.Time) ([]opinion.Tally, error)
	Marks(ctx context.Context, s opinion.Series, from, until time.Time) ([]store.Mark, error)
	Active(ctx context.Context, since time.Time) ([]opinion.Alert, error)
	Posts(ctx context.Context, ids ...string) ([]store.Stored, error)
	Incident(ctx context.Context, id string) (opinion.Incident, error)
}

// Watcher looks at one series and says whether people must be told. It keeps
// nothing: each look replays the tallies, so posts that arrive late or out of
// order, corrections and restarts change nothing but the figures.
type Watcher struct {
	State State
	Zone  *time.Location
}

// Look judges the window that ends with the last bucket that has ended. It
// returns nil where there is nothing to tell, else the alert to Raise: a new
// one, or the newest figures of one that is still open.
func (w Watcher) Look(ctx context.Context, s opinion.Series, now time.Time) (*opinion.Alert, error) {
	end := opinion.Bucket(now)
	tallies, err := w.State.Tallies(ctx, s, end.Add(-baseline), end)
	if err != nil {
		return nil, fmt.Errorf("read tallies: %w", err)
	}
	marks, err := w.State.Marks(ctx, s, end.Add(-longest), end)
	if err != nil {
		return nil, fmt.Errorf("read marks: %w", err)
	}
	score := w.score(tallies, marks, end)
	if !score.Alert {
		return nil, nil
	}
	active, err := w.State.Active(ctx, now.Add(-opinion.EpisodeGap))
	if err != nil {
		return nil, fmt.Errorf("read active alerts: %w", err)
	}
	window := within(marks, end.Add(-score.Window))
	incident, share, n := leading(window)
	if share < leadShare || n < leadPosts {
		incident = topicIncident(s)
	}
	known := joins(active, s, incident)
	if known != nil && known.Incident != incident {
		if rest, ok := w.beside(tallies, marks, active, end); ok {
			score, window, known = rest.score, rest.marks, nil
			incident = rest.incident
		}
	}
	if known == nil {
		if known, err = w.sameEvent(ctx, active, window); err != nil {
			return nil, err
		}
	}
	return w.alert(ctx, s, score, window, incident, known, end)
}

// topicIncident names a rise that no single incident leads.
func topicIncident(s opinion.Series) string { return "topic:" + s.Topic + "\n" + s.Place }

// score replays the past and judges the last bucket with what the posts of the
// window tell exactly.
func (w Watcher) score(tallies []opinion.Tally, marks []store.Mark, end time.Time) Score {
	d := NewDetector(Options{Width: opinion.BucketWidth, Zone: w.Zone})
	last := end.Add(-opinion.BucketWidth)
	final := Count{}
	for _, t := range tallies {
		c := Count{Total: t.Total, Negative: t.Negative, Voices: t.Voices, Texts: t.Texts}
		if t.Bucket.Before(last) {
			d.Learn(t.Bucket, c)
		} else {
			final = c
		}
	}
	d.Add(last, final)
	return d.Check(func(window time.Duration) (Exact, bool) { return exact(within(marks, end.Add(-window))), true })
}

// exact counts distinct voices, texts and sources.
func exact(marks []store.Mark) Exact {
	var e Exact
	voices, texts := map[uint64]bool{}, map[string]bool{}
	badVoices, badTexts, sources := map[uint64]bool{}, map[string]bool{}, map[string]bool{}
	unknown, badUnknown := 0, 0
	for _, m := range marks {
		texts[m.Text] = true
		if m.Voice == 0 {
			unknown++
		} else {
			voices[m.Voice] = true
		}
		if !m.Negative {
			continue
		}
		badTexts[m.Text] = true
		sources[m.Source] = true
		if m.Voice == 0 {
			badUnknown++
		} else {
			badVoices[m.Voice] = true
		}
	}
	e.Voices, e.Texts = len(voices)+unknown, len(texts)
	e.NegativeVoices, e.NegativeTexts = len(badVoices)+badUnknown, len(badTexts)
	e.Sources = len(sources)
	return e
}

func within(marks []store.Mark, from time.Time) []store.Mark {
	i, _ := slices.BinarySearchFunc(marks, from, func(m store.Mark, t time.Time) int { return m.Published.Compare(t) })
	return marks[i:]
}

// leading is the incident with the most negatives, its share of them and how
// many they are. Ties go to the older identity, so that the answer is stable.
func leading(marks []store.Mark) (incident string, share float64, n int) {
	counts := map[string]int{}
	all := 0
	for _, m := range marks {
		if m.Negative {
			counts[m.Incident]++
			all++
		}
	}
	for id, c := range counts {
		if c > n || c == n && id < incident {
			incident, n = id, c
		}
	}
	if all == 0 {
		return "", 0, 0
	}
	return incident, float64(n) / float64(all), n
}

// joins finds the alert that a rise of this series belongs to: the one of the
// same incident, else the newest of the same topic.
func joins(active []opinion.Alert, s opinion.Series, incident string) *opinion.Alert {
	for i := range active {
		if active[i].Incident == incident {
			return &active[i]
		}
	}
	for i := range active {
		if slices.Contains(active[i].Topics, s.Topic) {
			return &active[i]
		}
	}
	return nil
}

// another is a rise beside those that people know of.
type another struct {
	score    Score
	marks    []store.Mark
	incident string
}

// beside takes the posts of known incidents out of the window and looks again.
// A rise known only by its topic has no posts of its own to take out: what
// follows is then part of it.
func (w Watcher) beside(tallies []opinion.Tally, marks []store.Mark, active []opinion.Alert, end time.Time) (another, bool) {
	known := map[string]bool{}
	for _, a := range active {
		if a.Incident == topicIncident(a.Rise.Series) {
			return another{}, false
		}
		known[a.Incident] = true
	}
	rest := slices.DeleteFunc(slices.Clone(marks), func(m store.Mark) bool { return known[m.Incident] })
	past := slices.DeleteFunc(slices.Clone(tallies), func(t opinion.Tally) bool { return !t.Bucket.Before(end.Add(-longest)) })
	score := w.score(append(past, tally(rest)...), rest, end)
	if !score.Alert {
		return another{}, false
	}
	window := within(rest, end.Add(-score.Window))
	incident, share, n := leading(window)
	return another{score, window, incident}, share >= besideShare && n >= besidePosts
}

// tally counts marks in their buckets.
func tally(marks []store.Mark) []opinion.Tally {
	var out []opinion.Tally
	for i := 0; i < len(marks); {
		b := opinion.Bucket(marks[i].Published)
		j := i
		for j < len(marks) && opinion.Bucket(marks[j].Published).Equal(b) {
			j++
		}
		t := opinion.Tally{Bucket: b, Total: j - i}
		for _, m := range marks[i:j] {
			if m.Negative {
				t.Negative++
			}
		}
		e := exact(marks[i:j])
		t.Voices, t.Texts = e.Voices, e.Texts
		out = append(out, t)
		i = j
	}
	return out
}

// alert puts together what people are told.
func (w Watcher) alert(ctx context.Context, s opinion.Series, score Score, window []store.Mark, incident string, known *opinion.Alert, end time.Time) (*opinion.Alert, error) {
	e := exact(window)
	a := &opinion.Alert{
		Incident: incident,
		Topics:   []string{s.Topic},
		Rise: opinion.Rise{
			Series: s, Start: end.Add(-score.Window), End: end, Total: score.Total, Negative: score.Negative,
			Expected: score.Expected, Usual: score.Usual, Voices: e.NegativeVoices, Texts: e.NegativeTexts,
			Sources: e.Sources, Score: score.Value, Window: score.Window,
		},
	}
	if known != nil {
		a.Incident = known.Incident
		a.Topics = slices.Clone(known.Topics)
		if !slices.Contains(a.Topics, s.Topic) {
			a.Topics = append(a.Topics, s.Topic)
		}
		if known.Rise.Negative > a.Rise.Negative && known.Rise.Score > a.Rise.Score {
			a.Rise = known.Rise // another series of the same alert shows more
		}
	}
	a.Level = level(a.Rise)
	if err := w.describe(ctx, a, window); err != nil {
		return nil, err
	}
	return a, nil
}

// level says how much it hurries, by size and spread.
func level(r opinion.Rise) opinion.Level {
	times := float64(r.Negative) / max(1, r.Expected)
	switch {
	case r.Negative >= 40 && times >= 5 && r.Voices >= 20:
		return opinion.Urgent
	case r.Negative >= 12 || r.Sources >= 3:
		return opinion.Warn
	default:
		return opinion.Notice
	}
}

// newestFirst orders marks for reading.
func newestFirst(marks []store.Mark) []store.Mark {
	return slices.SortedStableFunc(slices.Values(marks), func(a, b store.Mark) int { return cmp.Or(b.Published.Compare(a.Published)) })
}
