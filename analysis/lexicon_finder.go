package analysis

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// wordFinder finds every occurrence of many words in one pass over a text, in
// time linear in the text whatever the words are (Aho and Corasick, "Efficient
// string matching", CACM 18/6, 1975). A to Z match a to z.
type wordFinder struct {
	pages   []*[256]int32 // the root's children, by code point: most characters begin no word
	nodes   []finderNode
	edges   []finderEdge // of all nodes but the root: a power of two, linear probing
	lengths []int32      // bytes of each word
}

type finderNode struct {
	chars   uint64 // a bit for each of its children, by the low bits of the character
	fail    int32  // node of the longest proper suffix that begins a word
	word    int32  // word that ends here, -1 for none
	shorter int32  // nearest node on the fail path where a word ends, 0 for none
}

// finderEdge is free where to is 0: none leads back to the root.
type finderEdge struct {
	from int32
	char rune
	to   int32
}

// newWordFinder takes distinct words that are lower case in ASCII; a word's index
// is its number.
func newWordFinder(words []string) *wordFinder {
	f := &wordFinder{
		pages:   make([]*[256]int32, unicode.MaxRune>>8+1),
		nodes:   []finderNode{{word: -1}},
		lengths: make([]int32, len(words)),
	}
	f.edges = make([]finderEdge, 4)
	for id, word := range words {
		f.lengths[id] = int32(len(word))
	}
	// One character of all words after the other, so that the nodes that texts
	// lead to most lie side by side.
	var made []finderEdge
	rest, at := slices.Clone(words), make([]int32, len(words))
	for more := true; more; {
		more = false
		for id, word := range rest {
			if word == "" {
				continue
			}
			r, size := utf8.DecodeRuneInString(word)
			to := f.child(at[id], r)
			if to == 0 {
				to = int32(len(f.nodes))
				f.nodes = append(f.nodes, finderNode{word: -1})
				made = append(made, finderEdge{at[id], r, to})
				f.lead(made)
			}
			at[id], rest[id] = to, word[size:]
			more = more || rest[id] != ""
		}
	}
	for id, to := range at {
		if to != 0 {
			f.nodes[to].word = int32(id)
		}
	}
	f.link(made)
	return f
}

// lead enters the edge made last; all of them anew where the table is half full.
func (f *wordFinder) lead(made []finderEdge) {
	if 2*len(made) > len(f.edges) {
		f.edges = make([]finderEdge, 2*len(f.edges))
	} else {
		made = made[len(made)-1:]
	}
	for _, e := range made {
		if e.from == 0 {
			page := &f.pages[e.char>>8]
			if *page == nil {
				*page = new([256]int32)
			}
			(*page)[e.char&0xFF] = e.to
			continue
		}
		f.nodes[e.from].chars |= 1 << (e.char & 63)
		i := f.slot(e.from, e.char)
		for f.edges[i].to != 0 {
			i = (i + 1) & (len(f.edges) - 1)
		}
		f.edges[i] = e
	}
}

// slot is where the search for an edge begins.
func (f *wordFinder) slot(from int32, char rune) int {
	h := (uint32(from)*0x9E3779B1 ^ uint32(char)) * 0x85EBCA6B
	return int(h>>8) & (len(f.edges) - 1)
}

// child is where r leads from a node, 0 for nowhere.
func (f *wordFinder) child(at int32, r rune) int32 {
	if at == 0 {
		if page := f.pages[r>>8]; page != nil {
			return page[r&0xFF]
		}
		return 0
	}
	if f.nodes[at].chars>>(r&63)&1 == 0 {
		return 0
	}
	for i := f.slot(at, r); ; i = (i + 1) & (len(f.edges) - 1) {
		e := &f.edges[i]
		if e.to == 0 || e.from == at && e.char == r {
			return e.to
		}
	}
}

// link sets the fail path of every node. made holds the edges of shallow nodes
// first.
func (f *wordFinder) link(made []finderEdge) {
	for _, e := range made {
		if e.from == 0 {
			continue
		}
		fail := f.step(f.nodes[e.from].fail, e.char)
		f.nodes[e.to].fail = fail
		f.nodes[e.to].shorter = fail
		if f.nodes[fail].word < 0 {
			f.nodes[e.to].shorter = f.nodes[fail].shorter
		}
	}
}

// step goes from node at by r, falling back to shorter beginnings.
func (f *wordFinder) step(at int32, r rune) int32 {
	for at != 0 {
		if to := f.child(at, r); to != 0 {
			return to
		}
		at = f.nodes[at].fail
	}
	return f.child(0, r)
}

// foundWord is one occurrence: text[start:end] is word number id.
type foundWord struct{ id, start, end int32 }

// find appends every occurrence to found, in the order of their ends.
func (f *wordFinder) find(found []foundWord, text string) []foundWord {
	at := int32(0)
	for i := 0; i < len(text); {
		r, size := decodeWide(text, i)
		i += size
		switch {
		case 'A' <= r && r <= 'Z':
			r += 'a' - 'A'
		case r == utf8.RuneError: // stands for broken bytes, whose length differs
			at = 0
			continue
		}
		if at = f.step(at, r); at == 0 {
			continue
		}
		node := at
		if f.nodes[node].word < 0 {
			node = f.nodes[node].shorter
		}
		for node != 0 {
			id := f.nodes[node].word
			found = append(found, foundWord{id, int32(i) - f.lengths[id], int32(i)})
			node = f.nodes[node].shorter
		}
	}
	return found
}

// wordBorders tells where the words of a cut text begin and end. Nil stands for a
// text that was not cut.
type wordBorders []uint64

// bordersOf takes the words of a text of n bytes, in order and gapless.
func bordersOf(words []string, n int) wordBorders {
	if words == nil {
		return nil
	}
	b := make(wordBorders, n/64+1)
	at := 0
	b.set(0)
	for _, w := range words {
		if at += len(w); at > n {
			break // not the words of this text
		}
		b.set(at)
	}
	b.set(n)
	return b
}

func (b wordBorders) set(i int)       { b[i/64] |= 1 << (i % 64) }
func (b wordBorders) at(i int32) bool { return b[i/64]&(1<<(i%64)) != 0 }

// whole widens a stretch to the words that it begins and ends in.
func (b wordBorders) whole(start, end int32) (int32, int32) {
	if b == nil {
		return start, end
	}
	for !b.at(start) {
		start--
	}
	for !b.at(end) {
		end++
	}
	return start, end
}

// fits reports whether an occurrence reads as a word of its own: it stands on
// borders, or lies inside one word of the cut. What begins in one word and ends
// inside the next, like 公安 in 办公安排, does not. Four characters and more
// are taken wherever they stand. Latin words must not be part of longer ones.
func (b wordBorders) fits(text string, w foundWord) bool {
	s := text[w.start:w.end]
	if s[0] < utf8.RuneSelf || s[len(s)-1] < utf8.RuneSelf {
		if latinAround(text, w) {
			return false
		}
		if s[0] < utf8.RuneSelf && s[len(s)-1] < utf8.RuneSelf {
			return true
		}
	}
	chars := utf8.RuneCountInString(s)
	if chars >= 4 {
		return true
	}
	if b == nil {
		return chars > 1
	}
	head, tail := b.at(w.start), b.at(w.end)
	switch {
	case head && tail:
		return true
	case chars == 1:
		return false
	case chars == 3 && (head || tail):
		return true
	}
	for i := w.start + 1; i < w.end; i++ {
		if b.at(i) {
			return false
		}
	}
	return true
}

// latinAround reports whether w is cut out of a longer Latin word or number.
func latinAround(text string, w foundWord) bool {
	same := func(a, b byte) bool {
		return asciiWordByte(a) && asciiWordByte(b)
	}
	return w.start > 0 && same(text[w.start-1], text[w.start]) ||
		int(w.end) < len(text) && same(text[w.end-1], text[w.end])
}

func asciiWordByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// longestWords keeps, of occurrences that overlap, the leftmost and of those the
// longest. It sorts found in place.
func longestWords(found []foundWord) []foundWord {
	sortWords(found)
	kept, end := found[:0], int32(0)
	for _, w := range found {
		if w.start >= end {
			kept, end = append(kept, w), w.end
		}
	}
	return kept
}

// sortWords sorts by beginning, the longest first. In the order of their ends, in
// which they were found, words are nearly sorted: none moves further than words
// overlap, and where a great many do, another way is faster.
func sortWords(found []foundWord) {
	const far = 64
	for i := 1; i < len(found); i++ {
		w, k := found[i], i
		for ; k > 0 && (found[k-1].start > w.start || found[k-1].start == w.start && found[k-1].end < w.end); k-- {
			found[k] = found[k-1]
		}
		found[k] = w
		if i-k > far {
			slices.SortFunc(found, func(a, b foundWord) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end)) })
			return
		}
	}
}

// lowerASCII is the form in which a finder keeps its words.
func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}
