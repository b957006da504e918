package crawler

// Candidate is one reading of a page's title, time, source or body as it was
// weighed against the others. From and Why are codes of the catalogue.
type Candidate struct {
	Field  string // "title", "time", "source" or "body"
	From   string // where on the page it stands
	Detail string // the name of the element or of the meta; "" where there is none
	Value  string // at most 200 bytes
	Score  int    // the highest of a field wins, the first of equals
	Chosen bool
	Why    string // what its score rests on
}

// maxCandidates bounds what is kept of one field for showing.
const maxCandidates = 12

// reading is a candidate with what it stands for.
type reading[T any] struct {
	Candidate
	value T
}

// choose marks the reading with the highest score and gives it, with the
// candidates as they are shown. ok is false where there is none.
func choose[T any](all []reading[T]) (best reading[T], shown []Candidate, ok bool) {
	at := -1
	for i, r := range all {
		if at < 0 || r.Score > all[at].Score {
			at = i
		}
	}
	if at < 0 {
		return best, nil, false
	}
	all[at].Chosen = true
	for i, r := range all {
		if i == at || len(shown) < maxCandidates-1 || i > at && len(shown) < maxCandidates {
			r.Value = clip(r.Value, 200)
			shown = append(shown, r.Candidate)
		}
	}
	return all[at], shown, true
}
