package analysis

import (
	"iter"
	"math/bits"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	shingle = 5 // letters and digits in a shingle
	// printSize bounds a print: 144 samples of four bytes are under 600 bytes.
	printSize = 144
	rareSize  = 48 // words and numbers kept of one text
	// commonFreq is the dictionary frequency above which a word tells nothing
	// of which event a text is about.
	commonFreq = 60_000
)

// Print samples the 5-character shingles of a folded text, letters and digits
// only: those whose hash is a multiple of the smallest power of two that leaves
// at most printSize of them (FracMinHash, Irber et al. 2022). Two prints are
// compared at the coarser of their samplings. It is in ascending order; the
// first value holds the power.
func Print(folded string) []uint32 {
	var space [1024]uint32
	hashes := distinct(shingles(space[:0], folded))
	var ending [33]int // hashes by the zeros they end in
	for _, h := range hashes {
		ending[bits.TrailingZeros32(h)]++
	}
	power, left := 0, len(hashes)
	for ; left > printSize-1; power++ {
		left -= ending[power]
	}
	sample := make([]uint32, 1, left+1)
	sample[0] = uint32(power)
	for _, h := range hashes {
		if bits.TrailingZeros32(h) >= power {
			sample = append(sample, h)
		}
	}
	slices.Sort(sample[1:])
	return sample
}

// shingles appends the hashes of a text's shingles.
func shingles(out []uint32, folded string) []uint32 {
	const basis, prime = 14695981039346656037, 1099511628211
	var r1, r2, r3, r4 uint64 // the runes before, the last one last
	n := 0
	t := tables()
	for i := 0; i < len(folded); {
		r, size := decodeWide(folded, i)
		i += size
		if !isHan(r) { // most are
			class := t.classOf(r)
			if class&(classLetter|classDigit) == 0 {
				continue
			}
			if class&classCased != 0 {
				r = unicode.ToLower(r)
			}
		}
		r5 := uint64(r)
		if n++; n >= shingle {
			h := (basis ^ r1) * prime // FNV-1a over the runes
			h = (h ^ r2) * prime
			h = (h ^ r3) * prime
			h = (h ^ r4) * prime
			h = (h ^ r5) * prime
			h ^= h >> 32
			h *= 0xd6e8feb86659fd93 // the low bits of FNV over few runes are uneven
			out = append(out, uint32(h>>32))
		}
		r1, r2, r3, r4 = r2, r3, r4, r5
	}
	return out
}

// distinct leaves of well-mixed hashes each once, in any order. It writes over
// them. To sort all of a long text takes three times as long.
func distinct(hashes []uint32) []uint32 {
	if len(hashes) < printSize/2 {
		slices.Sort(hashes)
		return slices.Compact(hashes)
	}
	var small [2048]uint32
	seen := small[:]
	if 2*len(hashes) > len(seen) {
		seen = make([]uint32, 2<<bits.Len(uint(len(hashes))))
	}
	zero := false // 0 marks a free place
	kept := hashes[:0]
	for _, h := range hashes {
		if h == 0 {
			if !zero {
				kept = append(kept, 0)
			}
			zero = true
			continue
		}
		i := int(h>>7) & (len(seen) - 1)
		for seen[i] != 0 && seen[i] != h {
			i = (i + 1) & (len(seen) - 1)
		}
		if seen[i] == 0 {
			seen[i] = h
			kept = append(kept, h)
		}
	}
	return kept
}

// overlap compares two prints at their common sampling: how many samples each
// has there, and how many both have.
func overlap(a, b []uint32) (na, nb, both int) {
	if len(a) == 0 || len(b) == 0 {
		return 0, 0, 0
	}
	power := int(max(a[0], b[0]))
	a, b = a[1:], b[1:]
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && bits.TrailingZeros32(a[i]) < power:
			i++
		case j < len(b) && bits.TrailingZeros32(b[j]) < power:
			j++
		case j == len(b) || i < len(a) && a[i] < b[j]:
			na++
			i++
		case i == len(a) || b[j] < a[i]:
			nb++
			j++
		default:
			na, nb, both = na+1, nb+1, both+1
			i++
			j++
		}
	}
	return na, nb, both
}

// common yields the samples that two prints share.
func common(a, b []uint32) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		if len(a) == 0 || len(b) == 0 {
			return
		}
		a, b := a[1:], b[1:]
		for i, j := 0, 0; i < len(a) && j < len(b); {
			switch {
			case a[i] < b[j]:
				i++
			case a[i] > b[j]:
				j++
			default:
				if !yield(a[i]) {
					return
				}
				i++
				j++
			}
		}
	}
}

// Rare lists what tells one event from another: numbers, names that the
// dictionary does not know, and the words of the text that are least frequent
// in it, the rarest first. A word bears how common it is and whether a kind of
// place follows it (see ranked); a number stands alone.
func (s *Segmenter) Rare(words []string) []string {
	<-s.loaded
	s.mu.RLock()
	defer s.mu.RUnlock()
	memory := s.rares.Get().(*rareMemory)
	defer func() {
		memory.forget()
		s.rares.Put(memory)
	}()
	all, seen := memory.all, memory.seen
	const common = -1 // in place of the place in all
	tail := tailOf(words)
	at := 0
	add := func(w string, frequency func(string) float64, named bool) {
		i, ok := seen[w]
		if ok {
			if i != common {
				all[i].named = all[i].named || named
			}
			return
		}
		freq := frequency(w)
		if freq >= commonFreq {
			seen[w] = common
			return
		}
		seen[w] = len(all)
		all = append(all, rareWord{w, freq, named, at >= tail})
	}
	unknown := func(string) float64 { return 0 }
	number := func(string) float64 { return 1 }
	var run []string // single characters in a row: often a name cut to pieces
	end := func(next string) {
		if len(run) >= 2 && len(run) <= 4 {
			add(strings.Join(run, ""), unknown, namesPlace(next))
		}
		run = run[:0]
	}
	for i, w := range words {
		at = i
		r, n := utf8.DecodeRuneInString(w)
		if n == len(w) && (isHan(r) || unicode.Is(unicode.Han, r)) {
			if particles[r] || len(run) > 1 && placeSigns[w] {
				end(w)
			} else {
				run = append(run, w)
			}
			continue
		}
		end(w)
		switch {
		case len(w) > 48:
		case isNumber(w):
			add(w, number, false)
		case len(w) >= 4 && (isHan(r) || unicode.IsLetter(r)):
			next := ""
			if i+1 < len(words) {
				next = words[i+1]
			}
			add(w, s.dict.frequency, namesPlace(next) || endsPlace(w))
		}
	}
	end("")
	order := memory.order // frequency, then place
	for i, w := range all {
		order = append(order, uint64(w.freq)<<32|uint64(i))
	}
	slices.Sort(order)
	out := make([]string, min(len(all), rareSize))
	for i := range out {
		out[i] = all[uint32(order[i])].ranked()
	}
	memory.all, memory.order = all, order
	return out
}

// rareMemory is what Rare needs for one text, and uses again for the next.
type rareMemory struct {
	all   []rareWord
	seen  map[string]int // the place in all of each word
	order []uint64
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

// ranked writes the word as Rare gives it: the word, rankMark, its rank by
// frequency from 0 to 7, and nameMark where it is a name.
func (w rareWord) ranked() string {
	if isNumber(w.word) && !w.tail {
		return w.word
	}
	rank := 0
	for rank < len(commonRanks) && w.freq >= commonRanks[rank] {
		rank++
	}
	ranked := w.word + rankMark + string(rune('0'+rank))
	if w.named {
		ranked += nameMark
	}
	if w.tail {
		ranked += tailMark
	}
	return ranked
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
func namesPlace(w string) bool { return placeSigns[w] }

// endsPlace reports whether w is itself a name with its kind of place: 望月路.
func endsPlace(w string) bool {
	_, n := utf8.DecodeLastRuneInString(w)
	return utf8.RuneCountInString(w) == 3 && placeSigns[w[len(w)-n:]]
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
var particles = func() map[rune]bool {
	const words = "的了是在和有不我你他她它们这那就也都要会能说去来把被从对向与或及等到为以于上下里外前后中大小多少个位名年月日时分点元人次一二三四五六七八九十两几没很太还再又只让给用做看想着过吗呢吧啊呀哦将并已其该此因所但而且则由可应"
	all := make(map[rune]bool, len(words)/3)
	for _, r := range words {
		all[r] = true
	}
	return all
}()

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
