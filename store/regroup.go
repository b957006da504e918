package store

import (
	"context"

	"minsheng/opinion"
)

// Regrouping is what a person said of where posts belong: that a post is of an
// incident, or that all of one incident is of another.
type Regrouping struct {
	Seq      int64  // the order in which it was said
	Post     string // "" where it is a merge
	From     string // the incident that is no more, "" where a post was moved
	Incident string // where it belongs
}

// Grouping is the correction of what the machine put together. A person's word
// holds for posts that come later, across restarts and when a post is judged
// again: what was merged stays one, what was moved does not come back.
type Grouping interface {
	// MergeIncidents makes one incident of two, under the identity of the older,
	// which is returned; its alerts and those of the other are of one incident
	// from then on. The name of the other leads to it. ErrNotFound where one of
	// them is unknown, ErrConflict where they are one already.
	MergeIncidents(ctx context.Context, into, from, user string) (kept string, err error)
	// MovePosts moves posts of one incident to another, or to a new one that the first of
	// them begins where to is "". Copies of a post and what was said under it,
	// as far as they are of the same incident, go with it; n is how many went.
	// ErrConflict where nothing would move, or where nothing would stay behind
	// and no incident is named to move to: that is what an incident is.
	MovePosts(ctx context.Context, posts []string, to, user string) (incident string, n int, err error)
	// RecentIncidents lists those with the newest posts first, of at least so
	// many posts.
	RecentIncidents(ctx context.Context, posts, limit int) ([]opinion.Incident, error)
}
