package app_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "minsheng"

// pkg is what go list says of a package; test imports are not among them.
type pkg struct {
	ImportPath string
	Imports    []string
}

// packages lists ours, by path without the module's name.
func packages(t *testing.T) map[string]pkg {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Dir = ".."
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("list packages: %v\n%s", err, stderr.String())
	}
	all := map[string]pkg{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("read go list: %v", err)
		}
		all[strings.TrimPrefix(p.ImportPath, module+"/")] = p
	}
	if len(all) < 15 {
		t.Fatalf("go list names %d packages, want all of ours", len(all))
	}
	return all
}

// under reports whether name is folder or lies in it.
func under(name string, folders ...string) bool {
	return slices.ContainsFunc(folders, func(f string) bool { return name == f || strings.HasPrefix(name, f+"/") })
}

// ours lists the packages of the module that p imports.
func (p pkg) ours() []string {
	var out []string
	for _, i := range p.Imports {
		if name, ok := strings.CutPrefix(i, module+"/"); ok {
			out = append(out, name)
		}
	}
	return out
}

// rule says which of our packages a folder may import.
type rule struct {
	folder string
	may    []string
	why    string
}

// TestLeaves holds each part to what it may know of the others.
func TestLeaves(t *testing.T) {
	rules := []rule{
		{"opinion", nil, "the domain is what all others agree on, so it may depend on none of them"},
		{"i18n", nil, "the catalogue is words; who says them is not its business"},
		{"config", []string{"opinion"}, "a configuration must be readable without opening what it configures"},
		{"store", []string{"opinion", "i18n", "store"}, "an engine of the store can be exchanged only if it knows nothing but the contract"},
		{"crawler", []string{"opinion", "i18n", "crawler"}, "what reads the outside is tested and replaced alone"},
		{"analysis", []string{"opinion", "i18n", "analysis"}, "a verdict depends on the text and the rules, not on where either is kept"},
		{"index", []string{"opinion", "i18n", "index"}, "a search engine can be exchanged only if it knows nothing but the contract"},
		{"alerts", []string{"opinion", "i18n", "store", "alerts"}, "a channel renders and posts; the contract of the store tells watching what to read"},
		{"city", []string{"opinion", "i18n", "city"}, "the city is another machine's sites, not a part of the product"},
		{"pipeline", []string{"opinion", "i18n", "store", "crawler", "analysis", "index", "alerts", "pipeline"}, "the loops call the steps, and no page calls the loops"},
		{"web", []string{"opinion", "i18n", "store", "index", "analysis", "alerts", "web"}, "pages show what is stored and found, in the words of a message; they crawl and start nothing"},
	}
	engines := []string{"store/sqlite", "index/sqlite", "index/elastic", "alerts/slack", "alerts/webhook", "alerts/terminal"}
	for name, p := range packages(t) {
		for _, r := range rules {
			if !under(name, r.folder) {
				continue
			}
			for _, other := range p.ours() {
				if !under(other, r.may...) {
					t.Errorf("%s imports %s: %s", name, other, r.why)
				}
				if slices.Contains(engines, other) && !under(name, other) {
					t.Errorf("%s imports %s: only app chooses an engine or a channel", name, other)
				}
			}
		}
		if !strings.Contains(name, "/") && name != "app" && !slices.ContainsFunc(rules, func(r rule) bool { return r.folder == name }) {
			t.Errorf("%s has no rule here: say what it may import, and why", name)
		}
	}
}

// TestOwners keeps a library, and each part that joins others, in the hands of
// one owner, so that it can be exchanged in one place.
func TestOwners(t *testing.T) {
	rules := []struct {
		path   string
		owners []string
		why    string
	}{
		{"github.com/gocolly/colly", []string{"crawler"}, "colly is the fetcher under our own frontier; nobody else fetches"},
		{"github.com/go-ego/gse", []string{"analysis"}, "index and search are given a function that cuts, so that all cut alike"},
		{"github.com/elastic", []string{"index/elastic"}, "no type of an engine may show in the contract of the index"},
		{"github.com/slack-go", []string{"alerts/slack"}, "a channel is one package"},
		{"modernc.org/sqlite", []string{"store/sqlite", "index/sqlite"}, "no other part may speak to the file past the store"},
		{"database/sql", []string{"store/sqlite", "index/sqlite"}, "verbs are whole transactions; none leaks out of an engine"},
		{"go.yaml.in/yaml", []string{"config"}, "there is one configuration and one strict reading of it"},
		{module + "/app", []string{"cmd"}, "app joins everything, so that whatever imported it would import everything"},
		{module + "/city", []string{"app", "cmd"}, "nothing but the configuration may know that a source is simulated"},
		{module + "/config", []string{"app", "cmd"}, "parts are given values, not the configuration"},
		{module + "/pipeline", []string{"app", "cmd"}, "the loops are started in one place"},
	}
	for name, p := range packages(t) {
		for _, imported := range p.Imports {
			for _, r := range rules {
				if under(imported, r.path) && !under(name, r.owners...) && !under(p.ImportPath, r.path) {
					t.Errorf("%s imports %s, which belongs to %s: %s", name, imported, strings.Join(r.owners, " and "), r.why)
				}
			}
		}
	}
}

// TestDomainIsPlain keeps libraries out of the domain altogether.
func TestDomainIsPlain(t *testing.T) {
	for _, name := range []string{"opinion", "i18n", "store"} {
		p, ok := packages(t)[name]
		if !ok {
			t.Fatalf("%s is not there", name)
		}
		for _, imported := range p.Imports {
			if strings.Contains(strings.SplitN(imported, "/", 2)[0], ".") {
				t.Errorf("%s imports %s: a contract that everything depends on brings no library with it", name, imported)
			}
		}
	}
}
