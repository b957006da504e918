package index_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	. "minsheng/index"
	"minsheng/opinion"
)

func TestParseQuery(t *testing.T) {
	tests := []struct {
		in   string
		want Expr
	}{
		{"", nil},
		{" 　\t", nil},
		{"窗口", Word("窗口")},
		{"窗口 态度", All{Word("窗口"), Word("态度")}},
		{"窗口　态度", All{Word("窗口"), Word("态度")}},
		{"甲 乙 | 丙", Any{All{Word("甲"), Word("乙")}, Word("丙")}},
		{"甲｜乙 OR 丙", Any{Word("甲"), Word("乙"), Word("丙")}},
		{"甲 or 乙", All{Word("甲"), Word("or"), Word("乙")}},
		{"甲 -乙", All{Word("甲"), Not{X: Word("乙")}}},
		{"甲 －乙", All{Word("甲"), Not{X: Word("乙")}}},
		{"甲 NOT 乙", All{Word("甲"), Not{X: Word("乙")}}},
		{"-乙", Not{X: Word("乙")}},
		{"110-2", Word("110-2")},
		{`"态度 差"`, Phrase("态度 差")},
		{"“态度差”「排队」『证』", All{Phrase("态度差"), Phrase("排队"), Phrase("证")}},
		{"”态度差”", Phrase("态度差")},
		{`「他说"不"」`, Phrase(`他说"不"`)},
		{`甲"乙"丙`, All{Word("甲"), Phrase("乙"), Word("丙")}},
		{"（甲｜乙）-（丙 丁）", All{Any{Word("甲"), Word("乙")}, Not{X: All{Word("丙"), Word("丁")}}}},
		{"((甲))", Word("甲")},
		{"words:甲* AND ^乙", All{Word("words:甲*"), Word("AND"), Word("^乙")}},
	}
	for _, tt := range tests {
		got, err := ParseQuery(tt.in)
		if err != nil {
			t.Errorf("ParseQuery(%q): %v", tt.in, err)
			continue
		}
		if diff := cmp.Diff(got, tt.want); diff != "" {
			t.Errorf("ParseQuery(%q) (-got +want):\n%s", tt.in, diff)
		}
	}
}

func TestParseQueryFaults(t *testing.T) {
	tests := []struct {
		in   string
		code string
		at   string
	}{
		{`甲 "乙`, "query.quote", "3"},
		{"“乙\"", "query.quote", "1"},
		{`甲 ""`, "query.nothing", "3"},
		{`"　"`, "query.nothing", "1"},
		{"()", "query.nothing", "1"},
		{"甲 (乙", "query.open", "3"},
		{"甲 (乙 (丙)", "query.open", "3"},
		{"(", "query.open", "1"},
		{"甲)", "query.close", "2"},
		{")", "query.close", "1"},
		{"| 甲", "query.operator", "1"},
		{"甲 |", "query.operator", "3"},
		{"甲 OR", "query.operator", "3"},
		{"甲 || 乙", "query.operator", "3"},
		{"(甲 |)", "query.operator", "4"},
		{"甲 -", "query.operator", "3"},
		{"--甲", "query.operator", "1"},
		{"-|甲", "query.operator", "1"},
		{strings.Repeat("字", MaxQuery+1), "query.long", "501"},
		{strings.Repeat("字 ", MaxTerms+1), "query.terms", "101"},
		{strings.Repeat("(", 21) + "甲", "query.deep", "21"},
	}
	for _, tt := range tests {
		_, err := ParseQuery(tt.in)
		var f *opinion.Fault
		if !errors.As(err, &f) || !errors.Is(err, opinion.ErrInvalid) {
			t.Errorf("ParseQuery(%.20q) = %v, want a Fault that is ErrInvalid", tt.in, err)
			continue
		}
		if f.Code != tt.code || f.Args[0] != tt.at {
			t.Errorf("ParseQuery(%.20q) = %s at %s, want %s at %s", tt.in, f.Code, f.Args[0], tt.code, tt.at)
		}
	}
}

func FuzzParseQuery(f *testing.F) {
	for _, s := range []string{"", "甲 -乙|(丙 “丁”)", `「a"b」 OR NOT c`, "((甲)", "－（｜）", "\xff\x00", "a-b -c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		x, err := ParseQuery(s)
		if err != nil {
			if !errors.Is(err, opinion.ErrInvalid) {
				t.Fatalf("ParseQuery(%q) = %v, want ErrInvalid", s, err)
			}
			return
		}
		if x == nil {
			return
		}
		// Brackets that the writing adds may exceed what a person may type.
		again, err := ParseQuery(x.String())
		var fault *opinion.Fault
		if errors.As(err, &fault) && (fault.Code == "query.long" || fault.Code == "query.deep") {
			return
		}
		if err != nil {
			t.Fatalf("ParseQuery(%q) reads, but its writing %q does not: %v", s, x, err)
		}
		if diff := cmp.Diff(again, x); diff != "" {
			t.Fatalf("%q is written %q and read again (-got +want):\n%s", s, x, diff)
		}
	})
}
