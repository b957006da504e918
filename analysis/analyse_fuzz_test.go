package analysis_test

import (
	"strings"
	"testing"

	"minsheng/analysis"
	"minsheng/opinion"
)

func FuzzAnalyse(f *testing.F) {
	f.Add("标题", "派出所窗口态度恶劣", "警方通报")
	f.Add("", "“好”//@用户:《", "")
	f.Add("\xff", "😡…\u200b警", "\x00")
	a := analysis.New(analysis.Options{}) // the dictionary has its own tests
	f.Fuzz(func(t *testing.T, title, text, context string) {
		in := analysis.Input{Title: title, Text: text, Context: context}
		v := a.Analyse(in)
		folded := []rune(v.Folded)
		for _, e := range v.Evidence {
			if e.Start < 0 || e.End > len(folded) || e.Start >= e.End || string(folded[e.Start:e.End]) != e.Text {
				t.Errorf("evidence %+v does not lie in %q", e, v.Folded)
			}
		}
		if v.Score < -1 || v.Score > 1 || v.Confidence < 0 || v.Confidence > 1 {
			t.Errorf("score %v, confidence %v out of range", v.Score, v.Confidence)
		}
		shown := text
		if title != "" {
			shown = title + "\n" + text
		}
		_, back := analysis.Fold(shown)
		for _, s := range analysis.Highlight(shown, back, v.Evidence) {
			if s.Start < 0 || s.End > len(shown) || s.Start >= s.End {
				t.Errorf("span %+v does not lie in %q", s, shown)
			}
		}
	})
}

func FuzzReadLexicon(f *testing.F) {
	f.Add("态度好\tpraise\t1\tnote\n# x\n坏\tcomplaint\t1.5")
	f.Add("a\tpraise\tNaN\t\na\t\t\t\t")
	f.Fuzz(func(t *testing.T, text string) {
		l, err := analysis.ReadLexicon(strings.NewReader(text))
		if (l == nil) == (err == nil) {
			t.Errorf("lexicon %v with error %v", l, err)
		}
	})
}

func FuzzOwnLexicon(f *testing.F) {
	f.Add("甩脸子", "complaint", 1.5, "甩脸子", "praise")
	f.Add("　\xff", "", -1.0, "A\tb", "police")
	f.Fuzz(func(t *testing.T, one, class string, weight float64, two, other string) {
		own, faults := analysis.OwnLexicon([]opinion.LexiconWord{
			{Word: one, Class: class, Weight: weight}, {Word: two, Class: other, Weight: 1},
		})
		if own.Len()+len(faults) < 2 {
			t.Errorf("%d words, faults %v: one was lost in silence", own.Len(), faults)
		}
		for _, w := range own.Words() {
			if _, wrong := (&analysis.Lexicon{}).CheckWord(w, true); len(wrong) > 0 {
				t.Errorf("%+v was taken with %v", w, wrong)
			}
		}
		analysis.DefaultLexicon().With(own)
	})
}

func FuzzTopics(f *testing.F) {
	f.Add("窗口|\"大厅 \"", "态度", "医院", "窗口的态度")
	f.Add("\"", "|", "", "it|IT\xff")
	f.Fuzz(func(t *testing.T, anyOf, allOf, noneOf, text string) {
		topics, faults := analysis.CompileTopics([]opinion.Topic{{Name: "甲", Any: []string{anyOf}, All: []string{allOf}, None: []string{noneOf}}})
		if len(topics.Match(text, nil)) > 0 && len(faults) > 0 {
			t.Error("a topic with faults matches")
		}
		places, _ := analysis.CompilePlaces([]opinion.Place{{Name: anyOf, Aliases: []string{allOf}}})
		for _, name := range places.Find(text) {
			if name != anyOf {
				t.Errorf("Find = %q, want %q", name, anyOf)
			}
		}
	})
}
