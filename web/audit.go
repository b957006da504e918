package web

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"minsheng/i18n"
	"minsheng/opinion"
	"minsheng/store"
)

const (
	auditLines  = 500     // on the page
	auditLooked = 20_000  // lines that the page chooses from
	auditExport = 100_000 // lines of an export
)

// auditPage is the newest lines of one kind.
type auditPage struct {
	Entries []auditRow
	Kinds   []choice
}

// auditKinds are the kinds of lines that can be asked for, "" for all.
var auditKinds = []string{"", "changes", "looks", "visits"}

// auditKind is the kind of a line: of coming and going, of looking, of changing.
func auditKind(verb string) string {
	switch verb {
	case "sign_in", "sign_in_failed", "sign_out":
		return "visits"
	case "looked", "searched", "exported":
		return "looks"
	}
	return "changes"
}

// auditRow is a line of the log in words.
type auditRow struct {
	store.Entry
	Who  string
	Post string // ID of the post that the object is
	Link string // where the object is to be seen, "" for nowhere
	Rule []ruleLine
}

// showAudit lists what people did, the newest first.
func (s *Server) showAudit(r *http.Request, v *visit) (answer, error) {
	kind, most := r.FormValue("kind"), auditLines
	if kind != "" {
		most = auditLooked
	}
	entries, err := s.State.AuditLog(r.Context(), most)
	if err != nil {
		return answer{}, err
	}
	var page auditPage
	for _, k := range auditKinds {
		page.Kinds = append(page.Kinds, choice{Value: k, Label: i18n.Say(v.Lang, "audit.kind_"+k), Chosen: k == kind})
	}
	for _, e := range entries {
		if len(page.Entries) < auditLines && (kind == "" || auditKind(e.Verb) == kind) {
			page.Entries = append(page.Entries, readEntry(v.Lang, e))
		}
	}
	return answer{template: "audit", data: page}, s.namePosts(r.Context(), v.Lang, page.Entries)
}

// namePosts calls posts by their headlines. The log itself holds no text, so
// that one which is deleted is gone from here too.
func (s *Server) namePosts(ctx context.Context, l i18n.Lang, rows []auditRow) error {
	var ids []string
	for _, row := range rows {
		if row.Post != "" {
			ids = append(ids, row.Post)
		}
	}
	slices.Sort(ids)
	posts, err := s.State.Posts(ctx, slices.Compact(ids)...)
	names := map[string]string{}
	for _, p := range posts {
		names[p.ID] = clipText(headline(p), incidentTitle)
	}
	for i, row := range rows {
		if name := names[row.Post]; name != "" {
			rows[i].Object = i18n.Say(l, "audit.post_named", name)
		}
	}
	return err
}

// exportAudit writes the log as a table that spreadsheets open. That it was
// exported is its first line.
func (s *Server) exportAudit(r *http.Request, v *visit) (answer, error) {
	ctx := r.Context()
	err := s.State.Audit(ctx, store.Entry{At: s.Now(), User: v.User.Name, Verb: "exported", Object: "audit"})
	if err != nil {
		return answer{}, err
	}
	entries, err := s.State.AuditLog(ctx, auditExport)
	if err != nil {
		return answer{}, err
	}
	return s.attachment(ctx, v, "audit", "csv", func(w io.Writer) error {
		var head []string
		for _, c := range []string{"at", "who", "what", "object", "detail"} {
			head = append(head, i18n.Say(v.Lang, "audit."+c))
		}
		out, err := newTable(w, head)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if err := out.Write(s.auditCells(v.Lang, readEntry(v.Lang, e))); err != nil {
				return err
			}
		}
		out.Flush()
		return out.Error()
	}), nil
}

func (s *Server) auditCells(l i18n.Lang, row auditRow) []string {
	detail := []string{row.Detail}
	for _, line := range row.Rule {
		detail = append(detail, i18n.Say(l, "topics."+line.Field)+" "+strings.Join(line.Words, "、"))
	}
	return safeCells(row.At.In(s.Zone).Format("2006-01-02 15:04:05"), row.Who, verbText(l, row.Verb), row.Object, strings.TrimSpace(strings.Join(detail, "；")))
}

// who did it, in words where it was nobody by name.
func who(l i18n.Lang, e store.Entry) string {
	switch {
	case e.User != "":
		return e.User
	case e.Verb == "sign_in_failed":
		return i18n.Say(l, "audit.nobody")
	}
	return i18n.Say(l, "audit.system")
}

// readEntry puts what the store wrote for machines into words. What it does not
// know it shows as it is.
func readEntry(l i18n.Lang, e store.Entry) auditRow {
	row := auditRow{Entry: e, Who: who(l, e)}
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
		row.ofPost(l)
		row.Detail = i18n.Say(l, "label."+e.Detail)
	case e.Verb == "merged":
		row.Link, row.Object = incidentAddress(e.Object), i18n.Say(l, "audit.incident", e.Object)
		row.Detail = i18n.Say(l, "audit.incident", e.Detail)
	case e.Verb == "moved":
		row.ofPost(l)
		row.Detail = i18n.Say(l, "audit.incident", e.Detail)
	case e.Verb == "exported" && e.Object == "corrections":
		row.Link, row.Object, row.Detail = "/corrections", i18n.Say(l, "audit.corrections"), i18n.Say(l, "corrections.rows", e.Detail)
	case e.Verb == "exported" && e.Object == "audit":
		row.Link, row.Object = "/audit", i18n.Say(l, "audit.title")
	case e.Verb == "searched" && e.Object != "":
		row.Link, row.Object = local(e.Object), searchText(l, e.Object)
	case e.Verb == "exported":
		row.Link, row.Object, row.Detail = local(e.Object), i18n.Say(l, "audit.search"), i18n.Say(l, "audit.rows", e.Detail)
	case e.Verb == "tested":
		row.Detail = answerText(l, opinion.Receipt{Code: e.Detail})
	case e.Verb == "looked":
		row.ofPost(l)
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

func (row *auditRow) ofPost(l i18n.Lang) {
	row.Post, row.Link = row.Entry.Object, "/posts/"+url.PathEscape(row.Entry.Object)
	row.Object = i18n.Say(l, "audit.post", row.Entry.Object)
}

// searchText says what a search asked for, by its address.
func searchText(l i18n.Lang, address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	f := readSearch(u.Query())
	parts := []string{f.Q, f.Topic, f.Place, f.Source, word(l, "class.", f.Class), word(l, "attitude.", f.Attitude)}
	if f.Days != "0" {
		parts = append(parts, word(l, "search.days_", f.Days))
	}
	if f.From+f.Until != "" {
		parts = append(parts, f.From+" – "+f.Until)
	}
	if f.Incident != "" {
		parts = append(parts, i18n.Say(l, "audit.incident", f.Incident))
	}
	parts = slices.DeleteFunc(parts, func(p string) bool { return p == "" })
	if len(parts) == 0 {
		return i18n.Say(l, "audit.search_all")
	}
	return strings.Join(parts, " · ")
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

func roleText(l i18n.Lang, role string) string { return word(l, "role.", role) }

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
