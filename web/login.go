package web

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"minsheng/i18n"
	"minsheng/opinion"
	"minsheng/store"
)

// loginPage is the sign-in form; what was typed is kept but for the password.
type loginPage struct {
	Name, Next, Problem string
}

func (s *Server) showLogin(r *http.Request, v *visit) (answer, error) {
	if v.User.Name != "" {
		return see("/"), nil
	}
	page := loginPage{Next: local(r.FormValue("next"))}
	if r.FormValue("expired") != "" {
		page.Problem = i18n.Say(v.Lang, "web.login_expired")
	}
	return answer{template: "login", data: page}, nil
}

// nobody is a hash that no password fits; it is compared where there is no such
// user, so that the time taken does not tell.
var nobody = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$" + strings.Repeat("A", 43)

func (s *Server) signIn(r *http.Request, v *visit) (answer, error) {
	name, password := strings.TrimSpace(r.PostForm.Get("name")), r.PostForm.Get("password")
	page := loginPage{Name: name, Next: local(r.PostForm.Get("next"))}
	keys := []string{"user " + clipText(strings.ToLower(name), longestUser), "address " + remote(r)}
	u, err := s.State.User(r.Context(), name)
	if err != nil && !errors.Is(err, opinion.ErrNotFound) {
		return answer{}, err
	}
	hash := u.Hash
	if err != nil || u.Disabled {
		hash = nobody
	}
	right, wait, err := s.try(r.Context(), hash, password, keys...)
	switch {
	case err != nil:
		return answer{}, err
	case wait > 0:
		page.Problem = i18n.Say(v.Lang, "web.login_wait", int(wait/time.Second)+1)
		return answer{template: "login", status: http.StatusTooManyRequests, data: page}, nil
	case !right:
		// Only the name of a user is written down: what was typed in its place
		// may be a password.
		page.Problem = i18n.Say(v.Lang, "web.login_wrong")
		err := s.State.Audit(r.Context(), store.Entry{At: s.Now(), Verb: "sign_in_failed", Object: u.Name, Detail: remote(r)})
		return answer{template: "login", status: http.StatusUnauthorized, data: page}, err
	}
	if err := s.endSession(r); err != nil { // of whoever was signed in here before
		return answer{}, err
	}
	cookie, err := s.startSession(r, u.Name)
	if err != nil {
		return answer{}, err
	}
	if err := s.State.Audit(r.Context(), store.Entry{At: s.Now(), User: u.Name, Verb: "sign_in", Detail: remote(r)}); err != nil {
		return answer{}, err
	}
	given, err := s.hasGivenPassword(r.Context(), u)
	if given && page.Next == "/" {
		page.Next = "/me"
	}
	return withCookie(cookie, page.Next), err
}

// withCookie sets a cookie and sends the browser on.
func withCookie(c *http.Cookie, to string) answer {
	return answer{write: func(w http.ResponseWriter) error {
		http.SetCookie(w, c)
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusSeeOther)
		return nil
	}}
}

func (s *Server) signOut(r *http.Request, v *visit) (answer, error) {
	if err := s.endSession(r); err != nil {
		return answer{}, err
	}
	if v.User.Name != "" {
		if err := s.State.Audit(r.Context(), store.Entry{At: s.Now(), User: v.User.Name, Verb: "sign_out"}); err != nil {
			return answer{}, err
		}
	}
	return withCookie(s.cookie(sessionCookie, "", -1), "/login"), nil
}

func (s *Server) setLang(r *http.Request, _ *visit) (answer, error) {
	l := i18n.Chinese
	if r.PostForm.Get("lang") == string(i18n.English) {
		l = i18n.English
	}
	const year = 365 * 24 * 3600
	return withCookie(s.cookie(langCookie, string(l), year), local(r.PostForm.Get("back"))), nil
}

// mePage is the visitor's own page.
type mePage struct {
	Problem string
	Done    bool
	Given   bool // the password is one that somebody else chose
}

func (s *Server) showMe(r *http.Request, v *visit) (answer, error) {
	given, err := s.hasGivenPassword(r.Context(), v.User)
	return answer{template: "me", data: mePage{Done: r.FormValue("done") != "", Given: given}}, err
}

// changePassword asks for the old password, so that an open browser alone
// cannot take an account over. All sessions of the user end with it, and this
// browser gets a new one.
func (s *Server) changePassword(r *http.Request, v *visit) (answer, error) {
	f := r.PostForm
	refuse := func(code string, args ...any) (answer, error) {
		return answer{template: "me", status: http.StatusUnprocessableEntity, data: mePage{Problem: i18n.Say(v.Lang, code, args...)}}, nil
	}
	right, wait, err := s.try(r.Context(), v.User.Hash, f.Get("old"), "password "+v.User.Name)
	switch {
	case err != nil:
		return answer{}, err
	case wait > 0:
		return refuse("web.password_wait", int(wait/time.Second)+1)
	case !right:
		return refuse("web.password_old_wrong")
	case f.Get("new") != f.Get("again"):
		return refuse("web.password_differs")
	case f.Get("new") == f.Get("old"):
		return refuse("web.password_same")
	}
	if fault := CheckPassword(f.Get("new"), v.User.Name); fault != nil {
		return refuse(fault.Code)
	}
	hash, err := HashPassword(f.Get("new"))
	if err != nil {
		return answer{}, err
	}
	u := v.User
	u.Hash = hash
	if err := s.State.PutUser(r.Context(), u, u.Name); err != nil {
		return answer{}, err
	}
	if err := s.NewPassword(r.Context()); err != nil {
		s.Log.ErrorContext(r.Context(), "the first password stays in its file", "err", err)
	}
	cookie, err := s.startSession(r, u.Name)
	if err != nil {
		return answer{}, err
	}
	return withCookie(cookie, "/me?done=1"), nil
}

// clipText keeps the first n characters.
func clipText(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}
