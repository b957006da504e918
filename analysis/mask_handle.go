package analysis

import (
	"strings"
	"unicode/utf8"
)

// emails masks mail addresses, also with "at", 艾特 or # for the sign, and with a
// word or a full stop of Chinese writing for the dots.
func (m *masker) emails() {
	for i, r := range m.r {
		switch {
		case m.isTaken(i):
		case r == '@':
			m.email(i, i+1, false)
		case r == '#' && m.isAlnum(i-1) && m.isAlnum(i+1):
			m.email(i, i+1, true)
		case (r == '(' || r == '[' || r == '【' || r == '{') && m.saysAt(i+1) && !m.isAlnum(i+3):
			m.email(i, i+4, true)
		case r == ' ' && m.saysAt(i+1) && m.rune(i+3) == ' ' && m.isAlnum(i-1):
			m.email(i, i+4, true)
		case r == '艾' && m.rune(i+1) == '特':
			m.email(i, i+2, true)
		}
	}
}

func (m *masker) saysAt(i int) bool { return m.rune(i)|0x20 == 'a' && m.rune(i+1)|0x20 == 't' }

var mailHosts = []string{"qq", "163", "126", "sina", "gmail", "139", "189", "foxmail", "outlook", "hotmail", "sohu", "yeah", "aliyun", "icloud", "vip", "21cn", "tom", "live", "msn", "yahoo"}

// email masks the address around the sign at [sign, rest). In doubt (another sign
// than @) only the well-known providers count.
func (m *masker) email(sign, rest int, doubt bool) {
	from := sign
	for m.rune(from-1) == ' ' && sign-from < 2 {
		from--
	}
	local := from
	for sign-local < 66 && !m.isTaken(max(0, local-1)) && (m.isAlnum(local-1) || strings.ContainsRune("._%+-", m.rune(local-1))) {
		local--
	}
	for local < from && !m.isAlnum(local) {
		local++
	}
	if local == from {
		return
	}
	parted := m.rune(rest) == ' ' && from == sign // "name@ qq.com", or a word and a handle
	for m.rune(rest) == ' ' && rest-sign < 6 {
		rest++
	}
	to, host, dots := m.domain(rest)
	if dots == 0 || (doubt || parted) && !hasHost(host) {
		return
	}
	m.mask(local, to, maskEmail)
}

// domain reads a host name from i on: its end, its first label, and its dots.
func (m *masker) domain(i int) (to int, first string, dots int) {
	from, label := i, i
	to = i
	for i-from < 80 {
		for m.isAlnum(i) || m.rune(i) == '-' {
			i++
		}
		if i == label {
			break
		}
		if dots == 0 {
			first = string(m.r[label:i])
		}
		to = i
		n := m.dot(i)
		if n == 0 || !m.isAlnum(i+n) {
			break
		}
		dots++
		i += n
		label = i
	}
	if label >= to && dots > 0 {
		dots--
	}
	return to, first, dots
}

// dot returns the length of the dot of a domain at i, which people write in words
// to hide an address.
func (m *masker) dot(i int) int {
	switch r := m.rune(i); {
	case r == '.' || r == '。' || r == '·', r == '点' && m.isLetter(i+1):
		return 1
	case r == ' ' && m.rune(i+1) == '.':
		return 2
	case r == ' ' && m.startsWith(i, " dot "), r == '(' && m.startsWith(i, "(dot)"):
		return 5
	}
	return 0
}

func hasHost(s string) bool {
	for _, h := range mailHosts {
		if strings.EqualFold(s, h) {
			return true
		}
	}
	return false
}

// longestHandle is what platforms allow for a name.
const longestHandle = 30

// handles masks the names after @. A name goes on to the next blank or mark, as on
// the platforms; where it would be longer than they allow, it is cut.
func (m *masker) handles() {
	for i := 0; i < len(m.r); i++ {
		if m.r[i] != '@' || m.isTaken(i) || m.isDigit(i-1) && m.isDigit(i+1) {
			continue
		}
		to := i + 1
		for to < len(m.r) && to-i <= longestHandle && inHandle(m.r[to]) && !m.isTaken(to) {
			to++
		}
		quoted := m.quoted(i, to)
		whole := quoted == to
		to = quoted
		name := string(m.r[i+1 : to])
		if name == "" || name == "用户" || isPronoun(name) || isOfficeHandle(name) {
			continue
		}
		word := maskHandle
		if whole && to < len(m.r) && inHandle(m.r[to]) {
			word += " " // what follows must not become part of the name
		}
		m.mask(i, to, word)
		i = to - 1
	}
}

// isPronoun knows what is no name: 谁@我了.
func isPronoun(name string) bool {
	name = strings.TrimSuffix(name, "了")
	return name == "我" || name == "你" || name == "他" || name == "她" || name == "你们" || name == "我们"
}

var (
	quotedWords = []string{"网友", "博主", "用户", "微博", "账号", "作者", "群众", "市民", "粉丝", "原博", "p主", "P主"}
	quotingVerb = []string{
		"表示", "发文", "发帖", "发布", "发视频", "反映", "爆料", "评论", "留言", "吐槽", "质疑", "晒出", "回应", "透露", "认为", "告诉", "提供",
		"拍摄", "投稿", "在微博", "在抖音", "在网上", "投诉", "举报", "求助", "指出", "介绍", "拍下", "上传", "写道", "已删除", "已注销", "称", "说",
	}
)

// quoted returns where the name at (at, to) ends that a report quotes without a
// blank, as in 网友@名字表示: before the verb.
func (m *masker) quoted(at, to int) int {
	if !hasSuffixAny(string(m.r[max(0, at-2):at]), quotedWords) {
		return to
	}
	for i := at + 3; i < to; i++ {
		for _, verb := range quotingVerb {
			if m.startsWith(i, verb) {
				return i
			}
		}
	}
	return to
}

// inHandle reports whether a name may hold r: letters of any script, digits, and
// what platforms allow between them; marks of Chinese writing end a name.
func inHandle(r rune) bool {
	if r < 0x80 {
		return r >= '0' && r <= '9' || r|0x20 >= 'a' && r|0x20 <= 'z' || r == '_' || r == '-'
	}
	if strings.ContainsRune("—、。“”‘’《》【】「」『』〈〉…〔〕\ufffc\ufffd", r) {
		return false
	}
	return r >= 0xA0 && !isMark(r)
}

var officeHandles = []string{"公安", "公安局", "交警", "警方", "派出所", "分局", "网警", "特警", "刑警", "巡警", "支队", "大队", "总队", "反诈中心", "警察网", "管理局", "消防", "检察院", "检察", "法院", "发布", "政府", "政府网", "警方在线", "公安在线", "新闻", "日报", "晚报", "新华社", "新华网", "人民网", "央视新闻"}

// isOfficeHandle knows the accounts that bear an office's or a paper's name in the
// way those do: a place and what it is. They are no persons.
func isOfficeHandle(name string) bool {
	for _, w := range officeHandles {
		if name == w || strings.HasSuffix(name, w) && len(name) >= len(w)+6 && len(name) <= len(w)+27 {
			return true
		}
	}
	// 平安 and a place is what the accounts of public security bureaus are called;
	// people wish each other peace with other words.
	place, ok := strings.CutPrefix(name, "平安")
	n := utf8.RuneCountInString(place)
	return ok && n >= 2 && n <= 4 && !strings.ContainsAny(place, "是福喜乐一生顺遂健康快吉祥如意幸夜果无事归最就好人的我你小大老") &&
		strings.IndexFunc(place, func(r rune) bool { return !isHan(r) }) < 0
}
