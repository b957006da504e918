package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"minsheng/i18n"
	"minsheng/opinion"
	"minsheng/store"
)

const auditLines = 500

// auditRow is a line of the log in words.
type auditRow struct {
	store.Entry
	Link string // where the object is to be seen, "" for nowhere
	Rule []ruleLine
}

// showAudit lists what people did, the newest first.
func (s *Server) showAudit(r *http.Request, v *visit) (answer, error) {
	entries, err := s.State.AuditLog(r.Context(), auditLines)
	rows := make([]auditRow, len(entries))
	for i, e := range entries {
		rows[i] = readEntry(v.Lang, e)
	}
	return answer{template: "audit", data: struct{ Entries []auditRow }{rows}}, err
}

// readEntry puts what the store wrote for machines into words. What it does not
// know it shows as it is.
func readEntry(l i18n.Lang, e store.Entry) auditRow {
	row := auditRow{Entry: e}
	object, name, _ := strings.Cut(e.Object, " ")
	switch {
	case object == "alert" && name != "":
		row.Link, row.Object = "/alerts/"+url.PathEscape(name), i18n.Say(l, "audit.alert", name)
	case object == "topic" && name != "":
		row.Link, row.Object = "/topics/edit?name="+url.QueryEscape(name), i18n.Say(l, "audit.topic", name)
		var t opinion.Topic
		if json.Unmarshal([]byte(e.Detail), &t) == nil {
			row.Detail, row.Rule = "", ruleLines(t)
		}
	case (object == "word" || object == "place" || object == "suggestion") && name != "":
		row.Object = i18n.Say(l, "audit."+object, name)
		row.Detail = savedText(l, object, e.Detail)
	case e.Verb == "corrected" || e.Verb == "uncorrected":
		row.Link, row.Object = "/posts/"+url.PathEscape(e.Object), i18n.Say(l, "audit.post", e.Object)
		row.Detail = i18n.Say(l, "label."+e.Detail)
	case e.Verb == "merged":
		row.Link, row.Object = incidentAddress(e.Object), i18n.Say(l, "audit.incident", e.Object)
		row.Detail = i18n.Say(l, "audit.incident", e.Detail)
	case e.Verb == "moved":
		row.Link, row.Object = "/posts/"+url.PathEscape(e.Object), i18n.Say(l, "audit.post", e.Object)
		row.Detail = i18n.Say(l, "audit.incident", e.Detail)
	case e.Verb == "exported" && e.Object == "corrections":
		row.Link, row.Object, row.Detail = "/corrections", i18n.Say(l, "audit.corrections"), i18n.Say(l, "corrections.rows", e.Detail)
	case e.Verb == "exported":
		row.Link, row.Object, row.Detail = local(e.Object), i18n.Say(l, "audit.search"), i18n.Say(l, "audit.rows", e.Detail)
	case e.Verb == "tested":
		row.Detail = answerText(l, opinion.Receipt{Code: e.Detail})
	case e.Verb == "looked":
		row.Link, row.Object = "/posts/"+url.PathEscape(e.Object), i18n.Say(l, "audit.post", e.Object)
	case e.Verb == "deleted":
		row.Object = i18n.Say(l, "audit.post", e.Object)
	case e.Verb == "sign_in_failed" && e.Object == "":
		row.Object = i18n.Say(l, "audit.unknown_user")
	case e.Verb == "added user":
		row.Detail = roleText(l, e.Detail)
	case e.Verb == "changed user":
		row.Detail = changeText(l, e.Detail)
	}
	return row
}

// savedText says what was saved of a word or a place.
func savedText(l i18n.Lang, object, detail string) string {
	var w opinion.LexiconWord
	var p opinion.Place
	switch {
	case object == "word" && json.Unmarshal([]byte(detail), &w) == nil:
		return strings.TrimRight(i18n.Say(l, "cue."+w.Class)+" "+weightText(w.Weight)+" "+w.Note, " ")
	case object == "place" && json.Unmarshal([]byte(detail), &p) == nil:
		return strings.Join(append(p.Aliases, p.Context...), "、")
	}
	return detail
}

func roleText(l i18n.Lang, role string) string {
	if !i18n.Has("role." + role) {
		return role
	}
	return i18n.Say(l, "role."+role)
}

// changeText says what changed of a user: "role press → admin, password".
func changeText(l i18n.Lang, detail string) string {
	parts := strings.Split(detail, ", ")
	for i, part := range parts {
		from, to, isRole := strings.Cut(strings.TrimPrefix(part, "role "), " → ")
		switch {
		case isRole:
			parts[i] = roleText(l, from) + " → " + roleText(l, to)
		case i18n.Has("audit." + part):
			parts[i] = i18n.Say(l, "audit."+part)
		}
	}
	return strings.Join(parts, " · ")
}
