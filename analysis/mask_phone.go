package analysis

import "strings"

// phoneWords say that a number is a phone; of the first ones even a short number is.
var phoneWords = []string{
	"电话", "手机", "座机", "固话", "传真", "致电", "拨打", "tel", "Tel", "TEL", "phone", "Phone", "mobile", "Mobile", "热线", "专线",
	"号码", "联系", "打我", "打给", "请打", "短信", "来电", "call", "微信同号",
}

const strongPhoneWords = 16

// phone returns where the phone number at i ends, and whether it is known to be
// for everybody.
func (m *masker) phone(i int, run *digitRun, about string, doc bool) (to int, public bool) {
	named := hasAny(about, phoneWords)
	if m.isLetter(i-1) && !named && !m.afterCode(i) {
		return 0, false // the tail of a code, as A13…
	}
	if m.inAddress(i) && !named {
		return 0, false
	}
	plus := m.rune(i-1) == '+'
	if k := mobile(run, named || plus); k > 0 && !doc {
		return run.end[k-1], false
	}
	if plus {
		for k := min(run.n, 15); k >= 9; k-- {
			if run.ends(k) {
				return run.end[k-1], false
			}
		}
	}
	if isHotline(run) {
		return run.end[9], true
	}
	k := landLine(run, named)
	if k == 0 && hasAny(m.before(i, 7), phoneWords[:strongPhoneWords]) {
		k = localNumber(run)
	}
	if k == 0 || doc {
		return 0, false
	}
	return run.end[k-1], m.isPublicPhone(i, run.end[k-1])
}

// oddMobile returns where a mobile number at i ends that is written in one of two
// odd ways: parted by commas and the like as people part phones, where amounts have
// three digits behind each, or with letters that look like 0 and 1.
func (m *masker) oddMobile(i int) int {
	if m.rune(i+1) < '3' || m.rune(i+1) > '9' || m.isDigit(i-1) {
		return 0
	}
	to := 0
	if m.fits(i, "1ddsddddsdddd") && m.rune(i-1) != ',' && !(m.rune(i+13) == ',' && m.isDigit(i+14)) &&
		(m.rune(i+3) != '、' || hasAny(m.before(i, 14), phoneWords)) && !strings.ContainsRune("元万起人次件名", m.rune(i+13)) {
		to = i + 13
	} else if m.fits(i, "1llllllllll") && !m.isLetter(i-1) && !m.isLetter(i+11) {
		to = i + 11
	}
	if to > 0 && (m.inAddress(i) || isDocument(m.before(i, 14))) {
		return 0
	}
	return to
}

// fits reports whether the characters from i on are, one by one, of the kinds in
// form (1: itself; d: a digit; l: a digit or a letter like one; s: a sign), and no
// further digit follows.
func (m *masker) fits(i int, form string) bool {
	if m.isDigit(i + len(form)) {
		return false
	}
	for k, want := range []byte(form) {
		r := m.rune(i + k)
		switch {
		case m.isDigit(i+k) && want != 's':
		case want == 's' && strings.ContainsRune(",、*", r), want == 'l' && strings.ContainsRune("OolI", r):
		default:
			return false
		}
	}
	return true
}

// afterCode reports whether the letters before i are a short word that people put
// before a phone number, as "V138…" or "tel138…".
func (m *masker) afterCode(i int) bool {
	from := i
	for from > 0 && i-from < 8 && m.isLetter(from-1) {
		from--
	}
	switch strings.ToLower(string(m.r[from:i])) {
	case "v", "vx", "wx", "tel", "phone", "mobile", "mob", "call", "wechat", "weixin", "t", "m", "p", "dh", "sj", "q", "qq":
		return true
	}
	return false
}

// inAddress reports whether the number at i stands in the address of a page.
func (m *masker) inAddress(i int) bool {
	from := i
	for from > 0 && i-from < 120 && m.r[from-1] > ' ' && m.r[from-1] < 0x7F {
		from--
	}
	head := string(m.r[from:i])
	return strings.Contains(head, "://") || strings.Contains(head, "www.")
}

// mobile returns the number of digits, with the country's code, of a mobile
// number at the start of run: 1, then 3 to 9, eleven in all, parted as people
// part them, or in any way where the text calls it a phone.
func mobile(run *digitRun, named bool) int {
	skip := 0
	switch {
	case run.n >= 13 && run.d[0] == '8' && run.d[1] == '6':
		skip = 2
	case run.n >= 15 && string(run.d[:4]) == "0086":
		skip = 4
	case run.n >= 12 && run.d[0] == '0' && run.d[1] == '1' && !run.gap[1]: // dialled as a long-distance call
		skip = 1
	}
	k := skip + 11
	if run.n < k || run.d[skip] != '1' || run.d[skip+1] < '3' || !run.ends(k) {
		return 0
	}
	if skip > 0 || named || run.whole(k) {
		return k
	}
	switch run.shape(k) {
	case "344", "38", "74", "335", "434", "443", "353", "47", "56", "65", "3422", "1334", "11111111111", "32222", "122222", "3332", "2333":
		return k
	}
	return 0
}

// landLine returns the number of digits of a land line with its area code at the
// start of run: 010 or 02x and eight digits, else four digits and seven or eight.
func landLine(run *digitRun, named bool) int {
	if run.n < 10 || run.d[0] != '0' || run.d[1] == '0' {
		return 0
	}
	area := 4
	if run.d[1] <= '2' {
		area = 3
	}
	if run.d[area] < '2' || !run.whole(area) {
		return 0
	}
	for _, k := range []int{area + 8, area + 7} {
		if run.ends(k) && (k > 10 || named) && (run.gap[area] || run.whole(k)) {
			return k
		}
	}
	return 0
}

// localNumber returns the number of digits of a number without area code, in
// groups of three digits at least, which a day's date has not. Those that begin
// with 1, 95 or 96 are services (10086, 95588).
func localNumber(run *digitRun) int {
	if run.d[0] < '2' || run.d[0] == '9' && (run.d[1] == '5' || run.d[1] == '6') {
		return 0
	}
	for k := min(run.n, 12); k >= 7; k-- {
		if run.ends(k) && !strings.ContainsAny(run.shape(k), "12") {
			return k
		}
	}
	return 0
}

// isHotline knows the numbers that are for everybody: 400 and 800 lines.
func isHotline(run *digitRun) bool {
	return run.ends(10) && (run.d[0] == '4' || run.d[0] == '8') && run.d[1] == '0' && run.d[2] == '0'
}

var (
	officeWords = []string{
		"公安", "派出所", "分局", "警方", "民警", "警官", "办公室", "警务", "交警", "刑警", "特警", "大队", "支队", "总队", "中队", "指挥中心", "法院", "检察", "纪委", "监委", "纪检",
		"政府", "街道办", "办事处", "居委会", "村委会", "委员会", "管理局", "税务局", "监管局", "信访", "服务中心", "便民", "大厅", "窗口", "出入境", "户政",
		"车管所", "看守所", "拘留所", "检查站", "收费站", "消防", "救援", "医院", "急救", "供电", "供水", "燃气", "民政", "人社局", "住建局", "城管", "学校",
		"电视台", "报社", "编辑部", "记者站", "司法", "律师协会", "值班室", "值班电话", "热线", "专线", "举报电话", "监督电话", "投诉电话", "咨询电话", "报警电话",
		"服务电话", "公开电话", "求助电话", "救助电话", "办公电话", "对外电话", "反诈",
	}
	ownWords = []string{"我的", "我家", "本人", "家里", "家中", "私人", "个人", "先生", "女士", "小姐", "阿姨", "报案人", "当事人", "受害人", "失主", "家属", "父亲", "母亲", "妈妈", "爸爸", "住宅", "我们", "打我", "找我", "联系我"}
)

// noticeBefore returns up to n characters before i as a notice writes them: with
// semicolons between its lines, and numbers that are masked already.
func (m *masker) noticeBefore(i, n int) string {
	from := i
	for from > 0 && i-from < n && !strings.ContainsRune("\n。!?", m.r[from-1]) {
		from--
	}
	return string(m.r[from:i])
}

// isPublicPhone reports whether a land line is one that an office publishes.
// Mobiles are never taken for such: they are somebody's.
func (m *masker) isPublicPhone(from, to int) bool {
	head, tail := m.noticeBefore(from, 40), m.after(to, 10)
	return hasAny(head+tail, officeWords) && !hasAny(m.before(from, 12)+tail, ownWords)
}
