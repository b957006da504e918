package analysis

import (
	"cmp"
	"math"
	"slices"
	"unicode"
	"unicode/utf8"

	"minsheng/opinion"
)

// maxEvidence is how many spans a verdict shows; the heaviest are kept.
const maxEvidence = 24

// reason is a stretch of a folded text, in bytes, that decided.
type reason struct {
	start, end int32
	weight     float64 // negative against the police
	why        string  // a key of the catalogue
}

// evidenceOf makes spans of cues and of wording, in order of their place, counted
// in code points. Wording that a cue stands in is left to the cue, whose reason
// says more.
func evidenceOf(p *parsedText, cues []weighedCue, wording ...reason) []opinion.Evidence {
	if len(cues)+len(wording) == 0 {
		return nil
	}
	var space [2 * maxEvidence]reason
	all := space[:0]
	for _, c := range cues {
		h := &p.hits[c.hit]
		all = append(all, reason{h.start, h.end, c.weight, c.why})
	}
	for _, w := range wording {
		w.start, w.end = p.borders.whole(w.start, w.end) // 给老 of 给老百姓 reads like a mistake
		if !slices.ContainsFunc(all, func(r reason) bool { return r.start < w.end && w.start < r.end }) {
			all = append(all, w)
		}
	}
	if len(all) > maxEvidence {
		slices.SortStableFunc(all, func(a, b reason) int { return cmp.Compare(math.Abs(b.weight), math.Abs(a.weight)) })
		all = all[:maxEvidence]
	}
	slices.SortStableFunc(all, func(a, b reason) int { return cmp.Compare(a.start, b.start) })
	spans := make([]opinion.Evidence, 0, len(all))
	at, chars := int32(0), 0
	for _, r := range all {
		if r.start < at {
			continue // cues do not overlap, but let none stand twice
		}
		start := chars + utf8.RuneCountInString(p.text[at:r.start])
		end := start + utf8.RuneCountInString(p.text[r.start:r.end])
		at, chars = r.end, end
		spans = append(spans, opinion.Evidence{
			Start: start, End: end, Text: p.text[r.start:r.end], Weight: rounded(r.weight), Why: r.why,
		})
	}
	return spans
}

// Bounds of a span of wording.
const (
	maxWording   = 6   // spans of a text
	leastWording = .2  // weight of a span, in the model's log odds
	leastChar    = .01 // of a character in it
)

// Why a span of wording is evidence.
const (
	wordingFor     = "why.wording_for"
	wordingAgainst = "why.wording_against"
)

// IsWording reports whether e is the text's own wording and no word of the
// lexicon.
func IsWording(e opinion.Evidence) bool { return e.Why == wordingFor || e.Why == wordingAgainst }

// wording finds the stretches whose n-grams spoke most for or against the police:
// the weight of each n-gram is shared among its characters, and neighbours that
// lean the same way are one span. Marks and words of the police end a span.
func (g *gramMemory) wording(leaning []int16, unit float64) []reason {
	chars := len(g.own.chars)
	g.lean = slices.Grow(g.lean[:0], chars+2)[:chars+2] // two more than a text has, so that none need be counted
	lean := g.lean
	clear(lean)
	spread := func(from, to int) {
		for i := from; i < to; i++ {
			n := min(3, to-i)
			one, two, three := leaning[0], int16(0), int16(0)
			if n > 1 {
				two = leaning[1]
			}
			if n > 2 {
				three = leaning[2]
			}
			leaning = leaning[n:]
			half, third := float64(two)*unit/2, float64(three)*unit/3
			lean[i] = lean[i] + float64(one)*unit + half + third
			lean[i+1] = lean[i+1] + half + third
			lean[i+2] += third
		}
	}
	spread(0, chars)
	for _, s := range g.near {
		spread(s.from, s.to)
	}
	found := g.found[:0]
	for i := 0; i < chars; {
		if math.Abs(lean[i]) < leastChar || !g.speaks(i) {
			i++
			continue
		}
		from, sum := i, 0.0
		for ; i < chars && g.speaks(i) && lean[i]*lean[from] > 0 && math.Abs(lean[i]) >= leastChar; i++ {
			sum += lean[i]
		}
		if i-from < 2 || math.Abs(sum) < leastWording {
			continue
		}
		why := wordingFor
		if sum < 0 {
			why = wordingAgainst
		}
		found = append(found, reason{g.own.at[from], g.own.at[i], sum, why})
	}
	g.found = found
	slices.SortStableFunc(found, func(a, b reason) int { return cmp.Compare(math.Abs(b.weight), math.Abs(a.weight)) })
	return found[:min(len(found), maxWording)]
}

// speaks reports whether character i may stand in a span.
func (g *gramMemory) speaks(i int) bool {
	r := g.own.chars[i]
	return isHan(r) || r != namedToken && r != calledToken && (unicode.IsLetter(r) || r > 0x2600 && !unicode.IsPunct(r))
}
