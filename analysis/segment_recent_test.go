package analysis

import (
	"slices"
	"strings"
	"testing"
)

// What is cut again comes from memory and is the same; own words that arrive
// later cut anew.
func TestCutRemembersAndForgets(t *testing.T) {
	s := NewSegmenter()
	text := strings.Repeat("鲸落桥头的派出所今天开放参观，", 8)
	first := slices.Clone(s.Cut(text))
	if again := s.Cut(text); !slices.Equal(again, first) {
		t.Errorf("cut again: %q, want %q", again, first)
	}
	if slices.Contains(first, "鲸落桥头") {
		t.Fatal("the made-up name is a word of the dictionary: the test shows nothing")
	}
	s.Words("鲸落桥头")
	if after := s.Cut(text); !slices.Contains(after, "鲸落桥头") {
		t.Errorf("after the word was added: %q", after)
	}
}
