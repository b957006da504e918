package elastic_test

import (
	"fmt"
	"hash/fnv"
	"net/http"
	"os"
	"strings"
	"testing"

	"minsheng/index"
	"minsheng/index/elastic"
	"minsheng/index/indextest"
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

func BenchmarkIndex(b *testing.B) {
	indextest.Bench(b, func(b *testing.B, cut index.Cut) index.Index { return open(b, cut, false) })
}
