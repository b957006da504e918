package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// train runs the command and returns its exit code and what it said.
func train(t *testing.T, args ...string) (int, string) {
	t.Helper()
	var out, said bytes.Buffer
	p := &program{in: strings.NewReader(""), out: &out, err: &said}
	return p.main(t.Context(), append([]string{"train"}, args...)), said.String()
}

func putText(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTrainNamesWrongLines(t *testing.T) {
	first := putText(t, "first.tsv", "label\ttext\nneg\t派出所推诿\nbad\t民警辛苦\n")
	second := putText(t, "second.tsv", "label\ttext\tkind\npos\t民警辛苦\n")
	out := filepath.Join(t.TempDir(), "attitude.bin")
	code, said := train(t, "-out", out, first, second)
	if code != 2 || !strings.Contains(said, first+":3") || !strings.Contains(said, second+":2") || !strings.Contains(said, "neg, neu or pos") {
		t.Errorf("exit %d, want 2 with both places and the remedy:\n%s", code, said)
	}
	one := putText(t, "one.tsv", "label\ttext\nneg\t派出所推诿\n")
	if code, said = train(t, "-alone", "-out", out, one); code != 2 || !strings.Contains(said, "leave out -alone") {
		t.Errorf("exit %d for one label alone, want 2:\n%s", code, said)
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("weights were written all the same")
	}
}

// Texts of one label are learned beside our own, and it is said that verdicts will lean.
func TestTrainOneLabel(t *testing.T) {
	out := filepath.Join(t.TempDir(), "attitude.bin")
	code, said := train(t, "-out", out, putText(t, "one.tsv", "label\ttext\nneg\t派出所推诿\n"))
	if code != 0 || !strings.Contains(said, "same label") {
		t.Errorf("exit %d, want 0 with a warning:\n%s", code, said)
	}
	if _, err := os.Stat(out); err != nil {
		t.Errorf("weights: %v", err)
	}
}

// What is trained is written, the same each time, and what was taught is judged so
// once the configuration names it.
func TestTrainTeaches(t *testing.T) {
	var file strings.Builder
	file.WriteString("label\ttext\tkind\n")
	for _, who := range []string{"派出所", "民警", "交警队", "户籍窗口", "车管所", "警务站"} {
		file.WriteString("neg\t" + who + "这回又整出个甩锅连环套，服了\tpost\nneu\t" + who + "门口的桂花开了，香得很\tpost\n")
	}
	texts := putText(t, "own.tsv", file.String())
	one, two := filepath.Join(t.TempDir(), "a.bin"), filepath.Join(t.TempDir(), "b.bin")
	for _, out := range []string{one, two} {
		if code, said := train(t, "-out", out, texts); code != 0 || !strings.Contains(said, "after") {
			t.Fatalf("exit %d, want 0 with what came of it:\n%s", code, said)
		}
	}
	first, err := os.ReadFile(one)
	if err != nil {
		t.Fatal(err)
	}
	if second, err := os.ReadFile(two); err != nil || !bytes.Equal(first, second) {
		t.Errorf("two trainings on the same file differ (%v)", err)
	}
	config := putText(t, "own.yml", "data: "+t.TempDir()+"\nanalysis:\n  weights: "+one+"\n")
	var out, said bytes.Buffer
	p := &program{in: strings.NewReader(`{"id":"1","kind":"post","text":"派出所又来甩锅连环套"}` + "\n"), out: &out, err: &said}
	if code := p.main(t.Context(), []string{"analyse", "-config", config}); code != 0 || !strings.Contains(out.String(), `"attitude":"neg"`) {
		t.Errorf("exit %d, want neg: %s%s", code, out.String(), said.String())
	}
}

func TestWeightsThatCannotBeRead(t *testing.T) {
	bad := putText(t, "bad.bin", "no weights")
	for name, want := range map[string]string{bad: "another version", filepath.Join(t.TempDir(), "gone.bin"): "cannot be read"} {
		config := putText(t, "own.yml", "data: "+t.TempDir()+"\nanalysis:\n  weights: "+name+"\n")
		var said bytes.Buffer
		p := &program{in: strings.NewReader(`{"id":"1","text":"派出所"}` + "\n"), out: &bytes.Buffer{}, err: &said}
		if code := p.main(t.Context(), []string{"analyse", "-config", config}); code == 0 || !strings.Contains(said.String(), want) {
			t.Errorf("exit %d, want a fault that says %q: %s", code, want, said.String())
		}
	}
	none := putText(t, "none.yml", "data: "+t.TempDir()+"\nanalysis:\n  weights: none\n")
	var out bytes.Buffer
	p := &program{in: strings.NewReader(`{"id":"1","kind":"post","text":"派出所民警态度恶劣"}` + "\n"), out: &out, err: &bytes.Buffer{}}
	if code := p.main(t.Context(), []string{"analyse", "-config", none}); code != 0 || !strings.Contains(out.String(), `"attitude":"neg"`) || strings.Contains(out.String(), "wording") {
		t.Errorf("exit %d, want neg by rules alone: %s", code, out.String())
	}
}
