package alerts_test

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"minsheng/alerts"
)

// FuzzDetector feeds nonsense: whatever comes, scores are finite, and an alert
// stands on at least eight negatives.
func FuzzDetector(f *testing.F) {
	f.Add([]byte("\x01\x05\x05\x05\x05\x00\xff\xff"), uint16(5))
	f.Add([]byte("\xff\xff\xff\xff\x00\x00\x00\x00\x10\x10\x10\x10"), uint16(1))
	f.Add([]byte{}, uint16(60))
	f.Fuzz(func(t *testing.T, b []byte, minutes uint16) {
		d := alerts.NewDetector(alerts.Options{Width: time.Duration(minutes) * time.Minute})
		now := start
		for range 1500 {
			d.Learn(now, alerts.Count{Total: 3, Negative: 1, Voices: 3, Texts: 3})
			now = now.Add(max(1, time.Duration(minutes)) * time.Minute)
		}
		for len(b) >= 5 && len(b) < 4096 {
			huge := 1 << (b[0] % 63)
			c := alerts.Count{Total: int(int8(b[1])) * huge, Negative: int(int8(b[2])) * huge, Voices: int(int8(b[3])), Texts: int(b[4])}
			now = now.Add(time.Duration(binary.LittleEndian.Uint16(b)) * time.Minute / 16)
			b = b[5:]
			for _, s := range []alerts.Score{d.Add(now, c), d.Check(func(time.Duration) (alerts.Exact, bool) {
				return alerts.Exact{Voices: c.Voices, NegativeVoices: c.Texts, NegativeTexts: c.Negative}, true
			})} {
				for _, v := range []float64{s.Value, s.Expected, s.Usual, s.Adjusted} {
					if math.IsNaN(v) || math.IsInf(v, 0) || v < 0 {
						t.Fatalf("%+v after %+v", s, c)
					}
				}
				if s.Alert && s.Negative < 8 {
					t.Fatalf("alert on %d negatives", s.Negative)
				}
			}
			if mean, low, high := d.Expected(now.Add(time.Hour)); math.IsNaN(mean) || !(low <= mean && mean <= high) {
				t.Fatalf("expected %v within %v and %v", mean, low, high)
			}
		}
	})
}

// busy is a series whose windows are full enough for every test.
func busy() []alerts.Count {
	r := rand.New(rand.NewPCG(1, 1))
	all := make([]alerts.Count, 28*288)
	for i := range all {
		bad, other := poisson(r, 3), poisson(r, 8)
		all[i] = alerts.Count{Total: bad + other, Negative: bad, Voices: bad + other, Texts: bad + other}
	}
	return all
}

func BenchmarkReplayFourWeeks(b *testing.B) {
	past := busy()
	for b.Loop() {
		d := alerts.NewDetector(alerts.Options{Width: width, Zone: zone})
		for i, c := range past {
			d.Learn(start.Add(time.Duration(i)*width), c)
		}
	}
}

func BenchmarkReplayFourQuietWeeks(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	past := make([]alerts.Count, 28*288)
	for i := range past {
		past[i] = quiet(r, start.Add(time.Duration(i)*width))
	}
	for b.Loop() {
		d := alerts.NewDetector(alerts.Options{Width: width, Zone: zone})
		for i, c := range past {
			d.Learn(start.Add(time.Duration(i)*width), c)
		}
	}
}

func BenchmarkAdd(b *testing.B) {
	past := busy()
	d := alerts.NewDetector(alerts.Options{Width: width, Zone: zone})
	t := start
	i := 0
	for b.Loop() {
		d.Add(t, past[i%len(past)])
		t = t.Add(width)
		i++
	}
}
