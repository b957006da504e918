package analysis

import "strings"

// emails masks mail addresses, also with "at" or # for the sign, and with a full
// stop of Chinese writing in the domain.
func (m *masker) emails() {
	for i, r := range m.r {
		switch {
		case r == '@' && !m.isTaken(i):
			m.email(i, i+1, false)
		case r == '#' && m.isAlnum(i-1) && m.isAlnum(i+1):
			m.email(i, i+1, true)
		case (r == '(' || r == '[' || r == '【' || r == '{') && i+3 < len(m.r) && strings.EqualFold(string(m.r[i+1:i+3]), "at"):
			m.email(i, i+4, true)
		}
	}
}

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
	for m.rune(rest) == ' ' && from != sign {
		rest++
	}
	to, host, dots := m.domain(rest)
	if dots == 0 || doubt && !hasHost(host) {
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
		if r := m.rune(i); r != '.' && r != '。' || !m.isAlnum(i+1) {
			break
		}
		dots++
		i++
		label = i
	}
	if label >= to && dots > 0 {
		dots--
	}
	return to, first, dots
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
		if m.r[i] != '@' || m.isTaken(i) {
			continue
		}
		to := i + 1
		for to < len(m.r) && to-i <= longestHandle && inHandle(m.r[to]) && !m.isTaken(to) {
			to++
		}
		name := string(m.r[i+1 : to])
		if name == "" || name == "用户" || isOfficeHandle(name) {
			continue
		}
		word := maskHandle
		if to < len(m.r) && inHandle(m.r[to]) {
			word += " " // what follows must not become part of the name
		}
		m.mask(i, to, word)
		i = to - 1
	}
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

var officeHandles = []string{"公安", "公安局", "交警", "警方", "派出所", "分局", "网警", "特警", "刑警", "巡警", "消防", "检察院", "检察", "法院", "发布", "政府", "新闻", "日报", "晚报"}

// isOfficeHandle knows the accounts that bear an office's or a paper's name in the
// way those do: a place and what it is. They are no persons.
func isOfficeHandle(name string) bool {
	for _, w := range officeHandles {
		if strings.HasSuffix(name, w) && len(name) >= len(w)+6 && len(name) <= len(w)+18 {
			return true
		}
	}
	return false
}
