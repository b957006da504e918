package app

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"minsheng/opinion"
)

func TestCheckDiskSaysWhenSpaceIsScarce(t *testing.T) {
	folder := t.TempDir()
	if err := checkDisk(folder, 1); err != nil {
		t.Errorf("with one byte asked for: %v", err)
	}
	if f := opinion.AsFault(checkDisk(folder, math.MaxUint64), ""); f.Code != "app.disk_scarce" || !f.Retry || len(f.Args) != 2 || f.Args[0] != folder {
		t.Errorf("with more asked for than there is: %v", f)
	}
	if f := opinion.AsFault(checkDisk(filepath.Join(folder, "gone"), 1), ""); f.Code != "app.data_unusable" {
		t.Errorf("of no folder: %v", f)
	}
}

func TestDiskIsMeasured(t *testing.T) {
	registry := prometheus.NewRegistry()
	measureDisk(registry, t.TempDir())
	got, err := registry.Gather()
	if err != nil || len(got) != 1 || got[0].GetMetric()[0].GetGauge().GetValue() <= 0 {
		t.Errorf("gathered %v, %v", got, err)
	}
}

func TestDataFolderThatIsAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "data")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{file, filepath.Join(file, "below")} {
		if _, err := lockFolder(folder); opinion.AsFault(err, "").Code != "app.data_file" {
			t.Errorf("lockFolder(%s) = %v", folder, err)
		}
	}
}
