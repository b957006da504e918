package alerts

import (
	"math"
	"time"
)

// VolumeThreshold is the score from which a Volume alerts, and VolumeSilence
// how long it is quiet afterwards.
const (
	VolumeThreshold = 4
	VolumeSilence   = 24 * time.Hour
)

const volumePast = 14 * day

// volumeParts are the windows of a Volume and what each weighs; 0 is the bucket
// itself.
var volumeParts = [...]struct {
	window time.Duration
	weight float64
}{{time.Hour, 0.5}, {2 * time.Hour, 0.5}, {0, 0.1}}

// Volume follows the plain number of posts of one series: for series that
// nobody judges for negatives, and for alerts on mentions. Its score is a
// weighted sum of the distances of the last hour, the last two hours and the
// last bucket from their means over two weeks, in standard deviations. It is
// not safe for concurrent use.
type Volume struct {
	width  time.Duration
	ring   []float64 // values of two weeks, and of the longest window before
	count  int
	past   int // windows that are remembered
	perDay int
	parts  [len(volumeParts)]moments
	last   time.Time
	until  time.Time
}

// moments are the sums over the past windows of one width.
type moments struct {
	buckets    int
	now        float64 // sum of the newest window
	sum, power float64
}

// NewVolume returns a Volume that knows no past. Of the Options only Width is
// used.
func NewVolume(o Options) *Volume {
	width := clampWidth(o.Width)
	v := &Volume{width: width, past: max(2, int(volumePast/width)), perDay: max(1, int(day/width))}
	longest := 0
	for i, p := range volumeParts {
		v.parts[i].buckets = max(1, int(p.window/width))
		longest = max(longest, v.parts[i].buckets)
	}
	v.ring = make([]float64, v.past+longest+1)
	return v
}

// Add moves on to the bucket that starts at t, which held value posts, and
// scores its end; a bucket left out was empty. A t not later than the last is
// ignored. Nothing scores before a day of past is known.
func (v *Volume) Add(t time.Time, value float64) Score {
	if math.IsNaN(value) {
		value = 0
	}
	value = min(max(value, 0), mostPosts)
	if v.count > 0 {
		gap := t.Sub(v.last)
		if gap <= 0 {
			return Score{}
		}
		if gap > longestGap {
			*v = *NewVolume(Options{Width: v.width})
		} else {
			for range int((gap+v.width/2)/v.width) - 1 {
				v.step(0)
			}
		}
	}
	v.last = t
	v.step(value)
	return v.judge()
}

func (v *Volume) judge() Score {
	hour := v.parts[0]
	mean, _ := hour.spread(min(v.count, v.past))
	s := Score{Window: time.Duration(hour.buckets) * v.width, Total: int(hour.now), Expected: mean}
	if v.count <= v.perDay {
		return s
	}
	for i, p := range volumeParts {
		s.Value += p.weight * v.parts[i].distance(min(v.count, v.past))
	}
	s.Value = max(0, s.Value)
	if s.Value >= VolumeThreshold {
		end := v.last.Add(v.width)
		s.Silent = end.Before(v.until)
		s.Alert = !s.Silent
		if s.Alert {
			v.until = end.Add(VolumeSilence)
		}
	}
	return s
}

// step takes a value in. Once a day the sums are taken anew, so that rounding
// cannot gather in them.
func (v *Volume) step(value float64) {
	v.ring[v.count%len(v.ring)] = value
	v.count++
	for i := range v.parts {
		m := &v.parts[i]
		if v.count%v.perDay == 0 {
			v.recount(m)
			continue
		}
		m.now += value - v.at(v.count-1-m.buckets)
		m.sum += m.now
		m.power += m.now * m.now
		if old := v.count - v.past; old > 0 {
			gone := v.window(old, m.buckets)
			m.sum -= gone
			m.power -= gone * gone
		}
	}
}

// at returns value number i, 0 for those before the first.
func (v *Volume) at(i int) float64 {
	if i < 0 {
		return 0
	}
	return v.ring[i%len(v.ring)]
}

// window sums the n values before number end.
func (v *Volume) window(end, n int) float64 {
	sum := 0.0
	for i := end - n; i < end; i++ {
		sum += v.at(i)
	}
	return sum
}

func (v *Volume) recount(m *moments) {
	*m = moments{buckets: m.buckets}
	first := max(1, v.count-v.past+1)
	m.now = v.window(first-1, m.buckets)
	for end := first; end <= v.count; end++ {
		m.now += v.at(end-1) - v.at(end-1-m.buckets)
		m.sum += m.now
		m.power += m.now * m.now
	}
}

func (m *moments) spread(windows int) (mean, sd float64) {
	n := float64(max(1, windows))
	mean = m.sum / n
	return mean, math.Sqrt(max(0, m.power/n-mean*mean))
}

// distance is how many standard deviations the newest window lies from the
// mean; a series that never moved is given one post of spread.
func (m *moments) distance(windows int) float64 {
	mean, sd := m.spread(windows)
	return (m.now - mean) / max(sd, 1)
}
