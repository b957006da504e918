package analysis

import (
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	rareSize = 48 // words and numbers kept of one text
	// commonFreq is the dictionary frequency above which a word tells nothing
	// of which event a text is about.
	commonFreq = 60_000
	longestRun = 4 // single characters in a row that may be a name
)

// Rare lists what tells one event from another: numbers, names that the
// dictionary does not know, and the words of the text that are least frequent
// in it, the rarest first. A word bears how common it is and whether a kind of
// place follows it (see appendRanked); a number stands alone.
func (s *Segmenter) Rare(words []string) []string {
	<-s.loaded
	s.mu.RLock()
	defer s.mu.RUnlock()
	memory := s.rares.Get().(*rareMemory)
	defer func() {
		memory.forget()
		s.rares.Put(memory)
	}()
	memory.read(words, s.dict)
	return memory.rarest()
}

// read gathers the words of a text that may tell.
func (m *rareMemory) read(words []string, dict *wordList) {
	t := tables()
	tail := tailOf(words)
	m.run = m.run[:0]
	end := func(next string, at int) {
		if len(m.run) >= 2 && len(m.run) <= longestRun {
			if i, isNew := m.add(strings.Join(m.run, ""), namesPlace(t, next), at >= tail); isNew {
				m.all[i].freq = 0 // unknown to the dictionary
			}
		}
		m.run = m.run[:0]
	}
	for at, w := range words {
		r, n := decodeWide(w, 0)
		if n == len(w) && t.classOf(r)&classHan != 0 {
			if t.classOf(r)&classParticle != 0 || len(m.run) > 1 && namesPlace(t, w) {
				end(w, at)
			} else if len(m.run) <= longestRun {
				m.run = append(m.run, w)
			}
			continue
		}
		end(w, at)
		switch {
		case len(w) > 48:
		case isNumber(w):
			if i, isNew := m.add(w, false, at >= tail); isNew {
				m.all[i].freq = 1
			}
		case len(w) >= 4 && t.classOf(r)&classLetter != 0:
			next := ""
			if at+1 < len(words) {
				next = words[at+1]
			}
			if i, isNew := m.add(w, namesPlace(t, next) || endsPlace(t, w), at >= tail); isNew {
				if m.all[i].freq = dict.frequency(w); m.all[i].freq >= commonFreq {
					m.all = m.all[:i]
					m.seen[w] = tooCommon
				}
			}
		}
	}
	end("", len(words)-1)
}

const tooCommon = -1 // in place of the place in all

// add enters a word, or notes of a known one that it is a name, and returns its
// place in all.
func (m *rareMemory) add(w string, named, tail bool) (i int, isNew bool) {
	i, known := m.seen[w]
	switch {
	case !known:
		i = len(m.all)
		m.seen[w] = i
		m.all = append(m.all, rareWord{word: w, named: named, tail: tail})
	case i != tooCommon:
		m.all[i].named = m.all[i].named || named
	}
	return i, !known
}

// rarest are the words to keep, in one piece of memory.
func (m *rareMemory) rarest() []string {
	for i, w := range m.all { // by frequency, then by place
		m.order = append(m.order, uint64(w.freq)<<32|uint64(i))
	}
	slices.Sort(m.order)
	kept := m.order[:min(len(m.order), rareSize)]
	m.text, m.ends = m.text[:0], m.ends[:0]
	for _, o := range kept {
		m.text = m.all[uint32(o)].appendRanked(m.text)
		m.ends = append(m.ends, len(m.text))
	}
	text, from := string(m.text), 0
	out := make([]string, len(kept))
	for i, end := range m.ends {
		out[i], from = text[from:end], end
	}
	return out
}

// rareMemory is what Rare needs for one text, and uses again for the next.
type rareMemory struct {
	all   []rareWord
	seen  map[string]int // the place in all of each word
	order []uint64
	run   []string // single characters in a row: often a name cut to pieces
	text  []byte   // what is kept, one after the other
	ends  []int    // of each of it
}

// forget keeps the memory and no word in it; that of a very long text is left
// to the collector.
func (m *rareMemory) forget() {
	if len(m.seen) > 8192 {
		*m = rareMemory{seen: map[string]int{}}
		return
	}
	clear(m.all)
	clear(m.seen)
	clear(m.run[:cap(m.run)])
	m.all, m.order = m.all[:0], m.order[:0]
}

// rareWord is a word of a text with its frequency in the dictionary. It is
// named where it stands before a kind of place: 柳川 in 柳川 路.
type rareWord struct {
	word  string
	freq  float64
	named bool
	tail  bool // it stands in the tail of the text alone
}

// tailSize is how much of a long text is its tail: notices of who published it
// and on what terms stand there, alike below texts of many events.
const tailSize = 300

// tailOf is the first word of the tail, which is at most half of a text. A
// short one has none.
func tailOf(words []string) int {
	size := 0
	for _, w := range words {
		size += utf8.RuneCountInString(w)
	}
	if size < longText {
		return len(words)
	}
	left := min(tailSize, size/2)
	for i, w := range slices.Backward(words) {
		if left -= utf8.RuneCountInString(w); left < 0 {
			return i + 1
		}
	}
	return 0
}

const (
	rankMark = "/" // between a word and its rank: no word holds one
	nameMark = "n" // after the rank of a name
	tailMark = "t" // at the end, of a word of the tail
)

// commonRanks are the frequencies from which a word has the next rank.
var commonRanks = [...]float64{6, 55, 220, 750, 2_800, 10_000, 37_000}

// appendRanked writes the word as Rare gives it: the word, rankMark, its rank by
// frequency from 0 to 7, and nameMark where it is a name.
func (w rareWord) appendRanked(out []byte) []byte {
	out = append(out, w.word...)
	if isNumber(w.word) && !w.tail {
		return out
	}
	rank := 0
	for rank < len(commonRanks) && w.freq >= commonRanks[rank] {
		rank++
	}
	out = append(append(out, rankMark...), byte('0'+rank))
	if w.named {
		out = append(out, nameMark...)
	}
	if w.tail {
		out = append(out, tailMark...)
	}
	return out
}

// unranked takes a word of Rare apart. What was stored before words had ranks
// counts as unknown to the dictionary.
func unranked(ranked string) (w rareWord, rank uint32) {
	word, rest, ok := strings.Cut(ranked, rankMark)
	if !ok || rest == "" || rest[0] < '0' || rest[0] > '7' {
		return rareWord{word: ranked}, 0
	}
	return rareWord{word: word, named: strings.Contains(rest, nameMark), tail: strings.HasSuffix(rest, tailMark)}, uint32(rest[0] - '0')
}

// namesPlace reports whether what stands before w is likely the name of a place,
// a road or a house.
func namesPlace(t *foldTables, w string) bool {
	r, _ := utf8.DecodeLastRuneInString(w)
	return t.classOf(r)&classPlaceSign != 0 && placeSigns[w]
}

// endsPlace reports whether w is itself a name with its kind of place: 望月路.
func endsPlace(t *foldTables, w string) bool {
	r, n := utf8.DecodeLastRuneInString(w)
	return t.classOf(r)&classPlaceSign != 0 && utf8.RuneCountInString(w) == 3 && placeSigns[w[len(w)-n:]]
}

// placeSigns are the kinds of place that a name stands before.
var placeSigns = func() map[string]bool {
	const signs = "路 街 巷 桥 村 镇 乡 县 岛 山 岭 湾 河 湖 江 苑 谷 馆 站 厂 街道 大街 大道 大桥 隧道 高架 路口 小区 社区 花园 家园 公寓 大厦 楼盘 派出所 分局 支队 大队 小学 中学 学校 大学 幼儿园 医院 卫生院 诊所 公园 广场 景区 市场 菜场 早市 夜市 商场 超市 酒店 宾馆 饭店 书店 浴场 网吧 影城 体育馆 游泳馆 水库 码头 机场 车站 火车站 地铁站 服务区 收费站 高速 林场 农场 工地 公司 集团 工厂 机械厂 银行"
	all := map[string]bool{}
	for sign := range strings.FieldsSeq(signs) {
		all[sign] = true
	}
	return all
}()

// particles are single-character words that stand between others and belong to
// no name.
const particles = "的了是在和有不我你他她它们这那就也都要会能说去来把被从对向与或及等到为以于上下里外前后中大小多少个位名年月日时分点元人次一二三四五六七八九十两几没很太还再又只让给用做看想着过吗呢吧啊呀哦将并已其该此因所但而且则由可应"

// isNumber reports whether w is made of ASCII digits (folded text has no
// others) and is worth comparing.
func isNumber(w string) bool {
	if w == "" || len(w) > 12 {
		return false
	}
	for i := range len(w) {
		if (w[i] < '0' || w[i] > '9') && w[i] != '.' {
			return false
		}
	}
	return w[0] != '.'
}
