package analysis

import (
	"cmp"
	"iter"
	"slices"
)

// hit counts the posts behind a key.
func (g *Grouper) hit(posts iter.Seq[int32]) {
	for len(g.hits) < len(g.posts) {
		g.hits = append(g.hits, 0)
	}
	for i := range posts {
		if g.hits[i] == 0 {
			g.touched = append(g.touched, i)
		}
		g.hits[i]++
	}
}

// hitPosts yields the posts that were hit, each with how often, and forgets
// them.
func (g *Grouper) hitPosts() iter.Seq2[int32, int] {
	return func(yield func(int32, int) bool) {
		for _, i := range g.touched {
			n := int(g.hits[i])
			g.hits[i] = 0
			if yield != nil && !yield(i, n) {
				yield = nil // the rest is only forgotten
			}
		}
		g.touched = g.touched[:0]
	}
}

// same finds the first post with the same text.
func (g *Grouper) same(p *grouped) (int32, bool) {
	if p.print < 2 {
		return 0, false
	}
	for _, h := range p.prints()[1:] {
		g.hit(g.shingles.posts(h))
	}
	best, bestShare := int32(-1), 0.0
	for i, n := range g.hitPosts() {
		if n < min(leastLooked, int(g.posts[i].print)-1) {
			continue
		}
		share := g.contained(p, &g.posts[i])
		if share > bestShare || share == bestShare && share > 0 && i < best {
			best, bestShare = i, share
		}
	}
	if best < 0 {
		return 0, false
	}
	// The representative: copies of copies name the first text, unless they
	// have drifted away from it.
	if rep, ok := g.byID[g.posts[best].near]; ok && g.contained(p, &g.posts[rep]) > 0 {
		return rep, true
	}
	return best, true
}

// contained is the share of the smaller text that the other holds, 0 where it
// is not the same text.
func (g *Grouper) contained(a, b *grouped) float64 {
	na, nb, both := overlap(a.prints(), b.prints())
	small := min(na, nb)
	if small == 0 {
		return 0
	}
	share := float64(both) / float64(small)
	shorter := min(a.length, b.length)
	switch {
	case share < nearAt:
		return 0
	case shorter < tinyText && (share < 1 || na != nb):
		return 0
	case shorter >= shortText, a.prints()[0] == 0 && slices.Equal(a.prints(), b.prints()):
		return share // long, or equal to the letter
	case !numbersAgree(a.numerals(), b.numerals()), namesDiffer(a.rares(), b.rares(), shorter < oddlyShort):
		return 0
	}
	return share
}

// numbersAgree reports whether nearly all numbers of the text that has fewer
// stand in the other: copies keep them, other cases have other ones.
func numbersAgree(a, b []uint32) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	missing := 0
	for _, n := range a {
		if _, ok := slices.BinarySearch(b, n); !ok {
			missing++
		}
	}
	return missing == 0 || missing*4 <= len(a)
}

// namesDiffer reports whether each of two texts names somebody or some place that
// the other does not: copies leave names out, but do not put others in their
// place. In a very short text any odd word may be such a name.
func namesDiffer(a, b []uint32, oddly bool) bool {
	nameA, oddA := beside(a, b)
	nameB, oddB := beside(b, a)
	return nameA && nameB || oddly && (nameA && oddB || nameB && oddA)
}

// beside reports whether a has a name, and whether any odd word, that does not
// stand in b.
func beside(a, b []uint32) (name, odd bool) {
	for _, w := range a {
		if namedBy(w) == namesNone && rankOf(w) > oddRank {
			continue
		}
		if i, _ := slices.BinarySearch(b, wordOf(w)); i == len(b) || wordOf(b[i]) != wordOf(w) {
			name, odd = name || namedBy(w) != namesNone, true
		}
	}
	return name, odd
}

// follows finds the open incident whose posts share p's rare words best, nil
// where none shares enough.
func (g *Grouper) follows(p *grouped) *gathering {
	known := make([]uint32, 0, p.rare)
	for _, w := range p.rares() {
		if n := g.words.count(wordOf(w)); n > 0 && n <= busyWord {
			known = append(known, wordOf(w))
		}
	}
	if len(known) < leastTold {
		return nil
	}
	slices.SortFunc(known, func(a, b uint32) int { return cmp.Compare(g.weight(b), g.weight(a)) })
	for _, w := range known[:min(len(known), askWords)] {
		g.hit(g.words.posts(w))
	}
	own := g.norm(p.rares())
	var best *gathering
	bestScore := 0.0
	for i, n := range g.hitPosts() {
		other := &g.posts[i]
		if n < leastTold || other.rank >= drawing || !open(other.gathering(), p.published) {
			continue
		}
		score := g.alike(p, other, own)
		if score < 1 {
			continue
		}
		if score > bestScore || score == bestScore && best != nil && other.gathering().id < best.id {
			best, bestScore = other.gathering(), score
		}
	}
	return best
}
