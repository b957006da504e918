package alerts

import (
	"math"
	"time"
)

// The numbers of the method. They were weighed on simulated series only; where
// the neighbours of a number did as well, the rounder one was taken.
const (
	guardTime = 2 * time.Hour // younger buckets may belong to a rise

	levelHalf   = 4 * day // half-lives of what is remembered
	profileHalf = 10 * day
	recentHalf  = 6 * time.Hour
	spreadHalf  = 7 * day
	shareHalf   = 2 * day

	spreadPace = 10 * time.Minute // how often dispersions learn

	profilePrior = 8 // posts that the priors weigh
	weekendPrior = 16
	recentPrior  = 8
	recentLow    = 0.7
	recentHigh   = 2

	countSpread = 0.15 // prior dispersions, and the windows they weigh
	shareSpread = 0.02
	spreadPrior = 200
	spreadLow   = 0.003
	spreadHigh  = 1.5
	spreadClip  = 2 // variances that one window may add
)

// habit is what a series usually does: an exponentially weighted level, an
// hourly profile with a correction for weekends, a recent ratio, and the usual
// share of negatives, of distinct voices and of distinct texts.
type habit struct {
	level            faded // negatives over profile
	hours            [24]faded
	weekend          [2]faded
	recent           faded
	odds             faded // negatives over other posts
	total            float64
	distinct, unique float64 // voices, texts

	levelFade, profileFade, recentFade, shareFade float64
}

// faded is a ratio of two sums whose terms fade with age.
type faded struct{ seen, due float64 }

func (f *faded) add(fade, seen, due float64) {
	f.seen, f.due = f.seen*fade+seen, f.due*fade+due
}

// ratio is shrunk to 1 by a Gamma prior worth so many posts.
func (f faded) ratio(prior float64) float64 { return (prior + f.seen) / (prior + f.due) }

func fade(width, half time.Duration) float64 { return math.Exp2(-float64(width) / float64(half)) }

func newHabit(width time.Duration) habit {
	return habit{
		levelFade: fade(width, levelHalf), profileFade: fade(width, profileHalf),
		recentFade: fade(width, recentHalf), shareFade: fade(width, shareHalf),
	}
}

// slow is the level of negatives a bucket. The small prior only keeps a series
// without negatives off zero.
func (b *habit) slow() float64 { return (b.level.seen + 0.1) / (b.level.due + 0.1) }

// profile returns the factor of the hour, interpolated between the middles of
// the hours, and that of the day.
func (b *habit) profile(k bucket) (hour, weekend float64) {
	x := k.hour + 23.5
	h := int(x)
	part := x - float64(h)
	hour = b.hours[h%24].ratio(profilePrior)*(1-part) + b.hours[(h+1)%24].ratio(profilePrior)*part
	return hour, b.weekend[k.weekend].ratio(weekendPrior)
}

// expect forecasts the negatives of a bucket.
func (b *habit) expect(k bucket) float64 {
	hour, weekend := b.profile(k)
	return b.slow() * hour * weekend * min(max(b.recent.ratio(recentPrior), recentLow), recentHigh)
}

// clip holds a learned count to what the mean makes plausible, so that an
// incident does not become usual. The mean must be the slow one: clipping at
// the fast one feeds back and lets the habit run away.
func clip(n, mean float64) float64 {
	return min(n, mean+2*math.Sqrt(mean+0.1*mean*mean)+1)
}

// learn takes a bucket into the past; clipping waits until there is a past.
func (b *habit) learn(k bucket, clipped bool) {
	hour, weekend := b.profile(k)
	level := b.slow()
	mean := level * hour * weekend
	n := k.negative
	if clipped {
		n = clip(n, mean)
	}
	share := clip(k.negative, b.rate()*(k.other+0.5))
	for h := range b.hours {
		b.hours[h].add(b.profileFade, 0, 0)
	}
	for w := range b.weekend {
		b.weekend[w].add(b.profileFade, 0, 0)
	}
	if b.level.due > 0 {
		b.hours[int(k.hour)].add(1, n, level*weekend)
		b.weekend[k.weekend].add(1, n, level*hour)
	}
	b.level.add(b.levelFade, n, hour*weekend)
	b.recent.add(b.recentFade, n, mean)
	b.odds.add(b.shareFade, share, k.other)
	b.total = b.total*b.shareFade + k.total
	b.distinct = b.distinct*b.shareFade + k.voices
	b.unique = b.unique*b.shareFade + k.texts
}

// rate is the usual number of negatives to one other post.
func (b *habit) rate() float64 { return (1 + b.odds.seen) / (3 + b.odds.due) }

// doubt is the relative variance of rate: it rests on so many negatives only.
func (b *habit) doubt() float64 { return 1 / (1 + b.odds.seen) }

// share is the usual share of negatives.
func (b *habit) share() float64 { r := b.rate(); return r / (1 + r) }

// voices and texts are the usual distinct ones to a post.
func (b *habit) voices() float64 { return (9 + b.distinct) / (10 + b.total) }
func (b *habit) texts() float64  { return (8 + b.unique) / (10 + b.total) }

// spreads are the dispersions of one window, for both tests.
type spreads struct{ count, share dispersion }

// learn compares a window that is past with what was expected of it.
func (s *spreads) learn(fade float64, w sums, rate float64) {
	s.count.add(fade, countSpread, w.negative, w.expected, 0)
	others := w.total - w.negative
	s.share.add(fade, shareSpread, w.negative, rate*(others+0.5), 1/(others+1))
}

// dispersion estimates phi in variance = mean + phi mean², from clipped squared
// residuals: plain moments are ruined by one loud open day.
type dispersion struct{ seen, weight, windows float64 }

func (p dispersion) value(prior float64) float64 {
	v := prior
	if p.windows > 0 {
		w := spreadPrior * p.weight / p.windows
		if w+p.weight > 0 {
			v = (w*prior + p.seen) / (w + p.weight)
		}
	}
	return min(max(v, spreadLow), spreadHigh)
}

// add takes in a window with n negatives where mean was expected; own is the
// part of the variance, in units of mean², that is known beforehand.
func (p *dispersion) add(fade, prior, n, mean, own float64) {
	phi := p.value(prior)
	known := mean + own*mean*mean
	e := min((n-mean)*(n-mean), spreadClip*(known+phi*mean*mean))
	damp := (1 + phi*mean) * (1 + phi*mean)
	p.seen = p.seen*fade + (e-known)/damp
	p.weight = p.weight*fade + mean*mean/damp
	p.windows = p.windows*fade + 1
}
