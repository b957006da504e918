package app

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"minsheng/config"
	"minsheng/store"
)

// While Elasticsearch is stopped the crawl goes on and the queue grows; when it
// is back, everything is indexed.
func TestElasticsearchStoppedForAWhile(t *testing.T) {
	address := os.Getenv("MINSHENG_ES")
	if address == "" {
		const how = "no Elasticsearch; start one with `scripts/elasticsearch/start .cache/elasticsearch 9201` and set MINSHENG_ES=http://127.0.0.1:9201"
		if os.Getenv("CI") == "true" {
			t.Fatal(how)
		}
		t.Skip(how)
	}
	target, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	var stopped atomic.Bool
	proxy := httputil.NewSingleHostReverseProxy(target)
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if stopped.Load() {
			panic(http.ErrAbortHandler) // the connection breaks, as when the node is gone
		}
		proxy.ServeHTTP(w, r)
	}))
	defer front.Close()
	const pages = 60
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if r.URL.Path == "/" {
			for i := range pages {
				fmt.Fprintf(w, `<p><a href="/a/%d.html">派出所便民服务第%d期的消息</a></p>`, i, i)
			}
			return
		}
		fmt.Fprintf(w, `<html><head><title>派出所便民服务 %s</title></head><body><h1>派出所便民服务 %s</h1><p>%s</p><div><p>%s</p></div></body></html>`,
			r.URL.Path, r.URL.Path, time.Now().Add(-26*time.Hour).Format("2006-01-02 15:04"), strings.Repeat("派出所的便民服务点今天在社区开门，办证不用再跑远路。", 8)+r.URL.Path)
	}))
	defer site.Close()
	c := config.Default()
	c.Data, c.Server.Listen = t.TempDir(), "127.0.0.1:0"
	c.Index = config.Index{Engine: config.Elasticsearch, Addresses: []string{front.URL}, Name: fmt.Sprintf("minsheng_outage_%d", time.Now().UnixNano())}
	c.Sources = []config.Source{{
		Name: "社区", URL: site.URL + "/", Kind: "list", Keep: "all", Every: time.Hour, Rate: 200 * time.Millisecond, AllowPrivate: true,
	}}
	if faults := c.Validate(); len(faults) > 0 {
		t.Fatal(faults)
	}
	stopped.Store(true)
	d := begin(t, &c)
	defer func() { _ = d.index.Clear(t.Context()) }()
	queue := func() int {
		queues, err := d.state.Queues(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range queues {
			if q.Kind == store.Index {
				return q.Length
			}
		}
		return 0
	}
	wait := func(what string, done func() bool) {
		t.Helper()
		for deadline := time.Now().Add(2 * time.Minute); !done(); time.Sleep(100 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("%s: not within two minutes; %d posts, %d in the queue", what, d.posts(t), queue())
			}
		}
	}
	wait("the crawl goes on and the queue grows", func() bool { return d.posts(t) == pages && queue() == pages })
	stopped.Store(false)
	wait("everything is indexed afterwards", func() bool { return queue() == 0 })
	wait("the node shows them all", func() bool { // it does so a second after they were put
		n, err := d.index.Count(t.Context())
		if n > pages {
			t.Fatalf("%d posts in the index, want %d", n, pages)
		}
		return err == nil && n == pages
	})
}
