package analysis

import "strings"

const (
	plateProvinces = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
	// These stand at the end of ordinary words as well (最新, 华为云): before a
	// model's or a standard's name they need a vehicle nearby.
	plateDoubtful = "新云黑青宁贵甘吉蒙川桂津京"
	plateEnds     = "学挂港澳领试超"
)

var vehicleWords = []string{"车", "牌", "驾", "司机", "逃逸", "违停", "违章", "停", "货", "轿", "的士", "号段", "剐", "刮", "撞", "闯"}

// plates masks the registration numbers of vehicles (GA 36): a province, a letter,
// and five characters, or six for new-energy ones.
func (m *masker) plates() {
	for i := 1; i < len(m.r); i++ {
		if !m.isLetter(i) || m.isAlnum(i-1) {
			continue
		}
		from := i - 1
		for m.rune(from) == ' ' && i-from < 3 {
			from--
		}
		if from < 0 || m.isTaken(i) || m.isTaken(from) || !strings.ContainsRune(plateProvinces, m.r[from]) {
			continue
		}
		if to := m.plate(from, i); to > 0 {
			m.mask(from, to, maskPlate)
			i = to - 1
		}
	}
}

// plate returns where the plate with its province at from and its letter at i ends.
func (m *masker) plate(from, i int) int {
	at, parted := i+1, from != i-1
	for at-i <= 3 && isPlateJoint(m.rune(at)) {
		at++
		parted = true
	}
	start, digits := at, 0
	n := 0 // characters after the letter
	for n < 7 {
		if isPlateJoint(m.rune(at)) && m.isAlnum(at+1) && n > 0 && n < 6 && parted {
			at++
			continue
		}
		if !m.isAlnum(at) {
			break
		}
		if m.isDigit(at) {
			digits++
		}
		n++
		at++
	}
	switch {
	case digits == 0 || n > 6 || n < 4:
		return 0
	case m.rune(at) == '警':
		return 0 // the police's own cars
	case n == 4:
		if strings.ContainsRune(plateEnds, m.rune(at)) {
			return at + 1
		}
		return 0
	case n == 6 && !m.newEnergy(start), m.rune(i) >= 'a' && digits < 3,
		strings.ContainsRune(plateDoubtful, m.r[from]) || digits < 2 || m.isLower(start, at):
		if !parted && !hasAny(m.before(from, 14)+m.after(at, 14), vehicleWords) {
			return 0
		}
	}
	return at
}

func (m *masker) isLower(from, to int) bool {
	for i := from; i < to; i++ {
		if m.rune(i) >= 'a' && m.rune(i) <= 'z' {
			return true
		}
	}
	return false
}

// newEnergy reports whether the six characters at i are of the kind that
// new-energy vehicles bear: a letter first or last, digits else.
func (m *masker) newEnergy(i int) bool {
	digits := 0
	for k := i; k < i+6; k++ {
		if m.isDigit(k) {
			digits++
		}
	}
	return digits >= 4 && (m.isLetter(i) || m.isLetter(i+5))
}

func isPlateJoint(r rune) bool {
	switch r {
	case ' ', '·', '.', '-', '•', '‧', '・', '∙', '⋅', '_':
		return true
	}
	return false
}
