package analysis

import (
	"iter"
	"math/bits"
	"slices"
)

// postings lists posts by key in flat arrays: eight bytes a posting and about
// sixteen a key, where a map of slices takes several times that.
type postings struct {
	heads map[uint32]head
	all   []posting
}

type head struct{ last, n int32 } // last is an index into all, plus one

type posting struct{ post, next int32 } // next as head.last, 0 at the end

func newPostings() postings { return postings{heads: map[uint32]head{}} }

func (p *postings) add(key uint32, post int32) {
	h := p.heads[key]
	p.all = append(p.all, posting{post, h.last})
	p.heads[key] = head{int32(len(p.all)), h.n + 1}
}

// count is how many posts stand behind a key.
func (p *postings) count(key uint32) int { return int(p.heads[key].n) }

// posts yields the posts behind a key, the newest first.
func (p *postings) posts(key uint32) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		for i := p.heads[key].last; i != 0; i = p.all[i-1].next {
			if !yield(p.all[i-1].post) {
				return
			}
		}
	}
}

// looked are the samples by which a print is found: those whose lowest bits
// are zero the longest, so that two prints of one text choose alike.
func looked(sample []uint32) []uint32 {
	if len(sample) < 2 {
		return nil
	}
	chosen := slices.Clone(sample[1:])
	slices.SortFunc(chosen, func(a, b uint32) int {
		x, y := bits.Reverse32(a), bits.Reverse32(b)
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	return chosen[:min(len(chosen), lookedUp)]
}
