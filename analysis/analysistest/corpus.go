// Package analysistest makes posts for measurements: invented Chinese sentences
// from a small grammar, whose words are those of the segmenter's dictionary,
// drawn as a language draws them (Zipf). No two texts are alike, all speak of
// the police, and a tenth complain of it in so many words; chance words make
// about a third negative.
//
// They are for measuring how long something takes and how large it grows, never
// how well something is understood: a random sentence means nothing. Start
// reading at Open.
package analysistest

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"minsheng/opinion"
)

// vocabulary is how many words the posts draw from, the most frequent ones of
// the dictionary.
const vocabulary = 40_000

// Corpus makes posts. The same seed and dictionary make the same ones.
type Corpus struct {
	random *rand.Rand
	words  []string
	next   func() uint64
	made   int
}

// Open reads the dictionary that the segmenter loads, analysis/data/words.txt.gz.
func Open(dictionary string, seed uint64) (*Corpus, error) {
	words, err := Words(dictionary)
	if err != nil {
		return nil, err
	}
	c := &Corpus{random: rand.New(rand.NewPCG(seed, seed))}
	slices.SortStableFunc(words, func(a, b Word) int { return cmp.Compare(b.Frequency, a.Frequency) })
	for _, w := range words {
		n := utf8.RuneCountInString(w.Text)
		if n >= 2 && n <= 4 && strings.IndexFunc(w.Text, notHan) < 0 && len(c.words) < vocabulary {
			c.words = append(c.words, w.Text)
		}
	}
	c.next = rand.NewZipf(c.random, 1.1, 10, uint64(len(c.words)-1)).Uint64
	return c, nil
}

func notHan(r rune) bool { return !unicode.Is(unicode.Han, r) }

// Word is one of the dictionary, with how often it stands in its sources.
type Word struct {
	Text      string
	Frequency float64
}

// Words reads a dictionary: how many there are, then a word and its frequency
// on each line.
func Words(dictionary string) ([]Word, error) {
	f, err := os.Open(dictionary)
	if err != nil {
		return nil, fmt.Errorf("open dictionary: %w", err)
	}
	defer f.Close()
	packed, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("read dictionary: %w", err)
	}
	var words []Word
	lines := bufio.NewScanner(packed)
	lines.Scan()
	for lines.Scan() {
		text, count, _ := strings.Cut(lines.Text(), " ")
		frequency, err := strconv.ParseFloat(count, 64)
		if err != nil {
			return nil, fmt.Errorf("read dictionary: %w", err)
		}
		words = append(words, Word{text, frequency})
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read dictionary: %w", err)
	}
	return words, nil
}

// The grammar: * is a word of the vocabulary, # a number, @ a place.
const (
	everyday = "@的*和*今天*，*了#个*。|听说@要*，*的*已经*了。|有人*，也有人把*当成*，大家都说*不*。|第#次*的时候，*给我*一份*。|" +
		"*、*、*，这就是@的*。|*在@*了#年，*还是*。|不知道*为什么*，*又*起来了！|*说：“*的*，没有*。”|如果*，就*；要是*，那*也*。|" +
		"这几天@*很多，*得*，*都*。|*从#点到#点，*一直*。|希望*能*，不要*。"
	police = "@派出所的民警到现场了解情况，登记了#份材料。|交警在@提醒大家注意安全。|公安局#日发布了通报。|民警在@为#位居民办理了证件。|昨天@有#名警察在巡逻。"
	anger  = "@派出所窗口的民警态度恶劣，为了*跑了#趟，推诿扯皮，太让人失望了！|报警#次，警察不作为，*没人管，气愤。|@的交警乱罚款，*，简直欺负人。|民警爱答不理，把*推来推去，*，这样的作风谁受得了？"

	places = "长柳|青苇|云桥|石榴|望月|翠屏|桂枝|南浦|芦花|白鹭|枫林|小井|银杏|东篱|竹影|梧桐"
	kinds  = "街道|社区|路口|小区|大桥|菜场|车站|公园"
)

// Text makes a text of n characters.
func (c *Corpus) Text(n int, angry bool) string {
	var b strings.Builder
	mood := police
	if angry {
		mood = anger
	}
	at := c.random.IntN(4) // the sentence that speaks of the police
	for i, written := 0, 0; written < n; i++ {
		s := c.sentence(everyday)
		if i == at { // a paragraph of its own, so that no chance word beside it is said of the police
			s = "\n" + c.sentence(mood) + "\n"
		}
		b.WriteString(s)
		written += utf8.RuneCountInString(s)
	}
	return string([]rune(b.String())[:n])
}

func (c *Corpus) sentence(forms string) string {
	var b strings.Builder
	for _, r := range c.one(forms) {
		switch r {
		case '*':
			b.WriteString(c.Word())
		case '@':
			b.WriteString(c.one(places) + c.one(kinds))
		case '#':
			b.WriteString(strconv.Itoa(1 + c.random.IntN(30)))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Word draws a word as the texts do: the frequent ones often.
func (c *Corpus) Word() string { return c.words[c.next()] }

func (c *Corpus) one(forms string) string {
	all := strings.Split(forms, "|")
	return all[c.random.IntN(len(all))]
}

// Length is how many characters a post's text has.
const Length = 500

// Posts makes the next n posts, published one by one, every after the one
// before, the first of all at start.
func (c *Corpus) Posts(n int, start time.Time, every time.Duration) []opinion.Post {
	posts := make([]opinion.Post, n)
	for i := range posts {
		at := start.Add(time.Duration(c.made) * every)
		posts[i] = opinion.Post{
			ID: opinion.PostID("measured", strconv.Itoa(c.made)), Source: "量尺论坛", Class: opinion.Forum, Kind: opinion.Social,
			URL:   fmt.Sprintf("https://forum.example/thread/%d", c.made),
			Title: c.Word() + c.Word() + "的" + c.Word(), Text: c.Text(Length, c.made%10 == 0),
			Published: at, Fetched: at, Voice: uint64(c.made) + 1,
		}
		c.made++
	}
	return posts
}
