package analysis

import (
	"math"

	"minsheng/opinion"
)

// judge holds a lexicon ready for reading texts.
type judge struct {
	finder *wordFinder
	cues   []cueWord
	names  []float64 // of each cue, the weight of the police word inside it (出警太慢), or 0
}

func newJudge(l *Lexicon) *judge {
	words := make([]string, len(l.words))
	for i, c := range l.words {
		words[i] = c.word
	}
	j := &judge{finder: newWordFinder(words), cues: l.words, names: make([]float64, len(words))}
	for i, c := range l.words {
		if c.class == clsNotPolice {
			continue
		}
		for _, w := range j.finder.find(nil, c.word) {
			if part := l.words[w.id]; part.class == clsPolice && part.word != c.word {
				j.names[i] = max(j.names[i], part.weight)
			}
		}
	}
	return j
}

// weighedCue is a cue with what it weighs toward the police after target,
// negation, degree and turn: negative against them.
type weighedCue struct {
	hit    int32 // index into parsedText.hits
	weight float64
	why    string // a key of the catalogue
}

// attitudeReading is what the clauses of a text say about the police.
type attitudeReading struct {
	mentions  bool    // the poster names the police or calling them
	named     bool    // names the police themselves
	chained   bool    // only the text after //@ does
	inherited bool    // the opening post does
	carried   float64 // how surely an inherited text speaks about the police, 0 to 1
	short     bool    // no more than a headline
	against   float64
	pro       float64
	cues      []weighedCue
	features  attitudeFeatures
}

// target is who is being spoken about at a point of the text.
type target uint8

const (
	nobody target = iota
	thePolice
	otherOffice
	somebody
)

// attitudeState walks through the hits of a text.
type attitudeState struct {
	p       *parsedText
	r       *attitudeReading
	who     target
	since   int32 // clause in which who was last named
	working bool  // the police are at work on a case: what follows was done by others
	mocking bool  // the text holds a mark of mockery
}

// headlineBytes is the longest headline: about 45 characters.
const headlineBytes = 135

// readAttitude weighs every cue of p by who it is said of. carried is above 0
// where the opening post of the thread speaks about the police; see carriedBy.
func readAttitude(p *parsedText, carried float64) *attitudeReading {
	return readAttitudeInto(new(attitudeReading), p, carried)
}

// readAttitudeInto is readAttitude, in the memory of a reading that is done with.
func readAttitudeInto(r *attitudeReading, p *parsedText, carried float64) *attitudeReading {
	*r = attitudeReading{carried: carried, cues: r.cues[:0]}
	s := attitudeState{p: p, r: r}
	s.survey()
	r.short = len(p.text) <= headlineBytes
	r.inherited = carried > 0 && !r.mentions
	if !r.mentions && !r.chained && carried == 0 {
		return r
	}
	for n := range p.clauses {
		s.clause(int32(n))
	}
	s.turns()
	s.sum()
	return r
}

// survey looks over the whole text once: is it about the police, is it mocking,
// is it a report.
func (s *attitudeState) survey() {
	for i := range s.p.hits {
		h := &s.p.hits[i]
		if h.start >= s.p.chain {
			s.r.chained = s.r.chained || h.class == clsPolice || h.class == clsAttack
			continue
		}
		if h.names > 0 {
			s.r.mentions = true
			s.r.named = s.r.named || h.names >= 1
		}
		switch h.class {
		case clsPolice:
			s.r.mentions = true
			s.r.named = s.r.named || h.weight >= 1
		case clsAttack:
			s.r.mentions = true
		case clsSarcasm:
			s.mocking = true
		}
		s.r.features.see(h.class)
	}
}

// clause weighs the cues of one clause.
func (s *attitudeState) clause(n int32) {
	c := &s.p.clauses[n]
	if c.start >= s.p.chain {
		return
	}
	s.enter(n, c)
	for i := c.hits[0]; i < c.hits[1]; i++ {
		h := &s.p.hits[i]
		if h.names >= 1 && h.class != clsPolice && h.class != clsAttack && h.class != clsNotice {
			s.who, s.since = thePolice, n
		}
		switch h.class {
		case clsPolice, clsStaff, clsOther, clsPerson:
			s.meet(h, n)
		case clsWork, clsNotice, clsCrime:
			s.working = true
		case clsPraise, clsRescue, clsSacrifice, clsComplaint, clsInaction, clsAbuse,
			clsMisconduct, clsDiscipline, clsSarcasm, clsRhetoric, clsMoodBad, clsMoodGood:
			s.weigh(i, n, c)
		}
	}
}

// enter carries over from the clause before who is spoken about: a sentence goes
// on about its subject; a new one returns to the police where the text is about them.
func (s *attitudeState) enter(n int32, c *clause) {
	if n == 0 || s.p.clauses[n-1].sentence == c.sentence {
		return
	}
	s.working = false
	if s.who != thePolice {
		s.who = nobody
	}
}

// meet notes who is named. An object (对群众, 把孩子) does not become the subject.
func (s *attitudeState) meet(h *cueHit, n int32) {
	switch h.class {
	case clsPolice:
		if h.weight < 1 {
			return // calling them: the caller stays the subject
		}
		s.who, s.since, s.working = thePolice, n, false
	case clsStaff:
		if s.who == otherOffice || s.who == somebody && s.since == n || s.r.inherited && s.r.carried < 1 {
			return
		}
		s.who, s.since = thePolice, n
	case clsOther:
		if !s.p.isObject(h) {
			s.who, s.since = otherOffice, n
		}
	case clsPerson:
		if !s.p.isObject(h) {
			s.who, s.since = somebody, n
		}
	}
}

// isObject reports whether h follows a word that makes it an object.
func (p *parsedText) isObject(h *cueHit) bool {
	const reach = 5 * 3 // five Chinese characters: 把卖菜的老人
	for _, r := range p.text[max(p.clauses[h.clause].start, h.start-reach):h.start] {
		switch r {
		case '对', '向', '给', '把', '将', '为', '帮', '跟', '和', '与', '让', '替', '使', '救', '冲', '朝':
			return true
		}
	}
	return false
}

// Strengths of what a reply inherits: whether the thread is about what the police
// did, or about a case that they report.
const (
	carriedFully  = 1
	carriedByCase = .4
)

// carriedBy says how surely a reply under the opening post p speaks about the
// police: under a report of a case, anger is mostly at those who did it.
func carriedBy(p *parsedText) float64 {
	mentions, theCase, conduct := false, false, false
	for i := range p.hits {
		switch p.hits[i].class {
		case clsPolice, clsAttack:
			mentions = true
		case clsCrime, clsMisconduct, clsAccident:
			theCase = true
		case clsWork:
			theCase = theCase || p.hits[i].weight >= 1
		case clsComplaint, clsInaction, clsAbuse, clsPraise, clsRescue, clsSacrifice, clsStaff:
			conduct = true
		}
	}
	switch {
	case !mentions:
		return 0
	case theCase && !conduct:
		return carriedByCase
	}
	return carriedFully
}

// turns lets what stands before 但 or 反观 count less and what follows more, and
// the other way about after 虽然.
func (s *attitudeState) turns() {
	for i := range s.r.cues {
		w := &s.r.cues[i]
		n := s.p.hits[w.hit].clause
		w.weight *= s.turnFactor(n, s.p.hits[w.hit].start)
	}
}

// turnFactor looks for turning words in the clause itself, and in the next two of
// the same sentence or at the head of the next sentence.
func (s *attitudeState) turnFactor(n, at int32) float64 {
	const before, after, conceded = .6, 1.2, .6
	factor := 1.0
	for k := max(n-1, 0); k <= min(n+2, int32(len(s.p.clauses))-1); k++ {
		c := &s.p.clauses[k]
		near := c.sentence == s.p.clauses[n].sentence
		for i := c.hits[0]; i < c.hits[1]; i++ {
			h := &s.p.hits[i]
			switch {
			case h.class == clsContrast && h.start > at && (near || i == c.hits[0]):
				return factor * before
			case h.class == clsContrast && near:
				factor = after
			case h.class == clsConcede && k == n && h.start < at:
				factor = conceded
			}
		}
	}
	return factor
}

// sum adds the cues up. Each further cue of the same side counts a little less,
// so that a long text does not speak louder for its length.
func (s *attitudeState) sum() {
	r := s.r
	for _, w := range r.cues {
		if w.weight < 0 {
			r.against -= w.weight
		} else {
			r.pro += w.weight
		}
	}
	if s.mocking && r.against > 0 {
		r.pro *= .4
	}
	r.against, r.pro = dampened(r.against), dampened(r.pro)
}

func dampened(x float64) float64 { return 6 * (1 - math.Exp(-x/6)) }

// attitudeVerdict is the outcome: probabilities of the three attitudes.
type attitudeVerdict struct {
	neg, neu, pos float64
}

func (a attitudeVerdict) label() (opinion.Attitude, float64) {
	switch {
	case a.neg > a.neu && a.neg > a.pos:
		return opinion.Negative, a.neg
	case a.pos > a.neu:
		return opinion.Positive, a.pos
	}
	return opinion.Neutral, a.neu
}

// score is p(pos) - p(neg).
func (a attitudeVerdict) score() float64 { return a.pos - a.neg }

// uncertain reports whether the two likeliest attitudes lie close together.
func (a attitudeVerdict) uncertain() bool {
	const band = .15
	_, first := a.label()
	second := 0.0
	for _, p := range []float64{a.neg, a.neu, a.pos} {
		if p != first {
			second = max(second, p)
		}
	}
	return first-second < band
}
