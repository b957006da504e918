package city

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

//go:embed text/*.txt text/script.map
var texts embed.FS

// A grammar is a set of named rules, read from the files under text/. A rule
// starts with a line "== name"; every further line is one alternative. Inside,
//
//	{name}     is a word remembered in this text, a word of the town, or a rule
//	{x=name}   is the same, remembered as x for the rest of the text; where x
//	           is known already, it is x
//	{a|b|c}    is one of a, b and c, which may hold braces themselves; a name
//	           alone needs none
//	{3-9}      is a number
//	¶          ends a paragraph
type grammar struct {
	rules map[string][]seq
}

type seq []node

type node struct {
	lit    string
	name   string // a reference
	save   string // remembered under this name
	alt    []seq
	lo, hi int // a number where hi > 0
}

// loadGrammar reads all rule files and checks that every reference is known.
func loadGrammar() (*grammar, error) {
	g := &grammar{rules: map[string][]seq{}}
	files, err := fs.Glob(texts, "text/*.txt")
	if err != nil {
		return nil, fmt.Errorf("list the city's texts: %w", err)
	}
	for _, file := range files {
		raw, err := texts.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read the city's texts: %w", err)
		}
		if err := g.parse(string(raw)); err != nil {
			return nil, fmt.Errorf("read %s: %w", file, err)
		}
	}
	return g, nil
}

func (g *grammar) parse(text string) error {
	rule := ""
	for n, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if name, ok := strings.CutPrefix(line, "== "); ok {
			rule = name
			if g.rules[rule] != nil {
				return fmt.Errorf("line %d: rule %s stands twice", n+1, rule)
			}
			continue
		}
		s, rest, err := parseSeq(line, false)
		if err != nil || rest != "" {
			return fmt.Errorf("line %d: unbalanced braces", n+1)
		}
		g.rules[rule] = append(g.rules[rule], s)
	}
	return nil
}

// parseSeq reads up to the end of line or, inside braces, up to a bar or the
// closing brace, which it leaves.
func parseSeq(s string, inside bool) (seq, string, error) {
	var out seq
	stop := "{}"
	if inside {
		stop = "{|}"
	}
	for s != "" {
		i := strings.IndexAny(s, stop)
		if i < 0 {
			i = len(s)
		}
		if i > 0 {
			out = append(out, node{lit: s[:i]})
			s = s[i:]
			continue
		}
		if s[0] != '{' {
			break
		}
		n, rest, err := parseBraces(s[1:])
		if err != nil {
			return nil, "", err
		}
		out = append(out, n)
		s = rest
	}
	return out, s, nil
}

func parseBraces(s string) (node, string, error) {
	var alts []seq
	for {
		alt, rest, err := parseSeq(s, true)
		if err != nil {
			return node{}, "", err
		}
		if rest == "" {
			return node{}, "", fmt.Errorf("missing brace")
		}
		alts = append(alts, alt)
		s = rest[1:]
		if rest[0] == '}' {
			break
		}
	}
	if len(alts) > 1 || len(alts[0]) != 1 || alts[0][0].lit == "" {
		for _, alt := range alts {
			if len(alt) == 1 && isName(alt[0].lit) {
				alt[0] = node{name: alt[0].lit}
			}
		}
		return node{alt: alts}, s, nil
	}
	word := alts[0][0].lit
	if lo, hi, ok := strings.Cut(word, "-"); ok {
		a, errA := strconv.Atoi(lo)
		b, errB := strconv.Atoi(hi)
		if errA == nil && errB == nil && b >= a {
			return node{lo: a, hi: b}, s, nil
		}
	}
	if save, name, ok := strings.Cut(word, "="); ok && isName(save) && isName(name) {
		return node{name: name, save: save}, s, nil
	}
	if !isName(word) {
		return node{lit: word}, s, nil
	}
	return node{name: word}, s, nil
}

// isName reports whether an alternative is a name and not Chinese text: in
// {a|{b}} the inner braces may be left out.
func isName(s string) bool {
	return s != "" && s[0] >= 'a' && s[0] <= 'z' && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz.0123456789") == ""
}

// A writer writes one text: it holds the words that the text remembers and
// the personal data that it gave away.
type writer struct {
	g       *grammar
	town    *town
	rng     *rand.Rand
	at      time.Time // when the text is written, in the city's zone
	vars    map[string]string
	private []string
	depth   int
	chosen  int // which alternative the last rule written as a whole took
}

// newWriter begins a text that remembers the given words.
func newWriter(g *grammar, t *town, rng *rand.Rand, at time.Time, vars map[string]string) *writer {
	w := &writer{g: g, town: t, rng: rng, at: at, vars: make(map[string]string, len(vars)+8)}
	w.restart(vars)
	return w
}

// restart forgets what was written.
func (w *writer) restart(vars map[string]string) {
	clear(w.vars)
	maps.Copy(w.vars, vars)
	w.private = nil
}

// shared are the words that a thread's opening hands to its replies: who
// answers speaks of the same street, and of his own day.
func (w *writer) shared() map[string]string {
	out := map[string]string{}
	for _, name := range []string{"road", "station", "district", "school", "hall", "said", "job", "sur2"} {
		if v, ok := w.vars[name]; ok {
			out[name] = v
		}
	}
	return out
}

// write expands one alternative of the rule.
func (w *writer) write(rule string) string { return w.nth(rule, -1) }

// pair expands the alternative of the rule that goes with the one chosen
// last, where both rules have as many: a title with its body.
func (w *writer) pair(rule, with string) string {
	if len(w.g.rules[rule]) == len(w.g.rules[with]) {
		return w.nth(rule, w.chosen)
	}
	return w.write(rule)
}

func (w *writer) nth(rule string, n int) string {
	var b strings.Builder
	b.Grow(256)
	n = w.expand(&b, rule, n)
	w.chosen = n
	if w.depth > 0 {
		return b.String()
	}
	return mend(b.String())
}

// expand writes the nth alternative, or one by chance, and says which.
func (w *writer) expand(b *strings.Builder, rule string, n int) int {
	alts := w.g.rules[rule]
	if len(alts) == 0 || w.depth > 20 {
		// A hole must be seen: the tests look for this mark.
		b.WriteString("⟦" + rule + "⟧")
		return 0
	}
	if n < 0 {
		n = w.rng.IntN(len(alts))
	}
	w.depth++
	w.seq(b, alts[n])
	w.depth--
	return n
}

// marks are the ends of clauses, weak to strong: where two pieces meet, the
// stronger of their marks stays.
const marks = "，。～！？…"

// mend joins pieces that brought a mark each.
func mend(s string) string {
	last, clean := -1, true
	for _, r := range s {
		rank := strings.IndexRune(marks, r)
		if r == '（' && last == 0 || rank >= 0 && last >= 0 && r != '…' {
			clean = false
			break
		}
		last = rank
	}
	if clean {
		return s
	}
	var out []rune
	for _, r := range s {
		rank := strings.IndexRune(marks, r)
		n := len(out) - 1
		switch {
		case n < 0 || r == '…':
		case r == '（' && out[n] == '，':
			out = out[:n]
		case rank >= 0 && strings.ContainsRune(marks, out[n]) && rank <= strings.IndexRune(marks, out[n]) && !(r == out[n] && r == '！'):
			continue
		case rank >= 0 && strings.ContainsRune("，。～", out[n]):
			out = out[:n]
		}
		out = append(out, r)
	}
	return string(out)
}

func (w *writer) seq(b *strings.Builder, s seq) {
	for _, n := range s {
		switch {
		case n.lit != "":
			b.WriteString(n.lit)
		case n.hi > 0:
			b.WriteString(strconv.Itoa(n.lo + w.rng.IntN(n.hi-n.lo+1)))
		case n.alt != nil:
			w.seq(b, n.alt[w.rng.IntN(len(n.alt))])
		case n.save != "":
			b.WriteString(w.remember(n.save, n.name))
		default:
			w.ref(b, n.name)
		}
	}
}

func (w *writer) ref(b *strings.Builder, name string) {
	if v, ok := w.vars[name]; ok {
		b.WriteString(v)
		return
	}
	if v, ok := w.townWord(name); ok {
		w.vars[name] = v
		b.WriteString(v)
		return
	}
	w.expand(b, name, -1)
}

func (w *writer) remember(as, name string) string {
	if v, ok := w.vars[as]; ok {
		return v
	}
	if v, ok := w.townWord(name); ok {
		w.vars[as] = v
		return v
	}
	v := w.write(name)
	w.vars[as] = v
	return v
}
