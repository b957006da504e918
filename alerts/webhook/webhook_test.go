package webhook_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"minsheng/alerts"
	"minsheng/alerts/alertstest"
	"minsheng/alerts/webhook"
	"minsheng/i18n"
)

func at() time.Time { return time.Unix(1_700_000_000, 0) }

func open(t *testing.T, base string) alerts.Notifier {
	n, err := webhook.New(webhook.Options{URL: base + "/" + alertstest.Secret, Secret: alertstest.Secret, Now: at})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestChannel(t *testing.T) {
	alertstest.Run(t, alertstest.Channel{
		Open:   open,
		Accept: func(w http.ResponseWriter) { w.WriteHeader(http.StatusNoContent) },
		Check: func(r *http.Request, body []byte) error {
			stamp := r.Header.Get(webhook.HeaderTimestamp)
			if got, want := r.Header.Get(webhook.HeaderSignature), webhook.Sign(alertstest.Secret, stamp, body); got != want {
				return fmt.Errorf("signature %s, want %s", got, want)
			}
			if stamp != "1700000000" {
				return fmt.Errorf("timestamp %s", stamp)
			}
			if !json.Valid(body) {
				return errors.New("body is no JSON")
			}
			return nil
		},
		Texts: func(body []byte) string {
			var p webhook.Payload
			if err := json.Unmarshal(body, &p); err != nil {
				t.Error(err)
			}
			texts := append([]string{p.Headline, p.Link}, p.Why...)
			for _, e := range p.Examples {
				texts = append(texts, e.Excerpt, e.URL)
			}
			for _, w := range p.Words {
				texts = append(texts, w.Text)
			}
			return strings.Join(texts, "\n")
		},
	})
}

// The known answer was computed apart from this code, with OpenSSL.
func TestSignKnownAnswer(t *testing.T) {
	got := webhook.Sign("0123456789abcdef", "1700000000", []byte(`{"version":1}`))
	want := "v1=d4d5218e4060ea8d4e3266cccc3a4dad71e647b6992c00beec425264a92b2c5f"
	if got != want {
		t.Errorf("Sign = %s, want %s", got, want)
	}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	followed := false
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed = true }))
	defer elsewhere.Close()
	s := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	defer s.Close()
	r := open(t, s.URL).Notify(t.Context(), alertstest.Message(i18n.Chinese))
	if r.OK || r.Retry || followed {
		t.Errorf("receipt %+v, followed %v, want refused and not followed", r, followed)
	}
}

func TestNewRefusesHalfASetting(t *testing.T) {
	for _, o := range []webhook.Options{{}, {URL: "https://a.example"}, {Secret: "0123456789abcdef"}} {
		if _, err := webhook.New(o); err == nil {
			t.Errorf("New(%+v) succeeded, want a refusal", o)
		}
	}
}
