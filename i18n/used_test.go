package i18n_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"minsheng/i18n"
	"minsheng/opinion"
	"minsheng/store"
)

// code is the form of a code: an area and a name.
var code = regexp.MustCompile(`^([a-z]+)(?:\.[a-z0-9_]+)+$`)

// fileName tells file names, which have the same form.
var fileName = regexp.MustCompile(`\.(html|css|js|json|yml|db|csv|txt|xml|go|svg|tsv|tsv\.gz|bin)$`)

// use is a code as it stands somewhere in the tree.
type use struct {
	code, where string
	args        int // -1 where they are not said beside it
	fault       bool
}

// missing reports whether text has the form of a code of an area that the
// catalogue has, but is none of its codes and, where it ends in an underscore,
// begins none.
func missing(areas map[string]bool, text string) bool {
	m := code.FindStringSubmatch(text)
	if m == nil || !areas[m[1]] || fileName.MatchString(text) {
		return false
	}
	begun := strings.HasSuffix(text, "_") && i18n.Begins(text)
	return !begun && !i18n.Has(text)
}

// Every code that stands in the sources or on a page has a sentence, and a
// fault brings as many arguments as its sentence takes, all of them text.
func TestEveryCodeUsedHasASentence(t *testing.T) {
	areas := i18n.Areas()
	uses := append(inGo(t), inTemplates(t)...)
	if len(uses) < 300 {
		t.Fatalf("%d codes found in the tree, want all that are used", len(uses))
	}
	for _, u := range uses {
		if missing(areas, u.code) {
			t.Errorf("%s: %q has no sentence", u.where, u.code)
			continue
		}
		if u.args < 0 || !i18n.Has(u.code) {
			continue
		}
		takes := i18n.Arguments(u.code)
		if len(takes) != u.args {
			t.Errorf("%s: %q is given %d arguments and takes %v", u.where, u.code, u.args, takes)
		}
		if u.fault && slices.ContainsFunc(takes, func(a string) bool { return !strings.HasSuffix(a, "s") && !strings.HasSuffix(a, "q") }) {
			t.Errorf("%s: %q takes %v, but the arguments of a fault are texts", u.where, u.code, takes)
		}
	}
}

// inGo finds every literal of the sources that has the form of a code. The
// paths of configuration keys have it too, so config, which says its own
// sentences, is left out.
func inGo(t *testing.T) []use {
	var uses []use
	files := token.NewFileSet()
	walk(t, ".go", func(name string, body []byte) {
		if strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, "config/") || strings.HasPrefix(name, "i18n/") {
			return
		}
		f, err := parser.ParseFile(files, name, body, 0)
		if err != nil {
			t.Errorf("parse %s: %v", name, err)
			return
		}
		counted := map[*ast.BasicLit]bool{}
		ast.Inspect(f, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if lit, args, fault := said(call); lit != nil {
					counted[lit] = true
					uses = append(uses, use{unquote(lit), files.Position(lit.Pos()).String(), args, fault})
				}
			}
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING && !counted[lit] && code.MatchString(unquote(lit)) {
				uses = append(uses, use{unquote(lit), files.Position(lit.Pos()).String(), -1, false})
			}
			return true
		})
	})
	return uses
}

// said takes the code out of a call that makes a fault or says a sentence, and
// the number of arguments, -1 where a list is handed on.
func said(call *ast.CallExpr) (lit *ast.BasicLit, args int, fault bool) {
	name := ""
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		name = f.Sel.Name
	case *ast.Ident:
		name = f.Name
	}
	at := map[string]int{"NewFault": 0, "NewRetry": 0, "AsFault": 1, "Say": 1}
	i, ok := at[name]
	if !ok || len(call.Args) <= i {
		return nil, 0, false
	}
	lit, ok = call.Args[i].(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING || !code.MatchString(unquote(lit)) {
		return nil, 0, false
	}
	switch {
	case call.Ellipsis.IsValid():
		args = -1
	case name == "AsFault":
		args = 0
	default:
		args = len(call.Args) - 2
	}
	return lit, args, name != "Say"
}

func unquote(lit *ast.BasicLit) string {
	s, err := strconv.Unquote(lit.Value)
	if err != nil {
		return ""
	}
	return s
}

var quoted = regexp.MustCompile(`"([a-z]+(?:\.[a-z0-9_]+)+)"`)

func inTemplates(t *testing.T) []use {
	var uses []use
	walk(t, ".html", func(name string, body []byte) {
		for i, line := range strings.Split(string(body), "\n") {
			for _, action := range regexp.MustCompile(`\{\{.*?\}\}`).FindAllString(line, -1) {
				for _, m := range quoted.FindAllStringSubmatch(action, -1) {
					uses = append(uses, use{m[1], name + ":" + strconv.Itoa(i+1), -1, false})
				}
			}
		}
	})
	return uses
}

// walk hands on every file of the repository with the given ending.
func walk(t *testing.T, ending string, do func(name string, body []byte)) {
	t.Helper()
	root := os.DirFS("..")
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (strings.HasPrefix(d.Name(), ".") && name != "." || d.Name() == "testdata" || d.Name() == "bin" || d.Name() == "data"):
			return fs.SkipDir
		case d.IsDir() || filepath.Ext(name) != ending:
			return nil
		}
		body, err := fs.ReadFile(root, name)
		if err == nil {
			do(name, body)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Codes that are put together of an area and a value have a sentence for each
// value there is.
func TestEveryValueHasAWord(t *testing.T) {
	var want []string
	add := func(area string, values ...string) {
		for _, v := range values {
			want = append(want, area+"."+v)
		}
	}
	for _, a := range opinion.Attitudes {
		add("attitude", string(a))
	}
	for _, c := range opinion.Classes {
		add("class", string(c))
	}
	for _, f := range opinion.Forms {
		add("form", string(f))
	}
	add("level", string(opinion.Notice), string(opinion.Warn), string(opinion.Urgent))
	add("role", string(store.Press), string(store.Analyst), string(store.Admin))
	add("role", "may_"+string(store.Press), "may_"+string(store.Analyst), "may_"+string(store.Admin))
	add("delivery", string(opinion.Waiting), string(opinion.Delivered), string(opinion.Dead))
	add("kind", string(opinion.News), string(opinion.Social), string(opinion.Reply), string(opinion.Board))
	add("channel", "terminal", "slack", "webhook")
	for _, area := range []string{"verb", "alert.verb"} {
		add(area, "raised", "updated", "taken", "note", "closed", "false", "reopened")
	}
	for _, c := range want {
		if !i18n.Has(c) {
			t.Errorf("%s has no sentence", c)
		}
	}
}

// Every verb that is written into the audit log has a word: the log is read by
// people, and an English verb between Chinese ones says nothing to them.
func TestEveryVerbWrittenHasAWord(t *testing.T) {
	written := regexp.MustCompile(`Verb: +"([a-z_ ]+)"|\.audit\(\w+, "([a-z_ ]+)"`)
	found := 0
	for _, folder := range []string{"../web", "../store/sqlite", "../app"} {
		names, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			source, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range written.FindAllSubmatch(source, -1) {
				found++
				if verb := string(m[1]) + string(m[2]); !i18n.Has("verb." + verb) {
					t.Errorf("%s writes %q, which has no word", name, verb)
				}
			}
		}
	}
	if found < 15 {
		t.Errorf("%d verbs found in the sources, want all that are written", found)
	}
}
