package analysis

import (
	"cmp"
	"iter"
	"math/bits"
	"slices"
)

// shinglePosts lists posts by a sample of their prints. Nearly every sample
// stands in one text only, so it is one open-addressed table of pairs, a pair
// for each post of a key: eight bytes and its share of the free places, where a
// map of slices takes ten times that.
type shinglePosts struct {
	table []shinglePost // a power of two; linear probing
	used  int
}

// shinglePost is free where post is 0.
type shinglePost struct {
	key  uint32
	post int32 // plus one
}

const leastTable = 1024

func (s *shinglePosts) slot(key uint32) int {
	return int(key*0x9E3779B1>>7) & (len(s.table) - 1) // the low bits of samples are zeros
}

// add lists a post behind a key, but no more than busyShingle of them.
func (s *shinglePosts) add(key uint32, post int32) {
	if s.used*4 >= len(s.table)*3 {
		s.grow()
	}
	behind := 0
	i := s.slot(key)
	for ; s.table[i].post != 0; i = (i + 1) & (len(s.table) - 1) {
		if s.table[i].key == key {
			if behind++; behind >= busyShingle {
				return
			}
		}
	}
	s.table[i] = shinglePost{key, post + 1}
	s.used++
}

func (s *shinglePosts) grow() {
	old := s.table
	s.table = make([]shinglePost, max(leastTable, 2*len(old)))
	for _, e := range old {
		if e.post == 0 {
			continue
		}
		i := s.slot(e.key)
		for s.table[i].post != 0 {
			i = (i + 1) & (len(s.table) - 1)
		}
		s.table[i] = e
	}
}

// posts yields the posts behind a key.
func (s *shinglePosts) posts(key uint32) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		if len(s.table) == 0 {
			return
		}
		for i := s.slot(key); s.table[i].post != 0; i = (i + 1) & (len(s.table) - 1) {
			if s.table[i].key == key && !yield(s.table[i].post-1) {
				return
			}
		}
	}
}

// wordPosts lists posts by a rare word. A word that leads to more than busyWord
// posts leads nowhere and is only counted from then on.
type wordPosts map[uint32]wordPost

type wordPost struct {
	n     int32
	posts []int32 // nil above busyWord
}

func (w wordPosts) add(word uint32, post int32) {
	p := w[word]
	p.n++
	if p.n > busyWord {
		p.posts = nil
	} else {
		p.posts = append(p.posts, post)
	}
	w[word] = p
}

// count is how many posts stand behind a word.
func (w wordPosts) count(word uint32) int { return int(w[word].n) }

// posts yields the posts behind a word that is not too frequent.
func (w wordPosts) posts(word uint32) iter.Seq[int32] { return slices.Values(w[word].posts) }

// looked are the samples by which a print is found: those whose lowest bits
// are zero the longest, so that two prints of one text choose alike.
func looked(sample []uint32) []uint32 {
	if len(sample) < 2 {
		return nil
	}
	chosen := slices.Clone(sample[1:])
	slices.SortFunc(chosen, func(a, b uint32) int {
		return cmp.Compare(bits.Reverse32(a), bits.Reverse32(b))
	})
	return chosen[:min(len(chosen), lookedUp)]
}
