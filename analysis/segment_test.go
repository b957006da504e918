package analysis_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"minsheng/analysis"
)

// words is the one segmenter of these tests: loading takes a second.
var words = sync.OnceValue(analysis.NewSegmenter)

func TestCut(t *testing.T) {
	for in, want := range map[string][]string{
		"": {},
		"派出所民警接到报警后赶到现场":    {"派出所", "民警", "接到", "报警", "后", "赶到", "现场"},
		"Police OK，110出警。":  {"Police", " ", "OK", "，", "110", "出警", "。"},
		"交警\n\n执法  规范":      {"交警", "\n", "\n", "执法", " ", " ", "规范"},
		"😀👍 \xff\u0301":     {"😀", "👍", " ", "\xff", "\u0301"},
		"公安局办理身份证件的窗口":      {"公安局", "办理", "身份证件", "的", "窗口"},
		"他说警察态度恶劣，对群众推诿扯皮。": {"他", "说", "警察", "态度恶劣", "，", "对", "群众", "推诿", "扯皮", "。"},
	} {
		got := words().Cut(in)
		if diff := cmp.Diff(got, want); diff != "" {
			t.Errorf("Cut(%q) -got +want:\n%s", in, diff)
		}
	}
}

func TestCutLong(t *testing.T) {
	for _, one := range []string{"警", "a", "。", "\n", "民警到场。", "9 ", "\xff", "😀", "派出所"} {
		s := strings.Repeat(one, (1<<20)/len(one))
		if got := strings.Join(words().Cut(s), ""); got != s {
			t.Errorf("Cut of %q repeated does not cover the text", one)
		}
	}
}

// A text is cut alike wherever it stands in a long one.
func TestCutAlikeAnywhere(t *testing.T) {
	line := "市民向派出所反映情况，民警随后到场处置。\n"
	alone := words().Cut(line)
	got := words().Cut(strings.Repeat(line, 500))
	for i, w := range got {
		if w != alone[i%len(alone)] {
			t.Fatalf("word %d = %q, want %q", i, w, alone[i%len(alone)])
		}
	}
}

func TestWaitForTheDictionary(t *testing.T) {
	s := analysis.NewSegmenter()
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Wait(gone); err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("Wait = %v, want %v", err, context.Canceled)
	}
	if err := s.Wait(t.Context()); err != nil {
		t.Fatalf("Wait: %v", err)
	}
	if !s.Ready() {
		t.Error("Ready = false after Wait")
	}
}

func TestCutBesideCut(t *testing.T) {
	s := analysis.NewSegmenter()
	text := strings.Repeat("民警到场。", 12)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 50 {
				if got := s.Cut(text)[:2]; !slices.Equal(got, []string{"民警", "到场"}) {
					t.Errorf("Cut = %q", got)
				}
			}
		})
	}
	group.Wait()
}
