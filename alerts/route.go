package alerts

import (
	"slices"

	"minsheng/opinion"
)

// Route sends alerts to channels. An empty list matches all.
type Route struct {
	Topics   []string
	Levels   []opinion.Level
	Channels []string
}

// Routes are an office's routes, and its channels for alerts that no route
// names.
type Routes struct {
	Routes  []Route
	Default []string
}

// For lists the channels of an alert, each once, in the order of the routes.
// An alert that no route matches goes to the default channels: it must reach
// somebody.
func (r Routes) For(a opinion.Alert) []string {
	var out []string
	for _, route := range r.Routes {
		if !route.matches(a) {
			continue
		}
		for _, name := range route.Channels {
			if !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	if out == nil {
		return r.Default
	}
	return out
}

func (r Route) matches(a opinion.Alert) bool {
	if len(r.Levels) > 0 && !slices.Contains(r.Levels, a.Level) {
		return false
	}
	return len(r.Topics) == 0 || slices.ContainsFunc(a.Topics, func(t string) bool { return slices.Contains(r.Topics, t) })
}
