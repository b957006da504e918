package store

import (
	"context"
	"time"

	"minsheng/opinion"
)

// OwnWord is a word of the office's own lexicon.
type OwnWord struct {
	opinion.LexiconWord
	EditedBy string
	EditedAt time.Time
}

// OwnPlace is a place that a person added or changed.
type OwnPlace struct {
	opinion.Place
	EditedBy string
	EditedAt time.Time
}

// Vocabulary is what an office teaches the analysis from the console: words of
// the lexicon and places. It lies over what the program and the file say. The
// store keeps it; whether a word makes sense is for analysis to say.
type Vocabulary interface {
	// OwnWords lists the office's words, by word.
	OwnWords(ctx context.Context) ([]OwnWord, error)
	// SaveWord stores a word, or changes the one that is there. ErrInvalid for
	// an empty one.
	SaveWord(ctx context.Context, w opinion.LexiconWord, user string) error
	// DeleteWord takes a word out; ErrNotFound where there is none.
	DeleteWord(ctx context.Context, word, user string) error
	// OwnPlaces lists the places that people saved, by name.
	OwnPlaces(ctx context.Context) ([]OwnPlace, error)
	// SavePlace stores a place, or changes the one of that name.
	SavePlace(ctx context.Context, p opinion.Place, user string) error
	// DeletePlace takes a place out; ErrNotFound where no person saved it.
	DeletePlace(ctx context.Context, name, user string) error
}

// TopicSet is a set of topics, and how many posts belong to just these.
type TopicSet struct {
	Topics []string
	Posts  int
}

// Sampled is a post as a survey of words sees it. Copies of a text are left
// out, so that one text that goes round counts once.
type Sampled struct {
	ID, Source string
	Incident   string
	Published  time.Time
	Folded     string
	Topics     []string
}

// Survey looks over many posts at once, within bounds.
type Survey interface {
	// TopicSets counts the newest posts published since a time, at most limit,
	// by the topics that they belong to.
	TopicSets(ctx context.Context, since time.Time, limit int) ([]TopicSet, error)
	// Sample yields posts published in [from, until), in no order: all of them,
	// or where there are more than limit about that many, spread evenly.
	Sample(ctx context.Context, from, until time.Time, limit int, each func(Sampled) error) error
}

// Rules are the rules of topics as they stand.
func Rules(states []TopicState) []opinion.Topic {
	rules := make([]opinion.Topic, len(states))
	for i, t := range states {
		rules[i] = t.Topic
	}
	return rules
}
