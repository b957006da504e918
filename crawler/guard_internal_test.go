package crawler

import (
	"context"
	"net"
	"net/netip"
	"net/url"
	"testing"
)

// noNames is a resolver that knows no name.
func noNames(_ context.Context, _, host string) ([]netip.Addr, error) {
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

func TestGuardJudgesEveryAddressOfAName(t *testing.T) {
	for _, c := range []struct {
		name  string
		addrs []string
		want  string
	}{
		{"public", []string{"9.9.9.9", "2606:4700::1111"}, ""},
		{"public in mapped form", []string{"::ffff:9.9.9.9"}, ""},
		{"private", []string{"10.1.2.3"}, "fetch.private"},
		{"one of two is loopback", []string{"9.9.9.9", "127.0.0.1"}, "fetch.private"},
		{"unique local", []string{"fd00::1"}, "fetch.private"},
		{"no address", nil, "fetch.dns"},
	} {
		t.Run(c.name, func(t *testing.T) {
			lookup := func(context.Context, string, string) ([]netip.Addr, error) {
				var out []netip.Addr
				for _, a := range c.addrs {
					out = append(out, netip.MustParseAddr(a))
				}
				return out, nil
			}
			got := ""
			if fault := guardCheck(t.Context(), lookup, "http://news.example/a"); fault != nil {
				got = fault.Code
			}
			if got != c.want {
				t.Errorf("guard = %q, want %q", got, c.want)
			}
		})
	}
}

// A name that is public when it is judged and private when it is dialled is
// refused at the socket.
func TestGuardJudgesTheAddressDialled(t *testing.T) {
	for address, public := range map[string]bool{
		"127.0.0.1:80": false, "[::1]:443": false, "10.0.0.1:80": false, "[64:ff9b::a00:1]:80": false,
		"no address": false, "9.9.9.9:80": true, "[2606:4700::1111]:443": true,
	} {
		if err := guardControl(t.Context(), "tcp", address, nil); (err == nil) != public {
			t.Errorf("dial %s: %v, want public %v", address, err, public)
		}
	}
}

func TestLanesUseNoProxy(t *testing.T) {
	f := NewFetcher(Options{Agent: "minsheng"})
	defer f.Close()
	if f.public.transport.Proxy != nil || f.private.transport.Proxy != nil {
		t.Error("a proxy stands between the guard and the connection")
	}
}

func FuzzGuard(f *testing.F) {
	for _, s := range []string{
		"http://2130706433/", "http://127.1", "http://0x7f.1/", "http://１２７。０。０。１/", "http://a@127.0.0.1",
		"http://[::ffff:127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://h:99999/", "file:///etc/passwd", "http://9.9.9.9/",
		"http://%31%32%37.0.0.1/", "http:\\\\127.0.0.1\\", "http://0177.1/", "http://127.0.0.1.", "http://[::]/", "//x", "http://\xff/",
		"http://news.example:8080/a/%E6%96%B0..b/?q=1&r=(2)+@*$!;,:~", "https://9.9.9.9:443/a", "http://a-b.example/a/..",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		looked := ""
		lookup := func(ctx context.Context, network, host string) ([]netip.Addr, error) {
			looked = host
			return noNames(ctx, network, host)
		}
		if plain, ok := guardPlain(raw); ok {
			w, err := guardReader().Parse(raw)
			if full, fault := guardAccept(raw, w, err); fault != nil || full.String() != plain.String() {
				t.Errorf("%q is not plain: %v, %v", raw, full, fault)
			}
		}
		fault := guardCheck(t.Context(), lookup, raw)
		if _, err := netip.ParseAddr(looked); err == nil {
			t.Errorf("%q: the address %s was looked up as a name", raw, looked)
		}
		if fault != nil {
			return
		}
		u, fault := guardParse(raw)
		if fault != nil {
			t.Fatalf("%q: allowed, then not parsed: %v", raw, fault)
		}
		a, err := netip.ParseAddr(u.Hostname())
		if err != nil {
			t.Fatalf("%q: allowed %s, a name without address", raw, u.Host)
		}
		if !a.IsGlobalUnicast() || a.IsPrivate() || a.IsLoopback() || a.Is4In6() {
			t.Errorf("%q: allowed %s", raw, a)
		}
		again, err := url.Parse(u.String())
		if err != nil || again.Hostname() != u.Hostname() {
			t.Errorf("%q: %s is dialled as %v", raw, u, again)
		}
	})
}
