package analysis

import (
	"strings"

	"minsheng/analysis/linear"
)

// The numbers of the samples for the tone heads: words of the lexicon by class.
const (
	newsNumbers = 2 * nClasses // in the whole, and in the title
	postNumbers = nClasses
)

// maxNewsChars is how much of a news item its tone is read from: title and
// opening, which is what it was learned from.
const maxNewsChars = 160

// newsSample is a news item for the news head: its Chinese characters alone, as
// its training texts have them, and once more those of the title.
func newsSample(m *gramMemory, p *parsedText) linear.Sample {
	m.text.onlyHan(p.text, &m.own, maxNewsChars)
	title, end := m.text.titleChars(p.text), len(m.text.chars)
	m.grams = m.text.grams(m.grams[:0], 0, end, wholeSalt)
	m.grams = titleGrams(m.grams, title, end)
	m.numbers = m.zeros(newsNumbers)
	countClasses(m.numbers[:nClasses], p.hits, m.text.at[end])
	countClasses(m.numbers[nClasses:], p.hits, m.text.at[title])
	return linear.Sample{Grams: m.grams, Numbers: m.numbers}
}

// How long a title is, in Chinese characters, and what is taken for one where
// nothing shows its end.
const (
	minTitle, maxTitle = 6, 45
	usualTitle         = 20
)

// titleChars is how many of the characters of g stand in the title, which ends at
// the first line break or, in a text of one line, at the first blank.
func (g *gramText) titleChars(text string) int {
	head := text[:min(len(text), 8*maxTitle)]
	end := strings.IndexByte(head, '\n')
	if end < 0 {
		end = strings.IndexByte(head, ' ')
	}
	n := 0
	for n < len(g.chars) && int(g.at[n]) < end {
		n++
	}
	if n < minTitle || n > maxTitle {
		return min(usualTitle, len(g.chars))
	}
	return n
}

// titleGrams appends once more, marked as of the title, those n-grams of a text of so
// many characters that lie in its first ones; grams are as gramText.grams made them.
func titleGrams(grams []uint32, title, chars int) []uint32 {
	at := 0
	for i := range title {
		for n := range min(3, title-i) {
			grams = append(grams, grams[at+n]^titleMark)
		}
		at += min(3, chars-i)
	}
	return grams
}

// countClasses counts the words of each class that begin before an end, dampened.
func countClasses(x []float32, hits []cueHit, end int32) {
	for i := range hits {
		if hits[i].start < end {
			x[hits[i].class]++
		}
	}
	for i, n := range x {
		if n != 0 {
			x[i] = signed(float64(n), 1)
		}
	}
}

// postSample is a post for the post head: the writer's own words, and apart from
// them those that the post passes on.
func postSample(m *gramMemory, p *parsedText) linear.Sample {
	m.own.again(p.text[:p.chain])
	m.passed.read(p.text[p.chain:], false, maxPassedChars)
	m.grams = m.own.grams(m.grams[:0], 0, len(m.own.chars), wholeSalt)
	m.grams = m.passed.grams(m.grams, 0, len(m.passed.chars), passedSalt)
	m.numbers = m.zeros(postNumbers)
	countClasses(m.numbers, p.hits, p.chain)
	return linear.Sample{Grams: m.grams, Numbers: m.numbers}
}

const maxPassedChars = 200
