package web

import "net/http"

// showSettings leads to everything that is set up rather than worked on.
func (s *Server) showSettings(*http.Request, *visit) (answer, error) {
	return answer{template: "settings"}, nil
}
