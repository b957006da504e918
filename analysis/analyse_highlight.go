package analysis

import (
	"slices"
	"unicode/utf8"

	"minsheng/opinion"
)

// Span is a stretch of a text as shown, in bytes, for marking on a page.
type Span struct {
	Start, End int
	Weight     float64 // negative where it speaks against the police
	Why        string
}

// Highlight maps evidence, which counts code points of the folded text, to spans
// of the text as shown (title, line break, text). back comes from Fold of that
// text. Spans come in order; of those that overlap one is made, which keeps the
// weight and reason of the heavier. Evidence that does not lie in the text is
// left out.
func Highlight(shown string, back []int32, ev []opinion.Evidence) []Span {
	chars := utf8.RuneCountInString(shown)
	folded := chars
	if back != nil {
		folded = len(back)
	}
	shownAt := func(i int) int {
		switch {
		case back == nil:
			return i
		case i == folded:
			return chars
		}
		return int(back[i])
	}
	var spans []Span
	for _, e := range ev {
		if e.Start < 0 || e.End > folded || e.Start >= e.End {
			continue
		}
		// The end is that of the last character: what folding dropped behind it stays out.
		start, end := shownAt(e.Start), shownAt(e.End-1)+1
		spans = append(spans, Span{Start: start, End: min(end, chars), Weight: e.Weight, Why: e.Why})
	}
	spans = mergeSpans(spans)
	toBytes(shown, spans)
	return spans
}

func mergeSpans(spans []Span) []Span {
	slices.SortStableFunc(spans, func(a, b Span) int { return a.Start - b.Start })
	var merged []Span
	for _, s := range spans {
		if n := len(merged); n > 0 && s.Start < merged[n-1].End {
			last := &merged[n-1]
			if abs(s.Weight) > abs(last.Weight) {
				last.Weight, last.Why = s.Weight, s.Why
			}
			last.End = max(last.End, s.End)
			continue
		}
		merged = append(merged, s)
	}
	return merged
}

func abs(x float64) float64 { return max(x, -x) }

// toBytes turns character offsets, which rise, into byte offsets of text.
func toBytes(text string, spans []Span) {
	at, chars := 0, 0
	move := func(to int) int {
		for chars < to && at < len(text) {
			_, n := utf8.DecodeRuneInString(text[at:])
			at += n
			chars++
		}
		return at
	}
	for i := range spans {
		spans[i].Start = move(spans[i].Start)
		spans[i].End = move(spans[i].End)
	}
}
