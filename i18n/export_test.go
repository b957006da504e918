package i18n

import "strings"

// Areas are the first parts of the codes.
func Areas() map[string]bool {
	all := map[string]bool{}
	for code := range catalogue {
		area, _, _ := strings.Cut(code, ".")
		all[area] = true
	}
	return all
}

// Arguments lists what the sentence of a code takes, by place.
func Arguments(code string) []string { return arguments(catalogue[code].ZH) }

// Begins reports whether a code begins with text.
func Begins(text string) bool {
	for code := range catalogue {
		if strings.HasPrefix(code, text) {
			return true
		}
	}
	return false
}
