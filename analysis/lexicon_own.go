package analysis

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"minsheng/opinion"
)

// LexiconClasses lists the classes that a word of a lexicon may have, in the
// order in which they are explained in lexicon.go.
func LexiconClasses() []string { return slices.Clone(cueNames[clsNone+1:]) }

// OwnLexicon makes a lexicon of the words that an office saved, and returns
// every fault found in them; a word with a fault is left out.
func OwnLexicon(words []opinion.LexiconWord) (*Lexicon, []opinion.Fault) {
	own, none := &Lexicon{}, &Lexicon{}
	seen := map[string]bool{}
	var faults []opinion.Fault
	for _, w := range words {
		w, wrong := none.CheckWord(w, true)
		if seen[w.Word] && len(wrong) == 0 {
			wrong = []opinion.Fault{*opinion.NewFault("word.twice", nil, w.Word)}
		}
		if faults = append(faults, wrong...); len(wrong) == 0 {
			seen[w.Word] = true
			own.words = append(own.words, cueOf(w))
		}
	}
	slices.SortFunc(own.words, byWord)
	return own, faults
}

func cueOf(w opinion.LexiconWord) cueWord {
	return cueWord{word: w.Word, class: cueClass(slices.Index(cueNames[:], w.Class)), weight: w.Weight, note: w.Note}
}

// Find returns a word as the lexicon has it. The word must be folded.
func (l *Lexicon) Find(word string) (opinion.LexiconWord, bool) {
	i, ok := slices.BinarySearchFunc(l.words, cueWord{word: word}, byWord)
	if !ok {
		return opinion.LexiconWord{}, false
	}
	return l.words[i].plain(), true
}

func (c cueWord) plain() opinion.LexiconWord {
	return opinion.LexiconWord{Word: c.word, Class: cueNames[c.class], Weight: c.weight, Note: c.note}
}

// Words returns the lexicon as people read it, in order of word.
func (l *Lexicon) Words() []opinion.LexiconWord {
	out := make([]opinion.LexiconWord, len(l.words))
	for i, c := range l.words {
		out[i] = c.plain()
	}
	return out
}

// CheckWord folds a word that is to be laid over l and says what is wrong with
// it: no word, an unknown class, a weight that is none, the very same as in l,
// or, unless replace says that this is meant, of another class than in l.
func (l *Lexicon) CheckWord(w opinion.LexiconWord, replace bool) (opinion.LexiconWord, []opinion.Fault) {
	var faults []opinion.Fault
	fault := func(code string, args ...string) { faults = append(faults, *opinion.NewFault(code, nil, args...)) }
	w.Word, _ = Fold(w.Word)
	w.Word = strings.TrimSpace(lowerASCII(w.Word)) // folding makes blanks of what shows nothing
	w.Note = strings.Join(strings.Fields(w.Note), " ")
	if n := utf8.RuneCountInString(w.Word); n == 0 || n > maxCueChars || strings.ContainsAny(w.Word, "\r\n\t") {
		fault("word.length", strconv.Itoa(maxCueChars))
	}
	if slices.Index(cueNames[:], w.Class) <= int(clsNone) {
		fault("word.class", w.Class)
	}
	if !(w.Weight >= minCueWeight && w.Weight <= maxCueWeight) {
		fault("word.weight")
	}
	base, ok := l.Find(w.Word)
	switch {
	case !ok || len(faults) > 0:
	case base.Class == w.Class && base.Weight == w.Weight:
		fault("word.same", w.Word)
	case base.Class != w.Class && !replace:
		fault("word.contradicts", w.Word, base.Class)
	}
	return w, faults
}
