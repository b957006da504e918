package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"minsheng/analysis/analysistest"
	"minsheng/app"
	"minsheng/opinion"
	"minsheng/store"
)

const (
	atRest   = 10 * time.Second // after which an idle daemon's memory is read
	searches = 200
)

// BenchmarkDaemon starts the built program (bin/minsheng, or MINSHENG_PROGRAM)
// as a child, on an empty folder and on one with 100,000 posts of the last
// fortnight, and gives the time to its first page and its memory. It is one
// story, told once: run it with -benchtime=1x.
func BenchmarkDaemon(b *testing.B) {
	program := os.Getenv("MINSHENG_PROGRAM")
	if program == "" {
		program = "../../bin/minsheng"
	}
	program, err := filepath.Abs(program)
	must(b, err)
	if _, err := os.Stat(program); err != nil {
		b.Skip("no built program: run `make build`, or set MINSHENG_PROGRAM")
	}
	n := 100_000
	if testing.Short() {
		n = 2_000
	}
	folder := b.TempDir()
	must(b, os.WriteFile(filepath.Join(folder, "minsheng.yml"), []byte("data: data\n"), 0o600))
	var password string
	b.Run("empty", func(b *testing.B) {
		c := startChild(b, program, folder)
		c.metrics(b)
		secret, err := os.ReadFile(filepath.Join(folder, "data", "first-password"))
		must(b, err)
		password = strings.TrimSpace(string(secret))
		c.stop(b)
	})
	corpus := fillOffice(b, folder, n)
	b.Run(fmt.Sprintf("%d-posts", n), func(b *testing.B) {
		c := startChild(b, program, folder)
		c.metrics(b)
		c.signIn(b, password)
		c.search(b, corpus)
		b.ReportMetric(c.memory(b, "VmRSS"), "memory-after-searches-MB")
		b.ReportMetric(c.memory(b, "VmHWM"), "memory-at-most-MB")
		c.stop(b)
	})
}

// fillOffice puts n posts into the data of a folder by the steps of the daemon.
func fillOffice(b *testing.B, folder string, n int) *analysistest.Corpus {
	corpus, err := analysistest.Open("../../analysis/data/words.txt.gz", 3)
	must(b, err)
	b.Chdir(folder)
	cfg, err := load("minsheng.yml")
	must(b, err)
	office, err := app.OpenOffice(b.Context(), cfg)
	must(b, err)
	defer func() { must(b, office.Close()) }()
	const batch, lately = 1000, 13 * 24 * time.Hour
	start := time.Now().Add(-lately)
	for range n / batch {
		_, err := office.State.Accept(b.Context(), corpus.Posts(batch, start, lately/time.Duration(n)))
		must(b, err)
	}
	must(b, office.Work(b.Context(), func(int) {}, store.Analyse, store.Index))
	found, err := office.Index.Count(b.Context())
	must(b, err)
	if found != n {
		b.Fatalf("%d posts are found, want %d", found, n)
	}
	return corpus
}

// child is a running daemon and a browser on it.
type child struct {
	cmd     *exec.Cmd
	base    string
	browser *http.Client
	started time.Time
}

func startChild(b *testing.B, program, folder string) *child {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(b, err)
	address := l.Addr().String()
	must(b, l.Close())
	jar, err := cookiejar.New(nil)
	must(b, err)
	c := &child{base: "http://" + address, browser: &http.Client{Jar: jar, Timeout: time.Minute}}
	c.cmd = exec.CommandContext(b.Context(), program, "run", "-config", "minsheng.yml", "-listen", address, "-log", "error")
	// A pipe, not the null device, which is taken for a terminal: the first
	// password would be printed there.
	c.cmd.Dir, c.cmd.Stdout, c.cmd.Stderr = folder, io.Discard, os.Stderr
	c.started = time.Now()
	must(b, c.cmd.Start())
	b.Cleanup(func() { _ = c.cmd.Process.Kill() })
	return c
}

// metrics follows the start: the first answers, the dictionary, then rest.
func (c *child) metrics(b *testing.B) {
	b.ReportMetric(c.until(b, "/healthz"), "start-to-healthz-ms")
	b.ReportMetric(c.until(b, "/login"), "start-to-first-page-ms")
	b.ReportMetric(c.until(b, "/readyz"), "start-to-ready-ms")
	b.ReportMetric(c.memory(b, "VmRSS"), "memory-ready-MB")
	time.Sleep(atRest)
	b.ReportMetric(c.memory(b, "VmRSS"), "memory-at-rest-MB")
	b.ReportMetric(0, "ns/op")
}

// until asks an address again and again, and returns the milliseconds from the
// start to the first answer that is a page.
func (c *child) until(b *testing.B, path string) float64 {
	b.Helper()
	for time.Since(c.started) < 5*time.Minute {
		resp, err := c.browser.Get(c.base + path)
		if err == nil {
			_, err = io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
			if err == nil && resp.StatusCode == http.StatusOK {
				return milliseconds(time.Since(c.started))
			}
		}
		time.Sleep(2 * time.Millisecond)
	}
	b.Fatalf("%s does not answer", path)
	return 0
}

// memory reads a figure of the child's memory, in megabytes of a million bytes.
func (c *child) memory(b *testing.B, name string) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.cmd.Process.Pid))
	if errors.Is(err, os.ErrNotExist) {
		return 0 // not Linux: there is no such file
	}
	must(b, err)
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, name+":"); ok {
			kb, err := strconv.Atoi(strings.Fields(rest)[0])
			must(b, err)
			return float64(kb) * 1024 / 1e6
		}
	}
	b.Fatalf("no %s in the status of the process", name)
	return 0
}

func (c *child) signIn(b *testing.B, password string) {
	resp, err := c.browser.PostForm(c.base+"/login", url.Values{"name": {"admin"}, "password": {password}})
	must(b, err)
	defer resp.Body.Close()
	if strings.HasSuffix(resp.Request.URL.Path, "/login") {
		b.Fatalf("sign-in is refused: %s", resp.Status)
	}
}

// search asks for pages of results with their chart, as people do: a word, two,
// a phrase, filters.
func (c *child) search(b *testing.B, corpus *analysistest.Corpus) {
	var took []time.Duration
	for i := range searches {
		q := url.Values{"days": {"30"}}
		switch i % 4 {
		case 0:
			q.Set("q", corpus.Word())
		case 1:
			q.Set("q", corpus.Word()+" "+corpus.Word())
			q.Set("order", "best")
		case 2:
			q.Set("q", `"`+corpus.Word()+`"`)
		case 3:
			q.Set("attitude", string(opinion.Negative))
		}
		begin := time.Now()
		resp, err := c.browser.Get(c.base + "/search?" + q.Encode())
		must(b, err)
		_, err = io.Copy(io.Discard, resp.Body)
		must(b, err)
		must(b, resp.Body.Close())
		took = append(took, time.Since(begin))
		if resp.StatusCode != http.StatusOK || resp.Request.URL.Path != "/search" {
			b.Fatalf("search %q answers %s at %s", q.Get("q"), resp.Status, resp.Request.URL.Path)
		}
	}
	slices.Sort(took)
	b.ReportMetric(milliseconds(took[len(took)/2]), "search-page-p50-ms")
	b.ReportMetric(milliseconds(took[len(took)*99/100]), "search-page-p99-ms")
}

func (c *child) stop(b *testing.B) {
	b.Helper()
	must(b, c.cmd.Process.Signal(syscall.SIGINT))
	must(b, c.cmd.Wait())
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func must(b *testing.B, err error) {
	b.Helper()
	if err != nil && !errors.Is(err, context.Canceled) {
		b.Fatal(err)
	}
}
