package analysis

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// manyReadings is from how many readings with a tone mark on a text is taken to
// be damaged throughout, so that readings without a mark go as well.
const manyReadings = 5

// lostGlyph stands for a character of which only the reading is left.
const lostGlyph = "□"

// dropReadings takes out readings in brackets after a Han character, as 促進(jìn):
// the mark of converters that knew the sound but not the glyph. Where a letter or
// a semicolon stands in place of the character, that one is lost.
func dropReadings(s string) (out string, dropped, lost int) {
	if !strings.Contains(s, "(") && !strings.Contains(s, "（") {
		return s, 0, 0
	}
	toned := 0
	for rest := s; toned < manyReadings; {
		at, size, n, tone := nextReading(rest, true)
		if n == 0 {
			break
		}
		if tone {
			toned++
		}
		rest = rest[at+size:]
	}
	if toned == 0 {
		return s, 0, 0
	}
	var b strings.Builder
	b.Grow(len(s))
	for rest := s; ; {
		at, size, n, _ := nextReading(rest, toned < manyReadings)
		if n == 0 {
			b.WriteString(rest)
			return b.String(), dropped, lost
		}
		before, width := utf8.DecodeLastRuneInString(rest[:at])
		if unicode.Is(unicode.Han, before) {
			b.WriteString(rest[:at])
		} else {
			b.WriteString(rest[:at-width])
			b.WriteString(lostGlyph)
			lost++
		}
		dropped++
		rest = rest[at+size:]
	}
}

// nextReading finds the next reading in brackets after a Han character or what
// took its place: where it begins, its bytes, its letters, whether it has a tone mark.
func nextReading(s string, tonedOnly bool) (at, size, n int, tone bool) {
	for from := 0; from < len(s); {
		i := indexBracket(s[from:])
		if i < 0 {
			return 0, 0, 0, false
		}
		i += from
		before, _ := utf8.DecodeLastRuneInString(s[:i])
		size, n, tone = reading(s[i:])
		if n > 0 && (tone || !tonedOnly) && (unicode.Is(unicode.Han, before) || tone && (before >= 'A' && before <= 'Z' || before == ';')) {
			return i, size, n, tone
		}
		from = i + 1
	}
	return 0, 0, 0, false
}

func indexBracket(s string) int {
	for i := 0; i < len(s); i++ {
		if s[i] == '(' || s[i] == 0xEF && strings.HasPrefix(s[i:], "（") {
			return i
		}
	}
	return -1
}

// reading reads one syllable of pinyin in brackets.
func reading(s string) (size, n int, tone bool) {
	_, at := utf8.DecodeRuneInString(s)
	vowel := false
	for i, r := range s[at:] {
		switch {
		case r == ')' || r == '）':
			if !vowel || n == 0 {
				return 0, 0, false
			}
			return at + i + utf8.RuneLen(r), n, tone
		case n == 6:
			return 0, 0, false
		case r >= 'a' && r <= 'z' || r == 'ü' || r == 'ê':
			vowel = vowel || strings.ContainsRune("aeiouüêmn", r)
		case strings.ContainsRune("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹ", r):
			vowel, tone = true, true
		default:
			return 0, 0, false
		}
		n++
	}
	return 0, 0, false
}
