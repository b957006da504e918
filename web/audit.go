package web

import (
	"net/http"

	"minsheng/store"
)

const auditLines = 500

// showAudit lists what people did, the newest first.
func (s *Server) showAudit(r *http.Request, _ *visit) (answer, error) {
	entries, err := s.State.AuditLog(r.Context(), auditLines)
	return answer{template: "audit", data: struct{ Entries []store.Entry }{entries}}, err
}
