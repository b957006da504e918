package alerts

import (
	"math"
	"time"
)

// windowTimes are the windows that are tested. A longer one finds slow
// incidents no better and alarms more.
var windowTimes = [...]time.Duration{
	10 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 3 * time.Hour,
}

const (
	leastNegative = 8   // fewer, after the discount, are no spike
	shareWeight   = 0.5 // of the share test against the count test
	secondWeight  = 0.5 // of the window that speaks second loudest
	textsEach     = 6   // posts that one text may stand for
	shareLeast    = 1   // standard deviations below which a test says nothing
	countLeast    = 0.4
)

// evidence is what one window says.
type evidence struct {
	score Score
	value float64
	index int
}

// judge scores the windows that end with the last bucket and decides on the
// alert.
func (d *Detector) judge(exact func(time.Duration) (Exact, bool)) Score {
	best, raw := d.loudest(exact)
	s := best.score
	s.Usual = d.usual.share()
	s.Value = d.quiet.scale(raw)
	d.quiet.next(raw)
	if s.Value >= d.threshold {
		d.decide(&s, best.index, exact)
	}
	return s
}

// pass is judge for a bucket that nobody asks about.
func (d *Detector) pass() {
	_, raw := d.loudest(nil)
	d.quiet.next(raw)
}

// loudest returns the window that says most, and the raw score of all. Nothing
// is said before a day of past is known.
func (d *Detector) loudest(exact func(time.Duration) (Exact, bool)) (best evidence, raw float64) {
	if d.count <= d.perDay {
		return best, 0
	}
	second := 0.0
	now := d.sumTo(d.count - 1)
	if widest := d.windows[len(d.windows)-1]; now.negative-d.sumTo(d.count-1-widest).negative < leastNegative {
		return best, 0
	}
	for k, w := range d.windows {
		e, ok := d.window(k, now.less(d.sumTo(d.count-1-w)), exact)
		switch {
		case !ok:
		case e.value > best.value:
			second, best = best.value, e
		case e.value > second:
			second = e.value
		}
	}
	// Each window is one more chance of a false alarm.
	chances := math.Log10(float64(len(d.windows)))
	return best, max(0, best.value+secondWeight*second-chances)
}

// decide alerts, unless the series was told of lately; a rise that has doubled
// since, in the same window, is told again.
func (d *Detector) decide(s *Score, index int, exact func(time.Duration) (Exact, bool)) {
	end := d.last.Add(d.width)
	if end.Before(d.alarm.until) {
		w := d.sumTo(d.count - 1).less(d.sumTo(d.count - 1 - d.windows[d.alarm.window]))
		if d.adjusted(d.alarm.window, w, exact) < 2*d.alarm.value {
			s.Silent = true
			return
		}
	}
	s.Alert = true
	d.alarm = alarm{until: end.Add(Silence), window: index, value: s.Adjusted}
}

// window tests one window twice: the count of negatives against the usual
// count, and against the count usual among so many other posts. Both must
// move: an open day moves the first alone, a quiet night the second.
func (d *Detector) window(k int, w sums, exact func(time.Duration) (Exact, bool)) (evidence, bool) {
	if w.negative < leastNegative {
		return evidence{}, false
	}
	n := d.adjusted(k, w, exact)
	if n < leastNegative {
		return evidence{}, false
	}
	others := w.total - w.negative
	mean := d.usual.rate() * (others + 0.5)
	spread := 1/(others+1) + d.usual.doubt() + d.spread[k].share.value(shareSpread)
	counts := d.spread[k].count.value(countSpread)
	if !beyond(n, mean, spread, shareLeast) || !beyond(n, w.expected, counts, countLeast) {
		return evidence{}, false
	}
	share, count := unlikely(n, mean, spread), unlikely(n, w.expected, counts)
	e := evidence{value: min(count, shareWeight*share), index: k}
	e.score = Score{
		Window: time.Duration(d.windows[k]) * d.width, Total: int(w.total), Negative: int(w.negative),
		Expected: w.expected, Adjusted: n, Weaker: "count",
	}
	if shareWeight*share < count {
		e.score.Weaker = "share"
	}
	return e, true
}

// beyond reports whether n lies so many standard deviations above the mean.
// What does not could hardly score; asking first saves the tails, which are the
// dear part of a replay.
func beyond(n, mean, spread, deviations float64) bool {
	return n > mean && (n-mean)*(n-mean) > deviations*deviations*(mean+spread*mean*mean)
}

// adjusted discounts the negatives of a window for voices and texts that
// repeat: one voice that posts ten times is one complaint, and a shared text
// is many people only as far as many voices share it. Hence voices weigh
// heavily and texts lightly.
func (d *Detector) adjusted(k int, w sums, exact func(time.Duration) (Exact, bool)) float64 {
	n, others := w.negative, w.total-w.negative
	if n == 0 {
		return 0
	}
	voice, text := d.usual.voices(), d.usual.texts()
	voices := max(0, w.voices-voice*others+math.Sqrt(max(0, voice*(1-voice)*w.total))) / voice
	texts := max(0, w.texts-text*others+math.Sqrt(max(0, text*(1-text)*w.total)))
	if exact != nil {
		if x, ok := exact(time.Duration(d.windows[k]) * d.width); ok {
			voices, texts = x.negatives(voices, texts, voice, others)
		}
	}
	v := min(1, voices/n)
	return n * v * v * v * min(1, textsEach*texts/n)
}

// negatives replaces the estimates of voices and texts among the negatives by
// what is known. People speak more than once in a long window even on a quiet
// day; how often is read from the other posts of the same window.
func (x Exact) negatives(voices, texts, usual, others float64) (float64, float64) {
	if x.NegativeVoices > 0 {
		shared := max(0, float64(x.Voices-x.NegativeVoices))
		ratio := (10*usual + shared) / (10 + others)
		voices = float64(x.NegativeVoices) / min(max(ratio, usual/2), usual)
	}
	if x.NegativeTexts > 0 {
		texts = float64(x.NegativeTexts)
	}
	return voices, texts
}

// calibration holds a series to the common false-alarm rate: the highest raw
// score of each quarter of a day is remembered for weeks, and a series whose
// quiet days score high has its scores scaled down, a calm one up.
type calibration struct {
	highs         faded // sum of highs, and their weight
	high          float64
	index, length int
	fade          float64
	late          [4]float64 // highs younger than a day are not learned
	begun         int
}

const (
	blockTime  = 6 * time.Hour
	blockHalf  = 14 * day
	blockPrior = 40  // blocks that the prior weighs
	usualHigh  = 0.5 // prior mean of a block's highest score
	mostHigh   = 2   // an incident may teach no more than this
)

func newCalibration(width time.Duration) calibration {
	return calibration{length: max(1, int(blockTime/width)), fade: fade(max(blockTime, width), blockHalf)}
}

// scale returns the raw score on the common scale.
func (c *calibration) scale(raw float64) float64 {
	mean := (blockPrior*usualHigh + c.highs.seen) / (blockPrior + c.highs.due)
	return raw / math.Sqrt(min(max(mean/usualHigh, 0.7), 2.5))
}

// next takes in the raw score of one more bucket.
func (c *calibration) next(raw float64) {
	c.high = max(c.high, min(raw, mostHigh))
	if c.index++; c.index < c.length {
		return
	}
	slot := c.begun % len(c.late)
	if c.begun >= len(c.late) {
		c.highs.add(c.fade, c.late[slot], 1)
	}
	c.late[slot], c.high, c.index = c.high, 0, 0
	c.begun++
}
