// Package elastic is the search index on Elasticsearch 8. It holds the same
// tokens as the embedded one (see index.Chars), so that both find the same
// texts: no analyzer of Elasticsearch decides what a word or a character is,
// it only splits at spaces. Documents are not stored (no _source), only
// indexed: the store is where texts are.
//
// It needs one index and the right to make it, uses no script, no update and
// no delete by query, and does not start or manage Elasticsearch. Start
// reading at New, then put.go, question.go and search.go.
package elastic

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/elastic/elastic-transport-go/v8/elastictransport"
	"github.com/elastic/go-elasticsearch/v8/esapi"

	"minsheng/index"
	"minsheng/opinion"
)

// Options say where Elasticsearch is and what the index is called.
type Options struct {
	Addresses []string // URLs of nodes
	Index     string   // "" is "minsheng"
	Username  string
	Password  string
	APIKey    string            // instead of the two
	Transport http.RoundTripper // nil is one of our own with time limits
	Cut       func(string) []string
	// Refresh makes what is put or deleted visible at once. Without it that
	// takes about a second and costs much less.
	Refresh bool
}

// Index is an index.Index in Elasticsearch.
type Index struct {
	es      *esapi.API
	name    string
	cut     index.Cut
	refresh string
	own     *http.Transport // nil where the caller gave one

	mu    sync.Mutex
	ready bool
}

var _ index.Index = (*Index)(nil)

// How long Elasticsearch may take to answer, and how much it may answer.
const (
	answerTime = 30 * time.Second
	answerSize = 32 << 20
)

// New makes the index where it is missing. Where Elasticsearch cannot be
// reached that is put off until it can: the daemon starts without it, and its
// queue waits. An index of a newer version is left alone: an *opinion.Fault.
func New(ctx context.Context, o Options) (*Index, error) {
	x := &Index{name: o.Index, cut: o.Cut, refresh: "false"}
	if x.name == "" {
		x.name = "minsheng"
	}
	if o.Refresh {
		x.refresh = "true"
	}
	transport := o.Transport
	if transport == nil {
		x.own = &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
			TLSHandshakeTimeout:   5 * time.Second,
			ResponseHeaderTimeout: answerTime,
			MaxIdleConnsPerHost:   8,
			IdleConnTimeout:       time.Minute,
			ForceAttemptHTTP2:     true,
		}
		transport = x.own
	}
	client, err := connect(o, transport)
	if err != nil {
		return nil, fmt.Errorf("open Elasticsearch: %w", err)
	}
	x.es = esapi.New(client)
	var f *opinion.Fault
	if err := x.prepare(ctx); errors.As(err, &f) && f.Retry {
		return x, nil
	} else if err != nil {
		return nil, fmt.Errorf("open Elasticsearch: %w", err)
	}
	return x, nil
}

// connect makes go-elasticsearch's API over its transport, and not the client
// that joins both: that one brings the typed API of 1,200 packages, which
// nothing here uses and which takes minutes to build. What else it does, the
// check that this is Elasticsearch, is done in do.
func connect(o Options, transport http.RoundTripper) (*elastictransport.Client, error) {
	var nodes []*url.URL
	for i, address := range o.Addresses {
		u, err := url.Parse(address)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			// The address itself may hold a password.
			return nil, fmt.Errorf("address %d is no http or https URL: %w", i+1, opinion.ErrInvalid)
		}
		nodes = append(nodes, u)
	}
	if len(nodes) == 0 {
		return nil, fmt.Errorf("no address: %w", opinion.ErrInvalid)
	}
	return elastictransport.NewClient(
		elastictransport.WithURLs(nodes...),
		elastictransport.WithBasicAuth(o.Username, o.Password),
		elastictransport.WithAPIKey(o.APIKey),
		elastictransport.WithTransport(transport),
		elastictransport.WithRetry(2, http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout),
		elastictransport.WithRetryBackoff(backoff),
	)
}

// backoff is the wait after try n, from 1: 100 ms, doubled each time.
func backoff(n int) time.Duration { return 50 * time.Millisecond << min(n, 6) }

// prepare makes template and index once.
func (x *Index) prepare(ctx context.Context) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.ready {
		return nil
	}
	if err := x.create(ctx); err != nil {
		return err
	}
	x.ready = true
	return nil
}

func (x *Index) create(ctx context.Context) error {
	body, err := encode(template(x.name))
	if err != nil {
		return err
	}
	res, err := x.es.Indices.Exists([]string{x.name}, x.es.Indices.Exists.WithContext(ctx))
	if err != nil {
		return unreachable(err)
	}
	drain(res)
	switch res.StatusCode {
	case http.StatusOK:
		return x.checkSchema(ctx)
	case http.StatusNotFound:
	default:
		return refused(res.StatusCode, "")
	}
	// The template comes first, so that whatever makes the index makes it right.
	if err := x.do(x.es.Indices.PutIndexTemplate(x.name, body, x.es.Indices.PutIndexTemplate.WithContext(ctx)))(nil); err != nil {
		return fmt.Errorf("put template: %w", err)
	}
	err = x.do(x.es.Indices.Create(x.name, x.es.Indices.Create.WithContext(ctx)))(nil)
	var a *answerError
	if errors.As(err, &a) && a.kind == "resource_already_exists_exception" {
		return nil // someone else was faster
	}
	if err != nil {
		return fmt.Errorf("create index: %w", err)
	}
	return nil
}

func (x *Index) checkSchema(ctx context.Context) error {
	var found map[string]struct {
		Mappings struct {
			Meta struct {
				Schema int `json:"schema"`
			} `json:"_meta"`
		} `json:"mappings"`
	}
	err := x.do(x.es.Indices.GetMapping(x.es.Indices.GetMapping.WithContext(ctx), x.es.Indices.GetMapping.WithIndex(x.name)))(&found)
	if err != nil {
		return fmt.Errorf("read mapping: %w", err)
	}
	for name, one := range found {
		if one.Mappings.Meta.Schema != schema {
			return opinion.NewFault("index.newer", fmt.Errorf("index %s has version %d, this program knows %d", name, one.Mappings.Meta.Schema, schema))
		}
	}
	return nil
}

// schema is the version of the mapping.
const schema = 1

type object = map[string]any

// template is the index: one shard, which keeps counts exact and serves some
// ten million posts; a copy where there is a second node. The mapping is
// strict, so a field by mistake is an error and no new field.
func template(name string) object {
	keyword := object{"type": "keyword"}
	return object{
		"index_patterns": []string{name},
		"priority":       500,
		"template": object{
			"settings": object{
				"number_of_shards":     1,
				"auto_expand_replicas": "0-1",
				"refresh_interval":     "1s",
				// A deleted id is unknown again at once, and takes any version.
				"gc_deletes": "0s",
				// Kept in the order Newest, so that its search stops at the
				// end of the page.
				"sort.field": []string{"published", "id"},
				"sort.order": []string{"desc", "desc"},
			},
			"mappings": object{
				"dynamic": "strict",
				"_meta":   object{"schema": schema},
				"_source": object{"enabled": false},
				"properties": object{
					"id":        keyword,
					"source":    keyword,
					"class":     keyword,
					"kind":      keyword,
					"topic":     keyword,
					"place":     keyword,
					"attitude":  keyword,
					"incident":  keyword,
					"police":    object{"type": "boolean"},
					"score":     object{"type": "float"},
					"published": object{"type": "date", "format": "epoch_millis"},
					"words":     object{"type": "text", "analyzer": "whitespace", "index_options": "freqs"},
					"chars":     object{"type": "text", "analyzer": "whitespace"},
				},
			},
		},
	}
}

// Count is the number of docs that can be found.
func (x *Index) Count(ctx context.Context) (int, error) {
	var got struct {
		Count int `json:"count"`
	}
	err := x.do(x.es.Count(x.es.Count.WithContext(ctx), x.es.Count.WithIndex(x.name), x.es.Count.WithIgnoreUnavailable(true)))(&got)
	if err != nil {
		return 0, fmt.Errorf("count docs: %w", err)
	}
	return got.Count, nil
}

// Clear removes the index and makes it anew.
func (x *Index) Clear(ctx context.Context) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.ready = false
	err := x.do(x.es.Indices.Delete([]string{x.name}, x.es.Indices.Delete.WithContext(ctx), x.es.Indices.Delete.WithIgnoreUnavailable(true)))(nil)
	if err == nil {
		err = x.create(ctx)
	}
	if err != nil {
		return fmt.Errorf("clear index: %w", err)
	}
	x.ready = true
	return nil
}

// Merge has nothing to do: Elasticsearch merges by itself.
func (x *Index) Merge(context.Context) (more bool, err error) { return false, nil }

// Ping asks for the health of the cluster; red is an error.
func (x *Index) Ping(ctx context.Context) error {
	var health struct {
		Status string `json:"status"`
	}
	if err := x.do(x.es.Cluster.Health(x.es.Cluster.Health.WithContext(ctx)))(&health); err != nil {
		return fmt.Errorf("ping Elasticsearch: %w", err)
	}
	if health.Status == "red" {
		return opinion.NewRetry("index.unreachable", errors.New("ping Elasticsearch: its health is red"))
	}
	return nil
}

// Close lets go of idle connections.
func (x *Index) Close() error {
	if x.own != nil {
		x.own.CloseIdleConnections()
	}
	return nil
}

// answerError is what Elasticsearch says instead of an answer. Its own words
// are left out: they may quote a post.
type answerError struct {
	status int
	kind   string
}

// Error gives status and kind.
func (e *answerError) Error() string {
	return fmt.Sprintf("Elasticsearch answers %d %s", e.status, e.kind)
}

// do takes what an API call gives and returns what reads the answer into a
// value, nil for none.
func (x *Index) do(res *esapi.Response, err error) func(any) error {
	return func(into any) error {
		if err != nil {
			return unreachable(err)
		}
		defer drain(res)
		body := json.NewDecoder(io.LimitReader(res.Body, answerSize))
		if res.IsError() {
			var said struct {
				Error struct {
					Type string `json:"type"`
				} `json:"error"`
			}
			if body.Decode(&said) != nil {
				said.Error.Type = "" // a proxy may answer anything
			}
			return refused(res.StatusCode, said.Error.Type)
		}
		if res.Header.Get("X-Elastic-Product") != "Elasticsearch" {
			return refused(res.StatusCode, "without saying that it is Elasticsearch")
		}
		if into == nil {
			return nil
		}
		if err := body.Decode(into); err != nil {
			return unreachable(fmt.Errorf("read answer: %w", err))
		}
		return nil
	}
}

// drain reads the rest, so that the connection can be used again.
func drain(res *esapi.Response) {
	if res.Body == nil {
		return
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, answerSize))
	_ = res.Body.Close()
}

// unreachable keeps a caller's own cancellation what it is.
func unreachable(err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	return opinion.NewRetry("index.unreachable", err)
}

func refused(status int, kind string) error {
	err := &answerError{status: status, kind: kind}
	if status == http.StatusTooManyRequests || status >= 500 {
		return opinion.NewRetry("index.unreachable", err)
	}
	return opinion.NewFault("index.refused", err)
}
