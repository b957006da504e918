package web

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"minsheng/analysis"
	"minsheng/i18n"
	"minsheng/opinion"
	"minsheng/store"
)

const (
	correctionLines = 200    // on the page
	mostLabels      = 50_000 // in a file for training
)

// correctPost lays a person's word over a post and its copies.
func (s *Server) correctPost(r *http.Request, v *visit) (answer, error) {
	id, label := r.PathValue("id"), store.Label(r.PostForm.Get("label"))
	if r.PostForm.Get("verb") == "back" {
		label = ""
	} else if !slices.Contains(store.Labels, label) {
		return s.refuseCorrection(r, v, "correct.choose")
	}
	n, err := s.State.Correct(r.Context(), id, label, v.User.Name)
	switch {
	case isConflict(err):
		return s.refuseCorrection(r, v, "correct.nothing")
	case errors.Is(err, opinion.ErrNotFound):
		return s.refuseCorrection(r, v, "correct.unjudged")
	case err != nil:
		return answer{}, err
	}
	done := "corrected"
	if label == "" {
		done = "taken_back"
	}
	return see("/posts/" + url.PathEscape(id) + "?" + url.Values{"done": {done}, "n": {fmt.Sprint(n)}}.Encode()), nil
}

// refuseCorrection shows the post again with what is wrong.
func (s *Server) refuseCorrection(r *http.Request, v *visit, code string) (answer, error) {
	page, err := s.postPage(r, v)
	page.Refused = i18n.Say(v.Lang, code)
	return answer{template: "post", status: http.StatusUnprocessableEntity, data: page}, err
}

// correctedNote says on the post's page what was just done.
func correctedNote(l i18n.Lang, v url.Values) string {
	n := 0
	if _, err := fmt.Sscan(v.Get("n"), &n); err != nil || n < 1 {
		return ""
	}
	switch v.Get("done") {
	case "corrected":
		return i18n.Say(l, "correct.done", n)
	case "taken_back":
		return i18n.Say(l, "correct.taken_back", n)
	}
	return ""
}

// correctionRow is a correction with its post.
type correctionRow struct {
	store.Correction
	Title string
}

func (s *Server) showCorrections(r *http.Request, _ *visit) (answer, error) {
	list, err := s.State.Corrections(r.Context(), correctionLines)
	if err != nil {
		return answer{}, err
	}
	ids := make([]string, len(list))
	for i, c := range list {
		ids[i] = c.Post
	}
	posts, err := s.State.Posts(r.Context(), ids...)
	titles := map[string]string{}
	for _, p := range posts {
		titles[p.ID] = headline(p)
	}
	page := struct {
		Rows []correctionRow
		Most int
	}{Most: correctionLines}
	for _, c := range list {
		page.Rows = append(page.Rows, correctionRow{c, titles[c.Post]})
	}
	return answer{template: "corrections", data: page}, err
}

// exportCorrections writes the corrections as training reads them.
func (s *Server) exportCorrections(r *http.Request, v *visit) (answer, error) {
	ctx := r.Context()
	list, err := s.State.Corrections(ctx, mostLabels)
	if err != nil {
		return answer{}, err
	}
	err = s.State.Audit(ctx, store.Entry{At: s.Now(), User: v.User.Name, Verb: "exported", Object: "corrections", Detail: fmt.Sprint(len(list))})
	if err != nil {
		return answer{}, err
	}
	return s.attachment(ctx, v, "corrections", "tsv", func(w io.Writer) error { return writeLabels(ctx, w, s.State, list) }), nil
}

// Labelled is what WriteLabels asks of the store.
type Labelled interface {
	Corrections(ctx context.Context, limit int) ([]store.Correction, error)
	Posts(ctx context.Context, ids ...string) ([]store.Stored, error)
}

// WriteLabels writes every correction as a line that minsheng train reads:
// label, text, kind, separated by tabs, after a line that names them. Each text
// stands once, however many copies it has. What is not about the police is
// neutral toward them. It returns how many lines followed the first.
func WriteLabels(ctx context.Context, w io.Writer, state Labelled) (int, error) {
	list, err := state.Corrections(ctx, mostLabels)
	if err != nil {
		return 0, err
	}
	return len(list), writeLabels(ctx, w, state, list)
}

func writeLabels(ctx context.Context, w io.Writer, state Labelled, list []store.Correction) error {
	out := bufio.NewWriter(w)
	if _, err := out.WriteString("label\ttext\tkind\n"); err != nil {
		return err
	}
	for some := range slices.Chunk(list, 500) {
		ids := make([]string, len(some))
		for i, c := range some {
			ids[i] = c.Post
		}
		posts, err := state.Posts(ctx, ids...)
		if err != nil {
			return err
		}
		for _, p := range posts {
			// The correction lies over the verdict already.
			text := analysis.Mask(strings.Join(strings.Fields(p.Title+" "+p.Text), " "))
			if _, err := fmt.Fprintf(out, "%s\t%s\t%s\n", p.Verdict.Attitude, text, p.Verdict.Kind); err != nil {
				return err
			}
		}
	}
	return out.Flush()
}
