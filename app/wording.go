package app

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"

	"minsheng/analysis"
	"minsheng/config"
	"minsheng/opinion"
	"minsheng/pipeline"
	"minsheng/store"
)

// Words is what the loops' rules are read from.
type Words interface {
	store.Words
	store.Vocabulary
}

// Lexicon is the built-in lexicon with the words of the configuration's file
// laid over it.
func Lexicon(cfg *config.Config) (*analysis.Lexicon, error) {
	base := analysis.DefaultLexicon()
	if cfg.Lexicon == "" {
		return base, nil
	}
	f, err := os.Open(cfg.Lexicon)
	if err != nil {
		return nil, opinion.NewFault("lexicon.unread", err, cfg.Lexicon)
	}
	defer f.Close()
	own, err := analysis.ReadLexicon(io.LimitReader(f, maxLexiconFile))
	if err != nil {
		return nil, err
	}
	return base.With(own), nil
}

const maxLexiconFile = 8 << 20

// wording is what an office has taught the analysis, ready for compiling.
type wording struct {
	states  []store.TopicState
	rules   []opinion.Topic
	places  []opinion.Place
	lexicon *analysis.Lexicon
	left    []opinion.Fault // why words or places of people were left out
}

// readWording lays what people saved over what the file and the program say. A
// word or place that no longer fits, because the file changed beneath it, is
// left out and named; the rest works.
func readWording(ctx context.Context, cfg *config.Config, base *analysis.Lexicon, state Words) (w wording, err error) {
	if w.states, err = state.Topics(ctx); err != nil {
		return w, err
	}
	w.rules = store.Rules(w.states)
	saved, err := state.OwnWords(ctx)
	if err != nil {
		return w, err
	}
	words := make([]opinion.LexiconWord, len(saved))
	for i, s := range saved {
		words[i] = s.LexiconWord
	}
	own, faults := analysis.OwnLexicon(words)
	w.lexicon, w.left = base.With(own), faults
	places, err := state.OwnPlaces(ctx)
	if err != nil {
		return w, err
	}
	w.places, faults = overlaid(cfg.PlaceList(), places)
	w.left = append(w.left, faults...)
	return w, nil
}

// overlaid replaces places of the file by those of the same name that people
// saved, and adds the others; those that clash are left out.
func overlaid(file []opinion.Place, own []store.OwnPlace) ([]opinion.Place, []opinion.Fault) {
	var left []opinion.Fault
	for {
		all, faults := overlay(file, own)
		if len(faults) == 0 {
			return all, left
		}
		left = append(left, faults...)
		fit := slices.DeleteFunc(slices.Clone(own), func(p store.OwnPlace) bool {
			return slices.ContainsFunc(faults, func(f opinion.Fault) bool { return slices.Contains(f.Args, p.Name) })
		})
		if len(fit) == len(own) {
			return file, left
		}
		own = fit
	}
}

func overlay(file []opinion.Place, own []store.OwnPlace) ([]opinion.Place, []opinion.Fault) {
	all := slices.Clone(file)
	for _, p := range own {
		if i := slices.IndexFunc(all, func(f opinion.Place) bool { return f.Name == p.Name }); i >= 0 {
			all[i] = p.Place
		} else {
			all = append(all, p.Place)
		}
	}
	_, faults := analysis.CompilePlaces(all)
	return all, faults
}

// setting compiles what the loops go by: the sources of the file; topics, words
// and places as they stand in the store over those of the file.
func setting(ctx context.Context, cfg *config.Config, base *analysis.Lexicon, state Words, words *analysis.Segmenter) (*pipeline.Setting, wording, error) {
	w, err := readWording(ctx, cfg, base, state)
	if err != nil {
		return nil, w, fmt.Errorf("read the office's words: %w", err)
	}
	s := &pipeline.Setting{Sources: map[string]opinion.Source{}, Watched: map[string]bool{opinion.AllPolice: true}}
	for _, src := range cfg.Opinions() {
		s.Sources[src.Name] = src
	}
	for _, t := range w.states {
		s.Watched[t.Name] = t.Watch
	}
	weights, err := Weights(cfg)
	if err != nil {
		return nil, w, err
	}
	if s.Analyzer, err = NewAnalyzer(w.rules, w.places, w.lexicon, weights, words); err != nil {
		return nil, w, err
	}
	s.Routes = routes(cfg)
	s.Operators = cfg.Operators
	return s, w, nil
}

// setting compiles a setting for the daemon and says what was left out.
func (a *App) setting(ctx context.Context) (*pipeline.Setting, error) {
	a.mu.Lock()
	cfg, lexicon := a.config, a.lexicon
	a.mu.Unlock()
	set, w, err := setting(ctx, cfg, lexicon, a.state, a.words)
	for _, f := range w.left {
		a.Log.WarnContext(ctx, "a saved word or place does not fit and is left out", "code", f.Code, "args", f.Args)
	}
	return set, err
}

// taught is what the program and the file say, beneath what people saved.
func (a *App) taught() (*analysis.Lexicon, []opinion.Place) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.lexicon, a.config.PlaceList()
}
