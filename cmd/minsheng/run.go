package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"syscall"

	"minsheng/analysis"
	"minsheng/app"
	"minsheng/config"
	"minsheng/i18n"
	"minsheng/opinion"
)

// collectAt is the garbage collector's GOGC: most of what the daemon holds, the
// dictionary and the grouping, stays for good, and at Go's own 100 the process
// would take twice of it.
const collectAt = 50

// runDaemon starts the daemon and reads the configuration again on SIGHUP.
func runDaemon(ctx context.Context, p *program, args []string) error {
	f := flags("run")
	file := f.String("config", "", "configuration file")
	listen := f.String("listen", "", "address of the pages, in place of server.listen")
	level := slog.LevelInfo
	f.TextVar(&level, "log", slog.LevelInfo, "debug, info, warn or error")
	if err := alone(f, args); err != nil {
		return err
	}
	load := func() (*config.Config, error) {
		cfg, err := load(*file)
		if err == nil && *listen != "" {
			cfg.Server.Listen = *listen
		}
		return cfg, err
	}
	cfg, err := load()
	if err != nil {
		return err
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
	}
	log := slog.New(slog.NewTextHandler(p.err, &slog.HandlerOptions{Level: level}))
	a, err := app.New(ctx, cfg, app.Options{Version: version, Log: log, Out: p.out, Terminal: p.terminal, Load: load})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go reloadOnHangup(ctx, a, log)
	err = errors.Join(a.Run(ctx), a.Close())
	if err == nil {
		fmt.Fprintln(p.out, i18n.Say(i18n.Chinese, "app.stopped"))
	}
	return err
}

// reloadOnHangup ends with ctx.
func reloadOnHangup(ctx context.Context, a *app.App, log *slog.Logger) {
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	defer signal.Stop(hangup)
	for {
		select {
		case <-ctx.Done():
			return
		case <-hangup:
			if err := a.Reload(ctx); err != nil {
				log.ErrorContext(ctx, "reload failed, the old configuration stays in force", "err", err)
				continue
			}
			log.InfoContext(ctx, "configuration reloaded")
		}
	}
}

// load reads a configuration file; without a name the defaults hold.
func load(file string) (*config.Config, error) {
	if file == "" {
		cfg := config.Default()
		if faults := cfg.Validate(); len(faults) > 0 {
			return nil, faults
		}
		return &cfg, nil
	}
	cfg, err := config.Load(file, checkWords)
	var faults config.Faults
	if err != nil && !errors.As(err, &faults) {
		return nil, usageError{fmt.Sprintf("读不到配置文件 · the configuration cannot be read: %v", err)}
	}
	return cfg, err
}

// checkWords says what the analysis will refuse of topics and places.
func checkWords(cfg *config.Config, fault func(path, remedy string)) {
	_, faults := analysis.CompileTopics(cfg.TopicRules())
	for _, f := range faults {
		i := slices.IndexFunc(cfg.Topics, func(t config.Topic) bool { return t.Name == f.Args[0] })
		fault(fmt.Sprintf("topics[%d]", max(i, 0)), both(&f))
	}
	_, faults = analysis.CompilePlaces(cfg.PlaceList())
	for _, f := range faults {
		i := slices.IndexFunc(cfg.Places, func(p config.Place) bool { return p.Name == f.Args[0] })
		fault(fmt.Sprintf("places[%d]", max(i, 0)), both(&f))
	}
}

// both is a fault's sentence in both languages, on one line.
func both(f *opinion.Fault) string {
	return sentence(i18n.Chinese, f) + " · " + sentence(i18n.English, f)
}
