package analysis

import "strings"

const (
	plateProvinces = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
	plateEnds      = "学挂港澳领试超"
)

var vehicleWords = []string{"车", "牌", "驾", "司机", "逃逸", "违停", "违章", "停", "货", "轿", "的士", "号段", "剐", "刮", "撞", "闯"}

// plates masks the registration numbers of vehicles (GA 36): a province, a letter,
// and five characters, or six for new-energy ones.
func (m *masker) plates() {
	for i := range m.r {
		if m.r[i] == '使' {
			m.embassyPlate(i)
		}
		if i == 0 || !m.isLetter(i) || m.isAlnum(i-1) || m.isTaken(i) {
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
		m.endsWord(from), m.r[from] == '新' && m.rune(i) == 'G' && m.rune(start) == 'B', // a standard
		digits < 2, m.isLower(start, at):
		if !parted && !hasAny(m.before(from, 14)+m.after(at, 14), vehicleWords) {
			return 0
		}
	}
	return at
}

// Provinces' characters that end ordinary words as well (最新, 华为云), with the
// characters that make words with them; before a model's or a standard's name they
// need a vehicle nearby. For "" it is any but those that stand before a name.
var plateWords = map[rune]string{
	'新': "", '云': "", '川': "四汶银", '津': "天", '京': "北南东进", '宁': "南安辽西", '青': "年", '贵': "昂珍高", '黑': "抹漆", '吉': "大", '蒙': "内", '桂': "肉",
}

// endsWord reports whether the province at i ends a word instead of beginning a plate.
func (m *masker) endsWord(i int) bool {
	heads, doubtful := plateWords[m.r[i]]
	switch {
	case !doubtful:
		return false
	case heads == "":
		return !m.beginsName(i)
	case m.rune(i-1) == '天' && strings.ContainsRune("昨今前明那当每白", m.rune(i-2)):
		return false // 昨天津B12345
	}
	return strings.ContainsRune(heads, m.rune(i-1))
}

// beginsName reports whether what stands before i is no part of a longer word.
func (m *masker) beginsName(i int) bool {
	r := m.rune(i - 1)
	return !isHan(r) && !m.isAlnum(i-1) || strings.ContainsRune("到是的了辆把被那这号和与在叫见让有给向从", r)
}

// embassyPlate masks the plates of embassies, six digits before or after 使.
func (m *masker) embassyPlate(i int) {
	from, to := i, i+1
	for n := 0; n < 6; to++ {
		if m.isDigit(to) {
			n++
		} else if n != 3 || !isPlateJoint(m.rune(to)) {
			break
		}
	}
	if to-i < 7 || m.isDigit(to) {
		for from, to = i, i+1; i-from < 6 && m.isDigit(from-1); {
			from--
		}
	}
	next := m.rune(to)
	if to-from >= 7 && !m.isDigit(from-1) && (from < i || m.beginsName(from)) && !strings.ContainsRune("用得人户元馆", next) && !m.isTaken(from) {
		m.mask(from, to, maskPlate)
	}
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
	case ' ', '·', '.', '-', '—', '–', '_', '•', '‧', '・', '∙', '⋅':
		return true
	}
	return false
}
