package config

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// maxFile bounds a configuration file in bytes.
const maxFile = 4 << 20

// maxValues bounds what a file spells out, aliases followed: 5,000 sources of
// ten keys, with room for topics and places.
const maxValues = 200_000

// maxSecret bounds a file that holds a secret, in bytes.
const maxSecret = 64 << 10

// decoder walks the YAML tree beside the value it fills. It goes on after a
// fault, so that all of them are found, and remembers the line of every path.
type decoder struct {
	faults Faults
	lines  map[string]int
	unread map[string]bool // paths whose value could not be read
	values int             // met so far
	folder string          // of the file, for the paths of *_file keys
}

func (d *decoder) fault(path string, line int, remedy string, args ...any) {
	d.faults = append(d.faults, Fault{Path: path, Line: line, Remedy: fmt.Sprintf(remedy, args...)})
}

// unreadable is a fault of the value itself, which then stays as it was.
func (d *decoder) unreadable(path string, line int, remedy string, args ...any) {
	d.unread[strings.TrimSuffix(path, "_file")] = true
	d.fault(path, line, remedy, args...)
}

// echo reports whether a fault that validation found at path only repeats that
// the value there, or one of its keys, could not be read.
func (d *decoder) echo(path string) bool {
	if d.unread[path] {
		return true
	}
	for p := range d.unread {
		if i := strings.LastIndexAny(p, ".["); i >= 0 && p[:i] == path {
			return true
		}
	}
	return false
}

func (d *decoder) value(n *yaml.Node, v reflect.Value, path string) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	d.lines[path] = n.Line
	if d.values++; d.values > maxValues {
		return // Parse says so
	}
	switch v.Interface().(type) {
	case time.Duration:
		d.duration(n, v, path)
		return
	case Secret:
		if s, ok := d.text(n, path); ok {
			v.Set(reflect.ValueOf(NewSecret(s)))
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if n.Tag == "!!null" {
			return
		}
		p := reflect.New(v.Type().Elem())
		d.value(n, p.Elem(), path)
		v.Set(p)
	case reflect.Struct:
		d.mapping(n, v, path)
	case reflect.Slice:
		d.list(n, v, path)
	case reflect.String:
		if s, ok := d.text(n, path); ok {
			v.SetString(s)
		}
	default:
		d.scalar(n, v, path)
	}
}

func (d *decoder) mapping(n *yaml.Node, v reflect.Value, path string) {
	if n.Tag == "!!null" {
		return
	}
	if n.Kind != yaml.MappingNode {
		d.unreadable(path, n.Line, "这里应当是若干“键: 值” · write keys with values here")
		return
	}
	fields := map[string]int{}
	for i := range v.NumField() {
		fields[v.Type().Field(i).Tag.Get("yaml")] = i
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, val := n.Content[i], n.Content[i+1]
		at := join(path, key.Value)
		if seen[key.Value] {
			d.fault(at, key.Line, "这个键写了两次，删去一个 · this key stands twice, remove one")
			continue
		}
		seen[key.Value] = true
		if f, ok := fields[key.Value]; ok {
			d.value(val, v.Field(f), at)
			continue
		}
		base, isFile := strings.CutSuffix(key.Value, "_file")
		if f, ok := fields[base]; isFile && ok && v.Field(f).Type() == reflect.TypeFor[Secret]() {
			d.secretFile(val, v.Field(f), at)
			continue
		}
		d.fault(at, key.Line, "没有这个键%s", d.nearest(key.Value, fields))
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if base, isFile := strings.CutSuffix(n.Content[i].Value, "_file"); isFile && seen[base] {
			d.fault(join(path, base), n.Content[i].Line, "%s 与 %s_file 只能写一个 · give %s or %s_file, not both", base, base, base, base)
		}
	}
}

func (d *decoder) nearest(key string, fields map[string]int) string {
	names := make([]string, 0, len(fields))
	for name := range fields {
		names = append(names, name)
	}
	slices.Sort(names)
	best := slices.MinFunc(names, func(a, b string) int { return cmp.Compare(distance(key, a), distance(key, b)) })
	if distance(key, best) <= 1+len(key)/3 {
		return fmt.Sprintf("，是不是 %s？ · unknown key, did you mean %s?", best, best)
	}
	list := strings.Join(names, "、")
	return fmt.Sprintf("，可用的有：%s · unknown key, see docs/configuration.md", list)
}

// secretFile reads a secret from a file, relative to the configuration's.
func (d *decoder) secretFile(n *yaml.Node, v reflect.Value, path string) {
	d.lines[path], d.lines[strings.TrimSuffix(path, "_file")] = n.Line, n.Line
	name, ok := d.text(n, path)
	if !ok {
		return
	}
	if !filepath.IsAbs(name) {
		name = filepath.Join(d.folder, name)
	}
	raw, err := readSecret(name)
	switch {
	case err != nil:
		d.unreadable(path, n.Line, "读不到这个文件，请检查路径与权限 · the file cannot be read, check path and permission")
	case len(raw) > maxSecret:
		d.unreadable(path, n.Line, "文件过大，密钥文件应只有一行 · the file is too large for a secret")
	default:
		v.Set(reflect.ValueOf(NewSecret(strings.TrimSpace(string(raw)))))
	}
}

// readSecret reads a file, one byte beyond what is allowed at most.
func readSecret(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxSecret+1))
}

func (d *decoder) list(n *yaml.Node, v reflect.Value, path string) {
	if n.Tag == "!!null" {
		return
	}
	if n.Kind != yaml.SequenceNode {
		d.unreadable(path, n.Line, "这里应当是列表，每项以“- ”开头 · write a list here, each item after “- ”")
		return
	}
	out := reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content))
	for i, item := range n.Content {
		d.value(item, out.Index(i), path+"["+strconv.Itoa(i)+"]")
	}
	v.Set(out)
}

func (d *decoder) text(n *yaml.Node, path string) (string, bool) {
	if n.Kind != yaml.ScalarNode {
		d.unreadable(path, n.Line, "这里应当是一行文字 · write a text here")
		return "", false
	}
	if n.Tag == "!!null" {
		return "", true
	}
	return n.Value, true
}

func (d *decoder) scalar(n *yaml.Node, v reflect.Value, path string) {
	s, ok := d.text(n, path)
	if !ok {
		return
	}
	var err error
	want := "数字 · write a number"
	switch v.Kind() {
	case reflect.Bool:
		want = " true 或 false · write true or false"
		var b bool
		if b, err = strconv.ParseBool(s); err == nil {
			v.SetBool(b)
		}
	case reflect.Int, reflect.Int64:
		want = "整数 · write a whole number"
		var i int64
		if i, err = strconv.ParseInt(s, 10, 64); err == nil {
			v.SetInt(i)
		}
	case reflect.Uint64:
		want = "零或正整数 · write zero or a positive whole number"
		var u uint64
		if u, err = strconv.ParseUint(s, 10, 64); err == nil {
			v.SetUint(u)
		}
	case reflect.Float64:
		var f float64
		if f, err = strconv.ParseFloat(s, 64); err == nil {
			v.SetFloat(f)
		}
	default:
		err = fmt.Errorf("decode %s: kind %s is not read", path, v.Kind())
	}
	if err != nil {
		d.unreadable(path, n.Line, "%q 读不懂，应当写%s", s, want)
	}
}

// duration reads Go's durations and a number of days (7d), which an office
// thinks in.
func (d *decoder) duration(n *yaml.Node, v reflect.Value, path string) {
	s, ok := d.text(n, path)
	if !ok {
		return
	}
	if days, isDays := strings.CutSuffix(s, "d"); isDays {
		if f, err := strconv.ParseFloat(days, 64); err == nil && f >= 0 && f <= 36500 {
			v.SetInt(int64(f * float64(24*time.Hour)))
			return
		}
	}
	t, err := time.ParseDuration(s)
	if err != nil {
		d.unreadable(path, n.Line, "%q 读不懂，时长写成 30s、5m、2h、180d · write a duration as 30s, 5m, 2h, 180d", s)
		return
	}
	v.SetInt(int64(t))
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// distance is the edit distance of two short keys.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			step := diagonal
			if a[i] != b[j] {
				step++
			}
			diagonal = row[j+1]
			row[j+1] = min(step, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
