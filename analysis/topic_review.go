package analysis

import (
	"fmt"
	"slices"

	"minsheng/opinion"
)

// MatchedSet is a set of topics, and how many texts matched just these.
type MatchedSet struct {
	Topics []string
	Texts  int
}

// Bounds of a review. A rule is not blamed for what few texts show.
const (
	reviewTexts  = 50  // of all, before anything is said
	reviewOf     = 20  // of a topic, before it is compared with others
	nearlyAll    = .8  // of the texts: a rule that says nothing
	mostlyShared = .9  // of a topic's texts in another one
	sampledWords = 500 // alternatives of one rule that are looked at
)

// ReviewTopics says of each rule that works when it is nevertheless wrong, by
// what the rules matched: nothing, nearly everything, never without another
// topic, or nearly the same as one. The faults stand under the topic's name,
// which is also their first argument.
func ReviewTopics(topics []opinion.Topic, sets []MatchedSet) map[string][]opinion.Fault {
	r := topicReview{of: map[string]int{}, alone: map[string]int{}, both: map[[2]string]int{}}
	for _, s := range sets {
		r.count(s)
	}
	faults := map[string][]opinion.Fault{}
	if r.all < reviewTexts {
		return faults
	}
	for _, t := range topics {
		if f := r.judge(t.Name, topics); f != nil {
			faults[t.Name] = append(faults[t.Name], *f)
		}
	}
	return faults
}

type topicReview struct {
	all       int
	of, alone map[string]int
	both      map[[2]string]int
}

func (r *topicReview) count(s MatchedSet) {
	r.all += s.Texts
	for i, a := range s.Topics {
		r.of[a] += s.Texts
		for _, b := range s.Topics[i+1:] {
			r.both[[2]string{a, b}] += s.Texts
			r.both[[2]string{b, a}] += s.Texts
		}
	}
	if len(s.Topics) == 1 {
		r.alone[s.Topics[0]] += s.Texts
	}
}

// judge returns the gravest fault of a topic; the others follow from it.
func (r *topicReview) judge(name string, topics []opinion.Topic) *opinion.Fault {
	n := r.of[name]
	share := func(part, of int) string { return fmt.Sprintf("%.0f", 100*float64(part)/float64(of)) }
	switch {
	case n == 0:
		return opinion.NewFault("review.nothing", nil, name, fmt.Sprint(r.all))
	case float64(n) >= nearlyAll*float64(r.all):
		return opinion.NewFault("review.everything", nil, name, share(n, r.all))
	case n < reviewOf:
		return nil
	}
	for _, other := range topics {
		// Of two the narrower is blamed, of two alike both.
		shared := r.both[[2]string{name, other.Name}]
		if other.Name != name && n <= r.of[other.Name] && float64(shared) > mostlyShared*float64(n) {
			return opinion.NewFault("review.overlap", nil, name, other.Name, share(shared, n))
		}
	}
	if r.alone[name] == 0 {
		return opinion.NewFault("review.never_alone", nil, name, fmt.Sprint(n))
	}
	return nil
}

// TopicWords lists the words that a topic looks for, folded, without those it
// excludes.
func TopicWords(t opinion.Topic) []string {
	b := topicBuilder{ruleBuilder: ruleBuilder{ids: map[string]int{}}, t: &Topics{}}
	var words []string
	for _, line := range slices.Concat(t.Any, t.All) {
		for _, w := range b.alternatives(t.Name, line) {
			if w.text != "" && len(words) < sampledWords {
				words = append(words, w.text)
			}
		}
	}
	return words
}
