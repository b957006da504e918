package store

import (
	"time"

	"minsheng/opinion"
)

// Hour is what a source brought in one hour.
type Hour struct {
	Start time.Time
	Posts int
}

// Ailment is one thing that is wrong with a source: Code and Args select the
// sentence that says it, Code with _do the one that says what to do.
type Ailment struct {
	Code  string    `json:"code"`
	Args  []string  `json:"args,omitempty"`
	Since time.Time `json:"since"` // when it was first found
	// Untold are the channels by which the operators have still to hear of it:
	// an attempt failed that may be made again.
	Untold []string `json:"untold,omitempty"`
}

// How much one fetch weighs in the shares of SourceState: a source's own
// address is asked seldom and says much, a page is one of many.
const (
	entryWeight = 0.3
	pageWeight  = 0.05
)

// Weight is how much a fetch of this role moves the shares.
func Weight(role Role) float64 {
	if role == EntryRole {
		return entryWeight
	}
	return pageWeight
}

// Severity is how much a fault counts as a failure of its source, 0 to 1. That
// a site does not answer is the whole; a page that is gone or that is no
// article happens on every site and counts a quarter.
func Severity(role Role, fault *opinion.Fault) float64 {
	if fault == nil {
		return 0
	}
	if role == EntryRole {
		return 1
	}
	switch fault.Code {
	case "fetch.gone", "fetch.too_large", "fetch.robots",
		"read.is_list", "read.too_short", "read.no_article", "read.no_posts", "read.empty":
		return 0.25
	}
	return 1
}
