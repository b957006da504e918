package elastic_test

import (
	"errors"
	"fmt"
	"hash/fnv"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"minsheng/index"
	"minsheng/index/elastic"
	"minsheng/index/indextest"
	"minsheng/opinion"
)

// node is the address of a real Elasticsearch.
func node(t testing.TB) string {
	t.Helper()
	url := os.Getenv("MINSHENG_ES")
	if url != "" {
		return url
	}
	const how = "no Elasticsearch: run `scripts/elasticsearch/start .cache/es 9201` and set MINSHENG_ES=http://127.0.0.1:9201"
	if os.Getenv("CI") == "true" {
		t.Fatal(how)
	}
	t.Skip(how)
	return ""
}

// name is an index of this test alone, removed at its end.
func name(t testing.TB, url string) string {
	h := fnv.New64a()
	fmt.Fprint(h, t.Name(), os.Getpid())
	name := fmt.Sprintf("minsheng-test-%x", h.Sum64())
	t.Cleanup(func() {
		for _, path := range []string{"/", "/_index_template/"} {
			req, err := http.NewRequest(http.MethodDelete, strings.TrimSuffix(url, "/")+path+name, nil)
			if err != nil {
				t.Error(err)
				return
			}
			if res, err := http.DefaultClient.Do(req); err != nil {
				t.Error(err)
			} else {
				res.Body.Close()
			}
		}
	})
	return name
}

func open(t testing.TB, cut index.Cut, refresh bool) index.Index {
	t.Helper()
	url := node(t)
	x, err := elastic.New(t.Context(), elastic.Options{
		Addresses: []string{url}, Index: name(t, url), Cut: cut, Refresh: refresh,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	return x
}

func TestIndex(t *testing.T) {
	indextest.Run(t, func(t *testing.T, cut index.Cut) index.Index { return open(t, cut, true) })
}

// TestFoundSoon: without Refresh, what is put is found once the node has
// looked again.
func TestFoundSoon(t *testing.T) {
	c := indextest.NewCorpus(5, 100)
	x := open(t, c.Cut, false)
	if err := x.Put(t.Context(), c.Docs(3, 20, time.Minute)); err != nil {
		t.Fatal(err)
	}
	deadline := time.After(30 * time.Second)
	for {
		res, err := x.Search(t.Context(), index.Query{})
		if err != nil {
			t.Fatal(err)
		}
		if res.Total == 3 {
			return
		}
		select {
		case <-deadline:
			t.Fatalf("%d of 3 posts are found after 30 s", res.Total)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// TestNewerIndexIsLeftAlone opens an index that bears another version.
func TestNewerIndexIsLeftAlone(t *testing.T) {
	url := node(t)
	index := name(t, url)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, strings.TrimSuffix(url, "/")+"/"+index,
		strings.NewReader(`{"mappings":{"_meta":{"schema":99}}}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	_, err = elastic.New(t.Context(), elastic.Options{Addresses: []string{url}, Index: index, Cut: strings.Fields})
	var f *opinion.Fault
	if !errors.As(err, &f) || f.Code != "index.newer" {
		t.Errorf("New = %v, want index.newer", err)
	}
}

func BenchmarkIndex(b *testing.B) {
	indextest.Bench(b, func(b *testing.B, cut index.Cut) index.Index { return open(b, cut, false) })
}
