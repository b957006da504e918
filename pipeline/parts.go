package pipeline

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"minsheng/crawler"
	"minsheng/opinion"
)

// joined makes one post of an article that lies on several pages. Each page is
// an address of the frontier of its own, so robots.txt and the host's pace hold
// for it, and a restart loses none; what it brings is added to the post of the
// first page as a new revision. A first page that is read again does not throw
// away what the later ones brought.
func (p *Pipeline) joined(ctx context.Context, page crawler.Page, posts []opinion.Post) ([]opinion.Post, error) {
	if len(posts) != 1 || page.Part < 2 && page.Next == "" {
		return posts, nil
	}
	found, err := p.State.Posts(ctx, posts[0].ID)
	if err != nil {
		return nil, fmt.Errorf("load first page: %w", err)
	}
	if len(found) == 0 || found[0].Text == "" {
		return posts, nil // the first page was of no interest, or has not come: this one speaks for itself
	}
	whole, now := found[0].Post, posts[0]
	switch {
	case page.Part < 2 && strings.HasPrefix(whole.Text, now.Text):
		now.Text = whole.Text
		return []opinion.Post{now}, nil
	case page.Part < 2:
		return posts, nil // the article itself was changed
	case strings.Contains(whole.Text, now.Text):
		return nil, nil
	}
	text, cut := clip(whole.Text+"\n"+now.Text, maxText)
	whole.Text, whole.Fetched = text, now.Fetched
	for _, flag := range now.Flags {
		if ofText := flag != FlagNoTime && flag != FlagDayOnly && flag != FlagFutureTime; ofText && !slices.Contains(whole.Flags, flag) {
			whole.Flags = append(whole.Flags, flag)
		}
	}
	if cut && !slices.Contains(whole.Flags, FlagCut) {
		whole.Flags = append(whole.Flags, FlagCut)
	}
	return []opinion.Post{whole}, nil
}
