// Package linear holds small text classifiers: a softmax over hashed character
// n-grams and a few numbers beside them, with weights of one byte. A model is
// under a megabyte, loads in milliseconds, judges a short text in microseconds,
// and is trained in seconds, always to the same bytes.
//
// It knows nothing of what the classes or the numbers mean, and will not read
// text: whoever uses it says which n-grams stand where. Start reading at Model;
// Train makes one, Read and Write keep it.
//
// The method is the usual one: feature hashing (Weinberger et al., "Feature
// hashing for large scale multitask learning", ICML 2009), AdaGrad (Duchi, Hazan
// and Singer, JMLR 12, 2011).
package linear

import (
	"math"
	"slices"
)

// Classes is how many classes a model tells apart, in the order negative,
// neutral, positive.
const Classes = 3

// Buckets is the number of places that n-grams are hashed to.
const Buckets = 1 << 18

// Probs are the probabilities, or the scores, of the classes.
type Probs [Classes]float64

// Sample is a text as a model sees it.
type Sample struct {
	// Grams are hashes of n-grams; each counts once for every time it stands here.
	Grams []uint32
	// Numbers are what else is known of the text, in the order of the model's
	// training; most lie between -1 and 1.
	Numbers []float32
}

// stride is how far the weights of two buckets lie apart: a power of two, so that
// those of one bucket share a cache line.
const stride = 4

// Model is a trained classifier. It does not change, and may be used by many
// goroutines at once.
type Model struct {
	grams   *[Buckets][stride]int8
	scale   float64
	numbers [][Classes]float32
	bias    [Classes]float32
}

// share is what one n-gram of n counts: long texts hold more of them and must not
// be the surer for it.
func share(n int) float64 {
	if n == 0 {
		return 0
	}
	return 1 / math.Sqrt(float64(n))
}

// Numbers is how many numbers a sample must bring.
func (m *Model) Numbers() int { return len(m.numbers) }

// Scores returns the sums of the weights of s, before they are made probabilities.
// Numbers beyond those of the training are left out.
func (m *Model) Scores(s Sample) Probs {
	var sum [Classes]int32
	for _, g := range s.Grams {
		w := &m.grams[g%Buckets]
		sum[0] += int32(w[0])
		sum[1] += int32(w[1])
		sum[2] += int32(w[2])
	}
	return m.scores(sum, s)
}

// scores makes scores of the summed weights of the n-grams of s.
func (m *Model) scores(sum [Classes]int32, s Sample) Probs {
	unit := m.scale * share(len(s.Grams))
	var out Probs
	for c := range Classes {
		out[c] = float64(sum[c])*unit + float64(m.bias[c])
	}
	for i, x := range s.Numbers[:min(len(s.Numbers), len(m.numbers))] {
		if x == 0 {
			continue
		}
		for c := range Classes {
			out[c] += float64(m.numbers[i][c]) * float64(x)
		}
	}
	return out
}

// Weigh is Scores, and tells beside it how much each n-gram speaks for positive
// (above 0) or for negative (below 0), in units of the last result. It writes
// them over memory, which may be nil.
func (m *Model) Weigh(s Sample, memory []int16) (scores Probs, leaning []int16, unit float64) {
	leaning = slices.Grow(memory[:0], len(s.Grams))[:len(s.Grams)]
	var sum [Classes]int32
	for i, g := range s.Grams {
		w := &m.grams[g%Buckets]
		sum[0] += int32(w[0])
		sum[1] += int32(w[1])
		sum[2] += int32(w[2])
		leaning[i] = int16(w[2]) - int16(w[0])
	}
	return m.scores(sum, s), leaning, m.scale * share(len(s.Grams))
}

// Softmax makes probabilities of scores.
func (p Probs) Softmax() Probs {
	top := max(p[0], p[1], p[2])
	sum := 0.0
	var out Probs
	for c := range Classes {
		out[c] = math.Exp(p[c] - top)
		sum += out[c]
	}
	for c := range Classes {
		out[c] /= sum
	}
	return out
}

// Best is the class of the highest probability, neutral among equals.
func (p Probs) Best() int {
	best := 1
	for _, c := range []int{0, 2} {
		if p[c] > p[best] {
			best = c
		}
	}
	return best
}
