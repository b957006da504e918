package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"

	"minsheng/store"
	"minsheng/web"
)

var once = regexp.MustCompile(`<code>([A-Z2-7]{16})</code>`)

// A password is shown once, works, asks to be changed, and is in no log.
func TestAddUser(t *testing.T) {
	o := openOffice(t)
	p := o.as(store.Admin)
	page := p.post("/users", form("verb", "add", "name", "夜班甲", "role", "analyst"))
	page.status(t, http.StatusOK)
	page.has(t, "已新增用户 夜班甲", "只显示这一次")
	given := once.FindStringSubmatch(page.Body)
	if given == nil {
		t.Fatal("no password is shown")
	}
	p.get("/users").lacks(t, given[1])
	p.get("/audit").has(t, "新增用户 夜班甲", "研判")
	p.get("/audit").lacks(t, given[1], "argon2")

	fresh := o.visitor()
	if got := fresh.post("/login", form("name", "夜班甲", "password", given[1])); got.To != "/me" {
		t.Fatalf("the first sign-in leads to %q, status %d", got.To, got.Status)
	}
	fresh.get("/me").has(t, "别人给的首次密码")
	fresh.get("/settings").has(t, "别人给的首次密码")
	same := fresh.post("/me/password", form("old", given[1], "new", given[1], "again", given[1]))
	same.status(t, http.StatusUnprocessableEntity)
	same.has(t, "和现在的一样")
	fresh.post("/me/password", form("old", given[1], "new", "only-i-know-this", "again", "only-i-know-this")).status(t, http.StatusSeeOther)
	if o.passwords != 1 {
		t.Errorf("the office heard %d times of a new password, want once", o.passwords)
	}
	fresh.get("/me").lacks(t, "别人给的首次密码")
	fresh.get("/settings").lacks(t, "别人给的首次密码")
	if got := o.visitor().post("/login", form("name", "夜班甲", "password", "only-i-know-this")); got.To != "/" {
		t.Errorf("the next sign-in leads to %q", got.To)
	}
	if log := o.log.String(); strings.Contains(log, given[1]) || strings.Contains(log, "only-i-know-this") {
		t.Error("the log holds a password")
	}
}

func TestRefusedUsers(t *testing.T) {
	o := openOffice(t)
	p := o.as(store.Admin)
	o.member("林新闻", store.Press)
	for name, c := range map[string]struct{ name, says string }{
		"Taken":  {"林新闻", "已有这个用户名"},
		"Looks":  {"Admin", "已有这个用户名"},
		"Short":  {"林", "2 到 32 个"},
		"Long":   {strings.Repeat("a", 33), "2 到 32 个"},
		"Blank":  {"夜班 甲", "2 到 32 个"},
		"Markup": {`"><script>`, "2 到 32 个"},
	} {
		t.Run(name, func(t *testing.T) {
			page := p.post("/users", form("verb", "add", "name", c.name, "role", "analyst"))
			page.status(t, http.StatusUnprocessableEntity)
			page.has(t, c.says, `value="analyst" selected`)
			page.lacks(t, "<code>")
			doc := parse(t, page.Body)
			harmless(t, doc)
			if got := attribute(lastInput(doc, "name"), "value"); got != c.name {
				t.Errorf("the form keeps %q, want %q", got, c.name)
			}
		})
	}
	p.post("/users", form("verb", "add", "name", "夜班甲", "role", "root")).status(t, http.StatusBadRequest)
	p.post("/users", form("verb", "erase", "name", "林新闻")).status(t, http.StatusBadRequest)
	p.post("/users", form("verb", "disable", "name", "没有此人")).status(t, http.StatusNotFound)
}

func TestChangeUsers(t *testing.T) {
	o := openOffice(t)
	admin, press := o.as(store.Admin), o.as(store.Press)
	admin.post("/users", form("verb", "role", "name", "林新闻", "role", "analyst")).has(t, "已改 林新闻 的角色")
	press.get("/search.csv").status(t, http.StatusOK)
	admin.get("/audit").has(t, "新闻 → 研判")
	reset := admin.post("/users", form("verb", "password", "name", "林新闻"))
	if once.FindString(reset.Body) == "" {
		t.Error("the new password is not shown")
	}
	if got := press.get("/"); !strings.HasPrefix(got.To, "/login") {
		t.Errorf("after a new password the old browser gets status %d", got.Status)
	}
	press = o.as(store.Press)
	admin.post("/users", form("verb", "disable", "name", "林新闻")).has(t, "已停用 林新闻", "启用")
	if got := press.get("/"); !strings.HasPrefix(got.To, "/login") {
		t.Errorf("a disabled user gets status %d", got.Status)
	}
	admin.post("/users", form("verb", "enable", "name", "林新闻")).has(t, "已启用 林新闻")
}

func TestLastAdministratorStays(t *testing.T) {
	o := openOffice(t)
	p := o.as(store.Admin)
	for _, f := range []struct{ verb, role string }{{"disable", ""}, {"role", "press"}} {
		page := p.post("/users", form("verb", f.verb, "name", "admin", "role", f.role))
		page.status(t, http.StatusUnprocessableEntity)
		page.has(t, "最后一个管理员")
	}
	p.get("/users").status(t, http.StatusOK)
}

// Guesses that arrive together are counted as if they came one by one.
func TestGuessesSentTogether(t *testing.T) {
	o := openOffice(t)
	hash, err := web.HashPassword(password) // as slow as they are
	o.must(err)
	o.must(o.store.PutUser(t.Context(), store.User{Name: "林新闻", Role: store.Press, Hash: hash}, "test"))
	var mu sync.Mutex
	tried := 0
	var all sync.WaitGroup
	for range 20 {
		p := o.visitor()
		all.Go(func() {
			if got := p.post("/login", form("name", "林新闻", "password", "guess")); got.Status == http.StatusUnauthorized {
				mu.Lock()
				tried++
				mu.Unlock()
			}
		})
	}
	all.Wait()
	if tried > 6 {
		t.Errorf("%d guesses were tried, want 5 or so", tried)
	}
}

// What was typed instead of a name may be a password.
func TestUnknownNamesAreNotWrittenDown(t *testing.T) {
	o := openOffice(t)
	o.member("林新闻", store.Press)
	o.visitor().post("/login", form("name", password, "password", ""))
	o.visitor().post("/login", form("name", "林新闻", "password", "wrong"))
	page := o.as(store.Admin).get("/audit")
	page.has(t, "登录失败 （没有这个用户）", "登录失败 林新闻", "未登录", "127.0.0.1")
	page.lacks(t, password)
}

func TestLanguageStaysHere(t *testing.T) {
	o := openOffice(t)
	p := o.visitor()
	for back, want := range map[string]string{
		"/search?q=x": "/search?q=x", "": "/", "https://evil.example/": "/", "//evil.example": "/", `/\evil.example`: "/", "/a\nb": "/", "javascript:alert(1)": "/", "x": "/",
	} {
		if got := p.post("/lang", form("lang", "en", "back", back)); got.To != want {
			t.Errorf("back %q leads to %q, want %q", back, got.To, want)
		}
	}
	p.get("/login").has(t, `<html lang="en">`, "Sign in")
	p.post("/lang", form("lang", "tlh", "back", "/login"))
	p.get("/login").has(t, `<html lang="zh-Hans">`)
}

// Addresses that only take forms lead to the page of their form.
func TestFormAddressesOpenedByHand(t *testing.T) {
	o := openOffice(t)
	p := o.as(store.Press)
	for path, want := range map[string]string{
		"/channels/test": "/channels", "/channels/retry": "/channels", "/topics/delete": "/topics", "/me/password": "/me", "/logout": "/me", "/lang": "/", "/posts/a%2Fb/delete": "/posts/a%2Fb",
	} {
		if got := p.get(path); got.To != want {
			t.Errorf("%s leads to %q, status %d, want %q", path, got.To, got.Status, want)
		}
	}
	p.get("/").status(t, http.StatusOK) // not signed out
	p.get("/static/").status(t, http.StatusNotFound)
}
