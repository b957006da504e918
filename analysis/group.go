package analysis

import (
	"cmp"
	"hash/maphash"
	"math"
	"slices"
	"time"

	"minsheng/opinion"
)

// Bounds of grouping. The numbers were chosen on generated texts and on the
// development bundle's duplicates; docs/measurements.md has the figures.
const (
	groupWindow  = 14 * 24 * time.Hour // how long a post draws others
	joinWithin   = 72 * time.Hour      // a follow-up comes at most this long after the last post of its incident
	nearAt       = 0.7                 // containment of the smaller text's shingles
	shortText    = 400                 // code points below which numbers and names must agree
	tinyText     = 24                  // code points below which only equal texts are near
	oddlyShort   = 100                 // code points below which an odd word may stand in a name's place
	oddRank      = 3                   // the last rank of such words in the dictionary
	lookedUp     = 24                  // samples of a print by which it is found; all of them verify
	leastLooked  = 3                   // of those, to be a candidate
	busyShingle  = 64                  // posts behind one shingle above which it is a template's
	busyWord     = 400                 // posts behind one word above which it leads nowhere
	askWords     = 16                  // words by which candidates are looked up
	leastTold    = 2                   // telling words shared, to be one incident
	longText     = 200                 // code points; two long texts are compared otherwise than short ones
	joinCosine   = 0.2                 // cosine of rare words that joins two long texts
	joinQuoted   = 72                  // or as many characters quoted; or a part of each
	quotedAround = 20                  // characters that are taken for a quotation around each telling word shared
	joinTold     = 17                  // what shared words tell, together, to join a short text; more where there are more to mistake it for
	nameTells    = 9                   // what one of them tells more where it names a place
	officeTells  = 6                   // or a police station
	besideName   = 2                   // what the others must tell beside the name: the same place alone is not the same event
	placeDiffer  = 3                   // what known places that differ take away
	sibling      = 0.4                 // containment above which texts that are not the same come from one template
	siblingNamed = 0.22                // the same where one is short
	siblingTiny  = 0.15                // and they share no name
	// untold is the weight up to which a shared word tells nothing: it stands in
	// about two posts of a hundred. From telling on it counts.
	untold     = 4.0
	mostTold   = 6.0 // by one word, however many posts it is rare among
	telling    = 5.0
	priorPosts = 2_000 // posts that the dictionary stands for, before our own are many
	drawing    = 24    // posts of an incident that draw follow-ups: the others draw only copies and replies
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
// numbers and names of short texts agreeing, so that templated notices of
// different cases stay apart. Same incident: copies of a post, replies to it, and follow-ups
// that share its rare words, weighed by how rare they are among the posts of
// the window. It is not safe for concurrent use.
type Grouper struct {
	seed      maphash.Seed
	posts     []grouped
	byID      map[string]int32
	shingles  shinglePosts
	words     wordPosts
	incidents map[string]*gathering
	placed    map[string]string // incidents that people chose, by post
	merged    map[string]string // what incidents became, by their former name
	newest    int64

	logs    []float64 // of posts behind a word and its rank, so that weighing takes no logarithm
	all     float64   // logarithm of the posts that there are
	hits    []uint16  // by post, zero between two calls
	touched []int32   // the posts whose hits are not zero
}

// grouped is a post as it is remembered: all that is compared lies in one slice,
// hashed, because there are a hundred thousand of them and a word kept as a
// string keeps the whole text it stands in.
type grouped struct {
	id, near  string
	in        *gathering
	keys      []uint32 // print, rare words and places, numbers, places; the last three sorted
	print     uint16   // how many of keys are the print, and so on
	rare      uint16
	numbers   uint16
	rank      uint16 // how many posts of its incident drew follow-ups before it; drawing where it does not
	reply     bool
	length    int32
	published int64 // seconds; 0 where unknown
}

func (p *grouped) prints() []uint32 { return p.keys[:p.print] }

func (p *grouped) rares() []uint32 { return p.keys[p.print:][:p.rare] }

func (p *grouped) numerals() []uint32 { return p.keys[p.print+p.rare:][:p.numbers] }

func (p *grouped) places() []uint32 { return p.keys[p.print+p.rare+p.numbers:] }

// gathering is an incident.
type gathering struct {
	id   string
	last int64      // when its last post was published
	draw uint16     // how many of its posts draw follow-ups
	into *gathering // what it was merged into, nil while it stands
}

// NewGrouper returns an empty one.
func NewGrouper() *Grouper {
	logs := make([]float64, weighed*len(expected))
	for i := range logs {
		logs[i] = math.Log(max(0, float64(i/len(expected))-1) + 0.1 + expected[i%len(expected)])
	}
	return &Grouper{
		logs: logs, seed: maphash.MakeSeed(), byID: map[string]int32{}, words: wordPosts{}, incidents: map[string]*gathering{},
		placed: map[string]string{}, merged: map[string]string{},
	}
}

// Add places m among the posts before it and remembers it. A post that is
// known already keeps its place; copies are told by what it says now.
func (g *Grouper) Add(m Member) Member {
	if i, ok := g.byID[m.ID]; ok {
		g.reread(i, m)
		m.Near, m.Incident = g.posts[i].near, g.posts[i].gathering().id
		return m
	}
	g.all = math.Log(float64(len(g.posts) + priorPosts))
	p := g.prepare(m)
	incident := m.Incident
	if incident == "" {
		incident = g.place(&p, m.Thread)
	}
	incident = g.said(m.ID, incident)
	g.insert(p, incident)
	m.Near, m.Incident = p.near, incident
	return m
}

// reread takes what a known post says now, as a restart would. What its former
// text is found by still leads to it, and is compared with what it says now.
func (g *Grouper) reread(i int32, m Member) {
	p, now := &g.posts[i], g.prepare(m)
	if p.length == now.length && slices.Equal(p.keys, now.keys) {
		return
	}
	before := *p
	p.keys, p.print, p.rare, p.numbers, p.length = now.keys, now.print, now.rare, now.numbers, now.length
	known := looked(before.prints())
	for _, h := range looked(p.prints()) {
		if !slices.Contains(known, h) {
			g.shingles.add(h, i)
		}
	}
	for _, w := range p.rares() {
		if _, ok := slices.BinarySearchFunc(before.rares(), wordOf(w), func(k, word uint32) int { return cmp.Compare(wordOf(k), word) }); !ok {
			g.words.add(wordOf(w), i)
		}
	}
}

func (g *Grouper) prepare(m Member) grouped {
	p := grouped{id: m.ID, near: m.Near, reply: m.Thread != "", length: int32(min(m.Length, math.MaxInt32))}
	if i, ok := g.byID[m.Near]; ok {
		p.near = g.posts[i].id // one string for all copies
	}
	if !m.Published.IsZero() {
		p.published = m.Published.Unix()
	}
	rare := make([]uint32, 0, len(m.Rare)+len(m.Places))
	var numbers, places []uint32
	for _, ranked := range m.Rare {
		w, rank := unranked(ranked)
		h := uint32(maphash.String(g.seed, w.word))
		if isNumber(w.word) {
			numbers = append(numbers, h)
			rank = numberRank(w.word)
		}
		rare = append(rare, wordKey(h, rank, w.named, w.tail))
	}
	for _, place := range m.Places { // a place tells an event as a rare word does
		h := uint32(maphash.String(g.seed, "place "+place))
		places = append(places, h)
		rare = append(rare, wordKey(h, placeRank, namesPlace, false))
	}
	for _, set := range []*[]uint32{&rare, &numbers, &places} {
		slices.Sort(*set)
		*set = slices.Compact(*set)
	}
	p.print, p.rare, p.numbers = uint16(len(m.Print)), uint16(len(rare)), uint16(len(numbers))
	p.keys = slices.Concat(m.Print, rare, numbers, places)
	return p
}

// place decides what p repeats and where it belongs.
func (g *Grouper) place(p *grouped, thread string) (incident string) {
	first, found := g.same(p)
	if found {
		p.near = g.posts[first].id
	}
	if thread != "" { // what is said under a post belongs to that post's event
		if i, ok := g.byID[thread]; ok {
			return g.posts[i].gathering().id
		}
		return thread
	}
	if found && p.length >= tinyText && open(g.posts[first].gathering(), p.published) {
		return g.posts[first].gathering().id
	}
	if in := g.follows(p); in != nil {
		return in.id
	}
	return p.id
}

// open reports whether an incident is recent enough to be joined at a time.
func open(in *gathering, at int64) bool {
	return at == 0 || at-in.last <= int64(joinWithin/time.Second)
}

func (g *Grouper) insert(p grouped, incident string) {
	if p.published > g.newest {
		g.newest = p.published
		g.forget()
	}
	at := int32(len(g.posts))
	g.byID[p.id] = at
	if incident == p.id {
		incident = p.id // one string for both
	}
	g.join(&p, g.incident(incident))
	g.posts = append(g.posts, p)
	for _, h := range looked(p.prints()) {
		g.shingles.add(h, at)
	}
	for _, w := range p.rares() {
		g.words.add(wordOf(w), at)
	}
}

// forget drops posts that are older than the window, all at once when they
// are more than half.
func (g *Grouper) forget() {
	old := g.newest - int64(groupWindow/time.Second)
	stale := 0
	if len(g.posts)%1024 != 0 {
		return
	}
	for i := range g.posts {
		if g.posts[i].published < old {
			stale++
		}
	}
	if stale*2 <= len(g.posts) {
		return
	}
	kept := NewGrouper()
	kept.seed, kept.newest, kept.placed, kept.merged = g.seed, g.newest, g.placed, g.merged
	for _, p := range g.posts {
		if p.published >= old {
			kept.insert(p, p.gathering().id)
		}
	}
	*g = *kept
}
