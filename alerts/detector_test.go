package alerts_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"minsheng/alerts"
)

const width = 5 * time.Minute

var (
	zone  = time.FixedZone("office", 8*3600)
	start = time.Date(2026, 3, 2, 0, 0, 0, 0, zone)
)

// poisson draws a count (Knuth's method, good for small means).
func poisson(r *rand.Rand, mean float64) int {
	n, p, limit := 0, r.Float64(), math.Exp(-mean)
	for p > limit {
		n++
		p *= r.Float64()
	}
	return n
}

// quiet is one bucket of a topic with about 9 posts an hour, one of them
// negative, fewer at night.
func quiet(r *rand.Rand, t time.Time) alerts.Count {
	day := 1 + 0.6*math.Sin(2*math.Pi*(float64(t.In(zone).Hour())-9)/24)
	bad, other := poisson(r, day/12), poisson(r, 8*day/12)
	return alerts.Count{Total: bad + other, Negative: bad, Voices: bad + other, Texts: bad + other}
}

// plus joins two counts whose voices and texts differ.
func plus(a, b alerts.Count) alerts.Count {
	return alerts.Count{Total: a.Total + b.Total, Negative: a.Negative + b.Negative, Voices: a.Voices + b.Voices, Texts: a.Texts + b.Texts}
}

// after returns a Detector that has seen so much quiet past, and the time then.
func after(past time.Duration, r *rand.Rand) (*alerts.Detector, time.Time) {
	d := alerts.NewDetector(alerts.Options{Width: width, Zone: zone})
	end := start.Add(past)
	for t := start; t.Before(end); t = t.Add(width) {
		d.Learn(t, quiet(r, t))
	}
	return d, end
}

// negatives is n negative posts of as many voices, every fourth a shared text.
func negatives(n int) alerts.Count {
	return alerts.Count{Total: n, Negative: n, Voices: n, Texts: n - n/4}
}

// rise is 12 negatives in 15 minutes and 40 within 45.
var rise = []int{4, 4, 4, 5, 5, 5, 4, 5, 4}

// firstAlert plays the rise and returns after how long it is told.
func firstAlert(d *alerts.Detector, r *rand.Rand, t time.Time) (time.Duration, alerts.Score) {
	for i, n := range rise {
		s := d.Add(t, plus(quiet(r, t), negatives(n)))
		t = t.Add(width)
		if s.Alert {
			return time.Duration(i+1) * width, s
		}
	}
	return 0, alerts.Score{}
}

func TestRiseAlerts(t *testing.T) {
	for seed := range uint64(30) {
		for _, hour := range []time.Duration{3, 9, 15, 21} {
			r := rand.New(rand.NewPCG(seed, 1))
			d, now := after(14*24*time.Hour+hour*time.Hour, r)
			delay, s := firstAlert(d, r, now)
			if delay == 0 || delay > 30*time.Minute {
				t.Errorf("seed %d at %d o'clock: alert after %v, want within 30m", seed, hour, delay)
			}
			if s.Negative <= int(s.Expected) || s.Adjusted < 8 || s.Usual < 0.05 || s.Usual > 0.25 || s.Window == 0 || s.Weaker == "" {
				t.Errorf("seed %d: the alert does not say why: %+v", seed, s)
			}
		}
	}
}

func TestLoudButNotNegativeStaysQuiet(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 2))
		d, now := after(14*24*time.Hour+10*time.Hour, r)
		others := make([]int, 24)
		for range 250 {
			others[r.IntN(24)]++
		}
		for i, n := range others {
			c := plus(quiet(r, now), alerts.Count{Total: n, Voices: n, Texts: n})
			c = plus(c, negatives(31*(i+1)/24-31*i/24)) // one of nine, as ever
			if s := d.Add(now, c); s.Alert {
				t.Errorf("seed %d: an open day alerts: %+v", seed, s)
			}
			now = now.Add(width)
		}
	}
}

func TestQuietWeeksStayQuiet(t *testing.T) {
	alarms := 0
	for seed := range uint64(10) {
		r := rand.New(rand.NewPCG(seed, 3))
		d, now := after(7*24*time.Hour, r)
		for range 4 * 7 * 24 * 12 {
			if d.Add(now, quiet(r, now)).Alert {
				alarms++
			}
			now = now.Add(width)
		}
	}
	if alarms > 5 {
		t.Errorf("%d alerts in 40 weeks in which nothing happened, want at most 5", alarms)
	}
}

func TestWarmUp(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 4))
	t.Run("FirstDay", func(t *testing.T) {
		d, now := after(23*time.Hour, r)
		if delay, s := firstAlert(d, r, now); delay != 0 {
			t.Errorf("alert with less than a day of past: %+v", s)
		}
	})
	t.Run("SecondDay", func(t *testing.T) {
		d, now := after(30*time.Hour, r)
		if delay, _ := firstAlert(d, r, now); delay == 0 {
			t.Error("no alert with a day of past")
		}
	})
	t.Run("EmptyIsNoPast", func(t *testing.T) {
		d := alerts.NewDetector(alerts.Options{Width: width, Zone: zone})
		now := start
		for range 20 * 24 * 12 {
			d.Learn(now, alerts.Count{})
			now = now.Add(width)
		}
		for range 12 {
			if s := d.Add(now, negatives(10)); s.Alert {
				t.Fatalf("a source's first posts alert: %+v", s)
			}
			now = now.Add(width)
		}
	})
}

func TestSilenceAndEscalation(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	d, now := after(14*24*time.Hour+9*time.Hour, r)
	play := func(n, buckets int) (told, silent int) {
		for range buckets {
			s := d.Add(now, plus(quiet(r, now), negatives(n)))
			now = now.Add(width)
			if s.Alert {
				told++
			}
			if s.Silent {
				silent++
			}
			if s.Alert && s.Silent {
				t.Error("one score both alerts and is silent")
			}
		}
		return told, silent
	}
	if told, silent := play(4, 12); told == 0 || told > 2 || silent < 6 {
		t.Errorf("an hour of a steady rise: told %d times, silent %d times; want 1 or 2, and silence after", told, silent)
	}
	if told, _ := play(4, 24); told != 0 {
		t.Errorf("the rise went on as it was: told %d times more", told)
	}
	if told, _ := play(40, 3); told == 0 {
		t.Error("the rise grew tenfold within the silence and nobody was told")
	}
}

func TestOneVoiceIsNoSpike(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	d, now := after(14*24*time.Hour+9*time.Hour, r)
	for range 9 {
		c := plus(quiet(r, now), alerts.Count{Total: 5, Negative: 5, Voices: 1, Texts: 1})
		if s := d.Add(now, c); s.Alert {
			t.Errorf("one voice repeating itself alerts: %+v", s)
		}
		now = now.Add(width)
	}
}

func TestCheck(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	d, now := after(14*24*time.Hour+9*time.Hour, r)
	told := d.Add(now, plus(quiet(r, now), negatives(15)))
	if !told.Alert {
		t.Fatalf("15 negatives in one bucket: %+v, want an alert", told)
	}
	same := d.Check(func(time.Duration) (alerts.Exact, bool) { return alerts.Exact{}, false })
	if diff := cmp.Diff(told, same); diff != "" {
		t.Errorf("a check that knows nothing differs (-Add +Check):\n%s", diff)
	}
	few := func(time.Duration) (alerts.Exact, bool) {
		return alerts.Exact{Voices: 5, Texts: 3, NegativeVoices: 2, NegativeTexts: 1, Sources: 1}, true
	}
	if got := d.Check(few); got.Alert || got.Value > 0 {
		t.Errorf("15 posts of two voices: %+v, want no alert", got)
	}
	many := func(time.Duration) (alerts.Exact, bool) {
		return alerts.Exact{Voices: 17, Texts: 15, NegativeVoices: 15, NegativeTexts: 13, Sources: 3}, true
	}
	first := d.Check(many)
	if !first.Alert {
		t.Errorf("15 posts of 15 voices: %+v, want an alert", first)
	}
	if diff := cmp.Diff(first, d.Check(many)); diff != "" {
		t.Errorf("a second check differs:\n%s", diff)
	}
	// What the last check decided stands: a refused alert leaves no silence.
	d.Check(few)
	if got := d.Add(now.Add(width), negatives(12)); !got.Alert || got.Silent {
		t.Errorf("after an alert that the check refused: %+v, want an alert", got)
	}
}

// A shared text is many people where many voices share it.
func TestCheckKnowsACascade(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	d, now := after(14*24*time.Hour+9*time.Hour, r)
	d.Add(now, plus(quiet(r, now), negatives(30)))
	got := d.Check(func(time.Duration) (alerts.Exact, bool) {
		return alerts.Exact{Voices: 31, Texts: 9, NegativeVoices: 29, NegativeTexts: 8, Sources: 2}, true
	})
	if !got.Alert {
		t.Errorf("30 posts of 29 voices in 8 texts: %+v, want an alert", got)
	}
}

// feed plays a fixed course through f and returns the scores of its last day.
func feed(skipEmpty bool, f func(d *alerts.Detector, t time.Time, c alerts.Count, last bool) alerts.Score) []alerts.Score {
	r := rand.New(rand.NewPCG(9, 9))
	d := alerts.NewDetector(alerts.Options{Width: width, Zone: zone})
	var all []alerts.Score
	for i := range 10 * 288 {
		t := start.Add(time.Duration(i) * width)
		c := quiet(r, t)
		if i%97 == 0 {
			c = plus(c, negatives(9))
		}
		last := i >= 9*288
		if skipEmpty && c.Total == 0 {
			continue
		}
		if s := f(d, t, c, last); last && c.Total > 0 {
			all = append(all, s)
		}
	}
	return all
}

func add(d *alerts.Detector, t time.Time, c alerts.Count, _ bool) alerts.Score { return d.Add(t, c) }

func learn(d *alerts.Detector, t time.Time, c alerts.Count, last bool) alerts.Score {
	if !last {
		d.Learn(t, c)
		return alerts.Score{}
	}
	return d.Add(t, c)
}

func TestReplay(t *testing.T) {
	want := feed(false, learn)
	some := false
	for _, s := range want {
		some = some || s.Value > 0
	}
	if !some {
		t.Fatal("the course holds nothing that scores")
	}
	if diff := cmp.Diff(want, feed(true, learn)); diff != "" {
		t.Errorf("missing buckets are not zeros:\n%s", diff)
	}
	added := feed(false, add)
	for i := range added {
		if added[i].Value != want[i].Value {
			t.Fatalf("score %d: %v where the past was added, %v where it was learned", i, added[i].Value, want[i].Value)
		}
	}
}

func TestOutOfOrderIsIgnored(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 10))
	d, now := after(3*24*time.Hour, r)
	want, _, _ := d.Expected(now)
	for range 50 {
		if s := d.Add(now.Add(-width), negatives(1000)); s.Alert {
			t.Fatal("a bucket that was already there alerts")
		}
	}
	if got, _, _ := d.Expected(now); got != want {
		t.Errorf("expected %v negatives, want %v as before", got, want)
	}
}

func TestLongAbsenceStartsAnew(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 11))
	d, now := after(14*24*time.Hour, r)
	if delay, s := firstAlert(d, r, now.AddDate(1, 0, 0)); delay != 0 {
		t.Errorf("alert on the first day after a year's absence: %+v", s)
	}
}

func TestExpected(t *testing.T) {
	sum, night, noon := 0.0, 0.0, 0.0
	const series = 8
	for seed := range uint64(series) {
		d, now := after(21*24*time.Hour, rand.New(rand.NewPCG(seed, 12)))
		for i := range 288 {
			at := now.Add(time.Duration(i) * width)
			mean, low, high := d.Expected(at)
			if !(0 <= low && low <= mean && mean < high) {
				t.Fatalf("at %v: %v not within %v and %v", at, mean, low, high)
			}
			sum += mean
			switch at.In(zone).Hour() {
			case 3:
				night += mean
			case 15:
				noon += mean
			}
		}
	}
	if got := sum / series; got < 20 || got > 29 {
		t.Errorf("%v negatives expected in a day, want about 24", got)
	}
	if noon < 1.5*night {
		t.Errorf("%v in the hour after 15:00 and %v after 3:00: the profile is not learned", noon, night)
	}
}

func TestAnIncidentDoesNotBecomeUsual(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 13))
	d, now := after(14*24*time.Hour, r)
	noon := now.Add(12 * time.Hour)
	_, _, before := d.Expected(noon.Add(48 * time.Hour))
	for now.Before(noon.Add(6 * time.Hour)) {
		c := quiet(r, now)
		if now.After(noon) {
			c = plus(c, negatives(30))
		}
		d.Add(now, c)
		now = now.Add(width)
	}
	for now.Before(noon.Add(47 * time.Hour)) {
		d.Add(now, quiet(r, now))
		now = now.Add(width)
	}
	if _, _, high := d.Expected(noon.Add(48 * time.Hour)); high > 2*before {
		t.Errorf("two days after an incident up to %v negatives are usual, before it %v", high, before)
	}
	if delay, _ := firstAlert(d, r, now); delay == 0 {
		t.Error("a second incident two days later is not told")
	}
}
