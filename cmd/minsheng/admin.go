package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"golang.org/x/term"

	"minsheng/analysis"
	"minsheng/app"
	"minsheng/i18n"
	"minsheng/index"
	"minsheng/opinion"
	"minsheng/store"
)

// withOffice opens the office that a command's -config names, as the daemon
// does but without serving, and closes it afterwards.
func withOffice(ctx context.Context, file string, do func(*app.Office) error) error {
	cfg, err := load(file)
	if err != nil {
		return err
	}
	o, err := app.OpenOffice(ctx, cfg)
	if err != nil {
		return err
	}
	return errors.Join(do(o), o.Close())
}

// configured reads the flags of a command that has only -config.
func configured(name string, args []string) (file string, rest []string, err error) {
	f := flags(name)
	c := f.String("config", "", "configuration file")
	err = parse(f, args)
	return *c, f.Args(), err
}

// onlyConfigured is configured for a command without further arguments.
func onlyConfigured(name string, args []string) (file string, err error) {
	f := flags(name)
	c := f.String("config", "", "configuration file")
	err = alone(f, args)
	return *c, err
}

// runSearch prints the newest matches of a query.
func runSearch(ctx context.Context, p *program, args []string) error {
	file, rest, err := configured("search", args)
	if err != nil {
		return err
	}
	folded, _ := analysis.Fold(strings.Join(rest, " "))
	expr, err := index.ParseQuery(folded)
	if err != nil {
		return err
	}
	return withOffice(ctx, file, func(o *app.Office) error {
		res, err := o.Index.Search(ctx, index.Query{Expr: expr, Limit: 20})
		if err != nil {
			return err
		}
		ids := make([]string, len(res.Hits))
		for i, h := range res.Hits {
			ids[i] = h.ID
		}
		posts, err := o.State.Posts(ctx, ids...)
		if err != nil {
			return err
		}
		fmt.Fprintf(p.out, "%d 条，负面 %d 条 · %d found, %d negative\n", res.Total, res.Negative, res.Total, res.Negative)
		for _, s := range posts {
			line := []rune(strings.ReplaceAll(strings.TrimSpace(s.Title+" "+s.Text), "\n", " "))
			fmt.Fprintf(p.out, "%s  %s  %s  %s\n  %s\n", s.Published.In(o.Config.Zone()).Format("2006-01-02 15:04"),
				i18n.Say(i18n.Chinese, "attitude."+string(s.Verdict.Attitude)), s.Source, s.URL, string(line[:min(len(line), 100)]))
		}
		return nil
	})
}

// runReindex empties the index and queues every judged post for it; the daemon,
// or this command until the queue is empty, fills it.
func runReindex(ctx context.Context, p *program, args []string) error {
	file, err := onlyConfigured("reindex", args)
	if err != nil {
		return err
	}
	return withOffice(ctx, file, func(o *app.Office) error {
		if err := o.Index.Clear(ctx); err != nil {
			return err
		}
		n, err := o.State.Reindex(ctx)
		if err != nil {
			return err
		}
		return o.Work(ctx, p.progress("重建索引 reindex", n), store.Index)
	})
}

// runReanalyse judges every post again whose verdict is of another version.
func runReanalyse(ctx context.Context, p *program, args []string) error {
	file, err := onlyConfigured("reanalyse", args)
	if err != nil {
		return err
	}
	return withOffice(ctx, file, func(o *app.Office) error {
		n, err := o.State.Reanalyse(ctx, o.Analyzer.Version())
		if err != nil {
			return err
		}
		return o.Work(ctx, p.progress("重新研判 reanalyse", n), store.Analyse, store.Index)
	})
}

// progress prints how much is left, at most once a second.
func (p *program) progress(what string, n int) func(left int) {
	fmt.Fprintf(p.err, "%s: %d\n", what, n)
	last := time.Now()
	return func(left int) {
		if left == 0 || time.Since(last) >= time.Second {
			last = time.Now()
			fmt.Fprintf(p.err, "%s: 还剩 %d · %d left\n", what, left, left)
		}
	}
}

// runCheck says of everything that the configuration names whether it works.
func runCheck(ctx context.Context, p *program, args []string) error {
	file, err := onlyConfigured("check", args)
	if err != nil {
		return err
	}
	cfg, err := load(file)
	if err != nil {
		return err
	}
	fmt.Fprintln(p.out, "配置 configuration: 正确 correct")
	bad := false
	for r := range app.Check(ctx, cfg) {
		word := "好 ok"
		if r.Fault != nil {
			bad = true
			word = refusal(r.Fault)
		}
		fmt.Fprintf(p.out, "%s  %s  %s\n", r.What, r.Name, word)
	}
	switch {
	case bad && cfg.City != nil:
		fmt.Fprintln(p.out, "内置城市只在民声运行时应答：先运行 make run，再在另一个终端里检查 · the built-in city answers while Minsheng runs: check from a second terminal")
		return errSome
	case bad:
		return errSome
	}
	return nil
}

// refusal is a fault's sentence in both languages. What a channel answered is
// said in words where it has any.
func refusal(f *opinion.Fault) string {
	if f.Code != "deliver.refused" || len(f.Args) != 2 || !i18n.Has("answer."+f.Args[0]) {
		return both(f)
	}
	say := func(lang i18n.Lang) string {
		return strings.TrimSpace(i18n.Say(lang, f.Code, i18n.Say(lang, "answer."+f.Args[0]), ""))
	}
	return say(i18n.Chinese) + " · " + say(i18n.English)
}

// runUser lists and changes users.
func runUser(ctx context.Context, p *program, args []string) error {
	file, rest, err := configured("user", args)
	if err != nil {
		return err
	}
	wants := map[string]int{"list": 1, "add": 3, "password": 2, "disable": 2}
	switch {
	case len(rest) == 0:
		return usageError{"要一个动作 · name an action"}
	case wants[rest[0]] != len(rest):
		return usageError{"动作或它的参数不对 · unknown action, or too few or too many words for it"}
	case rest[0] == "add" && !slices.Contains([]string{string(store.Press), string(store.Analyst), string(store.Admin)}, rest[2]):
		return usageError{"角色是 press、analyst 或 admin · the role is press, analyst or admin"}
	}
	return withOffice(ctx, file, func(o *app.Office) error {
		switch rest[0] {
		case "list":
			return p.listUsers(ctx, o)
		case "add":
			if _, err := o.State.User(ctx, rest[1]); err == nil {
				return fmt.Errorf("用户 %s 已有 · user %s is there already", rest[1], rest[1])
			}
			return p.setPassword(ctx, o, store.User{Name: rest[1], Role: store.UserRole(rest[2])})
		default:
			u, err := o.State.User(ctx, rest[1])
			if errors.Is(err, opinion.ErrNotFound) {
				return fmt.Errorf("没有用户 %s · there is no user %s", rest[1], rest[1])
			}
			if err != nil {
				return err
			}
			if rest[0] == "disable" {
				return p.disable(ctx, o, u)
			}
			return p.setPassword(ctx, o, u)
		}
	})
}

func (p *program) disable(ctx context.Context, o *app.Office, u store.User) error {
	u.Disabled = true
	switch err := o.State.PutUser(ctx, u, ""); {
	case errors.Is(err, opinion.ErrConflict):
		return opinion.NewFault("users.last_admin", err)
	case err != nil:
		return err
	}
	fmt.Fprintf(p.err, "已停用 %s · %s is disabled\n", u.Name, u.Name)
	return nil
}

func (p *program) listUsers(ctx context.Context, o *app.Office) error {
	users, err := o.State.Users(ctx)
	if err != nil {
		return err
	}
	if len(users) == 0 {
		fmt.Fprintf(p.err, "%s 里还没有用户：首次 run 时会建立 admin · no users in %s yet: the first run makes admin\n", o.Config.Data, o.Config.Data)
	}
	w := tabwriter.NewWriter(p.out, 0, 4, 2, ' ', 0)
	for _, u := range users {
		state := "启用 enabled"
		if u.Disabled {
			state = "停用 disabled"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", u.Name, u.Role, state)
	}
	return w.Flush()
}

// setPassword asks for a password without showing it, or reads one line where
// the input is no terminal.
func (p *program) setPassword(ctx context.Context, o *app.Office, u store.User) error {
	fmt.Fprint(p.err, "新密码（至少 10 个字符） · new password (at least 10 characters): ")
	var word string
	if f, ok := p.in.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		raw, err := term.ReadPassword(int(f.Fd()))
		if err != nil {
			return fmt.Errorf("read password: %w", err)
		}
		word = string(raw)
	} else {
		line, err := bufio.NewReader(p.in).ReadString('\n')
		if err != nil && line == "" {
			return fmt.Errorf("没有读到密码，什么也没有改 · no password was given, nothing was changed: %w", err)
		}
		word = strings.TrimRight(line, "\r\n")
	}
	fmt.Fprintln(p.err)
	if err := app.SetPassword(ctx, o.State, u, word); err != nil {
		return err
	}
	fmt.Fprintln(p.err, "已保存 · saved")
	return nil
}
