package elastic_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"minsheng/index"
	"minsheng/index/elastic"
	"minsheng/index/indextest"
	"minsheng/opinion"
)

// troubled plays an Elasticsearch in trouble: what a healthy one cannot be
// made to answer. Everything but _bulk it takes without a word.
type troubled struct {
	mu   sync.Mutex
	bulk func(try int, ids []string) (status int, answer string)
	sent [][]string // ids of each bulk request
}

func (e *troubled) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.mu.Lock()
	defer e.mu.Unlock()
	w.Header().Set("X-Elastic-Product", "Elasticsearch")
	w.Header().Set("Content-Type", "application/json")
	switch {
	case r.Method == http.MethodHead:
		w.WriteHeader(http.StatusNotFound) // no index yet
	case strings.HasSuffix(r.URL.Path, "/_bulk"):
		var ids []string
		lines := bufio.NewScanner(r.Body)
		lines.Buffer(nil, 10<<20)
		for n := 0; lines.Scan(); n++ {
			var action map[string]struct {
				ID string `json:"_id"`
			}
			if n%2 == 0 && json.Unmarshal(lines.Bytes(), &action) == nil {
				ids = append(ids, action["index"].ID)
			}
		}
		e.sent = append(e.sent, ids)
		status, answer := e.bulk(len(e.sent), ids)
		w.WriteHeader(status)
		io.WriteString(w, answer)
	default:
		io.WriteString(w, `{"acknowledged":true}`)
	}
}

// items is a bulk answer with a status, and an error where it is one, for each id.
func items(ids []string, status func(id string) (int, string)) string {
	var said []string
	for _, id := range ids {
		code, kind := status(id)
		fault := ""
		if kind != "" {
			fault = fmt.Sprintf(`,"error":{"type":%q,"reason":"failed to parse: 张某某的原文"}`, kind)
		}
		said = append(said, fmt.Sprintf(`{"index":{"_id":%q,"status":%d%s}}`, id, code, fault))
	}
	return `{"errors":true,"items":[` + strings.Join(said, ",") + `]}`
}

func against(t *testing.T, h http.Handler, o elastic.Options) *elastic.Index {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	o.Addresses, o.Cut = []string{server.URL}, strings.Fields
	x, err := elastic.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func three() []index.Doc {
	return indextest.NewCorpus(3, 100).Docs(3, 20, time.Minute)
}

func TestBusyItemsAreSentAgain(t *testing.T) {
	docs := three()
	e := &troubled{bulk: func(try int, ids []string) (int, string) {
		return 200, items(ids, func(id string) (int, string) {
			if try == 1 && id == docs[1].ID {
				return 429, "es_rejected_execution_exception"
			}
			return 201, ""
		})
	}}
	if err := against(t, e, elastic.Options{}).Put(t.Context(), docs); err != nil {
		t.Fatalf("Put: %v", err)
	}
	if len(e.sent) != 2 || !slices.Equal(e.sent[1], []string{docs[1].ID}) {
		t.Errorf("sent %v, want the one that was turned away alone the second time", e.sent)
	}
}

func TestBusyNodeIsAskedAgain(t *testing.T) {
	e := &troubled{bulk: func(try int, ids []string) (int, string) {
		if try < 3 {
			return 429, `{"error":{"type":"circuit_breaking_exception"}}`
		}
		return 200, items(ids, func(string) (int, string) { return 201, "" })
	}}
	if err := against(t, e, elastic.Options{}).Put(t.Context(), three()); err != nil {
		t.Fatalf("Put: %v", err)
	}
	if len(e.sent) != 3 || len(e.sent[2]) != 3 {
		t.Errorf("sent %v, want the same three times", e.sent)
	}
}

func TestOneRefusedItemIsAnError(t *testing.T) {
	docs := three()
	e := &troubled{bulk: func(_ int, ids []string) (int, string) {
		return 200, items(ids, func(id string) (int, string) {
			if id == docs[2].ID {
				return 400, "document_parsing_exception"
			}
			return 201, ""
		})
	}}
	err := against(t, e, elastic.Options{}).Put(t.Context(), docs)
	var f *opinion.Fault
	if !errors.As(err, &f) || f.Code != "index.refused" || f.Retry || !strings.Contains(err.Error(), docs[2].ID) {
		t.Errorf("Put = %v, want index.refused that names %s and no retry", err, docs[2].ID)
	}
	if err != nil && strings.Contains(err.Error(), "原文") {
		t.Errorf("Put = %v quotes a post", err)
	}
}

func TestMissingResultsAreAnError(t *testing.T) {
	e := &troubled{bulk: func(_ int, ids []string) (int, string) {
		return 200, items(ids[:2], func(string) (int, string) { return 201, "" })
	}}
	err := against(t, e, elastic.Options{}).Put(t.Context(), three())
	var f *opinion.Fault
	if !errors.As(err, &f) || !f.Retry {
		t.Errorf("Put = %v, want a Fault to be retried", err)
	}
}

// TestStartsWithoutElasticsearch: the daemon starts, its queue waits, and once
// Elasticsearch is there the index is made.
func TestStartsWithoutElasticsearch(t *testing.T) {
	e := &troubled{bulk: func(_ int, ids []string) (int, string) {
		return 200, items(ids, func(string) (int, string) { return 201, "" })
	}}
	var up bool
	var mu sync.Mutex
	x := against(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if !up {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		e.ServeHTTP(w, r)
	}), elastic.Options{})
	for name, call := range map[string]func() error{
		"Put":    func() error { return x.Put(t.Context(), three()) },
		"Search": func() error { _, err := x.Search(t.Context(), index.Query{}); return err },
		"Ping":   func() error { return x.Ping(t.Context()) },
		"Delete": func() error { return x.Delete(t.Context(), "a") },
	} {
		var f *opinion.Fault
		if err := call(); !errors.As(err, &f) || f.Code != "index.unreachable" || !f.Retry {
			t.Errorf("%s = %v, want index.unreachable, to be retried", name, err)
		}
	}
	mu.Lock()
	up = true
	mu.Unlock()
	if err := x.Put(t.Context(), three()); err != nil {
		t.Errorf("Put once it is up: %v", err)
	}
}

func TestErrorsKeepSecrets(t *testing.T) {
	const secret = "s3cret-value"
	deny := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprintf(w, `{"error":{"type":"security_exception","reason":"denied %s"}}`, r.Header.Get("Authorization"))
	})
	server := httptest.NewServer(deny)
	defer server.Close()
	host := strings.TrimPrefix(server.URL, "http://")
	for _, o := range []elastic.Options{
		{Addresses: []string{server.URL}, Username: "u", Password: secret},
		{Addresses: []string{server.URL}, APIKey: secret},
		{Addresses: []string{"http://u:" + secret + "@" + host}},
		{Addresses: []string{"http://u:" + secret + "@" + host + "/%zz"}},
		{Addresses: []string{"ftp://u:" + secret + "@" + host}},
		{},
	} {
		_, err := elastic.New(t.Context(), o)
		if err == nil {
			t.Fatal("New let a wrong key, or a wrong address, through")
		}
		if strings.Contains(err.Error(), secret) {
			t.Errorf("New = %v tells the secret", err)
		}
	}
}

func TestAnotherServiceIsRefused(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			w.WriteHeader(http.StatusNotFound)
		}
		io.WriteString(w, "{}")
	}))
	defer server.Close()
	_, err := elastic.New(t.Context(), elastic.Options{Addresses: []string{server.URL}, Cut: strings.Fields})
	var f *opinion.Fault
	if !errors.As(err, &f) || f.Code != "index.refused" {
		t.Errorf("New = %v, want index.refused", err)
	}
}
