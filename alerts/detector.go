package alerts

import (
	"math"
	"slices"
	"time"
)

// DefaultThreshold is the score from which a spike alerts. On simulated
// press-office series it gives one false alarm per series in four weeks; see
// docs/detector.md.
const DefaultThreshold = 2.25

// Silence is how long a series stays quiet after its alert, unless the rise
// doubles.
const Silence = 6 * time.Hour

const (
	defaultWidth = 5 * time.Minute
	shortest     = time.Minute
	day          = 24 * time.Hour
	// longestGap is how long a series may be unheard of before its past says
	// nothing about today; a Detector then starts anew.
	longestGap = 60 * day
	// mostPosts bounds one bucket, so that no count can overflow a sum.
	mostPosts = 10_000_000
)

// Count is what one bucket held. Voices and Texts are the distinct speakers and
// distinct texts among all its posts; 0 of either with posts in the bucket
// means unknown.
type Count struct{ Total, Negative, Voices, Texts int }

// Options of a Detector. Width is the width of a bucket, 5 minutes where it is
// 0. Zone is that of hours and weekdays, UTC where nil. Threshold 0 means
// DefaultThreshold.
type Options struct {
	Width     time.Duration
	Zone      *time.Location
	Threshold float64
}

// Score says how unusual the negatives are at the end of a bucket, and why.
type Score struct {
	Value    float64 // 0 where nothing rises; about -log10 of the chance of a quiet series
	Alert    bool
	Silent   bool          // above the threshold, but within the silence of an alert
	Window   time.Duration // the window that speaks loudest; it ends with the bucket
	Total    int           // posts in the window
	Negative int           // negatives in the window
	Expected float64       // negatives expected in the window from the past
	Usual    float64       // usual share of negatives, 0 to 1
	Adjusted float64       // negatives after the discount for repeated voices and texts
	Weaker   string        // the test that held the value down: "count" or "share"
}

// Exact holds the distinct counts over a whole window, as only a reader of the
// posts knows them: of all posts, and of the negative ones alone. Sources, the
// number of sites, does not weigh: a rise often begins on one forum. 0 means
// unknown.
type Exact struct{ Voices, Texts, NegativeVoices, NegativeTexts, Sources int }

// Detector follows one series, bucket after bucket in time order. It holds a
// few hundred numbers and no posts; replaying the buckets rebuilds it. It is
// not safe for concurrent use.
type Detector struct {
	width      time.Duration
	zone       *time.Location
	threshold  float64
	windows    []int // in buckets, ascending
	guard      int   // buckets that are too young to learn from
	perDay     int
	pace       int // buckets between two looks at the spreads
	spreadFade float64

	last  time.Time // start of the last bucket
	count int       // buckets since the first that held a post
	cums  []sums    // ring: running sums up to each bucket
	young []bucket  // ring: buckets not learned yet

	usual  habit
	spread []spreads // by window
	quiet  calibration
	alarm  alarm
	before state // as it was before the last Add scored, for Check
}

// state is what scoring changes.
type state struct {
	quiet calibration
	alarm alarm
}

// alarm is the last alert of a series: what the windows held then.
type alarm struct {
	until  time.Time
	window int
	value  float64
}

// bucket is one bucket with the place of its middle in the day and week.
type bucket struct {
	negative, other, total, voices, texts float64
	hour                                  float64
	weekend                               int
}

// sums are running sums of buckets, with the negatives expected of them.
type sums struct{ negative, total, voices, texts, expected float64 }

func (s sums) less(o sums) sums {
	return sums{s.negative - o.negative, s.total - o.total, s.voices - o.voices, s.texts - o.texts, s.expected - o.expected}
}

// NewDetector returns a Detector that knows no past.
func NewDetector(o Options) *Detector {
	width := clampWidth(o.Width)
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if !(o.Threshold > 0) {
		o.Threshold = DefaultThreshold
	}
	d := &Detector{width: width, zone: o.Zone, threshold: o.Threshold}
	d.perDay = max(1, int(day/width))
	d.guard = max(1, int(guardTime/width))
	d.pace = max(1, int(spreadPace/width))
	d.spreadFade = fade(time.Duration(d.pace)*width, spreadHalf)
	for _, w := range windowTimes {
		d.windows = append(d.windows, max(1, int(w/width)))
	}
	d.windows = slices.Compact(d.windows)
	d.reset()
	return d
}

func clampWidth(w time.Duration) time.Duration {
	if w <= 0 {
		return defaultWidth
	}
	return min(max(w, shortest), day)
}

// reset forgets the past.
func (d *Detector) reset() {
	d.last, d.count = time.Time{}, 0
	d.cums = make([]sums, d.guard+slices.Max(d.windows)+2)
	d.young = make([]bucket, d.guard+1)
	d.usual = newHabit(d.width)
	d.spread = make([]spreads, len(d.windows))
	d.quiet, d.alarm, d.before = newCalibration(d.width), alarm{}, state{}
	d.before.quiet = d.quiet
}

// Add moves on to the bucket that starts at t and returns the score at its
// end. Buckets left out since the last call were empty ones; a t not later
// than the last is ignored. Nothing scores before a day of past is known.
func (d *Detector) Add(t time.Time, c Count) Score {
	if !d.move(t, c) {
		return Score{Usual: d.usual.share()}
	}
	d.before = state{d.quiet, d.alarm}
	return d.judge(nil)
}

// Learn is Add without an alert or a score to tell: it replays the past. What it
// leaves is what Add leaves, but for silences.
func (d *Detector) Learn(t time.Time, c Count) {
	if d.move(t, c) {
		d.before = state{d.quiet, d.alarm}
		d.pass()
	}
}

// Check scores the last added bucket again, and instead of the first time, with
// distinct counts that exact knows of the posts of a window; it is asked for
// the windows with enough negatives only. Where exact does not know, the
// estimate from the buckets stays.
func (d *Detector) Check(exact func(window time.Duration) (Exact, bool)) Score {
	if d.count == 0 {
		return Score{Usual: d.usual.share()}
	}
	d.quiet, d.alarm = d.before.quiet, d.before.alarm
	return d.judge(exact)
}

// Expected returns the negatives expected of the bucket that starts at t, and
// the band in which 19 of 20 quiet buckets lie.
func (d *Detector) Expected(t time.Time) (mean, low, high float64) {
	mean = d.usual.expect(d.place(t, Count{}))
	sd := math.Sqrt(mean + d.spread[0].count.value(countSpread)*mean*mean)
	return mean, max(0, mean-2*sd), mean + 2*sd
}

// move takes the bucket in and reports whether it could.
func (d *Detector) move(t time.Time, c Count) bool {
	if d.count > 0 {
		gap := t.Sub(d.last)
		if gap <= 0 {
			return false
		}
		if gap > longestGap {
			d.reset()
		} else {
			for range int((gap+d.width/2)/d.width) - 1 {
				d.step(d.last.Add(d.width), Count{})
				d.pass()
			}
		}
	}
	// A series begins with its first post: before it nobody was listening.
	if d.count == 0 && c.Total <= 0 {
		return false
	}
	d.step(t, c)
	return true
}

// step learns the bucket that has come of age, and forecasts the new one.
func (d *Detector) step(t time.Time, c Count) {
	i := d.count
	d.count++
	d.last = t
	b := d.place(t, c)
	d.young[i%len(d.young)] = b
	if i >= d.guard {
		d.usual.learn(d.young[(i-d.guard)%len(d.young)], i > d.perDay)
	}
	was := d.sumTo(i - 1)
	d.cums[i%len(d.cums)] = sums{
		was.negative + b.negative, was.total + b.total, was.voices + b.voices, was.texts + b.texts,
		was.expected + d.usual.expect(b),
	}
	if i-d.guard >= d.perDay && i%d.pace == 0 {
		for k, w := range d.windows {
			past := d.sumTo(i - d.guard).less(d.sumTo(i - d.guard - w))
			d.spread[k].learn(d.spreadFade, past, d.usual.rate())
		}
	}
}

func (d *Detector) sumTo(i int) sums {
	if i < 0 {
		return sums{}
	}
	return d.cums[i%len(d.cums)]
}

// place makes a bucket of a count; what cannot be is bent to what can.
func (d *Detector) place(t time.Time, c Count) bucket {
	total := min(max(c.Total, 0), mostPosts)
	negative := min(max(c.Negative, 0), total)
	local := t.Add(d.width / 2).In(d.zone)
	b := bucket{
		negative: float64(negative), other: float64(total - negative), total: float64(total),
		voices: float64(min(max(c.Voices, 0), total)), texts: float64(min(max(c.Texts, 0), total)),
		hour: float64(local.Hour()) + float64(local.Minute())/60,
	}
	if total > 0 && b.voices == 0 {
		b.voices = d.usual.voices() * b.total
	}
	if total > 0 && b.texts == 0 {
		b.texts = d.usual.texts() * b.total
	}
	if wd := local.Weekday(); wd == time.Saturday || wd == time.Sunday {
		b.weekend = 1
	}
	return b
}
