package analysis

import (
	"math"
	"slices"
)

// A word's key is its hash with what must be known to weigh it: bit 0 says that
// a kind of place follows it here, bit 1 that it stands in the tail of the text
// alone, bits 2 to 4 are its rank in the dictionary. Two keys are of one word
// where they are equal but for bits 0 and 1.
const (
	named     = 1
	tailed    = 2
	here      = named | tailed
	rankShift = 2
	rankBits  = 3
	keyed     = 1<<(rankShift+rankBits) - 1
)

// weighed is up to how many posts behind a word its weight is looked up.
const weighed = 4096

// expected is, by rank, in how many of priorPosts a word of the dictionary
// stands: of 33 million words that it was counted from, 60 in a post.
var expected = [1 << rankBits]float64{0, 0.1, 0.4, 1.5, 5, 20, 70, 200}

const placeRank = 3 // a place that the office listed is spoken of often

func wordKey(hash, rank uint32, isName, inTail bool) uint32 {
	key := hash&^keyed | rank<<rankShift
	if isName {
		key |= named
	}
	if inTail {
		key |= tailed
	}
	return key
}

// wordOf is a key without what holds for one text only.
func wordOf(key uint32) uint32 { return key &^ here }

// numberRank is how common a number is by its length: a small one counts
// anything, one of four digits may be a year, the others are amounts.
func numberRank(w string) uint32 {
	switch len(w) {
	case 1:
		return 7
	case 2:
		return 6
	case 3, 4:
		return 4
	}
	return 1
}

// weight is the inverse document frequency of a word among the posts of the
// window and those that the dictionary stands for. The post that it is shared
// with is not counted.
func (g *Grouper) weight(key uint32) float64 {
	n, rank := g.words.count(wordOf(key)), int(key>>rankShift&(1<<rankBits-1))
	if n < weighed {
		return g.all - g.logs[n*len(expected)+rank]
	}
	return g.all - math.Log(float64(n)+expected[rank])
}

func (g *Grouper) norm(words []uint32) float64 {
	sum := 0.0
	for _, w := range words {
		x := g.weight(w)
		sum += x * x
	}
	return math.Sqrt(sum)
}

// shared is what two posts' rare words have in common.
type shared struct {
	squares float64 // sum of squared weights
	told    float64 // sum of what the words tell above untold
	n       int     // of telling ones
	name    bool    // one of them names a place in either text
}

func (g *Grouper) shared(mine, theirs []uint32) (s shared) {
	for i, j := 0, 0; i < len(mine) && j < len(theirs); {
		a, b := wordOf(mine[i]), wordOf(theirs[j])
		switch {
		case a < b:
			i++
		case a > b:
			j++
		default:
			w := g.weight(a)
			if mine[i]&theirs[j]&tailed != 0 {
				w = 0 // what stands below both is no news
			}
			s.squares += w * w
			s.told += min(max(0, w-untold), mostTold)
			if w >= telling {
				s.n++
				s.name = s.name || (mine[i]|theirs[j])&named != 0
			}
			i++
			j++
		}
	}
	return s
}

// alike weighs whether two posts speak of one incident; from 1 on they do.
// Between long texts the cosine of their rare words counts, and what one quotes
// of the other: a follow-up recites what happened before. Of a short text the
// few words that it shares count, and most of all the name of a place.
func (g *Grouper) alike(a, b *grouped, own float64) float64 {
	s := g.shared(a.rares(), b.rares())
	if s.n < leastTold {
		return 0
	}
	na, nb, both := overlap(a.prints(), b.prints())
	part := float64(both) / float64(max(1, min(na, nb)))
	if part >= sibling && g.contained(a, b) == 0 {
		return 0
	}
	if a.length >= longText && b.length >= longText {
		score := 0.0
		if both > 0 {
			score = float64(min(g.quoted(a, b), s.n*quotedAround)) / joinQuoted
		}
		if score+math.Sqrt(s.squares)/own/joinCosine < 1 {
			return 0 // b is no shorter than what it shares
		}
		return score + s.squares/(own*g.norm(b.rares()))/joinCosine
	}
	if !s.name && part >= siblingTiny {
		return 0
	}
	told := s.told
	if s.name {
		told += nameTells
	}
	if here, there := a.places(), b.places(); len(here) > 0 && len(there) > 0 &&
		!slices.ContainsFunc(here, func(p uint32) bool { return slices.Contains(there, p) }) {
		told -= placeDiffer
	}
	return told / (joinTold + g.all - math.Log(priorPosts))
}

// quoted estimates how many characters stand in both posts and in no post of
// another incident: a template's do.
func (g *Grouper) quoted(a, b *grouped) int {
	n := 0
	for h := range common(a.prints(), b.prints()) {
		own := true
		for i := range g.shingles.posts(h) {
			own = own && g.posts[i].gathering() == b.gathering()
		}
		if own {
			n++
		}
	}
	return n << max(a.prints()[0], b.prints()[0])
}
