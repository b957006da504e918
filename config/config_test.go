package config_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

	"minsheng/config"
	"minsheng/opinion"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestFaults loads a faulty file for each rule. testdata/faults.golden lists
// what a person is told of it: every fault, with line, path and remedy.
func TestFaults(t *testing.T) {
	var got strings.Builder
	for _, name := range files(t, "testdata/bad/*.yml") {
		_, err := config.Load(name)
		var faults config.Faults
		if !errors.As(err, &faults) {
			t.Errorf("%s: %v, want faults", name, err)
			continue
		}
		fmt.Fprintf(&got, "== %s\n%v\n", filepath.Base(name), faults)
	}
	golden(t, "testdata/faults.golden", got.String())
}

// TestEveryRuleIsBroken reads the remedies out of the sources: a rule that no
// test breaks is one that nobody has seen at work.
func TestEveryRuleIsBroken(t *testing.T) {
	seen, err := os.ReadFile("testdata/faults.golden")
	if err != nil {
		t.Fatal(err)
	}
	said := string(seen)
	for _, c := range large(t) {
		_, err := config.Parse(c.raw, t.TempDir())
		said += fmt.Sprintln(err)
	}
	for _, remedy := range remedies(t) {
		if !remedy.MatchString(said) {
			t.Errorf("no file is told %q", remedy)
		}
	}
}

// remedies are the literals of the sources that hold both languages.
func remedies(t *testing.T) []*regexp.Regexp {
	var out []*regexp.Regexp
	verb := regexp.MustCompile(`%(\\\[\d\\\])?[qsd]`)
	for _, name := range []string{"decode.go", "load.go", "validate.go"} {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			if s, err := strconv.Unquote(lit.Value); err == nil && strings.Contains(s, " · ") && !strings.HasPrefix(s, "配置文件超过") {
				out = append(out, regexp.MustCompile(verb.ReplaceAllString(regexp.QuoteMeta(s), `.*`)))
			}
			return true
		})
	}
	if len(out) < 60 {
		t.Fatalf("%d remedies found in the sources, want all of them", len(out))
	}
	return out
}

type largeFile struct {
	name string
	raw  []byte
	want config.Fault
}

// large are faulty files that are too long to lie in testdata.
func large(t *testing.T) []largeFile {
	secret := filepath.Join(t.TempDir(), "large.txt")
	if err := os.WriteFile(secret, bytes.Repeat([]byte("x"), 64<<10+1), 0o600); err != nil {
		t.Fatal(err)
	}
	var sources strings.Builder
	sources.WriteString("sources:\n")
	for i := range 5_001 {
		fmt.Fprintf(&sources, "  - {name: 源%d, url: 'https://news.example/%d', kind: page}\n", i, i)
	}
	words := "a: &a [" + strings.Repeat("x,", 5_000) + "]\n"
	topics := "topics:\n" + strings.Repeat("  - {name: t, any: *a}\n", 90)
	return []largeFile{
		{"SecretFile", []byte("api:\n  tokens:\n    - name: 热线\n      token_file: " + secret + "\n"), config.Fault{
			Path: "api.tokens[0].token_file", Line: 4, Remedy: "文件过大，密钥文件应只有一行 · the file is too large for a secret",
		}},
		{"Sources", []byte(sources.String()), config.Fault{Path: "sources", Line: 2, Remedy: "来源最多 5000 个 · at most 5000 sources"}},
		{"Aliases", []byte("places: [&a {name: 桅垟区}" + strings.Repeat(",*a", 101) + "]\n"), config.Fault{Remedy: "别名（*）过多 · too many aliases"}},
		{"Values", []byte(words + topics), config.Fault{Remedy: "内容过多，最多 200000 个值 · more than 200000 values"}},
	}
}

func TestTooLarge(t *testing.T) {
	for _, c := range large(t) {
		t.Run(c.name, func(t *testing.T) {
			_, err := config.Parse(c.raw, t.TempDir())
			if diff := cmp.Diff(error(config.Faults{c.want}), err); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("File", func(t *testing.T) {
		name := filepath.Join(t.TempDir(), "large.yml")
		if err := os.WriteFile(name, bytes.Repeat([]byte("#"), 4<<20+1), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := config.Load(name)
		if err == nil || !strings.Contains(err.Error(), "4 MB") {
			t.Errorf("Load = %v, want that it is larger than 4 MB", err)
		}
	})
}

func TestNoFile(t *testing.T) {
	_, err := config.Load(filepath.Join(t.TempDir(), "nowhere.yml"))
	var faults config.Faults
	if !errors.Is(err, os.ErrNotExist) || errors.As(err, &faults) {
		t.Errorf("Load of no file = %v, want that it is not there", err)
	}
}

// Checks that others hand in see a file that is otherwise right, and add their
// faults with the line of the path.
func TestCheck(t *testing.T) {
	raw := []byte("topics:\n  - name: 窗口\n    any: [窗口]\n  - name: 大厅\n    none: [x]\n")
	check := func(c *config.Config, fault func(path, remedy string)) {
		for i := range c.Topics {
			fault(fmt.Sprintf("topics[%d]", i), "不合适 100%")
		}
	}
	_, err := config.Parse(raw, "", check)
	want := error(config.Faults{
		{Path: "topics[0]", Line: 2, Remedy: "不合适 100%"},
		{Path: "topics[1]", Line: 4, Remedy: "只有排除词不会匹配任何内容，补上 any 或 all · only exclusions match nothing, add any or all"},
	})
	if diff := cmp.Diff(want, err); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}

func TestDurations(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"7d": 7 * 24 * time.Hour, "10.5d": 252 * time.Hour, "180d": 180 * 24 * time.Hour, "240h": 240 * time.Hour, "200h30m": 200*time.Hour + 30*time.Minute,
	} {
		c, err := config.Parse([]byte("retention: "+text), "")
		if err != nil {
			t.Errorf("retention %s: %v", text, err)
		} else if c.Retention != want {
			t.Errorf("retention %s = %v, want %v", text, c.Retention, want)
		}
	}
	for _, text := range []string{"d", "-7d", "NaNd", "Infd", "99999999d", "7 days", "1w", "[]"} {
		if c, err := config.Parse([]byte("retention: "+text), ""); err == nil {
			t.Errorf("retention %s = %v, want a fault", text, c.Retention)
		}
	}
}

func TestDefaults(t *testing.T) {
	for _, raw := range []string{"", "# nothing\n", "office:\nsources:\ncity:\n", "---\n"} {
		c, err := config.Parse([]byte(raw), "")
		if err != nil {
			t.Errorf("%q: %v", raw, err)
			continue
		}
		want := config.Default()
		if got, want := show(t, *c), show(t, want); got != want {
			t.Errorf("%q gives %s, want the defaults %s", raw, got, want)
		}
	}
	raw := "sources: [{name: 甲报, url: 'https://news.example/', kind: page}]\n" +
		"topics: [{name: 窗口, any: [窗口]}, {name: 大厅, any: [大厅], watch: false}]\n" +
		"channels: [{name: 终端, kind: terminal}]\ncity: {listen: '127.0.0.1:0'}\n"
	c, err := config.Parse([]byte(raw), "")
	if err != nil {
		t.Fatal(err)
	}
	source := opinion.Source{
		Name: "甲报", URL: "https://news.example/", Form: opinion.PageForm, Class: opinion.Media,
		Zone: c.Zone(), Every: 10 * time.Minute, Rate: 2 * time.Second,
	}
	if diff := cmp.Diff([]opinion.Source{source}, c.Opinions(), cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })); diff != "" {
		t.Errorf("sources (-want +got):\n%s", diff)
	}
	topics := []opinion.Topic{{Name: "窗口", Any: []string{"窗口"}, Watch: true}, {Name: "大厅", Any: []string{"大厅"}}}
	if diff := cmp.Diff(topics, c.TopicRules()); diff != "" {
		t.Errorf("topics (-want +got):\n%s", diff)
	}
	if got := c.Channels[0].Lang; got != "zh" {
		t.Errorf("language = %q, want zh", got)
	}
	if diff := cmp.Diff(&config.City{Story: "clerk", Listen: "127.0.0.1:0", Factor: 120}, c.City); diff != "" {
		t.Errorf("city (-want +got):\n%s", diff)
	}
}

func show(t *testing.T, c config.Config) string {
	t.Helper()
	raw, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// The example is what a new user copies.
func TestExample(t *testing.T) {
	c, err := config.Load("example.yml")
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Sources) == 0 || len(c.Channels) == 0 || c.City == nil {
		t.Errorf("the example has %d sources, %d channels and the city %v, want some of each", len(c.Sources), len(c.Channels), c.City)
	}
	for _, p := range c.PlaceList() {
		if strings.HasSuffix(p.Name, "派出所") && len(p.Aliases) == 0 {
			t.Errorf("place %s lost its aliases", p.Name)
		}
	}
	want := opinion.Place{Name: "铜铃派出所", Aliases: []string{"铜铃路派出所", "铜铃所"}}
	if i := 4; !cmp.Equal(c.PlaceList()[i], want) {
		t.Errorf("place %d = %v, want %v", i, c.PlaceList()[i], want)
	}
}

// YAML's own aliases are bound to what their anchor says.
func TestAliases(t *testing.T) {
	raw := "places:\n  - name: 甲区\n    aliases: &both [甲, 甲地]\n  - name: 乙区\n    aliases: *both\n"
	c, err := config.Parse([]byte(raw), "")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"甲", "甲地"}, c.Places[1].Aliases); diff != "" {
		t.Errorf("aliases (-want +got):\n%s", diff)
	}
}

const secretWord = "S3CRET-that-nobody-may-read"

func TestSecretFile(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "token.txt"), []byte("\n "+secretWord+"\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"token.txt", "./token.txt", filepath.Join(folder, "token.txt")} {
		file := filepath.Join(folder, "minsheng.yml")
		if err := os.WriteFile(file, []byte("api: {tokens: [{name: 热线, token_file: '"+name+"'}]}\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := config.Load(file)
		if err != nil {
			t.Errorf("token_file %s: %v", name, err)
		} else if got := c.API.Tokens[0].Token.Reveal(); got != secretWord {
			t.Errorf("token_file %s gives %q, want %q", name, got, secretWord)
		}
	}
}

func TestSecretNeverShows(t *testing.T) {
	c := config.Default()
	c.Index.Password = config.NewSecret(secretWord)
	c.API.Tokens = []config.Token{{Name: "热线", Token: config.NewSecret(secretWord)}}
	s := c.Index.Password
	var shown strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%T"} {
		fmt.Fprintf(&shown, verb+verb+verb+verb+"\n", s, &s, c, c.API.Tokens)
	}
	for _, h := range []slog.Handler{slog.NewTextHandler(&shown, nil), slog.NewJSONHandler(&shown, nil)} {
		slog.New(h).Info("secrets", "secret", s, "config", c, "tokens", c.API.Tokens)
	}
	for _, marshal := range []func(any) ([]byte, error){json.Marshal, yaml.Marshal} {
		raw, err := marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		shown.Write(raw)
	}
	hex := fmt.Sprintf("%x", secretWord)
	for _, form := range []string{secretWord, hex, strings.ToUpper(hex)} {
		if strings.Contains(shown.String(), form) {
			t.Errorf("the secret shows as %q in:\n%s", form, shown.String())
		}
	}
	if got, want := fmt.Sprint(s), "***"; got != want {
		t.Errorf("a secret prints as %q, want %q", got, want)
	}
	if got := fmt.Sprint(config.Secret{}); got != "" {
		t.Errorf("no secret prints as %q, want nothing, so that one sees that it is missing", got)
	}
}

// A fault may quote what it complains of, but never a secret.
func TestFaultsKeepSecrets(t *testing.T) {
	raw := "api: {tokens: [{name: a, token: hush-1}, {name: a, token: [hush-2]}]}\n" +
		"index: {engine: elasticsearch, password: hush-3, username: {x: hush-4}, api_key: hush-5}\n" +
		"channels: [{name: b, kind: slack, url: 'hush-6', token: hush-7}, {name: c, kind: webhook, url: hush-8, secret: hush-9}]\n"
	_, err := config.Parse([]byte(raw), "")
	if err == nil || strings.Contains(err.Error(), "hush") {
		t.Errorf("faults give a secret away or are missing:\n%v", err)
	}
}

func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"testdata/bad/*.yml", "*.yml"} {
		for _, name := range files(f, pattern) {
			raw, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(raw)
		}
	}
	f.Add([]byte("a: &a [*a]\nsources: *a"))
	f.Add([]byte("? {a: b}\n: c\n<<: {data: x}\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if bytes.Contains(raw, []byte("_file")) || len(raw) > 1<<16 {
			return // would open files of this machine, or is merely long
		}
		c, err := config.Parse(raw, t.TempDir())
		var faults config.Faults
		switch {
		case err == nil:
			if faults := c.Validate(); len(faults) > 0 {
				t.Errorf("accepted, and then faulty: %v", faults)
			}
		case c != nil || !errors.As(err, &faults) || len(faults) == 0:
			t.Errorf("Parse = %v, %v, want faults alone", c, err)
		}
		for _, one := range faults {
			if one.Remedy == "" {
				t.Errorf("fault %+v has no remedy", one)
			}
		}
	})
}

func files(t testing.TB, pattern string) []string {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("find %s: %v, %d files", pattern, err, len(names))
	}
	return names
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s\nrun go test -update if this is meant", name, diff)
	}
}
