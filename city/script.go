package city

import (
	"strings"
	"unicode/utf8"
)

// traditional turns what the page says into traditional script, as paper B
// writes. Personal data holds one Chinese character at most, of a plate; it is
// the same in both.
func (p *page) traditional(s *strings.Replacer) {
	p.title = s.Replace(p.title)
	for i := range p.paras {
		p.paras[i] = s.Replace(p.paras[i])
	}
	for i := range p.private {
		p.private[i] = s.Replace(p.private[i])
	}
}

// newScript reads the table: a line of single characters in pairs, or a phrase
// in both scripts where its characters alone would come out wrong.
func newScript(table string) *strings.Replacer {
	var phrases, singles []string
	for line := range strings.Lines(table) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if from, to, ok := strings.Cut(line, " "); ok {
			phrases = append(phrases, from, to)
			continue
		}
		for line != "" {
			_, n := utf8.DecodeRuneInString(line)
			_, m := utf8.DecodeRuneInString(line[n:])
			singles = append(singles, line[:n], line[n:n+m])
			line = line[n+m:]
		}
	}
	return strings.NewReplacer(append(phrases, singles...)...)
}
