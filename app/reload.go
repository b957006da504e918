package app

import (
	"context"
	"errors"
	"slices"

	"minsheng/config"
	"minsheng/opinion"
)

// Reload reads the configuration again and puts sources, topics, places and
// routes in force. A faulty file changes nothing and is said. The address, the
// data folder, the index, the channels and the city need a restart.
func (a *App) Reload(ctx context.Context) error {
	if a.Load == nil {
		return errors.New("reload configuration: it did not come from a file")
	}
	cfg, err := a.Load()
	if err != nil {
		return err
	}
	for _, r := range cfg.Routes {
		for _, name := range r.Channels {
			if !slices.ContainsFunc(a.config.Channels, func(c config.Channel) bool { return c.Name == name }) {
				return opinion.NewFault("app.reload_channel", nil, name)
			}
		}
	}
	next := *a.config
	next.Sources, next.Topics, next.Places, next.Routes = cfg.Sources, cfg.Topics, cfg.Places, cfg.Routes
	a.config = &next
	if err := a.state.SyncSources(ctx, next.Opinions()); err != nil {
		return err
	}
	if err := a.state.SyncTopics(ctx, TopicRules(&next)); err != nil {
		return err
	}
	return a.Changed(ctx)
}
