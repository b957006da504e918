package analysis

import (
	"bufio"
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-ego/gse"
)

// wordList is a loaded gse dictionary.
type wordList struct {
	seg gse.Segmenter
}

//go:embed data/words.txt.gz
var packedWords []byte

// readWordList loads the dictionary. gse's own way reads every language it has
// and keeps, for each word, how a search mode would part it; that costs twice the
// time and the memory.
func readWordList() *wordList {
	w := &wordList{seg: gse.Segmenter{SkipLog: true, NotLoadHMM: true, Dict: gse.NewDict()}}
	dict := w.seg.Dict
	packed, err := gzip.NewReader(bytes.NewReader(packedWords))
	if err != nil {
		panic(fmt.Sprintf("read embedded words: %v", err)) // a broken build
	}
	lines := bufio.NewScanner(packed)
	lines.Scan()
	total, _ := strconv.Atoi(lines.Text())
	dict.Tokens = make([]gse.Token, 0, total)
	for lines.Scan() {
		word, count, _ := strings.Cut(lines.Text(), " ")
		freq, _ := strconv.ParseFloat(count, 64)
		_ = w.seg.AddToken(word, freq) // fails on an empty word only
	}
	w.seg.CalcToken()
	for i := range dict.Tokens {
		clear(dict.Tokens[i].Segments()) // the search mode's parts, never asked for
	}
	return w
}

// cut appends the words of text to words, as slices of text: gse itself would
// give them back in lower case and in fresh memory. For freqs see cutKnown.
func (w *wordList) cut(words []string, freqs *[]float32, text string) []string {
	for _, s := range w.seg.Segment([]byte(text)) {
		word := text[s.Start():s.End()]
		words = append(words, word)
		if freqs != nil {
			*freqs = append(*freqs, frequencyOf(s.Token(), word))
		}
	}
	return words
}

// unasked stands for a frequency that must be looked up.
const unasked = -1

// frequencyOf is the frequency of a word that gse cut as t, where that is sure: t
// may stand for a word in lower case, or for one that is not in the dictionary.
func frequencyOf(t *gse.Token, word string) float32 {
	if t.Pos() != "" {
		return unasked
	}
	for i := range len(word) {
		if word[i] < utf8.RuneSelf {
			return unasked
		}
	}
	return float32(t.Freq())
}

// frequency is how often a word stands in the dictionary's sources, 0 where it
// is unknown.
func (w *wordList) frequency(word string) float64 {
	freq, _, _ := w.seg.Dict.Find([]byte(word))
	return freq
}
