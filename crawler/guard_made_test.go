package crawler_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"minsheng/crawler"
)

// Every way in which a browser reads an address of IPv4, for one address of
// every closed block: all are refused, and for that reason.
func TestGuardKnowsEverySpelling(t *testing.T) {
	wide := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r >= '!' && r <= '~' {
				return r + 0xFEE0
			}
			return r
		}, s)
	}
	spellings := map[string]func(a [4]byte) string{
		"dotted":                          func(a [4]byte) string { return netip.AddrFrom4(a).String() },
		"final dot":                       func(a [4]byte) string { return netip.AddrFrom4(a).String() + "." },
		"number":                          func(a [4]byte) string { return fmt.Sprint(number32(a)) },
		"hexadecimal number":              func(a [4]byte) string { return fmt.Sprintf("0x%x", number32(a)) },
		"hexadecimal, capitals and zeros": func(a [4]byte) string { return fmt.Sprintf("0X000%08X", number32(a)) },
		"octal number":                    func(a [4]byte) string { return fmt.Sprintf("0%o", number32(a)) },
		"hexadecimal parts":               func(a [4]byte) string { return fmt.Sprintf("0x%x.0x%x.0x%x.0x%x", a[0], a[1], a[2], a[3]) },
		"octal parts":                     func(a [4]byte) string { return fmt.Sprintf("0%o.0%o.0%o.0%o", a[0], a[1], a[2], a[3]) },
		"octal with zeros":                func(a [4]byte) string { return fmt.Sprintf("00%03o.%d.%d.%d", a[0], a[1], a[2], a[3]) },
		"mixed":                           func(a [4]byte) string { return fmt.Sprintf("0x%x.0%o.%d.%d", a[0], a[1], a[2], a[3]) },
		"two parts":                       func(a [4]byte) string { return fmt.Sprintf("%d.%d", a[0], number32(a)&0xFFFFFF) },
		"three parts":                     func(a [4]byte) string { return fmt.Sprintf("%d.%d.%d", a[0], a[1], number32(a)&0xFFFF) },
		"two parts in hexadecimal":        func(a [4]byte) string { return fmt.Sprintf("0x%x.0x%x", a[0], number32(a)&0xFFFFFF) },
		"full width":                      func(a [4]byte) string { return wide(netip.AddrFrom4(a).String()) },
		"full-width number":               func(a [4]byte) string { return wide(fmt.Sprint(number32(a))) },
		"ideographic stops":               func(a [4]byte) string { return strings.ReplaceAll(netip.AddrFrom4(a).String(), ".", "。") },
		"half-width stops":                func(a [4]byte) string { return strings.ReplaceAll(netip.AddrFrom4(a).String(), ".", "｡") },
		"percent":                         func(a [4]byte) string { return percented(netip.AddrFrom4(a).String()) },
		"percent of full width":           func(a [4]byte) string { return percented(wide(netip.AddrFrom4(a).String())) },
		"soft hyphen":                     func(a [4]byte) string { return "\u00ad" + netip.AddrFrom4(a).String() },
		"user":                            func(a [4]byte) string { return "tongxi.example@" + netip.AddrFrom4(a).String() },
		"user and port":                   func(a [4]byte) string { return "tongxi.example:80@" + netip.AddrFrom4(a).String() + ":80" },
		"two users":                       func(a [4]byte) string { return "a@tongxi.example@" + netip.AddrFrom4(a).String() },
		"port":                            func(a [4]byte) string { return netip.AddrFrom4(a).String() + ":8080" },
		"backslash":                       func(a [4]byte) string { return netip.AddrFrom4(a).String() + `\@tongxi.example` },
		"mapped":                          func(a [4]byte) string { return "[::ffff:" + netip.AddrFrom4(a).String() + "]" },
		"mapped, hexadecimal":             func(a [4]byte) string { return fmt.Sprintf("[::ffff:%02x%02x:%02x%02x]", a[0], a[1], a[2], a[3]) },
		"mapped, long": func(a [4]byte) string {
			return fmt.Sprintf("[0:0:0:0:0:FFFF:%02X%02X:%02X%02X]", a[0], a[1], a[2], a[3])
		},
		"compatible":         func(a [4]byte) string { return "[::" + netip.AddrFrom4(a).String() + "]" },
		"translated":         func(a [4]byte) string { return "[::ffff:0:" + netip.AddrFrom4(a).String() + "]" },
		"NAT64":              func(a [4]byte) string { return "[64:ff9b::" + netip.AddrFrom4(a).String() + "]" },
		"NAT64 of a network": func(a [4]byte) string { return fmt.Sprintf("[64:ff9b:1::%02x%02x:%02x%02x]", a[0], a[1], a[2], a[3]) },
		"6to4":               func(a [4]byte) string { return fmt.Sprintf("[2002:%02x%02x:%02x%02x::1]", a[0], a[1], a[2], a[3]) },
		"Teredo":             func(a [4]byte) string { return fmt.Sprintf("[2001:0:%02x%02x:%02x%02x::1]", a[0], a[1], a[2], a[3]) },
	}
	for _, address := range []string{
		"127.0.0.1", "127.255.255.254", "10.0.0.7", "172.16.9.1", "192.168.100.1", "169.254.169.254", "100.100.100.200", "192.0.0.192",
		"198.18.0.5", "224.0.0.251", "239.255.255.250", "240.0.0.1", "255.255.255.255", "0.0.0.0", "0.1.2.3", "168.63.129.16",
	} {
		a := netip.MustParseAddr(address).As4()
		for name, spell := range spellings {
			for _, scheme := range []string{"http", "https"} {
				raw := scheme + "://" + spell(a) + "/"
				if fault := crawler.CheckURL(t.Context(), raw); fault == nil || fault.Code != "fetch.private" {
					t.Errorf("%s of %s: CheckURL(%q) = %v, want fetch.private", name, address, raw, fault)
				}
			}
		}
	}
	// The same spellings of a public address are no reason to refuse it, but for
	// those in which IPv6 carries IPv4.
	public := [4]byte{9, 9, 9, 9}
	for name, spell := range spellings {
		raw := "http://" + spell(public) + "/"
		fault := crawler.CheckURL(t.Context(), raw)
		if carried := strings.Contains(raw, "["); (fault != nil) != carried {
			t.Errorf("%s: CheckURL(%q) = %v, want refused %v", name, raw, fault, carried)
		}
	}
}

func number32(a [4]byte) uint32 {
	return uint32(a[0])<<24 | uint32(a[1])<<16 | uint32(a[2])<<8 | uint32(a[3])
}

func percented(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, "%%%02x", s[i])
	}
	return b.String()
}

// A name that points to a public address when it is judged and to this machine
// when it is dialled is refused with nothing sent: at first, behind a redirect,
// and where robots.txt is asked for. The resolver here answers the first time
// with a public address and with loopback ever after.
func TestGuardOutlivesRebinding(t *testing.T) {
	var asked atomic.Int32
	resolveBy(t, func(name string) netip.Addr {
		if name != "rebind.example." {
			return netip.Addr{}
		}
		if asked.Add(1) == 1 {
			return netip.MustParseAddr("9.9.9.9")
		}
		return netip.MustParseAddr("127.0.0.1")
	})
	canary := newFetchSite(t, func(http.ResponseWriter, *http.Request) {})
	_, port, _ := strings.Cut(canary.Listener.Addr().String(), ":")
	target := "http://rebind.example:" + port + "/"
	if fault := crawler.CheckURL(t.Context(), target); fault != nil {
		t.Fatalf("the first answer is public: %v", fault)
	}
	f := newFetcher(t, crawler.Options{})
	_, err := f.Fetch(t.Context(), crawler.Request{URL: target})
	wantFault(t, err, "fetch.private")
	site := newFetchSite(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/moved" {
			http.Redirect(w, r, target, http.StatusFound)
		}
	})
	_, err = f.Fetch(t.Context(), crawler.Request{URL: site.URL + "/moved", AllowPrivate: true})
	wantFault(t, err, "fetch.private")
	if asked.Load() < 2 {
		t.Errorf("the name was looked up %d times: nothing was rebound", asked.Load())
	}
	if n := canary.connections(); n != 0 {
		t.Errorf("%d connections to this machine, want none", n)
	}
}

// resolveBy makes the resolver of this process ask a server that answers
// questions for IPv4 by answer; the zero address says that there is none.
func resolveBy(t *testing.T, answer func(name string) netip.Addr) {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		buf := make([]byte, 512)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			q := m.Questions[0]
			m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
			if q.Type == dnsmessage.TypeA {
				if a := answer(q.Name.String()); a.IsValid() {
					m.Answers = []dnsmessage.Resource{{
						Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class},
						Body:   &dnsmessage.AResource{A: a.As4()},
					}}
				}
			}
			if out, err := m.Pack(); err == nil {
				_, _ = conn.WriteTo(out, from) // who does not hear it asks again
			}
		}
	}()
	old := net.DefaultResolver
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
	t.Cleanup(func() {
		net.DefaultResolver = old
		conn.Close()
		<-done
	})
}
