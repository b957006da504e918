package analysis

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// The words that stand for masked data. They are fixed: topics, prints and
// people's eyes rely on them.
const (
	maskID       = "[身份证号]"
	maskPhone    = "[电话]"
	maskPlate    = "[车牌]"
	maskBank     = "[银行卡号]"
	maskEmail    = "[邮箱]"
	maskQQ       = "[QQ]"
	maskWeChat   = "[微信]"
	maskDocument = "[证件号]"
	maskHome     = "[住址]"
	maskHandle   = "@用户"
)

// maskKinds are the words in brackets; a word is maskMark + its place in the shadow.
var maskKinds = []string{maskID, maskPhone, maskPlate, maskBank, maskEmail, maskQQ, maskWeChat, maskDocument, maskHome}

const maskMark = 0xE000

// maskVersion changes with what is masked: what was stored before is then judged,
// and masked, again.
const maskVersion = "mask-1"

// keycap is the frame that an emoji digit bears (1️⃣).
const keycap = 0x20E3

// Mask replaces what identifies a private person with fixed words: identity
// numbers (GB 11643 check digit, or named as such), phone numbers, plates, bank
// cards (Luhn), e-mail, QQ and WeChat accounts, passports and permits, homes, and
// the handles of users. It reads through full-width and other digits, digits
// written as Han characters, blanks and dashes between them, and characters that
// show nothing.
//
// It keeps hotlines, land lines that an office publishes as its own, police
// plates, document and case numbers, amounts, and addresses of offices and of
// incidents above the level of a flat. It does not know names of persons.
//
// It works on original and on folded text, in time linear in the length, and
// masking a masked text changes nothing.
func Mask(s string) string {
	var m masker
	var out []byte // nil while nothing was masked
	done := 0
	for at := 0; at < len(s); {
		end := len(s)
		if i := strings.IndexByte(s[at:], '\n'); i >= 0 {
			end = at + i + 1
		}
		// No pattern reaches over a line's end, so each line is looked at alone.
		if line := s[at:end]; mayIdentify(line) {
			if masked := m.line(line); masked != line {
				out = append(append(out, s[done:at]...), masked...)
				done = end
			}
		}
		at = end
	}
	if done == 0 {
		return s
	}
	return string(append(out, s[done:]...))
}

// line masks one line. What stood beside a number may look different once the
// number is a word; a second look makes that good, and more than two are needed
// for contrived texts alone.
func (m *masker) line(s string) string {
	for range 4 {
		m.read(s)
		m.find()
		if len(m.spans) == 0 {
			break
		}
		next := m.apply(s)
		if next == s {
			break
		}
		s = next
	}
	return s
}

// mayIdentify is a look at the bytes of a line: without a digit, a letter or a
// sign of any width, and without a word for a flat, there is nothing to mask.
func mayIdentify(s string) bool {
	han := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c < utf8.RuneSelf:
			if c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c == '@' {
				return true
			}
		case c == 0xEF: // forms of other widths
			if i+2 < len(s) && (s[i+1] == 0xBC && s[i+2] >= 0x90 || s[i+1] == 0xBD && s[i+2] <= 0x9A || s[i+1] == 0xB9) && !isWideMark(s[i+1], s[i+2]) {
				return true
			}
		case c < 0xE2, c == 0xE2 && i+1 < len(s) && s[i+1] >= 0x82, c == 0xEA, c >= 0xF0:
			if c >= 0xC0 {
				return true // rare: other scripts, circled and mathematical digits
			}
		case c >= 0xE4 && c <= 0xE9 && i+2 < len(s):
			if r, _ := decodeWide(s, i); hanDigit(r) >= 0 || r == '室' || r == '户' || r == '戶' || r == '房' || r == '元' {
				if han++; han >= 3 {
					return true
				}
			}
			i += 2
		}
	}
	return false
}

// isWideMark knows the full-width marks of Chinese writing: : ; < = > ?
func isWideMark(b, c byte) bool { return b == 0xBC && c >= 0x9A && c <= 0x9F }

// find looks for each kind of data. Those that tell themselves by a name go first.
func (m *masker) find() {
	if m.ats || m.letters {
		m.emails()
	}
	if m.named && (m.digits || m.letters) {
		m.accounts()
	}
	if m.digits {
		m.plates()
		if m.letters {
			m.passports()
		}
		m.numbers()
	}
	if m.units {
		m.homes()
	}
	if m.ats {
		m.handles()
	}
}

type maskSpan struct {
	from, to int // in the shadow
	word     string
}

// masker holds the shadow of a line: each character as it would be folded, one
// for one, without what shows nothing, and with digits of every kind as 0 to 9.
type masker struct {
	r     []rune
	at    []int32 // the byte where r[i] begins; one more for the end
	spans []maskSpan
	taken []bool // what lies in spans, nil without one

	// What the shadow holds.
	digits, letters, ats, named, units bool
}

// read makes the shadow of s.
func (m *masker) read(s string) {
	t := tables()
	*m = masker{r: m.r[:0], at: m.at[:0], spans: m.spans[:0]}
	run, mixed := 0, false // digits up to here, and whether Han ones are among them
	for i := 0; i < len(s); {
		r, size := rune(s[i]), 1
		if r == '[' {
			if kind, n := maskWordAt(s[i:]); n > 0 {
				m.add(maskMark+rune(kind), i)
				run, mixed = 0, false
				i += n
				continue
			}
		}
		if r >= utf8.RuneSelf {
			r, size = decodeWide(s, i)
			r = shadowOf(t, r)
		} else if r < ' ' || r == 0x7F {
			r = shadowOf(t, r)
		}
		if r < 0 {
			i += size
			continue
		}
		m.add(r, i)
		i += size
		kind := uint8(0)
		if r <= 0xFFFF {
			kind = t.kind[r]
		}
		if kind&(kindDigit|kindHanDigit) != 0 {
			run++
			mixed = mixed || kind&kindHanDigit != 0
		} else if run > 0 {
			if mixed && run >= leastHanRun {
				m.plainDigits(run, len(m.r)-1)
			}
			run, mixed = 0, false
		}
		m.digits = m.digits || kind&kindDigit != 0
		m.letters = m.letters || kind&kindLetter != 0
		m.ats = m.ats || kind&kindAt != 0
		m.named = m.named || kind&kindName != 0
		m.units = m.units || kind&kindUnit != 0
	}
	if mixed && run >= leastHanRun {
		m.plainDigits(run, len(m.r))
	}
	m.at = append(m.at, int32(len(s)))
}

func (m *masker) add(r rune, at int) {
	m.r = append(m.r, r)
	m.at = append(m.at, int32(at))
}

// leastHanRun is from how many digits on a run with Han digits is read as a
// number: shorter ones are words ("一五一十").
const leastHanRun = 7

// plainDigits writes the run of digits that ends before end as 0 to 9. One or two
// Han digits at its ends are words (13900001234一直), unless they make the run as
// long as a mobile or an identity number is.
func (m *masker) plainDigits(run, end int) {
	m.digits = true
	from := end - run
	if run == 12 && hanDigit(m.r[from]) == 1 && m.r[end-1] == '一' {
		end--
	} else if run != 11 && run != 18 {
		if head := m.hanRun(from, 1); head <= 2 {
			from += head
		}
		if tail := m.hanRun(end-1, -1); tail <= 2 {
			end -= tail
		}
	}
	for i := from; i < end; i++ {
		if d := hanDigit(m.r[i]); d >= 0 {
			m.r[i] = '0' + d
		}
	}
}

// hanRun counts the Han digits from i on, forward or back.
func (m *masker) hanRun(i, step int) int {
	n := 0
	for hanDigit(m.rune(i)) >= 0 {
		n++
		i += step
	}
	return n
}

// shadowOf returns the one character that stands for r, or -1 for none.
func shadowOf(t *foldTables, r rune) rune {
	switch {
	case r == keycap:
		return -1
	case isHan(r):
		if to := t.full[r]; to != 0 {
			return rune(to)
		}
		return t.one(r)
	case r <= 0xFFFF && t.full[r] != 0:
		r = rune(t.full[r])
	case isBreak(r):
		return '\n'
	case isBlank(r):
		return ' '
	case isUnseen(r):
		return -1
	default:
		if n := nfkc(r); n > 0 {
			r = t.one(n)
		}
	}
	switch {
	case r < utf8.RuneSelf:
		return r
	case isMark(r):
		return utf8.RuneError // private characters of the text are no marks of ours
	case r == 0x24FF:
		return '0'
	case r >= 0x2776 && r <= 0x277E: // dingbat circled digits
		return r - 0x2776 + '1'
	}
	if d := decimalDigit(r); d >= 0 {
		return '0' + d
	}
	return r
}

// isMark reports whether r stands for a masked word in the shadow.
func isMark(r rune) bool { return r >= maskMark && r < maskMark+rune(len(maskKinds)) }

// maskWordAt returns which of our words s begins with, and its length in bytes.
func maskWordAt(s string) (kind, n int) {
	for k, w := range maskKinds {
		if strings.HasPrefix(s, w) {
			return k, len(w)
		}
	}
	return 0, 0
}

// mask notes that r[from:to] is to be replaced, unless a part of it is already.
func (m *masker) mask(from, to int, word string) bool {
	if m.taken == nil {
		m.taken = make([]bool, len(m.r))
	}
	for i := from; i < to; i++ {
		if m.taken[i] {
			return false
		}
	}
	for i := from; i < to; i++ {
		m.taken[i] = true
	}
	m.spans = append(m.spans, maskSpan{from, to, word})
	return true
}

func (m *masker) isTaken(i int) bool { return m.taken != nil && m.taken[i] }

func (m *masker) apply(s string) string {
	slices.SortFunc(m.spans, func(a, b maskSpan) int { return cmp.Compare(a.from, b.from) })
	out := make([]byte, 0, len(s)+16)
	done := int32(0)
	for _, span := range m.spans {
		out = append(out, s[done:m.at[span.from]]...)
		out = append(out, span.word...)
		done = m.endOf(span.to, s)
	}
	return string(append(out, s[done:]...))
}

// endOf returns the byte after the character before to, with its frame: what else
// shows nothing and stands between the two is left in the text.
func (m *masker) endOf(to int, s string) int32 {
	at := m.at[to-1]
	_, size := utf8.DecodeRuneInString(s[at:])
	at += int32(size)
	for _, frame := range []string{"\ufe0f\u20e3", "\u20e3"} {
		if strings.HasPrefix(s[at:], frame) {
			at += int32(len(frame))
		}
	}
	return at
}

// rune returns r[i], or a line feed beyond the ends.
func (m *masker) rune(i int) rune {
	if i < 0 || i >= len(m.r) {
		return '\n'
	}
	return m.r[i]
}

func (m *masker) isDigit(i int) bool { r := m.rune(i); return r >= '0' && r <= '9' }

func (m *masker) isLetter(i int) bool { r := m.rune(i) | 0x20; return r >= 'a' && r <= 'z' }

func (m *masker) isAlnum(i int) bool { return m.isDigit(i) || m.isLetter(i) }

// before returns up to n characters that stand before i in the same sentence, and
// not beyond a masked word: what that word was said of is settled.
func (m *masker) before(i, n int) string {
	from := i
	for from > 0 && i-from < n && !endsClause(m.r[from-1]) {
		from--
	}
	return string(m.r[from:i])
}

// after is the like of before for what follows i.
func (m *masker) after(i, n int) string {
	to := i
	for to < len(m.r) && to-i < n && !endsClause(m.r[to]) {
		to++
	}
	return string(m.r[i:to])
}

func endsClause(r rune) bool {
	switch r {
	case '\n', '。', '!', '?', ';':
		return true
	}
	return isMark(r)
}

func hasAny(s string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
}
