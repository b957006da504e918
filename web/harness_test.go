package web_test

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"minsheng/analysis"
	"minsheng/index"
	indexsqlite "minsheng/index/sqlite"
	"minsheng/opinion"
	"minsheng/store"
	"minsheng/store/sqlite"
	"minsheng/web"
)

// office is a console over a real store and a real index, with the hands of the
// daemon played by the test.
type office struct {
	*testing.T
	store    *sqlite.Store
	index    index.Index
	zone     *time.Location
	site     *httptest.Server
	log      *logbook
	analyzer *analysis.Analyzer
	grouper  *analysis.Grouper

	mu        sync.Mutex
	clock     time.Time
	ready     error
	changed   int
	passwords int // that were changed
	pushed    []web.Mention
	tested    []string
}

// start is when every test begins: a Wednesday afternoon of the office.
var start = time.Date(2026, 3, 11, 14, 5, 0, 0, shanghai)

var shanghai = time.FixedZone("CST", 8*3600)

// openOffice opens an empty console; set changes its options before it starts.
func openOffice(t *testing.T, set ...func(*web.Options)) *office {
	t.Helper()
	o := &office{T: t, zone: shanghai, clock: start, log: &logbook{}, analyzer: analysis.New(analysis.Options{}), grouper: analysis.NewGrouper()}
	f, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "minsheng.db"))
	o.must(err)
	o.store = sqlite.New(f, o.now)
	t.Cleanup(func() { o.must(o.store.Close()) })
	o.index, err = indexsqlite.New(f.W, f.R, cut)
	o.must(err)
	options := web.Options{
		State: o.store, Index: o.index, Now: o.now, Zone: o.zone, Office: "柳川市公安局", Version: "test",
		Log: slog.New(slog.NewTextHandler(o.log, &slog.HandlerOptions{Level: slog.LevelDebug})), Channels: []web.Channel{{Name: "值班群", Kind: "slack"}, {Name: "平台", Kind: "webhook"}},
		Tokens: map[string]string{"feeder": pushToken}, Test: o.test, Push: o.push,
		Changed:     func(context.Context) error { o.mu.Lock(); defer o.mu.Unlock(); o.changed++; return nil },
		NewPassword: func(context.Context) error { o.mu.Lock(); defer o.mu.Unlock(); o.passwords++; return nil },
		CheckTopic: func(t opinion.Topic) []opinion.Fault {
			_, faults := analysis.CompileTopics([]opinion.Topic{t})
			return faults
		},
		Cut: func(text string) []string { return segmenter().Cut(text) },
		Taught: func() (*analysis.Lexicon, []opinion.Place) {
			return analysis.DefaultLexicon(), []opinion.Place{{Name: "城东派出所", Aliases: []string{"城东所"}}}
		},
		Ready: func(context.Context) error { o.mu.Lock(); defer o.mu.Unlock(); return o.ready },
	}
	for _, one := range set {
		one(&options)
	}
	o.site = httptest.NewServer(web.New(options))
	t.Cleanup(o.site.Close)
	return o
}

// segmenter cuts as the daemon does; its dictionary is loaded once, where it is
// needed.
var segmenter = sync.OnceValue(analysis.NewSegmenter)

const pushToken = "a-token-of-the-tests-0123456789"

func (o *office) now() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.clock
}

func (o *office) advance(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.clock = o.clock.Add(d)
}

func (o *office) test(ctx context.Context, channel, user string) (opinion.Receipt, error) {
	o.mu.Lock()
	o.tested = append(o.tested, channel+" by "+user)
	o.mu.Unlock()
	r := opinion.Receipt{At: o.now(), OK: channel != "平台", Code: "200", Text: "ok"}
	return r, o.store.Tested(ctx, channel, user, r)
}

func (o *office) push(_ context.Context, _ string, ms []web.Mention) (ids []string, fresh int, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.pushed = append(o.pushed, ms...)
	for _, m := range ms {
		ids = append(ids, opinion.PostID("push", m.ID))
	}
	return ids, len(ms), nil
}

func (o *office) must(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

// cut is a cutter that is ready at once: each Chinese character, each run of
// other letters.
func cut(s string) []string {
	var words []string
	for _, field := range strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		from := 0
		for i, r := range field {
			if unicode.Is(unicode.Han, r) {
				if i > from {
					words = append(words, field[from:i])
				}
				words = append(words, string(r))
				from = i + len(string(r))
			}
		}
		if from < len(field) {
			words = append(words, field[from:])
		}
	}
	return words
}

// settle does what the daemon's loops would: every post is judged and indexed.
func (o *office) settle() {
	o.Helper()
	ctx := o.Context()
	for {
		tasks, err := o.store.Lease(ctx, store.Analyse, 200, time.Minute)
		o.must(err)
		if len(tasks) == 0 {
			break
		}
		var js []store.Judgement
		for _, task := range tasks {
			js = append(js, o.judge(task))
		}
		o.must(o.store.Judge(ctx, js))
	}
	for {
		tasks, err := o.store.Lease(ctx, store.Index, 200, time.Minute)
		o.must(err)
		if len(tasks) == 0 {
			return
		}
		for _, task := range tasks {
			posts, err := o.store.Posts(ctx, task.Ref)
			o.must(err)
			if len(posts) == 0 {
				o.must(o.index.Delete(ctx, task.Ref))
				continue
			}
			o.must(o.index.Put(ctx, []index.Doc{document(posts[0])}))
		}
		o.must(o.store.Done(ctx, tasks...))
	}
}

func (o *office) judge(task store.Task) store.Judgement {
	posts, err := o.store.Posts(o.Context(), task.Ref)
	o.must(err)
	p := posts[0]
	v := o.analyzer.Analyse(analysis.Input{Title: p.Title, Text: p.Text, Kind: p.Kind, Class: p.Class})
	v.PostID = p.ID
	m := o.grouper.Add(analysis.Member{
		ID: p.ID, Kind: v.Kind, Thread: p.Thread, Published: p.Published, Print: v.Print, Rare: v.Rare,
		Length: len([]rune(v.Folded)), Near: p.Near, Incident: p.Incident,
	})
	title := p.Title
	if title == "" {
		title, _, _ = strings.Cut(p.Text, "\n")
	}
	return store.Judgement{Task: task, Verdict: v, Incident: m.Incident, Near: m.Near, Title: title}
}

func document(p store.Stored) index.Doc {
	title, text := "", p.Verdict.Folded
	if p.Title != "" {
		title, text, _ = strings.Cut(text, "\n")
	}
	return index.Doc{
		ID: p.ID, Source: p.Source, Class: p.Class, Kind: p.Verdict.Kind, Title: title, Text: text, Published: p.Published,
		Topics: p.Verdict.Topics, Places: p.Verdict.Places, Attitude: p.Verdict.Attitude, Score: p.Verdict.Score,
		Incident: p.Incident, MentionsPolice: p.Verdict.MentionsPolice, Version: p.Version,
	}
}

// accept stores posts and lets the daemon's loops run.
func (o *office) accept(posts ...opinion.Post) {
	o.Helper()
	_, err := o.store.Accept(o.Context(), posts)
	o.must(err)
	o.settle()
}

// person is a browser, signed in or not.
type person struct {
	o      *office
	client *http.Client
}

func (o *office) visitor() person {
	o.Helper()
	jar, err := cookiejar.New(nil)
	o.must(err)
	return person{o, &http.Client{Jar: jar, Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// as returns a browser in which a user of that role is signed in.
func (o *office) as(role store.UserRole) person {
	o.Helper()
	ctx := o.Context()
	name := map[store.UserRole]string{store.Press: "林新闻", store.Analyst: "周研判", store.Admin: "admin"}[role]
	o.must(o.store.PutUser(ctx, store.User{Name: name, Role: role, Hash: "no password fits"}, "test"))
	secret := rand.Text()
	sum := sha256.Sum256([]byte(secret))
	o.must(o.store.StartSession(ctx, store.Session{Hash: hex.EncodeToString(sum[:]), User: name, Expires: time.Now().Add(time.Hour)}))
	p := o.visitor()
	p.setCookie("minsheng_session", secret)
	return p
}

func (p person) setCookie(name, value string) {
	p.o.Helper()
	u, err := url.Parse(p.o.site.URL)
	p.o.must(err)
	p.client.Jar.SetCookies(u, []*http.Cookie{{Name: name, Value: value, Path: "/"}})
}

// english makes the browser ask for English.
func (p person) english() person {
	p.setCookie("minsheng_lang", "en")
	return p
}

// shown is an answer as the browser got it.
type shown struct {
	Status int
	Body   string
	Header http.Header
	To     string // where a redirect leads
}

func (p person) get(path string) shown {
	p.o.Helper()
	r, err := http.NewRequestWithContext(p.o.Context(), http.MethodGet, p.o.site.URL+path, nil)
	p.o.must(err)
	return p.do(r)
}

func (p person) post(path string, form url.Values) shown {
	p.o.Helper()
	r, err := http.NewRequestWithContext(p.o.Context(), http.MethodPost, p.o.site.URL+path, strings.NewReader(form.Encode()))
	p.o.must(err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return p.do(r)
}

func (p person) do(r *http.Request) shown {
	p.o.Helper()
	res, err := p.client.Do(r)
	p.o.must(err)
	body, err := io.ReadAll(res.Body)
	p.o.must(errors.Join(err, res.Body.Close()))
	return shown{Status: res.StatusCode, Body: string(body), Header: res.Header, To: res.Header.Get("Location")}
}

// has fails the test unless the answer holds every part.
func (s shown) has(t testing.TB, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(s.Body, part) {
			t.Errorf("page (status %d) does not say %q", s.Status, part)
		}
	}
}

func (s shown) lacks(t testing.TB, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if strings.Contains(s.Body, part) {
			t.Errorf("page (status %d) says %q", s.Status, part)
		}
	}
}

func (s shown) status(t testing.TB, want int) {
	t.Helper()
	if s.Status != want {
		t.Errorf("status = %d, want %d", s.Status, want)
	}
}

// form makes a form of pairs.
func form(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

// logbook keeps what was logged.
type logbook struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logbook) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
