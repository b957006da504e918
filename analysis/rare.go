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
	personFreq = 500 // for which a 王某 counts
	longestRun = 4   // single characters in a row that may be a name
)

// Rare lists what tells one event from another: numbers, names that the
// dictionary does not know, and the words of the text that are least frequent
// in it, the rarest first. A word bears how common it is and whether a kind of
// place follows it (see appendRanked); a number stands alone.
func (s *Segmenter) Rare(words []string) []string { return s.rare(words, nil) }

// rare is Rare, with the frequencies of cutKnown, or nil.
func (s *Segmenter) rare(words []string, freqs []float32) []string {
	<-s.loaded
	memory := s.rares.Get().(*rareMemory)
	defer func() {
		memory.forget()
		s.rares.Put(memory)
	}()
	memory.read(words, freqs, s.dict)
	return memory.rarest()
}

// read gathers the words of a text that may tell.
func (m *rareMemory) read(words []string, freqs []float32, dict *wordList) {
	t := tables()
	tail := tailOf(words)
	m.run = m.run[:0]
	end := func(next naming, at int) {
		if len(m.run) >= 2 && len(m.run) <= longestRun {
			if i, isNew := m.add(strings.Join(m.run, ""), next, at >= tail); isNew {
				m.all[i].freq = 0 // unknown to the dictionary
			}
		}
		m.run = m.run[:0]
	}
	for at, w := range words {
		r, n := decodeWide(w, 0)
		if n == len(w) && t.classOf(r)&classHan != 0 {
			switch {
			case t.classOf(r)&classParticle != 0, len(m.run) > 1 && signOf(t, w) != namesNone:
				end(namingAt(t, words, at), at)
			case len(m.run) <= longestRun:
				m.run = append(m.run, w)
			}
			if at > 0 && w == "某" {
				m.person(t, words[at-1], at >= tail)
			}
			continue
		}
		end(namingAt(t, words, at), at)
		switch {
		case len(w) > 48:
		case at > 0 && w == "某某":
			m.person(t, words[at-1], at >= tail)
		case n < len(w) && strings.HasSuffix(w, "某") && r != '某' && strings.TrimRight(w[n:], "某") == "": // 王某 is a word of the dictionary
			m.person(t, w[:n], at >= tail)
		case isNumber(w):
			if i, isNew := m.add(w, namesNone, at >= tail); isNew {
				m.all[i].freq = 1
			}
		case len(w) >= 4 && t.classOf(r)&classLetter != 0:
			if i, isNew := m.add(w, max(namingAt(t, words, at+1), namingOf(t, w)), at >= tail); isNew {
				freq := float64(unasked)
				if freqs != nil {
					freq = float64(freqs[at])
				}
				if freq == unasked {
					freq = dict.frequency(w)
				}
				if m.all[i].freq = freq; freq >= commonFreq || t.classOf(r)&classEveryday != 0 && everyday[w] {
					m.all = m.all[:i]
					m.seen[w] = tooCommon
				}
			}
		}
	}
	end(namesNone, len(words)-1)
}

// person enters 王某, after whose surname a text goes on without the name. It
// tells less than other names: there are many of that surname.
func (m *rareMemory) person(t *foldTables, surname string, tail bool) {
	r, n := decodeWide(surname, 0)
	if n != len(surname) || !isHan(r) || t.classOf(r)&classParticle != 0 {
		return
	}
	if i, isNew := m.add(surname+"某", namesPerson, tail); isNew {
		m.all[i].freq = personFreq
	}
}

const tooCommon = -1 // in place of the place in all

// add enters a word, or notes of a known one that it is a name, and returns its
// place in all.
func (m *rareMemory) add(w string, named naming, tail bool) (i int, isNew bool) {
	i, known := m.seen[w]
	switch {
	case !known:
		i = len(m.all)
		m.seen[w] = i
		m.all = append(m.all, rareWord{word: w, named: named, tail: tail})
	case i != tooCommon:
		m.all[i].named = m.all[i].named.both(named)
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
	named naming
	tail  bool // it stands in the tail of the text alone
}

// naming is what a word gives its name to.
type naming uint8

const (
	namesNone   naming = iota
	namesPerson        // 王某
	namesOffice        // a police station: it has many cases
	namesPlace         // a place of any kind
	namesRoad
	namesLand // land and water
	namesHome // where people live, villages and towns
	namesHouse
)

// both is what a word names that names a in one place of a text and b in another.
func (a naming) both(b naming) naming {
	if a >= namesPlace && b >= namesPlace && a != b {
		return namesPlace
	}
	return max(a, b)
}

// with is what a word names that names a in one text and b in another: 望月路
// is not told by 望月 派出所.
func (a naming) with(b naming) naming {
	if a == namesNone || b == namesNone || a >= namesPlace && b >= namesPlace {
		return max(a, b)
	}
	return min(a, b)
}

// meets reports whether what is named a in one text may be what is named b in
// another: 银杏路 is not 银杏公园, but may be 银杏.
func (a naming) meets(b naming) bool { return a <= namesPlace || b <= namesPlace || a == b }

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
	rankMark   = "/" // between a word and its rank: no word holds one
	nameMark   = "n" // after the rank of a name, with the digit of what it names
	officeMark = "o" // after that of a police station's
	personMark = "p" // after that of a person's
	tailMark   = "t" // at the end, of a word of the tail
)

// commonRanks are the frequencies from which a word has the next rank.
var commonRanks = [...]float64{6, 55, 220, 750, 2_800, 10_000, 37_000}

// appendRanked writes the word as Rare gives it: the word, rankMark, its rank by
// frequency from 0 to 7, and what it names.
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
	switch w.named {
	case namesNone:
	case namesPerson:
		out = append(out, personMark...)
	case namesOffice:
		out = append(out, officeMark...)
	case namesPlace:
		out = append(out, nameMark...)
	default:
		out = append(append(out, nameMark...), '0'+byte(w.named))
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
	w = rareWord{word: word, tail: strings.HasSuffix(rest, tailMark)}
	if mark, kind, ok := strings.Cut(rest[1:], nameMark); ok && mark == "" {
		w.named = namesPlace
		if kind != "" && kind[0] > '0'+byte(namesPlace) && kind[0] <= '0'+byte(namesHouse) {
			w.named = naming(kind[0] - '0')
		}
	} else if strings.HasPrefix(rest[1:], officeMark) {
		w.named = namesOffice
	} else if strings.HasPrefix(rest[1:], personMark) {
		w.named = namesPerson
	}
	return w, uint32(rest[0] - '0')
}

// namingAt is what the word at a place in words makes of the one before it: the
// name of a place, or of a police station, also of one that is named by a place
// (砚台 桥 派出所).
func namingAt(t *foldTables, words []string, at int) naming {
	if at >= len(words) {
		return namesNone
	}
	sign := signOf(t, words[at])
	if sign != namesNone && at+1 < len(words) && signOf(t, words[at+1]) == namesOffice {
		return namesOffice
	}
	return sign
}

// namingOf is what w names itself, with its kind of place at the end: 望月路.
func namingOf(t *foldTables, w string) naming {
	_, n := utf8.DecodeLastRuneInString(w)
	if utf8.RuneCountInString(w) != 3 {
		return namesNone
	}
	return signOf(t, w[len(w)-n:])
}

// signOf is the kind of place that a word is.
func signOf(t *foldTables, w string) naming {
	if r, _ := utf8.DecodeLastRuneInString(w); t.classOf(r)&classPlaceSign == 0 {
		return namesNone
	}
	return placeSigns[w]
}

// placeSigns are the kinds of place that a name stands before.
var placeSigns = func() map[string]naming {
	all := map[string]naming{}
	for kind, signs := range map[naming]string{
		namesOffice: "派出所 分局 支队 大队",
		namesRoad:   "路 街 巷 弄 胡同 街道 大街 大道 高架 路口 隧道 立交 立交桥 高速 步行街 商业街",
		namesLand:   "桥 岛 口 洲 山 岭 坡 湾 河 湖 江 溪 滩 塘 坝 谷 峡 大桥 水库 码头 渡口 林场 农场 茶场 牧场 煤矿",
		namesHome:   "村 镇 乡 县 苑 小区 社区 花园 家园 公寓 新村 新城 楼盘 家属院 宿舍 古镇 古城 大厦 大楼 商厦 写字楼",
		namesHouse: "馆 站 厂 寺 庙 塔 小学 中学 学校 大学 学院 驾校 幼儿园 医院 卫生院 诊所 福利院 养老院 敬老院 体育馆 游泳馆 图书馆 博物馆 看守所 监狱 法院 车管所 " +
			"公园 广场 景区 度假村 温泉 市场 菜场 菜市场 农贸市场 早市 夜市 商场 超市 百货 酒店 宾馆 饭店 书店 金店 茶楼 浴场 网吧 影城 影院 剧院 " +
			"机场 车站 火车站 高铁站 地铁站 公交站 加油站 服务区 收费站 工地 工厂 机械厂 工业园 产业园 园区",
	} {
		for sign := range strings.FieldsSeq(signs) {
			all[sign] = kind
		}
	}
	return all
}()

// everyday are words that are rare in the dictionary and tell nothing here, where
// every other text is about the police.
var everyday = func() map[string]bool {
	const words = "公安 公安局 县公安局 市公安局 公安机关 公安分局 警方 警察 民警 辅警 协警 交警 巡警 特警 女警 干警 警官 所长 派出所 分局 支队 大队 交警队 " +
		"警情 报警 报案 接警 接报 出警 警力 通报 案件 立案 侦办 侦查 嫌疑人 犯罪嫌疑人 当事人 涉案 抓获 破获 刑拘 拘留 刑事拘留 行政拘留 依法 辖区 执勤 执法 处警 处置 监控 笔录"
	all := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		all[w] = true
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
