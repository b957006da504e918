// Command words writes ../words.txt.gz, the dictionary that the segmenter loads,
// out of the simplified dictionary of gse. It is run by hand when gse is
// updated: go run ./analysis/data/words analysis/data/words.txt.gz
//
// Three kinds of entries are left out, which make up a quarter of the list, cost
// a third of the memory and hardly ever occur in public posts: rare names of
// persons (which Minsheng does not follow either), rare literary idioms, and
// numbers written out.
package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"log"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-ego/gse"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: words FILE")
	}
	seg := gse.Segmenter{SkipLog: true, NotLoadHMM: true}
	if err := seg.LoadDictEmbed("zh_s"); err != nil {
		log.Fatalf("load dictionary of gse: %v", err)
	}
	var lines []string
	for _, t := range seg.Dict.Tokens {
		if keep(t.Text(), t.Freq(), t.Pos(), seg.Dict) {
			lines = append(lines, fmt.Sprintf("%s %g\n", t.Text(), t.Freq()))
		}
	}
	slices.Sort(lines) // neighbours go into the trie faster than strangers
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err == nil {
		_, err = fmt.Fprintf(w, "%d\n%s", len(lines), strings.Join(lines, ""))
	}
	if err == nil {
		err = w.Close()
	}
	if err == nil {
		err = os.WriteFile(os.Args[1], packed.Bytes(), 0o644)
	}
	if err != nil {
		log.Fatalf("write %s: %v", os.Args[1], err)
	}
	log.Printf("%d of %d words, %d bytes", len(lines), seg.Dict.NumTokens(), packed.Len())
}

// common reports whether word is in everyday use: terms of two common words, such
// as "administrative detention", stand among the idioms too, and are wanted.
func common(dict *gse.Dictionary, word string) bool {
	freq, _, ok := dict.Find([]byte(word))
	return ok && freq > 10
}

// keep decides by the length in characters, the count in gse's corpus, and the
// part of speech (nr: person, i: idiom, m: number).
func keep(text string, freq float64, pos string, dict *gse.Dictionary) bool {
	switch n := utf8.RuneCountInString(text); {
	case strings.HasPrefix(pos, "nr"):
		return n < 3 || freq > 10
	case pos == "i":
		return n != 4 || freq > 3 || common(dict, text[:len(text)/2]) && common(dict, text[len(text)/2:])
	case pos == "m":
		return n < 4 || freq > 10
	default:
		return true
	}
}
