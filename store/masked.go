package store

// Masked is what a stored post says once it is masked again, by a masker that
// knows more than the one before it was stored.
type Masked struct {
	Title, Text, Outlet string
	Excerpt             string   // for the alerts that show the post
	Gone                []string // what weighed in it and holds what is masked now: no alert names it any more
}
