package analysis

import (
	"math"
	"strings"
	"unicode/utf8"

	"minsheng/analysis/linear"
	"minsheng/opinion"
)

// The numbers of a sample for the attitude head, in blocks. A new number goes to
// the end of its block and makes weights of before unreadable, which ReadWeights
// notices by the count.
const (
	atTone          = 0                    // differences of the tone scores
	atRules         = atTone + 4           // what the rules say
	atMarks         = atRules + 16         // marks on the surface
	atKind          = atMarks + 12         // kind of text
	atWeighed       = atKind + 4           // cues after target, negation and turn, by class
	atSeen          = atWeighed + nClasses // words by class, whoever they are said of
	attitudeNumbers = atSeen + nClasses
)

const nClasses = len(cueNames)

// attitudeSample is a text for the attitude head. With the memory with which the
// tones t were read, the writer's own words need not be read twice.
func attitudeSample(m *gramMemory, p *parsedText, r *attitudeReading, t tones, kind opinion.Kind) linear.Sample {
	m.own.again(p.text[:p.chain])
	numbers := m.attitudeNumbers(p, r, t, kind)
	m.mentions = m.own.fold(m.mentions[:0], p.hits)
	m.near = m.own.near(m.near[:0], m.mentions)
	m.grams = m.own.grams(m.grams[:0], 0, len(m.own.chars), wholeSalt)
	for _, s := range m.near {
		m.grams = m.own.grams(m.grams, s.from, s.to, s.salt)
	}
	return linear.Sample{Grams: m.grams, Numbers: numbers}
}

func (m *gramMemory) attitudeNumbers(p *parsedText, r *attitudeReading, t tones, kind opinion.Kind) []float32 {
	m.numbers = m.zeros(attitudeNumbers)
	x := m.numbers
	x[atTone] = signed(t.news[0]-t.news[1], 2)
	x[atTone+1] = signed(t.news[2]-t.news[1], 2)
	x[atTone+2] = signed(t.post[0]-t.post[1], 2)
	x[atTone+3] = signed(t.post[2]-t.post[1], 2)
	rules(x[atRules:atMarks], r)
	m.marks(x[atMarks:atKind], p)
	switch kind {
	case opinion.News:
		x[atKind] = 1
	case opinion.Reply:
		x[atKind+1] = 1
	case opinion.Board:
		x[atKind+2] = 1
	default:
		x[atKind+3] = 1
	}
	weighed, seen := x[atWeighed:atSeen], x[atSeen:]
	for _, c := range r.cues {
		weighed[p.hits[c.hit].class] += float32(c.weight)
	}
	for i, w := range weighed {
		weighed[i] = signed(float64(w), 1.5)
	}
	countClasses(seen, p.hits, p.chain)
	return x
}

func rules(x []float32, r *attitudeReading) {
	f := r.features
	neutral := r.outcome(opinion.Unknown, "")
	for i, v := range []float32{
		signed(r.against, 1.5), signed(r.pro, 1.5), signed(r.against-r.pro, 1.5),
		float32(neutral.neg), float32(neutral.pos), signed(math.Log(neutral.neg/neutral.neu), 1), signed(math.Log(neutral.pos/neutral.neu), 1),
		signed(f.notice, 1), signed(f.request, 1), signed(f.work, 1), signed(f.crime, 1), signed(f.attack, 1), signed(f.question, 1),
		flag(r.named), flag(r.chained && !r.mentions), flag(r.inherited),
	} {
		x[i] = v
	}
}

// marks are what the surface shows. m.text is the reading of it.
func (m *gramMemory) marks(x []float32, p *parsedText) {
	text := p.text[:p.chain]
	chars := m.text.chars
	if len(text) > 3*maxGramChars || len(chars) == maxGramChars {
		text = text[:min(len(text), 3*maxGramChars)]
		chars = []rune(text)
	}
	var asks, calls, quotes, brackets, me, you bool
	for _, r := range chars {
		switch r {
		case '?':
			asks = true
		case '!':
			calls = true
		case '“', '"':
			quotes = true
		case '[':
			brackets = true
		case '我':
			me = true
		case '你':
			you = true
		}
	}
	n := float64(utf8.RuneCountInString(text))
	for i, v := range []float32{
		flag(asks), flag(calls), flag(quotes),
		flag(strings.HasPrefix(text, "【") || strings.HasPrefix(text, "#")), flag(int(p.chain) < len(p.text)),
		flag(brackets), flag(me), flag(you),
		signed(n, 40), signed(n, 200), signed(float64(len(p.clauses)), 5), flag(strings.Contains(text, "...")),
	} {
		x[i] = v
	}
}

func flag(b bool) float32 {
	if b {
		return 1
	}
	return 0
}
