package crawler_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"minsheng/crawler"
)

// How short a title may be for its charset to be told without any label: words
// drawn as often as they occur, cut at a length, in each charset and script.
func TestMeasureTitles(t *testing.T) {
	const each = 1000
	words, traditional := frequentWords(t), traditionalOf(t)
	rnd := rand.New(rand.NewPCG(18030, 1))
	for _, n := range []int{3, 4, 6, 8, 12, 20} {
		wrong := map[string]int{}
		for range each {
			var title string
			for len([]rune(title)) < n {
				title += words[int(float64(len(words))*rnd.Float64()*rnd.Float64()*rnd.Float64())]
			}
			title = string([]rune(title)[:n])
			other := strings.Map(func(r rune) rune {
				if to, ok := traditional[r]; ok {
					return to
				}
				return r
			}, title)
			for _, c := range []struct {
				name, text string
				enc        encoding.Encoding
			}{
				{"utf-8", title, encoding.Nop},
				{"gbk", title, simplifiedchinese.GBK},
				{"gbk, traditional", other, simplifiedchinese.GBK},
				{"big5", other, traditionalchinese.Big5},
			} {
				body, err := c.enc.NewEncoder().Bytes([]byte("<title>" + c.text + "</title>"))
				if err != nil {
					continue // a character that the charset does not have
				}
				if got, _, _ := crawler.Decode(body, "text/html"); got != "<title>"+c.text+"</title>" {
					wrong[c.name]++
				}
			}
		}
		t.Logf("titles of %d characters misread, of %d: %v", n, each, wrong)
		for name, count := range wrong {
			if n >= 8 && count > each/200 || n >= 12 && count > 0 {
				t.Errorf("%d titles of %d characters in %s are misread", count, n, name)
			}
		}
	}
}

// frequentWords are words of the analysis's dictionary, the most frequent first.
func frequentWords(t *testing.T) []string {
	t.Helper()
	zr, err := gzip.NewReader(bytes.NewReader(readFile(t, "..", "analysis", "data", "words.txt.gz")))
	if err != nil {
		t.Fatal(err)
	}
	type counted struct {
		word string
		n    int
	}
	var all []counted
	for lines := bufio.NewScanner(zr); lines.Scan(); {
		word, count, _ := strings.Cut(lines.Text(), " ")
		n, err := strconv.Atoi(count)
		if r := []rune(word); err == nil && len(r) > 1 && r[0] >= 0x4E00 && r[0] < 0xA000 {
			all = append(all, counted{word, n})
		}
	}
	slices.SortStableFunc(all, func(a, b counted) int { return b.n - a.n })
	words := make([]string, 0, 20_000)
	for _, c := range all[:min(len(all), 20_000)] {
		words = append(words, c.word)
	}
	return words
}

// traditionalOf is the first traditional character of each simplified one.
func traditionalOf(t *testing.T) map[rune]rune {
	t.Helper()
	out := map[rune]rune{}
	for line := range strings.Lines(string(readFile(t, "..", "analysis", "data", "ts_characters.txt"))) {
		from, to, _ := strings.Cut(strings.TrimSpace(line), "\t")
		f, s := []rune(from), []rune(to)
		if len(f) == 1 && len(s) > 0 && out[s[0]] == 0 {
			out[s[0]] = f[0]
		}
	}
	return out
}
