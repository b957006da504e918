package linear

import (
	"cmp"
	"math"
	"slices"
)

// Judged is a score of a text that the model had not seen, beside its label.
type Judged struct {
	Scores Probs
	Label  int
	Weight float64 // 0 counts as 1
}

// Across judges every example by a model that was trained without its fold, so
// that a model's scores can be calibrated on the texts it learns from. fold gives
// each example one of folds parts, or -1: it is then always learned from. Examples of two classes are only learned from.
func Across(examples []Example, plan Plan, folds int, fold func(i int) int) []Judged {
	judged := make([]Judged, 0, len(examples))
	for k := range folds {
		var rest []Example
		for i := range examples {
			if fold(i) != k {
				rest = append(rest, examples[i])
			}
		}
		m := Train(rest, plan)
		for i := range examples {
			if e := &examples[i]; fold(i) == k && !e.TwoClasses {
				judged = append(judged, Judged{Scores: m.Scores(e.Sample), Label: e.Label, Weight: e.Weight})
			}
		}
	}
	return judged
}

// Calibrate returns what to add to the scores of negative and positive for the best
// sum of accuracy and macro-F1, and the temperature to divide by afterwards, so that
// probabilities are as sure as they are right. Where both sides must move alike,
// which of them is likelier stays as it is.
func Calibrate(judged []Judged, alike bool) (shift Probs, temperature float64) {
	type try struct{ neg, pos, good float64 }
	var tries []try
	top := 0.0
	const reach, step = 2.0, .2
	for n := -reach; n <= reach; n += step {
		for p := -reach; p <= reach; p += step {
			if alike && p != n {
				continue
			}
			good := goodness(judged, Probs{n, 0, p})
			tries = append(tries, try{n, p, good})
			top = max(top, good)
		}
	}
	// The best of many tries is partly luck: the middle of those that are nearly as
	// good holds better on other texts.
	count := 0.0
	for _, t := range tries {
		if t.good >= top-.01 {
			shift[0], shift[2], count = shift[0]+t.neg, shift[2]+t.pos, count+1
		}
	}
	shift[0], shift[2] = shift[0]/count, shift[2]/count
	return shift, temperatureOf(judged, shift)
}

func goodness(judged []Judged, shift Probs) float64 {
	var right, all float64
	var table [Classes][Classes]float64
	for i := range judged {
		j := &judged[i]
		s := j.Scores
		for c := range Classes {
			s[c] += shift[c]
		}
		w := cmp.Or(j.Weight, 1)
		got := s.Best()
		table[j.Label][got] += w
		all += w
		if got == j.Label {
			right += w
		}
	}
	f1 := 0.0
	for c := range Classes {
		sum := 0.0
		for d := range Classes {
			sum += table[c][d] + table[d][c]
		}
		if sum > 0 {
			f1 += 2 * table[c][c] / sum / Classes
		}
	}
	return right/all + f1
}

// temperatureOf is the one under which the labels were likeliest.
func temperatureOf(judged []Judged, shift Probs) float64 {
	loss := func(temperature float64) float64 {
		sum := 0.0
		for i := range judged {
			s := judged[i].Scores
			for c := range Classes {
				s[c] = (s[c] + shift[c]) / temperature
			}
			sum -= cmp.Or(judged[i].Weight, 1) * math.Log(max(s.Softmax()[judged[i].Label], 1e-9))
		}
		return sum
	}
	var tries []float64
	for t := .3; t < 3.5; t *= 1.08 {
		tries = append(tries, t)
	}
	return slices.MinFunc(tries, func(a, b float64) int { return cmp.Compare(loss(a), loss(b)) })
}
