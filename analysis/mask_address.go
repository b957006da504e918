package analysis

import (
	"strings"
	"unicode/utf8"
)

// part is one step of an address: a number and what it numbers.
type part struct {
	unit string // "" where the number stands bare
	n    int    // characters of the number
}

// address is a chain of parts as it was read.
type address struct {
	parts    []part
	from, to int // from the first number to the end
}

// Units by what they tell. A flat is private in any case; a house only where the
// text says that somebody lives there.
var (
	flatUnits  = []string{"室", "户", "房"}
	houseUnits = []string{"号楼", "栋", "幢", "座", "#", "号院"}
	unitNames  = []string{"号楼", "号院", "单元", "号", "栋", "幢", "座", "弄", "巷", "层", "楼", "室", "户", "房", "组", "队", "门", "支弄", "社", "#", "-"}
)

const (
	mostParts   = 7
	longestName = 24 // characters before the first number that may belong to an address
)

// isAddressDigit knows the digits of house numbers, Han ones and letters between
// digits ("A座", "12B") among them.
func (m *masker) isAddressDigit(i int) bool {
	r := m.rune(i)
	return r >= '0' && r <= '9' || hanDigit(r) >= 0 || r == '十' || r == '百'
}

// addressAt reads a chain of numbers and units that begins at i.
func (m *masker) addressAt(i int) address {
	a := address{from: i, to: i}
	if m.isLetter(i-1) && !m.isAlnum(i-2) {
		a.from-- // A1栋
	}
	for len(a.parts) < mostParts {
		at := i
		for (m.isAddressDigit(at) || m.isLetter(at)) && at-i < 7 {
			at++
		}
		if at == i {
			break
		}
		p := part{n: at - i, unit: m.unitAt(at)}
		if p.unit == "" {
			last := len(a.parts) - 1
			flatOf := last >= 0 && a.parts[last].unit == "号" && p.n >= 3 && !strings.ContainsRune("年月人米元次件个名", m.rune(at))
			if last < 0 || !flatOf && !bareAfter(a.parts[last].unit) || p.n > 5 {
				break
			}
			a.parts, a.to = append(a.parts, p), at
			break
		}
		if p.unit == "-" && !m.isAddressDigit(at+1) {
			if len(a.parts) > 0 {
				a.parts, a.to = append(a.parts, part{n: p.n}), at
			}
			break
		}
		a.parts = append(a.parts, p)
		i = at + len([]rune(p.unit))
		a.to = i
		for (m.rune(i) == ' ' || m.rune(i) == '-' && p.unit != "-") && m.isAlnum(i+1) || m.rune(i) == '的' && m.isAddressDigit(i+1) {
			i++
		}
	}
	if strings.ContainsRune("东西中南北左右", m.rune(a.to)) && m.rune(a.to+1) == '户' && len(a.parts) > 1 {
		a.to += 2 // 3楼东户
	}
	for (m.rune(a.to) == '/' || m.rune(a.to) == '、') && len(a.parts) > 1 && a.parts[len(a.parts)-1].unit == "" {
		at := a.to + 1 // 402/401: of two flats
		for m.isDigit(at) {
			at++
		}
		if at-a.to < 4 || at-a.to > 5 || m.isAlnum(at) {
			break
		}
		a.to = at
	}
	return a
}

func bareAfter(unit string) bool {
	switch unit {
	case "-", "单元", "栋", "幢", "座", "号楼", "#", "层", "楼", "门":
		return true
	}
	return false
}

func (m *masker) unitAt(i int) string {
	switch r := m.rune(i); r {
	case '号', '单', '栋', '幢', '座', '弄', '巷', '层', '楼', '室', '户', '房', '组', '队', '门', '支', '社', '#', '-', '—', '–':
		if r == '—' || r == '–' {
			return "-"
		}
		for _, u := range unitNames {
			if m.startsWith(i, u) && !m.isOtherWord(i, u) {
				return u
			}
		}
	}
	return ""
}

func (m *masker) startsWith(i int, word string) bool {
	for _, r := range word {
		if m.rune(i) != r {
			return false
		}
		i++
	}
	return true
}

// otherWords are the characters with which a unit begins another word: 户籍, 房屋,
// 号线 …
var otherWords = map[string]string{
	"户": "籍居口型均",
	"房": "屋子产东源价贷",
	"号": "线文令机码召称",
	"门": "店诊市户急口前",
	"室": "外内温友",
	"社": "区会保交团科",
	"组": "织成建合",
	"队": "员伍长友",
	"楼": "盘市价房",
}

// isOtherWord reports whether the unit at i is the beginning of another word.
func (m *masker) isOtherWord(i int, unit string) bool {
	return strings.ContainsRune(otherWords[unit], m.rune(i+utf8.RuneCountInString(unit)))
}

// makeup is what the parts of an address tell of it.
type makeup struct {
	flat, unit, house bool // it numbers a flat, an entrance (单元), a house
	units             int  // numbers that are said to number something
	tail              int  // characters of a last bare number, as of a flat in 3栋501
}

func (a address) makeup() makeup {
	var k makeup
	for n, p := range a.parts {
		k.unit = k.unit || p.unit == "单元"
		k.house = k.house || hasAny(p.unit, houseUnits)
		if hasAny(p.unit, flatUnits) && (p.unit != "户" || n > 0 && bareAfter(a.parts[n-1].unit)) { // 3组28户 counts
			k.flat = true
		}
		if p.unit != "-" {
			k.units++
		}
		if p.unit == "" && p.n >= 2 && p.n <= 5 {
			k.tail = p.n
		}
	}
	return k
}
