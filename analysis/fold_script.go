package analysis

import "unicode/utf8"

// ToSimplified turns traditional Chinese into simplified Chinese and leaves all
// else as it is: the longest phrase of OpenCC's TSPhrases at each place, else the
// character by TSCharacters, which is what OpenCC's t2s does.
func ToSimplified(s string) string {
	t := tables()
	var out []byte
	start := 0
	for i := 0; i < len(s); {
		if s[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError || r <= 0xFFFF && t.script[r] == uint16(r) {
			i += size
			continue
		}
		if out == nil {
			out = make([]byte, 0, len(s)+16)
		}
		out = append(out, s[start:i]...)
		out, size = t.appendSimplified(out, s[i:], r, size)
		i += size
		start = i
	}
	if start == 0 {
		return s
	}
	return string(append(out, s[start:]...))
}

// appendSimplified adds what s begins with, which is the character r of size
// bytes, to out, and returns how many bytes of s that was.
func (t *foldTables) appendSimplified(out []byte, s string, r rune, size int) ([]byte, int) {
	if r <= 0xFFFF && t.script[r] != 0 {
		return utf8.AppendRune(out, rune(t.script[r])), size
	}
	first := compatible(r)
	if _, starts := t.phrases[first]; !starts {
		return utf8.AppendRune(out, t.one(first)), size
	}
	var text [longestPhrase]rune
	var ends [longestPhrase]int
	n := 0
	for at := 0; at < len(s) && n < longestPhrase; n++ {
		next, width := utf8.DecodeRuneInString(s[at:])
		at += width
		text[n], ends[n] = compatible(next), at
	}
	p, ok := t.phrase(text[:n])
	if !ok {
		return utf8.AppendRune(out, t.one(first)), size
	}
	for _, r := range p.to {
		out = utf8.AppendRune(out, r)
	}
	return out, ends[len(p.from)-1]
}
