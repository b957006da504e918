package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
	"time"

	"minsheng/analysis"
	"minsheng/app"
	"minsheng/config"
	"minsheng/index"
	"minsheng/opinion"
	"minsheng/store"
)

// kill is a moment: the nth time since the start that a step begins.
type kill struct {
	step string
	n    int
}

// kills are 20 moments, spread over every step of a post's way. The first ones
// fall into the crawl, the last ones into raising and delivering.
var kills = []kill{
	{"fetch", 3},
	{"accept", 2},
	{"judge", 1},
	{"index", 1},
	{"fetch", 9},
	{"accept", 7},
	{"analyse", 1},
	{"index", 2},
	{"judge", 2},
	{"fetch", 12},
	{"accept", 8},
	{"judge", 1},
	{"index", 1},
	{"analyse", 2},
	{"fetch", 5},
	{"raise", 1},
	{"raise", 1},
	{"deliver", 1},
	{"deliver", 1},
	{"deliver", 1},
}

// running is the program as a child process.
type running struct {
	cmd   *exec.Cmd
	lines chan string // of its log, closed at its end
}

func start(t *testing.T, configuration string) *running {
	t.Helper()
	cmd := exec.Command(os.Args[0], "run", "-config", configuration, "-log", "debug")
	cmd.Env = append(os.Environ(), asProgram+"=1")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r := &running{cmd: cmd, lines: make(chan string, 10_000)}
	go func() {
		defer close(r.lines)
		s := bufio.NewScanner(stderr)
		s.Buffer(nil, 1<<20)
		for s.Scan() {
			r.lines <- s.Text()
		}
	}()
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return r
}

var stepLine = regexp.MustCompile(`msg=step name=(\w+)`)

// until kills the process at a moment. It reports false where the moment did
// not come within the time.
func (r *running) until(k kill, within time.Duration) bool {
	deadline := time.After(within)
	seen := 0
	for {
		select {
		case line, ok := <-r.lines:
			if !ok {
				return false
			}
			if m := stepLine.FindStringSubmatch(line); m != nil && m[1] == k.step {
				if seen++; seen == k.n {
					_ = r.cmd.Process.Kill()
					r.wait()
					return true
				}
			}
		case <-deadline:
			_ = r.cmd.Process.Kill()
			r.wait()
			return false
		}
	}
}

func (r *running) wait() {
	for range r.lines { // drained, so that the pipe closes
	}
	_ = r.cmd.Wait()
}

// TestNothingLostNothingTwice kills the program 20 times during a crawl of
// 2,000 posts.
func TestNothingLostNothingTwice(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute; run without -short")
	}
	site := newSite(t, 2_000)
	folder := t.TempDir()
	configuration := filepath.Join(folder, "minsheng.yml")
	if err := os.WriteFile(configuration, []byte(site.configuration(filepath.Join(folder, "data"))), 0o600); err != nil {
		t.Fatal(err)
	}
	fell := map[string]int{}
	for _, k := range kills {
		site.open.Store(k.step == "deliver") // until then messages are refused, so that they are still to be sent
		r := start(t, configuration)
		if !r.until(k, 90*time.Second) {
			t.Fatalf("step %s never began its time number %d; so far the kills fell on %v", k.step, k.n, fell)
		}
		fell[k.step]++
	}
	t.Logf("kills by step: %v", fell)

	last := start(t, configuration)
	go func() {
		for range last.lines { // read, so that the child never waits for us
		}
	}()
	site.settle(t, last)
	if err := last.cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if err := last.cmd.Wait(); err != nil {
		t.Errorf("stopped by Ctrl-C: %v, want exit 0", err)
	}
	checkWhole(t, configuration, site)
}

// checkWhole opens the data and counts.
func checkWhole(t *testing.T, configuration string, site *site) {
	cfg, err := config.Load(configuration)
	if err != nil {
		t.Fatal(err)
	}
	o, err := app.OpenOffice(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	counts, err := o.State.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	indexed, err := o.Index.Count(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if counts["posts"] != site.posts || counts["judged"] != site.posts || indexed != site.posts {
		t.Errorf("stored %d, judged %d, indexed %d, want %d of each", counts["posts"], counts["judged"], indexed, site.posts)
	}
	wrong, err := o.State.Verify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range wrong {
		t.Errorf("recount: %s", w)
	}
	everyOnce(t, o.Index, site)
	alertsOnce(t, o.State, site)
}

// everyOnce looks for each post by the phrase that only it holds.
func everyOnce(t *testing.T, ix index.Index, site *site) {
	for i := range site.posts {
		folded, _ := analysis.Fold(mark(i))
		expr, err := index.ParseQuery(`"` + folded + `"`)
		if err != nil {
			t.Fatal(err)
		}
		res, err := ix.Search(t.Context(), index.Query{Expr: expr})
		if err != nil {
			t.Fatal(err)
		}
		if len(res.Hits) != 1 {
			t.Errorf("post %d is in the index %d times", i, len(res.Hits))
		}
	}
}

func alertsOnce(t *testing.T, state store.Store, site *site) {
	all, err := state.Alerts(t.Context(), store.AlertQuery{})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatal("no alert was raised")
	}
	incidents := map[string]int{}
	for _, a := range all {
		incidents[a.Incident]++
	}
	for id, n := range incidents {
		if n != 1 {
			t.Errorf("incident %s raised %d alerts, want 1", id, n)
		}
	}
	killed := 3 // kills that fell on deliver: each may repeat one message
	got := site.delivered()
	for _, a := range all {
		if n := got[a.ID]; n < 1 || n > 1+killed {
			t.Errorf("alert %d reached the channel %d times, want once, and once more at most for each kill in flight", a.Number, n)
		}
		page, err := state.AlertByNumber(t.Context(), a.Number)
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Deliveries) != 1 || page.Deliveries[0].State != opinion.Delivered {
			t.Errorf("alert %d has the deliveries %+v, want one that is delivered", a.Number, page.Deliveries)
		}
	}
	if extra := len(got) - len(all); extra > 0 {
		t.Errorf("the channel was told of %d alerts that the store does not know", extra)
	}
}

// mark is a phrase that stands in one post only.
func mark(i int) string {
	return fmt.Sprintf("记号%c%c%c", 0x4e00+i%97*31, 0x5e00+i/97*17, 0x6e00+i%89*13)
}
