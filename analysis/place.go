package analysis

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"minsheng/opinion"
)

// Places is a gazetteer ready for finding: districts, stations and roads by their
// names and aliases. Places do not change once compiled.
type Places struct {
	finder *wordFinder
	words  [][]placeWord // by word number of the finder
	source []opinion.Place
}

// placeWord is what one found word means to one place.
type placeWord struct {
	place int // index into source
	role  placeRole
}

type placeRole uint8

const (
	placeName   placeRole = iota // means the place wherever it stands
	placeAlias                   // likewise
	placeMaybe                   // means it only in a text that shows so
	placeAround                  // is no name of it, but shows that it is meant
)

// CompilePlaces makes places ready and returns every fault found in them, the
// place's name first among the arguments. A name with a fault is left out. Two
// places may share an alias where both say by their context words how to tell
// them apart.
func CompilePlaces(places []opinion.Place) (*Places, []opinion.Fault) {
	b := placeBuilder{p: &Places{}, ruleBuilder: ruleBuilder{ids: map[string]int{}}}
	seen := map[string]bool{}
	for n, place := range places {
		if n == maxPlaces {
			b.fault("place.many", place.Name, strconv.Itoa(maxPlaces))
			break
		}
		if seen[place.Name] {
			b.fault("place.duplicate", place.Name)
			continue
		}
		seen[place.Name] = true
		b.add(place)
	}
	b.p.finder = newWordFinder(b.list)
	return b.p, b.faults
}

// placeBuilder gathers names and faults.
type placeBuilder struct {
	p *Places
	ruleBuilder
}

func (b *placeBuilder) add(place opinion.Place) {
	b.p.source = append(b.p.source, place)
	b.name(place, place.Name, placeName)
	role := placeAlias
	if len(place.Context) > 0 {
		role = placeMaybe
	}
	for _, alias := range place.Aliases {
		b.name(place, alias, role)
	}
	for _, word := range place.Context {
		if id, ok := b.id(place, word); ok {
			b.put(id, placeAround)
		}
	}
}

// id is the number of a word, made where it is new.
func (b *placeBuilder) id(place opinion.Place, word string) (int, bool) {
	key, _ := Fold(strings.TrimSpace(word))
	key = lowerASCII(key)
	if chars := utf8.RuneCountInString(key); chars < minPlaceChars || chars > maxTopicChars {
		b.fault("place.length", place.Name, word, strconv.Itoa(minPlaceChars), strconv.Itoa(maxTopicChars))
		return 0, false
	}
	id, isNew := b.number(key)
	if isNew {
		b.p.words = append(b.p.words, nil)
	}
	return id, true
}

func (b *placeBuilder) put(id int, role placeRole) {
	b.p.words[id] = append(b.p.words[id], placeWord{len(b.p.source) - 1, role})
}

// name enters one spelling of the newest place.
func (b *placeBuilder) name(place opinion.Place, spelling string, role placeRole) {
	id, ok := b.id(place, spelling)
	if !ok {
		return
	}
	for _, w := range b.p.words[id] {
		switch other := b.p.source[w.place]; {
		case w.role == placeAround || w.role == placeMaybe && role == placeMaybe && other.Name != place.Name:
		case other.Name == place.Name:
			b.fault("place.twice", place.Name, spelling)
			return
		default:
			b.fault("place.ambiguous", place.Name, spelling, other.Name)
			return
		}
	}
	b.put(id, role)
}

// Find names the places that a folded text speaks of, each once, in the order in
// which they occur. Of names that overlap the leftmost counts, and of those the
// longest: 城东新区 is not 城东.
func (p *Places) Find(folded string) []string {
	if p == nil || len(p.words) == 0 {
		return nil
	}
	found := p.finder.find(nil, folded)
	around := map[int]bool{} // places that the text shows to be meant
	spelt := found[:0]
	for _, w := range found {
		if latinAround(folded, w) {
			continue
		}
		isName := false
		for _, m := range p.words[w.id] {
			isName = isName || m.role != placeAround
			if m.role == placeAround {
				around[m.place] = true
			}
		}
		if isName {
			spelt = append(spelt, w)
		}
	}
	spelt = longestWords(spelt)
	for _, w := range spelt {
		for _, m := range p.words[w.id] {
			if m.role == placeName {
				around[m.place] = true
			}
		}
	}
	return p.named(spelt, around)
}

// named are the places that the spellings mean.
func (p *Places) named(spelt []foundWord, around map[int]bool) []string {
	var names []string
	for _, w := range spelt {
		for _, m := range p.words[w.id] {
			name := p.source[m.place].Name
			if m.role == placeAround || m.role == placeMaybe && !around[m.place] || slices.Contains(names, name) {
				continue
			}
			names = append(names, name)
		}
	}
	return names
}
