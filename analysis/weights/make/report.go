package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"minsheng/analysis"
	"minsheng/opinion"
)

// ownSteps are the points of the learning curve: how many of our own texts are
// learned from beside police_more_train.
var ownSteps = []int{0, 500, 1000, 2000, 1 << 20}

// table counts texts by label and verdict.
type table map[[2]opinion.Attitude]int

var order = []opinion.Attitude{opinion.Negative, opinion.Neutral, opinion.Positive}

func (t table) String() string {
	right, all, f1 := 0, 0, 0.0
	for _, a := range order {
		row, column := 0, 0
		for _, b := range order {
			row, column = row+t[[2]opinion.Attitude{a, b}], column+t[[2]opinion.Attitude{b, a}]
		}
		right, all = right+t[[2]opinion.Attitude{a, a}], all+row
		f1 += 2 * float64(t[[2]opinion.Attitude{a, a}]) / float64(max(row+column, 1)) / float64(len(order))
	}
	var s strings.Builder
	fmt.Fprintf(&s, "%d texts, accuracy %.3f, macro-F1 %.3f;", all, float64(right)/float64(max(all, 1)), f1)
	for _, a := range order {
		s.WriteString(" " + string(a))
		for _, b := range order {
			fmt.Fprintf(&s, " %d", t[[2]opinion.Attitude{a, b}])
		}
	}
	return s.String()
}

// report measures. Rows of a table are labels, columns verdicts.
func (m maker) report() error {
	base, err := m.base()
	if err != nil {
		return err
	}
	measured, err := m.measured()
	if err != nil {
		return err
	}
	more, own, aside, err := m.lessons(measured)
	if err != nil {
		return err
	}
	words := analysis.NewSegmenter()
	teacher := analysis.NewTeacher(base, words)
	said, err := readSaid(larger)
	if err != nil {
		return err
	}
	taught := func(own []analysis.Labelled) (*analysis.Analyzer, error) {
		var b bytes.Buffer
		texts := slices.Concat(more, own)
		if err := teacher.TrainAttitude(slices.Concat(texts, said.pieces(texts)), &b); err != nil {
			return nil, err
		}
		w, err := base.WithAttitude(&b)
		if err != nil {
			return nil, err
		}
		return analysis.New(analysis.Options{Segmenter: words, Weights: w}), nil
	}
	sets := map[string][]analysis.Labelled{"own blind": aside}
	for _, name := range []string{"police_more", "police_real", "domain"} {
		if sets[name], err = m.read(name + "_dev.tsv"); err != nil {
			return err
		}
	}
	for _, n := range ownSteps {
		a, err := taught(own[:min(n, len(own))])
		if err != nil {
			return err
		}
		for _, name := range []string{"police_more", "police_real", "domain", "own blind"} {
			fmt.Printf("%d own texts, %s: %s\n", min(n, len(own)), name, judge(a, sets[name]))
		}
	}
	return leaveOut(own, aside, taught)
}

var ownStyles = []string{"headline", "lead", "opening", "microblog", "reply", "official", "board", "forum"}

func judge(a *analysis.Analyzer, texts []analysis.Labelled) table {
	t := table{}
	for _, l := range texts {
		body, _, _ := analysis.Clean(l.Text)
		v := a.Analyse(analysis.Input{Text: analysis.Mask(body), Kind: l.Kind})
		t[[2]opinion.Attitude{l.Label, v.Attitude}]++
	}
	return t
}

// leaveOut learns without one style of our own texts and measures on that style.
func leaveOut(own, aside []analysis.Labelled, taught func([]analysis.Labelled) (*analysis.Analyzer, error)) error {
	whole, err := taught(own)
	if err != nil {
		return err
	}
	for _, style := range ownStyles {
		without := func(l analysis.Labelled) bool { return l.Style == style }
		a, err := taught(slices.DeleteFunc(slices.Clone(own), without))
		if err != nil {
			return err
		}
		its := slices.DeleteFunc(slices.Clone(aside), func(l analysis.Labelled) bool { return !without(l) })
		fmt.Printf("%s, learned without it: %s\n%s, learned with it: %s\n", style, judge(a, its), style, judge(whole, its))
	}
	return nil
}
