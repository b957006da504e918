package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"minsheng/analysis"
	"minsheng/i18n"
	"minsheng/index"
	"minsheng/opinion"
	"minsheng/store"
)

// postPage is one post with its evidence.
type postPage struct {
	store.Stored
	Heading    []piece
	Opening    string // headline of the post that it replies to, "" where that is not stored
	Paragraphs [][]piece
	Judged     bool
	Stale      bool // the text changed since it was judged
	Sure       string
	Reasons    []reason
	Incident   *opinion.Incident
	Same       string // the search of the incident
	Copies     int
	More       bool // there may be more copies
	Problem    string
	Typed      string
	Refused    string             // why a correction was not made
	Unmoved    string             // why it was not put in another incident
	Others     []opinion.Incident // that it could be put in
	Done       string             // what was just corrected
	Says       store.Label
	Labels     []store.Label
}

func (s *Server) showPost(r *http.Request, v *visit) (answer, error) {
	page, err := s.postPage(r, v)
	page.Done = cmp.Or(correctedNote(v.Lang, r.URL.Query()), regroupedNote(v.Lang, r.URL.Query()))
	if err == nil {
		err = s.State.Audit(r.Context(), store.Entry{At: s.Now(), User: v.User.Name, Verb: "looked", Object: r.PathValue("id")})
	}
	return answer{template: "post", data: page}, err
}

func (s *Server) postPage(r *http.Request, v *visit) (postPage, error) {
	ctx := r.Context()
	posts, err := s.State.Posts(ctx, r.PathValue("id"))
	if err != nil {
		return postPage{}, err
	}
	if len(posts) == 0 {
		return postPage{}, errNoPage
	}
	p := posts[0]
	openings, err := s.openings(ctx, posts)
	if err != nil {
		return postPage{}, err
	}
	read := readPost(v.Lang, p, typedWords(r.URL.Query()))
	folded, _ := analysis.Fold(read.shown)
	page := postPage{
		Stored: p, Heading: read.title(), Opening: openings[p.Thread], Paragraphs: read.paragraphs(), Judged: p.Verdict.PostID != "",
		Sure: sure(p), Reasons: reasons(v.Lang, p.Verdict.Evidence),
		Says: store.LabelOf(p.Verdict), Labels: store.Labels,
	}
	page.Stale = page.Judged && folded != p.Verdict.Folded
	if page.Incident, err = s.incident(ctx, map[string]*opinion.Incident{}, p.Incident); err != nil {
		return postPage{}, err
	}
	if page.Incident != nil {
		page.Same = incidentAddress(p.Incident)
		if page.Copies, page.More, err = s.copies(ctx, p); err != nil {
			return postPage{}, err
		}
	}
	if page.Judged && v.may(store.Analyst) {
		page.Others, err = s.others(ctx, p.Incident)
	}
	return page, err
}

// typedWords are the words of the query that led here; one that cannot be read
// marks nothing.
func typedWords(v url.Values) []string {
	folded, _ := analysis.Fold(readSearch(v).Q)
	x, err := index.ParseQuery(folded)
	if err != nil {
		return nil
	}
	return wanted(x)
}

// copies counts the other posts with the same text among the newest of the
// incident: copies of one text are always of one incident. While the index
// does not answer the page does without.
func (s *Server) copies(ctx context.Context, p store.Stored) (n int, more bool, err error) {
	res, err := s.Index.Search(ctx, index.Query{Incident: p.Incident, Limit: index.MaxLimit})
	if isFault(err) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, err
	}
	posts, err := s.State.Posts(ctx, ids(res.Hits)...)
	first := firstOf(p)
	for _, other := range posts {
		if other.ID != p.ID && firstOf(other) == first {
			n++
		}
	}
	return n, res.Next != "", err
}

// isFault reports whether err has a sentence for people, such as that the search
// engine does not answer.
func isFault(err error) bool {
	_, is := errors.AsType[*opinion.Fault](err)
	return is
}

// firstOf is the ID of the first post with this text.
func firstOf(p store.Stored) string {
	if p.Near != "" {
		return p.Near
	}
	return p.ID
}

// deletePost takes a post out for good. The store writes the audit line.
func (s *Server) deletePost(r *http.Request, v *visit) (answer, error) {
	reason := strings.TrimSpace(r.PostForm.Get("reason"))
	problem := actProblem("note", reason)
	if problem == "" {
		if err := s.State.DeletePost(r.Context(), r.PathValue("id"), v.User.Name, reason); err != nil {
			return answer{}, err
		}
		return see("/search?deleted=1"), nil
	}
	if reason == "" {
		problem = "post.no_reason_given"
	}
	page, err := s.postPage(r, v)
	if err != nil {
		return answer{}, err
	}
	page.Problem, page.Typed = i18n.Say(v.Lang, problem), reason
	return answer{template: "post", status: http.StatusUnprocessableEntity, data: page}, nil
}
