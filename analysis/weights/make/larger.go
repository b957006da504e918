package main

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	_ "embed" // what the larger model says
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"minsheng/analysis"
	"minsheng/analysis/linear"
)

// larger.tsv.gz holds what a larger model says of the tone of texts: larger.py trained it
// and asked it what ask wrote. A line is the key of a text (keyOf), its set, how probable
// negative and positive are, in percent, and the same of each of its clauses, as two
// hexadecimal digits in fifteenths. It holds no text.
//
//go:embed larger.tsv.gz
var larger []byte

// heard is what the larger model says of one text.
type heard struct {
	whole   linear.Probs
	clauses []linear.Probs // of clausesOf the text
}

// said is what the larger model says of texts, by set and key.
type said map[string]heard

// readSaid reads larger.tsv.gz.
func readSaid(packed []byte) (said, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("read larger.tsv.gz: %w", err)
	}
	out := said{}
	lines := bufio.NewScanner(z)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		field := strings.Split(lines.Text(), "\t")
		h, ok := heardOf(field)
		if !ok {
			return nil, fmt.Errorf("read larger.tsv.gz: no line of it: %q", lines.Text())
		}
		out[field[1]+" "+field[0]] = h
	}
	return out, lines.Err()
}

func heardOf(field []string) (h heard, ok bool) {
	if len(field) != 5 {
		return h, false
	}
	neg, wrong := strconv.Atoi(field[2])
	pos, wrongToo := strconv.Atoi(field[3])
	if wrong != nil || wrongToo != nil || !parts(&h.whole, neg, pos, 100) {
		return h, false
	}
	digits := field[4]
	for ; len(digits) >= 2; digits = digits[2:] {
		n, err := strconv.ParseUint(digits[:2], 16, 8)
		var p linear.Probs
		if err != nil || !parts(&p, int(n>>4), int(n&15), 15) {
			return h, false
		}
		h.clauses = append(h.clauses, p)
	}
	return h, digits == ""
}

// parts sets p to so many parts of all for negative and positive.
func parts(p *linear.Probs, neg, pos, all int) bool {
	if neg < 0 || pos < 0 || neg+pos > all {
		return false
	}
	whole := float64(all)
	*p = linear.Probs{float64(neg) / whole, float64(all-neg-pos) / whole, float64(pos) / whole}
	return true
}

// soft joins what is said of a text to what its set says, share being that of the first.
// It is zero, which says nothing, where there is no share, or no word of the text.
func (s said) soft(set, text string, class int, share float64) linear.Probs {
	h, ok := s[set+" "+keyOf(text)]
	if !ok || share == 0 {
		return linear.Probs{}
	}
	p := h.whole
	for c := range p {
		p[c] *= share
	}
	p[class] += 1 - share
	return p
}

// clauses are those of a text with what is said of each, but for those already in seen.
func (s said) clauses(set, text string, seen map[string]bool) []analysis.ToneText {
	var out []analysis.ToneText
	said := s[set+" "+keyOf(text)].clauses
	for i, clause := range clausesOf(shown(text)) {
		if i >= len(said) || seen[clause] {
			continue
		}
		seen[clause] = true
		out = append(out, analysis.ToneText{Label: order[said[i].Best()], Text: clause, TwoClasses: true, Soft: said[i]})
	}
	return out
}

// pieceWeight is how much a piece of a text counts beside the whole.
const pieceWeight = .05

// pieces are those of labelled texts with what is said of each.
func (s said) pieces(texts []analysis.Labelled) []analysis.Labelled {
	var out []analysis.Labelled
	seen := map[string]bool{}
	for _, l := range texts {
		said := s[attitudeSet+" "+keyOf(l.Text)].clauses
		for i, piece := range piecesOf(shown(l.Text)) {
			if i >= len(said) || seen[piece] {
				continue
			}
			seen[piece] = true
			out = append(out, analysis.Labelled{
				Label: order[said[i].Best()], Kind: l.Kind, Style: "piece", Text: piece,
				Weight: pieceWeight * cmp.Or(l.Weight, 1), Apart: true, Soft: said[i],
			})
		}
	}
	return out
}

// Limits of clausesOf: of the clauses of a text, and of the characters of one.
const (
	maxClauses               = 30
	leastClause, longestText = 2, 40
)

// clausesOf parts a text at marks and blanks, without what is long or hardly Chinese.
func clausesOf(text string) []string {
	var out []string
	for _, part := range strings.FieldsFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(`。！？!?；;，,、…~～:：#【】“”"（）()[]/@`, r)
	}) {
		chars, han := 0, 0
		for _, r := range part {
			chars++
			if unicode.Is(unicode.Han, r) {
				han++
			}
		}
		if han >= leastClause && chars <= longestText {
			out = append(out, part)
		}
		if len(out) == maxClauses {
			break
		}
	}
	return out
}

// shown is a text as it is judged.
func shown(text string) string {
	body, _, _ := analysis.Clean(text)
	folded, _ := analysis.Fold(analysis.Mask(body))
	return folded
}

// ask writes what larger.py learns from and is asked: set, key, number of the clause or
// piece (0: the whole text), label, weight, text. It holds the texts of the research sets: it is not for
// the repository.
func (m maker) ask(w io.Writer) error {
	measured, err := m.measured()
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	for _, p := range append([]part{newsPart}, postParts...) {
		if p.larger == 0 {
			continue
		}
		texts, err := m.read(p.name + "_train.tsv")
		if err != nil {
			return err
		}
		for _, t := range texts {
			if measured[bare(t.Text)] {
				continue
			}
			text, key := shown(t.Text), keyOf(t.Text)
			fmt.Fprintf(out, "%s\t%s\t0\t%s\t1\t%s\n", p.name, key, t.Label, strings.Join(strings.Fields(text), " "))
			if p.name == newsPart.name {
				continue // its clauses are cut at random
			}
			for i, clause := range clausesOf(text) {
				fmt.Fprintf(out, "%s\t%s\t%d\t\t1\t%s\n", p.name, key, i+1, clause)
			}
		}
	}
	more, own, _, err := m.lessons(measured)
	if err != nil {
		return err
	}
	for _, l := range slices.Concat(more, own) {
		text, key := shown(l.Text), keyOf(l.Text)
		fmt.Fprintf(out, "%s\t%s\t0\t%s\t%.2f\t%s\n", attitudeSet, key, l.Label, cmp.Or(l.Weight, 1), strings.Join(strings.Fields(text), " "))
		for i, piece := range piecesOf(text) {
			fmt.Fprintf(out, "%s\t%s\t%d\t\t1\t%s\n", attitudeSet, key, i+1, piece)
		}
	}
	return out.Flush()
}

// attitudeSet is the name under which the larger model is asked for the attitude.
const attitudeSet = "attitude"

// police finds the commonest words of the police and of calling them.
var police = regexp.MustCompile("[警公][察安方员]|民警|交警|辅警|派出所|报警|110")

// piecesOf are the clauses of a text that name the police, each alone and with its
// neighbours.
func piecesOf(text string) []string {
	clauses := clausesOf(text)
	var out []string
	for i, c := range clauses {
		if !police.MatchString(c) {
			continue
		}
		out = append(out, c)
		if near := clauses[max(i-1, 0):min(i+2, len(clauses))]; len(near) > 1 {
			out = append(out, strings.Join(near, ","))
		}
	}
	return out
}
