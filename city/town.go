package city

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"minsheng/opinion"
)

// A town is the invented place: its name, and the words that its people use
// for its parts. All of it follows from the seed.
type town struct {
	seed      uint64
	short     string // 栖桐
	name      string // 栖桐市
	districts []string
	roads     []string // without 路
	stations  []string // 听荷派出所
	estates   []string
	parks     []string
	paperA    string
	paperB    string
	agency    string
	surnames  []string
	plate     string
	area      string // first six digits of identity numbers
}

// What a random stream is for. Streams of different purpose never meet.
const (
	forTown uint64 = iota + 1
	forDay
	forStory
	forOpenDay
	forNames
)

// stream is the source of chance for one purpose and one number.
func stream(seed, purpose, n uint64) *rand.Rand {
	return rand.New(rand.NewPCG(seed*0x9e3779b97f4a7c15+purpose, n*0xbf58476d1ce4e5b9+purpose))
}

func newTown(g *grammar, seed uint64) *town {
	rng := stream(seed, forTown, 0)
	t := &town{seed: seed}
	t.short = g.some(rng, "town.first", 1)[0] + g.some(rng, "town.second", 1)[0]
	t.name = t.short + "市"
	for _, d := range g.some(rng, "district", 4) {
		t.districts = append(t.districts, d+"区")
	}
	t.roads = g.some(rng, "road", 22)
	for _, r := range t.roads[:9] {
		t.stations = append(t.stations, r+"派出所")
	}
	t.estates = g.some(rng, "estate", 14)
	t.parks = g.some(rng, "park", 4)
	t.paperA = t.short + g.some(rng, "paper.a", 1)[0]
	t.paperB = t.short + g.some(rng, "paper.b", 1)[0]
	t.agency = g.some(rng, "agency", 1)[0]
	t.surnames = g.some(rng, "surname", len(g.rules["surname"]))
	// No province issues plates under Z in this row and no county has the
	// codes 98 and 99: the numbers are well formed and belong to nobody.
	t.plate = "赣Z"
	t.area = "36" + strconv.Itoa(98+rng.IntN(2)) + strconv.Itoa(90+rng.IntN(10))
	return t
}

// some picks n different alternatives of a rule of plain words.
func (g *grammar) some(rng *rand.Rand, rule string, n int) []string {
	all := g.rules[rule]
	out := make([]string, 0, n)
	for _, i := range rng.Perm(len(all))[:min(n, len(all))] {
		out = append(out, all[i][0].lit)
	}
	return out
}

// bureau is what the town calls its police.
func (t *town) bureau() string { return t.name + "公安局" }

// Places lists the districts, roads and police stations of the town of a
// seed, as an office would enter them.
func Places(seed uint64) []opinion.Place {
	g, err := loadGrammar()
	if err != nil {
		// The texts are part of the binary; a test reads every one of them.
		panic(fmt.Errorf("load the city's own texts: %w", err))
	}
	t := newTown(g, seed)
	var out []opinion.Place
	for _, d := range t.districts {
		out = append(out, opinion.Place{Name: d})
	}
	for i, s := range t.stations {
		out = append(out, opinion.Place{Name: s, Aliases: []string{t.roads[i] + "路派出所", t.roads[i] + "所"}})
	}
	for _, r := range t.roads {
		out = append(out, opinion.Place{Name: r + "路"})
	}
	return out
}

// townWord gives words that depend on the town, the hour or chance. A text
// remembers them: the same name is the same word to its end.
func (w *writer) townWord(name string) (string, bool) {
	t := w.town
	switch name {
	case "t":
		return t.short, true
	case "town":
		return t.name, true
	case "bureau":
		return t.bureau(), true
	case "district", "district2":
		return w.other(t.districts, "district"), true
	case "road", "road2":
		return w.other(t.roads, "road") + "路", true
	case "station", "station2":
		return w.other(t.stations, "station"), true
	case "estate", "estate2":
		return w.other(t.estates, "estate"), true
	case "park":
		return pick(w.rng, t.parks) + "公园", true
	case "school":
		return pick(w.rng, t.roads) + pick(w.rng, []string{"小学", "中学", "实验学校", "第二小学"}), true
	case "market":
		return pick(w.rng, t.roads) + pick(w.rng, []string{"农贸市场", "菜市场", "集市"}), true
	case "agency":
		return t.agency, true
	case "papera":
		return t.paperA, true
	}
	return w.chanceWord(name)
}

// chanceWord gives words made of chance and the hour.
func (w *writer) chanceWord(name string) (string, bool) {
	switch name {
	case "sur", "sur2":
		return pick(w.rng, w.town.surnames), true
	case "who", "who2", "who3":
		return pick(w.rng, w.town.surnames) + pick(w.rng, []string{"女士", "先生", "先生", "女士", "大爷", "阿姨", "师傅"}), true
	case "pen":
		return w.g.some(w.rng, "pen", 1)[0], true
	case "today":
		return fmt.Sprintf("%d月%d日", w.at.Month(), w.at.Day()), true
	case "ago", "ago2":
		d := w.at.AddDate(0, 0, -1-w.rng.IntN(6))
		return fmt.Sprintf("%d月%d日", d.Month(), d.Day()), true
	case "soon":
		d := w.at.AddDate(0, 0, 1+w.rng.IntN(12))
		return fmt.Sprintf("%d月%d日", d.Month(), d.Day()), true
	case "hm", "hm2":
		d := w.at.Add(-time.Duration(20+w.rng.IntN(300)) * time.Minute)
		return fmt.Sprintf("%s%d时%d分", dayPart(d.Hour()), (d.Hour()+11)%12+1, d.Minute()), true
	case "wd":
		return "周" + []string{"日", "一", "二", "三", "四", "五", "六"}[w.at.Weekday()], true
	case "line":
		return strconv.Itoa(1+w.rng.IntN(68)) + "路", true
	case "phone":
		return w.reveal("1380000" + digits(w.rng, 4)), true
	case "plate":
		return w.reveal(w.town.plate + string(rune('A'+w.rng.IntN(8))) + digits(w.rng, 4)), true
	case "idno":
		return w.reveal(identity(w.rng, w.town.area)), true
	}
	return "", false
}

func (w *writer) reveal(s string) string {
	w.private = append(w.private, s)
	return s
}

// other picks a word that the text has not used under the plain name.
func (w *writer) other(from []string, plain string) string {
	for range 8 {
		s := pick(w.rng, from)
		if w.vars[plain] != s && w.vars[plain] != s+"路" {
			return s
		}
	}
	return from[0]
}

func pick[T any](rng *rand.Rand, from []T) T { return from[rng.IntN(len(from))] }

func digits(rng *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('0' + rng.IntN(10))
	}
	return string(b)
}

// identity makes a resident identity number with its check digit (GB 11643:
// weighted sum modulo 11).
func identity(rng *rand.Rand, area string) string {
	body := area + fmt.Sprintf("%d%02d%02d", 1950+rng.IntN(55), 1+rng.IntN(12), 1+rng.IntN(28)) + digits(rng, 3)
	weights := []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += int(body[i]-'0') * w
	}
	return body + string("10X98765432"[sum%11])
}

func dayPart(h int) string {
	switch {
	case h < 6:
		return "凌晨"
	case h < 12:
		return "上午"
	case h < 13:
		return "中午"
	case h < 18:
		return "下午"
	}
	return "晚上"
}

// nicknames is the pool of invented names under which the forum's people
// write. They stand on the pages because they do in life.
func nicknames(g *grammar, seed uint64) []string {
	rng := stream(seed, forNames, 0)
	var out []string
	for _, a := range g.rules["nick.first"] {
		for _, b := range g.rules["nick.second"] {
			n := a[0].lit + b[0].lit
			if rng.IntN(3) == 0 {
				n += digits(rng, 2)
			}
			out = append(out, n)
		}
	}
	rng.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return slices.Clip(out)
}

// What the town calls its forum, its message board and its notices.
func (t *town) forum() string   { return t.short + "茶馆论坛" }
func (t *town) board() string   { return t.name + "市民留言板" }
func (t *town) notices() string { return t.name + "公示网" }
