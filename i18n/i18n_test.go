package i18n

import (
	"regexp"
	"slices"
	"testing"
)

// verb finds what fmt will fill, with its place where that is said.
var verb = regexp.MustCompile(`%(?:\[(\d+)\])?[.\d]*([a-zA-Z%])`)

// arguments lists what a sentence takes, by place: "1s", "2d".
func arguments(sentence string) []string {
	var found []string
	next := 1
	for _, m := range verb.FindAllStringSubmatch(sentence, -1) {
		if m[2] == "%" {
			continue
		}
		if m[1] != "" {
			next = int(m[1][0] - '0')
		}
		found = append(found, string(rune('0'+next))+m[2])
		next++
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// Each sentence is there in both languages, once, with the same arguments.
func TestCatalogue(t *testing.T) {
	seen := map[string]bool{}
	for _, area := range areas {
		for code, text := range area {
			if seen[code] {
				t.Errorf("%s stands twice", code)
			}
			seen[code] = true
			if text.ZH == "" || text.EN == "" {
				t.Errorf("%s lacks a language", code)
			}
			if zh, en := arguments(text.ZH), arguments(text.EN); !slices.Equal(zh, en) {
				t.Errorf("%s takes %v in Chinese and %v in English", code, zh, en)
			}
		}
	}
}

func TestSay(t *testing.T) {
	if got, want := Say(English, "web.minutes_ago", 3), "3 min ago"; got != want {
		t.Errorf("Say = %q, want %q", got, want)
	}
	if got, want := Say(Chinese, "web.minutes_ago", 3), "3 分钟前"; got != want {
		t.Errorf("Say = %q, want %q", got, want)
	}
	if got, want := Say(Chinese, "no.such_code"), "no.such_code"; got != want {
		t.Errorf("Say of a hole = %q, want %q", got, want)
	}
}
