package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"minsheng/analysis"
	"minsheng/i18n"
	"minsheng/opinion"
	"minsheng/store"
)

// mostOwnWords bounds an office's own words.
const mostOwnWords = 2_000

// wordsPage lists the office's own words with the form of one.
type wordsPage struct {
	Words    []store.OwnWord
	Base     int // words beneath them
	Classes  []string
	Form     wordForm
	Problems []string
	Done     string
	CatchUp  store.CatchUp
	Asked    string // a word that was looked up
	Found    string // what is said of it
}

// wordForm is what was typed. Old is the word that is being changed, "" for a
// new one.
type wordForm struct {
	Old, Word, Class, Weight, Note string
	Replace                        bool
}

func (s *Server) showWords(r *http.Request, v *visit) (answer, error) {
	page, err := s.wordsPage(r)
	if err != nil {
		return answer{}, err
	}
	q := r.URL.Query()
	page.Form = wordForm{Class: "complaint", Weight: "1"}
	if edit := q.Get("edit"); edit != "" {
		i := slices.IndexFunc(page.Words, func(w store.OwnWord) bool { return w.Word == edit })
		if i < 0 {
			return answer{}, errNoPage
		}
		w := page.Words[i]
		page.Form = wordForm{Old: w.Word, Word: w.Word, Class: w.Class, Weight: weightText(w.Weight), Note: w.Note, Replace: true}
	}
	if done := q.Get("done"); done == "saved" || done == "deleted" {
		page.Done = i18n.Say(v.Lang, "words."+done)
	}
	if page.Asked = strings.TrimSpace(q.Get("q")); page.Asked != "" {
		page.Found = s.lookUp(v.Lang, page.Asked, page.Words)
	}
	return answer{template: "words", data: page}, nil
}

func (s *Server) wordsPage(r *http.Request) (page wordsPage, err error) {
	base, _ := s.Taught()
	page.Base, page.Classes = base.Len(), analysis.LexiconClasses()
	if page.Words, err = s.State.OwnWords(r.Context()); err != nil {
		return page, err
	}
	page.CatchUp, err = s.State.CatchingUp(r.Context())
	return page, err
}

// weightText writes a weight as it is typed.
func weightText(w float64) string { return strconv.FormatFloat(w, 'g', 4, 64) }

// lookUp says how a word counts now.
func (s *Server) lookUp(l i18n.Lang, typed string, own []store.OwnWord) string {
	base, _ := s.Taught()
	folded, _ := base.CheckWord(opinion.LexiconWord{Word: typed}, true)
	w, ok := base.Find(folded.Word)
	if i := slices.IndexFunc(own, func(o store.OwnWord) bool { return o.Word == folded.Word }); i >= 0 {
		w, ok = own[i].LexiconWord, true
	}
	if !ok {
		return i18n.Say(l, "words.not_found", typed)
	}
	said := i18n.Say(l, "words.found", w.Word, i18n.Say(l, "cue."+w.Class), weightText(w.Weight))
	if w.Note != "" && w.Note != i18n.Say(i18n.Chinese, "cue."+w.Class) {
		said += i18n.Say(l, "web.in_brackets", w.Note)
	}
	return said
}

// saveWord checks a word, stores it, and puts it in force.
func (s *Server) saveWord(r *http.Request, v *visit) (answer, error) {
	page, err := s.wordsPage(r)
	if err != nil {
		return answer{}, err
	}
	f := r.PostForm
	page.Form = wordForm{
		Old: f.Get("old"), Word: strings.TrimSpace(f.Get("word")), Class: f.Get("class"), Weight: strings.TrimSpace(f.Get("weight")),
		Note: strings.TrimSpace(f.Get("note")), Replace: f.Get("replace") != "",
	}
	word, faults := s.checkWord(page)
	if len(faults) > 0 {
		for _, one := range faults {
			if one.Code == "word.contradicts" {
				one.Args[1] = i18n.Say(v.Lang, "cue."+one.Args[1])
			}
			page.Problems = append(page.Problems, faultText(v.Lang, &one))
		}
		return answer{template: "words", status: http.StatusUnprocessableEntity, data: page}, nil
	}
	if len(page.Words) >= mostOwnWords && page.Form.Old == "" {
		page.Problems = []string{i18n.Say(v.Lang, "words.many", len(page.Words))}
		return answer{template: "words", status: http.StatusUnprocessableEntity, data: page}, nil
	}
	if err := s.State.SaveWord(r.Context(), word, v.User.Name); err != nil {
		return answer{}, err
	}
	return s.inForce(r, v, "/words?done=saved")
}

// longestNote is how long a note may be, in characters.
const longestNote = 200

// checkWord reads what was typed and says what is wrong with it.
func (s *Server) checkWord(page wordsPage) (opinion.LexiconWord, []opinion.Fault) {
	typed := page.Form
	weight, err := strconv.ParseFloat(strings.ReplaceAll(typed.Weight, "，", "."), 64)
	if err != nil {
		weight = 0
	}
	base, _ := s.Taught()
	word, faults := base.CheckWord(opinion.LexiconWord{
		Word: typed.Word, Class: typed.Class, Weight: weight, Note: clipText(typed.Note, longestNote),
	}, typed.Replace)
	isOther := func(w store.OwnWord) bool { return w.Word == word.Word && w.Word != typed.Old }
	if slices.ContainsFunc(page.Words, isOther) {
		faults = append(faults, *opinion.NewFault("word.twice", nil, word.Word))
	}
	if typed.Old != "" { // a word that is changed keeps its name
		word.Word = typed.Old
	}
	return word, faults
}

func (s *Server) deleteWord(r *http.Request, v *visit) (answer, error) {
	if err := s.State.DeleteWord(r.Context(), r.PostForm.Get("word"), v.User.Name); err != nil {
		return answer{}, err
	}
	return s.inForce(r, v, "/words?done=deleted")
}
