package main

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"minsheng/store"
	"minsheng/store/sqlite"
)

// TestRestartAsksAgainOnlyWhatWasInFlight kills the program in the middle of a
// first crawl, four times. Every queued address is asked for in the end, and
// none a second time but those that a kill found asked and not recorded yet.
func TestRestartAsksAgainOnlyWhatWasInFlight(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute; run without -short")
	}
	site := newSite(t, forums*12*perThread) // twelve threads on each forum
	folder := t.TempDir()
	configuration := filepath.Join(folder, "minsheng.yml")
	if err := os.WriteFile(configuration, []byte(site.configuration(filepath.Join(folder, "data"))), 0o600); err != nil {
		t.Fatal(err)
	}
	mayRepeat := map[string]int{}
	for _, n := range []int{20, 15, 17, 12} {
		r := start(t, configuration)
		if !r.until(kill{"fetch", n}, 90*time.Second) {
			t.Fatalf("fetch %d never began", n)
		}
		time.Sleep(100 * time.Millisecond) // what was sent before the kill has arrived
		known := frontier(t, filepath.Join(folder, "data", "minsheng.db"))
		inFlight := 0
		for url, asked := range site.requests() {
			if known[url] { // it waits as if nobody had asked
				inFlight++
				mayRepeat[url] = max(mayRepeat[url], asked)
			}
		}
		t.Logf("killed at fetch %d with %d in flight, after %d threads", n, inFlight, len(site.requests()))
		if inFlight > 2*forums {
			t.Errorf("%d addresses were asked and not recorded, want at most one being asked and one being recorded of each of the %d hosts", inFlight, forums)
		}
	}
	last := start(t, configuration)
	go func() {
		for range last.lines { // read, so that the child never waits for us
		}
	}()
	all := 0
	for _, threads := range site.threads {
		all += len(threads)
	}
	for deadline := time.Now().Add(2 * time.Minute); len(site.requests()) < all && time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
	}
	time.Sleep(2 * time.Second) // four pauses of a host: what would be asked again comes now
	if err := last.cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if err := last.cmd.Wait(); err != nil {
		t.Errorf("stopped by Ctrl-C: %v, want exit 0", err)
	}
	got := site.requests()
	if len(got) != all {
		t.Errorf("%d of %d threads were asked for, want all", len(got), all)
	}
	for url, n := range got {
		if n > 1+mayRepeat[url] {
			t.Errorf("%s was asked for %d times, in flight at %d kills", url, n, mayRepeat[url])
		}
	}
}

// frontier are the pages that wait and were never read, as a data file says
// whose program is gone.
func frontier(t *testing.T, path string) map[string]bool {
	t.Helper()
	f, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.R.QueryContext(t.Context(), `SELECT url FROM frontier WHERE role = ? AND full_at = 0`, store.PageRole)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	all := map[string]bool{}
	for rows.Next() {
		var url string
		if err := rows.Scan(&url); err != nil {
			t.Fatal(err)
		}
		all[url] = true
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
