package store

import (
	"context"
	"time"

	"minsheng/opinion"
)

// Label is what a person says of a text: the attitude toward the police that
// it shows, or that it is not about them at all.
type Label string

// The labels. The first three also say that the text is about the police.
const (
	SaysNegative Label = Label(opinion.Negative)
	SaysNeutral  Label = Label(opinion.Neutral)
	SaysPositive Label = Label(opinion.Positive)
	NotPolice    Label = "none"
)

// Labels lists every Label in the order in which pages show them.
var Labels = []Label{SaysNegative, SaysNeutral, SaysPositive, NotPolice}

// LabelOf is what a verdict says, as a person would.
func LabelOf(v opinion.Verdict) Label {
	if !v.MentionsPolice {
		return NotPolice
	}
	return Label(v.Attitude)
}

// Over lays the label over a verdict; the empty Label changes nothing. What a
// person says is sure: its confidence is 1.
func (l Label) Over(v opinion.Verdict) opinion.Verdict {
	if l == "" {
		return v
	}
	v.Attitude, v.MentionsPolice = opinion.Attitude(l), true
	if l == NotPolice {
		v.Attitude, v.MentionsPolice = opinion.Neutral, false
	}
	v.Score, v.Confidence, v.Uncertain = 0, 1, false
	switch v.Attitude {
	case opinion.Negative:
		v.Score = -1
	case opinion.Positive:
		v.Score = 1
	}
	return v
}

// Correction is a person's word on a text. It holds for every post with that
// text, those that come later included, whatever the machine says, until it is
// taken back.
type Correction struct {
	Post   string // with this text, stored now: where it was made, if that is still there
	Label  Label
	User   string
	At     time.Time
	Made   bool  // on this very post; else it came with the same text
	Copies int   // posts with this text; only Corrections counts them
	Was    Label // what the machine says of the post
}

// Corrector is the work of analysts on verdicts.
type Corrector interface {
	// Correct lays a label over a judged post and every post with the same
	// text, brings tallies and incidents up to date and queues the posts for
	// the index, all in one commit, and returns how many posts that were. The
	// empty label takes a person's word back. Nothing is watched for it: what
	// we change ourselves may not alarm. ErrInvalid for an unknown label,
	// ErrNotFound for a post that is not there or not judged yet, ErrConflict
	// where nothing is to be taken back.
	Correct(ctx context.Context, post string, label Label, user string) (int, error)
	// Corrections lists the newest corrections of texts that are still stored;
	// with a Post of each.
	Corrections(ctx context.Context, limit int) ([]Correction, error)
}
