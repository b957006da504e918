// Command minsheng hears what the public says about the police, tells a press
// office when it turns, and helps it answer with facts. `minsheng run` is the
// daemon; the other commands serve administrators and analysts, a file each.
//
// Exit codes: 0 all went well, 1 something failed or some input was bad and
// the rest was done, 2 the command or the configuration is wrong and nothing
// was done.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"golang.org/x/term"

	"minsheng/config"
	"minsheng/i18n"
	"minsheng/opinion"
)

// version is set when a release is built.
var version = "1.0.0-dev"

// program is what a command may touch of the world, so that a test can stand
// in for it.
type program struct {
	in       io.Reader
	out, err io.Writer
	terminal bool
}

// command is one subcommand.
type command struct {
	name, args, says string
	run              func(ctx context.Context, p *program, args []string) error
}

func commands() []command {
	return []command{
		{"run", "[-config FILE] [-listen ADDRESS] [-log LEVEL]", "启动 · start the daemon", runDaemon},
		{"check", "[-config FILE]", "检查配置、来源、通道与检索引擎 · check configuration, sources, channels, engines", runCheck},
		{"source", "add [-config FILE] [-name NAME] [-kind KIND] [-class CLASS] [-allow-private] [-yes] URL", "看一个网址怎样采集，写进配置 · find out how an address is read, and add it", runSource},
		{"search", "[-config FILE] QUERY", "检索 · search what is indexed", runSearch},
		{"reindex", "[-config FILE]", "重建检索索引 · fill the search index again", runReindex},
		{"reanalyse", "[-config FILE]", "用当前规则重新研判 · judge the past by today's rules", runReanalyse},
		{"corrections", "[-config FILE]", "把人对研判的更正写成训练数据 · write what people corrected as lines for train", runCorrections},
		{"user", "[-config FILE] list | add NAME ROLE | password NAME | disable NAME", "管理用户 · users", runUser},
		{"decode", "[-content-type CT] FILE", "把一份文件解码为 UTF-8 · decode a document", runDecode},
		{"extract", "[-config FILE] [-url URL] [-explain] FILE...", "抽取正文、标题、时间 · take the article out of pages", runExtract},
		{"analyse", "[-config FILE]", "逐行研判 · judge texts, a JSON object a line", runAnalyse},
		{"train", "[-config FILE] [-out FILE] [-alone] FILE.tsv...", "用标注样本训练态度研判 · learn the attitude from labelled texts", runTrain},
		{"group", "[-config FILE]", "逐行归并 · find copies and incidents, a JSON object a line", runGroup},
		{"feed", "[-config FILE] [-url URL] [-content-type CT] FILE", "读一份订阅源 · read a feed", runFeed},
		{"robots", "", "判断 robots.txt · apply robots.txt, a JSON object a line", runRobots},
		{"canonical", "", "规范网址 · canonical form of URLs, one a line", runCanonical},
		{"guard", "", "判断地址可否访问 · whether URLs may be asked, one a line", runGuard},
		{"detect", "[-config FILE] [-volume] FILE.csv", "在计数序列里找突增 · find rises in counts", runDetect},
		{"version", "", "版本 · version", runVersion},
	}
}

// errSome says that some inputs were bad, each was named, and the rest was done.
var errSome = errors.New("some inputs were bad")

// usageError is a wrong command line.
type usageError struct{ text string }

func (u usageError) Error() string { return u.text }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	p := &program{in: os.Stdin, out: os.Stdout, err: os.Stderr, terminal: isTerminal(os.Stdout)}
	code := p.main(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

func (p *program) main(ctx context.Context, args []string) int {
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		p.usage()
		return 0
	}
	for _, c := range commands() {
		if c.name == args[0] {
			return p.report(c, c.run(ctx, p, args[1:]))
		}
	}
	fmt.Fprintf(p.err, "没有命令 %q。可用的命令： · unknown command, there are:\n", args[0])
	p.usage()
	return 2
}

func (p *program) usage() {
	fmt.Fprintln(p.err, "用法 usage: minsheng COMMAND")
	for _, c := range commands() {
		fmt.Fprintf(p.err, "  %-10s %s\n             %s\n", c.name, c.args, c.says)
	}
}

// joined are the errors of the outermost join, nil where err is none: what
// wraps one has its own sentence.
func joined(err error) []error {
	if all, ok := err.(interface{ Unwrap() []error }); ok { //nolint:errorlint // not what err wraps
		return all.Unwrap()
	}
	return nil
}

// report says what failed, in a sentence, and gives the exit code. Of errors
// that were joined each is said.
func (p *program) report(c command, err error) int {
	if all := joined(err); all != nil {
		code := 0
		for _, one := range all {
			code = max(code, p.report(c, one))
		}
		return code
	}
	var faults config.Faults
	var fault *opinion.Fault
	var usage usageError
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errSome):
		return 1
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprintf(p.err, "用法 usage: minsheng %s %s\n", c.name, c.args)
		return 0
	case errors.As(err, &usage):
		fmt.Fprintf(p.err, "%s\n用法 usage: minsheng %s %s\n", usage.text, c.name, c.args)
		return 2
	case errors.As(err, &faults):
		fmt.Fprintf(p.err, "配置有 %d 处要改，什么也没有启动： · nothing was started, faults in the configuration: %d\n", len(faults), len(faults))
		for _, f := range faults {
			fmt.Fprintln(p.err, "  "+f.String())
		}
		return 2
	case errors.As(err, &fault):
		fmt.Fprintln(p.err, sentence(i18n.Chinese, fault))
		fmt.Fprintln(p.err, sentence(i18n.English, fault))
	default:
		fmt.Fprintln(p.err, err)
	}
	return 1
}

func sentence(lang i18n.Lang, f *opinion.Fault) string {
	args := make([]any, len(f.Args))
	for i, a := range f.Args {
		args[i] = a
	}
	return i18n.Say(lang, f.Code, args...)
}

// flags is a flag set that says nothing itself: report does.
func flags(name string) *flag.FlagSet {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.SetOutput(io.Discard)
	return f
}

// parse parses and turns a wrong flag into a usage error.
func parse(f *flag.FlagSet, args []string) error {
	err := f.Parse(args)
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return err
	}
	return usageError{wrongOption(err.Error())}
}

// wrongOption says in both languages what package flag says in one.
func wrongOption(said string) string {
	if name, ok := strings.CutPrefix(said, "flag provided but not defined: "); ok {
		return fmt.Sprintf("没有 %s 这个选项 · there is no option %s", name, name)
	}
	if name, ok := strings.CutPrefix(said, "flag needs an argument: "); ok {
		return fmt.Sprintf("%s 后面要写内容 · %s needs a value after it", name, name)
	}
	if rest, ok := strings.CutPrefix(said, "invalid value "); ok {
		value, rest, _ := strings.Cut(rest, " for flag ")
		name, _, _ := strings.Cut(rest, ":")
		return fmt.Sprintf("%s 不能写 %s · %s cannot be %s", name, value, name, value)
	}
	return "选项有误 · wrong option: " + said
}

// alone is parse for commands that take no arguments beside their flags: a
// file that is named by mistake must not be passed over.
func alone(f *flag.FlagSet, args []string) error {
	if err := parse(f, args); err != nil || f.NArg() == 0 {
		return err
	}
	return usageError{fmt.Sprintf("多余的参数 %q · unexpected argument", f.Arg(0))}
}

func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

func runVersion(_ context.Context, p *program, args []string) error {
	if err := alone(flags("version"), args); err != nil {
		return err
	}
	_, err := fmt.Fprintln(p.out, "minsheng", version)
	return err
}
