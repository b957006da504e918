package alerts

import (
	"math"
	"testing"
)

// direct sums the probabilities of the negative binomial themselves.
func direct(n int, mean, spread float64) float64 {
	size := 1 / spread
	log := -size * math.Log1p(mean/size) // of P(X = 0)
	below := 0.0
	tail := 0.0
	for k := range n + 5000 {
		if k < n {
			below += math.Exp(log)
		} else {
			tail += math.Exp(log)
		}
		log += math.Log((size+float64(k))/float64(k+1)) + math.Log(mean/(mean+size))
	}
	if tail < 0.5 {
		return -math.Log10(tail)
	}
	return -math.Log10(1 - below)
}

func TestUnlikelyIsTheTail(t *testing.T) {
	for _, mean := range []float64{0.01, 0.3, 2, 17, 250} {
		for _, spread := range []float64{0.003, 0.05, 0.4, 1.5} {
			for _, n := range []int{1, 2, 6, 20, 100, 400} {
				want := direct(n, mean, spread)
				if math.IsInf(want, 0) || want > 250 {
					continue
				}
				if got := unlikely(float64(n), mean, spread); math.Abs(got-want) > 1e-6*(1+want) {
					t.Errorf("unlikely(%d, %v, %v) = %v, want %v", n, mean, spread, got, want)
				}
			}
		}
	}
}

func TestUnlikelyHasNoHoles(t *testing.T) {
	for _, c := range []struct{ n, mean, spread, want float64 }{
		{0, 3, 0.1, 0},
		{5, 0, 0.1, surest},
		{math.NaN(), 3, 0.1, 0},
		{5, math.NaN(), 0.1, 0},
		{5, math.Inf(1), 0.1, 0},
		{5, 3, math.NaN(), 0},
		{1e7, 1e-9, 0.003, surest},
	} {
		if got := unlikely(c.n, c.mean, c.spread); got != c.want {
			t.Errorf("unlikely(%v, %v, %v) = %v, want %v", c.n, c.mean, c.spread, got, c.want)
		}
	}
	was := 0.0
	for n := 1.0; n < 3e6; n *= 1.1 {
		got := unlikely(n, 1000, 0.01)
		if math.IsNaN(got) || got < was {
			t.Fatalf("unlikely(%v, 1000, 0.01) = %v after %v, want it to grow", n, got, was)
		}
		was = got
	}
}

func FuzzUnlikely(f *testing.F) {
	f.Add(6.0, 0.5, 0.15)
	f.Add(1e7, 1e-300, 1e300)
	f.Fuzz(func(t *testing.T, n, mean, spread float64) {
		if got := unlikely(n, mean, spread); !(got >= 0 && got <= surest) {
			t.Errorf("unlikely(%v, %v, %v) = %v", n, mean, spread, got)
		}
	})
}
