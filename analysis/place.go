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
	names  []string // by word number of the finder: the place's name
	source []opinion.Place
}

// CompilePlaces makes places ready and returns every fault found in them, the
// place's name first among the arguments. A name with a fault is left out.
func CompilePlaces(places []opinion.Place) (*Places, []opinion.Fault) {
	p := &Places{}
	var faults []opinion.Fault
	fault := func(code, name string, args ...string) {
		faults = append(faults, *opinion.NewFault(code, nil, append([]string{name}, args...)...))
	}
	var list []string
	owner := map[string]string{} // alias -> place
	seen := map[string]bool{}
	for n, place := range places {
		if n == maxPlaces {
			fault("place.many", place.Name, strconv.Itoa(maxPlaces))
			break
		}
		if seen[place.Name] {
			fault("place.duplicate", place.Name)
			continue
		}
		seen[place.Name] = true
		p.source = append(p.source, place)
		for _, alias := range append([]string{place.Name}, place.Aliases...) {
			key, _ := Fold(strings.TrimSpace(alias))
			key = lowerASCII(key)
			chars := utf8.RuneCountInString(key)
			switch other, taken := owner[key]; {
			case chars < minPlaceChars || chars > maxTopicChars:
				fault("place.length", place.Name, alias, strconv.Itoa(minPlaceChars), strconv.Itoa(maxTopicChars))
			case taken && other == place.Name:
				fault("place.twice", place.Name, alias)
			case taken:
				fault("place.ambiguous", place.Name, alias, other)
			default:
				owner[key] = place.Name
				list = append(list, key)
				p.names = append(p.names, place.Name)
			}
		}
	}
	p.finder = newWordFinder(list)
	return p, faults
}

// Source returns the places as they were given, duplicates left out.
func (p *Places) Source() []opinion.Place { return slices.Clone(p.source) }

// Find names the places that a folded text speaks of, each once, in the order in
// which they occur. Of names that overlap the leftmost counts, and of those the
// longest: 城东新区 is not 城东.
func (p *Places) Find(folded string) []string {
	if p == nil || len(p.names) == 0 {
		return nil
	}
	var names []string
	for _, w := range longestWords(p.finder.find(nil, folded)) {
		if latinAround(folded, w) {
			continue
		}
		if name := p.names[w.id]; !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
