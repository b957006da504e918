package pipeline

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"testing"

	"minsheng/store/sqlite"
)

// BenchmarkSeen runs the crawling loop beside 100,000 and beside a million
// addresses that were read for good, and tells what this process takes then:
// beyond the cache of the data file it does not grow with them.
func BenchmarkSeen(b *testing.B) {
	site := newBenchSite(b, benchPages)
	for _, n := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				benchMinsheng(b, site, benchRun{seen: n})
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

// fillSeen makes a data file that knows n addresses, none of the site's, and
// holds twenty megabytes of texts.
func fillSeen(b *testing.B, path string, n int) {
	file, err := sqlite.Open(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	_, err = file.W.ExecContext(b.Context(), `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
		INSERT INTO seen SELECT random(), i FROM n`, n)
	if err != nil {
		b.Fatal(err)
	}
	_, err = file.W.ExecContext(b.Context(), `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
		INSERT INTO body SELECT i, '', hex(randomblob(2000)), NULL FROM n`)
	if err != nil {
		b.Fatal(err)
	}
}

// readTexts fills the cache of the writing connection, as a day's work does: it
// is as full beside few addresses as beside many.
func readTexts(b *testing.B, file *sqlite.File) {
	var size int64
	if err := file.W.QueryRowContext(b.Context(), `SELECT SUM(LENGTH(text)) FROM body`).Scan(&size); err != nil {
		b.Fatal(err)
	}
}

// benchMemory is what this process holds after a collection: Go's heap, and all
// of it with the cache of the data file, in megabytes of a million bytes.
func benchMemory(b *testing.B) (heap, resident float64) {
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		b.Skipf("no /proc here: %v", err)
	}
	var size, pages int64
	if _, err := fmt.Sscan(string(text), &size, &pages); err != nil {
		b.Fatal(err)
	}
	return float64(m.HeapAlloc) / 1e6, float64(pages*int64(os.Getpagesize())) / 1e6
}
