package analysis

import (
	"math"

	"minsheng/opinion"
)

// attitudeFeatures counts what stands around the cues.
type attitudeFeatures struct {
	notice, request, work, crime, attack, question float64
}

func (f *attitudeFeatures) see(c cueClass) {
	switch c {
	case clsNotice:
		f.notice++
	case clsRequest:
		f.request++
	case clsWork:
		f.work++
	case clsCrime, clsAccident:
		f.crime++
	case clsAttack:
		f.attack++
	case clsQuestion:
		f.question++
	}
}

// attitudeBias is how much evidence a kind of text must bring before it is taken
// for negative or positive: news rarely judges, boards and replies often do.
type attitudeBias struct{ against, pro float64 }

func biasOf(kind opinion.Kind, class opinion.Class) attitudeBias {
	switch {
	case class == opinion.Gov:
		return attitudeBias{3.2, 2.2}
	case kind == opinion.News:
		return attitudeBias{2.2, 1.8}
	case kind == opinion.Reply:
		return attitudeBias{.7, 1.1}
	case kind == opinion.Board:
		return attitudeBias{1.3, 2}
	}
	return attitudeBias{.8, 1.3}
}

// outcome makes probabilities of a reading: a logistic over the summed weights,
// the neutral side of which grows with what marks notices, requests and cases.
func (r *attitudeReading) outcome(kind opinion.Kind, class opinion.Class) attitudeVerdict {
	if !r.mentions && !r.inherited && !r.chained {
		return attitudeVerdict{neg: .02, neu: .96, pos: .02}
	}
	bias := biasOf(kind, class)
	if r.short && kind == opinion.News {
		bias.against -= .6 // a headline has room for one cue
		bias.pro -= .6
	}
	f := r.features
	neutral := .5*min(f.notice, 2) + .3*min(f.request, 2) + .15*min(f.work, 3) + .4*min(f.attack, 1)
	if kind == opinion.Reply {
		neutral /= 2
	}
	neg := 1.25*r.against - .45*r.pro - bias.against - neutral
	pos := 1.15*r.pro - .8*r.against - bias.pro - .7*neutral
	a, b := math.Exp(min(neg, 20)), math.Exp(min(pos, 20))
	return attitudeVerdict{neg: a / (1 + a + b), neu: 1 / (1 + a + b), pos: b / (1 + a + b)}
}
