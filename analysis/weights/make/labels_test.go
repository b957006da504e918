package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"minsheng/analysis"
	"minsheng/opinion"
)

// Every line of the file can be read, and says what there is to say.
func TestLabels(t *testing.T) {
	for name, file := range map[string]string{"labels.tsv": labels, "bodies.tsv": bodies} {
		n := 0
		for _, set := range append([]part{newsPart}, postParts...) {
			its, err := labelsOf(file, set.name)
			if err != nil {
				t.Fatal(err)
			}
			for key, l := range its {
				n++
				if len(key) != 16 || classes(l.attitude) == 0 || name == "bodies.tsv" && l.chars < 1 {
					t.Errorf("%s, %s: key %q with %+v", name, set.name, key, l)
				}
			}
		}
		if want := strings.Count(file, "\n") - strings.Count(file, "#") - 1; n != want {
			t.Errorf("%s: %d labels of known sets in %d lines", name, n, want)
		}
	}
	for _, wrong := range []string{
		"hash\tset\tlabel\tkind\tsure\n0123456789abcdef\tnews3\tneu\n",
		"hash\tset\tlabel\tsure\tat\tchars\tstaff\n0123456789abcdef\tnews3\tneu\t1\tx\t2\t0\n",
	} {
		if _, err := labelsOf(wrong, "news3"); err == nil {
			t.Errorf("%q is read without an error", wrong)
		}
	}
}

func classes(a opinion.Attitude) int {
	return strings.Count("neg neu pos", string(a)) * len(a)
}

// Labels find their texts whatever the marks between the words, and what is
// measured with is left out.
func TestRelabelled(t *testing.T) {
	old, oldBodies := labels, bodies
	t.Cleanup(func() { labels, bodies = old, oldBodies })
	bodies = "hash\tset\tlabel\tsure\tat\tchars\tstaff\n" +
		keyOf("窗口的医生不理人，医生走了") + "\tnews3\tneg\t0\t3\t2\t1\n" +
		keyOf("法院开放参观") + "\tnews3\tneu\t1\t0\t2\t0\n" +
		keyOf("别的") + "\tnews3\tneu\t1\t1\t2\t0\n" // beyond its end
	labels = "# a comment\nhash\tset\tlabel\tkind\tsure\n" +
		keyOf("民警在路口，推车！") + "\tnews3\tpos\trescue\t1\n" +
		keyOf("交警查车") + "\tnews3\tneu\tincident\t0\n" +
		keyOf("警方发布通报") + "\tnews3\tneu\tnotice\t1\n"
	dir := t.TempDir()
	file := "label\ttext\nneg\t民警在路口 推车\nneu\t交警 查车\nneg\t警方发布通报\nneu\t别的\nneg\t窗口的医生不理人，医生走了\npos\t法院开放参观\n"
	if err := os.WriteFile(filepath.Join(dir, "news3_train.tsv"), []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := maker{data: dir}.relabelled(map[string]bool{bare("警方发布通报"): true})
	if err != nil {
		t.Fatal(err)
	}
	want := []analysis.Labelled{
		{Label: opinion.Positive, Style: "relabelled", Text: "民警在路口 推车", Weight: 1, Drawn: newsDrawn, Apart: true},
		{Label: opinion.Neutral, Style: "relabelled", Text: "交警 查车", Weight: unsureWeight, Drawn: newsDrawn, Apart: true},
		{Label: opinion.Negative, Style: "body", Text: "窗口的民警不理人，民警走了", Weight: bodyWeight * unsureWeight, Apart: true},
		{Label: opinion.Neutral, Style: "body", Text: "警方开放参观", Weight: bodyWeight, Apart: true},
	}
	if !slices.Equal(got, want) {
		t.Errorf("relabelled = %+v, want %+v", got, want)
	}
}
