package indextest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
	"unicode"

	"minsheng/index"
	"minsheng/opinion"
)

// Corpus makes posts of invented words, whose frequencies fall as they do in a
// language (Zipf). The same seed makes the same posts.
type Corpus struct {
	r     *rand.Rand
	words []string
	known map[string]bool
	next  func() uint64
	made  int
}

// NewCorpus invents a vocabulary of size words.
func NewCorpus(seed uint64, size int) *Corpus {
	r := rand.New(rand.NewPCG(seed, seed))
	c := &Corpus{r: r, known: map[string]bool{}}
	characters := rand.NewZipf(r, 1.2, 20, uint64(min(3000, size)))
	lengths := []int{1, 2, 2, 2, 2, 2, 3, 3, 4}
	for len(c.words) < size {
		w := make([]rune, lengths[r.IntN(len(lengths))])
		for i := range w {
			w[i] = rune(0x4E00 + 7*characters.Uint64())
		}
		if !c.known[string(w)] {
			c.known[string(w)] = true
			c.words = append(c.words, string(w))
		}
	}
	c.next = rand.NewZipf(r, 1.1, 10, uint64(size-1)).Uint64
	return c
}

// Word draws a word as the posts do: the frequent ones often.
func (c *Corpus) Word() string { return c.words[c.next()] }

// Cut finds the longest known word at each place, runs of letters and digits,
// and else single characters. White space and punctuation are no words.
func (c *Corpus) Cut(s string) []string {
	var pieces []string
	for text := []rune(s); len(text) > 0; {
		n := 1
		switch {
		case text[0] < 0x80 && isWord(text[0]):
			for n < len(text) && text[n] < 0x80 && isWord(text[n]) {
				n++
			}
		case !isWord(text[0]):
			text = text[1:]
			continue
		default:
			for n = min(4, len(text)); n > 1 && !c.known[string(text[:n])]; n-- {
			}
		}
		pieces = append(pieces, string(text[:n]))
		text = text[n:]
	}
	return pieces
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// Text makes a text of about n characters, with some dirt in it.
func (c *Corpus) Text(n int) string {
	var b strings.Builder
	for written := 0; written < n; {
		w := c.Word()
		switch c.r.IntN(40) {
		case 0:
			w = "，"
		case 1:
			w = "。\n"
		case 2:
			w = fmt.Sprintf("%c%d", 'A'+rune(c.r.IntN(26)), c.r.IntN(1000))
		}
		b.WriteString(w)
		written += len([]rune(w))
	}
	return b.String()
}

// start is when the first post of a corpus is published: 22:00 on 10 January
// in Shanghai.
var start = time.Date(2026, 1, 10, 14, 0, 0, 0, time.UTC)

// Doc makes the next post, of n characters, published every after the one
// before.
func (c *Corpus) Doc(n int, every time.Duration) index.Doc {
	i := c.made
	c.made++
	pick := func(name string, of int) string { return fmt.Sprintf("%s%d", name, c.r.IntN(of)) }
	d := index.Doc{
		ID:        fmt.Sprintf("doc-%06d", i),
		Source:    pick("来源", 30),
		Class:     opinion.Classes[c.r.IntN(len(opinion.Classes))],
		Kind:      opinion.Social,
		Title:     c.Text(12),
		Text:      c.Text(n),
		Published: start.Add(time.Duration(i) * every),
		Topics:    []string{opinion.AllPolice},
		Attitude:  opinion.Attitudes[c.r.IntN(len(opinion.Attitudes))],
		Score:     c.r.Float64()*2 - 1,
		Version:   1,
	}
	for range c.r.IntN(3) {
		if t := pick("话题", 20); !slices.Contains(d.Topics, t) {
			d.Topics = append(d.Topics, t)
		}
	}
	if c.r.IntN(2) == 0 {
		d.Places = []string{pick("片区", 15)}
	}
	if c.r.IntN(4) == 0 {
		d.Incident = pick("incident-", 40)
	}
	return d
}

// Docs makes the next count posts.
func (c *Corpus) Docs(count, n int, every time.Duration) []index.Doc {
	docs := make([]index.Doc, count)
	for i := range docs {
		docs[i] = c.Doc(n, every)
	}
	return docs
}
