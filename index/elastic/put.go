package elastic

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"minsheng/index"
	"minsheng/opinion"
)

// A bulk request carries at most this much.
const (
	bulkBytes = 4 << 20
	bulkItems = 500
	bulkTries = 5 // of items that Elasticsearch is too busy for
)

// item is one line, or pair of lines, of a bulk request.
type item struct {
	id   string
	body []byte
}

// document is a Doc as the mapping has it.
type document struct {
	ID        string   `json:"id"`
	Source    string   `json:"source,omitempty"`
	Class     string   `json:"class,omitempty"`
	Kind      string   `json:"kind,omitempty"`
	Topics    []string `json:"topic,omitempty"`
	Places    []string `json:"place,omitempty"`
	Attitude  string   `json:"attitude,omitempty"`
	Incident  string   `json:"incident,omitempty"`
	Police    bool     `json:"police"`
	Score     float64  `json:"score"`
	Published int64    `json:"published"`
	Words     string   `json:"words"`
	Chars     string   `json:"chars"`
}

// Put adds or replaces docs. Elasticsearch compares the versions itself, so
// two writers cannot put an older post over a newer one.
func (x *Index) Put(ctx context.Context, docs []index.Doc) error {
	for _, d := range docs {
		if err := d.Check(); err != nil {
			return err
		}
	}
	b := batch{x: x, ctx: ctx}
	for _, d := range docs {
		action, err := encode(object{"index": object{"_id": d.ID, "version": d.Version, "version_type": "external_gte"}})
		if err != nil {
			return err
		}
		body, err := encode(document{
			ID: d.ID, Source: d.Source, Class: string(d.Class), Kind: string(d.Kind),
			Topics: named(d.Topics), Places: named(d.Places),
			Attitude: string(d.Attitude), Incident: d.Incident, Police: d.MentionsPolice,
			Score: d.Score, Published: d.Published.Unix() * 1000,
			Words: d.Words(x.cut), Chars: d.Chars(),
		})
		if err != nil {
			return err
		}
		action.Write(body.Bytes())
		if err := b.add(item{d.ID, action.Bytes()}); err != nil {
			return fmt.Errorf("put %d docs: %w", len(docs), err)
		}
	}
	if err := b.send(); err != nil {
		return fmt.Errorf("put %d docs: %w", len(docs), err)
	}
	return nil
}

// Delete removes docs.
func (x *Index) Delete(ctx context.Context, ids ...string) error {
	b := batch{x: x, ctx: ctx}
	for _, id := range ids {
		action, err := encode(object{"delete": object{"_id": id}})
		if err != nil {
			return err
		}
		if err := b.add(item{id, action.Bytes()}); err != nil {
			return fmt.Errorf("delete %d docs: %w", len(ids), err)
		}
	}
	if err := b.send(); err != nil {
		return fmt.Errorf("delete %d docs: %w", len(ids), err)
	}
	return nil
}

func named(values []string) []string {
	var kept []string
	for _, v := range values {
		if v != "" {
			kept = append(kept, v)
		}
	}
	return kept
}

// encode writes v as one line of JSON. Text that is no UTF-8 becomes U+FFFD.
func encode(v any) (*bytes.Buffer, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("encode for Elasticsearch: %w", err)
	}
	return &b, nil
}

// batch gathers items into bulk requests.
type batch struct {
	x     *Index
	ctx   context.Context // of the one call that the batch lives in
	items []item
	size  int
}

func (b *batch) add(i item) error {
	if len(b.items) > 0 && (b.size+len(i.body) > bulkBytes || len(b.items) >= bulkItems) {
		if err := b.send(); err != nil {
			return err
		}
	}
	b.items = append(b.items, i)
	b.size += len(i.body)
	return nil
}

// send sends what is gathered, and again those items that Elasticsearch had no
// room for, until each is done.
func (b *batch) send() error {
	left := b.items
	b.items, b.size = nil, 0
	if len(left) == 0 {
		return nil
	}
	if err := b.x.prepare(b.ctx); err != nil {
		return err
	}
	for try := 1; ; try++ {
		busy, err := b.x.bulk(b.ctx, left)
		if err != nil {
			return err
		}
		if len(busy) == 0 {
			return nil
		}
		if left = busy; try == bulkTries {
			return opinion.NewRetry("index.unreachable", fmt.Errorf("%d of the items were turned away %d times", len(left), try))
		}
		wait := time.NewTimer(backoff(try))
		select {
		case <-b.ctx.Done():
			wait.Stop()
			return b.ctx.Err()
		case <-wait.C:
		}
	}
}

// bulk sends one request, looks at every item's result, and gives back those
// to be sent again.
func (x *Index) bulk(ctx context.Context, items []item) ([]item, error) {
	var body bytes.Buffer
	for _, it := range items {
		body.Write(it.body)
	}
	var got struct {
		Items []map[string]struct {
			ID     string `json:"_id"`
			Status int    `json:"status"`
			Error  struct {
				Type string `json:"type"`
			} `json:"error"`
		} `json:"items"`
	}
	err := x.do(x.es.Bulk(bytes.NewReader(body.Bytes()), x.es.Bulk.WithContext(ctx),
		x.es.Bulk.WithIndex(x.name), x.es.Bulk.WithRefresh(x.refresh)))(&got)
	if err != nil {
		return nil, err
	}
	if len(got.Items) != len(items) {
		return nil, opinion.NewRetry("index.unreachable", fmt.Errorf("bulk of %d items: %d results", len(items), len(got.Items)))
	}
	var busy, older []item
	for i, result := range got.Items {
		for verb, r := range result {
			switch {
			case r.ID != items[i].id:
				return nil, opinion.NewRetry("index.unreachable", fmt.Errorf("bulk item %d: another's result", i))
			case r.Status < 300:
			case r.Status == http.StatusNotFound && verb == "delete" && r.Error.Type == "":
			case r.Status == http.StatusConflict && verb == "index":
				older = append(older, items[i])
			case r.Status == http.StatusTooManyRequests || r.Status >= 500 || r.Status == http.StatusConflict:
				busy = append(busy, items[i])
			default:
				return nil, fmt.Errorf("bulk item %s: %w", r.ID, refused(r.Status, r.Error.Type))
			}
		}
	}
	gone, err := x.missing(ctx, older)
	return append(busy, gone...), err
}

// missing gives those items that are older than what is there, where nothing
// is there: Elasticsearch remembers the version of what was deleted for a
// moment, whatever gc_deletes says. Sent again they are taken.
func (x *Index) missing(ctx context.Context, older []item) ([]item, error) {
	if len(older) == 0 {
		return nil, nil
	}
	ids := make([]string, len(older))
	for i, it := range older {
		ids[i] = it.id
	}
	body, err := encode(object{"ids": ids})
	if err != nil {
		return nil, err
	}
	var got struct {
		Docs []struct {
			Found bool `json:"found"`
		} `json:"docs"`
	}
	err = x.do(x.es.Mget(body, x.es.Mget.WithContext(ctx), x.es.Mget.WithIndex(x.name), x.es.Mget.WithSource("false")))(&got)
	if err != nil {
		return nil, err
	}
	if len(got.Docs) != len(older) {
		return nil, opinion.NewRetry("index.unreachable", fmt.Errorf("asked for %d items: %d results", len(older), len(got.Docs)))
	}
	var gone []item
	for i, d := range got.Docs {
		if !d.Found {
			gone = append(gone, older[i])
		}
	}
	return gone, nil
}
