package main

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"minsheng/store/sqlite"
)

// daemon is the running program.
type daemon struct {
	cmd     *exec.Cmd
	address string          // where its pages are
	said    strings.Builder // on its terminal
	log     bytes.Buffer    // read after its end
	out     *bufio.Scanner
}

// startDaemon starts `minsheng run` in folder on a free port and waits until it
// says where its pages are.
func startDaemon(t *testing.T, folder string, args ...string) *daemon {
	t.Helper()
	d := &daemon{}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	d.cmd = exec.CommandContext(ctx, os.Args[0], append([]string{"run", "-listen", "127.0.0.1:0"}, args...)...)
	d.cmd.Env, d.cmd.Dir = append(os.Environ(), asProgram+"=1"), folder
	d.cmd.Stderr = &d.log
	out, err := d.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := d.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.cmd.Process.Kill() })
	d.out = bufio.NewScanner(out)
	for d.out.Scan() {
		d.said.WriteString(d.out.Text() + "\n")
		if m := regexp.MustCompile(`http://(127\.0\.0\.1:\d+)`).FindStringSubmatch(d.out.Text()); m != nil {
			d.address = m[1]
			return d
		}
	}
	_ = d.cmd.Wait()
	t.Fatalf("the daemon did not start:\n%s%s", d.said.String(), d.log.String())
	return nil
}

// stop is Ctrl-C. It returns all that the daemon said.
func (d *daemon) stop(t *testing.T) string {
	t.Helper()
	if err := d.cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	for d.out.Scan() {
		d.said.WriteString(d.out.Text() + "\n")
	}
	if err := d.cmd.Wait(); err != nil {
		t.Errorf("stopped by Ctrl-C: %v, want exit code 0", err)
	}
	return d.said.String() + d.log.String()
}

// A first start says where to sign in without showing the password to a log;
// while it runs, a second one and every command on the same data is refused
// with a sentence; it stops cleanly, and the next start goes on.
func TestDaemon(t *testing.T) {
	folder := put(t, "minsheng.yml", "data: data\n")
	d := startDaemon(t, folder, "-config", "minsheng.yml")
	resp, err := http.Get("http://" + d.address + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(resp.Body)
	if _ = resp.Body.Close(); resp.StatusCode != http.StatusOK {
		t.Errorf("healthz answers %d: %s", resp.StatusCode, body)
	}

	inUse := []string{"数据文件夹", "正被另一个民声进程使用", "is in use by another Minsheng"}
	minsheng(t, folder, "", "run", "-config", "minsheng.yml", "-listen", "127.0.0.1:0").want(t, 1, nil, inUse...)
	minsheng(t, folder, "", "user", "-config", "minsheng.yml", "list").want(t, 1, nil, inUse...)
	elsewhere := t.TempDir()
	minsheng(t, elsewhere, "", "run", "-listen", d.address).want(t, 1, nil, "地址 "+d.address+" 已被占用", "is in use", "-listen")
	if left, _ := os.ReadDir(elsewhere); len(left) > 0 {
		t.Errorf("a start that found its port in use left %v behind", left)
	}

	said := d.stop(t)
	holds(t, "the daemon's words", said, []string{"民声已启动", "admin", "first-password", "config/example.yml", "已停止，数据完好"})
	secret, err := os.ReadFile(filepath.Join(folder, "data", "first-password"))
	if err != nil {
		t.Fatal(err)
	}
	if word := strings.TrimSpace(string(secret)); len(word) < 12 || strings.Contains(said, word) {
		t.Errorf("the first password of %d characters is too short or stands in the log", len(word))
	}
	for _, name := range []string{"first-password", "minsheng.db", "lock"} {
		if info, err := os.Stat(filepath.Join(folder, "data", name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v, want it readable by its owner alone", name, info, err)
		}
	}
	again := startDaemon(t, folder, "-config", "minsheng.yml")
	if said := again.stop(t); strings.Contains(said, "first-password") || !strings.Contains(said, "用已有的用户登录") {
		t.Errorf("second start says:\n%s\nwant that the users are known", said)
	}
	first := filepath.Join(folder, "data", "first-password")
	if _, err := os.Stat(first); err != nil {
		t.Errorf("the first password, which nobody has changed, is gone: %v", err)
	}
	minsheng(t, folder, "another horse 7 battery\n", "user", "-config", "minsheng.yml", "password", "admin").want(t, 0, nil, "已保存")
	startDaemon(t, folder, "-config", "minsheng.yml").stop(t)
	if _, err := os.Stat(first); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file of the first password once another is set: %v, want that it is gone", err)
	}
}

// A file of a newer program is refused and left as it is, byte for byte.
func TestDataOfANewerVersion(t *testing.T) {
	folder := put(t, "minsheng.yml", "data: data\n")
	minsheng(t, folder, "", "user", "-config", "minsheng.yml", "list").want(t, 0, nil, "还没有用户")
	file := filepath.Join(folder, "data", "minsheng.db")
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), fmt.Sprintf("PRAGMA user_version = %d", sqlite.Schema+1)); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"run", "-listen", "127.0.0.1:0"}, {"user"}, {"reindex"}, {"search"}} {
		args = append(args[:1:1], append([]string{"-config", "minsheng.yml"}, args[1:]...)...)
		if args[0] == "user" {
			args = append(args, "list")
		}
		r := minsheng(t, folder, "", args...)
		r.want(t, 1, nil, "minsheng.db", fmt.Sprint(sqlite.Schema+1), "newer")
		if strings.Contains(r.err, "goroutine") {
			t.Errorf("%v: the program broke:\n%s", args, r.err)
		}
	}
	after, err := os.ReadFile(file)
	if err != nil || string(after) != string(before) {
		t.Errorf("the file was changed (%v)", err)
	}
}

// The place of the data folder is taken by a file, or may not be written.
func TestDataCannotBeWritten(t *testing.T) {
	folder := put(t, "minsheng.yml", "data: taken/data\n", "taken", "a file")
	minsheng(t, folder, "", "run", "-config", "minsheng.yml", "-listen", "127.0.0.1:0").want(t, 1, nil, "taken/data", "是一个文件", "is a file")
	if body, err := os.ReadFile(filepath.Join(folder, "taken")); err != nil || string(body) != "a file" {
		t.Errorf("the file in its place = %q, %v, want it unharmed", body, err)
	}
	if os.Geteuid() == 0 {
		return // root may write everywhere
	}
	folder = put(t, "minsheng.yml", "data: shut/data\n")
	if err := os.Mkdir(filepath.Join(folder, "shut"), 0o500); err != nil {
		t.Fatal(err)
	}
	minsheng(t, folder, "", "run", "-config", "minsheng.yml", "-listen", "127.0.0.1:0").want(t, 1, nil, "没有权限", "may not be read and written")
}

// The city's address is taken: said in both languages, with its key.
func TestCityAddressInUse(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	folder := put(t, "minsheng.yml", fmt.Sprintf("data: data\ncity:\n  listen: %s\n", l.Addr()))
	minsheng(t, folder, "", "run", "-config", "minsheng.yml", "-listen", "127.0.0.1:0").want(t, 1, nil,
		"内置城市要用的地址 "+l.Addr().String()+" 已被占用", "city.listen", "is in use")
}

// Every fault of a configuration is said at once, those of word rules too, and
// nothing is started: no folder is made and no port is taken.
func TestWrongConfiguration(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	folder := put(t, "minsheng.yml", fmt.Sprintf("server:\n  listen: %s\noffice:\n  zone: Nowhere\nretntion: 30d\ntopics:\n"+
		"  - name: 窗口\n    any: [窗口]\n  - name: 引号\n    any: ['\"没有配对']\nplaces:\n  - name: 甲\n", l.Addr()))
	for _, command := range [][]string{{"run"}, {"check"}, {"user", "list"}, {"analyse"}, {"group"}, {"feed", "x"}, {"extract", "x"}, {"detect", "x"}, {"reindex"}, {"search", "x"}} {
		args := append([]string{command[0], "-config", "minsheng.yml"}, command[1:]...)
		minsheng(t, folder, "", args...).want(t, 2, nil, "4 处", "nothing was started",
			"第 4 行 (line 4)  office.zone", "第 5 行 (line 5)  retntion", "retention?", "第 9 行 (line 9)  topics[1]", "引号没有配对", "第 12 行 (line 12)  places[0]",
			"topics[1]：专题“引号”的“\"没有配对”")
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 1 {
		t.Errorf("folder holds %v, %v, want the configuration alone", left, err)
	}
	minsheng(t, folder, "", "run", "-config", "nowhere.yml").want(t, 2, nil, "读不到配置文件 nowhere.yml：没有这个文件", "nowhere.yml cannot be read: there is no such file")
	minsheng(t, folder, "", "run", "-listen", "8081").want(t, 2, nil, `-listen 写成 地址:端口，例如 127.0.0.1:8081，而不是 "8081"`)
	minsheng(t, folder, "", "run", "now").want(t, 2, nil, `"now"`)
	minsheng(t, folder, "", "run", "-log", "loud").want(t, 2, nil, `-log 不能写 "loud" · -log cannot be "loud"`)
	minsheng(t, folder, "", "run", "-loud").want(t, 2, nil, "没有 -loud 这个选项 · there is no option -loud")
	minsheng(t, folder, "", "run", "-config").want(t, 2, nil, "-config 后面要写内容 · -config needs a value after it")
	minsheng(t, folder, "", "run", "-config", ".").want(t, 2, nil, "这是一个文件夹", "it is a folder")
}

// An address that cannot be listened on is said in words, whatever is wrong with it.
func TestListenAddress(t *testing.T) {
	for address, says := range map[string]string{
		"127.0.0.1:99999":    "地址 127.0.0.1:99999 写得不对",
		"127.0.0.1:web?":     "地址 127.0.0.1:web? 写得不对",
		"no-host.invalid:80": "地址 no-host.invalid:80 写得不对",
		"192.0.2.1:8080":     "本机没有 192.0.2.1:8080 这个地址", // RFC 5737: nobody's
	} {
		r := minsheng(t, t.TempDir(), "", "run", "-listen", address)
		r.want(t, 1, nil, says)
		if strings.Contains(r.err, "listen tcp") {
			t.Errorf("%s: the cause is shown in place of a sentence:\n%s", address, r.err)
		}
	}
}

func TestUser(t *testing.T) {
	folder := put(t, "minsheng.yml", "data: data\n")
	user := func(in string, args ...string) ran {
		return minsheng(t, folder, in, append([]string{"user", "-config", "minsheng.yml"}, args...)...)
	}
	for _, args := range [][]string{nil, {"add"}, {"add", "li"}, {"add", "li", "chief"}, {"remove", "li"}, {"list", "all"}, {"password"}, {"disable"}} {
		user("", args...).want(t, 2, nil, "用法 usage: minsheng user")
	}
	if left, _ := os.ReadDir(folder); len(left) != 1 {
		t.Errorf("a wrong command line left %v behind", left)
	}
	user("", "list").want(t, 0, nil, "还没有用户")
	const word = "correct horse 9 battery"
	user(word+"\n", "add", "li", "press").want(t, 0, nil, "已保存")
	user(word+"\n", "add", "wang", "admin").want(t, 0, nil, "已保存")
	user(word+"\n", "add", "li", "admin").want(t, 1, nil, "已有", "already")
	user("short\n", "add", "zhao", "press").want(t, 1, nil, "新密码")
	user("", "add", "zhao", "press").want(t, 1, nil, "没有读到密码")
	user("another horse 7 battery\n", "password", "li").want(t, 0, nil, "已保存")
	user(word+"\n", "password", "nobody").want(t, 1, nil, "没有用户 nobody")
	user("", "disable", "nobody").want(t, 1, nil, "没有用户 nobody")
	user("", "disable", "li").want(t, 0, nil, "已停用 li")
	user("", "disable", "wang").want(t, 1, nil, "最后一个管理员", "the last administrator")
	r := user("", "list")
	r.want(t, 0, []string{"li", "wang"})
	for line := range strings.Lines(r.out) {
		f := strings.Fields(line)
		want := map[string]string{"li": "li press 停用 disabled", "wang": "wang admin 启用 enabled"}[f[0]]
		if got := strings.Join(f, " "); got != want {
			t.Errorf("line %q, want %q", got, want)
		}
	}
	if strings.Contains(r.out, "zhao") {
		t.Errorf("a user whose password was refused is there:\n%s", r.out)
	}
}
