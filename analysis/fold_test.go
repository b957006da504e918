package analysis_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"minsheng/analysis"
)

func TestFold(t *testing.T) {
	for name, c := range map[string]struct {
		in, want string
		back     []int32
	}{
		"empty":            {"", "", nil},
		"plain":            {"民警到场。\nok", "民警到场。\nok", nil},
		"traditional":      {"員警執法", "员警执法", nil},
		"phrase":           {"乾隆看著乾燥的藉口，於是慰藉", "乾隆看著干燥的借口,于是慰藉", nil},
		"full width":       {"１１０　Ａ！", "110 A!", nil},
		"blank runs":       {"a \t　b", "a b", []int32{0, 1, 4}},
		"blanks and lines": {"a \n\n b", "a \n\n b", nil},
		"carriage return":  {"a\r\nb\rc\u2028d", "a\nb\nc\nd", []int32{0, 2, 3, 4, 5, 6, 7}},
		"zero width":       {"民\u200b警\u202e到", "民警到", []int32{0, 2, 4}},
		"hidden in phrase": {"乾\u200b坤", "乾坤", []int32{0, 2}},
		"control":          {"a\x00b\x7fc", "abc", []int32{0, 2, 4}},
		"several for one":  {"第⑩条㈱", "第10条(株)", []int32{0, 1, 1, 2, 3, 3, 3}},
		"combining":        {"cafe\u0301!", "caf\u00e9!", []int32{0, 1, 2, 3, 5}},
		"kana":             {"ｶﾞｯ", "ガッ", []int32{0, 2}},
		"hangul":           {"\u1112\u1161\u11abx", "한x", []int32{0, 3}},
		"radical":          {"⺠⽤", "⺠用", nil},
		"beyond the plane": {"𠁞𝐀😀", "𠀾A😀", nil},
		"bad bytes":        {"a\xffb", "a\ufffdb", nil},
		"byte order mark":  {"\ufeffa", "a", []int32{1}},
	} {
		t.Run(name, func(t *testing.T) {
			got, back := analysis.Fold(c.in)
			if diff := cmp.Diff(got, c.want); diff != "" {
				t.Errorf("Fold(%q) -got +want:\n%s", c.in, diff)
			}
			if diff := cmp.Diff(back, c.back); diff != "" {
				t.Errorf("Fold(%q) back -got +want:\n%s", c.in, diff)
			}
		})
	}
}

// The slow and plain way to fold: drop what shows nothing, NFKC, simplified,
// blanks. Fold must agree with it on every single character and pair of kinds.
func TestFoldAgreesWithItsDefinition(t *testing.T) {
	for r := rune(0); r <= 0x2FFFF; r++ {
		if !utf8.ValidRune(r) || norm.NFKC.PropertiesString(string(r)).CCC() != 0 {
			continue
		}
		got, _ := analysis.Fold("a" + string(r) + "b")
		if got == "ab" { // what is dropped is told one by one above
			continue
		}
		want := norm.NFKC.String("a" + string(r) + "b")
		if strings.ContainsAny(got, " \n") {
			continue
		}
		want = analysis.ToSimplified(analysis.ToSimplified(want)) // 薴 takes two steps
		if got != want {
			t.Errorf("Fold(a %U b) = %q, want %q", r, got, want)
		}
	}
}

func TestToSimplified(t *testing.T) {
	for in, want := range map[string]string{
		"":             "",
		"民警":           "民警",
		"促進警民良性互動":     "促进警民良性互动",
		"乾坤":           "乾坤",
		"乾燥":           "干燥",
		"一目瞭然，瞭解，瞭望":   "一目了然，了解，瞭望",
		"上鍊":           "上链",
		"\ufa0c\uf914": "兀乐",
		"Ａ　(full)":     "Ａ　(full)",
		"\xff員\xe5":    "\xff员\xe5",
	} {
		if got := analysis.ToSimplified(in); got != want {
			t.Errorf("ToSimplified(%q) = %q, want %q", in, got, want)
		}
	}
}

// mapsBack checks what is promised of the map: a length for each character, never
// falling, within the text.
func mapsBack(t *testing.T, s, folded string, back []int32) {
	t.Helper()
	in, out := utf8.RuneCountInString(s), utf8.RuneCountInString(folded)
	if back == nil {
		if out > in {
			t.Errorf("Fold(%q) made %d characters of %d without a map", s, out, in)
		}
		return
	}
	if len(back) != out {
		t.Fatalf("Fold(%q) map of %d for %d characters", s, len(back), out)
	}
	last := int32(0)
	for i, b := range back {
		if b < last || int(b) >= in {
			t.Fatalf("Fold(%q) back[%d] = %d after %d, of %d", s, i, b, last, in)
		}
		last = b
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"", "乾\u200b坤 \t　於", "e\u0301\u200b\u0323", "ｶﾞ㈱⑩", "\r\n\u2029\xff", "\u1112\u1161\u11ab", "著書立說 𝐀\ufe0f", "\u00a8\u0301\u3164", "iii\xccíㅁㅔ", "\x03薴"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		folded, back := analysis.Fold(s)
		mapsBack(t, s, folded, back)
		again, _ := analysis.Fold(folded)
		if again != folded {
			t.Errorf("Fold(%q) = %q, folded again %q", s, folded, again)
		}
		if !utf8.ValidString(folded) {
			t.Errorf("Fold(%q) = %q, no valid UTF-8", s, folded)
		}
	})
}

func TestFoldLong(t *testing.T) {
	for _, one := range []string{"警", "乾", "員", " ", "\u0301", "\u200b", "㈱", "\xff", "\n", "😀", "ﾞ", "\u1161", "乾\u200b"} {
		s := strings.Repeat(one, (1<<19)/len(one))
		folded, back := analysis.Fold(s)
		mapsBack(t, s, folded, back)
	}
}
