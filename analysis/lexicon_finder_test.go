package analysis

import (
	"slices"
	"strings"
	"testing"
)

// The finder finds what looking for each word finds, and of those that overlap
// the leftmost and longest are kept, also where a great many overlap.
func TestFinderFindsEveryWord(t *testing.T) {
	nested := []string{}
	for n := 1; n <= 40; n++ {
		nested = append(nested, strings.Repeat("警", n))
	}
	for _, tc := range []struct {
		text    string
		words   []string
		longest []string
	}{
		{"公安局办公安排，ABC 派出所", []string{"公安", "公安局", "办公", "安排", "abc", "派出", "派出所", "出所"}, []string{"公安局", "办公", "安排", "ABC", "派出所"}},
		{strings.Repeat("警", 100), nested, []string{nested[39], nested[39], nested[19]}},
		{"\xff警\xff察警察", []string{"警察", "警"}, []string{"警", "警察"}},
		{"", []string{"警"}, nil},
	} {
		f := newWordFinder(tc.words)
		found := f.find(nil, tc.text)
		want := 0
		for _, word := range tc.words {
			for i := range tc.text {
				if strings.HasPrefix(lowerASCII(tc.text[i:]), word) {
					want++
				}
			}
		}
		if len(found) != want {
			t.Errorf("%q: %d occurrences, want %d", tc.text, len(found), want)
		}
		for _, w := range found {
			if got := lowerASCII(tc.text[w.start:w.end]); got != tc.words[w.id] {
				t.Errorf("%q: %q stands where word %q was found", tc.text, got, tc.words[w.id])
			}
		}
		var longest []string
		for _, w := range longestWords(found) {
			longest = append(longest, tc.text[w.start:w.end])
		}
		if !slices.Equal(longest, tc.longest) {
			t.Errorf("%q: kept %q, want %q", tc.text, longest, tc.longest)
		}
	}
}
