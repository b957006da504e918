package analysis

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// cueHit is a word of the lexicon in a text.
type cueHit struct {
	start, end int32 // bytes
	clause     int32
	gap        int32 // characters since the hit before it, within the clause
	class      cueClass
	weight     float64
	names      float64 // the weight of a police word inside the cue's own (黑警)
	own        bool    // a word of the office
	quoted     bool    // alone between quotation marks, as one marks irony
	turned     bool    // negated by a character of its own word
}

// clause is a stretch between two marks of punctuation.
type clause struct {
	start, end int32 // bytes
	hits       [2]int32
	sentence   int32
	asks       bool // ends in a question mark
}

// parsedText is a text as the judges of attitude and tone see it: its cues,
// in order, in their clauses. Words inside 《》 are left out: titles of works
// say nothing of anybody.
type parsedText struct {
	text    string
	hits    []cueHit
	clauses []clause
	chain   int32 // where //@ begins: what follows is somebody else's; len(text) without
	borders wordBorders
	found   []foundWord // memory of parseInto
}

// maxQuoteIrony is the longest quoted stretch that reads as irony, in characters.
const maxQuoteIrony = 3

// maxClauseCues ends a clause that no mark ends: the judges look at the cues of a
// clause together, and their time must stay linear in the text.
const maxClauseCues = 48

// parse finds the cues of a folded text. borders come from the cut words.
func (j *judge) parse(text string, borders wordBorders) parsedText {
	var p parsedText
	j.parseInto(&p, text, borders)
	return p
}

// parseInto is parse, in the memory of a text that is done with.
func (j *judge) parseInto(p *parsedText, text string, borders wordBorders) {
	*p = parsedText{
		text: text, chain: chainOf(text), borders: borders,
		hits: p.hits[:0], clauses: p.clauses[:0],
		found: j.finder.find(slices.Grow(p.found[:0], len(text)/12+8), text),
	}
	kept := p.found[:0]
	for _, w := range p.found {
		if borders.fits(text, w) || j.cues[w.id].class == clsPolice && plainlyPolice(text, w) {
			kept = append(kept, w)
		}
	}
	kept = longestWords(kept)
	p.hits = slices.Grow(p.hits, len(kept))
	p.split(j, kept)
}

// plainlyPolice reports whether a word of the police that holds 警 means them
// wherever words were cut (警|方向家属通报): where no other word of 警 follows.
func plainlyPolice(text string, w foundWord) bool {
	word := text[w.start:w.end]
	if !strings.Contains(word, "警") || len(word) < 2*3 {
		return false
	}
	next, _ := utf8.DecodeRuneInString(text[w.end:])
	return !strings.HasSuffix(word, "警") || !strings.ContainsRune("惕示告戒觉醒报钟笛匪", next)
}

// minOwnBytes: shorter than two Chinese characters are no words of one's own.
const minOwnBytes = 2 * 3

// chainOf is where the words of others begin, at //@; the length of the text
// without. Who passes on a post without a word of their own says what it says.
func chainOf(text string) int32 {
	if i := strings.Index(text, "//@"); i >= minOwnBytes {
		return int32(i)
	}
	return int32(len(text))
}

// split walks the text once and deals the words out to clauses.
func (p *parsedText) split(j *judge, words []foundWord) {
	var (
		c         = clause{}
		sentence  int32
		quoteAt   = int32(-1)
		quoteHits = 0
		inTitle   bool
		next      int
	)
	closeClause := func(at int32, r rune) {
		c.end, c.hits[1] = at, int32(len(p.hits))
		c.asks = r == '?'
		c.sentence = sentence
		p.clauses = append(p.clauses, c)
		if endsSentence(r) {
			sentence++
		}
		c = clause{start: at, hits: [2]int32{int32(len(p.hits)), 0}}
	}
	for i, step := 0, 0; i < len(p.text); i += step {
		var r rune
		r, step = decodeWide(p.text, i)
		at := int32(i)
		for next < len(words) && words[next].start <= at {
			if words[next].start == at && !inTitle {
				if len(p.hits)-int(c.hits[0]) == maxClauseCues {
					closeClause(at, 0)
				}
				p.add(j, words[next], int32(len(p.clauses)), c)
			}
			next++
		}
		if isHan(r) {
			continue
		}
		switch r {
		case '《':
			inTitle = strings.Contains(p.text[i:min(len(p.text), i+200)], "》")
		case '》':
			inTitle = false
		case '“', '「', '『', '"':
			if r == '"' && quoteAt >= 0 {
				p.closeQuote(quoteAt, at, quoteHits)
				quoteAt = -1
				break
			}
			quoteAt, quoteHits = at, len(p.hits)
		case '”', '」', '』':
			if quoteAt >= 0 {
				p.closeQuote(quoteAt, at, quoteHits)
			}
			quoteAt = -1
		case ',', '。', ';', '!', '?', '\n', '…', ':', '~', '【', '】', '#':
			closeClause(at, r)
		case '.', ' ':
			if next == 0 || words[next-1].end <= at {
				closeClause(at, r)
			}
		}
	}
	closeClause(int32(len(p.text)), '\n')
}

func endsSentence(r rune) bool {
	switch r {
	case '。', '!', '?', '\n', '】', '~':
		return true
	}
	return false
}

// add makes a hit of w.
func (p *parsedText) add(j *judge, w foundWord, number int32, c clause) {
	cue := &j.cues[w.id]
	h := cueHit{start: w.start, end: w.end, clause: number, class: cue.class, weight: cue.weight, names: j.names[w.id], own: cue.own}
	from := c.start
	if n := int32(len(p.hits)); n > c.hits[0] {
		from = p.hits[n-1].end
	}
	if from < w.start {
		h.gap = int32(utf8.RuneCountInString(p.text[from:w.start]))
		last, _ := utf8.DecodeLastRuneInString(p.text[from:w.start])
		h.turned = strings.ContainsRune("不没未无非勿", last)
	}
	p.hits = append(p.hits, h)
}

// closeQuote marks the one word of a short quotation.
func (p *parsedText) closeQuote(from, to int32, firstHit int) {
	if len(p.hits) == firstHit+1 && utf8.RuneCountInString(p.text[from:to]) <= maxQuoteIrony+1 {
		p.hits[firstHit].quoted = true
	}
}
