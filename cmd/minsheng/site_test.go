package main

import (
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"minsheng/alerts/webhook"
)

// site is a handful of forums on loopback and the endpoint of a webhook. Half a
// month of ordinary posts lies behind, and the last hour is angry about one
// window.
type site struct {
	posts   int
	forums  []*httptest.Server
	hook    *httptest.Server
	listen  string
	threads [][]thread

	open atomic.Bool // whether the webhook takes messages

	mu    sync.Mutex
	got   map[string]int // alert ID -> messages
	asked map[string]int // address of a thread -> requests
}

// inFlight is how long the webhook takes to answer: a kill at the beginning of
// a delivery falls between sending and noting.
const inFlight = 300 * time.Millisecond

type thread struct {
	posts []int // numbers
	at    time.Time
	angry bool
}

const (
	forums    = 8
	perThread = 5
)

func newSite(t *testing.T, posts int) *site {
	s := &site{posts: posts, got: map[string]int{}, asked: map[string]int{}, threads: make([][]thread, forums), listen: freeAddress(t)}
	now := time.Now()
	r := rand.New(rand.NewPCG(1, 2))
	for n := 0; n < posts; n += perThread {
		th := thread{at: now.Add(-24*time.Hour - time.Duration(r.Int64N(int64(13*24*time.Hour)))), angry: r.IntN(12) == 0}
		if n >= posts*9/10 {
			th = thread{at: now.Add(-8*time.Minute - time.Duration(r.Int64N(int64(40*time.Minute)))), angry: true}
		}
		for i := range perThread {
			th.posts = append(th.posts, n+i)
		}
		f := n / perThread % forums
		s.threads[f] = append(s.threads[f], th)
	}
	for f := range forums {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.forum(f, w, r) }))
		t.Cleanup(server.Close)
		s.forums = append(s.forums, server)
	}
	s.hook = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if !s.open.Load() {
			http.Error(w, "not yet", http.StatusServiceUnavailable)
			return
		}
		s.mu.Lock()
		s.got[r.Header.Get(webhook.HeaderID)]++
		s.mu.Unlock()
		time.Sleep(inFlight)
	}))
	t.Cleanup(s.hook.Close)
	return s
}

func freeAddress(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func (s *site) delivered() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.got)
}

// requests are those for each thread so far.
func (s *site) requests() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.asked)
}

func (s *site) configuration(data string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "server: {listen: %q}\ndata: %q\nsources:\n", s.listen, data)
	for f, server := range s.forums {
		fmt.Fprintf(&b, "  - {name: 论坛%d, url: %q, kind: sitemap, class: forum, every: 30s, rate: 500ms, allow_private: true, keep: all}\n", f, server.URL+"/sitemap.xml")
	}
	fmt.Fprintf(&b, "channels:\n  - {name: 接收端, kind: webhook, url: %q, secret: 0123456789abcdef}\n", s.hook.URL)
	return b.String()
}

func (s *site) forum(f int, w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == "/robots.txt":
		http.NotFound(w, r)
	case r.URL.Path == "/sitemap.xml":
		fmt.Fprint(w, `<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`)
		for i, th := range s.threads[f] {
			fmt.Fprintf(w, "<url><loc>http://%s/thread-%d-1-1.html</loc><lastmod>%s</lastmod></url>", r.Host, i, th.at.Format(time.RFC3339))
		}
		fmt.Fprint(w, `</urlset>`)
	default:
		var i int
		if _, err := fmt.Sscanf(r.URL.Path, "/thread-%d-1-1.html", &i); err != nil || i >= len(s.threads[f]) {
			http.NotFound(w, r)
			return
		}
		s.mu.Lock()
		s.asked["http://"+r.Host+r.URL.Path]++
		s.mu.Unlock()
		s.threads[f][i].write(w)
	}
}

// write renders a thread as common forum software does.
func (th thread) write(w io.Writer) {
	zone := time.FixedZone("", 8*3600)
	title := fmt.Sprintf("说说派出所办事的经历%d", th.posts[0])
	fmt.Fprintf(w, "<!doctype html><html><head><meta charset=utf-8><title>%s - 市民论坛</title></head><body><h1>%s</h1>", title, title)
	for i, n := range th.posts {
		at := th.at.Add(time.Duration(i) * 20 * time.Second).In(zone)
		fmt.Fprintf(w, `<div id="post_%d" class="post"><div class="authi"><a href="/u/%d" class="xw1">网友%d</a> <em id="authorposton%d">发表于 %s</em></div>`, n, n, n, n, at.Format("2006-1-2 15:04:05"))
		fmt.Fprintf(w, `<table><tr><td class="t_f" id="postmessage_%d">%s</td></tr></table></div>`, n, th.text(n))
	}
	fmt.Fprint(w, "</body></html>")
}

var (
	calm  = []string{"今天去派出所办了身份证，流程清楚", "派出所门口新修了停车位", "社区民警来小区讲防诈骗", "问一下派出所周末上不上班", "派出所通知开始换领居住证"}
	angry = []string{"派出所窗口态度恶劣，推诿扯皮，太让人失望了", "派出所窗口的人冷着脸训斥老人，简直欺负人", "跑了五趟派出所窗口还是不给办，敷衍塞责", "派出所窗口刁难群众，投诉也没人管，令人气愤"}
)

func (th thread) text(n int) string {
	from := calm
	if th.angry {
		from = angry
	}
	return fmt.Sprintf("%s，%s，第%d位。", from[n%len(from)], mark(n), n)
}

// settle waits until nothing is left to fetch, judge, index or deliver.
func (s *site) settle(t *testing.T, r *running) {
	t.Helper()
	client := &http.Client{Timeout: 5 * time.Second}
	quiet := 0
	for deadline := time.Now().Add(3 * time.Minute); time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		resp, err := client.Get("http://" + s.listen + "/metrics")
		if err != nil {
			continue
		}
		body, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		waiting := false
		for line := range strings.Lines(string(body)) {
			if strings.HasPrefix(line, "minsheng_queue_length") && !strings.HasSuffix(line, " 0\n") {
				waiting = true
			}
		}
		if waiting || len(s.delivered()) == 0 {
			quiet = 0
			continue
		}
		if quiet++; quiet == 25 { // five seconds in which nothing was waiting
			return
		}
	}
	t.Fatal("the program did not come to rest in three minutes")
}
