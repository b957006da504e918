package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// ran is what a run of the program left behind.
type ran struct {
	out, err string
	code     int
}

// minsheng runs the program in folder and waits for its end.
func minsheng(t *testing.T, folder, in string, args ...string) ran {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	cmd.Dir, cmd.Stdin = folder, strings.NewReader(in)
	var out, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &stderr
	if err := cmd.Run(); cmd.ProcessState == nil {
		t.Fatalf("run minsheng %v: %v", args, err)
	}
	return ran{out.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// put writes files into a new folder: name, content, name, content, ...
func put(t *testing.T, files ...string) string {
	t.Helper()
	folder := t.TempDir()
	for pair := range slices.Chunk(files, 2) {
		if err := os.WriteFile(filepath.Join(folder, pair[0]), []byte(pair[1]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// want checks a run: exit code, what stands in its output, and what in its
// words on standard error. An empty list of words means that it says nothing.
func (r ran) want(t *testing.T, code int, out []string, words ...string) {
	t.Helper()
	if r.code != code {
		t.Errorf("exit code = %d, want %d; it says:\n%s", r.code, code, r.err)
	}
	holds(t, "output", r.out, out)
	holds(t, "standard error", r.err, words)
}

func holds(t *testing.T, what, text string, wants []string) {
	t.Helper()
	if len(wants) == 0 && text != "" {
		t.Errorf("%s = %q, want none", what, text)
	}
	for _, w := range wants {
		if !strings.Contains(text, w) {
			t.Errorf("%s lacks %q:\n%s", what, w, text)
		}
	}
}

// objectsOf reads a JSON object a line.
func objectsOf(t *testing.T, out string) []map[string]any {
	t.Helper()
	var all []map[string]any
	for line := range strings.Lines(out) {
		var o map[string]any
		if err := json.Unmarshal([]byte(line), &o); err != nil {
			t.Fatalf("line %q is no JSON object: %v", line, err)
		}
		all = append(all, o)
	}
	return all
}

// column is one key of every object.
func column(all []map[string]any, key string) []any {
	out := []any{}
	for _, o := range all {
		out = append(out, o[key])
	}
	return out
}

func TestDecode(t *testing.T) {
	folder := put(t, "gbk.html", "\xc5\xc9\xb3\xf6\xcb\xf9\xbd\xf1\xcc\xec\xbf\xaa\xc3\xc5", "utf8.txt", "派出所今天开门\n")
	minsheng(t, folder, "", "decode", "-content-type", "text/html; charset=gbk", "gbk.html").want(t, 0, []string{"派出所今天开门"})
	minsheng(t, folder, "", "decode", "utf8.txt").want(t, 0, []string{"派出所今天开门\n"})
	minsheng(t, folder, "", "decode", "nowhere").want(t, 1, nil, "读不到文件", "cannot be read", "nowhere")
	minsheng(t, folder, "", "decode").want(t, 2, nil, "用法 usage: minsheng decode")
	minsheng(t, folder, "", "decode", "a", "b").want(t, 2, nil, "用法 usage: minsheng decode")
	minsheng(t, folder, "", "decode", "-charset", "gbk", "a").want(t, 2, nil, "-charset", "用法 usage: minsheng decode")
}

const page = `<!doctype html><html><head><meta charset=utf-8><title>窗口延长服务时间 - 甲市日报</title></head><body>
<h1>窗口延长服务时间</h1><div class="info">2026-03-04 09:30 来源：甲市日报</div><div class="content">
<p>自下周起，全市派出所户籍窗口工作日延长服务一小时，方便下班后的群众办理身份证和居住证。</p>
<p>延长时段可以办理的业务与平时相同，需要提前预约的业务仍按原来的办法预约，窗口不另外收取费用。</p>
<p>市民对这一安排有意见建议的，可以拨打公开电话反映，也可以在留言板上写明情况。</p></div></body></html>`

func TestExtract(t *testing.T) {
	folder := put(t, "page.html", page, "empty.html", "<html><body><p>404</p></body></html>")
	r := minsheng(t, folder, "", "extract", "-url", "https://news.example/20260304/1.html", "page.html", "empty.html")
	r.want(t, 0, []string{"延长服务一小时"})
	all := objectsOf(t, r.out)
	if diff := cmp.Diff([]any{"page.html", "empty.html"}, column(all, "file")); diff != "" {
		t.Fatalf("files (-want +got):\n%s", diff)
	}
	want := map[string]any{"article": true, "title": "窗口延长服务时间", "published": "2026-03-04T09:30:00+08:00", "source": "甲市日报", "charset": "utf-8"}
	for key, value := range want {
		if got := all[0][key]; got != value {
			t.Errorf("%s = %v, want %v", key, got, value)
		}
	}
	if all[1]["article"] != false || all[1]["reason"] == "" {
		t.Errorf("a page that is no article = %v, want that it says so and why", all[1])
	}
	// A missing file is named, and the others are read.
	r = minsheng(t, folder, "", "extract", "nowhere.html", "page.html")
	r.want(t, 1, []string{"延长服务一小时"}, "nowhere.html")
	if diff := cmp.Diff([]any{"nowhere.html", "page.html"}, column(objectsOf(t, r.out), "file")); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	minsheng(t, folder, "", "extract").want(t, 2, nil, "用法 usage: minsheng extract")
}

func TestFeed(t *testing.T) {
	const rss = `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>甲</title>
<item><title>一 &amp;amp; 二</title><link>/n/1.html</link><pubDate>Wed, 04 Mar 2026 09:30:00 +0800</pubDate><description>正文</description></item>
<item><title>没有时间</title><link>https://news.example/n/2.html</link></item></channel></rss>`
	folder := put(t, "rss.xml", rss, "page.html", page)
	r := minsheng(t, folder, "", "feed", "-url", "https://news.example/rss.xml", "rss.xml")
	r.want(t, 0, []string{"news.example"})
	var got struct {
		File, Err string
		Items     []feedItem
	}
	if err := json.Unmarshal([]byte(r.out), &got); err != nil {
		t.Fatal(err)
	}
	want := []feedItem{
		{Title: "一 & 二", Link: "https://news.example/n/1.html", Published: "2026-03-04T01:30:00Z", Content: "正文"},
		{Title: "没有时间", Link: "https://news.example/n/2.html"},
	}
	if diff := cmp.Diff(want, got.Items); diff != "" || got.Err != "" || got.File != "rss.xml" {
		t.Errorf("feed %s with the fault %q, items (-want +got):\n%s", got.File, got.Err, diff)
	}
	// What is no feed is an answer.
	r = minsheng(t, folder, "", "feed", "page.html")
	r.want(t, 0, []string{`"items":[]`})
	if all := objectsOf(t, r.out); all[0]["err"] == "" {
		t.Errorf("a page that is no feed = %v, want why", all[0])
	}
	minsheng(t, folder, "", "feed", "nowhere.xml").want(t, 1, nil, "nowhere.xml")
	minsheng(t, folder, "", "feed").want(t, 2, nil, "用法 usage: minsheng feed")
}

// Lines that cannot be read are named with their number, the others are
// answered in order, and keys that nobody knows are passed over.
func TestRobots(t *testing.T) {
	in := `{"id":1,"robots":"User-agent: *\nDisallow: /x","agent":"minsheng","url":"https://a.example/x/1","more":true}
no json
["a","list"]

{"id":"two","robots":"User-agent: *\nDisallow: /x","agent":"minsheng","url":"https://a.example/y"}
`
	r := minsheng(t, t.TempDir(), in, "robots")
	r.want(t, 1, []string{`{"id":1,"allowed":false}` + "\n" + `{"id":"two","allowed":true}` + "\n"}, "(line 2)", "(line 3)", "JSON")
	if strings.Contains(r.err, "(line 4)") {
		t.Errorf("an empty line is complained of: %s", r.err)
	}
	minsheng(t, t.TempDir(), "", "robots", "file.jsonl").want(t, 2, nil, "file.jsonl", "用法 usage: minsheng robots")
}

func TestCanonical(t *testing.T) {
	in := "HTTPS://News.Example:443/a/../b?utm_source=x#top\r\nno url at all\nhttps://news.example/b"
	minsheng(t, t.TempDir(), in, "canonical").want(t, 0, []string{"https://news.example/b\nno url at all\nhttps://news.example/b\n"})
}

func TestGuard(t *testing.T) {
	in := "http://127.0.0.1/\nhttp://[::1]:80/\nhttp://169.254.169.254/latest\nftp://198.51.100.1/\nnonsense\nhttp://8.8.8.8/\n"
	r := minsheng(t, t.TempDir(), in, "guard")
	r.want(t, 0, []string{"8.8.8.8"})
	all := objectsOf(t, r.out)
	if diff := cmp.Diff([]any{true, true, true, true, true, false}, column(all, "refused")); diff != "" {
		t.Errorf("refused (-want +got):\n%s\n%s", diff, r.out)
	}
	for _, o := range all {
		if refused := o["refused"] == true; refused == (o["reason"] == "") {
			t.Errorf("%v: want a reason exactly where it is refused", o)
		}
	}
}

func TestAnalyse(t *testing.T) {
	in := `{"id":"1","kind":"post","text":"派出所窗口态度恶劣，推诿扯皮，太让人失望了，电话13912345678"}
{"id":"2","kind":"poem","text":"x"}
{broken
{"id":"4","kind":"","text":"感谢民警耐心帮助老人"}
`
	r := minsheng(t, t.TempDir(), in, "analyse")
	r.want(t, 1, []string{`"attitude":"neg"`}, `id "2"`, "poem", "(line 3)")
	all := objectsOf(t, r.out)
	if diff := cmp.Diff([]any{"1", "4"}, column(all, "id")); diff != "" {
		t.Fatalf("ids (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]any{"neg", "pos"}, column(all, "attitude")); diff != "" {
		t.Errorf("attitudes (-want +got):\n%s", diff)
	}
	if strings.Contains(r.out, "13912345678") {
		t.Errorf("a phone number is printed: %s", r.out)
	}
	folded := []rune(all[0]["text"].(string))
	for _, e := range all[0]["evidence"].([]any) {
		e := e.(map[string]any)
		if got := string(folded[int(e["start"].(float64)):int(e["end"].(float64))]); got != e["text"] {
			t.Errorf("evidence %v lies at %q", e, got)
		}
	}
	minsheng(t, t.TempDir(), `{"id":"2","kind":"poem","text":"x"}`, "analyse").want(t, 1, nil, "poem")
	minsheng(t, t.TempDir(), "", "analyse").want(t, 0, nil)
	minsheng(t, t.TempDir(), "", "analyse", "texts.jsonl").want(t, 2, nil, "texts.jsonl")
}

func TestGroup(t *testing.T) {
	text := "昨天下午在派出所户籍窗口排队两个小时，排到跟前被告知系统升级不再受理，工作人员没有任何解释就离开了"
	in := fmt.Sprintf(`{"id":"a","kind":"post","text":%q,"published":"2026-03-04T09:00:00+08:00"}
{"id":"b","kind":"post","text":%q,"published":"2026-03-04T10:00:00+08:00"}
{"id":"c","kind":"post","text":%q,"published":"yesterday"}
{"id":"d","kind":"news","text":"春季义务植树活动在河滨公园举行，市民踊跃参加，共栽下树苗三百余株","published":"2026-03-05"}
{"id":"e","kind":"post","text":"没有时间也可以"}
`, text, text+"。", text)
	r := minsheng(t, t.TempDir(), in, "group")
	r.want(t, 1, []string{`"near":"a"`}, "(line 3)", "yesterday")
	all := objectsOf(t, r.out)
	if diff := cmp.Diff([]any{"a", "b", "d", "e"}, column(all, "id")); diff != "" {
		t.Fatalf("ids (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]any{"", "a", "", ""}, column(all, "near")); diff != "" {
		t.Errorf("near (-want +got):\n%s", diff)
	}
	if all[0]["incident"] != all[1]["incident"] || all[0]["incident"] == all[2]["incident"] {
		t.Errorf("incidents %v, want one of the copies and another", column(all, "incident"))
	}
}

func TestDetect(t *testing.T) {
	var counts, volume strings.Builder
	counts.WriteString("series,timestamp,total,negative,distinct_sources,distinct_texts\n")
	volume.WriteString("timestamp,value\n")
	for i := range 14 * 24 {
		total, negative, value := 10+i%5, 1, 100+i%7
		if i >= 14*24-3 {
			total, negative, value = 90, 80, 4000
		}
		at := fmt.Sprintf("2026-03-%02dT%02d:00:00Z", 1+i/24, i%24)
		fmt.Fprintf(&counts, "窗口,%s,%d,%d,%d,%d\n", at, total, negative, total, total)
		fmt.Fprintf(&volume, "%s,%d\n", strings.Replace(strings.TrimSuffix(at, "Z"), "T", " ", 1), value)
	}
	folder := put(t, "counts.csv", counts.String(), "bad.csv", counts.String()+"窗口,soon,1,1,1,1\n窗口,2026-03-20T00:00:00Z,1,2,1,1\n", "volume.csv", volume.String(), "other.csv", "a,b\n1,2\n")
	const head = "series,timestamp,score,alert\n"
	alert := []string{head, "窗口,2026-03-14T21:00:00Z,", ",1\n"}
	minsheng(t, folder, "", "detect", "counts.csv").want(t, 0, alert)
	minsheng(t, folder, "", "detect", "bad.csv").want(t, 1, alert, "第 338 行", "Line 338", "第 339 行", "Line 339")
	minsheng(t, folder, "", "detect", "-volume", "volume.csv").want(t, 0, []string{head, "volume,2026-03-14 21:00:00,", ",1\n"})
	minsheng(t, folder, "", "detect", "other.csv").want(t, 1, []string{head}, "series")
	minsheng(t, folder, "", "detect", "nowhere.csv").want(t, 1, nil, "nowhere.csv", "cannot be read")
	minsheng(t, folder, "", "detect").want(t, 2, nil, "用法 usage: minsheng detect")
}

// A line without end is named and passed over in bounded memory.
func TestLongLine(t *testing.T) {
	in := "https://news.example/a\n" + strings.Repeat("x", maxLine+1) + "\nhttps://news.example/b\n"
	minsheng(t, t.TempDir(), in, "canonical").want(t, 1, []string{"https://news.example/a\nhttps://news.example/b\n"}, "(line 2)", "16 MB")
}

func TestCommandLine(t *testing.T) {
	minsheng(t, t.TempDir(), "", "version").want(t, 0, []string{"minsheng " + version + "\n"})
	minsheng(t, t.TempDir(), "", "version", "now").want(t, 2, nil, "now")
	minsheng(t, t.TempDir(), "", "analyze").want(t, 2, nil, `"analyze"`, "unknown command", "analyse")
	minsheng(t, t.TempDir(), "").want(t, 0, nil, "usage", "detect")
	minsheng(t, t.TempDir(), "", "run", "-h").want(t, 0, nil, "用法 usage: minsheng run")
	for _, c := range commands() {
		minsheng(t, t.TempDir(), "", c.name, "-nonsense").want(t, 2, nil, "-nonsense", "用法 usage: minsheng "+c.name)
	}
}
