package web_test

import (
	"maps"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"minsheng/store"
)

// needs says who may use each address; strangers are led to /login.
var needs = map[string]store.UserRole{
	"GET /{$}":                   store.Press,
	"GET /alerts":                store.Press,
	"GET /alerts/{number}":       store.Press,
	"POST /alerts/{number}":      store.Press,
	"GET /search":                store.Press,
	"GET /search.csv":            store.Analyst,
	"GET /posts/{id}":            store.Press,
	"POST /posts/{id}/delete":    store.Admin,
	"POST /posts/{id}/correct":   store.Analyst,
	"POST /posts/{id}/incident":  store.Analyst,
	"POST /incidents/{id}/merge": store.Analyst,
	"GET /corrections":           store.Analyst,
	"GET /corrections.tsv":       store.Analyst,
	"GET /settings":              store.Press,
	"GET /sources":               store.Press,
	"POST /sources":              store.Admin,
	"GET /topics":                store.Press,
	"GET /topics/edit":           store.Press,
	"POST /topics/edit":          store.Admin,
	"POST /topics/delete":        store.Admin,
	"GET /words":                 store.Press,
	"POST /words":                store.Admin,
	"POST /words/delete":         store.Admin,
	"GET /places":                store.Press,
	"POST /places":               store.Admin,
	"POST /places/delete":        store.Admin,
	"GET /suggestions":           store.Press,
	"POST /suggestions":          store.Admin,
	"GET /channels":              store.Press,
	"POST /channels/test":        store.Press,
	"POST /channels/retry":       store.Press,
	"GET /me":                    store.Press,
	"POST /me/password":          store.Press,
	"GET /users":                 store.Admin,
	"POST /users":                store.Admin,
	"GET /audit":                 store.Admin,
	"GET /audit.csv":             store.Admin,
}

// protected are the addresses of routes.go that ask for a role.
func protected(t *testing.T) []string {
	t.Helper()
	source, err := os.ReadFile("routes.go")
	if err != nil {
		t.Fatal(err)
	}
	var patterns []string
	for _, m := range regexp.MustCompile(`\tto\(store\.\w+, "([^"]+)"`).FindAllStringSubmatch(string(source), -1) {
		patterns = append(patterns, m[1])
	}
	return patterns
}

// Every address asks for the role that it should: one that this table does not
// name, or that the routes have lost, fails too.
func TestRoles(t *testing.T) {
	o := openOffice(t)
	s := o.seed()
	patterns := protected(t)
	if want := slices.Sorted(maps.Keys(needs)); !slices.Equal(slices.Sorted(slices.Values(patterns)), want) {
		t.Fatalf("routes.go asks for a role at\n%q, the table at\n%q", patterns, want)
	}
	browsers := map[store.UserRole]person{"": o.visitor(), store.Press: o.as(store.Press), store.Analyst: o.as(store.Analyst), store.Admin: o.as(store.Admin)}
	for _, pattern := range patterns {
		method, path, _ := strings.Cut(pattern, " ")
		path = strings.NewReplacer("{$}", "", "{number}", "1", "{id}", s.Angry[1]).Replace(path)
		ranks := []store.UserRole{"", store.Press, store.Analyst, store.Admin}
		allowed := false
		for _, role := range ranks {
			allowed = allowed || role == needs[pattern]
			p := browsers[role]
			var got shown
			if method == "GET" {
				got = p.get(path)
			} else {
				got = p.post(path, nil) // an empty form: refused by the handler, not by the role
			}
			in := got.Status != http.StatusForbidden && !strings.HasPrefix(got.To, "/login")
			if in != allowed {
				t.Errorf("%s as %q: status %d to %q, allowed %t", pattern, role, got.Status, got.To, allowed)
			}
			if role != "" && !allowed {
				got.has(t, "你的角色不能做这件事")
			}
			if got.Status >= 500 {
				t.Errorf("%s as %q: status %d", pattern, role, got.Status)
			}
		}
	}
}

// Every address, whoever asks and whatever the answer, has the headers that
// keep a browser from running or showing what is not ours.
func TestHeadersEverywhere(t *testing.T) {
	o := openOffice(t)
	s := o.seed()
	admin, stranger := o.as(store.Admin), o.visitor()
	for _, pattern := range append(protected(t), "GET /login", "POST /login", "GET /nothing", "PUT /search", "GET /healthz", "GET /readyz", "GET /static/style.css", "GET /api/v1/mentions", "POST /api/v1/mentions") {
		method, path, _ := strings.Cut(pattern, " ")
		path = strings.NewReplacer("{$}", "", "{number}", "1", "{id}", s.Angry[1]).Replace(path)
		for name, p := range map[string]person{"admin": admin, "stranger": stranger} {
			r, err := http.NewRequestWithContext(t.Context(), method, o.site.URL+path, http.NoBody)
			o.must(err)
			got := p.do(r)
			for header, want := range map[string]string{"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin"} {
				if value := got.Header.Get(header); !strings.HasPrefix(value, want) {
					t.Errorf("%s as %s: %s = %q, want %q", pattern, name, header, value, want)
				}
			}
		}
	}
}

// A form of another site is refused at every address that takes one.
func TestForeignFormsAreRefusedEverywhere(t *testing.T) {
	o := openOffice(t)
	s := o.seed()
	p := o.as(store.Admin)
	for _, pattern := range append(protected(t), "POST /login", "POST /logout", "POST /lang") {
		method, path, _ := strings.Cut(pattern, " ")
		if method != http.MethodPost {
			continue
		}
		path = strings.NewReplacer("{number}", "1", "{id}", s.Angry[1]).Replace(path)
		r, err := http.NewRequestWithContext(t.Context(), method, o.site.URL+path, strings.NewReader("verb=pause&source="+url.QueryEscape(forum)))
		o.must(err)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		if got := p.do(r); got.Status != http.StatusForbidden {
			t.Errorf("%s from another site: status %d", pattern, got.Status)
		}
	}
	p.get("/").has(t, "1 件待处置", "admin") // still signed in, nothing paused
	p.get("/sources").lacks(t, "已暂停")
}

// No page, no file and no line of the log holds what opens a door.
func TestSecretsStayInside(t *testing.T) {
	o := openOffice(t)
	s := o.seed()
	o.member("林新闻", store.Press)
	p := o.as(store.Admin)
	site, err := url.Parse(o.site.URL)
	o.must(err)
	session := p.client.Jar.Cookies(site)[0].Value
	o.send(pushToken, `{"text":"民警态度好"}`)
	o.visitor().post("/login", form("name", "林新闻", "password", password))
	paths := append(pagesOf(s), "/audit.csv", "/search.csv", "/corrections.tsv", "/words", "/places", "/suggestions", "/corrections", "/readyz")
	for _, path := range paths {
		page := p.get(path)
		page.lacks(t, pushToken, session, "argon2", password)
		if strings.Contains(page.To, session) || strings.Contains(page.Header.Get("Set-Cookie"), session) {
			t.Errorf("%s hands the session out again", path)
		}
	}
	for _, secret := range []string{pushToken, session, "argon2", password, "窗口"} { // what is searched for is nobody else's business
		if strings.Contains(o.log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}
