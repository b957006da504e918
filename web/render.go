package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"minsheng/i18n"
	"minsheng/opinion"
	"minsheng/store"
)

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed static/*
var staticFiles embed.FS

// pages are the parsed templates, by language, because functions speak one.
type pages map[i18n.Lang]map[string]*template.Template

func parsePages(s *Server) pages {
	all := pages{}
	names, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	for _, l := range []i18n.Lang{i18n.Chinese, i18n.English} {
		all[l] = map[string]*template.Template{}
		for _, name := range names {
			base := strings.TrimSuffix(strings.TrimPrefix(name, "templates/"), ".html")
			if base == "layout" || base == "parts" {
				continue
			}
			t := template.New("layout.html").Funcs(functions(l, s))
			all[l][base] = template.Must(t.ParseFS(templateFiles, "templates/layout.html", "templates/parts.html", name))
		}
	}
	return all
}

// functions are what templates may call: sentences, numbers and times in the
// visitor's language and the office's zone.
func functions(l i18n.Lang, s *Server) template.FuncMap {
	return template.FuncMap{
		"t":        func(code string, args ...any) string { return i18n.Say(l, code, args...) },
		"fault":    func(f *opinion.Fault) string { return faultText(l, f) },
		"number":   func(n int) string { return Number(l, n) },
		"percent":  func(share float64) string { return fmt.Sprintf("%.0f %%", 100*share) },
		"time":     func(t time.Time) template.HTML { return s.timeHTML(l, t) },
		"ago":      func(t time.Time) string { return s.ago(l, t) },
		"lines":    func(text string) []string { return strings.Split(text, "\n") },
		"join":     func(list []string) string { return strings.Join(list, i18n.Say(l, "web.comma")) },
		"dict":     dict,
		"weight":   weight,
		"may":      func(v *visit, role string) bool { return v.may(store.UserRole(role)) },
		"external": external,
		"answered": func(r opinion.Receipt) string { return answerText(l, r) },
		"verb":     func(verb string) string { return verbText(l, verb) },
	}
}

// dict makes a map of pairs, to hand several values to a part.
func dict(pairs ...any) (map[string]any, error) {
	m := map[string]any{}
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict: %d values are no pairs", len(pairs))
	}
	for i := 0; i < len(pairs); i += 2 {
		key, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: key %v is no string", pairs[i])
		}
		m[key] = pairs[i+1]
	}
	return m, nil
}

// verbText is the word of what was done.
func verbText(l i18n.Lang, verb string) string { return word(l, "verb.", verb) }

// external is an address that a link to another site may have, "" for any
// other: what a page said of itself is not trusted to be one.
func external(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return address
}

func faultText(l i18n.Lang, f *opinion.Fault) string {
	if f == nil {
		return ""
	}
	return i18n.Say(l, f.Code, anys(f.Args)...)
}

// Number writes a count: 1,286 and from ten thousand on 12.4 万 (12.4k in
// English).
func Number(l i18n.Lang, n int) string {
	switch {
	case n >= 10_000 && l == i18n.Chinese:
		return fmt.Sprintf("%.1f 万", float64(n)/10_000)
	case n >= 10_000:
		return fmt.Sprintf("%.1fk", float64(n)/1_000)
	case n >= 1_000:
		return fmt.Sprintf("%d,%03d", n/1000, n%1000)
	}
	return fmt.Sprint(n)
}

// timeHTML writes a time in the office's zone: the hour today, the day and the
// hour otherwise, with how long ago, and the exact moment behind it.
func (s *Server) timeHTML(l i18n.Lang, t time.Time) template.HTML {
	if t.IsZero() {
		return template.HTML(template.HTMLEscapeString(i18n.Say(l, "web.never")))
	}
	local, now := t.In(s.Zone), s.Now().In(s.Zone)
	form := "15:04"
	switch {
	case local.Year() != now.Year():
		form = "2006-01-02 15:04"
	case local.YearDay() != now.YearDay():
		form = "01-02 15:04"
	}
	text := local.Format(form)
	if ago := s.ago(l, t); ago != "" && form == "15:04" {
		text += i18n.Say(l, "web.in_brackets", ago)
	}
	return template.HTML(fmt.Sprintf("<time datetime=%q>%s</time>", t.UTC().Format(time.RFC3339), template.HTMLEscapeString(text)))
}

// ago says how long ago t was, "" where it lies ahead.
func (s *Server) ago(l i18n.Lang, t time.Time) string {
	d := s.Now().Sub(t)
	switch {
	case t.IsZero() || d < 0:
		return ""
	case d < time.Minute:
		return i18n.Say(l, "web.just_now")
	case d < time.Hour:
		return i18n.Say(l, "web.minutes_ago", int(d.Minutes()))
	case d < 48*time.Hour:
		return i18n.Say(l, "web.hours_ago", int(d.Hours()))
	}
	return i18n.Say(l, "web.days_ago", int(d.Hours()/24))
}

// frame is what every page is given beside its own data.
type frame struct {
	Visit     *visit
	Office    string
	Version   string
	Simulated bool
	Needs     int    // alerts that wait for somebody
	Here      string // place of the navigation, "" for none
	Zone      string // in which every time is shown, in words
	Refresh   int    // seconds until the page is loaded again, 0 for never
	Path      string
	Back      string
	Data      any
}

func (s *Server) render(w http.ResponseWriter, r *http.Request, v *visit, a answer) {
	f := frame{
		Visit: v, Office: s.Office, Version: s.Version, Simulated: s.Simulated,
		Here: here(r.URL.Path), Zone: zoneName(v.Lang, s.Zone), Path: r.URL.Path, Back: r.URL.RequestURI(), Data: a.data,
	}
	if r.Method == http.MethodGet && slices.Contains(watched, a.template) && r.FormValue("refresh") != "" {
		f.Refresh = refreshEvery
	}
	if a.template == "error" {
		f.Here = ""
	}
	if r.Method != http.MethodGet {
		f.Back = r.URL.Path
	}
	if v.User.Name != "" {
		open, err := s.State.Alerts(r.Context(), store.AlertQuery{States: []opinion.AlertState{opinion.Open}, Limit: 100})
		if err != nil && r.Context().Err() == nil {
			s.Log.ErrorContext(r.Context(), "count open alerts failed", "request", v.ID, "err", err)
		}
		f.Needs = len(open)
	}
	var b bytes.Buffer
	t, ok := s.pages[v.Lang][a.template]
	if ok {
		if err := t.Execute(&b, f); err != nil {
			s.Log.ErrorContext(r.Context(), "render page failed", "request", v.ID, "template", a.template, "err", err)
			ok = false
		}
	}
	if !ok {
		http.Error(w, i18n.Say(v.Lang, "web.failed", v.ID), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if a.takes != "" {
		w.Header().Set("Allow", a.takes)
	}
	if a.status != 0 {
		w.WriteHeader(a.status)
	}
	_, _ = w.Write(b.Bytes()) // the browser may have gone
}

// watched are the templates of pages that change while one looks at them and
// take nothing that could be typed. They load anew by themselves only where the
// reader asks for it: what moves on its own disturbs those who have it read out.
var watched = []string{"alerts", "sources", "topics"}

const refreshEvery = 30 // seconds

// zoneName names a zone as people say it.
func zoneName(l i18n.Lang, zone *time.Location) string {
	if zone.String() == "Asia/Shanghai" {
		return i18n.Say(l, "web.zone_beijing")
	}
	return i18n.Say(l, "web.zone_of", zone.String())
}

// here names the place of the navigation that a path belongs to, "" for none.
func here(path string) string {
	switch {
	case path == "/" || strings.HasPrefix(path, "/alerts"):
		return "alerts"
	case strings.HasPrefix(path, "/search") || strings.HasPrefix(path, "/posts"):
		return "search"
	case strings.HasPrefix(path, "/sources") || strings.HasPrefix(path, "/channels"):
		return "sources"
	case path == "/me" || path == "/login":
		return ""
	}
	return "settings"
}

// static serves the style sheet and icon, which may be kept for an hour.
func (s *Server) static() http.Handler {
	files := http.FileServerFS(staticFiles)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "public, max-age=3600")
		files.ServeHTTP(w, r)
	})
}
