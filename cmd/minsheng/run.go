package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
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
const collectAt = 30

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
	if _, _, err := net.SplitHostPort(*listen); *listen != "" && err != nil {
		return usageError{fmt.Sprintf("-listen 写成 地址:端口，例如 127.0.0.1:8081，而不是 %q · write -listen as address:port", *listen)}
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
		return stayed(cfg, err)
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

// stayed says of a start that failed what the reader must do to start again,
// where the cause's own sentence speaks of a daemon that goes on, or of nothing.
func stayed(cfg *config.Config, err error) error {
	var fault *opinion.Fault
	var network *net.OpError
	switch {
	case errors.As(err, &fault) && fault.Code == "store.full":
		return opinion.NewFault("app.disk_full", err, cfg.Data)
	case fault == nil && errors.As(err, &network) && errors.Is(err, syscall.EADDRINUSE):
		return opinion.NewFault("app.city_port", err, network.Addr.String())
	case fault != nil && fault.Code == "app.listen" && errors.Is(err, syscall.EADDRNOTAVAIL):
		return opinion.NewFault("app.listen_elsewhere", err, cfg.Server.Listen)
	case fault != nil && fault.Code == "app.listen" && misspelt(err):
		return opinion.NewFault("app.listen_address", err, cfg.Server.Listen)
	}
	return err
}

// misspelt reports whether an address to listen on is none.
func misspelt(err error) bool {
	var address *net.AddrError
	var name *net.DNSError
	return errors.As(err, &address) || errors.As(err, &name)
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
		return nil, unread(file, err)
	}
	return cfg, err
}

// unread says why the configuration file cannot be read.
func unread(file string, err error) error {
	zh, en := whyUnread(err)
	return usageError{fmt.Sprintf("读不到配置文件 %s：%s · the configuration %s cannot be read: %s", file, zh, file, en)}
}

// whyUnread says why a file cannot be read.
func whyUnread(err error) (zh, en string) {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "没有这个文件，请检查名称和所在的文件夹", "there is no such file"
	case errors.Is(err, fs.ErrPermission):
		return "没有权限，请换有权限的用户，或改文件的权限", "permission denied"
	case errors.Is(err, syscall.EISDIR):
		return "这是一个文件夹，请写到其中的文件", "it is a folder, name a file"
	}
	return err.Error(), err.Error()
}

// checkWords says what the analysis will refuse of topics, places and the
// lexicon.
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
	if _, err := app.Lexicon(cfg); err != nil {
		for _, f := range lexiconFaults(err) {
			fault("lexicon", both(f))
		}
	}
	_, err := app.Weights(cfg)
	switch _, closed := os.ReadDir(cfg.Data); {
	case err == nil:
	case cfg.Analysis.Weights == "" && errors.Is(closed, fs.ErrPermission):
		// The weights lie in the data folder, and nothing in it can be read.
		fault("data", both(opinion.NewFault("app.data_permission", closed, cfg.Data)))
	default:
		fault("analysis.weights", both(opinion.AsFault(err, "weights.failed")))
	}
}

// lexiconFaults are the sentences of an error of app.Lexicon.
func lexiconFaults(err error) []*opinion.Fault {
	all := joined(err)
	if all == nil {
		all = []error{err}
	}
	faults := make([]*opinion.Fault, len(all))
	for i, one := range all {
		faults[i] = opinion.AsFault(one, "lexicon.failed")
	}
	return faults
}

// both is a fault's sentence in both languages, on one line.
func both(f *opinion.Fault) string {
	return sentence(i18n.Chinese, f) + " · " + sentence(i18n.English, f)
}
