package analysis

import (
	"cmp"
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

//go:embed data/ts_characters.txt
var traditionalCharacters string

//go:embed data/ts_phrases.txt
var traditionalPhrases string

// longestPhrase bounds the characters of a phrase in the table, and with it the
// look ahead at each place.
const longestPhrase = 10

type scriptPhrase struct{ from, to []rune }

// foldTables answer for nearly every character with one look: what it becomes.
// Zero stands for all that needs more thought.
type foldTables struct {
	script  [1 << 16]uint16 // traditional to simplified alone
	full    [1 << 16]uint16 // NFKC, then traditional to simplified
	kind    [1 << 16]uint8  // what Mask looks for
	class   [1 << 16]uint8  // what Unicode says of it
	starts  [1 << 16]uint16 // the place in heads of those that begin phrases, plus one
	heads   []phraseHead
	chars   map[rune]rune // every character of the OpenCC table
	phrases map[rune][]scriptPhrase
}

// phraseHead is a Chinese character that begins phrases.
type phraseHead struct {
	alone rune   // what it becomes where none goes on
	next  uint64 // a bit for each character that comes second in them, by its low bits
}

// Classes of characters.
const (
	classLetter = 1 << iota
	classDigit
	classHan
	classCased     // has another case
	classParticle  // stands between other words and belongs to no name
	classPlaceSign // ends a word for a kind of place
	classEveryday  // begins a word of every other text
)

// classOf is a character's class, with one look for nearly every one.
func (t *foldTables) classOf(r rune) uint8 {
	if r <= 0xFFFF {
		return t.class[r]
	}
	var c uint8
	if unicode.IsLetter(r) {
		c |= classLetter
	}
	if unicode.IsDigit(r) {
		c |= classDigit
	}
	if unicode.Is(unicode.Han, r) {
		c |= classHan
	}
	return c | classCased
}

func (t *foldTables) markClasses() {
	for class, table := range map[uint8]*unicode.RangeTable{classLetter: unicode.Letter, classDigit: unicode.Digit, classHan: unicode.Han} {
		for _, c := range table.R16 {
			for r := int(c.Lo); r <= int(c.Hi); r += int(c.Stride) {
				t.class[r] |= class
			}
		}
	}
	for _, c := range unicode.CaseRanges {
		for r := c.Lo; r <= min(c.Hi, 0xFFFF); r++ {
			t.class[r] |= classCased
		}
	}
	for _, r := range particles {
		t.class[r] |= classParticle
	}
	for sign := range placeSigns {
		r, _ := utf8.DecodeLastRuneInString(sign)
		t.class[r] |= classPlaceSign
	}
	for word := range everyday {
		t.class[firstRune(word)] |= classEveryday
	}
}

// markHeads notes how phrases begin, once chars are settled.
func (t *foldTables) markHeads() {
	for r, list := range t.phrases {
		if !isHan(r) {
			continue
		}
		h := phraseHead{alone: t.one(r)}
		for _, p := range list {
			h.next |= 1 << (p.from[1] & 63)
		}
		t.heads = append(t.heads, h)
		t.starts[r] = uint16(len(t.heads))
	}
}

// tables builds the tables when they are first needed; it takes some
// milliseconds that a command which folds nothing does not pay.
var tables = sync.OnceValue(func() *foldTables {
	t := &foldTables{chars: map[rune]rune{}, phrases: map[rune][]scriptPhrase{}}
	for line := range strings.Lines(traditionalCharacters) {
		from, to, _ := strings.Cut(strings.TrimSpace(line), "\t")
		t.chars[firstRune(from)] = firstRune(to)
	}
	for line := range strings.Lines(traditionalPhrases) {
		from, to, _ := strings.Cut(strings.TrimSpace(line), "\t")
		p := scriptPhrase{[]rune(from), []rune(to)}
		t.phrases[p.from[0]] = append(t.phrases[p.from[0]], p)
	}
	for _, list := range t.phrases {
		slices.SortFunc(list, func(a, b scriptPhrase) int { return cmp.Compare(len(b.from), len(a.from)) })
	}
	for r := rune(1); r <= 0xFFFF; r++ {
		if r >= 0xD800 && r < 0xE000 || r == utf8.RuneError {
			continue
		}
		t.script[r] = t.single(compatible(r))
	}
	t.settle()
	for r := range t.full {
		if t.script[r] != 0 && !foldsSpecially(rune(r)) {
			t.full[r] = t.single(nfkc(rune(r)))
		}
	}
	t.markKinds()
	t.markClasses()
	t.markHeads()
	return t
})

// settle leads every character to where it stays: 薴 is written 苧, and 苧 where it
// is traditional 苎. OpenCC goes one step; Fold must come to the same text twice.
func (t *foldTables) settle() {
	for from, to := range t.chars {
		if last, ok := t.chars[to]; ok {
			t.chars[from] = last
		}
	}
}

// single returns what r becomes where that hangs on nothing but r, else 0.
func (t *foldTables) single(r rune) uint16 {
	if _, starts := t.phrases[r]; starts || r <= 0 {
		return 0
	}
	if to, ok := t.chars[r]; ok {
		r = to
	}
	if r > 0xFFFF {
		return 0
	}
	return uint16(r)
}

// one returns the simplified form of r, which starts no phrase here.
func (t *foldTables) one(r rune) rune {
	if to, ok := t.chars[r]; ok {
		return to
	}
	return r
}

// phrase returns the longest phrase that text begins with.
func (t *foldTables) phrase(text []rune) (scriptPhrase, bool) {
	for _, p := range t.phrases[text[0]] {
		if len(p.from) <= len(text) && slices.Equal(p.from, text[:len(p.from)]) {
			return p, true
		}
	}
	return scriptPhrase{}, false
}

// compatible replaces the ideographs that Unicode holds twice for the sake of old
// character sets, as OpenCC does before it converts.
func compatible(r rune) rune {
	if r >= 0xF900 && r <= 0xFAFF || r >= 0x2F800 && r <= 0x2FA1F {
		return firstRune(norm.NFC.String(string(r)))
	}
	return r
}

// nfkc returns the compatibility form of r, or -1 where that is more than one
// character or r may join with what stands before it.
func nfkc(r rune) rune {
	if isHan(r) {
		return r // unified ideographs are their own form
	}
	s := string(r)
	if joins(s) {
		return -1
	}
	runes := []rune(norm.NFKC.String(s))
	if len(runes) != 1 {
		return -1
	}
	return runes[0]
}

// joins reports whether a character, or what it is compatible with, may join with
// what stands before it: the Korean vowel ㅔ does not, its compatible form does.
func joins(s string) bool {
	return !norm.NFKC.PropertiesString(s).BoundaryBefore() || !norm.NFKC.PropertiesString(norm.NFKC.String(s)).BoundaryBefore()
}

// foldsSpecially reports whether r is white space but the plain line feed, or is dropped.
func foldsSpecially(r rune) bool {
	return r != '\n' && (isBlank(r) || isBreak(r) || isUnseen(r))
}

// isBreak reports whether r ends a line.
func isBreak(r rune) bool {
	switch r {
	case '\n', '\r', '\v', '\f', 0x85, 0x2028, 0x2029:
		return true
	}
	return false
}

func isBlank(r rune) bool {
	return r == '\t' || unicode.Is(unicode.Zs, r) || r == 0x3164 || r == 0xFFA0 // the last two: Hangul fillers
}

// isUnseen reports whether r shows nothing: control characters, zero-width and
// direction marks, soft hyphens, variation selectors, tags.
func isUnseen(r rune) bool {
	if isBreak(r) || r == '\t' {
		return false
	}
	switch {
	case r < 0x20, r >= 0x7F && r <= 0x9F, r == 0x34F, r == 0x115F, r == 0x1160,
		r == 0x17B4, r == 0x17B5, r >= 0x180B && r <= 0x180F,
		r >= 0xFE00 && r <= 0xFE0F, r >= 0xE0100 && r <= 0xE01EF:
		return true
	}
	return unicode.Is(unicode.Cf, r)
}

func firstRune(s string) rune {
	for _, r := range s {
		return r
	}
	return -1
}
