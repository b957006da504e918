package elastic

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"strconv"
	"time"

	"minsheng/index"
	"minsheng/opinion"
)

// request is the body: for each search a line that says where and one that
// says what. A search that is nil is left out. The same query goes to the same
// copy, whose scores then agree from page to page.
func (x *Index) request(asked object, searches ...object) (*bytes.Buffer, error) {
	matching, err := encode(asked)
	if err != nil {
		return nil, err
	}
	h := fnv.New32a()
	h.Write(matching.Bytes())
	head, err := encode(object{
		"index": x.name, "ignore_unavailable": true, "preference": strconv.FormatUint(uint64(h.Sum32()), 36),
	})
	if err != nil {
		return nil, err
	}
	var body bytes.Buffer
	for _, search := range searches {
		if search == nil {
			continue
		}
		search["query"] = asked
		what, err := encode(search)
		if err != nil {
			return nil, err
		}
		body.Write(head.Bytes())
		body.Write(what.Bytes())
	}
	return &body, nil
}

// hits asks for one page of them, and one more.
func hits(q index.Query, at cursor) object {
	order := []object{{"published": "desc"}, {"id": "desc"}}
	if ranked(q) {
		order = append([]object{{"_score": "desc"}}, order...)
	}
	body := object{
		"size":             q.Limit + 1,
		"sort":             order,
		"_source":          false,
		"track_total_hits": false,
		"track_scores":     ranked(q),
	}
	if q.Cursor != "" {
		body["search_after"] = at.After
	}
	return body
}

// counts asks how many there are, of what; nil where the cursor knows it.
func counts(q index.Query) object {
	if q.Cursor != "" && !q.Facets && q.Step == 0 {
		return nil
	}
	return object{"size": 0, "track_total_hits": true, "aggs": aggregations(q)}
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
