package elastic

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"strconv"
	"time"

	"minsheng/index"
	"minsheng/opinion"
)

// Search answers q. Its counts are always exact.
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
	// The same query goes to the same copy, whose scores then agree from page
	// to page.
	h := fnv.New32a()
	asked := x.question(q)
	matching, err := encode(asked)
	if err != nil {
		return index.Result{}, err
	}
	h.Write(matching.Bytes())

	body, err := encode(x.request(q, asked, at))
	if err != nil {
		return index.Result{}, err
	}
	var got answer
	err = x.do(x.es.Search(x.es.Search.WithContext(ctx), x.es.Search.WithIndex(x.name), x.es.Search.WithBody(body),
		x.es.Search.WithIgnoreUnavailable(true), x.es.Search.WithPreference(strconv.FormatUint(uint64(h.Sum32()), 36))))(&got)
	if err != nil {
		return index.Result{}, fmt.Errorf("search: %w", err)
	}
	if got.TimedOut || got.Shards.Failed > 0 {
		return index.Result{}, fmt.Errorf("search: %w", opinion.NewRetry("index.unreachable", fmt.Errorf("%d shards failed", got.Shards.Failed)))
	}
	return got.result(q, at)
}

// request is the whole body.
func (x *Index) request(q index.Query, asked object, at cursor) object {
	order := []object{{"published": "desc"}, {"id": "desc"}}
	if ranked(q) {
		order = append([]object{{"_score": "desc"}}, order...)
	}
	body := object{
		"size":             q.Limit + 1,
		"query":            asked,
		"sort":             order,
		"_source":          false,
		"track_total_hits": true,
		"track_scores":     ranked(q),
	}
	if q.Cursor != "" {
		body["search_after"] = at.After
	}
	if q.Cursor == "" || q.Facets || q.Step > 0 {
		body["aggs"] = aggregations(q)
	} else {
		body["track_total_hits"] = false // the cursor has it
	}
	return body
}

// ranked reports whether q has words to rank by.
func ranked(q index.Query) bool { return q.Order == index.Best && q.Expr != nil }

// question is what a doc must meet. Only the words weigh.
func (x *Index) question(q index.Query) object {
	var filter []object
	terms := func(field string, values []string) {
		if len(values) > 0 {
			filter = append(filter, object{"terms": object{field: values}})
		}
	}
	terms("topic", q.Topics)
	terms("place", q.Places)
	terms("source", q.Sources)
	terms("class", plain(q.Classes))
	terms("attitude", plain(q.Attitudes))
	if q.Incident != "" {
		terms("incident", []string{q.Incident})
	}
	span := object{}
	if !q.From.IsZero() {
		span["gte"] = q.From.Unix() * 1000
	}
	if !q.Until.IsZero() {
		span["lt"] = q.Until.Unix() * 1000
	}
	if len(span) > 0 {
		filter = append(filter, object{"range": object{"published": span}})
	}
	if ranked(q) {
		return object{"bool": object{"filter": filter, "must": x.expression(q.Expr, true)}}
	}
	if q.Expr != nil {
		filter = append(filter, x.expression(q.Expr, false))
	}
	return object{"bool": object{"filter": filter}}
}

func plain[S ~string](values []S) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

func (x *Index) expression(e index.Expr, rank bool) object {
	switch e := e.(type) {
	case index.Word:
		return x.word(e, rank)
	case index.Phrase:
		return phrase(index.Chars(string(e)))
	case index.Any:
		var any []object
		for _, p := range e {
			any = append(any, x.expression(p, rank))
		}
		return object{"bool": object{"should": any, "minimum_should_match": 1}}
	case index.All:
		var must, not []object
		for _, p := range e {
			if n, ok := p.(index.Not); ok {
				not = append(not, x.expression(n.X, false))
			} else {
				must = append(must, x.expression(p, rank))
			}
		}
		return object{"bool": object{"must": must, "must_not": not}}
	case index.Not:
		return object{"bool": object{"must_not": x.expression(e.X, false)}}
	}
	return object{"match_all": object{}}
}

func phrase(chars string) object {
	return object{"match_phrase": object{"chars": chars}}
}

// word asks for every piece of w; for ranking, w in one piece adds weight.
func (x *Index) word(w index.Word, rank bool) object {
	words, chars := index.Terms(x.cut, w)
	var must []object
	for _, t := range words {
		must = append(must, object{"term": object{"words": t}})
	}
	for _, t := range chars {
		must = append(must, phrase(t))
	}
	b := object{"must": must}
	if rank && len(must) > 1 {
		b["should"] = phrase(index.Chars(string(w)))
	}
	return object{"bool": b}
}

// facetNames are those that count the values of a field of the same name.
var facetNames = []string{index.ByTopic, index.ByPlace, index.BySource, index.ByClass, index.ByAttitude}

func aggregations(q index.Query) object {
	negative := object{"filter": object{"term": object{"attitude": string(opinion.Negative)}}}
	aggs := object{"negative": negative}
	if q.Facets {
		for _, name := range facetNames {
			aggs[name] = object{"terms": object{"field": name, "size": index.MaxFacet}}
		}
		aggs[index.ByDay] = histogram(q, 24*time.Hour)
	}
	if q.Step > 0 {
		bins := histogram(q, q.Step)
		bins["aggs"] = object{"negative": negative}
		aggs["bins"] = bins
	}
	return aggs
}

// histogram cuts as index.BinStart does; several days are joined afterwards.
func histogram(q index.Query, step time.Duration) object {
	h := object{"field": "published", "min_doc_count": 1}
	if step%(24*time.Hour) == 0 {
		h["calendar_interval"], h["time_zone"] = "day", zoneName(q.Zone)
	} else {
		h["fixed_interval"] = fmt.Sprintf("%ds", step/time.Second)
	}
	return object{"date_histogram": h}
}

// zoneName is a name that Elasticsearch knows: of the tz database, or an offset.
func zoneName(zone *time.Location) string {
	name := zone.String()
	if name != "" && name != "Local" {
		if _, err := time.LoadLocation(name); err == nil {
			return name
		}
	}
	return time.Unix(0, 0).In(zone).Format("-07:00")
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

func (a answer) result(q index.Query, at cursor) (index.Result, error) {
	res := index.Result{Total: at.Total, Negative: at.Negative, Exact: true}
	if a.Aggregations != nil || q.Cursor == "" {
		res.Total, res.Negative = a.Hits.Total.Value, a.Aggregations["negative"].Count
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
		if err := a.facets(q, &res); err != nil {
			return res, err
		}
	}
	return res, a.bins(q, &res)
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
