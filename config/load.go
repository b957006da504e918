package config

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Fault is one thing wrong in a file, with what to do about it.
type Fault struct {
	Path   string // such as sources[2].every; "" where the file as a whole is meant
	Line   int    // 0 where unknown
	Remedy string // Chinese, then English
}

func (f Fault) String() string {
	var b strings.Builder
	if f.Line > 0 {
		fmt.Fprintf(&b, "第 %d 行 (line %d)", f.Line, f.Line)
	}
	if f.Path != "" {
		if b.Len() > 0 {
			b.WriteString("  ")
		}
		b.WriteString(f.Path)
	}
	if b.Len() > 0 {
		b.WriteString("：")
	}
	return b.String() + f.Remedy
}

// Faults are all the things wrong in a file. They are one error.
type Faults []Fault

func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, one := range f {
		lines[i] = one.String()
	}
	return strings.Join(lines, "\n")
}

// Check finds faults that only the owner of a part can know of, such as those
// of a word rule, and hands each on with its path.
type Check func(c *Config, fault func(path, remedy string))

// Load reads and checks a file. The error is Faults where the content is at
// fault, and otherwise says why the file could not be read.
func Load(name string, more ...Check) (*Config, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	if len(raw) > maxFile {
		return nil, Faults{{Remedy: "配置文件超过 4 MB · the file is larger than 4 MB"}}
	}
	return Parse(raw, filepath.Dir(name), more...)
}

// malformed tells in a person's words what the parser of YAML stopped at.
func malformed(err error) Fault {
	said := strings.TrimPrefix(err.Error(), "yaml: ")
	var f Fault
	if n, _ := fmt.Sscanf(said, "line %d:", &f.Line); n == 1 {
		_, said, _ = strings.Cut(said, ": ")
	}
	f.Remedy = "不是合格的 YAML，请看这一行和上一行的缩进与符号 · not well-formed YAML, look at indentation and marks here and in the line above: " + said
	for _, known := range []struct{ said, remedy string }{
		{"cannot start any token", "这里不能有制表符（Tab）或 @、`、% 开头的文字：缩进用空格，这样的文字加引号 · no tab and no text that begins with @, ` or % here: indent with spaces, put quotes around such text"},
		{"end of stream", "引号或括号没有配对 · a quote or bracket is not closed"},
		{"mapping values are not allowed", "这里多了一个“: ”，或缩进不齐；文字里有冒号时加引号 · there is one “: ” too many here, or the indentation is uneven; put quotes around text with a colon"},
		{"did not find expected key", "缩进不齐：同一级的键要对齐 · the indentation is uneven: keys of one level stand below each other"},
		{"did not find expected node content", "括号没有配对，或缺内容 · a bracket is not closed, or something is missing"},
		{"',' or '", "括号没有配对，或缺逗号 · a bracket is not closed, or a comma is missing"},
		{"unknown anchor", "* 后面的名字没有用 & 定义过；只是文字时加引号 · the name after * was not defined with &; put quotes around it where it is text"},
	} {
		if strings.Contains(said, known.said) {
			f.Remedy = known.remedy
		}
	}
	return f
}

// Parse reads and checks a configuration. folder is where relative paths of
// secret files and of the lexicon begin.
func Parse(raw []byte, folder string, more ...Check) (*Config, error) {
	c := Default()
	d := &decoder{lines: map[string]int{}, unread: map[string]bool{}, folder: folder}
	var root, second yaml.Node
	y := yaml.NewDecoder(bytes.NewReader(raw))
	err := y.Decode(&root)
	switch {
	case errors.Is(err, io.EOF):
		return &c, nil
	case err != nil:
		return nil, Faults{malformed(err)}
	}
	if aliases(&root) > 100 {
		return nil, Faults{{Remedy: "别名（*）过多 · too many aliases"}}
	}
	if len(root.Content) > 0 {
		d.value(root.Content[0], reflect.ValueOf(&c).Elem(), "")
	}
	if d.values > maxValues {
		return nil, Faults{{Remedy: fmt.Sprintf("内容过多，最多 %d 个值 · more than %d values", maxValues, maxValues)}}
	}
	if err := y.Decode(&second); !errors.Is(err, io.EOF) {
		d.fault("", second.Line, "一个文件只写一份配置，删去第二个 --- 及其后的内容 · one document only, remove what follows the second ---")
	}
	if c.Lexicon != "" && !filepath.IsAbs(c.Lexicon) {
		c.Lexicon = filepath.Join(folder, c.Lexicon)
	}
	if w := c.Analysis.Weights; w != "" && w != NoWeights && !filepath.IsAbs(w) {
		c.Analysis.Weights = filepath.Join(folder, w)
	}
	d.check(&c, more)
	if len(d.faults) > 0 {
		slices.SortStableFunc(d.faults, func(a, b Fault) int { return cmp.Compare(a.Line, b.Line) })
		return nil, d.faults
	}
	return &c, nil
}

// check adds what validation finds, and then what the given checks find in
// parts that have no fault yet.
func (d *decoder) check(c *Config, more []Check) {
	for _, f := range c.validate(d.lines) {
		if !d.echo(f.Path) {
			d.faults = append(d.faults, f)
		}
	}
	known := d.faults
	for _, check := range more {
		check(c, func(path, remedy string) {
			if !slices.ContainsFunc(known, func(f Fault) bool { return f.Path == path || strings.HasPrefix(f.Path, path+".") }) {
				d.fault(path, d.lines[path], "%s", remedy)
			}
		})
	}
}

func aliases(n *yaml.Node) int {
	count := 0
	if n.Kind == yaml.AliasNode {
		count++
	}
	for _, c := range n.Content {
		count += aliases(c)
	}
	return count
}
