package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"minsheng/alerts"
	"minsheng/alerts/slack"
	"minsheng/alerts/terminal"
	"minsheng/alerts/webhook"
	"minsheng/analysis"
	"minsheng/config"
	"minsheng/i18n"
	"minsheng/index"
	"minsheng/index/elastic"
	indexsqlite "minsheng/index/sqlite"
	"minsheng/opinion"
	"minsheng/pipeline"
	"minsheng/store"
	"minsheng/store/sqlite"
	"minsheng/web"
)

// OpenIndex opens the search engine that cfg chooses.
func OpenIndex(ctx context.Context, cfg *config.Config, f *sqlite.File, cut func(string) []string) (index.Index, error) {
	if cfg.Index.Engine == config.Elasticsearch {
		return elastic.New(ctx, elastic.Options{
			Addresses: cfg.Index.Addresses, Index: cfg.Index.Name, Username: cfg.Index.Username,
			Password: cfg.Index.Password.Reveal(), APIKey: cfg.Index.APIKey.Reveal(), Cut: cut,
		})
	}
	return indexsqlite.New(f.W, f.R, cut)
}

// TopicRules are the topics of a configuration, the taxonomy of the field
// where it names none.
func TopicRules(cfg *config.Config) []opinion.Topic {
	if rules := cfg.TopicRules(); len(rules) > 0 {
		return rules
	}
	return analysis.DefaultTopics()
}

// NewAnalyzer compiles the analysis. Faults of the topic rules are one error.
func NewAnalyzer(rules []opinion.Topic, list []opinion.Place, lexicon *analysis.Lexicon, weights *analysis.Weights, words *analysis.Segmenter) (*analysis.Analyzer, error) {
	topics, faults := analysis.CompileTopics(rules)
	places, more := analysis.CompilePlaces(list)
	if faults = append(faults, more...); len(faults) > 0 {
		return nil, &faults[0]
	}
	return analysis.New(analysis.Options{
		Lexicon: lexicon, Topics: topics, Places: places, Segmenter: words, Weights: weights,
	}), nil
}

func routes(cfg *config.Config) alerts.Routes {
	var r alerts.Routes
	for _, c := range cfg.Channels {
		r.Default = append(r.Default, c.Name)
	}
	for _, one := range cfg.Routes {
		levels := make([]opinion.Level, len(one.Levels))
		for i, l := range one.Levels {
			levels[i] = opinion.Level(l)
		}
		r.Routes = append(r.Routes, alerts.Route{Topics: one.Topics, Levels: levels, Channels: one.Channels})
	}
	return r
}

// channels makes a Notifier of every configured channel.
func (a *App) channels() ([]alerts.Channel, error) {
	out := make([]alerts.Channel, 0, len(a.config.Channels))
	for _, c := range a.config.Channels {
		n, err := NewNotifier(c, a.Out)
		if err != nil {
			return nil, fmt.Errorf("open channel %s: %w", c.Name, err)
		}
		out = append(out, alerts.Channel{Name: c.Name, Kind: c.Kind, Lang: i18n.Lang(c.Lang), Notifier: n})
	}
	return out, nil
}

// NewNotifier makes the Notifier of one channel; screen is what a terminal
// channel writes to.
func NewNotifier(c config.Channel, screen io.Writer) (alerts.Notifier, error) {
	switch c.Kind {
	case config.Slack:
		return slack.New(slack.Options{WebhookURL: c.URL.Reveal(), Token: c.Token.Reveal(), Channel: c.Channel, API: c.API})
	case config.Webhook:
		return webhook.New(webhook.Options{URL: c.URL.Reveal(), Secret: c.Secret.Reveal(), Now: time.Now})
	case config.Terminal:
		return terminal.New(screen), nil
	}
	return nil, fmt.Errorf("channel kind %q is unknown", c.Kind)
}

// base is where people find the pages.
func (a *App) base() string {
	a.mu.Lock()
	u := a.config.Server.PublicURL
	a.mu.Unlock()
	if u != "" {
		return strings.TrimRight(u, "/")
	}
	return "http://" + a.Address()
}

func (a *App) link(number int64) string {
	return a.base() + "/alerts/" + strconv.FormatInt(number, 10)
}

const firstUser = "admin"

// openPeople makes the first administrator, with a password that is shown once.
func (a *App) openPeople(ctx context.Context) error {
	users, err := a.state.Users(ctx)
	if err != nil {
		return err
	}
	if len(users) > 0 {
		return a.dropFirstPassword(ctx)
	}
	a.password = rand.Text()[:16]
	hash, err := web.HashPassword(a.password)
	if err != nil {
		return err
	}
	if !a.Terminal {
		if err := os.WriteFile(a.passwordFile(), []byte(a.password+"\n"), 0o600); err != nil {
			return folderFault(a.config.Data, err)
		}
	}
	if err := a.state.SetValue(ctx, web.GivenKey(firstUser), hash); err != nil {
		return err
	}
	return a.state.PutUser(ctx, store.User{Name: firstUser, Role: store.Admin, Hash: hash}, "")
}

func (a *App) passwordFile() string { return filepath.Join(a.config.Data, "first-password") }

// dropFirstPassword removes the file of the first password once the first user
// has another one.
func (a *App) dropFirstPassword(ctx context.Context) error {
	if _, err := os.Stat(a.passwordFile()); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	given, err := a.state.Value(ctx, web.GivenKey(firstUser))
	if err != nil {
		return err
	}
	users, err := a.state.Users(ctx)
	if err != nil || slices.ContainsFunc(users, func(u store.User) bool { return u.Name == firstUser && u.Hash == given }) {
		return err
	}
	if err := os.Remove(a.passwordFile()); err != nil {
		return fmt.Errorf("remove the first password: %w", err)
	}
	return nil
}

// pages makes the web server.
func (a *App) pages(registry *prometheus.Registry) *web.Server {
	channels := make([]web.Channel, 0, len(a.deliver.Channels))
	for _, c := range a.deliver.Channels {
		channels = append(channels, web.Channel{Name: c.Name, Kind: c.Kind})
	}
	tokens := map[string]string{}
	for _, t := range a.config.API.Tokens {
		tokens[t.Name] = t.Token.Reveal()
	}
	return web.New(web.Options{
		State: a.state, Index: a.index, Now: a.now, Zone: a.config.Zone(), Office: a.config.Office.Name,
		Version: a.Version, Log: a.Log, Channels: channels, Tokens: tokens, Secure: strings.HasPrefix(a.config.Server.PublicURL, "https://"),
		Metrics: promhttp.HandlerFor(registry, promhttp.HandlerOpts{}),
		Test: func(ctx context.Context, channel, user string) (opinion.Receipt, error) {
			r := a.deliver.Test(ctx, channel, a.now())
			return r, a.state.Tested(ctx, channel, user, r)
		},
		Push: a.push, Changed: a.Changed, NewPassword: a.dropFirstPassword, CheckTopic: a.checkTopic, Cut: a.words.Cut, Taught: a.taught,
		Ready: a.ready, Simulated: a.city != nil,
	})
}

// ready reports what keeps the daemon from its work.
func (a *App) ready(ctx context.Context) error {
	if !a.words.Ready() {
		return opinion.NewRetry("app.dictionary", nil)
	}
	if err := a.index.Ping(ctx); err != nil {
		return err
	}
	if _, err := a.state.Value(ctx, "ready"); err != nil {
		return err
	}
	return checkDisk(a.config.Data, scarceDisk)
}

// Changed puts edited topics, words and places in force and brings the past up to date before
// watching goes on.
func (a *App) Changed(ctx context.Context) error {
	a.changing.Lock()
	defer a.changing.Unlock()
	set, err := a.setting(ctx)
	if err != nil {
		return err
	}
	a.pipeline.Change(set)
	if _, err := a.state.Reanalyse(ctx, set.Analyzer.Version()); err != nil {
		return err
	}
	a.pipeline.Wake(store.Analyse)
	return nil
}

// checkTopic says what is wrong with a rule before it is saved.
func (a *App) checkTopic(t opinion.Topic) []opinion.Fault {
	_, faults := analysis.CompileTopics([]opinion.Topic{t})
	return faults
}

// push accepts what a program sends. The source is made for the token: pushed
// posts belong to it.
func (a *App) push(ctx context.Context, token string, ms []web.Mention) ([]string, int, error) {
	out := make([]pipeline.Mention, len(ms))
	for i, m := range ms {
		src, ok := a.pipeline.Setting().Sources[m.Source]
		if !ok || src.Form != opinion.PushForm {
			src = opinion.Source{Name: token, Form: opinion.PushForm, Class: m.Class}
		}
		out[i] = pipeline.Mention{
			ID: m.ID, Source: src, Kind: m.Kind, URL: m.URL, Title: m.Title, Text: m.Text,
			Outlet: m.Outlet, Speaker: m.Speaker, Thread: m.Thread, Published: m.Published,
		}
	}
	return a.pipeline.Push(ctx, out)
}

// welcome says in five lines what is going on.
func (a *App) welcome(ctx context.Context) {
	say := func(code string, args ...any) { fmt.Fprintln(a.Out, i18n.Say(i18n.Chinese, code, args...)) }
	say("app.ready", a.base())
	switch {
	case a.password == "":
		say("app.sign_in_known")
	case a.Terminal:
		say("app.sign_in", firstUser, a.password)
	default:
		say("app.sign_in_file", firstUser, a.passwordFile())
	}
	a.password = ""
	counts, err := a.state.Counts(ctx)
	if err != nil {
		a.Log.ErrorContext(ctx, "count posts failed", "err", err)
	}
	say("app.data", a.config.Data, counts["posts"])
	if a.city != nil {
		say("app.city", len(a.config.Sources), a.config.City.Factor)
	} else {
		say("app.sources", len(a.config.Sources), a.base())
	}
	say("app.real")
}
