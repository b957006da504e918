package web_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"minsheng/opinion"
	"minsheng/web"
)

// told is what a program that pushes is answered.
type told struct {
	Status int      `json:"-"`
	Error  string   `json:"error"`
	Field  string   `json:"field"`
	Index  *int     `json:"index"`
	IDs    []string `json:"ids"`
	New    int      `json:"new"`
	Header http.Header
}

func (o *office) send(token, body string, header ...string) told {
	o.Helper()
	r, err := http.NewRequestWithContext(o.Context(), http.MethodPost, o.site.URL+"/api/v1/mentions", strings.NewReader(body))
	o.must(err)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	got := o.visitor().do(r)
	if ct := got.Header.Get("Content-Type"); ct != "application/json; charset=utf-8" {
		o.Errorf("answer has type %q", ct)
	}
	t := told{Status: got.Status, Header: got.Header}
	if err := json.Unmarshal([]byte(got.Body), &t); err != nil {
		o.Errorf("answer %q is no JSON: %v", got.Body, err)
	}
	return t
}

func TestPush(t *testing.T) {
	o := openOffice(t)
	got := o.send(pushToken, `{"id":"a1","source":"舆情平台","class":"social","kind":"post","url":"https://town.example/a1","title":"窗口","text":"民警态度恶劣",
		"outlet":"柳川晨报","speaker":"u77","thread":"a0","published":"2026-03-11T13:00:00+08:00"}`)
	if got.Status != http.StatusAccepted || got.New != 1 || len(got.IDs) != 1 || got.IDs[0] != opinion.PostID("push", "a1") {
		t.Fatalf("push answered %+v", got)
	}
	want := []web.Mention{{
		ID: "a1", Source: "舆情平台", Class: opinion.SocialNet, Kind: opinion.Social, URL: "https://town.example/a1", Title: "窗口", Text: "民警态度恶劣",
		Outlet: "柳川晨报", Speaker: "u77", Thread: "a0", Published: time.Date(2026, 3, 11, 5, 0, 0, 0, time.UTC),
	}}
	if diff := cmp.Diff(o.pushed, want, cmp.Comparer(time.Time.Equal)); diff != "" {
		t.Errorf("pushed (-got +want):\n%s", diff)
	}
	list := o.send(pushToken, `[{"text":"甲"},{"title":"乙"}]`)
	if list.Status != http.StatusAccepted || list.New != 2 || len(list.IDs) != 2 {
		t.Errorf("a list answered %+v", list)
	}
}

// Each fault names its field and, in a list, which mention has it; nothing of
// the list is taken.
func TestPushRefusals(t *testing.T) {
	o := openOffice(t)
	long := strings.Repeat("字", 20_001)
	many := "[" + strings.TrimSuffix(strings.Repeat(`{"text":"一"},`, 101), ",") + "]"
	for name, c := range map[string]struct {
		body, field string
		index       int // -1 where none is named
		status      int
		says        string
	}{
		"UnknownField":    {`{"text":"x","author":"某人"}`, "author", 0, 400, "没有字段 author"},
		"UnknownChinese":  {`{"text":"x","作者":"某人"}`, "作者", 0, 400, "没有字段 作者"},
		"UnknownInSecond": {`[{"text":"x"},{"text":"y","likes":1}]`, "likes", 1, 400, "没有字段 likes"},
		"WrongType":       {`{"text":5}`, "text", 0, 400, "text 的类型不对"},
		"TypeOfTime":      {`{"text":"x","published":1700000000}`, "published", 0, 400, "published"},
		"ListAsTitle":     {`{"text":"x","title":["a"]}`, "title", 0, 400, "title 的类型不对"},
		"BadDate":         {`{"text":"x","published":"2026-13-40"}`, "published", 0, 400, "2026-01-02T15:04:05+08:00"},
		"DateWithoutZone": {`{"text":"x","published":"2026-03-01T10:00:00"}`, "published", 0, 400, "2026-01-02T15:04:05+08:00"},
		"TooLong":         {`{"text":"` + long + `"}`, "text", 0, 400, "text 超过 60000 字节"},
		"LongTitle":       {`[{"text":"x"},{"text":"x"},{"text":"x","title":"` + strings.Repeat("题", 134) + `"}]`, "title", 2, 400, "title 超过 400 字节"},
		"LongURL":         {`{"text":"x","url":"https://town.example/` + strings.Repeat("a", 2000) + `"}`, "url", 0, 400, "url 超过 2000 字节"},
		"Script":          {`{"text":"x","url":"javascript:alert(1)"}`, "url", 0, 400, "http://"},
		"Class":           {`{"text":"x","class":"blog"}`, "class", 0, 400, "media, forum"},
		"Kind":            {`{"text":"x","kind":"story"}`, "kind", 0, 400, "news, post"},
		"Empty":           {`{"text":"  ","title":""}`, "text", 0, 400, "不能都空着"},
		"Null":            {`[null]`, "text", 0, 400, "不能都空着"},
		"NotUTF8":         {"{\"text\":\"\xff\xfe\"}", "", -1, 400, "UTF-8"},
		"NoJSON":          {`text=x`, "", 0, 400, "JSON"},
		"Nothing":         {``, "", 0, 400, "JSON"},
		"HalfAnObject":    {`{"text":"x"`, "", 0, 400, "JSON"},
		"TwoObjects":      {`{"text":"x"}{"text":"y"}`, "", 0, 400, "JSON"},
		"Rest":            {`{"text":"x"}]`, "", 0, 400, "JSON"},
		"HalfAList":       {`[{"text":"x"}`, "", -1, 400, "JSON"},
		"AText":           {`"x"`, "", 0, 400, "JSON"},
		"NoMention":       {`[]`, "", -1, 400, "1 到 100"},
		"TooMany":         {many, "", -1, 400, "1 到 100"},
		"TooLarge":        {`{"text":"` + strings.Repeat("x", 4<<20) + `"}`, "", -1, 413, "4 MB"},
	} {
		t.Run(name, func(t *testing.T) {
			got := o.send(pushToken, c.body)
			index := -1
			if got.Index != nil {
				index = *got.Index
			}
			if got.Status != c.status || got.Field != c.field || index != c.index || !strings.Contains(got.Error, c.says) {
				t.Errorf("status %d field %q index %d error %q, want %d %q %d %q", got.Status, got.Field, index, got.Error, c.status, c.field, c.index, c.says)
			}
		})
	}
	if len(o.pushed) != 0 {
		t.Errorf("%d mentions were taken", len(o.pushed))
	}
	english := o.send(pushToken, `{"txt":"x"}`, "Accept-Language", "en-GB")
	if !strings.Contains(english.Error, "There is no field txt") {
		t.Errorf("an English program is told %q", english.Error)
	}
}

func TestPushToken(t *testing.T) {
	o := openOffice(t)
	for name, header := range map[string]string{"None": "", "Wrong": "Bearer " + pushToken + "x", "Empty": "Bearer ", "Basic": "Basic " + pushToken} {
		got := o.send("", `{"text":"x"}`, "Authorization", header)
		if got.Status != http.StatusUnauthorized || got.Field != "Authorization" || got.Header.Get("WWW-Authenticate") != "Bearer" {
			t.Errorf("%s: status %d field %q header %q", name, got.Status, got.Field, got.Header.Get("WWW-Authenticate"))
		}
	}
	o.send("guess", `{"text":"x"}`)
	got := o.send("guess", `{"text":"x"}`)
	if got.Status != http.StatusTooManyRequests || !strings.Contains(got.Error, "秒后再试") || got.Header.Get("Retry-After") == "" {
		t.Errorf("after five wrong tokens: %+v", got)
	}
	if len(o.pushed) != 0 {
		t.Errorf("%d mentions were taken", len(o.pushed))
	}
	if got := o.send(pushToken, `{"text":"x"}`); got.Status != http.StatusAccepted {
		t.Errorf("wrong tokens of others keep a right one out: %+v", got)
	}
	if log := o.log.String(); strings.Contains(log, pushToken) || strings.Contains(log, "guess") {
		t.Error("the log holds a token")
	}
}

// An office without tokens takes nothing, not even an empty one.
func TestPushWithoutTokens(t *testing.T) {
	o := openOffice(t, func(options *web.Options) { options.Tokens = map[string]string{"unset": ""} })
	if got := o.send("", `{"text":"x"}`, "Authorization", "Bearer "); got.Status != http.StatusUnauthorized {
		t.Errorf("an empty token is answered %d", got.Status)
	}
}

func FuzzMention(f *testing.F) {
	for _, seed := range []string{
		`{"text":"x"}`, `[{"title":"a"},{"text":"b","published":"2026-03-11T13:00:00+08:00"}]`, `{"text":5}`, `[null]`, `[[[[`, `{"text":"x"}]`,
		`{"text":"\ud800","url":"https://a.example"}`, "\xff", `{"TEXT":"x","text":"y"}`, `{"published":"0000-00-00T00:00:00Z"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		ms, refused := web.ReadMentions(bytes.NewReader(body))
		if (ms == nil) == (refused == "") {
			t.Fatalf("%d mentions and refusal %q", len(ms), refused)
		}
		if len(ms) > 100 {
			t.Fatalf("%d mentions", len(ms))
		}
		for _, m := range ms {
			if len(m.Text) > 60_000 || len(m.Title) > 400 || len(m.URL) > 2_000 || strings.TrimSpace(m.Text+m.Title) == "" {
				t.Fatalf("taken: %s", fmt.Sprintf("%.200q", m))
			}
			if m.URL != "" && !strings.HasPrefix(m.URL, "http") {
				t.Fatalf("taken with the address %q", m.URL)
			}
		}
	})
}
