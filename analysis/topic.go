package analysis

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"minsheng/opinion"
)

// Limits of topics and places.
const (
	maxTopics      = 1000
	maxTopicWords  = 500 // of one topic
	maxTopicChars  = 64  // of one word
	maxPlaces      = 20_000
	minPlaceChars  = 2
	shortLatinWord = 3 // letters; IT stands inside many longer words
)

// Topics are word rules ready for matching: the words of all of them are found
// in one pass over a text. Topics do not change once compiled.
type Topics struct {
	finder *wordFinder
	words  [][]topicWord // by word number of the finder
	rules  []topicRule
	source []opinion.Topic
}

// topicRule is what must be met by one topic: one of any, each of all, none.
type topicRule struct {
	name   string
	any    bool // has words of which one must be met
	groups int  // how many words of All there are
}

// topicWord is what one found word means to one topic.
type topicWord struct {
	topic int
	part  topicPart
	group int    // of All
	exact string // as written, for a word in quotes; "" otherwise
}

type topicPart uint8

const (
	partAny topicPart = iota
	partAll
	partNone
)

// CompileTopics makes rules ready and returns every fault found in them, the
// topic's name first among the arguments. A topic with a fault is left out, the
// others work.
func CompileTopics(topics []opinion.Topic) (*Topics, []opinion.Fault) {
	b := topicBuilder{t: &Topics{}, ruleBuilder: ruleBuilder{ids: map[string]int{}}}
	names := map[string]bool{}
	for n, topic := range topics {
		if n == maxTopics {
			b.fault("topic.many", topic.Name, strconv.Itoa(maxTopics))
			break
		}
		before := len(b.faults)
		parsed := b.parse(topic)
		switch {
		case strings.TrimSpace(topic.Name) == "":
			b.fault("topic.no_name", topic.Name)
		case names[topic.Name]:
			b.fault("topic.duplicate", topic.Name)
		}
		names[topic.Name] = true
		if len(b.faults) == before {
			b.add(topic, parsed)
		}
	}
	b.t.finder = newWordFinder(b.list)
	return b.t, b.faults
}

// topicBuilder gathers words and faults.
type topicBuilder struct {
	t *Topics
	ruleBuilder
}

// ruleBuilder numbers the words of topics or of places for a wordFinder, and
// gathers faults.
type ruleBuilder struct {
	ids    map[string]int
	list   []string
	faults []opinion.Fault
}

// fault notes what is wrong with the topic or place of a name.
func (b *ruleBuilder) fault(code, name string, args ...string) {
	b.faults = append(b.faults, *opinion.NewFault(code, nil, append([]string{name}, args...)...))
}

// number is that of a word, the next where it is new.
func (b *ruleBuilder) number(word string) (id int, isNew bool) {
	id, known := b.ids[word]
	if !known {
		id = len(b.list)
		b.ids[word] = id
		b.list = append(b.list, word)
	}
	return id, !known
}

// ruleWord is one alternative of a rule.
type ruleWord struct {
	text   string // folded, without quotes
	quoted bool
}

// parsedTopic holds the alternatives of each line of a rule.
type parsedTopic struct {
	any, none []ruleWord
	all       [][]ruleWord
}

func (b *topicBuilder) parse(topic opinion.Topic) parsedTopic {
	var p parsedTopic
	if len(topic.Any)+len(topic.All)+len(topic.None) > maxTopicWords {
		b.fault("topic.long", topic.Name, strconv.Itoa(maxTopicWords))
		return p
	}
	for _, line := range topic.Any {
		p.any = append(p.any, b.alternatives(topic.Name, line)...)
	}
	for _, line := range topic.All {
		p.all = append(p.all, b.alternatives(topic.Name, line))
	}
	for _, line := range topic.None {
		p.none = append(p.none, b.alternatives(topic.Name, line)...)
	}
	switch {
	case len(topic.Any)+len(topic.All) == 0 && len(topic.None) > 0:
		b.fault("topic.only_none", topic.Name)
	case len(topic.Any)+len(topic.All) == 0:
		b.fault("topic.no_words", topic.Name)
	case len(p.any) > 0 && p.excludes(p.any) || slices.ContainsFunc(p.all, p.excludes):
		b.fault("topic.nothing", topic.Name)
	}
	return p
}

// excludes reports whether every one of words holds a word of none, so that the
// rule can never match.
func (p *parsedTopic) excludes(words []ruleWord) bool {
	for _, w := range words {
		if !slices.ContainsFunc(p.none, func(n ruleWord) bool {
			return w.text == n.text || n.quoted && strings.Contains(w.text, n.text)
		}) {
			return false
		}
	}
	return len(words) > 0
}

// alternatives parts a line at the bars outside of quotes.
func (b *topicBuilder) alternatives(name, line string) []ruleWord {
	marks := strings.NewReplacer("“", `"`, "”", `"`, "｜", "|")
	plain := marks.Replace(line)
	if strings.Count(plain, `"`)%2 == 1 {
		b.fault("topic.quote", name, line)
		return nil
	}
	var words []ruleWord
	quoted := false
	for _, part := range strings.FieldsFunc(withEmptyParts(plain), func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return r == '|' && !quoted
	}) {
		w := ruleWord{text: strings.Trim(part, " \t\x00")}
		if len(w.text) >= 2 && w.text[0] == '"' && w.text[len(w.text)-1] == '"' {
			w = ruleWord{text: w.text[1 : len(w.text)-1], quoted: true}
		}
		w.text, _ = Fold(w.text)
		if !w.quoted {
			w.text = strings.TrimSpace(w.text)
		}
		b.check(name, line, w)
		words = append(words, w)
	}
	return words
}

// withEmptyParts puts a mark into every part, so that empty ones are seen.
func withEmptyParts(line string) string { return "\x00" + strings.ReplaceAll(line, "|", "|\x00") }

func (b *topicBuilder) check(name, line string, w ruleWord) {
	chars := utf8.RuneCountInString(w.text)
	latin := chars > 0 && strings.IndexFunc(w.text, func(r rune) bool { return r >= utf8.RuneSelf || !asciiWordByte(byte(r)) }) < 0
	switch {
	case strings.TrimSpace(w.text) == "":
		b.fault("topic.empty_word", name, line)
	case chars > maxTopicChars:
		b.fault("topic.long_word", name, strconv.Itoa(maxTopicChars))
	case latin && (chars == 1 || w.quoted && chars <= shortLatinWord):
		b.fault("topic.short_latin", name, w.text)
	}
}

func (b *topicBuilder) add(topic opinion.Topic, p parsedTopic) {
	number := len(b.t.rules)
	b.t.source = append(b.t.source, topic)
	b.t.rules = append(b.t.rules, topicRule{name: topic.Name, any: len(p.any) > 0, groups: len(p.all)})
	put := func(w ruleWord, part topicPart, group int) {
		id, isNew := b.number(lowerASCII(w.text))
		if isNew {
			b.t.words = append(b.t.words, nil)
		}
		meaning := topicWord{topic: number, part: part, group: group}
		if w.quoted {
			meaning.exact = w.text
		}
		b.t.words[id] = append(b.t.words[id], meaning)
	}
	for _, w := range p.any {
		put(w, partAny, 0)
	}
	for group, words := range p.all {
		for _, w := range words {
			put(w, partAll, group)
		}
	}
	for _, w := range p.none {
		put(w, partNone, 0)
	}
}

// Match names the topics that a folded text matches, in the order of the rules.
// words is the text as cut, or nil: then a word matches wherever it stands.
// Latin words match at word borders only, in any case; a word in quotes matches
// to the letter wherever it stands.
func (t *Topics) Match(folded string, words []string) []string {
	return t.match(folded, bordersOf(words, len(folded)))
}

// topicState is what one text has met of one rule.
type topicState struct {
	any, none bool
	groups    []bool
	met       int
}

func (t *Topics) match(folded string, borders wordBorders) []string {
	if t == nil || len(t.rules) == 0 {
		return nil
	}
	var space [64]foundWord
	found := t.finder.find(space[:0], folded)
	if len(found) == 0 {
		return nil // every rule asks for a word
	}
	var few [48]topicState
	met := few[:]
	if len(t.rules) > len(few) {
		met = make([]topicState, len(t.rules))
	}
	for _, w := range found {
		plain := borders.fits(folded, w)
		for _, m := range t.words[w.id] {
			if m.exact == "" && !plain || m.exact != "" && folded[w.start:w.end] != m.exact {
				continue
			}
			met[m.topic].meet(m, t.rules[m.topic].groups)
		}
	}
	var names []string
	for n, rule := range t.rules {
		if s := &met[n]; !s.none && (s.any || !rule.any) && s.met == rule.groups {
			names = append(names, rule.name)
		}
	}
	return names
}

func (s *topicState) meet(m topicWord, groups int) {
	switch m.part {
	case partAny:
		s.any = true
	case partNone:
		s.none = true
	case partAll:
		if s.groups == nil {
			s.groups = make([]bool, groups)
		}
		if !s.groups[m.group] {
			s.groups[m.group] = true
			s.met++
		}
	}
}
