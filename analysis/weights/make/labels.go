package main

import (
	"bufio"
	"crypto/sha256"
	_ "embed" // the labels
	"encoding/hex"
	"fmt"
	"math"
	"strconv"
	"strings"

	"minsheng/analysis"
	"minsheng/analysis/linear"
	"minsheng/opinion"
)

// labels.tsv holds labels of texts that are no part of the repository; its head says
// whose and how they were made.
//
//go:embed labels.tsv
var labels string

// unsureWeight is how much a debatable text of labels.tsv and bodies.tsv counts.
const unsureWeight = .5

// newsDrawn are the shares in which the news of labels.tsv holds the classes beside those
// of all such news, of which 4 in 100 are negative and 10 positive: police_real took nearly
// every one of those away to measure with. Without it they would teach that news never
// judges.
var newsDrawn = linear.Probs{math.Log(3. / 368 / .04), math.Log(362. / 368 / .86), math.Log(3. / 368 / .10)}

// bodies.tsv holds labels of the attitude toward other public bodies.
//
//go:embed bodies.tsv
var bodies string

// bodyWeight is how much a text about another body counts, chosen by cross-validation
// on police_more_train: from a tenth to two fifths all are better than nothing.
const bodyWeight = .2

// label is a line of labels.tsv or of bodies.tsv.
type label struct {
	attitude opinion.Attitude
	weight   float64
	// Of a body in the place of the police: where it stands, in characters, and whether
	// it is people.
	at, chars int
	staff     bool
}

// labelsOf reads the labels of one set, by the key of their text.
func labelsOf(file, set string) (map[string]label, error) {
	out := map[string]label{}
	lines := bufio.NewScanner(strings.NewReader(file))
	var columns map[string]int
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		field := strings.Split(lines.Text(), "\t")
		if columns == nil {
			columns = map[string]int{}
			for i, name := range field {
				columns[name] = i
			}
			continue
		}
		if len(field) != len(columns) {
			return nil, fmt.Errorf("read labels: %d fields in %q, want %d", len(field), lines.Text(), len(columns))
		}
		if field[columns["set"]] != set {
			continue
		}
		l := label{attitude: opinion.Attitude(field[columns["label"]]), weight: 1}
		if field[columns["sure"]] == "0" {
			l.weight = unsureWeight
		}
		if i, ok := columns["at"]; ok {
			var wrong, wrongToo error
			l.at, wrong = strconv.Atoi(field[i])
			l.chars, wrongToo = strconv.Atoi(field[columns["chars"]])
			if wrong != nil || wrongToo != nil {
				return nil, fmt.Errorf("read labels: no place of a body in %q", lines.Text())
			}
			l.staff = field[columns["staff"]] == "1"
		}
		out[field[columns["hash"]]] = l
	}
	return out, lines.Err()
}

// withPolice puts the police in the place of the body that l is about, wherever it is
// named in a text; "" where there is none.
func (l label) withPolice(text string) string {
	chars := []rune(text)
	if l.at < 0 || l.chars < 1 || l.at+l.chars > len(chars) {
		return ""
	}
	police := "警方"
	if l.staff {
		police = "民警"
	}
	return strings.ReplaceAll(text, string(chars[l.at:l.at+l.chars]), police)
}

// keyOf is the name of a text in labels.tsv.
func keyOf(text string) string {
	sum := sha256.Sum256([]byte(bare(text)))
	return hex.EncodeToString(sum[:8])
}

// relabelled are the texts of the research sets that labels.tsv and bodies.tsv label,
// without those that are measured with. Their kind is left to be decided from the text,
// as it is where nobody says it.
func (m maker) relabelled(measured map[string]bool) ([]analysis.Labelled, error) {
	var out []analysis.Labelled
	for _, set := range append([]part{newsPart}, postParts...) {
		named, err := labelsOf(labels, set.name)
		if err != nil {
			return nil, err
		}
		others, err := labelsOf(bodies, set.name)
		if err != nil {
			return nil, err
		}
		if len(named)+len(others) == 0 {
			continue
		}
		texts, err := m.read(set.name + "_train.tsv")
		if err != nil {
			return nil, err
		}
		for _, t := range texts {
			if measured[bare(t.Text)] {
				continue
			}
			key := keyOf(t.Text)
			if l, ok := named[key]; ok {
				again := analysis.Labelled{Label: l.attitude, Style: "relabelled", Text: t.Text, Weight: l.weight}
				if set.name == newsPart.name {
					again.Drawn, again.Apart = newsDrawn, true
				}
				out = append(out, again)
			}
			if l, ok := others[key]; ok {
				if text := l.withPolice(t.Text); text != "" {
					out = append(out, analysis.Labelled{Label: l.attitude, Style: "body", Text: text, Weight: bodyWeight * l.weight, Apart: true})
				}
			}
		}
	}
	return out, nil
}
