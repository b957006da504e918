package city

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"minsheng/opinion"
)

// The sites, in the order of their ports.
const (
	bureauSite = iota
	paperA
	paperB
	forumSite
	boardSite
	noticeSite
	sites // how many hold texts
)

const (
	window    = 14 * 24 * time.Hour // the past at Start, and what lists reach back to
	daysKept  = 40                  // days held in memory
	residues  = 16                  // see ledger
	firstLoud = 600                 // numbers of pages that events add to a day
)

// text is one published text.
type text struct {
	at      time.Time
	title   string
	paras   []string
	kind    opinion.Kind
	mood    mood
	police  bool // speaks of the police
	story   bool
	copied  bool // a copy or a repost of another text
	by      string
	private []string
}

type mood int

const (
	plain mood = iota
	cross
	glad
)

func (t *text) body() string { return strings.Join(t.paras, "\n") }

// page is one address: an article, a thread with its replies, a complaint
// with its answer.
type page struct {
	text
	site    int
	key     int // yymmdd and three digits; names the page in its address
	origin  string
	replies []text
	vars    map[string]string // what its replies speak of
}

// last is when the page last changed before now.
func (p *page) last(now time.Time) time.Time {
	last := p.at
	for i := range p.replies {
		if p.replies[i].at.After(now) {
			break
		}
		last = p.replies[i].at
	}
	return last
}

// seen counts the replies published by now.
func (p *page) seen(now time.Time) int {
	n, _ := slices.BinarySearchFunc(p.replies, now, func(t text, now time.Time) int {
		if t.at.After(now) {
			return 1
		}
		return -1
	})
	return n
}

// day is what was opened on one day of the calendar, oldest first.
type day [sites][]*page

// world is all that is ever published. It follows from seed, start and story;
// days are written when they are first asked for, and forgotten again.
type world struct {
	g      *grammar
	script *strings.Replacer // simplified to traditional
	town   *town
	nicks  []string
	zone   *time.Location
	start  time.Time
	begin  time.Time
	extra  map[int]*day // pages of the open day and of the story

	mu    sync.Mutex
	days  map[int]*day
	order []int // of days, the longest unused first
}

func newWorld(seed uint64, story Story, start time.Time) (*world, error) {
	g, err := loadGrammar()
	if err != nil {
		return nil, err
	}
	table, err := texts.ReadFile("text/script.map")
	if err != nil {
		return nil, fmt.Errorf("read the city's script table: %w", err)
	}
	w := &world{
		g: g, script: newScript(string(table)), town: newTown(g, seed), nicks: nicknames(g, seed),
		zone:  time.FixedZone("CST", 8*3600),
		start: start.Truncate(time.Second), extra: map[int]*day{}, days: map[int]*day{},
	}
	w.begin = w.start.Add(-window)
	w.openDay(stream(seed, forOpenDay, 1), w.lastOpenDay(), 6*time.Hour)
	switch story {
	case Clerk:
		w.clerk(stream(seed, forStory, 0))
	case OpenDay:
		w.openDay(stream(seed, forStory, 1), w.storyFrom(), 2*time.Hour)
	}
	return w, nil
}

func (w *world) storyFrom() time.Time  { return w.start.Add(40 * time.Minute) }
func (w *world) storyUntil() time.Time { return w.start.Add(6 * time.Hour) }

// lastOpenDay is ten in the morning, five days before the start.
func (w *world) lastOpenDay() time.Time {
	d := w.start.In(w.zone).AddDate(0, 0, -5)
	return time.Date(d.Year(), d.Month(), d.Day(), 10, 0, 0, 0, w.zone)
}

// number counts days of the city's calendar.
func (w *world) number(t time.Time) int {
	return int(math.Floor(float64(t.Unix()+8*3600) / 86400))
}

func (w *world) midnight(n int) time.Time {
	return time.Unix(int64(n)*86400-8*3600, 0).In(w.zone)
}

// day returns the pages opened on day n.
func (w *world) day(n int) *day {
	w.mu.Lock()
	defer w.mu.Unlock()
	if i := slices.Index(w.order, n); i >= 0 {
		w.order = append(slices.Delete(w.order, i, i+1), n)
		return w.days[n]
	}
	d := w.writeDay(n)
	w.days[n] = d
	w.order = append(w.order, n)
	if len(w.order) > daysKept {
		delete(w.days, w.order[0])
		w.order = slices.Delete(w.order, 0, 1)
	}
	return d
}

// recent lists the pages of a site that lists show at now, newest first.
func (w *world) recent(site int, now time.Time) []*page {
	floor := now.Add(-window)
	if floor.Before(w.begin) {
		floor = w.begin
	}
	var out []*page
	for n := w.number(now); n >= w.number(floor); n-- {
		for _, p := range slices.Backward(w.day(n)[site]) {
			if !p.at.After(now) && !p.at.Before(floor) {
				out = append(out, p)
			}
		}
	}
	return out
}

// find returns the page of a key, if it is published by now.
func (w *world) find(site, key int, now time.Time) *page {
	ymd := key / 1000
	t := time.Date(2000+ymd/10000, time.Month(ymd/100%100), ymd%100, 0, 0, 0, 0, w.zone)
	if key <= 0 || t.After(now) || t.Before(w.begin.Add(-24*time.Hour)) {
		return nil
	}
	for _, p := range w.day(w.number(t))[site] {
		if p.key == key {
			if p.at.After(now) || p.at.Before(w.begin) {
				return nil
			}
			return p
		}
	}
	return nil
}

// add puts a page of an event into its day.
func (w *world) add(p *page) {
	n := w.number(p.at)
	if w.extra[n] == nil {
		w.extra[n] = &day{}
	}
	d := w.extra[n]
	p.key = w.keyOf(n, firstLoud+len(d[p.site]))
	d[p.site] = append(d[p.site], p)
}

func (w *world) keyOf(n, i int) int {
	t := w.midnight(n)
	return ((t.Year()%100*100+int(t.Month()))*100+t.Day())*1000 + i
}

// ledger keeps the texts of ordinary life apart: within a day by memory,
// between days by a residue of their hash, which differs for any two days
// less than residues apart. So each day can be written without the others.
type ledger struct {
	residue uint64
	seen    map[uint64]bool
}

func newLedger(n int) *ledger {
	return &ledger{residue: uint64(n) % residues, seen: map[uint64]bool{}}
}

func (l *ledger) take(s string) bool {
	h := fnv.New64a()
	h.Write([]byte(s))
	sum := h.Sum64()
	if (sum>>7)%residues != l.residue || l.seen[sum] {
		return false
	}
	l.seen[sum] = true
	return true
}

// say writes a text by rule until the ledger takes it; nil takes everything.
func (w *world) say(l *ledger, rng *rand.Rand, at time.Time, vars map[string]string, rule string) (*writer, string) {
	wr := newWriter(w.g, w.town, rng, at, vars)
	for {
		s := wr.write(rule)
		if l == nil || l.take(s) {
			return wr, s
		}
		wr.restart(vars)
	}
}

// moments spreads about perDay moments over day n by the hours' weights.
func (w *world) moments(rng *rand.Rand, n int, perDay float64, hours [24]float64) []time.Time {
	sum := 0.0
	for _, h := range hours {
		sum += h
	}
	var out []time.Time
	for h, weight := range hours {
		for range poisson(rng, perDay*weight/sum) {
			out = append(out, w.midnight(n).Add(time.Duration(h*3600+rng.IntN(3600))*time.Second))
		}
	}
	slices.SortFunc(out, time.Time.Compare)
	return out
}

// poisson draws a count of the given mean (Knuth's method: means are small).
func poisson(rng *rand.Rand, mean float64) int {
	limit, n := math.Exp(-mean), 0
	for p := rng.Float64(); p > limit; p *= rng.Float64() {
		n++
	}
	return n
}
