package analysis

import (
	"slices"

	"minsheng/analysis/linear"
)

// gramText is a text as the learned part reads it: lower case in ASCII, a run of
// digits as one 0, a run of white space as one blank, and where it asks so, words
// that mean the police as one character.
type gramText struct {
	chars []rune
	at    []int32 // where each character begins in the text, in bytes; one more at the end
	of    string  // the text, "" where chars were changed since it was read
}

// Characters that stand for words of the police, from the range for private use.
const (
	namedToken  = '\uE000' // the police themselves
	calledToken = '\uE001' // calling them
)

// maxGramChars bounds what the learned part reads of a text: the beginning says
// what it is about, and time stays linear.
const maxGramChars = 1200

// gramMemory is where a text is read into n-grams. It is used again for the next
// text: what came of one must be done with by then. The zero value is ready.
type gramMemory struct {
	text        gramText // of news
	own, passed gramText // of a post
	grams       []uint32
	leaning     []int16   // of each n-gram
	lean        []float64 // of each character
	numbers     []float32
	mentions    []int32
	near        []stretch
	found       []reason
}

// zeros returns n numbers.
func (m *gramMemory) zeros(n int) []float32 {
	x := slices.Grow(m.numbers[:0], n)[:n]
	clear(x)
	return x
}

// again is read of a whole text, of which g may be the reading already.
func (g *gramText) again(text string) {
	if g.of == "" || g.of != text {
		g.read(text, false, maxGramChars)
		g.of = text
	}
}

// onlyHan takes in the first Chinese characters of text, as read does, from whole
// where that is a reading of all of it.
func (g *gramText) onlyHan(text string, whole *gramText, limit int) {
	if whole.of != text || len(whole.chars) >= maxGramChars {
		g.read(text, true, limit)
		return
	}
	g.of, g.chars, g.at = "", g.chars[:0], g.at[:0]
	end := int32(len(text))
	for i, r := range whole.chars {
		if !isHan(r) {
			continue
		}
		g.chars, g.at = append(g.chars, r), append(g.at, whole.at[i])
		if len(g.chars) == limit {
			end = whole.at[i+1]
			break
		}
	}
	g.at = append(g.at, end)
}

// read takes in the beginning of a text, in the place of what g held. hanOnly
// leaves out everything but Chinese characters.
func (g *gramText) read(text string, hanOnly bool, limit int) {
	g.of = ""
	size := min(len(text)/3+8, limit) + 1
	g.chars, g.at = slices.Grow(g.chars[:0], size), slices.Grow(g.at[:0], size)
	last := rune(-1)
	end := len(text)
	for i, step := 0, 0; i < len(text); i += step {
		var r rune
		r, step = decodeWide(text, i)
		if len(g.chars) == limit {
			end = i
			break
		}
		switch {
		case r >= 0x4E00 && r < 0xA000:
		case hanOnly:
			continue
		case r >= '0' && r <= '9':
			r = '0'
		case r >= 'A' && r <= 'Z':
			r += 'a' - 'A'
		case r == '\n' || r == ' ':
			r = ' '
		}
		if r == last && (r == '0' || r == ' ') {
			continue
		}
		last = r
		g.chars, g.at = append(g.chars, r), append(g.at, int32(i))
	}
	g.at = append(g.at, int32(end))
}

// fold puts one character in the place of every word of the police, and returns
// where those stand, appended to mentions.
func (g *gramText) fold(mentions []int32, hits []cueHit) []int32 {
	g.of = ""
	out, next := 0, 0
	n := len(g.chars)
	for i := 0; i < n; {
		for next < len(hits) && (hits[next].class != clsPolice || hits[next].start < g.at[i]) {
			next++
		}
		r, from, step := g.chars[i], g.at[i], 1
		if next < len(hits) && hits[next].start == g.at[i] {
			h := &hits[next]
			r = namedToken
			if h.weight < 1 {
				r = calledToken
			}
			for i+step < n && g.at[i+step] < h.end {
				step++
			}
			mentions = append(mentions, int32(out))
		}
		g.chars[out], g.at[out] = r, from
		out++
		i += step
	}
	g.at[out] = g.at[n]
	g.chars, g.at = g.chars[:out], g.at[:out+1]
	return mentions
}

// Salts keep the n-grams of one reading apart from those of another.
const (
	wholeSalt  = 0x9E3779B1
	beforeSalt = 0x165667B1
	afterSalt  = 0x4CF5AD43
	passedSalt = 0x27D4EB2F
)

// titleMark turns the hash of an n-gram into that of the same one in a title.
const titleMark = 0x2545F49 & (1<<linear.GramBits - 1)

// hashed mixes the hash of an n-gram with one more character. The high bits of a
// product are the well-mixed ones.
func hashed(h uint32, r rune) uint32 {
	h = (h ^ uint32(r)) * 0x85EBCA6B
	return h ^ h>>13
}

// grams appends the hashes of the n-grams of 1 to 3 characters of g.chars[from:to].
func (g *gramText) grams(dst []uint32, from, to int, salt uint32) []uint32 {
	for i := from; i < to; i++ {
		one := hashed(salt, g.chars[i])
		dst = append(dst, one>>6)
		if i+1 < to {
			two := hashed(one, g.chars[i+1])
			dst = append(dst, two>>6)
			if i+2 < to {
				dst = append(dst, hashed(two, g.chars[i+2])>>6)
			}
		}
	}
	return dst
}

// nearChars is how far before and after a word of the police the words are read once
// more, each side for itself: who does something stands before, whom it is done to after.
const nearChars = 20

// stretch is a part of a text whose n-grams have a salt of their own.
type stretch struct {
	from, to int
	salt     uint32
}

// near appends the stretches before and after mentions, the mention with them; those of
// one side that overlap as one.
func (g *gramText) near(out []stretch, mentions []int32) []stretch {
	side := func(from, to int, salt uint32) {
		for i := len(out) - 1; i >= max(len(out)-2, 0); i-- {
			if s := &out[i]; s.salt == salt && from < s.to {
				s.to = to
				return
			}
		}
		out = append(out, stretch{from, to, salt})
	}
	for _, m := range mentions {
		at := int(m)
		side(max(at-nearChars, 0), at+1, beforeSalt)
		side(at, min(at+nearChars+1, len(g.chars)), afterSalt)
	}
	return out
}
