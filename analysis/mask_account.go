package analysis

import "strings"

// accounts masks what follows the name of a messenger or of a document.
func (m *masker) accounts() {
	for i := 0; i < len(m.r); i++ {
		if m.isTaken(i) {
			continue
		}
		switch m.r[i] {
		case 'q', 'Q', '扣', '球', '企':
			m.afterQQ(i)
		case 'w', 'W', 'v', 'V':
			m.afterLatinWeChat(i)
		case '微', '薇', '威', '卫', '徽':
			if r := m.rune(i + 1); r == '信' || r == '心' || r == '芯' || r == '星' || r == '兴' {
				m.weChatID(i+2, r == '信' && m.r[i] != '威')
			}
		case '护', '行', '胞', '乡', '官', '驶', '留', '件', '港', '兵', '士':
			m.afterDocument(i)
		case '音', '手', '书', '博', '陌', '宝', '播', '号':
			m.afterPlatform(i)
		}
	}
}

const (
	accountFillers = " :=号码群主加是为(+,id帐账我的搜索请/、-_—→>:"
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
	case '扣', '球':
		if m.rune(i+1) == m.r[i] {
			to++
		} else if m.r[i] == '球' {
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
	for _, word := range []string{"weixin", "wechat", "vx", "wx", "v"} {
		rest, ok := strings.CutPrefix(name, word)
		if !ok {
			continue
		}
		start := i + len(word)
		switch {
		case word == "v" && m.rune(start) == '信':
			m.weChatID(start+1, true)
		case word == "v" && !strings.ContainsRune("加+", m.rune(i-1)) && m.rune(start) != ':':
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

// accountEnd returns where the letters, digits, dashes and underscores at i end.
func (m *masker) accountEnd(i int) int {
	for m.isAlnum(i) || (m.rune(i) == '_' || m.rune(i) == '-') && m.isAlnum(i+1) {
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
	"护照", "通行证", "台胞证", "回乡证", "还乡证", "军官证", "警官证", "驾驶证", "居留证", "居留许可", "证件", "返乡证", "士兵证", "港澳证", "永居证",
}

// afterDocument masks the number after the name of a passport, permit or licence.
func (m *masker) afterDocument(i int) {
	head := string(m.r[i:min(i+4, len(m.r))])
	back := string(m.r[max(0, i-2):min(i+4, len(m.r))])
	for _, name := range documentNames {
		if !strings.Contains(back, name) || !strings.ContainsRune(name, []rune(head)[0]) {
			continue
		}
		at := i
		for m.rune(at) != '证' && m.rune(at) != '照' && m.rune(at) != '可' && m.rune(at) != '件' && at < i+4 {
			at++
		}
		at++
		if m.rune(at) == '档' && m.rune(at+1) == '案' { // 驾驶证档案编号
			at += 3
		}
		if m.rune(at) == '编' {
			at++
		}
		at, _ = m.filled(at)
		to := at
		for m.isAlnum(to) || isJoint(m.rune(to)) && m.isDigit(to+1) && to > at && to-at < 20 {
			to++
		}
		digits := 0
		for k := at; k < to; k++ {
			if m.isDigit(k) {
				digits++
			}
		}
		if digits >= 6 && to-at <= 24 && !m.isCitizens(at) {
			m.mask(at, to, maskDocument)
		}
		return
	}
}

// isCitizens leaves identity numbers to their own rule, which has its own word.
func (m *masker) isCitizens(i int) bool {
	run := m.digitsAt(i)
	return m.identity(&run, "") > 0
}

var platforms = []string{"抖音", "快手", "小红书", "微博", "陌陌", "支付宝", "直播", "头条号", "贴吧"}

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
		m.mask(at, to, maskHandle)
	}
}

func (m *masker) looksLikePhone(i int) bool {
	run := m.digitsAt(i)
	return mobile(&run, true) > 0
}
