package analysis

import (
	"cmp"
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
	hashes := shingles(folded)
	power := 0
	for len(hashes) > printSize-1 {
		power++
		hashes = slices.DeleteFunc(hashes, func(h uint32) bool { return bits.TrailingZeros32(h) < power })
	}
	return append([]uint32{uint32(power)}, hashes...)
}

// shingles returns the distinct hashes of a text's shingles in ascending order.
func shingles(folded string) []uint32 {
	var ring [shingle]rune
	n := 0
	var out []uint32
	for _, r := range folded {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			continue
		}
		ring[n%shingle] = unicode.ToLower(r)
		n++
		if n < shingle {
			continue
		}
		h := uint64(14695981039346656037) // FNV-1a over the runes
		for i := range shingle {
			h = (h ^ uint64(ring[(n+i)%shingle])) * 1099511628211
		}
		h ^= h >> 32
		h *= 0xd6e8feb86659fd93 // the low bits of FNV over few runes are uneven
		out = append(out, uint32(h>>32))
	}
	slices.Sort(out)
	return slices.Compact(out)
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

// Rare lists what tells one event from another: numbers, names that the
// dictionary does not know, and the words of the text that are least frequent
// in it, the rarest first.
func (s *Segmenter) Rare(words []string) []string {
	type scored struct {
		word string
		freq float64
	}
	var all []scored
	seen := make(map[string]bool, len(words))
	add := func(w string, freq float64) {
		if !seen[w] && freq < commonFreq {
			seen[w] = true
			all = append(all, scored{w, freq})
		}
	}
	var run []string // single characters in a row: often a name cut to pieces
	end := func() {
		if len(run) >= 2 && len(run) <= 4 {
			add(strings.Join(run, ""), 0)
		}
		run = run[:0]
	}
	for _, w := range words {
		if r, n := utf8.DecodeRuneInString(w); n == len(w) && unicode.Is(unicode.Han, r) {
			if strings.ContainsRune(particles, r) {
				end()
			} else {
				run = append(run, w)
			}
			continue
		}
		end()
		switch {
		case seen[w] || len(w) > 48:
		case isNumber(w):
			add(w, 1)
		case len(w) >= 4 && strings.IndexFunc(w, unicode.IsLetter) == 0:
			add(w, s.frequency(w))
		}
	}
	end()
	slices.SortStableFunc(all, func(a, b scored) int { return cmp.Compare(a.freq, b.freq) })
	all = all[:min(len(all), rareSize)]
	out := make([]string, len(all))
	for i, w := range all {
		out[i] = w.word
	}
	return out
}

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
