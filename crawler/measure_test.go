package crawler_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"minsheng/crawler"
)

// sharedData gives the folder of the measuring data and skips where it is not
// there.
func sharedData(t *testing.T) string {
	t.Helper()
	root := os.Getenv("MINSHENG_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "shared")
	}
	dir := filepath.Join(root, "data")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no measuring data: set MINSHENG_SHARED to the shared folder (%v)", err)
	}
	return dir
}

func readFile(t *testing.T, parts ...string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestMeasureDecode(t *testing.T) {
	dir := filepath.Join(sharedData(t), "extract", "charset")
	f, err := os.Open(filepath.Join(dir, "index.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma = '\t'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	right := 0
	for _, row := range rows[1:] {
		text, charset, ok := crawler.Decode(readFile(t, dir, row[0]), row[1])
		want := readFile(t, dir, strings.TrimSuffix(row[0], ".bin")+".txt")
		if strings.TrimSpace(text) == strings.TrimSpace(string(want)) {
			right++
		} else {
			t.Logf("%s: read as %s (sure: %v), is %s", row[0], charset, ok, row[2])
		}
	}
	t.Logf("decode: %d of %d exact", right, len(rows)-1)
	if right < len(rows)-1 {
		t.Error("a document was not decoded exactly")
	}
}
