package analysis

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"minsheng/opinion"
)

// LeastPast is how many texts of the past weeks there must be before anything
// is suggested.
const LeastPast = 200

// Bounds of suggestions.
const (
	clipped       = 400  // characters of a text that are read
	leastTexts    = 5    // of the day that hold a word
	leastOutlets  = 2    // sources among them
	leastRise     = 2.0  // times its usual share
	leastSurprise = 15.1 // of the log-likelihood ratio: by chance in one of ten thousand words
	mostRising    = 200  // words that are looked at more closely
	joinShare     = .8   // of a word's texts in which the same word stands beside it
	coveredShare  = .9   // of a word's texts that belong to one topic
	rareName      = 60   // times in the dictionary's sources; names of people are below
	mostExamples  = 3

	// What is common in the language does not surprise for want of a long past: a
	// text has so many words, of which the dictionary says how often each occurs.
	wordsOfText     = 60
	dictionaryTotal = 60e6  // of all its counts
	commonWord      = 5_000 // times there; such a word (现在, 一个) names no subject
)

// Seen is a text of the last day.
type Seen struct {
	ID, Source, Folded string
	Topics             []string // that it belongs to
}

// Rising is a word that stands in more texts of the last day than the weeks
// before let expect.
type Rising struct {
	Word     string   `json:"word"`
	Texts    int      `json:"texts"`    // of the day that hold it
	Expected float64  `json:"expected"` // as many as usual
	Surprise float64  `json:"surprise"` // log-likelihood ratio
	Examples []string `json:"examples"` // IDs of posts
}

// Surveyor finds the words that rise while no topic covers them. It is given
// texts of the past, then those of the day, each text once, and is thrown away.
// A word's surprise is the log-likelihood ratio of its share in the day's texts
// against its share in the past (Dunning, "Accurate methods for the statistics
// of surprise and coincidence", Computational Linguistics 19/1, 1993). It is not
// safe for concurrent use; its memory is bounded by the texts that it is given.
type Surveyor struct {
	words *Segmenter
	past  map[string]int32
	n     int // texts of the past
	day   []dayText
	in    map[string][]int32 // the day's texts that hold a word
}

type dayText struct {
	Seen
	words []string
}

// NewSurveyor returns a Surveyor that cuts by words, which must be loaded.
func NewSurveyor(words *Segmenter) *Surveyor {
	return &Surveyor{words: words, past: map[string]int32{}, in: map[string][]int32{}}
}

// Past takes a text of the past weeks in.
func (s *Surveyor) Past(folded string) {
	s.n++
	for w := range s.telling(s.cut(folded)) {
		if n, known := s.past[w]; known {
			s.past[w] = n + 1
		} else {
			s.past[strings.Clone(w)] = 1
		}
	}
}

// Day takes a text of the last day in.
func (s *Surveyor) Day(t Seen) {
	words := s.cut(t.Folded)
	for w := range s.telling(words) {
		s.in[w] = append(s.in[w], int32(len(s.day)))
	}
	s.day = append(s.day, dayText{t, words})
}

func (s *Surveyor) cut(folded string) []string {
	chars := 0
	for i := range folded {
		if chars++; chars > clipped {
			folded = folded[:i]
			break
		}
	}
	return s.words.Cut(folded)
}

// telling are the words of a text that may be suggested.
func (s *Surveyor) telling(words []string) map[string]struct{} {
	set := make(map[string]struct{}, len(words))
	for _, w := range words {
		if tellingWord(w) {
			set[w] = struct{}{}
		}
	}
	return set
}

// tellingWord leaves out single characters, numbers and short Latin words.
func tellingWord(w string) bool {
	letters, han := 0, false
	for _, r := range w {
		if !unicode.IsLetter(r) {
			return false
		}
		letters++
		han = han || unicode.Is(unicode.Han, r)
	}
	return han && letters >= 2 || letters > shortLatinWord
}

// Rising returns the most surprising words, at most limit, that none of topics
// covers and that are not among known: a word is covered where a topic looks for
// it or for a part of it, or where nearly all its texts belong to one topic.
// Names of people are left out as far as a word list can tell them.
func (s *Surveyor) Rising(topics []opinion.Topic, known []string, limit int) []Rising {
	if s.n < LeastPast {
		return nil
	}
	var covered []string
	for _, t := range topics {
		covered = append(covered, TopicWords(t)...)
	}
	var all []Rising
	for w, in := range s.in {
		if r, ok := s.rise(w, in); ok {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b Rising) int {
		return cmp.Or(cmp.Compare(b.Surprise, a.Surprise), strings.Compare(a.Word, b.Word))
	})
	var best []Rising
	for _, r := range all[:min(len(all), mostRising)] {
		in := s.in[r.Word]
		named := s.likeName(r.Word, in)
		r.Word = s.joined(r.Word, in)
		isCovered := slices.ContainsFunc(covered, func(c string) bool { return strings.Contains(r.Word, c) })
		isKnown := slices.ContainsFunc(known, func(k string) bool { return k == r.Word || strings.Contains(k, r.Word) })
		told := slices.ContainsFunc(best, func(b Rising) bool { return strings.Contains(b.Word, r.Word) })
		if isCovered || isKnown || told || named || s.words.frequency(r.Word) >= commonWord || s.inOneTopic(in) {
			continue
		}
		for _, i := range in[:min(len(in), mostExamples)] {
			r.Examples = append(r.Examples, s.day[i].ID)
		}
		if best = append(best, r); len(best) == limit {
			break
		}
	}
	return best
}

// rise weighs one word.
func (s *Surveyor) rise(w string, in []int32) (Rising, bool) {
	if len(in) < leastTexts {
		return Rising{}, false
	}
	sources := map[string]bool{}
	for _, i := range in {
		sources[s.day[i].Source] = true
	}
	n, past := float64(len(s.day)), float64(s.n)
	usual := 1 - math.Exp(-wordsOfText*s.words.frequency(w)/dictionaryTotal)
	before := max(float64(s.past[w]), past*usual)
	expected := n * before / past
	g := logLikelihood(float64(len(in)), n, before, past)
	ok := len(sources) >= leastOutlets && float64(len(in)) >= leastRise*expected && g >= leastSurprise
	return Rising{Word: strings.Clone(w), Texts: len(in), Expected: expected, Surprise: g}, ok
}

// logLikelihood is Dunning's ratio of a out of n against b out of m.
func logLikelihood(a, n, b, m float64) float64 {
	p := (a + b) / (n + m)
	term := func(k, expected float64) float64 {
		if k <= 0 {
			return 0
		}
		return k * math.Log(k/expected)
	}
	return 2 * (term(a, n*p) + term(n-a, n*(1-p)) + term(b, m*p) + term(m-b, m*(1-p)))
}

// joined puts a word together with the one that nearly always stands before or
// after it, where that is one of content too: half a name says little.
func (s *Surveyor) joined(w string, in []int32) string {
	before, after := map[string]int{}, map[string]int{}
	for _, n := range in {
		words := s.day[n].words
		i := slices.Index(words, w)
		if i > 0 && tellingWord(words[i-1]) {
			before[words[i-1]]++
		}
		if i+1 < len(words) && tellingWord(words[i+1]) {
			after[words[i+1]]++
		}
	}
	least := joinShare * float64(len(in))
	for _, side := range []struct {
		counts map[string]int
		first  bool
	}{{before, true}, {after, false}} {
		for other, n := range side.counts {
			// Only a word that rises itself: what always stands beside any word
			// (进行, 表示) adds nothing.
			if _, rises := s.rise(other, s.in[other]); !rises || float64(n) < least {
				continue
			}
			if side.first {
				return other + w
			}
			return w + other
		}
	}
	return w
}

// inOneTopic reports whether nearly all of some texts belong to one topic.
func (s *Surveyor) inOneTopic(in []int32) bool {
	counts := map[string]int{}
	for _, i := range in {
		for _, t := range s.day[i].Topics {
			counts[t]++
		}
	}
	for _, n := range counts {
		if float64(n) >= coveredShare*float64(len(in)) {
			return true
		}
	}
	return false
}

// likeName reports whether a word could be the name of a person, or its given
// part: two or three characters that begin with a surname and are rare in the
// dictionary, or that mostly stand behind a surname. We follow topics, never
// people.
func (s *Surveyor) likeName(w string, in []int32) bool {
	first, _ := utf8.DecodeRuneInString(w)
	if utf8.RuneCountInString(w) > 3 {
		return false
	}
	if strings.ContainsRune(surnames, first) && s.words.frequency(w) < rareName {
		return true
	}
	behind := 0
	for _, n := range in {
		words := s.day[n].words
		if i := slices.Index(words, w); i > 0 && utf8.RuneCountInString(words[i-1]) == 1 && strings.Contains(surnames, words[i-1]) {
			behind++
		}
	}
	return 2*behind > len(in)
}
