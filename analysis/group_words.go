package analysis

import (
	"math"
	"slices"
)

// A word's key is its hash with what must be known to weigh it: bits 0 to 2 say
// what it names here, bit 3 that it stands in the tail of the text alone, bits 4
// to 6 are its rank in the dictionary. Two keys are of one word where they are
// equal but for bits 0 to 3.
const (
	namedBits = 3
	tailed    = 1 << namedBits
	here      = tailed<<1 - 1
	rankShift = namedBits + 1
	rankBits  = 3
	keyed     = 1<<(rankShift+rankBits) - 1
)

// weighed is up to how many posts behind a word its weight is looked up.
const weighed = 4096

// expected is, by rank, in how many of priorPosts a word of the dictionary
// stands: of 33 million words that it was counted from, 60 in a post.
var expected = [1 << rankBits]float64{0, 0.1, 0.4, 1.5, 5, 20, 70, 200}

const placeRank = 3 // a place that the office listed is spoken of often

func wordKey(hash, rank uint32, names naming, inTail bool) uint32 {
	key := hash&^keyed | rank<<rankShift | uint32(names)
	if inTail {
		key |= tailed
	}
	return key
}

// wordOf is a key without what holds for one text only.
func wordOf(key uint32) uint32 { return key &^ here }

// namedBy is what a key's word names in its text.
func namedBy(key uint32) naming { return naming(key & (1<<namedBits - 1)) }

// rankOf is how common a key's word is in the dictionary, 0 to 7.
func rankOf(key uint32) int { return int(key >> rankShift & (1<<rankBits - 1)) }

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
	n, rank := g.words.count(wordOf(key)), rankOf(key)
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
	beside  float64 // the same without names
	n       int     // of telling ones
	named   naming  // the most that one of them names, in either text
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
			my, their := namedBy(mine[i]), namedBy(theirs[j])
			if mine[i]&theirs[j]&tailed != 0 || !my.meets(their) {
				w = 0 // what stands below both is no news, and 银杏路 is not 银杏公园
			}
			s.squares += w * w
			told := min(max(0, w-untold), mostTold)
			s.told += told
			if my.with(their) == namesNone {
				s.beside += told
			}
			if w >= telling {
				s.n++
				s.named = max(s.named, my.with(their))
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
	return g.alikeShort(a, b, s, part)
}

// alikeShort is alike where one text is short. part is the share of the one's
// samples that the other has too.
func (g *Grouper) alikeShort(a, b *grouped, s shared, part float64) float64 {
	if part >= siblingNamed || part >= siblingTiny && s.named < namesPlace {
		return 0
	}
	told := s.told
	switch {
	case s.named >= namesPlace && s.beside >= besideName:
		told += nameTells
	case s.named == namesOffice:
		told += officeTells
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
