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
// and Singer, JMLR 12, 2011). Beside the weights of a slot stands a tag of the
// n-gram that holds it, so that an n-gram never seen does not speak with the weights
// of another.
package linear

import (
	"math"
	"slices"
)

// Classes is how many classes a model tells apart, in the order negative,
// neutral, positive.
const Classes = 3

// Slots is the number of n-grams that a model has room for; the lower bits of a
// hash say where, the eight above them are the tag.
const Slots = 1 << 18

// GramBits is how many bits of the hash of an n-gram count.
const GramBits = 26

// Probs are the probabilities, or the scores, of the classes.
type Probs [Classes]float64

// Sample is a text as a model sees it.
type Sample struct {
	// Grams are hashes of n-grams, of GramBits bits; each counts once for every time it
	// stands here.
	Grams []uint32
	// Numbers are what else is known of the text, in the order of the model's
	// training; most lie between -1 and 1.
	Numbers []float32
}

// slot holds the weights of an n-gram and, in the last place, its tag: together a
// power of two, so that they share a cache line.
type slot [stride]int8

const (
	stride = 4
	tagAt  = Classes
)

// tagOf tells apart the n-grams of a slot.
func tagOf(gram uint32) int8 { return int8(gram >> 18) }

// holds is all ones where gram holds the slot and 0 where another does: half of the
// n-grams of a text are unknown, and a branch would be guessed wrong as often.
func (s *slot) holds(gram uint32) int32 {
	d := int32(s[tagAt]) ^ int32(tagOf(gram))
	return ^((d | -d) >> 31)
}

// Model is a trained classifier. It does not change, and may be used by many
// goroutines at once.
type Model struct {
	grams   *[Slots]slot
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
		w := &m.grams[g%Slots]
		held := w.holds(g)
		sum[0] += int32(w[0]) & held
		sum[1] += int32(w[1]) & held
		sum[2] += int32(w[2]) & held
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
		w := &m.grams[g%Slots]
		held := w.holds(g)
		neg, pos := int32(w[0])&held, int32(w[2])&held
		sum[0] += neg
		sum[1] += int32(w[1]) & held
		sum[2] += pos
		leaning[i] = int16(pos - neg)
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
