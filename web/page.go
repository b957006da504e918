package web

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"minsheng/i18n"
	"minsheng/opinion"
	"minsheng/store"
)

// visit is one request of one person.
type visit struct {
	User store.User // Name "" before signing in
	Lang i18n.Lang
	ID   string // of the request, to be told to an administrator
	Path string // with query, to come back to
}

// may reports whether the visitor has at least the given role.
func (v *visit) may(role store.UserRole) bool { return allowed(v.User.Role, role) }

var ranks = []store.UserRole{"", store.Press, store.Analyst, store.Admin}

func allowed(has, needs store.UserRole) bool {
	return slices.Index(ranks, has) >= slices.Index(ranks, needs)
}

// answer is what a handler wants shown: a template with data, another address,
// or bytes that it writes itself.
type answer struct {
	template string
	data     any
	status   int    // 0 means 200
	takes    string // the value of Allow, of a 405
	to       string
	write    func(w http.ResponseWriter) error
}

// see sends the browser on to another page after an action.
func see(path string) answer { return answer{to: path} }

// handler answers one address.
type handler func(r *http.Request, v *visit) (answer, error)

// fault is an error with a status and a sentence for people.
type fault struct {
	status int
	code   string
	args   []any
	takes  string // the methods that the address takes, of a 405
}

func (f *fault) Error() string { return fmt.Sprintf("%d %s", f.status, f.code) }

var (
	errNoPage    = &fault{status: http.StatusNotFound, code: "web.no_page"}
	errForbidden = &fault{status: http.StatusForbidden, code: "web.forbidden"}
	errForeign   = &fault{status: http.StatusForbidden, code: "web.foreign"}
	errTooLarge  = &fault{status: http.StatusRequestEntityTooLarge, code: "web.too_large"}
	errForm      = &fault{status: http.StatusBadRequest, code: "web.bad_form"}
)

const maxForm = 1 << 20 // bytes of a form

// page is the adapter between a handler and HTTP: it finds out who asks, keeps
// out who may not, bounds the body, and shows what went wrong.
func (s *Server) page(role store.UserRole, h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &visit{Lang: lang(r), ID: requestID(r.Context()), Path: r.URL.RequestURI()}
		a, err := s.answer(w, r, v, role, h)
		if err != nil {
			a = s.failure(r, v, err)
		}
		s.send(w, r, v, a)
	})
}

func (s *Server) answer(w http.ResponseWriter, r *http.Request, v *visit, role store.UserRole, h handler) (answer, error) {
	user, err := s.visitor(r)
	if err != nil {
		return answer{}, err
	}
	v.User = user
	switch {
	case role != "" && user.Name == "" && r.Method == http.MethodPost:
		// What was sent is not done after signing in; the page says so.
		return see("/login?expired=1&next=" + queryEscape(r.URL.Path)), nil
	case role != "" && user.Name == "":
		return see("/login?next=" + queryEscape(v.Path)), nil
	case !v.may(role):
		return answer{}, errForbidden
	}
	if r.Method == http.MethodPost {
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		if err := r.ParseForm(); err != nil {
			if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
				return answer{}, errTooLarge
			}
			return answer{}, errForm
		}
	}
	return h(r, v)
}

func (s *Server) send(w http.ResponseWriter, r *http.Request, v *visit, a answer) {
	switch {
	case a.write != nil:
		if err := a.write(w); err != nil && r.Context().Err() == nil {
			s.Log.ErrorContext(r.Context(), "write answer failed", "request", v.ID, "err", err)
		}
	case a.to != "":
		http.Redirect(w, r, a.to, http.StatusSeeOther)
	default:
		s.render(w, r, v, a)
	}
}

// failure turns an error into a page: the fault's own sentence, or a general
// one with the request's number while the log has the cause.
func (s *Server) failure(r *http.Request, v *visit, err error) answer {
	var f *fault
	var public *opinion.Fault
	switch {
	case errors.As(err, &f):
	case errors.As(err, &public):
		f = &fault{status: http.StatusServiceUnavailable, code: public.Code, args: anys(public.Args)}
	case errors.Is(err, opinion.ErrNotFound):
		f = errNoPage
	default:
		f = &fault{status: http.StatusInternalServerError, code: "web.failed", args: []any{v.ID}}
		if r.Context().Err() == nil {
			s.Log.ErrorContext(r.Context(), "page failed", "request", v.ID, "path", r.URL.Path, "err", err)
		}
	}
	return answer{template: "error", status: f.status, takes: f.takes, data: i18n.Say(v.Lang, f.code, f.args...)}
}

func anys(args []string) []any {
	out := make([]any, len(args))
	for i, a := range args {
		out[i] = a
	}
	return out
}

type requestKey struct{}

func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

// logged gives each request a number, writes one line about it without its
// query, and turns a panic into a page.
func (s *Server) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun := time.Now() //nolint:forbidigo // how long a request took is wall time
		id := rand.Text()[:8]
		r = r.WithContext(context.WithValue(r.Context(), requestKey{}, id))
		rec := &recorder{ResponseWriter: w, status: http.StatusOK}
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler { //nolint:errorlint // the sentinel of net/http is compared as it is
					panic(p)
				}
				s.Log.ErrorContext(r.Context(), "page panicked", "request", id, "path", r.URL.Path, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
				if !rec.wrote {
					v := &visit{Lang: lang(r), ID: id}
					s.render(rec, r, v, answer{template: "error", status: http.StatusInternalServerError, data: i18n.Say(v.Lang, "web.failed", id)})
				}
			}
			s.Log.DebugContext(r.Context(), "request", "request", id, "method", r.Method, "path", r.URL.Path, "status", rec.status, "took", time.Since(begun))
		}()
		next.ServeHTTP(rec, r)
	})
}

type recorder struct {
	http.ResponseWriter
	status int
	wrote  bool
}

func (r *recorder) WriteHeader(status int) {
	r.status, r.wrote = status, true
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	r.wrote = true
	return r.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach what is below.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// secured sets the headers of every answer. Nothing inline may run or style.
func (s *Server) secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("X-Frame-Options", "DENY")
		if !strings.HasPrefix(r.URL.Path, "/static/") {
			h.Set("Cache-Control", "no-store")
		}
		next.ServeHTTP(w, r)
	})
}

func (s *Server) health(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") }

// readyz says in a sentence what keeps the daemon from its work.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
	defer cancel()
	if err := s.Ready(ctx); err != nil {
		f := opinion.AsFault(err, "web.not_ready")
		http.Error(w, i18n.Say(lang(r), f.Code, anys(f.Args)...), http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ok")
}
