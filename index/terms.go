package index

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The engines are given text that is already split: tokens with single spaces
// between them, of letters, digits and characters beyond ASCII alone, so that
// no engine's idea of a word, of punctuation or of a symbol plays a part and a
// phrase finds the same texts on each. What is left of ASCII moves into a
// private block of Unicode; text that comes from there becomes U+FFFD.
const (
	moved     = 0xE000 // + the ASCII character
	titleEnd  = 0xE1FF // keeps a phrase from reaching from title to text
	wordMark  = 0xE100 // leads a word
	blockEnd  = 0xE200
	maxLetter = 100 // of a word; what is longer is no word
)

// Cut takes folded text apart into words.
type Cut func(string) []string

// Chars writes s as its single characters, letters in lower case, one token
// each. White space of any sort is one and the same character.
func Chars(s string) string {
	var b strings.Builder
	b.Grow(len(s) * 4 / 3)
	for _, r := range s {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(fold(r))
	}
	return b.String()
}

func fold(r rune) rune {
	switch {
	case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r >= 0x4E00 && r < 0xA000:
		return r // most of what there is
	case r >= moved && r < blockEnd:
		return unicode.ReplacementChar
	case unicode.IsSpace(r):
		return moved + ' '
	}
	r = unicode.ToLower(r)
	if r < 0x80 && (r < 'a' || r > 'z') {
		return moved + r
	}
	return r
}

// Chars writes title and text of d as single characters.
func (d Doc) Chars() string {
	return Chars(d.Title) + " " + string(rune(titleEnd)) + " " + Chars(d.Text)
}

// Words writes the words of d that have two characters or more, a token each;
// single ones are found by their character. The title counts twice, because
// what it names is what the text is about.
func (d Doc) Words(cut Cut) string {
	var b strings.Builder
	b.Grow(len(d.Text) + 2*len(d.Title) + 64)
	write := func(piece string, n int) {
		if n > 1 {
			if b.Len() > 0 {
				b.WriteByte(' ')
			}
			writeWord(&b, piece)
		}
	}
	for _, s := range []string{d.Title, d.Title, d.Text} {
		pieces(cut, s, write)
	}
	return b.String()
}

// Terms takes a bare word of a query apart: the words, and the single
// characters, that must all occur. A word of which the cutter makes nothing is
// one phrase in chars.
func Terms(cut Cut, w Word) (words, chars []string) {
	words, chars = split(cut, string(w))
	if len(words)+len(chars) == 0 {
		return nil, []string{Chars(string(w))}
	}
	slices.Sort(words)
	slices.Sort(chars)
	return slices.Compact(words), slices.Compact(chars)
}

func split(cut Cut, s string) (words, chars []string) {
	pieces(cut, s, func(piece string, n int) {
		if n == 1 {
			r, _ := utf8.DecodeRuneInString(piece)
			chars = append(chars, string(fold(r)))
			return
		}
		var b strings.Builder
		writeWord(&b, piece)
		words = append(words, b.String())
	})
	return words, chars
}

// pieces hands over what s is cut into, without the blanks around it, and how
// many characters each has.
func pieces(cut Cut, s string, take func(piece string, n int)) {
	if s == "" {
		return
	}
	for _, piece := range cut(strings.ToLower(s)) {
		if !chinese(piece) {
			piece = strings.TrimSpace(piece)
		}
		if n := utf8.RuneCountInString(piece); n > 0 {
			take(piece, n)
		}
	}
}

// chinese reports whether a piece begins and ends with a character between
// U+4000 and U+9FFF, as most do: it has no blanks to trim.
func chinese(piece string) bool {
	n := len(piece)
	return n >= 3 && piece[0] >= 0xE4 && piece[0] <= 0xE9 && piece[n-3] >= 0xE4 && piece[n-3] <= 0xE9
}

func writeWord(b *strings.Builder, piece string) {
	b.WriteRune(wordMark)
	n := 0
	for _, r := range piece {
		if n++; n > maxLetter {
			break
		}
		b.WriteRune(fold(r))
	}
}
