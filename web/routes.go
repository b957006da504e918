package web

import (
	"net/http"
	"net/url"
	"strings"

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
	mux.HandleFunc("POST "+pushAddress, s.pushMentions)
	mux.HandleFunc(pushAddress, s.onlyPush)

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
	to(store.Analyst, "POST /posts/{id}/correct", s.correctPost)
	to(store.Analyst, "POST /posts/{id}/incident", s.movePost)
	to(store.Analyst, "POST /incidents/{id}/merge", s.mergeIncident)
	to(store.Analyst, "GET /corrections", s.showCorrections)
	to(store.Analyst, "GET /corrections.tsv", s.exportCorrections)
	to(store.Press, "GET /settings", s.showSettings)
	to(store.Press, "GET /sources", s.showSources)
	to(store.Admin, "POST /sources", s.actOnSource)
	to(store.Press, "GET /topics", s.showTopics)
	to(store.Press, "GET /topics/edit", s.showTopic)
	to(store.Admin, "POST /topics/edit", s.saveTopic)
	to(store.Admin, "POST /topics/delete", s.deleteTopic)
	to(store.Press, "GET /words", s.showWords)
	to(store.Admin, "POST /words", s.saveWord)
	to(store.Admin, "POST /words/delete", s.deleteWord)
	to(store.Press, "GET /places", s.showPlaces)
	to(store.Admin, "POST /places", s.savePlace)
	to(store.Admin, "POST /places/delete", s.deletePlace)
	to(store.Press, "GET /suggestions", s.showSuggestions)
	to(store.Admin, "POST /suggestions", s.actOnSuggestion)
	to(store.Press, "GET /channels", s.showChannels)
	to(store.Press, "POST /channels/test", s.testChannel)
	to(store.Press, "POST /channels/retry", s.retryDelivery)
	to(store.Press, "GET /me", s.showMe)
	to(store.Press, "POST /me/password", s.changePassword)
	to(store.Admin, "GET /users", s.showUsers)
	to(store.Admin, "POST /users", s.changeUser)
	to(store.Admin, "GET /audit", s.showAudit)
	to(store.Admin, "GET /audit.csv", s.exportAudit)
	// Addresses that only take forms lead to the page of their form: a browser
	// comes there after signing in anew, or after changing the language.
	for address, page := range map[string]string{
		"/logout": "/me", "/lang": "/", "/me/password": "/me", "/topics/delete": "/topics",
		"/words/delete": "/words", "/places/delete": "/places",
		"/channels/test": "/channels", "/channels/retry": "/channels",
	} {
		open("GET "+address, func(*http.Request, *visit) (answer, error) { return see(page), nil })
	}
	for _, verb := range []string{"delete", "correct", "incident"} {
		open("GET /posts/{id}/"+verb, func(r *http.Request, _ *visit) (answer, error) {
			return see("/posts/" + url.PathEscape(r.PathValue("id"))), nil
		})
	}
	open("GET /incidents/{id}/merge", func(r *http.Request, _ *visit) (answer, error) { return see(incidentAddress(r.PathValue("id"))), nil })
	mux.Handle("/", s.elsewhere(mux))

	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(s.page("", func(*http.Request, *visit) (answer, error) { return answer{}, errForeign }))
	return s.logged(s.secured(guard.Handler(mux)))
}

// elsewhere answers what no address above takes: with 405 and the methods that
// the address does take where it is one of them, with 404 otherwise. The mux
// would say so itself if nothing matched every path.
func (s *Server) elsewhere(mux *http.ServeMux) http.Handler {
	return s.page("", func(r *http.Request, _ *visit) (answer, error) {
		var takes []string
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
			asked := &http.Request{Method: method, URL: r.URL, Host: r.Host}
			if _, pattern := mux.Handler(asked); pattern != "/" {
				takes = append(takes, method)
			}
		}
		if len(takes) == 0 {
			return answer{}, errNoPage
		}
		return answer{}, &fault{status: http.StatusMethodNotAllowed, code: "web.method", takes: strings.Join(takes, ", ")}
	})
}
