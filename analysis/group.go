package analysis

import (
	"hash/maphash"
	"iter"
	"math"
	"slices"
	"time"

	"minsheng/opinion"
)

// Bounds of grouping. The numbers were chosen on generated texts and on the
// development bundle's duplicates; docs/measurements.md has the figures.
const (
	groupWindow = 14 * 24 * time.Hour // how long a post draws others
	joinWithin  = 72 * time.Hour      // a follow-up comes at most this long after the last post of its incident
	nearAt      = 0.7                 // containment of the smaller text's shingles
	shortText   = 400                 // code points below which numbers must agree
	tinyText    = 24                  // code points below which only equal texts are near
	lookedUp    = 24                  // samples of a print by which it is found; all of them verify
	leastLooked = 3                   // of those, to be a candidate
	busyShingle = 64                  // posts behind one shingle above which it is a template's
	busyWord    = 400                 // posts behind one word above which it leads nowhere
	askWords    = 16                  // words by which candidates are looked up
	joinAt      = 0.34                // cosine of rare words, where one text is short
	joinShared  = 3                   // rare words shared then
	joinLongAt  = 0.2                 // the same between two long texts, which hold more that is their own
	joinLong    = 5
	longText    = 200 // code points
	sibling     = 0.4 // containment above which texts that are not the same come from one template
	// telling is the weight from which a shared word counts: it stands in at most
	// about one post of a hundred.
	telling    = 4.5
	priorPosts = 2_000 // posts that the dictionary stands for, before our own are many
)

// Member is what grouping needs of a post. Near and Incident are filled by Add,
// or given where they are known from before.
type Member struct {
	ID, Near, Incident string
	Kind               opinion.Kind
	Thread             string
	Published          time.Time
	Print              []uint32
	Rare               []string
	Places             []string
	Length             int // code points of the folded text
}

// Grouper finds for each post the earlier one with the same text, and the
// incident it belongs to. Same text: containment of sampled shingles, with the
// numbers of short texts agreeing, so that templated notices of different cases
// stay apart. Same incident: copies of a post, replies to it, and follow-ups
// that share its rare words, weighed by how rare they are among the posts of
// the window. It is not safe for concurrent use.
type Grouper struct {
	seed      maphash.Seed
	posts     []grouped
	byID      map[string]int32
	shingles  postings
	words     postings
	incidents map[string]*gathering
	newest    time.Time

	logs    []float64 // of whole numbers, so that weighing a word takes no logarithm
	all     float64   // logarithm of the posts that there are
	hits    []uint16  // by post, zero between two calls
	touched []int32   // the posts whose hits are not zero
}

type grouped struct {
	id, near, incident string
	print              []uint32
	rare               []uint32
	numbers            []string
	places             []string
	published          time.Time
	length             int
}

type gathering struct {
	last  time.Time
	posts int
}

// NewGrouper returns an empty one.
func NewGrouper() *Grouper {
	logs := make([]float64, 4096)
	for i := range logs {
		logs[i] = math.Log(float64(i))
	}
	return &Grouper{
		logs: logs, seed: maphash.MakeSeed(), byID: map[string]int32{}, shingles: newPostings(), words: newPostings(), incidents: map[string]*gathering{},
	}
}

// Add places m among the posts before it and remembers it. A post that is
// known already keeps its place.
func (g *Grouper) Add(m Member) Member {
	if i, ok := g.byID[m.ID]; ok {
		m.Near, m.Incident = g.posts[i].near, g.posts[i].incident
		return m
	}
	g.all = math.Log(float64(len(g.posts) + priorPosts))
	p := g.prepare(m)
	if m.Incident == "" {
		g.place(&p, m.Thread)
	}
	g.insert(p)
	m.Near, m.Incident = p.near, p.incident
	return m
}

func (g *Grouper) prepare(m Member) grouped {
	p := grouped{
		id: m.ID, near: m.Near, incident: m.Incident, print: m.Print, places: m.Places,
		published: m.Published, length: m.Length,
	}
	for _, w := range m.Rare {
		if isNumber(w) {
			p.numbers = append(p.numbers, w)
		}
		p.rare = append(p.rare, uint32(maphash.String(g.seed, w)))
	}
	for _, place := range m.Places { // a place tells an event as a rare word does
		p.rare = append(p.rare, uint32(maphash.String(g.seed, "place "+place)))
	}
	slices.Sort(p.rare)
	p.rare = slices.Compact(p.rare)
	slices.Sort(p.numbers)
	return p
}

// place decides what p repeats and where it belongs.
func (g *Grouper) place(p *grouped, thread string) {
	first, found := g.same(p)
	if found {
		p.near = g.posts[first].id
	}
	if thread != "" { // what is said under a post belongs to that post's event
		p.incident = thread
		if i, ok := g.byID[thread]; ok {
			p.incident = g.posts[i].incident
		}
		return
	}
	if found && p.length >= tinyText && g.open(g.posts[first].incident, p.published) {
		p.incident = g.posts[first].incident
		return
	}
	p.incident = g.follows(p)
	if p.incident == "" {
		p.incident = p.id
	}
}

// hit counts the posts behind a key.
func (g *Grouper) hit(in *postings, key uint32) {
	for len(g.hits) < len(g.posts) {
		g.hits = append(g.hits, 0)
	}
	for i := range in.posts(key) {
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

// open reports whether an incident is recent enough to be joined at a time.
func (g *Grouper) open(incident string, at time.Time) bool {
	in := g.incidents[incident]
	return in != nil && (at.IsZero() || at.Sub(in.last) <= joinWithin)
}

// same finds the first post with the same text.
func (g *Grouper) same(p *grouped) (int32, bool) {
	if len(p.print) < 2 {
		return 0, false
	}
	for _, h := range p.print[1:] {
		g.hit(&g.shingles, h)
	}
	best, bestShare := int32(-1), 0.0
	for i, n := range g.hitPosts() {
		if n < min(leastLooked, len(g.posts[i].print)-1) {
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
	na, nb, both := overlap(a.print, b.print)
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
	case shorter < shortText && !numbersAgree(a.numbers, b.numbers):
		return 0
	}
	return share
}

// numbersAgree reports whether nearly all numbers of the text that has fewer
// stand in the other: copies keep them, other cases have other ones.
func numbersAgree(a, b []string) bool {
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

// follows finds the open incident whose posts share p's rare words best, ""
// where none shares enough.
func (g *Grouper) follows(p *grouped) string {
	if len(p.rare) < joinShared {
		return ""
	}
	known := slices.DeleteFunc(slices.Clone(p.rare), func(w uint32) bool { return g.words.count(w) == 0 || g.words.count(w) > busyWord })
	slices.SortFunc(known, func(a, b uint32) int { return g.words.count(a) - g.words.count(b) })
	for _, w := range known[:min(len(known), askWords)] {
		g.hit(&g.words, w)
	}
	least := 2 // of the words that were asked
	if len(known) <= askWords {
		least = joinShared // all were asked
	}
	own := g.norm(p.rare)
	best, bestScore := "", 0.0
	for i, n := range g.hitPosts() {
		other := &g.posts[i]
		if n < least || !g.open(other.incident, p.published) {
			continue
		}
		score := g.alike(p, other, own)
		if score > bestScore || score == bestScore && other.incident < best {
			best, bestScore = other.incident, score
		}
	}
	return best
}

// alike is the cosine of two posts' rare words, moved a little by their places,
// over the least that joins them; 0 where it does not.
func (g *Grouper) alike(a, b *grouped, own float64) float64 {
	n, sum := 0, 0.0
	for i, j := 0, 0; i < len(a.rare) && j < len(b.rare); {
		switch {
		case a.rare[i] < b.rare[j]:
			i++
		case a.rare[i] > b.rare[j]:
			j++
		default:
			w := g.weight(a.rare[i])
			sum += w * w
			if w >= telling {
				n++
			}
			i++
			j++
		}
	}
	least, at := joinShared, joinAt
	if a.length >= longText && b.length >= longText {
		least, at = joinLong, joinLongAt
	}
	if n < least {
		return 0
	}
	score := sum / (own * g.norm(b.rare))
	if len(a.places) > 0 && len(b.places) > 0 {
		if slices.ContainsFunc(a.places, func(p string) bool { return slices.Contains(b.places, p) }) {
			score += 0.05
		} else {
			score -= 0.1
		}
	}
	if score < at || g.siblings(a, b) {
		return 0
	}
	return score / at
}

// siblings reports whether two texts are filled from one template: much is the
// same to the letter, and yet they are not the same text.
func (g *Grouper) siblings(a, b *grouped) bool {
	na, nb, both := overlap(a.print, b.print)
	return float64(both) >= sibling*float64(max(1, min(na, nb))) && g.contained(a, b) == 0
}

// weight is the inverse document frequency of a word in the window.
func (g *Grouper) weight(w uint32) float64 {
	n := g.words.count(w) + 1
	if n < len(g.logs) {
		return g.all - g.logs[n]
	}
	return g.all - math.Log(float64(n))
}

func (g *Grouper) norm(words []uint32) float64 {
	sum := 0.0
	for _, w := range words {
		x := g.weight(w)
		sum += x * x
	}
	return math.Sqrt(sum)
}

func (g *Grouper) insert(p grouped) {
	if p.published.After(g.newest) {
		g.newest = p.published
		g.forget()
	}
	at := int32(len(g.posts))
	g.posts = append(g.posts, p)
	g.byID[p.id] = at
	for _, h := range looked(p.print) {
		if g.shingles.count(h) < busyShingle {
			g.shingles.add(h, at)
		}
	}
	for _, w := range p.rare {
		g.words.add(w, at)
	}
	in := g.incidents[p.incident]
	if in == nil {
		in = &gathering{}
		g.incidents[p.incident] = in
	}
	in.posts++
	if p.published.After(in.last) {
		in.last = p.published
	}
}

// forget drops posts that are older than the window, all at once when they
// are more than half.
func (g *Grouper) forget() {
	old := g.newest.Add(-groupWindow)
	stale := 0
	if len(g.posts)%1024 != 0 {
		return
	}
	for i := range g.posts {
		if g.posts[i].published.Before(old) {
			stale++
		}
	}
	if stale*2 <= len(g.posts) {
		return
	}
	kept := NewGrouper()
	kept.seed, kept.newest = g.seed, g.newest
	for _, p := range g.posts {
		if !p.published.Before(old) {
			kept.insert(p)
		}
	}
	*g = *kept
}
