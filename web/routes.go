package web

import (
	"net/http"
	"net/url"

	"minsheng/store"
)

// routes lists every address and who may use it. A handler returns an error;
// page and action show its public sentence.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	open := func(pattern string, h handler) { mux.Handle(pattern, s.page("", h)) }
	to := func(role store.UserRole, pattern string, h handler) { mux.Handle(pattern, s.page(role, h)) }

	mux.HandleFunc("GET /healthz", s.health)
	mux.HandleFunc("GET /readyz", s.readyz)
	if s.Metrics != nil {
		mux.Handle("GET /metrics", s.Metrics)
	}
	mux.Handle("GET /static/{file}", s.static())
	mux.HandleFunc("POST /api/v1/mentions", s.pushMentions)

	open("GET /login", s.showLogin)
	open("POST /login", s.signIn)
	open("POST /logout", s.signOut)
	open("POST /lang", s.setLang)

	to(store.Press, "GET /{$}", s.showAlerts)
	to(store.Press, "GET /alerts", s.showAlerts)
	to(store.Press, "GET /alerts/{number}", s.showAlert)
	to(store.Press, "POST /alerts/{number}", s.actOnAlert)
	to(store.Press, "GET /search", s.showSearch)
	to(store.Analyst, "GET /search.csv", s.exportSearch)
	to(store.Press, "GET /posts/{id}", s.showPost)
	to(store.Admin, "POST /posts/{id}/delete", s.deletePost)
	to(store.Press, "GET /settings", s.showSettings)
	to(store.Press, "GET /sources", s.showSources)
	to(store.Admin, "POST /sources", s.actOnSource)
	to(store.Press, "GET /topics", s.showTopics)
	to(store.Press, "GET /topics/edit", s.showTopic)
	to(store.Admin, "POST /topics/edit", s.saveTopic)
	to(store.Admin, "POST /topics/delete", s.deleteTopic)
	to(store.Press, "GET /channels", s.showChannels)
	to(store.Press, "POST /channels/test", s.testChannel)
	to(store.Press, "POST /channels/retry", s.retryDelivery)
	to(store.Press, "GET /me", s.showMe)
	to(store.Press, "POST /me/password", s.changePassword)
	to(store.Admin, "GET /users", s.showUsers)
	to(store.Admin, "POST /users", s.changeUser)
	to(store.Admin, "GET /audit", s.showAudit)
	// Addresses that only take forms lead to the page of their form: a browser
	// comes there after signing in anew, or after changing the language.
	for address, page := range map[string]string{
		"/logout": "/me", "/lang": "/", "/me/password": "/me", "/topics/delete": "/topics",
		"/channels/test": "/channels", "/channels/retry": "/channels",
	} {
		open("GET "+address, func(*http.Request, *visit) (answer, error) { return see(page), nil })
	}
	open("GET /posts/{id}/delete", func(r *http.Request, _ *visit) (answer, error) {
		return see("/posts/" + url.PathEscape(r.PathValue("id"))), nil
	})
	mux.Handle("/", s.page("", func(*http.Request, *visit) (answer, error) { return answer{}, errNoPage }))

	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(s.page("", func(*http.Request, *visit) (answer, error) { return answer{}, errForeign }))
	return s.logged(s.secured(guard.Handler(mux)))
}
