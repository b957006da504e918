// Package i18n is the one catalogue of what Minsheng says to people: Chinese
// first, English beside it. Each area keeps its sentences in a file of its own
// (fetch.go, alerts.go, web.go, ...) as a map from code to Text; all are
// joined here and a test refuses a code that stands twice, a missing language,
// and a sentence whose two languages take different arguments.
package i18n

import (
	"fmt"
	"maps"
)

// Lang is a language that pages and messages speak.
type Lang string

// The languages. Chinese is the default everywhere.
const (
	Chinese Lang = "zh"
	English Lang = "en"
)

// Text is one sentence in both languages. Arguments are fmt verbs; where the
// order differs, English uses explicit indexes (%[2]s).
type Text struct{ ZH, EN string }

// areas are the files of the catalogue.
var areas = []map[string]Text{
	fetchTexts,
	readTexts,
	alertTexts,
	appTexts,
	searchTexts,
	storeTexts,
	detectTexts,
	attitudeTexts,
	webTexts,
	readPageTexts,
	pushTexts,
	settingsTexts,
	trainTexts,
	weighTexts,
	teachTexts,
	sourceTexts,
	regroupTexts,
}

var catalogue = join(areas)

func join(areas []map[string]Text) map[string]Text {
	all := map[string]Text{}
	for _, area := range areas {
		maps.Copy(all, area)
	}
	return all
}

// Say renders the sentence of code in lang. An unknown code is shown as it is,
// so that a hole in the catalogue is seen and never hides the fact.
func Say(lang Lang, code string, args ...any) string {
	t, ok := catalogue[code]
	if !ok {
		return fmt.Sprint(append([]any{code}, args...)...)
	}
	s := t.ZH
	if lang == English {
		s = t.EN
	}
	if len(args) == 0 {
		return s
	}
	return fmt.Sprintf(s, args...)
}

// Has reports whether the catalogue holds code.
func Has(code string) bool {
	_, ok := catalogue[code]
	return ok
}
