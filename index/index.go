// Package index is the contract of the search index and the language in which
// people ask it: Put and Delete posts, Search them with filters, facets and a
// chart over time. Two engines keep it, sqlite (FTS5, embedded) and elastic
// (Elasticsearch 8), and package indextest holds both to the same behaviour.
//
// An index holds no text that could be read back and is no source of truth: it
// answers with ids and numbers, and it can be filled again from the store at
// any time. It knows no person: there is no field for one. Start reading at
// Index, then Query; ParseQuery is where a person's words enter.
package index

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"minsheng/opinion"
)

// Doc is one post as it is indexed. Put it again to change it.
type Doc struct {
	ID             string // opinion.Post.ID
	Source         string
	Class          opinion.Class
	Kind           opinion.Kind
	Title          string // folded (simplified, NFKC), masked
	Text           string // folded, masked
	Published      time.Time
	Topics         []string
	Places         []string
	Attitude       opinion.Attitude
	Score          float64 // the verdict's; no query asks for it, tools that read Elasticsearch may
	Incident       string
	MentionsPolice bool  // likewise
	Version        int64 // 0 or more; a higher or equal one replaces, a lower one is ignored
}

// Order is the order of the hits.
type Order string

// The orders. Newest is by time of publication, to the second. Best is by how
// well the words of the query fit, and the same as Newest where it has none.
const (
	Newest Order = "newest"
	Best   Order = "best"
)

// Limits of a Query.
const (
	DefaultLimit = 20
	MaxLimit     = 100
	MinStep      = opinion.BucketWidth
	MaxBins      = 10_000
	MaxFilter    = 200 // values in one filter
)

// Limits of a Doc, in bytes.
const (
	MaxID   = 500  // of ID
	MaxName = 1000 // of Source, Incident, each topic and place
)

// MaxFacet is how many values of one facet a Result gives at most; of days it
// gives the newest MaxDays.
const (
	MaxFacet = 100
	MaxDays  = 400
)

// Query is what is asked. The values of one filter are alternatives; different
// filters must all hold. The zero Query asks for the newest of everything.
type Query struct {
	Expr      Expr      // nil asks for everything
	From      time.Time // inclusive, to the second; zero is open
	Until     time.Time // exclusive, to the second; zero is open
	Topics    []string
	Places    []string
	Sources   []string
	Classes   []opinion.Class
	Attitudes []opinion.Attitude
	Incident  string
	Order     Order  // "" is Newest
	Limit     int    // 0 is DefaultLimit, more than MaxLimit is refused
	Cursor    string // Result.Next of the page before, of the same query
	Facets    bool
	// Step is the width of a Bin, 0 for none. Whole days are cut at midnight
	// in Zone and counted from 1970-01-01; shorter steps are cut in UTC.
	Step time.Duration
	Zone *time.Location // of days; nil is UTC
}

// Hit is one post found. Score says how well it fits, higher is better, and
// compares only with other hits of the same Result; 0 in the order Newest.
type Hit struct {
	ID        string
	Published time.Time // UTC
	Score     float64
}

// Bin counts the posts published in [Start, Start+Step).
type Bin struct {
	Start    time.Time // in Query.Zone
	Total    int
	Negative int
}

// Facet counts the posts that bear Value.
type Facet struct {
	Value string
	Count int
}

// The names of the facets. A day is written 2006-01-02, in Query.Zone.
const (
	ByTopic    = "topic"
	ByPlace    = "place"
	BySource   = "source"
	ByClass    = "class"
	ByAttitude = "attitude"
	ByDay      = "day"
)

// Result is one page of hits, and what all the matches together look like.
// Where Exact is false there are more matches than the engine looks at: Total,
// Negative, Facets and Bins count the newest of them, and the order Best ranks
// among the newest only.
type Result struct {
	Hits     []Hit
	Next     string // cursor of the next page, "" at the end
	Total    int
	Negative int
	Exact    bool
	Facets   map[string][]Facet // most frequent first; days in their order
	Bins     []Bin              // in order of time; those without posts are left out
}

// Index is a search index. Its methods may be called concurrently. Errors wrap
// opinion.ErrInvalid where the Query cannot be answered as it stands, and are
// or wrap an *opinion.Fault where a person must act.
type Index interface {
	// Put adds docs or replaces those of the same id. It is done when it
	// returns, and doing it twice changes nothing. On an error some of the
	// docs may be in the index; putting all again mends it.
	Put(ctx context.Context, docs []Doc) error
	// Delete removes the docs of these ids; an unknown id is no error. After
	// it, a Put of any version is taken again.
	Delete(ctx context.Context, ids ...string) error
	// Search answers q. Paging in the order Newest neither repeats nor skips a
	// doc that was there at the first page; the order Best keeps to that while
	// nothing is put.
	Search(ctx context.Context, q Query) (Result, error)
	// Count is the number of docs.
	Count(ctx context.Context) (int, error)
	// Clear removes every doc, before all are put again.
	Clear(ctx context.Context) error
	// Merge does a piece of the housekeeping that keeps searches fast and takes
	// out of the engine's files what was replaced or deleted, at most some
	// tenths of a second, and reports whether more of it waits. It changes no
	// answer, and is called while nothing waits to be put.
	Merge(ctx context.Context) (more bool, err error)
	// Ping reports whether the engine answers.
	Ping(ctx context.Context) error
	// Close lets go of what the index itself opened.
	Close() error
}

// Check refuses a Query out of bounds and fills what it leaves open: order,
// limit and zone. Engines call it first.
func (q Query) Check() (Query, error) {
	if q.Order == "" {
		q.Order = Newest
	}
	if q.Limit == 0 {
		q.Limit = DefaultLimit
	}
	if q.Zone == nil {
		q.Zone = time.UTC
	}
	return q, q.faults()
}

func (q Query) faults() error {
	var errs []error
	refuse := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("check query: "+format+": %w", append(args, opinion.ErrInvalid)...))
	}
	if q.Order != Newest && q.Order != Best {
		refuse("order %q", q.Order)
	}
	if q.Limit < 0 || q.Limit > MaxLimit {
		refuse("limit %d is not in 1 to %d", q.Limit, MaxLimit)
	}
	if max(len(q.Topics), len(q.Places), len(q.Sources), len(q.Classes), len(q.Attitudes)) > MaxFilter {
		refuse("a filter has more than %d values", MaxFilter)
	}
	if q.Step != 0 {
		if q.Step < MinStep || q.Step%time.Second != 0 {
			refuse("step %v is below %v or no whole second", q.Step, MinStep)
		} else if q.From.IsZero() || q.Until.IsZero() {
			if q.Step < time.Hour {
				refuse("step %v needs both from and until", q.Step)
			}
		} else if q.Until.Sub(q.From)/q.Step >= MaxBins {
			refuse("step %v makes more than %d bins", q.Step, MaxBins)
		}
	}
	return errors.Join(errs...)
}

// Check refuses a Doc that an engine cannot take.
func (d Doc) Check() error {
	switch {
	case d.ID == "" || len(d.ID) > MaxID:
		return fmt.Errorf("check doc: id of %d bytes, want 1 to %d: %w", len(d.ID), MaxID, opinion.ErrInvalid)
	case d.Version < 0:
		return fmt.Errorf("check doc %s: version %d: %w", d.ID, d.Version, opinion.ErrInvalid)
	}
	for _, name := range slices.Concat([]string{d.Source, d.Incident}, d.Topics, d.Places) {
		if len(name) > MaxName {
			return fmt.Errorf("check doc %s: a name of %d bytes, want at most %d: %w", d.ID, len(name), MaxName, opinion.ErrInvalid)
		}
	}
	return nil
}

// BinStart is the start of the bin of t, in zone; see Query.Step.
func BinStart(t time.Time, step time.Duration, zone *time.Location) time.Time {
	const day = 24 * time.Hour
	if step%day != 0 {
		seconds, width := t.Unix(), int64(step/time.Second)
		return time.Unix(seconds-((seconds%width)+width)%width, 0).In(zone)
	}
	year, month, date := t.In(zone).Date()
	days := time.Date(year, month, date, 0, 0, 0, 0, time.UTC).Unix() / 86400
	width := int64(step / day)
	first := time.Unix((days-((days%width)+width)%width)*86400, 0).UTC()
	return time.Date(first.Year(), first.Month(), first.Day(), 0, 0, 0, 0, zone)
}
