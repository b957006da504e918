package analysis

import (
	"cmp"
	"strings"
	"unicode/utf8"
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
	from = m.nameStart(a.from)
	name := string(m.r[from:a.from])
	lives := m.isLivedIn(from, name) || a.parts[0].unit != "户" && hasPrefixAny(m.after(a.to, 3), dwellers)
	from, name = afterLead(from, name)
	k := a.makeup()
	if !m.isFlat(a, k, name) && !(lives && m.isLodging(a, k, name)) {
		return 0, false
	}
	if !k.unit && hasAny(name, wardWords) {
		return 0, false
	}
	clause, _, _ := strings.Cut(m.after(a.to, 10), ",")
	if !lives && !k.unit && hasAny(cmp.Or(name, m.before(a.from, 8))+clause, publicWords) {
		return 0, false
	}
	return from, true
}

// isFlat reports whether an address is one of a flat by itself, whoever lives there.
func (m *masker) isFlat(a address, k makeup, name string) bool {
	n := len(a.parts)
	switch {
	case k.unit:
		return n >= 2 || name != ""
	case k.flat && hasSuffixAny(name, dwellings), k.house && k.tail > 0:
		return true
	case m.isYear(a.from):
		return false
	case n >= 3 && a.parts[0].unit == "-" && a.parts[1].unit == "-": // 3-2-501
		return k.house || k.flat || hasSuffixAny(name, residences)
	}
	return k.flat && n >= 2
}

// isLodging reports whether an address at which somebody is said to live tells where.
func (m *masker) isLodging(a address, k makeup, name string) bool {
	first, n := a.parts[0].unit, len(a.parts)
	switch {
	case k.tail >= 3 && n >= 2 && !m.isYear(a.from):
		return true
	case n == 1 && (first == "楼" || first == "层") && !hasSuffixAny(name, residences):
		return false // a floor alone
	case k.flat:
		return name != "" || first != "房"
	case k.house:
		return name != ""
	}
	return k.units > 0 && hasAny(name, addressWords) && !m.isDay(a)
}

// isLivedIn reports whether the text says that somebody lives at the place whose
// name begins at from.
func (m *masker) isLivedIn(from int, name string) bool {
	if hasAny(m.before(from, 8)+name, livingWords) {
		return true
	}
	switch before := m.rune(from - 2); m.rune(from - 1) {
	case '住':
		return !strings.ContainsRune("入抓围记堵拦守封困接撞", before) && !hasPrefixAny(name, stayWords)
	case '(':
		return before == '家' && !strings.ContainsRune("大专国商厂", m.rune(from-3))
	}
	return false
}

// wardWords name where people lie for some days.
var wardWords = []string{"医院", "病区", "病房", "宾馆", "酒店", "旅馆", "方舱"}

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

var dwellers = []string{"的村民", "的居民", "的住户", "的业主", "的租客", "的邻居", "村民", "住户"}

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
	return strings.ContainsRune("。、《》【】「」“”‘’…〔〕住在于的是了到至我你他她址从往被把将说称去找系", r)
}
