package analysis

import (
	"cmp"
	"io"

	"minsheng/analysis/linear"
	"minsheng/opinion"
)

// A Teacher learns weights from labelled texts. What it learns is the same for
// the same texts in the same order, to the byte.
type Teacher struct {
	reader *Analyzer
	base   *Weights
}

// NewTeacher returns a Teacher of the attitude, which goes by the tones of base.
// Texts are read with the built-in lexicon and the words of a segmenter, as they
// are when they are judged.
func NewTeacher(base *Weights, words *Segmenter) *Teacher {
	return &Teacher{reader: New(Options{Segmenter: words, Weights: base}), base: base}
}

// shownOf is a labelled text as it is stored and judged.
func shownOf(text string) string {
	body, _, _ := Clean(text)
	folded, _ := Fold(Mask(body))
	return folded
}

// ToneText is a text with its tone, for TrainTone.
type ToneText struct {
	Label      opinion.Attitude
	Text       string
	TwoClasses bool    // of a set without neutral texts
	Weight     float64 // how much it counts; 0 counts as 1
	// Soft is what the text is learned as, where it is no zero; Label is then only
	// calibrated on.
	Soft linear.Probs
}

// TrainTone learns the tone of news, or of posts, and writes its weights to w.
// Texts are read with the built-in lexicon and the words of a segmenter.
func TrainTone(texts []ToneText, news bool, words *Segmenter, w io.Writer) error {
	reader := New(Options{Segmenter: words})
	examples := make([]linear.Example, len(texts))
	for i, t := range texts {
		folded := shownOf(t.Text)
		p := reader.judge.parse(folded, bordersOf(reader.cut(folded), len(folded)))
		s := postSample(new(gramMemory), &p)
		if news {
			s = newsSample(new(gramMemory), &p)
		}
		examples[i] = linear.Example{Sample: s, Label: classOf(t.Label), TwoClasses: t.TwoClasses, Weight: t.Weight, Soft: t.Soft}
	}
	plan := linear.Plan{Epochs: 4, Rate: .15, Numbers: .05, Dropout: .3, Texts: 2, Seed: 7, Turns: 12}
	if news {
		plan = linear.Plan{Epochs: 10, Rate: .1, Numbers: .05, Dropout: .3, Texts: 2, Seed: 7, Turns: 8}
	}
	const folds = 3
	quick := plan
	quick.Turns = 4
	judged := linear.Across(examples, quick, folds, func(i int) int { return i % folds })
	shift, temperature := linear.Calibrate(judged, !news)
	return linear.Train(examples, plan).Shift(shift).Sharpen(temperature).Write(w)
}

func classOf(a opinion.Attitude) int {
	for i, l := range labels {
		if l == a {
			return i
		}
	}
	return 1
}

// attitudePlan was chosen on folds of the training texts, by their events and by
// their sources.
var attitudePlan = linear.Plan{Epochs: 8, Rate: .1, Numbers: .06, Dropout: .4, Texts: 2, Seed: 7, Turns: 16}

// lesson is a labelled text as the attitude head sees it.
type lesson struct {
	linear.Example
	kind    opinion.Kind
	reading *attitudeReading
	style   string
	apart   bool
}

// lessons reads labelled texts. Those that name neither the police nor calling
// them are replies whose opening post does.
func (t *Teacher) lessons(texts []Labelled) []lesson {
	out := make([]lesson, 0, len(texts))
	for _, l := range texts {
		folded := shownOf(l.Text)
		kind := l.Kind
		if kind == opinion.Unknown {
			kind = kindOf(folded, false)
		}
		p := t.reader.judge.parse(folded, bordersOf(t.reader.cut(folded), len(folded)))
		r := readAttitude(&p, 0)
		if !r.mentions && !r.chained {
			r = readAttitude(&p, carriedFully)
		}
		m := new(gramMemory)
		s := attitudeSample(m, &p, r, t.base.tones(m, &p), kind)
		out = append(out, lesson{linear.Example{Sample: s, Label: classOf(l.Label), Weight: l.Weight, Drawn: l.Drawn, Soft: l.Soft}, kind, r, l.Style, l.Apart})
	}
	return out
}

// TrainAttitude learns the attitude toward the police and writes its weights to w.
func (t *Teacher) TrainAttitude(texts []Labelled, w io.Writer) error {
	return learnAttitude(t.lessons(texts)).Write(w)
}

// RefineAttitude goes on from the attitude that the Teacher was given, with the texts
// of an office and beside them our own (other), so that nothing else is forgotten.
// What speaks for each class from the start stays as it is.
func (t *Teacher) RefineAttitude(texts, other []Labelled, w io.Writer) error {
	plan := attitudePlan
	plan.Epochs, plan.From, plan.Caution = refineEpochs, t.base.attitude, refineCaution
	var examples []linear.Example
	for _, l := range t.lessons(texts) {
		l.Weight = officeWeight
		examples = append(examples, l.Example)
	}
	for _, l := range t.lessons(other) {
		examples = append(examples, l.Example)
	}
	return linear.Train(examples, plan).Write(w)
}

// Chosen so that a hundred texts of an office are learned and the fifth of our own
// that is held aside is judged no worse.
const (
	refineEpochs  = 3
	refineCaution = .5
	officeWeight  = 2
)

// watchful is how much more than calibration says speaks for negative: an office rather
// reads one post in vain than misses one.
const watchful = .1

// learnAttitude trains on all lessons, and calibrates on what models said that had
// not seen them: half of it models that had not seen their style either, for texts
// from new sources are what the program meets.
func learnAttitude(lessons []lesson) *linear.Model {
	examples := make([]linear.Example, len(lessons))
	for i := range lessons {
		examples[i] = lessons[i].Example
	}
	scores := acrossStyles(lessons, examples)
	natural := naturalWeights(lessons)
	for i := range scores {
		scores[i].Weight = natural[scores[i].lesson]
	}
	_, temperature := linear.Calibrate(joined(scores, lessons, 1), false)
	shift, _ := linear.Calibrate(joined(scores, lessons, temperature), false)
	shift[0] += watchful
	return linear.Train(examples, attitudePlan).Sharpen(temperature).Shift(shift)
}

// unseen is a lesson as a model judged it that was trained without it.
type unseen struct {
	linear.Judged
	lesson int
}

// acrossStyles judges every lesson but those apart by models that had not seen it and,
// where there are enough styles, by models that had seen none of its style.
func acrossStyles(lessons []lesson, examples []linear.Example) []unseen {
	const folds = 5
	unlessApart := func(fold func(i int) int) func(int) int {
		return func(i int) int {
			if lessons[i].apart {
				return -1 // of no fold: always learned from
			}
			return fold(i) % folds
		}
	}
	judged := across(examples, folds, unlessApart(func(i int) int { return i }))
	styles := map[string]int{}
	for _, l := range lessons {
		if _, seen := styles[l.style]; !seen && !l.apart {
			styles[l.style] = len(styles)
		}
	}
	if len(styles) >= folds {
		judged = append(judged, across(examples, folds, unlessApart(func(i int) int { return styles[lessons[i].style] }))...)
	}
	return judged
}

func across(examples []linear.Example, folds int, fold func(int) int) []unseen {
	plan := attitudePlan
	plan.Turns = 1
	judged := linear.Across(examples, plan, folds, fold)
	out := make([]unseen, 0, len(judged))
	for k := range folds {
		for i := range examples {
			if fold(i) == k {
				out = append(out, unseen{judged[len(out)], i})
			}
		}
	}
	return out
}

// joined softens what was learned by temperature and joins the rules to it, as they
// are when a text is judged.
func joined(scores []unseen, lessons []lesson, temperature float64) []linear.Judged {
	out := make([]linear.Judged, len(scores))
	for i, u := range scores {
		out[i] = u.Judged
		for c := range out[i].Scores {
			out[i].Scores[c] /= temperature
		}
		out[i].Scores = withRules(out[i].Scores, lessons[u.lesson].reading)
	}
	return out
}

// naturalShares are how many of a kind of text are negative, neutral and positive
// toward the police where they are drawn at random; rounded from the random draws
// of police_more. Whoever labels looks for the rare ones.
func naturalShares(kind opinion.Kind) linear.Probs {
	switch kind {
	case opinion.News:
		return linear.Probs{.05, .76, .19}
	case opinion.Reply:
		return linear.Probs{.33, .53, .14}
	case opinion.Board:
		return linear.Probs{.49, .50, .01}
	}
	return linear.Probs{.2, .73, .07}
}

// naturalWeights weigh lessons so that each kind of text holds the classes in their
// natural shares, and counts together what it counted before.
func naturalWeights(lessons []lesson) []float64 {
	counted := map[opinion.Kind]linear.Probs{}
	for _, l := range lessons {
		if l.apart {
			continue
		}
		c := counted[l.kind]
		c[l.Label] += cmp.Or(l.Weight, 1)
		counted[l.kind] = c
	}
	out := make([]float64, len(lessons))
	for i, l := range lessons {
		c := counted[l.kind]
		share := c[l.Label] / (c[0] + c[1] + c[2])
		out[i] = cmp.Or(l.Weight, 1) * naturalShares(l.kind)[l.Label] / share
	}
	return out
}
