package web_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/argon2"

	"minsheng/opinion"
	"minsheng/store"
	"minsheng/web"
)

const password = "a long enough password"

// member adds a user who can really sign in. The hash is a cheap one of the
// same kind, since a real one takes its time by design; TestChangePassword has
// a real one.
func (o *office) member(name string, role store.UserRole) {
	o.Helper()
	salt := []byte("salt of the tests")
	enc := base64.RawStdEncoding.EncodeToString
	hash := fmt.Sprintf("$argon2id$v=%d$m=64,t=1,p=1$%s$%s", argon2.Version, enc(salt), enc(argon2.IDKey([]byte(password), salt, 1, 64, 1, 32)))
	o.must(o.store.PutUser(o.Context(), store.User{Name: name, Role: role, Hash: hash}, "test"))
}

func TestSignIn(t *testing.T) {
	o := openOffice(t)
	o.member("林新闻", store.Press)
	p := o.visitor()
	if got := p.get("/search?q=窗口"); got.To != "/login?next="+url.QueryEscape("/search?q=窗口") {
		t.Fatalf("without signing in: status %d to %q", got.Status, got.To)
	}
	wrong := p.post("/login", form("name", "林新闻", "password", "wrong", "next", "/search"))
	wrong.status(t, http.StatusUnauthorized)
	wrong.has(t, "用户名或密码不对", `value="林新闻"`, `value="/search"`)
	wrong.lacks(t, `value="wrong"`)
	p.post("/login", form("name", "没有此人", "password", password)).has(t, "用户名或密码不对")
	in := p.post("/login", form("name", "林新闻", "password", password, "next", "/search?q=窗口"))
	if in.Status != http.StatusSeeOther || in.To != "/search?q=窗口" {
		t.Fatalf("signing in: status %d to %q", in.Status, in.To)
	}
	cookie := in.Header.Get("Set-Cookie")
	for _, part := range []string{"HttpOnly", "SameSite=Lax", "Path=/"} {
		if !strings.Contains(cookie, part) {
			t.Errorf("session cookie lacks %s: %q", part, cookie)
		}
	}
	p.get("/").has(t, "林新闻")
	if got := p.get("/login"); got.To != "/" {
		t.Errorf("login page while signed in leads to %q", got.To)
	}
	p.post("/logout", nil)
	if got := p.get("/"); !strings.HasPrefix(got.To, "/login") {
		t.Errorf("after signing out: status %d to %q", got.Status, got.To)
	}
	if in, failed := o.audited("sign_in"), o.audited("sign_in_failed"); len(in) != 1 || len(failed) != 2 {
		t.Errorf("audit has %d sign-ins and %d failures, want 1 and 2", len(in), len(failed))
	}
	if strings.Contains(o.log.String(), password) {
		t.Error("the log holds a password")
	}
}

// A form that comes after the session has ended is not carried out, and says so.
func TestFormAfterTheSession(t *testing.T) {
	o := openOffice(t)
	s := o.seed()
	p := o.visitor()
	got := p.post(fmt.Sprintf("/alerts/%d", s.Alert.Number), form("verb", "taken"))
	if want := fmt.Sprintf("/login?expired=1&next=%%2Falerts%%2F%d", s.Alert.Number); got.To != want {
		t.Fatalf("leads to %q, want %q", got.To, want)
	}
	p.get(got.To).has(t, "刚才的操作没有执行", fmt.Sprintf(`value="/alerts/%d"`, s.Alert.Number))
	o.as(store.Press).get("/").has(t, "<title>(1) 今日 · 民声</title>", "1 件待处置")
}

// What follows signing in never leads to another site.
func TestSignInStaysHere(t *testing.T) {
	o := openOffice(t)
	o.member("林新闻", store.Press)
	for _, next := range []string{"https://evil.example/", "//evil.example/", `/\evil.example`, "javascript:alert(1)", "/\n/evil.example"} {
		got := o.visitor().post("/login", form("name", "林新闻", "password", password, "next", next))
		if got.To != "/" {
			t.Errorf("next %q leads to %q", next, got.To)
		}
	}
}

func TestSignInIsThrottled(t *testing.T) {
	o := openOffice(t)
	o.member("林新闻", store.Press)
	p := o.visitor()
	for range 5 {
		p.post("/login", form("name", "林新闻", "password", "guess")).status(t, http.StatusUnauthorized)
	}
	waiting := p.post("/login", form("name", "林新闻", "password", password))
	waiting.status(t, http.StatusTooManyRequests)
	if !regexp.MustCompile(`请 \d+ 秒后再试`).MatchString(waiting.Body) {
		t.Error("the page does not say how long to wait")
	}
	// Others who sit behind the same address, and wrote nothing wrong, come in.
	o.member("周研判", store.Analyst)
	o.visitor().post("/login", form("name", "周研判", "password", password)).status(t, http.StatusSeeOther)
}

// One who tries many names is slowed down by the address.
func TestManyNamesAreThrottled(t *testing.T) {
	o := openOffice(t)
	for i := range 20 {
		o.visitor().post("/login", form("name", fmt.Sprintf("猜测%d", i), "password", "guess")).status(t, http.StatusUnauthorized)
	}
	o.visitor().post("/login", form("name", "猜测", "password", "guess")).status(t, http.StatusTooManyRequests)
}

// A secret that was known before signing in is worth nothing afterwards.
func TestSignInBringsAFreshSession(t *testing.T) {
	o := openOffice(t)
	o.member("林新闻", store.Press)
	p := o.visitor()
	p.setCookie("minsheng_session", "planted")
	in := p.post("/login", form("name", "林新闻", "password", password))
	if cookie := in.Header.Get("Set-Cookie"); in.Status != http.StatusSeeOther || strings.Contains(cookie, "planted") {
		t.Fatalf("status %d, cookie %q", in.Status, cookie)
	}
	planted := o.visitor()
	planted.setCookie("minsheng_session", "planted")
	if got := planted.get("/"); !strings.HasPrefix(got.To, "/login") {
		t.Errorf("the planted secret opens the console: status %d", got.Status)
	}
	u, err := url.Parse(o.site.URL)
	o.must(err)
	first := p.client.Jar.Cookies(u)[0].Value
	p.post("/login", form("name", "林新闻", "password", password))
	old := o.visitor()
	old.setCookie("minsheng_session", first)
	if got := old.get("/"); !strings.HasPrefix(got.To, "/login") {
		t.Errorf("the session before signing in anew still holds: status %d", got.Status)
	}
}

func TestDisabledUserStaysOut(t *testing.T) {
	o := openOffice(t)
	o.member("林新闻", store.Press)
	u, err := o.store.User(t.Context(), "林新闻")
	o.must(err)
	u.Disabled = true
	o.must(o.store.PutUser(t.Context(), u, "admin"))
	o.visitor().post("/login", form("name", "林新闻", "password", password)).status(t, http.StatusUnauthorized)
}

func TestChangePassword(t *testing.T) {
	o := openOffice(t)
	o.member("林新闻", store.Press)
	p, elsewhere := o.visitor(), o.visitor()
	for _, browser := range []person{p, elsewhere} {
		browser.post("/login", form("name", "林新闻", "password", password))
	}
	change := func(old, fresh, again string) shown {
		return p.post("/me/password", form("old", old, "new", fresh, "again", again))
	}
	change("wrong", "another long password", "another long password").has(t, "现在的密码不对")
	change(password, "another long password", "another long passwort").has(t, "两次输入的新密码不一样")
	change(password, "short", "short").has(t, "密码太短")
	change(password, "aaaaaaaaaaaa", "aaaaaaaaaaaa").has(t, "密码太容易猜")
	if got := change(password, "another long password", "another long password"); got.To != "/me?done=1" {
		t.Fatalf("changing: status %d to %q", got.Status, got.To)
	}
	p.get("/me?done=1").has(t, "密码已更改")
	if got := elsewhere.get("/"); !strings.HasPrefix(got.To, "/login") {
		t.Error("another browser is still signed in")
	}
	o.visitor().post("/login", form("name", "林新闻", "password", password)).status(t, http.StatusUnauthorized)
}

// A form on another site does nothing here.
func TestForeignFormsAreRefused(t *testing.T) {
	o := openOffice(t)
	s := o.seed()
	p := o.as(store.Admin)
	for name, header := range map[string][2]string{
		"FetchMetadata": {"Sec-Fetch-Site", "cross-site"},
		"SameSiteOnly":  {"Sec-Fetch-Site", "same-site"},
		"Origin":        {"Origin", "https://evil.example"},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, o.site.URL+fmt.Sprintf("/alerts/%d", s.Alert.Number), strings.NewReader("verb=taken"))
			o.must(err)
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set(header[0], header[1])
			got := p.do(r)
			got.status(t, http.StatusForbidden)
			got.has(t, "来自别的网站，没有执行")
		})
	}
	p.get("/").has(t, "1 件待处置")
}

// hole is a code of the catalogue that no sentence was found for, or a sentence
// with the wrong arguments.
var hole = regexp.MustCompile(`\b(?:alerts?|search|post|export|chart|kind|class|form|sure|level|attitude|delivery|why|role|nav|web|series|reading|query|verb|sources?|topics?|channels?|users?|audit|settings|push|read|fetch|store|index|app)\.[a-z_]+|%![a-zA-Z(]`)

var tag = regexp.MustCompile(`(?s)<[^>]*>`)

// pagesOf are the addresses of every page.
func pagesOf(s seeded) []string {
	return []string{
		"/", "/alerts?before=2", fmt.Sprintf("/alerts/%d", s.Alert.Number), fmt.Sprintf("/alerts/%d", s.Older.Number),
		"/search", searchOf("q", "窗口", "days", "7"), searchOf("q", "(("), searchOf("days", "1"), searchOf("q", "没有这样的词句"), "/posts/" + s.Angry[0], "/posts/" + s.Quiet[0],
		"/settings", "/sources", "/topics", "/topics/edit", "/topics/edit?name=" + url.QueryEscape("服务态度"), "/channels", "/users", "/audit", "/me", "/nothing",
	}
}

func TestEveryPageSpeaksBothLanguages(t *testing.T) {
	o := openOffice(t)
	s := o.seed()
	p := o.as(store.Admin)
	p.post(fmt.Sprintf("/alerts/%d", s.Alert.Number), form("verb", "taken"))
	chinese := map[string]string{}
	for _, path := range pagesOf(s) {
		chinese[path] = p.get(path).Body
	}
	if got := p.post("/lang", form("lang", "en", "back", "/search?q=x")); got.To != "/search?q=x" {
		t.Errorf("switching leads to %q", got.To)
	}
	for _, path := range pagesOf(s) {
		english := p.get(path)
		english.has(t, `<html lang="en">`)
		for lang, body := range map[string]string{"zh": chinese[path], "en": english.Body} {
			if found := hole.FindAllString(tag.ReplaceAllString(body, " "), -1); found != nil {
				t.Errorf("%s in %s shows %q", path, lang, found)
			}
		}
		if !strings.Contains(chinese[path], `<html lang="zh-Hans">`) {
			t.Errorf("%s is not Chinese first", path)
		}
	}
}

func TestHeaders(t *testing.T) {
	o := openOffice(t)
	page := o.as(store.Press).get("/")
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin", "Cache-Control": "no-store",
		"Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
	} {
		if got := page.Header.Get(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	page.lacks(t, "<script", "style=", "onclick")
	style := o.visitor().get("/static/style.css")
	style.status(t, http.StatusOK)
	if got := style.Header.Get("Content-Type"); got != "text/css; charset=utf-8" {
		t.Errorf("style sheet has type %q", got)
	}
}

func TestUnknownPage(t *testing.T) {
	o := openOffice(t)
	for _, p := range []person{o.visitor(), o.as(store.Press)} {
		page := p.get("/no/such/page")
		page.status(t, http.StatusNotFound)
		page.has(t, "没有这一页", "回到今日", `class="bar"`)
	}
}

// A wrong method is told from a wrong address, and by a page as every other.
func TestWrongMethod(t *testing.T) {
	o := openOffice(t)
	for _, c := range []struct{ method, path, allow string }{
		{http.MethodPost, "/search", "GET, HEAD"},
		{http.MethodDelete, "/alerts/1", "GET, HEAD, POST"},
		{http.MethodPut, "/login", "GET, HEAD, POST"},
		{http.MethodPost, "/healthz", "GET, HEAD"},
		{http.MethodGet, "/api/v1/mentions", "POST"},
	} {
		r, err := http.NewRequestWithContext(t.Context(), c.method, o.site.URL+c.path, http.NoBody)
		o.must(err)
		page := o.as(store.Press).do(r)
		page.status(t, http.StatusMethodNotAllowed)
		if got := page.Header.Get("Allow"); got != c.allow {
			t.Errorf("%s %s: Allow = %q, want %q", c.method, c.path, got, c.allow)
		}
		if c.path == "/api/v1/mentions" {
			page.has(t, `"error":"这个地址只收 POST 请求。"`)
			continue
		}
		page.has(t, "这个地址不能这样用，什么也没有改动", `class="bar"`)
	}
}

func TestTooLargeForm(t *testing.T) {
	o := openOffice(t)
	o.seed()
	page := o.as(store.Press).post("/alerts/2", form("verb", "note", "text", strings.Repeat("长", 1<<20)))
	page.status(t, http.StatusRequestEntityTooLarge)
	page.has(t, "太大")
}

// brokenState fails, or panics, where a page asks for alerts.
type brokenState struct {
	web.State
	panics bool
}

func (b brokenState) AlertByNumber(context.Context, int64) (store.AlertPage, error) {
	if b.panics {
		panic("a map is nil")
	}
	return store.AlertPage{}, errors.New("read alert: database disk image is malformed")
}

// A failure shows a number that the log has too, and nothing of the inside.
func TestFailuresShowANumber(t *testing.T) {
	for name, panics := range map[string]bool{"Error": false, "Panic": true} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t, func(options *web.Options) { options.State = brokenState{options.State, panics} })
			page := o.as(store.Press).get("/alerts/1")
			page.status(t, http.StatusInternalServerError)
			page.has(t, "没有保存任何改动")
			page.lacks(t, "malformed", "nil", "goroutine")
			number := regexp.MustCompile(`编号 ([A-Z2-7]{8})`).FindStringSubmatch(page.Body)
			if number == nil || !strings.Contains(o.log.String(), "request="+number[1]) {
				t.Errorf("number %v is not in the log", number)
			}
			o.as(store.Press).get("/search").status(t, http.StatusOK)
		})
	}
}

func TestProbes(t *testing.T) {
	o := openOffice(t)
	p := o.visitor()
	p.get("/healthz").status(t, http.StatusOK)
	p.get("/readyz").status(t, http.StatusOK)
	o.mu.Lock()
	o.ready = opinion.NewRetry("app.dictionary", errors.New("loading"))
	o.mu.Unlock()
	not := p.get("/readyz")
	not.status(t, http.StatusServiceUnavailable)
	not.has(t, "分词词典还在载入")
}

// A page loads itself anew only where the reader asks for it.
func TestRefreshIsAsked(t *testing.T) {
	o := openOffice(t)
	s := o.seed()
	p := o.as(store.Press)
	const refresh = `<meta http-equiv="refresh" content="30">`
	for _, path := range []string{"/", "/sources"} {
		still := p.get(path)
		still.has(t, `<a class="goto" href="`+path+`?refresh=1">`)
		still.lacks(t, refresh)
		moving := p.get(path + "?refresh=1")
		moving.has(t, refresh, `<a class="goto" href="`+path+`">停止刷新</a>`)
	}
	for _, path := range []string{"/words?refresh=1", "/topics/edit?refresh=1", fmt.Sprintf("/alerts/%d?refresh=1", s.Alert.Number)} {
		p.get(path).lacks(t, refresh, "自动刷新") // what is being typed there would be lost
	}
}

func TestZoneInWords(t *testing.T) {
	beijing, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	for zone, want := range map[*time.Location]string{beijing: "时间为北京时间", shanghai: "时间为 CST 时区"} {
		openOffice(t, func(options *web.Options) { options.Zone = zone }).visitor().get("/login").has(t, want)
	}
}

func TestSimulatedTownIsNamedOnEveryPage(t *testing.T) {
	o := openOffice(t, func(options *web.Options) { options.Simulated = true })
	o.visitor().get("/login").has(t, "全部虚构")
	o.as(store.Press).get("/").has(t, "全部虚构")
}

// A session ends by the wall clock, whatever the product's clock says.
func TestProductClockDoesNotEndSessions(t *testing.T) {
	o := openOffice(t)
	p := o.as(store.Press)
	o.advance(1000 * time.Hour)
	p.get("/").status(t, http.StatusOK)
}
