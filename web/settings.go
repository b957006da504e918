package web

import "net/http"

// settingsPage leads to everything that is set up rather than worked on.
type settingsPage struct{ Given bool }

func (s *Server) showSettings(r *http.Request, v *visit) (answer, error) {
	given, err := s.hasGivenPassword(r.Context(), v.User)
	return answer{template: "settings", data: settingsPage{Given: given}}, err
}
