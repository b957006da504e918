package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"minsheng/analysis"
	"minsheng/i18n"
	"minsheng/store"
)

// The keys under which suggestions are kept.
const (
	SuggestionsKey = "suggestions"
	dismissedKey   = "suggestions dismissed"
)

// mostDismissed bounds what is remembered of refusals; the oldest go first.
const mostDismissed = 500

// Suggestions are the words that a survey found.
type Suggestions struct {
	At        time.Time // zero where there was no survey yet
	Day, Past int       // texts that were compared
	Words     []analysis.Rising
}

// Keeper keeps single values.
type Keeper interface {
	Value(ctx context.Context, key string) (string, error)
	SetValue(ctx context.Context, key, value string) error
}

// ReadSuggestions returns what the last survey found.
func ReadSuggestions(ctx context.Context, k Keeper) (s Suggestions, err error) {
	return s, readValue(ctx, k, SuggestionsKey, &s)
}

// ReadDismissed returns the words that nobody wants suggested again.
func ReadDismissed(ctx context.Context, k Keeper) (words []string, err error) {
	return words, readValue(ctx, k, dismissedKey, &words)
}

func readValue(ctx context.Context, k Keeper, key string, v any) error {
	text, err := k.Value(ctx, key)
	if err != nil || text == "" {
		return err
	}
	if err := json.Unmarshal([]byte(text), v); err != nil {
		return fmt.Errorf("read %s: %w", key, err)
	}
	return nil
}

func (s *Server) writeValue(ctx context.Context, key string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write %s: %w", key, err)
	}
	return s.State.SetValue(ctx, key, string(b))
}

// suggestionsPage offers words to the administrator.
type suggestionsPage struct {
	Suggestions
	Offers []offered
	Topics []string
	Needs  int // posts of the past before anything is suggested
	Done   string
}

type offered struct {
	analysis.Rising
	Rise  string // in a sentence
	Posts []store.Stored
}

func (s *Server) showSuggestions(r *http.Request, v *visit) (answer, error) {
	ctx := r.Context()
	found, err := ReadSuggestions(ctx, s.State)
	if err != nil {
		return answer{}, err
	}
	page := suggestionsPage{Suggestions: found, Needs: analysis.LeastPast}
	if done := r.FormValue("done"); done == "added" || done == "dismissed" {
		page.Done = i18n.Say(v.Lang, "suggest."+done)
	}
	for _, w := range found.Words {
		posts, err := s.State.Posts(ctx, w.Examples...)
		if err != nil {
			return answer{}, err
		}
		for i := range posts {
			posts[i].Title = headline(posts[i])
		}
		page.Offers = append(page.Offers, offered{w, rise(v.Lang, w), posts})
	}
	states, err := s.State.Topics(ctx)
	for _, t := range states {
		page.Topics = append(page.Topics, t.Name)
	}
	return answer{template: "suggestions", data: page}, err
}

// rise says how often a word stood in texts, and how often it usually does.
func rise(l i18n.Lang, w analysis.Rising) string {
	switch {
	case w.Expected < .05:
		return i18n.Say(l, "suggest.rise_new", Number(l, w.Texts))
	case w.Expected < 10:
		return i18n.Say(l, "suggest.rise", Number(l, w.Texts), fmt.Sprintf("%.1f", w.Expected))
	}
	return i18n.Say(l, "suggest.rise", Number(l, w.Texts), fmt.Sprintf("%.0f", w.Expected))
}

// headline is a post's title, or the beginning of its text.
func headline(p store.Stored) string {
	if p.Title != "" {
		return p.Title
	}
	return clipText(strings.Join(strings.Fields(p.Text), " "), 40)
}

// actOnSuggestion adds a word to a topic, or puts it aside for good.
func (s *Server) actOnSuggestion(r *http.Request, v *visit) (answer, error) {
	ctx, f := r.Context(), r.PostForm
	found, err := ReadSuggestions(ctx, s.State)
	if err != nil {
		return answer{}, err
	}
	word := f.Get("word")
	at := slices.IndexFunc(found.Words, func(w analysis.Rising) bool { return w.Word == word })
	if at < 0 {
		return answer{}, &fault{status: http.StatusConflict, code: "suggest.not_offered"}
	}
	switch f.Get("verb") {
	case "add":
		err = s.addToTopic(r, v, f.Get("topic"), word)
	case "dismiss":
		err = s.dismiss(r, v, word)
	default:
		err = errForm
	}
	if err != nil {
		return answer{}, err
	}
	found.Words = slices.Delete(found.Words, at, at+1)
	if err := s.writeValue(ctx, SuggestionsKey, found); err != nil {
		return answer{}, err
	}
	if f.Get("verb") == "dismiss" {
		return see("/suggestions?done=dismissed"), nil
	}
	return s.inForce(r, v, "/suggestions?done=added")
}

// addToTopic lets a topic look for a word too. It is written with the other
// words of which one is enough, so that what the topic asks for beside them
// still holds.
func (s *Server) addToTopic(r *http.Request, v *visit, name, word string) error {
	t, err := s.topic(r, name)
	if err != nil {
		return err
	}
	t.Any = append(slices.Clone(t.Any), word)
	for _, f := range s.CheckTopic(t.Topic) {
		return &fault{status: http.StatusUnprocessableEntity, code: f.Code, args: anys(f.Args)}
	}
	return s.State.SaveTopic(r.Context(), t.Topic, v.User.Name)
}

func (s *Server) dismiss(r *http.Request, v *visit, word string) error {
	words, err := ReadDismissed(r.Context(), s.State)
	if err != nil {
		return err
	}
	if words = append(words, word); len(words) > mostDismissed {
		words = words[len(words)-mostDismissed:]
	}
	if err := s.writeValue(r.Context(), dismissedKey, words); err != nil {
		return err
	}
	return s.State.Audit(r.Context(), store.Entry{At: s.Now(), User: v.User.Name, Verb: "dismissed", Object: "suggestion " + word})
}
