package analysis

import "strings"

// accounts masks what follows the name of a messenger or of a document.
func (m *masker) accounts() {
	kinds := &tables().kind
	for i, r := range m.r {
		if r > 0xFFFF || kinds[r]&kindName == 0 || m.isTaken(i) {
			continue
		}
		switch r {
		case 'q', 'Q', '扣', '抠', '秋', '球', '企':
			m.afterQQ(i)
		case '群':
			m.afterGroup(i)
		case 'w', 'W', 'v', 'V':
			m.afterLatinWeChat(i)
		case '微', '薇', '威', '卫', '徽':
			switch r := m.rune(i + 1); {
			case isXin(r), m.r[i] == '微' && r|0x20 == 'x' && !m.isAlnum(i+2):
				m.weChatID(i+2, r == '信' && m.r[i] != '威' || !isHan(r))
			case m.r[i] == '微' && (m.rune(i-1) == '加' || m.rune(i-1) == '+'):
				m.weChatID(i+1, true)
			}
		case '证', '照', '可', '件', '号', '卡':
			m.afterDocument(i)
		case '泡':
			if m.startsWith(i-1, "泡泡") && m.rune(i-2) == '绿' {
				m.weChatID(i+1, true)
			}
		case 'p', 'P':
			m.afterPassport(i)
		}
		if strings.ContainsRune("音手书博陌宝东多鱼团滴播号", m.r[i]) {
			m.afterPlatform(i)
		}
	}
}

// isXin knows what people write for the second character of 微信.
func isXin(r rune) bool {
	return strings.ContainsRune("信心芯星兴❤♥♡💗💖💕💚💙🧡", r)
}

const (
	accountFillers = " :=号码群主加是为(+,id帐账我的搜索请联系/、-_—→>:"
	mostFillers    = 8
)

// filled returns where the account begins that the name before i announces, and
// whether something between says so.
func (m *masker) filled(i int) (at int, said bool) {
	for at = i; at-i < mostFillers; at++ {
		r := m.rune(at)
		if r == 'I' && m.rune(at+1) == 'D' || r == 'i' && m.rune(at+1) == 'd' {
			if !m.isAlnum(at + 2) {
				at++
				said = true
				continue
			}
			break
		}
		if r|0x20 >= 'a' && r|0x20 <= 'z' || !strings.ContainsRune(accountFillers, r) {
			break
		}
		said = said || r != ' '
	}
	return at, said
}

// afterQQ masks the number after QQ and its by-names.
func (m *masker) afterQQ(i int) {
	to := i + 1
	switch m.r[i] {
	case '扣', '抠', '秋', '球':
		if m.rune(i+1) == m.r[i] {
			to++
		} else if m.r[i] != '扣' {
			return
		}
	case '企':
		if m.rune(i+1) != '鹅' {
			return
		}
		to++
	default:
		if m.isLetter(i - 1) {
			return
		}
		if m.rune(i+1)|0x20 == 'q' {
			to++
		}
		if m.isLetter(to) {
			return
		}
	}
	at, _ := m.filled(to)
	m.maskAccountDigits(at, maskQQ)
}

// afterGroup masks the number of a group chat, which is announced by more than the
// word for a group.
func (m *masker) afterGroup(i int) {
	joins := strings.ContainsRune("加进入", m.rune(i-1))
	if at, said := m.filled(i + 1); (said || joins) && m.digitsAt(at).n >= 6 {
		m.maskAccountDigits(at, maskQQ)
	}
}

// maskAccountDigits masks the 5 to 11 digits at i.
func (m *masker) maskAccountDigits(i int, word string) bool {
	if !m.isDigit(i) || m.isDigit(i-1) || m.r[i] == '0' {
		return false
	}
	run := m.digitsAt(i)
	for k := min(run.n, 12); k >= 5; k-- {
		if run.ends(k) && (run.whole(k) || k >= 8) && !m.isSum(i, &run) {
			return m.mask(i, run.end[k-1], word)
		}
	}
	return false
}

// afterLatinWeChat masks what follows VX, wx, weixin, wechat, V信, 加V, and
// account names that tell themselves by wx_ or wxid.
func (m *masker) afterLatinWeChat(i int) {
	if m.isAlnum(i - 1) {
		return
	}
	to := m.accountEnd(i)
	name := strings.ToLower(string(m.r[i:min(to, i+40)]))
	if strings.HasPrefix(name, "wx_") || strings.HasPrefix(name, "wxid") || strings.HasPrefix(name, "wx-") {
		if to-i >= 6 {
			m.mask(i, to, maskWeChat)
		}
		return
	}
	if name == "v" && m.rune(i+1) == ' ' && m.rune(i+2)|0x20 == 'x' && !m.isAlnum(i+3) {
		m.weChatID(i+3, true)
		return
	}
	for _, word := range []string{"weixin", "wechat", "wei", "vx", "wx", "v", "w"} {
		rest, ok := strings.CutPrefix(name, word)
		if !ok {
			continue
		}
		start := i + len(word)
		switch {
		case (word == "v" || word == "w" || word == "wei") && isXin(m.rune(start)):
			m.weChatID(start+1, true)
		case word == "w" || word == "wei":
		case rest != "" && strings.ContainsRune("加+我号是", m.rune(i-1)) && !(word == "v" && strings.HasPrefix(rest, "ip")) && to-start >= 6 && m.looksLikeID(start, to) && m.isLetter(start):
			m.mask(start, to, maskWeChat)
		case word == "v" && !strings.ContainsRune("加+", m.rune(i-1)) && m.rune(start) != ':' && !m.isAlone(i, start, to):
		case rest == "":
			m.weChatID(start, true)
		case m.isDigit(start):
			if !m.maskAccountDigits(start, maskWeChat) && to-start >= 6 {
				m.mask(start, to, maskWeChat)
			}
		}
		return
	}
}

// isAlone reports whether the digits at [from, to) behind a letter at i that follows
// a Han character are as many as an account has, and no version or day.
func (m *masker) isAlone(i, from, to int) bool {
	n, run := to-from, m.digitsAt(from)
	return isHan(m.rune(i-1)) && n >= 7 && n <= 11 && run.ends(n) && m.rune(to) != '.' && !(n == 8 && validDay(string(m.r[from:to])))
}

// weChatID masks the account that is announced by a name that ends at i. Where
// nothing but the name announces it, it must not look like a plain word.
func (m *masker) weChatID(i int, known bool) {
	at, said := m.filled(i)
	for _, w := range []string{"公众", "公号", "小程序", "视频号", "订阅"} {
		if strings.Contains(string(m.r[i:min(i+8, len(m.r))]), w) {
			return // published by an office or a paper for everybody
		}
	}
	if !said && !known {
		return
	}
	if m.maskAccountDigits(at, maskWeChat) {
		return
	}
	to := m.accountEnd(at)
	if to-at < 6 || to-at > 40 || !m.isLetter(at) || m.isAlnum(at-1) && !said {
		return
	}
	if said || m.looksLikeID(at, to) {
		m.mask(at, to, maskWeChat)
	}
}

// longestAccount is beyond what any messenger allows.
const longestAccount = 64

// accountEnd returns where the letters, digits, dashes and underscores at i end.
func (m *masker) accountEnd(i int) int {
	for end := i + longestAccount; i < end && m.isAlnum(i) || i < end && (m.rune(i) == '_' || m.rune(i) == '-') && m.isAlnum(i+1); {
		i++
	}
	return i
}

func (m *masker) looksLikeID(from, to int) bool {
	for i := from; i < to; i++ {
		if !m.isLetter(i) {
			return true
		}
	}
	return false
}

var documentNames = []string{
	"护照", "通行证", "台胞证", "回乡证", "还乡证", "返乡证", "港澳证", "军官证", "警官证", "士兵证", "驾驶证", "驾照", "居住证", "暂住证", "居留证", "居留许可", "永居证",
	"证件", "准考证", "签证号", "残疾证", "社保号", "社保卡", "医保号", "医保卡", "学号", "学籍号",
}

// afterDocument masks the number after the name of a passport, permit or licence
// that ends at i.
func (m *masker) afterDocument(i int) {
	if !hasSuffixAny(string(m.r[max(0, i-3):i+1]), documentNames) {
		return
	}
	at := i + 1
	if m.startsWith(at, "档案") { // 驾驶证档案编号
		at += 2
	}
	if m.rune(at) == '编' {
		at++
	}
	m.documentNumber(m.filled(at))
}

// documentNumber masks the number of a document at i; said tells that something
// announces it besides the document's name.
func (m *masker) documentNumber(i int, said bool) {
	to := i
	if m.rune(i+1) == '字' && m.rune(i+2) == '第' { // an officer's: 南字第…号
		to += 3
	}
	digits, from := 0, to
	for m.isAlnum(to) || isJoint(m.rune(to)) && m.isDigit(to+1) && to > from && to-from < 20 {
		if m.isDigit(to) {
			digits++
		}
		to++
	}
	if digits < 6 || to-from > 24 || m.isCitizens(from) {
		return
	}
	if digits == 8 && to-from == 8 && !said && validDay(string(m.r[from:to])) {
		return // a day: 护照20301201到期
	}
	if from > i && m.rune(to) == '号' {
		to++
	}
	m.mask(i, to, maskDocument)
}

// afterPassport masks the number after the English word.
func (m *masker) afterPassport(i int) {
	const word = "passport"
	if m.isAlnum(i-1) || !strings.EqualFold(string(m.r[i:min(i+len(word), len(m.r))]), word) {
		return
	}
	at := i + len(word)
	for _, more := range []string{" no", " No", " NO", " number", " Number", "."} {
		if m.startsWith(at, more) {
			at += len(more)
		}
	}
	m.documentNumber(m.filled(at))
}

var travelWords = []string{"护照", "passport", "出入境", "签证", "通行证", "出境", "入境"}

// passports masks what looks like the number of a passport or a permit for Hong
// Kong, Macao or Taiwan where the text speaks of such: a letter or two of those in
// use, and seven or eight digits.
func (m *masker) passports() {
	for i := range m.r {
		if !strings.ContainsRune("EGDSPKCWHMLegdspcwhml", m.r[i]) || m.isAlnum(i-1) || m.isTaken(i) {
			continue
		}
		to := m.accountEnd(i)
		digits := i + 1
		if m.isLetter(digits) {
			digits++
		}
		if to-i != 9 && !(to-i == 11 && digits == i+1) || strings.IndexFunc(string(m.r[digits:to]), func(r rune) bool { return r < '0' || r > '9' }) >= 0 {
			continue
		}
		if around := m.before(i, 14) + m.after(to, 10); hasAny(around, travelWords) && !isDocument(m.before(i, 14)) {
			m.mask(i, to, maskDocument)
		}
	}
}

// isCitizens leaves identity numbers to their own rule, which has its own word.
func (m *masker) isCitizens(i int) bool {
	run := m.digitsAt(i)
	return m.identity(&run, "") > 0
}

var platforms = []string{"抖音", "快手", "小红书", "微博", "陌陌", "支付宝", "淘宝", "京东", "拼多多", "闲鱼", "美团", "滴滴", "直播", "头条号", "贴吧"}

// afterPlatform masks the account named after a platform, as "抖音号:abc123".
func (m *masker) afterPlatform(i int) {
	if m.rune(i+1) != '号' && m.rune(i+1) != '账' && m.rune(i+1) != '帐' && m.rune(i+1) != 'I' && m.rune(i+1) != 'i' {
		return
	}
	if !hasAny(string(m.r[max(0, i-2):i+1]), platforms) {
		return
	}
	at, said := m.filled(i + 1)
	to := m.accountEnd(at)
	if said && to-at >= 5 && to-at <= 40 && !(m.rune(to) == '@') && !m.looksLikePhone(at) {
		word := maskHandle
		if inHandle(m.rune(to)) {
			word += " " // what follows must not become part of the name
		}
		m.mask(at, to, word)
	}
}

func (m *masker) looksLikePhone(i int) bool {
	run := m.digitsAt(i)
	return mobile(&run, true) > 0
}
