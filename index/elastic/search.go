package elastic

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"minsheng/index"
	"minsheng/opinion"
)

// Search answers q. Its counts are always exact. Hits and counts are two
// questions in one request: asked alone, the newest hits are found without
// looking at all that match, counts come out of the postings, and the cache
// keeps them until the next refresh. A refresh between the two may show in
// the counts alone.
func (x *Index) Search(ctx context.Context, q index.Query) (index.Result, error) {
	q, err := q.Check()
	if err != nil {
		return index.Result{}, err
	}
	at, err := readCursor(q)
	if err != nil {
		return index.Result{}, err
	}
	if err := x.prepare(ctx); err != nil {
		return index.Result{}, fmt.Errorf("search: %w", err)
	}
	asked := x.question(q)
	body, err := x.request(asked, hits(q, at), counts(q))
	if err != nil {
		return index.Result{}, err
	}
	var got struct {
		Responses []answer `json:"responses"`
	}
	if err := x.do(x.es.Msearch(body, x.es.Msearch.WithContext(ctx)))(&got); err != nil {
		return index.Result{}, fmt.Errorf("search: %w", err)
	}
	for _, a := range got.Responses {
		if err := a.err(); err != nil {
			return index.Result{}, fmt.Errorf("search: %w", err)
		}
	}
	var counted answer
	switch len(got.Responses) {
	case 1:
	case 2:
		counted = got.Responses[1]
	default:
		return index.Result{}, fmt.Errorf("search: %w", refused(http.StatusOK, fmt.Sprintf("with %d answers", len(got.Responses))))
	}
	return got.Responses[0].result(q, at, counted)
}

type bucket struct {
	Key      json.RawMessage `json:"key"`
	Count    int             `json:"doc_count"`
	Negative struct {
		Count int `json:"doc_count"`
	} `json:"negative"`
}

// start reads the key of a histogram, in milliseconds.
func (b bucket) start() (time.Time, error) {
	var ms int64
	if err := json.Unmarshal(b.Key, &ms); err != nil {
		return time.Time{}, fmt.Errorf("read bucket: %w", err)
	}
	return time.UnixMilli(ms), nil
}

type answer struct {
	Status int `json:"status"`
	Error  struct {
		Type string `json:"type"`
	} `json:"error"`
	TimedOut bool `json:"timed_out"`
	Shards   struct {
		Failed int `json:"failed"`
	} `json:"_shards"`
	Hits struct {
		Total struct {
			Value int `json:"value"`
		} `json:"total"`
		Hits []struct {
			ID    string            `json:"_id"`
			Score float64           `json:"_score"`
			Sort  []json.RawMessage `json:"sort"`
		} `json:"hits"`
	} `json:"hits"`
	Aggregations map[string]struct {
		Count   int      `json:"doc_count"`
		Buckets []bucket `json:"buckets"`
	} `json:"aggregations"`
}

// err is what went wrong with this search alone.
func (a answer) err() error {
	if a.Error.Type != "" {
		return refused(a.Status, a.Error.Type)
	}
	if a.TimedOut || a.Shards.Failed > 0 {
		return opinion.NewRetry("index.unreachable", fmt.Errorf("%d shards failed", a.Shards.Failed))
	}
	return nil
}

func (a answer) result(q index.Query, at cursor, counted answer) (index.Result, error) {
	res := index.Result{Total: at.Total, Negative: at.Negative, Exact: true}
	if counted.Status != 0 {
		res.Total, res.Negative = counted.Hits.Total.Value, counted.Aggregations["negative"].Count
	}
	for i, h := range a.Hits.Hits {
		if i == q.Limit {
			next := cursor{Order: q.Order, After: a.Hits.Hits[i-1].Sort, Total: res.Total, Negative: res.Negative}
			var err error
			if res.Next, err = next.encode(); err != nil {
				return res, err
			}
			break
		}
		var published int64
		if err := json.Unmarshal(h.Sort[len(h.Sort)-2], &published); err != nil {
			return res, fmt.Errorf("read hit: %w", err)
		}
		res.Hits = append(res.Hits, index.Hit{ID: h.ID, Published: time.UnixMilli(published).UTC(), Score: h.Score})
	}
	if q.Facets {
		if err := counted.facets(q, &res); err != nil {
			return res, err
		}
	}
	return res, counted.bins(q, &res)
}

func (a answer) facets(q index.Query, res *index.Result) error {
	res.Facets = map[string][]index.Facet{}
	for _, name := range facetNames {
		for _, b := range a.Aggregations[name].Buckets {
			f := index.Facet{Count: b.Count}
			if err := json.Unmarshal(b.Key, &f.Value); err != nil {
				return fmt.Errorf("read facet: %w", err)
			}
			res.Facets[name] = append(res.Facets[name], f)
		}
	}
	days := a.Aggregations[index.ByDay].Buckets
	for _, b := range days[max(0, len(days)-index.MaxDays):] {
		start, err := b.start()
		if err != nil {
			return err
		}
		res.Facets[index.ByDay] = append(res.Facets[index.ByDay],
			index.Facet{Value: start.In(q.Zone).Format(time.DateOnly), Count: b.Count})
	}
	return nil
}

func (a answer) bins(q index.Query, res *index.Result) error {
	for _, b := range a.Aggregations["bins"].Buckets {
		start, err := b.start()
		if err != nil {
			return err
		}
		start = index.BinStart(start, q.Step, q.Zone)
		if n := len(res.Bins); n == 0 || !res.Bins[n-1].Start.Equal(start) {
			res.Bins = append(res.Bins, index.Bin{Start: start})
		}
		last := &res.Bins[len(res.Bins)-1]
		last.Total += b.Count
		last.Negative += b.Negative.Count
	}
	return nil
}

// cursor is what the last hit was sorted by, and what the first page counted.
type cursor struct {
	Order    index.Order       `json:"o"`
	After    []json.RawMessage `json:"a"`
	Total    int               `json:"t"`
	Negative int               `json:"n"`
}

func (c cursor) encode() (string, error) {
	raw, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("write cursor: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(raw), nil
}

// readCursor lets through only what encode writes: a score in the order Best,
// a time and an id, so that nothing else reaches Elasticsearch.
func readCursor(q index.Query) (cursor, error) {
	var c cursor
	if q.Cursor == "" {
		return c, nil
	}
	wrong := fmt.Errorf("read cursor: %w", opinion.ErrInvalid)
	if len(q.Cursor) > 4*index.MaxID {
		return c, wrong
	}
	raw, err := base64.RawURLEncoding.DecodeString(q.Cursor)
	if err != nil || json.Unmarshal(raw, &c) != nil || c.Order != q.Order || c.Total < 0 || c.Negative < 0 {
		return c, wrong
	}
	after := c.After
	if ranked(q) {
		var score float64
		if len(after) == 0 || json.Unmarshal(after[0], &score) != nil {
			return c, wrong
		}
		after = after[1:]
	}
	var published int64
	var id string
	if len(after) != 2 || json.Unmarshal(after[0], &published) != nil || json.Unmarshal(after[1], &id) != nil {
		return c, wrong
	}
	if again, err := c.encode(); err != nil || again != q.Cursor {
		return c, wrong
	}
	return c, nil
}
