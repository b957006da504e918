package analysis

import (
	"cmp"
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

// homes masks the addresses of flats and, where somebody is said to live there,
// of houses. A street's number and the flat further on are one address.
func (m *masker) homes() {
	var found []maskSpan
	for i := 0; i < len(m.r); i++ {
		block := m.isLetter(i) && !m.isAlnum(i-1) && strings.ContainsRune("座栋幢", m.rune(i+1))
		if !block && !m.isAddressDigit(i) || m.isAddressDigit(i-1) || m.isTaken(i) {
			continue
		}
		a := m.addressAt(i)
		if len(a.parts) == 0 {
			continue
		}
		if from, ok := m.isHome(a); ok {
			if last := len(found) - 1; last >= 0 && found[last].to >= from {
				found[last].to = a.to
			} else {
				found = append(found, maskSpan{from, a.to, maskHome})
			}
		}
		i = a.to - 1
	}
	for _, h := range found {
		m.mask(h.from, h.to, h.word)
	}
}

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

// isOtherWord tells units from the beginnings of other words: 户籍, 房屋, 号线 …
func (m *masker) isOtherWord(i int, unit string) bool {
	next := m.rune(i + len([]rune(unit)))
	switch unit {
	case "户":
		return strings.ContainsRune("籍居口型均", next)
	case "房":
		return strings.ContainsRune("屋子产东源价贷", next)
	case "号":
		return strings.ContainsRune("线文令机码召称", next)
	case "门":
		return strings.ContainsRune("店诊市户急口前", next)
	case "室":
		return strings.ContainsRune("外内温友", next)
	case "社":
		return strings.ContainsRune("区会保交团科", next)
	case "组":
		return strings.ContainsRune("织成建合", next)
	case "队":
		return strings.ContainsRune("员伍长友", next)
	case "楼":
		return strings.ContainsRune("盘市价房", next)
	}
	return false
}

var (
	livingWords  = []string{"家住", "住在", "住址", "居住", "现住", "暂住", "租住", "户籍地", "住所", "家在", "家庭地址", "家庭住址", "老家", "住于", "我家", "家中", "租房", "住宅", "收货地址", "收件地址", "户籍所在"}
	addressWords = []string{
		"路", "街", "道", "巷", "胡同", "村", "屯", "庄", "镇", "乡", "区", "县", "苑", "园", "里", "弄", "城", "府", "庭", "湾", "坊", "小区", "花园", "公寓", "组", "寨", "营", "桥", "楼", "院", "公馆", "国际", "轩", "阁", "墅", "邸", "郡", "大厦",
	}
	residences  = []string{"小区", "花园", "家园", "公寓", "苑", "新村", "嘉园", "名城", "华府", "豪庭", "雅居", "社区", "园区", "家属院", "宿舍", "大院", "城", "府", "湾", "里", "园", "庭", "居", "坊", "村", "庄"}
	dwellings   = []string{"小区", "花园", "家园", "公寓", "新村", "嘉园", "苑", "宿舍", "家属院", "公馆", "座", "栋", "幢"}
	publicWords = []string{
		"公安", "派出所", "分局", "大队", "支队", "法院", "检察", "政府", "服务中心", "大厅", "办事处", "委员会", "居委会", "管理局", "窗口", "审批", "出入境",
		"医院", "学校", "大学", "中学", "小学", "幼儿园", "学院", "车管所", "看守所", "信访", "会议室", "大厦", "写字楼", "广场", "酒店", "宾馆", "审讯室", "办公室", "调解室", "值班室", "候车室", "教室", "报告厅", "受理", "法庭", "展厅",
	}
)

// isHome decides whether a chain of numbers is somebody's home, and where its
// address begins.
func (m *masker) isHome(a address) (from int, ok bool) {
	flat, unit, house, pairs, tail := false, false, false, 0, false
	for n, p := range a.parts {
		switch {
		case p.unit == "单元":
			unit = true
		case p.unit == "":
			tail = p.n >= 2 && p.n <= 5
		}
		if hasAny(p.unit, flatUnits) && (p.unit != "户" || n > 0 && bareAfter(a.parts[n-1].unit)) { // 3组28户 counts
			flat = true
		}
		if hasAny(p.unit, houseUnits) {
			house = true
		}
		if p.unit != "-" {
			pairs++
		}
	}
	from = m.nameStart(a.from)
	name := string(m.r[from:a.from])
	lives := m.isLivedIn(from, name) || hasPrefixAny(m.after(a.to, 3), dwellers)
	from, name = afterLead(from, name)
	numbered := len(a.parts) >= 3 && a.parts[0].unit == "-" && a.parts[1].unit == "-" && !m.isYear(a.from) || house && tail || flat && len(a.parts) >= 2 && !m.isYear(a.from)
	switch {
	case lives && tail && len(a.parts) >= 2 && !m.isYear(a.from), unit && (len(a.parts) >= 2 || name != ""), numbered && (house || flat || hasSuffixAny(name, residences)):
	case lives && (house || flat) && len(name) > 0, lives && pairs > 0 && hasAny(name, addressWords) && !m.isDay(a):
	case lives && flat, flat && hasSuffixAny(name, dwellings):
	default:
		return 0, false
	}
	clause, _, _ := strings.Cut(m.after(a.to, 10), ",")
	if !lives && !unit && hasAny(cmp.Or(name, m.before(a.from, 8))+clause, publicWords) {
		return 0, false
	}
	return from, true
}

// isLivedIn reports whether the text says that somebody lives at the place whose
// name begins at from.
func (m *masker) isLivedIn(from int, name string) bool {
	if hasAny(m.before(from, 8)+name, livingWords) {
		return true
	}
	switch before := m.rune(from - 2); m.rune(from - 1) {
	case '住':
		return !strings.ContainsRune("抓围记堵拦守封困接撞", before) && !hasPrefixAny(name, stayWords)
	case '(':
		return before == '家' && !strings.ContainsRune("大专国商厂", m.rune(from-3))
	}
	return false
}

// stayWords begin with 住, which stands before them, and are no homes.
var stayWords = []string{"院", "宿", "建", "持", "户", "房和"}

func hasPrefixAny(s string, words []string) bool {
	for _, w := range words {
		if strings.HasPrefix(s, w) {
			return true
		}
	}
	return false
}

var dwellers = []string{"的村民", "的居民", "的住户", "的业主", "的租客", "的邻居"}

var leadWords = []string{
	"楼上", "楼下", "隔壁", "邻居", "对门", "对面", "现住", "户籍", "现在", "地址", "冲进", "进入", "前往", "抵达", "赶往", "今天", "昨天", "今日", "昨日", "今晚", "昨晚",
	"上午", "下午", "晚上", "凌晨", "中午", "民警", "警察", "快递", "报警", "发现", "有人", "投诉", "举报", "业主", "租客", "因为", "搜查",
}

// afterLead drops from the name of a place that begins at from what only leads to
// it, and all of it where it names no place.
func afterLead(from int, name string) (int, string) {
	for _, words := range [][]string{livingWords, leadWords} {
		for _, w := range words {
			if i := strings.LastIndex(name, w); i >= 0 {
				from += utf8.RuneCountInString(name[:i+len(w)])
				name = name[i+len(w):]
			}
		}
	}
	if !hasAny(name, addressWords) {
		return from + utf8.RuneCountInString(name), "" // no name of a place
	}
	return from, name
}

// isYear reports whether the number at i is a year: 2024-3-15 is no home.
func (m *masker) isYear(i int) bool {
	return (m.rune(i) == '1' && m.rune(i+1) == '9' || m.rune(i) == '2' && m.rune(i+1) == '0') &&
		m.isDigit(i+2) && m.isDigit(i+3) && !m.isAlnum(i+4)
}

// isDay tells 6月1号 from a house number.
func (m *masker) isDay(a address) bool {
	return m.rune(a.from-1) == '月' || m.rune(a.from-1) == '第'
}

func hasSuffixAny(s string, words []string) bool {
	for _, w := range words {
		if strings.HasSuffix(s, w) {
			return true
		}
	}
	return false
}

// nameStart returns where the name before a house number begins: back over Han
// characters and further numbers, up to a mark or a word that leads to a place.
func (m *masker) nameStart(i int) int {
	from := i
	if m.rune(i-1) == ' ' && hasSuffixAny(string(m.r[max(0, i-4):i-1]), residences) {
		from-- // 翠柳小区 3栋
	}
	for from > 0 && i-from < longestName {
		r := m.r[from-1]
		if r < 0x2E80 && !m.isAlnum(from-1) && r != '#' && r != '-' || isMark(r) || m.isTaken(from-1) || endsName(r) {
			break
		}
		from--
	}
	return from
}

// endsName knows marks of Chinese writing and the words before a place.
func endsName(r rune) bool {
	return strings.ContainsRune("。、《》【】「」“”‘’…〔〕住在于的是了到至我你他她址从往被把将说称去找", r)
}
