package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"minsheng/analysis"
	"minsheng/opinion"
)

// Every line of the file can be read, and says what there is to say.
func TestLabels(t *testing.T) {
	n := 0
	for _, set := range append([]part{newsPart}, postParts...) {
		its, err := labelsOf(labels, set.name)
		if err != nil {
			t.Fatal(err)
		}
		for key, l := range its {
			n++
			if len(key) != 16 || classes(l.attitude) == 0 {
				t.Errorf("%s: key %q with label %q", set.name, key, l.attitude)
			}
		}
	}
	if want := strings.Count(labels, "\n") - strings.Count(labels, "#") - 1; n != want {
		t.Errorf("%d labels of known sets in %d lines", n, want)
	}
	if _, err := labelsOf("0123456789abcdef\tnews3\tneu\n", "news3"); err == nil {
		t.Error("a line of three fields is read without an error")
	}
}

func classes(a opinion.Attitude) int {
	return strings.Count("neg neu pos", string(a)) * len(a)
}

// Labels find their texts whatever the marks between the words, and what is
// measured with is left out.
func TestRelabelled(t *testing.T) {
	old := labels
	t.Cleanup(func() { labels = old })
	labels = "# a comment\nhash\tset\tlabel\tkind\tsure\n" +
		keyOf("民警在路口，推车！") + "\tnews3\tpos\trescue\t1\n" +
		keyOf("交警查车") + "\tnews3\tneu\tincident\t0\n" +
		keyOf("警方发布通报") + "\tnews3\tneu\tnotice\t1\n"
	dir := t.TempDir()
	file := "label\ttext\nneg\t民警在路口 推车\nneu\t交警 查车\nneg\t警方发布通报\nneu\t别的\n"
	if err := os.WriteFile(filepath.Join(dir, "news3_train.tsv"), []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := maker{data: dir}.relabelled(map[string]bool{bare("警方发布通报"): true})
	if err != nil {
		t.Fatal(err)
	}
	want := []analysis.Labelled{
		{Label: opinion.Positive, Style: "relabelled", Text: "民警在路口 推车", Weight: 1, Drawn: newsDrawn},
		{Label: opinion.Neutral, Style: "relabelled", Text: "交警 查车", Weight: unsureWeight, Drawn: newsDrawn},
	}
	if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("relabelled = %+v, want %+v", got, want)
	}
}
