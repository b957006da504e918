package main

import (
	"bufio"
	"crypto/sha256"
	_ "embed" // the labels
	"encoding/hex"
	"fmt"
	"math"
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

// unsureWeight is how much a debatable text of labels.tsv counts.
const unsureWeight = .5

// newsDrawn are the shares in which the news of labels.tsv holds the classes beside those
// of all such news, of which 4 in 100 are negative and 10 positive: police_real took nearly
// every one of those away to measure with. Without it they would teach that news never
// judges.
var newsDrawn = linear.Probs{math.Log(3. / 368 / .04), math.Log(362. / 368 / .86), math.Log(3. / 368 / .10)}

// label is a line of labels.tsv.
type label struct {
	attitude opinion.Attitude
	weight   float64
}

// labelsOf reads the labels of one set, by the key of their text.
func labelsOf(file, set string) (map[string]label, error) {
	out := map[string]label{}
	lines := bufio.NewScanner(strings.NewReader(file))
	for lines.Scan() {
		line := lines.Text()
		if strings.HasPrefix(line, "#") || strings.HasPrefix(line, "hash\t") {
			continue
		}
		field := strings.Split(line, "\t")
		if len(field) != 5 {
			return nil, fmt.Errorf("read labels.tsv: %d fields in %q, want 5", len(field), line)
		}
		if field[1] != set {
			continue
		}
		l := label{attitude: opinion.Attitude(field[2]), weight: 1}
		if field[4] == "0" {
			l.weight = unsureWeight
		}
		out[field[0]] = l
	}
	return out, lines.Err()
}

// keyOf is the name of a text in labels.tsv.
func keyOf(text string) string {
	sum := sha256.Sum256([]byte(bare(text)))
	return hex.EncodeToString(sum[:8])
}

// relabelled are the texts of the research sets that labels.tsv labels, without those
// that are measured with.
func (m maker) relabelled(measured map[string]bool) ([]analysis.Labelled, error) {
	var out []analysis.Labelled
	for _, set := range append([]part{newsPart}, postParts...) {
		its, err := labelsOf(labels, set.name)
		if err != nil {
			return nil, err
		}
		if len(its) == 0 {
			continue
		}
		texts, err := m.read(set.name + "_train.tsv")
		if err != nil {
			return nil, err
		}
		for _, t := range texts {
			l, ok := its[keyOf(t.Text)]
			if !ok || measured[bare(t.Text)] {
				continue
			}
			// The kind of text is left to be decided from it, as it is where nobody says it.
			again := analysis.Labelled{Label: l.attitude, Style: "relabelled", Text: t.Text, Weight: l.weight}
			if set.name == newsPart.name {
				again.Drawn = newsDrawn
			}
			out = append(out, again)
		}
	}
	return out, nil
}
