package web

import (
	"crypto/rand"
	"errors"
	"net/http"
	"slices"
	"strings"

	"minsheng/i18n"
	"minsheng/opinion"
	"minsheng/store"
)

// usersPage lists the users and takes a new one. Password is shown once, to the
// administrator who made it.
type usersPage struct {
	Users         []store.User
	Roles         []store.UserRole
	Name          string // as typed
	Role          store.UserRole
	Problem, Done string
	For, Password string
}

func (s *Server) showUsers(r *http.Request, _ *visit) (answer, error) {
	page, err := s.usersPage(r)
	return answer{template: "users", data: page}, err
}

func (s *Server) usersPage(r *http.Request) (usersPage, error) {
	users, err := s.State.Users(r.Context())
	// Sessions go by the wall clock; where the product's clock runs otherwise,
	// what is shown is how long ago it was.
	for i, u := range users {
		if !u.LastSeen.IsZero() {
			users[i].LastSeen = u.LastSeen.Add(s.Now().Sub(wall()))
		}
	}
	return usersPage{Users: users, Roles: []store.UserRole{store.Press, store.Analyst, store.Admin}, Role: store.Press}, err
}

// changeUser adds a user, changes a role, disables, enables, or gives a new
// password.
func (s *Server) changeUser(r *http.Request, v *visit) (answer, error) {
	f := r.PostForm
	name, role := strings.TrimSpace(f.Get("name")), store.UserRole(f.Get("role"))
	old, err := s.State.User(r.Context(), name)
	known := err == nil
	if err != nil && !errors.Is(err, opinion.ErrNotFound) {
		return answer{}, err
	}
	all, err := s.State.Users(r.Context())
	if err != nil {
		return answer{}, err
	}
	verb := f.Get("verb")
	u, password := old, ""
	problem := ""
	switch {
	case verb == "add" && looksTaken(all, name):
		problem = "users.taken"
	case verb == "add" && !userName(name):
		problem = "users.bad_name"
	case verb != "add" && !known:
		return answer{}, opinion.ErrNotFound
	case (verb == "add" || verb == "role") && (!allowed(role, store.Press)):
		return answer{}, errForm
	case verb == "add":
		u = store.User{Name: name, Role: role}
		password = rand.Text()[:16]
	case verb == "role":
		u.Role = role
	case verb == "disable", verb == "enable":
		u.Disabled = verb == "disable"
	case verb == "password":
		password = rand.Text()[:16]
	default:
		return answer{}, errForm
	}
	if problem == "" {
		problem, err = s.putUser(r, v, u, password)
		if err != nil {
			return answer{}, err
		}
	}
	page, err := s.usersPage(r)
	if err != nil {
		return answer{}, err
	}
	if problem != "" {
		page.Problem, page.Name, page.Role = i18n.Say(v.Lang, problem), name, role
		return answer{template: "users", status: http.StatusUnprocessableEntity, data: page}, nil
	}
	page.Done = i18n.Say(v.Lang, "users.done_"+verb, name)
	page.For, page.Password = name, password
	return answer{template: "users", data: page}, nil
}

// putUser stores a user; problem is why not, as a code of the catalogue.
func (s *Server) putUser(r *http.Request, v *visit, u store.User, password string) (problem string, err error) {
	if password != "" {
		if u.Hash, err = HashPassword(password); err != nil {
			return "", err
		}
		if err := s.State.SetValue(r.Context(), GivenKey(u.Name), u.Hash); err != nil {
			return "", err
		}
	}
	err = s.State.PutUser(r.Context(), u, v.User.Name)
	if isConflict(err) {
		return "users.last_admin", nil
	}
	return "", err
}

// looksTaken reports whether a user has the name but for its capitals.
func looksTaken(users []store.User, name string) bool {
	return slices.ContainsFunc(users, func(u store.User) bool { return strings.EqualFold(u.Name, name) })
}

const longestUser = 32 // characters of a user's name

// userName allows letters of any script, digits, and . _ -.
func userName(name string) bool {
	ok := func(r rune) bool {
		return r == '.' || r == '_' || r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0x4e00 && r <= 0x9fff
	}
	n := len([]rune(name))
	return n >= 2 && n <= longestUser && strings.IndexFunc(name, func(r rune) bool { return !ok(r) }) < 0
}
