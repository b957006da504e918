package crawler_test

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"minsheng/crawler"
)

func measureJSON(t *testing.T, name string, into any) {
	t.Helper()
	if err := json.Unmarshal(readFile(t, filepath.Join(sharedData(t), "ingest", name)), into); err != nil {
		t.Fatal(err)
	}
}

// robotsHTTPCase is how one server answers for its robots.txt.
type robotsHTTPCase struct {
	Name        string
	PageAllowed *bool `json:"page_allowed"`
	Either      bool
	Status      int
	Body        string
	BodyHex     string `json:"body_hex"`
	Hang        bool
	Redirects   int
	RedirectTo  string `json:"redirect_to"`
	Sequence    []struct {
		Status int
		Body   string
	}
}

func TestMeasureRobots(t *testing.T) {
	var data struct {
		Cases []struct {
			ID, Cls, Robots, Agent, URL string
			Allowed, Either             bool
		}
	}
	measureJSON(t, "robots_cases.json", &data)
	right, all := 0, 0
	for _, c := range data.Cases {
		if c.Cls != "rfc" {
			continue
		}
		all++
		if got := crawler.ParseRobots([]byte(c.Robots)).Allowed(c.Agent, c.URL); got == c.Allowed || c.Either {
			right++
		} else {
			t.Logf("%s: %s for %s: allowed %v", c.ID, c.URL, c.Agent, got)
		}
	}
	t.Logf("robots: %d of %d", right, all)
	if float64(right) < .98*float64(all) {
		t.Errorf("below the target of .98")
	}
}

func TestMeasureRobotsHTTP(t *testing.T) {
	var data struct{ HTTP []robotsHTTPCase }
	measureJSON(t, "robots_cases.json", &data)
	for _, c := range data.HTTP {
		t.Run(c.Name, func(t *testing.T) {
			site := robotsSite(t, c.serve(t))
			clock := &fetchClock{}
			f := newFetcher(t, crawler.Options{Now: clock.Now, Timeout: 2 * time.Second})
			allowed := false
			for range max(len(c.Sequence), 1) {
				_, err := f.Fetch(t.Context(), crawler.Request{URL: site.URL + "/page", AllowPrivate: true})
				allowed = err == nil
				clock.Advance(11 * time.Minute)
			}
			if c.PageAllowed != nil && !c.Either && allowed != *c.PageAllowed {
				t.Errorf("page allowed %v, want %v", allowed, *c.PageAllowed)
			}
			t.Logf("page allowed: %v", allowed)
		})
	}
}

func (c robotsHTTPCase) serve(t *testing.T) http.HandlerFunc {
	t.Helper()
	body := []byte(c.Body)
	if c.BodyHex != "" {
		var err error
		if body, err = hex.DecodeString(c.BodyHex); err != nil {
			t.Fatal(err)
		}
	}
	var asked atomic.Int32
	return func(w http.ResponseWriter, r *http.Request) {
		n := int(asked.Add(1))
		switch {
		case c.Hang:
			<-r.Context().Done()
		case c.RedirectTo != "":
			http.Redirect(w, r, c.RedirectTo, http.StatusFound)
		case n <= c.Redirects:
			http.Redirect(w, r, fmt.Sprintf("/robots-%d", n), http.StatusFound)
		case len(c.Sequence) > 0:
			s := c.Sequence[min(n, len(c.Sequence))-1]
			w.WriteHeader(s.Status)
			fmt.Fprint(w, s.Body)
		default:
			if c.Status != 0 {
				w.WriteHeader(c.Status)
			}
			w.Write(body)
		}
	}
}

func TestMeasureCanonical(t *testing.T) {
	var data struct {
		Pairs []struct {
			ID, A, B, Cls, Why string
			Same               bool
		}
	}
	measureJSON(t, "url_pairs.json", &data)
	merged, same, wrong := map[string]int{}, map[string]int{}, 0
	for _, p := range data.Pairs {
		a, _ := crawler.Canonical(p.A)
		b, _ := crawler.Canonical(p.B)
		if p.Same {
			same[p.Cls]++
			if a == b {
				merged[p.Cls]++
			}
		}
		if a == b && !p.Same && p.Cls == "core" {
			wrong++
		}
		if (a == b) != p.Same {
			t.Logf("%s (%s, %s): %s and %s", p.ID, p.Cls, p.Why, a, b)
		}
	}
	t.Logf("canonical: merged %v of %v same; %d different ones merged", merged, same, wrong)
	if wrong > 0 || float64(merged["core"]) < .93*float64(same["core"]) {
		t.Errorf("below the target: none wrong, .93 merged")
	}
}

func TestMeasureGuard(t *testing.T) {
	var bad struct{ URLs []struct{ URL, Cls string } }
	measureJSON(t, "ssrf.json", &bad)
	refused, all := 0, 0
	for _, u := range bad.URLs {
		if strings.Contains(u.URL, "{") || strings.HasPrefix(u.Cls, "dns") {
			continue // wants a server or a resolver of its own
		}
		all++
		if fault := crawler.CheckURL(t.Context(), u.URL); fault != nil {
			refused++
		} else {
			t.Logf("let through: %s (%s)", u.URL, u.Cls)
		}
	}
	var good struct{ URLs []string }
	measureJSON(t, "ssrf_allowed.json", &good)
	wrong := 0
	for _, u := range good.URLs {
		if fault := crawler.CheckURL(t.Context(), u); fault != nil {
			wrong++
			t.Logf("refused: %s: %v", u, fault)
		}
	}
	t.Logf("guard: %d of %d forbidden ones refused, %d of %d allowed ones refused", refused, all, wrong, len(good.URLs))
	if refused < all || wrong > 0 {
		t.Errorf("below the target: all forbidden ones, none allowed")
	}
}
