package analysis

import (
	"math"

	"minsheng/opinion"
)

// toneWeights say how much a class speaks for a good (above 0) or a bad event of
// a news item, and for a good or a bad mood of a writer.
var toneWeights = [...]struct{ event, mood float64 }{
	clsPraise: {.6, .7}, clsRescue: {.4, .4}, clsSacrifice: {-.2, 0},
	clsComplaint: {-.7, -1}, clsInaction: {-.6, -.8}, clsAbuse: {-.8, -.7},
	clsMisconduct: {-.9, -.5}, clsDiscipline: {-.7, -.3}, clsAttack: {-.7, -.4},
	clsSarcasm: {-.2, -.6}, clsRhetoric: {-.4, -.9},
	clsEventGood: {1, .5}, clsMoodGood: {.3, 1}, clsMoodBad: {-.5, -1.1},
	clsCrime: {-1, -.3}, clsAccident: {-1, -.2},
}

// toneOf judges the event of a news item, the writer's mood of everything else,
// whoever is spoken about. Only the words before //@ are the writer's.
func toneOf(p *parsedText, kind opinion.Kind) attitudeVerdict {
	good, bad := 0.0, 0.0
	for n := range p.clauses {
		c := &p.clauses[n]
		if c.start >= p.chain {
			break
		}
		s := attitudeState{p: p}
		for i := c.hits[0]; i < c.hits[1]; i++ {
			w := s.toneWeight(i, c, kind)
			if w > 0 {
				good += w
			} else {
				bad -= w
			}
		}
	}
	good, bad = dampened(good), dampened(bad)
	bias := 1.3
	if kind == opinion.News {
		bias = 1
	}
	a := math.Exp(1.2*bad - .6*good - bias)
	b := math.Exp(1.2*good - .6*bad - bias)
	return attitudeVerdict{neg: a / (1 + a + b), neu: 1 / (1 + a + b), pos: b / (1 + a + b)}
}

func (s *attitudeState) toneWeight(i int32, c *clause, kind opinion.Kind) float64 {
	h := &s.p.hits[i]
	if int(h.class) >= len(toneWeights) {
		return 0
	}
	w := toneWeights[h.class].mood
	if kind == opinion.News {
		w = toneWeights[h.class].event
	}
	if w == 0 {
		return 0
	}
	w *= h.weight * s.degree(i, c)
	switch {
	case s.negated(i, c):
		return -.6 * w
	case h.quoted && w > 0:
		return -.4 * w
	}
	return w
}
