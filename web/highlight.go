package web

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"minsheng/analysis"
	"minsheng/i18n"
	"minsheng/index"
	"minsheng/opinion"
	"minsheng/store"
)

// piece is a stretch of a text as shown. Class is neg or pos where it moved the
// verdict, hit where it was searched for, "" where it is plain.
type piece struct {
	Text, Class, Note string
}

// reading is a post's text with what is to be marked in it.
type reading struct {
	lang  i18n.Lang
	shown string // title, line break, text; the text alone where there is no title
	body  int    // where the text starts, in bytes
	spans []analysis.Span
}

// sought is the reason of a span that was searched for.
const sought = "sought"

// readPost finds the evidence and the words of a query in a post. Evidence of an
// earlier wording of the post is left out: its places no longer fit.
func readPost(lang i18n.Lang, p store.Stored, words []string) reading {
	r := reading{lang: lang, shown: p.Text}
	if p.Title != "" {
		r.shown, r.body = p.Title+"\n"+p.Text, len(p.Title)+1
	}
	folded, back := analysis.Fold(r.shown)
	var evidence []opinion.Evidence
	if folded == p.Verdict.Folded {
		evidence = slices.Clone(p.Verdict.Evidence)
	}
	r.spans = analysis.Highlight(r.shown, back, append(evidence, occurrences(folded, words)...))
	return r
}

const mostHits = 200 // marked in one text

// occurrences are the places of words in a folded text, whatever the case.
func occurrences(folded string, words []string) []opinion.Evidence {
	text := strings.Map(unicode.ToLower, folded) // keeps the count of characters
	var found []opinion.Evidence
	for _, word := range words {
		word = strings.Map(unicode.ToLower, strings.TrimSpace(word))
		if word == "" {
			continue
		}
		long := utf8.RuneCountInString(word)
		for at, chars := 0, 0; len(found) < mostHits; {
			i := strings.Index(text[at:], word)
			if i < 0 {
				break
			}
			chars += utf8.RuneCountInString(text[at : at+i])
			found = append(found, opinion.Evidence{Start: chars, End: chars + long, Why: sought})
			at, chars = at+i+len(word), chars+long
		}
	}
	return found
}

// wanted are the words and phrases that a query asks for; what it excludes is
// not among them.
func wanted(x index.Expr) []string {
	var words []string
	switch x := x.(type) {
	case index.Word:
		words = append(words, string(x))
	case index.Phrase:
		words = append(words, string(x))
	case index.All:
		for _, part := range x {
			words = append(words, wanted(part)...)
		}
	case index.Any:
		for _, part := range x {
			words = append(words, wanted(part)...)
		}
	}
	return words
}

func (r reading) title() []piece { return r.pieces(0, max(r.body-1, 0)) }

// paragraphs is the whole text, one block each.
func (r reading) paragraphs() [][]piece {
	var blocks [][]piece
	at := r.body
	for line := range strings.SplitSeq(r.shown[r.body:], "\n") {
		if line != "" {
			blocks = append(blocks, r.pieces(at, at+len(line)))
		}
		at += len(line) + 1
	}
	return blocks
}

const (
	excerptBefore = 40 // characters before what matters
	excerptLong   = 150
)

// excerpt is the part of the text around what was searched for, or else around
// what weighed most.
func (r reading) excerpt() []piece {
	var best *analysis.Span
	for i, s := range r.spans {
		if s.Start >= r.body && (best == nil || rank(s) > rank(*best)) {
			best = &r.spans[i]
		}
	}
	from := r.body
	if best != nil && forward(r.shown, r.body, excerptLong) < len(r.shown) {
		from = back(r.shown, best.Start, excerptBefore, r.body)
	}
	to := forward(r.shown, from, excerptLong)
	if best != nil {
		to = max(to, min(best.End, forward(r.shown, from, 2*excerptLong)))
	}
	pieces := r.pieces(from, to)
	if from > r.body {
		pieces = append([]piece{{Text: "… "}}, pieces...)
	}
	if to < len(r.shown) {
		pieces = append(pieces, piece{Text: " …"})
	}
	return pieces
}

func rank(s analysis.Span) float64 {
	if s.Why == sought {
		return math.Inf(1)
	}
	return math.Abs(s.Weight)
}

// back moves n characters back from at, not before floor.
func back(s string, at, n, floor int) int {
	for ; n > 0 && at > floor; n-- {
		_, size := utf8.DecodeLastRuneInString(s[floor:at])
		at -= size
	}
	return at
}

func forward(s string, at, n int) int {
	for ; n > 0 && at < len(s); n-- {
		_, size := utf8.DecodeRuneInString(s[at:])
		at += size
	}
	return at
}

// pieces cuts shown[from:to] at the marks.
func (r reading) pieces(from, to int) []piece {
	var out []piece
	at := from
	for _, s := range r.spans {
		start, end := max(s.Start, at), min(s.End, to)
		if start >= end {
			continue
		}
		if start > at {
			out = append(out, piece{Text: r.shown[at:start]})
		}
		out = append(out, piece{Text: r.shown[start:end], Class: markClass(s), Note: r.note(s)})
		at = end
	}
	if at < to {
		out = append(out, piece{Text: r.shown[at:to]})
	}
	return out
}

func markClass(s analysis.Span) string {
	switch {
	case s.Weight < 0:
		return "neg"
	case s.Weight > 0:
		return "pos"
	}
	return "hit"
}

func (r reading) note(s analysis.Span) string {
	if s.Why == sought {
		return i18n.Say(r.lang, "reading.sought")
	}
	return i18n.Say(r.lang, s.Why) + " " + weight(s.Weight)
}

// weight writes a weight with its sign; the minus is the typographic one.
func weight(w float64) string {
	sign := "+"
	if w < 0 {
		sign = "−"
	}
	return fmt.Sprintf("%s%.1f", sign, math.Abs(w))
}

// reason is a word that weighed, for the line or table of reasons.
type reason struct {
	Text, Weight, Why, Class string
	Times                    int
	heft                     float64
}

// reasons lists what weighed, the heaviest first, equal words once.
func reasons(lang i18n.Lang, evidence []opinion.Evidence) []reason {
	type key struct{ text, why string }
	at := map[key]int{}
	var all []reason
	for _, e := range evidence {
		k := key{e.Text, e.Why}
		if i, ok := at[k]; ok {
			all[i].Times++
			continue
		}
		at[k] = len(all)
		class := "pos"
		if e.Weight < 0 {
			class = "neg"
		}
		all = append(all, reason{Text: e.Text, Weight: weight(e.Weight), Why: i18n.Say(lang, e.Why), Class: class, Times: 1, heft: math.Abs(e.Weight)})
	}
	slices.SortStableFunc(all, func(a, b reason) int { return cmp.Compare(b.heft, a.heft) })
	return all
}

// sure says how certain a verdict is: a verdict that barely beats another, or is
// hardly likelier than not, says so.
func sure(p store.Stored) string {
	v := p.Verdict
	if p.Correction != nil {
		return "correct.person"
	}
	switch {
	case v.Uncertain || v.Confidence < .55:
		return "sure.little"
	case v.Confidence >= .85:
		return "sure.very"
	}
	return "sure.rather"
}
