package web

import (
	"net/http"
)

func (s *Server) showAlerts(*http.Request, *visit) (answer, error)   { return answer{}, errNoPage }
func (s *Server) showAlert(*http.Request, *visit) (answer, error)    { return answer{}, errNoPage }
func (s *Server) actOnAlert(*http.Request, *visit) (answer, error)   { return answer{}, errNoPage }
func (s *Server) showSearch(*http.Request, *visit) (answer, error)   { return answer{}, errNoPage }
func (s *Server) exportSearch(*http.Request, *visit) (answer, error) { return answer{}, errNoPage }
func (s *Server) showPost(*http.Request, *visit) (answer, error)     { return answer{}, errNoPage }
func (s *Server) deletePost(*http.Request, *visit) (answer, error)   { return answer{}, errNoPage }
