package analysis_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"minsheng/analysis"
)

// The dirty essays, judged as the evaluation does it: clean, mask, fold.
func TestCleanSharedSeeds(t *testing.T) {
	dir := sharedData(t, "extract")
	raw, err := os.ReadFile(filepath.Join(dir, "seeds_check.json"))
	if err != nil {
		t.Fatal(err)
	}
	var check struct {
		Files map[string]struct {
			Kept    []string `json:"must_contain"`
			Gone    []string `json:"must_not_contain"`
			Matches []string `json:"must_not_match"`
			Flags   []string `json:"flags"`
		} `json:"files"`
	}
	if err := json.Unmarshal(raw, &check); err != nil {
		t.Fatal(err)
	}
	keep, kept, drop, gone := 0, 0, 0, 0
	for name, c := range check.Files {
		text, err := os.ReadFile(filepath.Join(dir, "seeds", name))
		if err != nil {
			t.Fatal(err)
		}
		cleaned, cut, flags := analysis.Clean(string(text))
		out, _ := analysis.Fold(analysis.Mask(cleaned))
		t.Logf("%s: cut %v, flags %v (expected %v)", name[:3], cut, flags, c.Flags)
		for _, want := range c.Kept {
			keep++
			if slices.ContainsFunc(strings.Split(want, "|"), func(w string) bool { return strings.Contains(out, w) }) {
				kept++
			} else {
				t.Logf("%s lost %q", name[:3], want)
			}
		}
		for _, bad := range c.Gone {
			drop++
			if !strings.Contains(out, bad) {
				gone++
			} else {
				t.Logf("%s left %q", name[:3], bad)
			}
		}
		for _, bad := range c.Matches {
			drop++
			if !regexp.MustCompile(strings.NewReplacer(`\u4e00`, "一", `\u9fff`, "鿿").Replace(bad)).MatchString(out) {
				gone++
			} else {
				t.Logf("%s matches %q", name[:3], bad)
			}
		}
	}
	t.Logf("seeds: kept %d of %d, removed %d of %d", kept, keep, gone, drop)
	if kept < keep || gone < drop {
		t.Errorf("kept %d of %d, removed %d of %d: worse than it was", kept, keep, gone, drop)
	}
}
