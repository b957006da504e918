package index

import "strings"

// Expr is what a text must say: one of Word, Phrase, All, Any and Not. Its
// String reads back as the same Expr.
type Expr interface {
	String() string
	expr()
}

// Word asks for all the pieces into which the cutter takes it, near each other
// or not; a text where they stand together ranks higher. A word of which the
// cutter makes nothing is taken to the letter.
type Word string

// Phrase asks for exactly these characters in a row, whatever stands around
// them; only the case of letters is ignored.
type Phrase string

// All asks for each of its parts. It has at least two.
type All []Expr

// Any asks for one of its parts. It has at least two.
type Any []Expr

// Not asks for the texts that X does not find.
type Not struct{ X Expr }

func (Word) expr()   {}
func (Phrase) expr() {}
func (All) expr()    {}
func (Any) expr()    {}
func (Not) expr()    {}

// String returns the word.
func (w Word) String() string { return string(w) }

// String returns the phrase in quotes that do not occur in it.
func (p Phrase) String() string {
	for _, q := range []string{`""`, "“”", "「」", "『』"} {
		open, closer := q[:len(q)/2], q[len(q)/2:]
		if !strings.Contains(string(p), closer) {
			return open + string(p) + closer
		}
	}
	return "＂" + string(p) + "＂"
}

// String returns the parts in brackets where they need them.
func (a All) String() string { return join(a, " ") }

// String returns the parts with bars between them.
func (a Any) String() string { return join(a, " | ") }

// String returns X with a minus before it. Two in a row would be no query.
func (n Not) String() string {
	if again, ok := n.X.(Not); ok {
		return "-(" + again.String() + ")"
	}
	return "-" + inner(n.X)
}

func join(parts []Expr, sep string) string {
	said := make([]string, len(parts))
	for i, p := range parts {
		said[i] = inner(p)
	}
	return strings.Join(said, sep)
}

func inner(x Expr) string {
	switch x.(type) {
	case All, Any:
		return "(" + x.String() + ")"
	default:
		return x.String()
	}
}
