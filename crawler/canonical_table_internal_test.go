package crawler

import (
	"strings"
	"testing"
)

// Each line of the table does what it says: its names go in their case, with
// the parameter beside them kept, and stay in any other.
func TestCanonicalTable(t *testing.T) {
	going := map[canonicalWhen]string{always: "x1", channel: "weixin", random: "1795307400123", session: "0a1b2c3d4e5f60718293a4b5c6d7e8f9", moment: "1795307400"}
	seen := map[string]bool{}
	for _, r := range canonicalRules {
		if r.whose == "" {
			t.Errorf("%s: nobody's", r.names)
		}
		for name := range strings.FieldsSeq(r.names) {
			if seen[name] || name != strings.ToLower(name) {
				t.Errorf("%s stands twice or not in lower case", name)
			}
			seen[name] = true
			name = strings.Replace(name, "*", "x", 1)
			value, extra := going[r.when], ""
			if r.when == companion {
				value = r.values
			}
			if r.when == companion || r.when == moment {
				extra = "&utm_source=x"
				if got, _ := Canonical("http://a.example/?id=7&" + name + "=" + value); !strings.Contains(got, name) {
					t.Errorf("%s goes without another beside it", name)
				}
			}
			if got, _ := Canonical("http://a.example/?id=7&" + strings.ToUpper(name) + "=" + value + extra); got != "http://a.example/?id=7" {
				t.Errorf("%s=%s stays: %s", name, value, got)
			}
			if r.when == always {
				continue
			}
			if got, _ := Canonical("http://a.example/?id=7&" + name + "=2" + extra); !strings.Contains(got, name+"=2") {
				t.Errorf("%s=2 goes: %s", name, got)
			}
		}
	}
}
