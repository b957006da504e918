package app

import (
	"context"
	"errors"
	"slices"

	"minsheng/analysis"
	"minsheng/config"
	"minsheng/opinion"
)

// put puts another configuration in the place of the one in force.
func (a *App) put(cfg *config.Config, lexicon *analysis.Lexicon) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.config, a.lexicon = cfg, lexicon
}

// Reload reads the configuration again and puts sources, topics, places,
// lexicon and routes in force. A faulty file changes nothing and is said. The address, the
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
	lexicon, err := Lexicon(cfg)
	if err != nil {
		return err
	}
	next := *a.config
	next.Sources, next.Topics, next.Places, next.Routes = cfg.Sources, cfg.Topics, cfg.Places, cfg.Routes
	next.Operators = cfg.Operators
	next.Lexicon = cfg.Lexicon
	a.put(&next, lexicon)
	if err := a.state.SyncSources(ctx, next.Opinions()); err != nil {
		return err
	}
	if err := a.state.SyncTopics(ctx, TopicRules(&next)); err != nil {
		return err
	}
	return a.Changed(ctx)
}
