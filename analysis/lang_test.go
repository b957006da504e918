package analysis_test

import (
	"strings"
	"testing"

	"minsheng/analysis"
)

func TestLang(t *testing.T) {
	for in, want := range map[string]string{
		"":                         "",
		"12:30 👍 ……":               "",
		"民警到场":                     "zh",
		"警":                        "zh",
		"派出所的APP升级到Android15了":     "zh",
		"The police came at once.": "en",
		"The police (公安) came at once, said a shopkeeper.": "en",
		"警察が来ました、ありがとうございます":                               "other",
		"경찰이 왔습니다":                                         "other",
		"Полиция приехала":                                 "other",
		"民警说спасибо，老外很开心":                                 "zh",
		"He said спасибо to the officers":                  "en",
		strings.Repeat("警", 1<<20):                         "zh",
	} {
		if got := analysis.Lang(in); got != want {
			t.Errorf("Lang(%.40q) = %q, want %q", in, got, want)
		}
	}
}
