package analysis

import (
	"slices"
	"strings"
)

// numbers masks identity numbers, bank cards and phone numbers: whatever is known
// by its digits. Each number is tried where its digits begin.
func (m *masker) numbers() {
	for i := 0; i < len(m.r); i++ {
		if !m.isDigit(i) || m.isDigit(i-1) || m.isTaken(i) {
			continue
		}
		run := m.digitsAt(i)
		to, word := 0, ""
		if run.n >= 7 {
			to, word = m.number(i, &run)
		}
		if to == 0 && m.rune(i) == '1' {
			to, word = m.oddMobile(i), maskPhone
		}
		if to > 0 && (word == "" || m.mask(m.numberStart(i, to, word), to, word)) {
			i = to - 1
		}
	}
}

// number tells what the run that begins at i is: where it ends and the word for
// it, "" for a number that is known and stays; 0 where it is not known.
func (m *masker) number(i int, run *digitRun) (to int, word string) {
	about := m.before(i, 14)
	doc := isDocument(about)
	if to := m.identity(run, about); to > 0 && (!doc || hasAny(about, idWords)) {
		return to, maskID
	}
	if m.isSum(i, run) || m.rune(i-1) == '第' || isDotted(run) && !hasAny(about, phoneWords) {
		return m.groupEnd(run), ""
	}
	if to := m.bankCard(i, run, about); to > 0 && !doc && !m.inAddress(i) {
		return to, maskBank
	}
	if to, known := m.phone(i, run, about, doc); known {
		return to, ""
	} else if to > 0 {
		return to, maskPhone
	}
	return m.another(i, run)
}

// groupEnd returns where the digits end that stand together at the start of run.
func (m *masker) groupEnd(run *digitRun) int {
	k := 1
	for k < run.n && !run.gap[k] {
		k++
	}
	return run.end[k-1]
}

// isDotted knows the address of a machine: four groups of up to three digits, each
// below 256, parted by dots.
func isDotted(run *digitRun) bool {
	group, groups := 0, 1
	for k := range run.n {
		if k > 0 && run.gap[k] {
			if run.sep[k] != '.' {
				break
			}
			if groups++; groups > 4 {
				return false
			}
			group = 0
		}
		if group = group*10 + int(run.d[k]-'0'); group > 255 {
			return false
		}
	}
	return groups == 4
}

// numberStart takes the sign of the country's code and an opening bracket along.
func (m *masker) numberStart(i, to int, word string) int {
	if word != maskPhone {
		return i
	}
	if m.rune(i-1) == '+' && !m.isTaken(i-1) {
		i--
	}
	if m.rune(i-1) == '(' && !m.isTaken(i-1) && slices.Contains(m.r[i:to], ')') {
		i--
	}
	return i
}

var idWords = []string{"身份证", "身份号", "公民身份", "证件号", "身分证", "sfz", "SFZ"}

// identity returns where a citizen's number at the start of run ends. A number
// that fails the check is one all the same where the text says so: people mistype.
func (m *masker) identity(run *digitRun, about string) int {
	if run.n < 15 {
		return 0
	}
	if run.ends(18) && (validID(run.d[:18]) || hasAny(about, idWords)) {
		return run.end[17]
	}
	if run.n == 17 {
		at := run.end[16]
		for skipped := 0; skipped < 2 && isJoint(m.rune(at)); skipped++ {
			at++
		}
		d := append(append([]byte{}, run.d[:17]...), 'X')
		if isCheckX(m.rune(at)) && !m.isLetter(at+1) && (validID(d) || hasAny(about, idWords)) {
			return at + 1
		}
	}
	if run.ends(15) && run.whole(15) && validProvince(run.d[:]) && validDay("19"+string(run.d[6:12])) && hasAny(about, idWords) {
		return run.end[14]
	}
	return 0
}

// isCheckX knows the letter X and what people take for it.
func isCheckX(r rune) bool { return strings.ContainsRune("xX×ХхΧχ*", r) }

// isSum reports whether the number at i is an amount or a count: money before it,
// a unit or decimals after it. A phone is never followed by such.
func (m *masker) isSum(i int, run *digitRun) bool {
	switch m.rune(i - 1) {
	case '¥', '$', '€', '£':
		return true
	}
	end := i
	for m.isDigit(end) {
		end++
	}
	next := m.rune(end + 1)
	switch m.rune(end) {
	case '元', '万', '块':
		return !strings.ContainsRune("旦宵月一头儿", next) // 元旦, 万一, 块头 follow a phone as well
	case '亿', '吨', '%', '°':
		return true
	case '美', '欧', '港':
		return next == '元' || next == '币'
	case '公':
		return next == '里' || next == '斤' || next == '顷'
	case '平':
		return next == '方' || next == '米'
	case '人', '余', '多':
		return next == '次' || next == '元' || next == '万' || next == '人'
	case '次':
		return next != '日'
	case '期', '年':
		return !run.ends(11)
	case '.':
		n := end + 1
		for m.isDigit(n) {
			n++
		}
		return n > end+1 && n-end <= 3 && !(m.rune(n) == '.' && m.isDigit(n+1))
	}
	return false
}

var documentWords = []string{
	"编号", "单号", "文号", "案号", "订单", "快递", "运单", "流水", "批号", "条码", "序列号", "车架", "发票", "代码",
	"备案", "工单", "许可证", "字第", "标识码", "刊号", "书号", "安备", "备号", "回执", "受理号", "查询码", "登记号", "证书号",
}

// isDocument reports whether what stands before a number says that it numbers a
// document, a case or a thing.
func isDocument(about string) bool {
	return hasAny(about, documentWords) && !hasAny(about, phoneWords)
}

// accountWords right before a number make an account of fewer digits as well.
var accountWords = []string{"账号", "账户", "帐号", "帐户", "卡号"}

var bankWords = []string{"银行", "行卡", "信用社", "卡号", "账号", "账户", "帐号", "帐户", "信用卡", "储蓄卡", "借记卡", "工资卡", "打款", "转账", "汇款", "收款", "存折"}

// bankCard returns where a card's number ends: by Luhn where it looks like one,
// or by what the text says of it.
func (m *masker) bankCard(i int, run *digitRun, about string) int {
	named := hasAny(about, bankWords)
	for k := min(run.n, 19); k >= 9; k-- {
		if !run.ends(k) {
			continue
		}
		if named && (k >= 15 || k >= 12 && run.whole(k)) || k < 12 && run.whole(k) && hasSuffixAny(strings.TrimRight(about, " :为是"), accountWords) {
			return run.end[k-1]
		}
		if k >= 15 && cardIssuer(run.d[:k]) && luhn(run.d[:k]) && !m.isLetter(i-1) && cardShaped(run, k) {
			return run.end[k-1]
		}
	}
	return 0
}

// cardShaped reports whether the first k digits stand in groups as people write a
// card's number; a chain of dates or counts does not.
func cardShaped(run *digitRun, k int) bool {
	shape := run.shape(k)
	return len(shape) == k || !strings.ContainsAny(shape[:len(shape)-1], "12")
}

// cardIssuer knows the first digits that card schemes use (ISO/IEC 7812): UnionPay
// 62 and its older 60, 68, 69, 9; Visa 4; Mastercard 51 to 55; JCB 35; Amex 34 and 37.
func cardIssuer(d []byte) bool {
	switch {
	case len(d) == 15:
		return d[0] == '3' && (d[1] == '4' || d[1] == '7')
	case d[0] == '6', d[0] == '4':
		return true
	case d[0] == '9':
		return len(d) >= 16 && d[1] != '1' // 91…: credit codes of companies
	case d[0] == '5':
		return d[1] >= '1' && d[1] <= '5'
	}
	return d[0] == '3' && d[1] == '5'
}

// another tells a number that follows a masked one in a list: of the same kind.
func (m *masker) another(i int, run *digitRun) (to int, word string) {
	at := i - 1
	for at > 0 && i-at <= 3 && strings.ContainsRune(" 、/,或和及&", m.rune(at)) {
		at--
	}
	if at == i-1 || at < 0 {
		return 0, ""
	}
	word = m.wordEndingAt(at)
	if word != maskPhone && word != maskQQ {
		return 0, ""
	}
	for k := min(run.n, 12); k >= 7; k-- {
		if run.ends(k) {
			return run.end[k-1], word
		}
	}
	return 0, ""
}

// wordEndingAt returns the masked word whose last character is at i, be it of this
// look or of one before.
func (m *masker) wordEndingAt(i int) string {
	if r := m.rune(i); isMark(r) {
		return maskKinds[r-maskMark]
	}
	if m.isTaken(i) {
		for k := len(m.spans) - 1; k >= 0 && k >= len(m.spans)-4; k-- {
			if m.spans[k].to == i+1 {
				return m.spans[k].word
			}
		}
	}
	return ""
}
