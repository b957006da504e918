package index

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"minsheng/opinion"
)

// Limits of a query as a person writes it.
const (
	MaxQuery = 500 // characters
	MaxTerms = 50  // words and phrases
	maxDepth = 20  // brackets within brackets
)

// ParseQuery reads what a person typed. Words side by side must all occur; | or
// OR makes alternatives of what stands left and right of it, so that 甲 乙 | 丙
// is (甲 乙) or 丙. A minus, or NOT, excludes the word, phrase or bracket after
// it; quotes make a phrase; brackets group. The full-width forms mean the same,
// and so do the Chinese quotes “” 「」 『』. A query of exclusions alone asks
// for everything else, and an empty one gives nil: everything.
//
// It folds nothing: give it folded text. An error is an *opinion.Fault that
// wraps opinion.ErrInvalid; the first of its Args is the place, in characters
// from 1.
func ParseQuery(s string) (Expr, error) {
	p := &parser{text: []rune(strings.ToValidUTF8(s, "\uFFFD"))}
	if len(p.text) > MaxQuery {
		return nil, p.fault("query.long", MaxQuery, strconv.Itoa(MaxQuery))
	}
	if err := p.scan(); err != nil {
		return nil, err
	}
	if len(p.tokens) == 0 {
		return nil, nil
	}
	x, err := p.any(0)
	if err != nil {
		return nil, err
	}
	if t := p.peek(); t.kind != end {
		return nil, p.fault("query.close", t.at)
	}
	return x, nil
}

type kind int

const (
	end kind = iota
	word
	phrase
	or
	not
	opening
	closing
)

type token struct {
	kind kind
	text string
	at   int // code point, from 0
	stop int // after its last one
}

type parser struct {
	text   []rune
	tokens []token
	next   int
}

func (p *parser) fault(code string, at int, args ...string) error {
	return opinion.NewFault(code, fmt.Errorf("parse query: %w", opinion.ErrInvalid),
		append([]string{strconv.Itoa(at + 1)}, args...)...)
}

// closers are the quotes and what ends each. Some people type ” at both ends.
var closers = map[rune]rune{'"': '"', '＂': '＂', '“': '”', '”': '”', '「': '」', '『': '』'}

func (p *parser) scan() error {
	terms := 0
	for i := 0; i < len(p.text); {
		if unicode.IsSpace(p.text[i]) {
			i++
			continue
		}
		t, err := p.token(i)
		if err != nil {
			return err
		}
		if t.kind == word || t.kind == phrase {
			if terms++; terms > MaxTerms {
				return p.fault("query.terms", t.at, strconv.Itoa(MaxTerms))
			}
		}
		p.tokens = append(p.tokens, t)
		i = t.stop
	}
	return nil
}

// token reads the one that starts at i.
func (p *parser) token(i int) (token, error) {
	t := token{at: i, stop: i + 1, text: string(p.text[i])}
	switch r := p.text[i]; {
	case r == '|' || r == '｜':
		t.kind = or
	case r == '(' || r == '（':
		t.kind = opening
	case r == ')' || r == '）':
		t.kind = closing
	case r == '-' || r == '－' || r == '−':
		t.kind = not
	case closers[r] != 0:
		stop := p.closer(i)
		if stop < 0 {
			return t, p.fault("query.quote", i)
		}
		t.kind, t.text, t.stop = phrase, string(p.text[i+1:stop]), stop+1
		if strings.TrimSpace(t.text) == "" {
			return t, p.fault("query.nothing", i)
		}
	default:
		for t.stop < len(p.text) && !ends(p.text[t.stop]) {
			t.stop++
		}
		t.kind, t.text = word, string(p.text[i:t.stop])
		switch t.text {
		case "OR":
			t.kind = or
		case "NOT":
			t.kind = not
		}
	}
	return t, nil
}

// closer finds the end of the quote at i, or -1.
func (p *parser) closer(i int) int {
	n := slices.Index(p.text[i+1:], closers[p.text[i]])
	if n < 0 {
		return -1
	}
	return i + 1 + n
}

// ends reports whether r cannot stand inside a bare word. A minus can: 110-2.
func ends(r rune) bool {
	switch r {
	case '|', '｜', '(', '（', ')', '）':
		return true
	}
	return unicode.IsSpace(r) || closers[r] != 0
}

func (p *parser) peek() token {
	if p.next < len(p.tokens) {
		return p.tokens[p.next]
	}
	return token{kind: end, at: len(p.text)}
}

// any reads alternatives.
func (p *parser) any(depth int) (Expr, error) {
	var parts Any
	for {
		x, err := p.all(depth)
		if err != nil {
			return nil, err
		}
		parts = append(parts, x)
		if p.peek().kind != or {
			break
		}
		p.next++
	}
	if len(parts) == 1 {
		return parts[0], nil
	}
	return parts, nil
}

// all reads what stands side by side, at least one term.
func (p *parser) all(depth int) (Expr, error) {
	var parts All
	for {
		switch t := p.peek(); {
		case t.kind == end || t.kind == closing || t.kind == or:
			if len(parts) == 0 {
				return nil, p.missing(t)
			}
			if len(parts) == 1 {
				return parts[0], nil
			}
			return parts, nil
		default:
			x, err := p.one(depth)
			if err != nil {
				return nil, err
			}
			parts = append(parts, x)
		}
	}
}

// missing names the operator, or the bracket, that has nothing to work on.
func (p *parser) missing(t token) error {
	if p.next > 0 {
		switch before := p.tokens[p.next-1]; before.kind {
		case or:
			return p.fault("query.operator", before.at, before.text)
		case opening:
			if t.kind == end {
				return p.fault("query.open", before.at)
			}
			return p.fault("query.nothing", before.at)
		}
	}
	if t.kind == closing {
		return p.fault("query.close", t.at)
	}
	return p.fault("query.operator", t.at, t.text)
}

func (p *parser) one(depth int) (Expr, error) {
	t := p.peek()
	p.next++
	switch t.kind {
	case word:
		return Word(t.text), nil
	case phrase:
		return Phrase(t.text), nil
	case not:
		switch p.peek().kind {
		case word, phrase, opening:
		default:
			return nil, p.fault("query.operator", t.at, t.text)
		}
		x, err := p.one(depth)
		if err != nil {
			return nil, err
		}
		return Not{x}, nil
	default: // opening
		if depth == maxDepth {
			return nil, p.fault("query.deep", t.at)
		}
		x, err := p.any(depth + 1)
		if err != nil {
			return nil, err
		}
		if p.peek().kind != closing {
			return nil, p.fault("query.open", t.at)
		}
		p.next++
		return x, nil
	}
}
