package analysis

import (
	"iter"
	"math/bits"
	"slices"
	"unicode"
)

const (
	shingle = 5 // letters and digits in a shingle
	// printSize bounds a print: 144 samples of four bytes are under 600 bytes.
	printSize = 144
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
