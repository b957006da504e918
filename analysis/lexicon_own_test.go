package analysis_test

import (
	"slices"
	"testing"

	"minsheng/analysis"
	"minsheng/i18n"
	"minsheng/opinion"
)

// A word that an office adds is refused with a sentence where it is a duplicate
// or contradicts.
func TestOwnWordFaults(t *testing.T) {
	base := analysis.DefaultLexicon()
	have, ok := base.Find("推诿")
	if !ok {
		t.Fatal("the built-in lexicon lacks 推诿")
	}
	word := func(w, class string, weight float64) opinion.LexiconWord {
		return opinion.LexiconWord{Word: w, Class: class, Weight: weight}
	}
	for name, tc := range map[string]struct {
		word    opinion.LexiconWord
		replace bool
		codes   []string
	}{
		"New":             {word("甩脸子给人看", "complaint", 1), false, nil},
		"Duplicate":       {have, false, []string{"word.same"}},
		"Folded":          {word("　推諉 ", have.Class, have.Weight), false, []string{"word.same"}},
		"OtherWeight":     {word("推诿", have.Class, have.Weight+.5), false, nil},
		"Contradiction":   {word("推诿", "praise", 1), false, []string{"word.contradicts"}},
		"MeantThatWay":    {word("推诿", "praise", 1), true, nil},
		"UnknownClass":    {word("甩脸子", "bad", 1), false, []string{"word.class"}},
		"WeightTooLarge":  {word("甩脸子", "complaint", 5.5), false, []string{"word.weight"}},
		"EverythingWrong": {word(" ", "", 0), false, []string{"word.length", "word.class", "word.weight"}},
		"TwoLines":        {word("甩\n脸子", "complaint", 1), false, []string{"word.length"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, faults := base.CheckWord(tc.word, tc.replace)
			var codes []string
			for _, f := range faults {
				codes = append(codes, f.Code)
				if !i18n.Has(f.Code) {
					t.Errorf("the catalogue has no sentence %q", f.Code)
				}
			}
			if !slices.Equal(codes, tc.codes) {
				t.Errorf("faults %v, want %v", codes, tc.codes)
			}
		})
	}
}

// An office's word moves verdicts, and with them the version.
func TestOwnWordIsApplied(t *testing.T) {
	own, faults := analysis.OwnLexicon([]opinion.LexiconWord{
		{Word: "甩片儿汤", Class: "complaint", Weight: 3, Note: "本地说法"}, {Word: "甩片儿汤", Class: "praise", Weight: 1},
	})
	if len(faults) != 1 || faults[0].Code != "word.twice" {
		t.Errorf("faults = %v, want word.twice", faults)
	}
	const text = "派出所民警对办事群众甩片儿汤"
	plain := analysis.New(analysis.Options{})
	taught := analysis.New(analysis.Options{Lexicon: analysis.DefaultLexicon().With(own)})
	before, after := plain.Analyse(analysis.Input{Text: text}), taught.Analyse(analysis.Input{Text: text})
	if after.Score >= before.Score {
		t.Errorf("score %v with the word, %v without", after.Score, before.Score)
	}
	if !slices.ContainsFunc(after.Evidence, func(e opinion.Evidence) bool { return e.Text == "甩片儿汤" && e.Weight < 0 }) {
		t.Errorf("evidence = %v, want the word", after.Evidence)
	}
	if plain.Version() == taught.Version() {
		t.Error("the version is the same with and without the word")
	}
}

// Every class of the lexicon has a name that people read.
func TestClassesAreNamed(t *testing.T) {
	classes := analysis.LexiconClasses()
	if len(classes) < 20 {
		t.Errorf("%d classes", len(classes))
	}
	for _, c := range classes {
		if !i18n.Has("cue." + c) {
			t.Errorf("class %s has no name", c)
		}
	}
}
