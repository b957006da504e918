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
	all := make([]reason, 0, len(cues)+len(wording))
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
	var spans []opinion.Evidence
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

// wording finds the stretches whose n-grams spoke most for or against the police:
// the weight of each n-gram is shared among its characters, and neighbours that
// lean the same way are one span. Marks and words of the police end a span.
func (g attitudeGrams) wording(leaning []int16, unit float64) []reason {
	chars := len(g.text.chars)
	g.lean = slices.Grow(g.lean[:0], chars)[:chars]
	lean := g.lean
	clear(lean)
	next := 0
	spread := func(from, to int) {
		for i := from; i < to; i++ {
			for n := 1; n <= 3 && i+n <= to; n++ {
				each := float64(leaning[next]) * unit / float64(n)
				next++
				for k := i; k < i+n; k++ {
					lean[k] += each
				}
			}
		}
	}
	spread(0, chars)
	for _, s := range g.near {
		spread(s[0], s[1])
	}
	var found []reason
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
		why := "why.wording_for"
		if sum < 0 {
			why = "why.wording_against"
		}
		found = append(found, reason{g.text.at[from], g.text.at[i], sum, why})
	}
	slices.SortStableFunc(found, func(a, b reason) int { return cmp.Compare(math.Abs(b.weight), math.Abs(a.weight)) })
	return found[:min(len(found), maxWording)]
}

// speaks reports whether character i may stand in a span.
func (g attitudeGrams) speaks(i int) bool {
	r := g.text.chars[i]
	return r != namedToken && r != calledToken && (isHan(r) || unicode.IsLetter(r) || r > 0x2600 && !unicode.IsPunct(r))
}
