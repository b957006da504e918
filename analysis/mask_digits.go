package analysis

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Kinds of characters that tell Mask which patterns to try on a line.
const (
	kindDigit = 1 << iota
	kindHanDigit
	kindLetter
	kindAt
	kindName // begins or ends the name of a messenger or a document
	kindUnit // numbers houses and flats
)

const (
	nameSigns = "qQ扣抠秋球泡企群wWvV微薇威卫徽证照可件号卡pP音手书博陌宝东多鱼团滴播"
	unitSigns = "室户房单栋幢座号楼弄#-—–组社"
)

func (t *foldTables) markKinds() {
	for r := range rune(utf8.RuneSelf) {
		switch {
		case r >= '0' && r <= '9':
			t.kind[r] = kindDigit
		case r|0x20 >= 'a' && r|0x20 <= 'z':
			t.kind[r] = kindLetter
		}
	}
	for r := range rune(1 << 16) {
		if hanDigit(r) >= 0 {
			t.kind[r] |= kindHanDigit
		}
	}
	for signs, kind := range map[string]uint8{nameSigns: kindName, unitSigns: kindUnit, "@#": kindAt} {
		for _, r := range signs {
			t.kind[r] |= kind
		}
	}
}

// hanDigit returns the value of a digit written as a Han character, else -1.
// The shadow is in simplified script.
func hanDigit(r rune) rune {
	switch r {
	case '〇', '零', '○':
		return 0
	case '一', '壹', '幺':
		return 1
	case '二', '贰':
		return 2
	case '三', '叁':
		return 3
	case '四', '肆':
		return 4
	case '五', '伍':
		return 5
	case '六', '陆':
		return 6
	case '七', '柒':
		return 7
	case '八', '捌':
		return 8
	case '九', '玖':
		return 9
	}
	return -1
}

// decimalDigit returns the value of a decimal digit of any script, else -1.
// Unicode keeps each script's ten digits together from the zero on.
func decimalDigit(r rune) rune {
	if r < 0x80 || !unicode.Is(unicode.Nd, r) {
		return -1
	}
	for _, rg := range unicode.Nd.R16 {
		if r >= rune(rg.Lo) && r <= rune(rg.Hi) {
			return (r - rune(rg.Lo)) % 10
		}
	}
	for _, rg := range unicode.Nd.R32 {
		if r >= rune(rg.Lo) && r <= rune(rg.Hi) {
			return (r - rune(rg.Lo)) % 10
		}
	}
	return -1
}

// digitRun is the digits that begin at a place, with what may stand between
// digits of one number taken out.
type digitRun struct {
	d   [22]byte
	end [22]int  // after digit k, a place in the shadow
	gap [23]bool // something stands before digit k; true at the end
	sep [23]rune // the first of what does
	n   int
}

// digitsAt reads the digits from i on, across up to three blanks, dashes or other
// signs between them.
func (m *masker) digitsAt(i int) digitRun {
	var run digitRun
	for run.n < len(run.d) && m.isDigit(i) {
		run.d[run.n], run.end[run.n] = byte(m.r[i]), i+1
		run.n++
		i++
		if m.isDigit(i) {
			continue
		}
		run.sep[run.n] = m.rune(i)
		for skipped := 0; skipped < 3 && isJoint(m.rune(i)); skipped++ {
			i++
		}
		run.gap[run.n] = true
	}
	return run
}

func isJoint(r rune) bool {
	switch r {
	case ' ', '-', '.', '_', '·', '—', '–', '‐', '‑', '−', '─', '~', ')', '•', '/':
		return true
	}
	return false
}

// ends reports whether the number may be over after k digits.
func (run *digitRun) ends(k int) bool { return run.n >= k && run.gap[k] }

// whole reports whether the first k digits stand together.
func (run *digitRun) whole(k int) bool {
	for i := 1; i < k; i++ {
		if run.gap[i] {
			return false
		}
	}
	return true
}

// shape returns the lengths of the groups of the first k digits, as "344".
func (run *digitRun) shape(k int) string {
	var b strings.Builder
	size := 0
	for i := range k {
		if i > 0 && run.gap[i] {
			b.WriteByte(byte('0' + size))
			size = 0
		}
		size++
	}
	b.WriteByte(byte('0' + size))
	return b.String()
}

// validID reports whether 18 characters are a citizen's number by GB 11643-1999:
// a province, a day, and the check by ISO 7064 MOD 11-2.
func validID(d []byte) bool {
	if !validProvince(d) || !validDay(string(d[6:14])) {
		return false
	}
	weights := [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += int(d[i]-'0') * w
	}
	return "10X98765432"[sum%11] == d[17]
}

func validProvince(d []byte) bool {
	return d[0] >= '1' && d[0] <= '9' && strings.Contains(" 11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 91 ", " "+string(d[:2])+" ")
}

func validDay(s string) bool {
	day, err := time.Parse("20060102", s)
	return err == nil && day.Year() >= 1880 && day.Year() < 2100
}

// luhn reports whether the digits pass the check of ISO/IEC 7812.
func luhn(d []byte) bool {
	sum := 0
	for i := range d {
		v := int(d[len(d)-1-i] - '0')
		if i%2 == 1 {
			if v *= 2; v > 9 {
				v -= 9
			}
		}
		sum += v
	}
	return sum%10 == 0
}
