package analysis

import (
	"slices"
	"strings"
	"testing"
)

// What is cut again comes from memory and is the same.
func TestCutRemembers(t *testing.T) {
	s := NewSegmenter()
	text := strings.Repeat("鲸落桥头的派出所今天开放参观，", 8)
	first := slices.Clone(s.Cut(text))
	if s.recent.find(text) == nil {
		t.Fatal("the text is not remembered: the test shows nothing")
	}
	if again := s.Cut(text); !slices.Equal(again, first) {
		t.Errorf("cut again: %q, want %q", again, first)
	}
	s.recent.clear()
	if anew := s.Cut(text); !slices.Equal(anew, first) {
		t.Errorf("cut anew: %q, want %q", anew, first)
	}
}
