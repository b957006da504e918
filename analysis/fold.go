package analysis

import (
	"slices"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold turns s into the form that analysis and index use: NFKC (full-width
// letters become plain ones), traditional Chinese as simplified, runs of white
// space as one blank, line breaks as \n; what shows nothing (control characters,
// zero-width and direction marks) is dropped.
//
// back[i] is the index into s of the character that folded character i came
// from, both counted in code points; it never falls. It is nil where folding
// moved nothing, so that i stands for itself.
//
// The script part equals OpenCC's t2s, but for what settle says. Folding a folded
// text changes nothing.
func Fold(s string) (folded string, back []int32) {
	f := folder{t: tables(), s: s}
	for i := 0; i < len(s); {
		c := s[i]
		if c > ' ' && c < 0x7F || c == '\n' {
			f.keep()
			i++
			continue
		}
		r, size := decodeWide(s, i)
		if r > 0xFFFF {
			i = f.special(i, r, size)
			continue
		}
		switch m := f.t.full[r]; m {
		case 0:
			i = f.special(i, r, size)
			continue
		case uint16(r):
			f.keep()
		default:
			f.replace(i, size, rune(m))
		}
		i += size
	}
	if f.out == nil && f.start == 0 {
		return s, f.back
	}
	return string(append(f.out, s[f.start:]...)), f.back
}

// decodeWide is utf8.DecodeRuneInString(s[i:]) with a short way for what nearly all
// characters of a Chinese text are: three bytes from U+1000 to U+CFFF.
func decodeWide(s string, i int) (rune, int) {
	if i+2 < len(s) {
		a, b, c := s[i], s[i+1], s[i+2]
		if a >= 0xE1 && a <= 0xEC && b&0xC0 == 0x80 && c&0xC0 == 0x80 {
			return rune(a&0x0F)<<12 | rune(b&0x3F)<<6 | rune(c&0x3F), 3
		}
	}
	return utf8.DecodeRuneInString(s[i:])
}

// folder holds one text under way. Stretches that stay as they are, are copied
// whole: s[start:] is not yet in out.
type folder struct {
	t     *foldTables
	s     string
	start int
	out   []byte
	from  int // characters of s read
	to    int // characters written
	back  []int32
}

// keep lets the character at hand stand.
func (f *folder) keep() {
	if f.back != nil {
		f.back = append(f.back, int32(f.from))
	}
	f.from++
	f.to++
}

// flush copies what stands before byte i; the next size bytes are dealt with.
func (f *folder) flush(i, size int) {
	if f.out == nil {
		f.out = make([]byte, 0, len(f.s)+16)
	}
	f.out = append(f.out, f.s[f.start:i]...)
	f.start = i + size
}

// write adds r as coming from character from of s.
func (f *folder) write(r rune, from int) {
	f.out = utf8.AppendRune(f.out, r)
	if f.back == nil && from != f.to {
		f.part()
	}
	if f.back != nil {
		f.back = append(f.back, int32(from))
	}
	f.to++
}

// part begins the map: from here on the two texts are out of step.
func (f *folder) part() {
	f.back = make([]int32, f.to, max(f.to+f.to/2, 64))
	for i := range f.back {
		f.back[i] = int32(i)
	}
}

func (f *folder) replace(i, size int, r rune) {
	f.flush(i, size)
	f.write(r, f.from)
	f.from++
}

func (f *folder) drop(i, size int) {
	f.flush(i, size)
	f.from++
	if f.back == nil {
		f.part()
	}
}

// last returns the last byte that was written or will be, 0 at the beginning.
func (f *folder) last(i int) byte {
	if i > f.start {
		return f.s[i-1]
	}
	if len(f.out) > 0 {
		return f.out[len(f.out)-1]
	}
	return 0
}

// special deals with the character r at byte i and returns where the next begins.
func (f *folder) special(i int, r rune, size int) int {
	if isHan(r) {
		if at := f.t.starts[r]; at > 0 {
			head := &f.t.heads[at-1]
			if f.standsAlone(head, i+size) {
				f.become(i, size, r, head.alone)
				return i + size
			}
		}
	} else if r >= 0x1F300 && r < 0x1FB00 { // emoji stand for themselves
		f.keep()
		return i + size
	}
	if list, starts := f.t.phrases[r]; starts {
		if next, _ := decodeWide(f.s, min(i+size, len(f.s))); isHan(next) && !goesOn(list, next) {
			f.become(i, size, r, f.t.one(r))
			return i + size
		}
		return f.phrase(i, r, size)
	}
	switch {
	case r == utf8.RuneError:
		f.replace(i, size, r)
	case isBreak(r):
		if r == '\r' && i+1 < len(f.s) && f.s[i+1] == '\n' {
			f.drop(i, size)
		} else {
			f.replace(i, size, '\n')
		}
	case isBlank(r):
		switch {
		case f.last(i) == ' ':
			f.drop(i, size)
		case r == ' ':
			f.keep()
		default:
			f.replace(i, size, ' ')
		}
	case isUnseen(r):
		f.drop(i, size)
	case joins(f.s[i : i+size]):
		f.join(i, size)
	default:
		return f.phraseOrRunes(i, r, size)
	}
	return i + size
}

// standsAlone reports whether what stands at byte i begins no second character of
// a phrase with that head, as is nearly always so.
func (f *folder) standsAlone(head *phraseHead, i int) bool {
	if i >= len(f.s) {
		return true
	}
	next, _ := decodeWide(f.s, i)
	if isHan(next) {
		return head.next>>(next&63)&1 == 0
	}
	m := rune(0)
	if next <= 0xFFFF {
		m = rune(f.t.full[next])
	}
	return m != 0 && !isHan(m) // phrases are all of Han characters
}

// become replaces r by to, or lets it stand if that is the same.
func (f *folder) become(i, size int, r, to rune) {
	if r == to {
		f.keep()
		return
	}
	f.replace(i, size, to)
}

// goesOn reports whether a phrase of the list has next as its second character.
func goesOn(list []scriptPhrase, next rune) bool {
	return slices.ContainsFunc(list, func(p scriptPhrase) bool { return p.from[1] == next })
}

// isHan knows the characters that fold to themselves or to one other.
func isHan(r rune) bool { return r >= 0x4E00 && r < 0xA000 }

// phraseOrRunes deals with characters that stand for the beginning of a phrase,
// become several characters, or lie beyond the tables.
func (f *folder) phraseOrRunes(i int, r rune, size int) int {
	if n := nfkc(r); n > 0 {
		if _, starts := f.t.phrases[n]; starts {
			return f.phrase(i, n, size)
		}
		f.become(i, size, r, f.t.one(n))
		return i + size
	}
	f.flush(i, size)
	for _, n := range norm.NFKC.String(f.s[i : i+size]) {
		switch {
		case !isBlank(n):
			f.write(f.t.one(n), f.from)
		case f.last(i) != ' ':
			f.write(' ', f.from)
		}
	}
	f.from++
	return i + size
}

// phrase looks for the longest phrase that begins at byte i with first, which r
// there stands for, over characters that show nothing.
func (f *folder) phrase(i int, first rune, size int) int {
	var text [longestPhrase]rune
	var from [longestPhrase]int
	var ends [longestPhrase]int
	text[0], from[0], ends[0] = first, f.from, i+size
	n, seen := 1, f.from+1
	for at := i + size; at < len(f.s) && n < longestPhrase; seen++ {
		r, size := utf8.DecodeRuneInString(f.s[at:])
		at += size
		if isUnseen(r) {
			if seen-f.from > 4*longestPhrase {
				break
			}
			continue
		}
		if text[n] = nfkc(r); text[n] < 0x2E80 { // phrases are all of Han characters
			break
		}
		from[n], ends[n] = seen, at
		n++
	}
	p, ok := f.t.phrase(text[:n])
	if !ok {
		r, _ := utf8.DecodeRuneInString(f.s[i:])
		f.become(i, size, r, f.t.one(first))
		return i + size
	}
	end := len(p.from) - 1
	f.flush(i, ends[end]-i)
	for k, r := range p.to {
		f.write(r, from[min(k, end)])
	}
	f.from = from[end] + 1
	return ends[end]
}

// mostMarks is how many characters may pile up on one: no script needs more, and
// texts that pile hundreds are meant to break the screen. Further ones are dropped.
const mostMarks = 16

// join puts the character at byte i, which may combine with what stands before
// it, together with the end of what is written.
func (f *folder) join(i, size int) {
	f.flush(i, size)
	tail, runes := len(f.out), 0
	for tail > 0 && runes <= mostMarks {
		_, n := utf8.DecodeLastRune(f.out[:tail])
		tail -= n
		runes++
		if norm.NFKC.Properties(f.out[tail:]).BoundaryBefore() {
			break
		}
	}
	if runes > mostMarks {
		f.drop(i+size, 0)
		return
	}
	whole := norm.NFKC.String(string(f.out[tail:]) + f.s[i:i+size])
	f.out = f.out[:tail]
	f.to -= runes
	from := f.from
	if f.back != nil && runes > 0 {
		from = int(f.back[f.to])
		f.back = slices.Delete(f.back, f.to, f.to+runes)
	} else if runes > 0 {
		from = f.to
	}
	for _, r := range whole {
		f.write(f.t.one(r), from)
	}
	f.from++
	if f.back == nil && f.from != f.to {
		f.part()
	}
}
