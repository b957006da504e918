package analysis_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"minsheng/analysis"
)

func sharedData(t *testing.T, name string) string {
	t.Helper()
	base := os.Getenv("MINSHENG_SHARED")
	if base == "" {
		base = filepath.Join("..", "..", "shared")
	}
	path := filepath.Join(base, "data", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no shared data (%s): skipped", name)
	}
	return path
}

func TestMaskSharedCases(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(sharedData(t, "pii"), "*.jsonl"))
	private, leaked, over, cases := 0, 0, 0, 0
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		lines := bufio.NewScanner(f)
		for lines.Scan() {
			var c struct {
				Kind, Text string
				Gone       []string `json:"must_not_contain"`
				Kept       []string `json:"must_contain"`
			}
			if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
				t.Fatal(err)
			}
			out, _ := analysis.Fold(analysis.Mask(c.Text))
			bare, _ := analysis.Fold(c.Text)
			early := analysis.Mask(bare)
			cases++
			private += min(1, len(c.Gone))
			for _, s := range c.Gone {
				if strings.Contains(out, s) || strings.Contains(early, s) {
					leaked++
					t.Errorf("%s: %q leaks in %q", c.Kind, s, out)
				}
			}
			for _, s := range c.Kept {
				if !strings.Contains(out, s) || !strings.Contains(early, s) {
					over++
					t.Errorf("%s: %q lost in %q", c.Kind, s, out)
				}
			}
		}
	}
	t.Logf("mask: %d cases, %d private, %d leaked, %d over-masked", cases, private, leaked, over)
}

func FuzzMask(f *testing.F) {
	for _, c := range maskCases {
		f.Add(c.in)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 2000 {
			return
		}
		masked := analysis.Mask(s)
		if again := analysis.Mask(masked); again != masked {
			t.Errorf("Mask(%q)\n = %q, masked again\n   %q", s, masked, again)
		}
	})
}

// Time is linear: much of anything is done at once, a megabyte of one character too.
func TestMaskLong(t *testing.T) {
	for _, one := range []string{
		"1", "1 ", "警", "@", "@a", "室", "3栋", "3-", "QQ", "微信", "qq:1", "粤B", "粤B1", "一", "[电话]", "13900001234 ", "护照", "护照1",
		"+", "a@", "a@b.c", "#a", "住3号", "(at)", "0990-", "小区", "\u200b1", "，1", "1、",
		"v-", "E-", "passport ", "军官证", "军官证南字第", "使1", "绿泡泡a", "网友@a", "1/", "1O", "证1", "号a", "加v", "   1", "住1楼", " at ", "a艾特", "群号1",
	} {
		size := 1 << 17
		if len(one) <= 3 && !strings.ContainsAny(one, " -@栋、/a") {
			size = 1 << 20
		}
		s := strings.Repeat(one, size/len(one))
		if masked := analysis.Mask(s); len(masked) > 10*len(s) {
			t.Errorf("%q repeated grew to %d bytes", one, len(masked))
		}
	}
}
