package analysis

import (
	"context"
	"strings"
	"sync"
	"unicode/utf8"
)

// Segmenter cuts folded text into words with gse. One segmenter serves the whole
// program: the index and the search must cut alike, or what was stored is not
// found. For the same reason an office's own words are not added: the same text
// always gives the same cut.
type Segmenter struct {
	loaded chan struct{} // closed once dict is there, which does not change from then on
	dict   *wordList

	recent recentCuts
	rares  sync.Pool // of *rareMemory
}

// NewSegmenter starts loading the dictionary in the background and returns at
// once. The load reads embedded data only, so it cannot fail, and it ends by itself.
func NewSegmenter() *Segmenter {
	s := &Segmenter{loaded: make(chan struct{})}
	s.rares.New = func() any { return &rareMemory{seen: map[string]int{}} }
	go s.load()
	return s
}

func (s *Segmenter) load() {
	s.dict = readWordList()
	close(s.loaded)
}

// Ready reports whether the dictionary is loaded, so that Cut will not wait.
func (s *Segmenter) Ready() bool {
	select {
	case <-s.loaded:
		return true
	default:
		return false
	}
}

// Wait returns once the dictionary is loaded, or with the context's error.
func (s *Segmenter) Wait(ctx context.Context) error {
	select {
	case <-s.loaded:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// cutPiece is where a long text is parted before it is cut. gse adds up path
// lengths as 32-bit floats, which lose their fine digits on very long texts.
const cutPiece = 3072

// Cut cuts a folded text into words as they stand, in order; joined they are the
// text again, blanks and marks included. It waits until the dictionary is loaded.
// Unknown words fall apart into characters: no guessing model is used, since a
// guess that depends on the neighbours would cut a query unlike the text.
func (s *Segmenter) Cut(text string) []string { return s.cutKnown(text, nil) }

// cutKnown is Cut, and appends to freqs, unless it is nil, what frequency says of
// each word, or unasked where the cut did not come by it.
func (s *Segmenter) cutKnown(text string, freqs *[]float32) []string {
	<-s.loaded
	words := s.recent.find(text)
	if words == nil {
		words = s.cut(text, freqs)
		s.recent.keep(text, words)
	} else if freqs != nil {
		for range words {
			*freqs = append(*freqs, unasked)
		}
	}
	return words
}

func (s *Segmenter) cut(text string, freqs *[]float32) []string {
	words := make([]string, 0, len(text)/5+1)
	for len(text) > 0 {
		n := pieceEnd(text)
		words = s.dict.cut(words, freqs, text[:n])
		text = text[n:]
	}
	return words
}

// pieceEnd returns the length of the first piece of text: up to a line break or
// the end of a sentence where there is one in reach, else to a character's end.
func pieceEnd(text string) int {
	if len(text) <= cutPiece {
		return len(text)
	}
	head := text[:cutPiece]
	if i := strings.LastIndexByte(head, '\n'); i > 0 {
		return i + 1
	}
	if i := strings.LastIndex(head, "。"); i > 0 {
		return i + len("。")
	}
	if i := strings.LastIndexAny(head, ",.;!? "); i > 0 {
		return i + 1
	}
	n := cutPiece
	for n > cutPiece-utf8.UTFMax && !utf8.RuneStart(text[n]) {
		n--
	}
	return n
}

// frequency is how often a word stands in the dictionary's sources.
func (s *Segmenter) frequency(word string) float64 {
	<-s.loaded
	return s.dict.frequency(word)
}
