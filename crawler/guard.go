package crawler

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"syscall"
	"time"

	"minsheng/opinion"
)

// guardClosed are the IPv4 blocks no public page lives in: IANA's
// special-purpose registry (RFC 6890 and its updates), multicast and class E,
// and the one public address that a large cloud gives its metadata service.
var guardClosed = guardPrefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
	"172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
	"192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
	"224.0.0.0/4", "240.0.0.0/4",
	"168.63.129.16/32",
)

// guardGlobal6 is all of IPv6 that is routed between networks; guardClosed6
// are the blocks in it that lead elsewhere: protocol assignments with Teredo,
// documentation, 6to4. Everything outside of it, NAT64 (64:ff9b::/96) and
// mapped addresses among it, is closed already.
var (
	guardGlobal6 = netip.MustParsePrefix("2000::/3")
	guardClosed6 = guardPrefixes("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)

func guardPrefixes(blocks ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(blocks))
	for i, b := range blocks {
		out[i] = netip.MustParsePrefix(b)
	}
	return out
}

// guardLookupTime bounds the name lookup of CheckURL.
const guardLookupTime = 10 * time.Second

// guardPublic reports whether a is an address of the public internet.
func guardPublic(a netip.Addr) bool {
	if a.Is4In6() || a.Zone() != "" {
		return false // never the honest way to write a public address
	}
	if a.Is4() {
		return !guardWithin(a, guardClosed)
	}
	return guardGlobal6.Contains(a) && !guardWithin(a, guardClosed6)
}

func guardWithin(a netip.Addr, blocks []netip.Prefix) bool {
	for _, b := range blocks {
		if b.Contains(a) {
			return true
		}
	}
	return false
}

// guardControl is called with the very address a connection is about to be
// made to, after all name lookups, so that a name cannot be judged by one
// address and reached by another.
func guardControl(_ context.Context, _, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return opinion.NewFault("fetch.private", fmt.Errorf("read address %q: %w", address, err), address)
	}
	if !guardPublic(ap.Addr()) {
		return opinion.NewFault("fetch.private", errors.New("address is not public"), ap.Addr().String())
	}
	return nil
}

// guardLiteral judges an address written into u; a name passes, it is judged
// when it is dialled.
func guardLiteral(u *url.URL) *opinion.Fault {
	a, err := netip.ParseAddr(u.Hostname())
	if err != nil || guardPublic(a) {
		return nil
	}
	return opinion.NewFault("fetch.private", errors.New("address is not public"), u.Hostname())
}

// CheckURL judges raw as the fetcher would: only http and https, and only
// addresses of the public internet. Names are resolved, and refused where one
// of their addresses is private or where they have none; nothing is sent to
// the host. It returns nil for an address that may be asked.
func CheckURL(ctx context.Context, raw string) *opinion.Fault {
	return guardCheck(ctx, net.DefaultResolver.LookupNetIP, raw)
}

// guardLookup resolves a name, as (*net.Resolver).LookupNetIP does.
type guardLookup func(ctx context.Context, network, host string) ([]netip.Addr, error)

func guardCheck(ctx context.Context, lookup guardLookup, raw string) *opinion.Fault {
	u, fault := guardParse(raw)
	if fault != nil {
		return fault
	}
	host := u.Hostname()
	if _, err := netip.ParseAddr(host); err == nil {
		return guardLiteral(u)
	}
	ctx, cancel := context.WithTimeout(ctx, guardLookupTime)
	defer cancel()
	addrs, err := lookup(ctx, "ip", host)
	if err == nil && len(addrs) == 0 {
		err = errors.New("no address")
	}
	if err != nil {
		return opinion.NewRetry("fetch.dns", fmt.Errorf("look up %s: %w", host, err), host)
	}
	for _, a := range addrs {
		// a resolver may hand out IPv4 in its mapped form
		if !guardPublic(a.Unmap()) {
			return opinion.NewFault("fetch.private", fmt.Errorf("%s is at %s", host, a), host)
		}
	}
	return nil
}
