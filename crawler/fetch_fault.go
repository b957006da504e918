package crawler

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"minsheng/opinion"
)

// fetchLongestWait caps a Retry-After: a site that says "tomorrow" is asked
// again sooner by the frontier's own rules, or not at all.
const fetchLongestWait = time.Hour

// statusFault is what a's status means, nil if it is an answer.
func (f *Fetcher) statusFault(a fetchAnswer) *opinion.Fault {
	if a.status/100 == 2 {
		return nil
	}
	host, status := a.url.Hostname(), strconv.Itoa(a.status)
	cause := fmt.Errorf("status %d from %s", a.status, a.url)
	var fault *opinion.Fault
	switch a.status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusProxyAuthRequired, http.StatusUnavailableForLegalReasons:
		return opinion.NewFault("fetch.forbidden", cause, host, status)
	case http.StatusNotFound, http.StatusGone:
		return opinion.NewFault("fetch.gone", cause, status)
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		fault = opinion.NewRetry("fetch.busy", cause, host, status)
	case http.StatusRequestTimeout, http.StatusTooEarly:
		fault = opinion.NewRetry("fetch.status", cause, host, status)
	default:
		fault = opinion.NewFault("fetch.status", cause, host, status)
		fault.Retry = a.status/100 == 5
	}
	if !fault.Retry {
		return fault
	}
	fault.After = fetchRetryAfter(a.header.Get("Retry-After"), f.now())
	return fault
}

// fetchRetryAfter reads the header (RFC 9110, 10.2.3): seconds or a date.
func fetchRetryAfter(value string, now time.Time) time.Duration {
	value = strings.TrimSpace(value)
	if value != "" && canonicalDigits(value) > 0 {
		if s, err := strconv.ParseInt(value, 10, 32); err == nil {
			return min(time.Duration(s)*time.Second, fetchLongestWait)
		}
		return fetchLongestWait // more seconds than a number holds
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	return min(max(at.Sub(now), 0), fetchLongestWait)
}

// errorFault is what an error on the way to u's answer means.
func (f *Fetcher) errorFault(u *url.URL, limit int64, err error) *opinion.Fault {
	host := u.Hostname()
	var (
		fault *opinion.Fault
		dns   *net.DNSError
		slow  net.Error
	)
	switch {
	case errors.As(err, &fault):
		return fault
	case errors.Is(err, context.Canceled):
		return opinion.NewRetry("fetch.cancelled", err)
	case errors.As(err, &dns):
		return opinion.NewRetry("fetch.dns", err, host)
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &slow) && slow.Timeout():
		return opinion.NewRetry("fetch.timeout", err, host)
	case errors.Is(err, errTooLarge):
		return opinion.NewFault("fetch.too_large", err, fetchSize(limit))
	case errors.Is(err, errEncoding), errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum):
		return opinion.NewFault("fetch.encoding", err, host)
	case fetchTLS(err):
		return opinion.NewRetry("fetch.tls", err, host)
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return opinion.NewRetry("fetch.connect", err, host)
	}
	return opinion.NewRetry("fetch.broken", err, host)
}

// fetchTLS reports whether err is about the encrypted connection.
func fetchTLS(err error) bool {
	var (
		certificate *tls.CertificateVerificationError
		record      tls.RecordHeaderError
		alert       tls.AlertError
		unknown     x509.UnknownAuthorityError
	)
	return errors.As(err, &certificate) || errors.As(err, &record) || errors.As(err, &alert) || errors.As(err, &unknown) ||
		strings.Contains(err.Error(), "server gave HTTP response to HTTPS client")
}

// fetchSize says a number of bytes as people do.
func fetchSize(n int64) string {
	if n >= 1<<20 {
		return fmt.Sprintf("%d MB", n>>20)
	}
	return fmt.Sprintf("%d KB", (n+1023)>>10)
}

// fetchResults are the words of Options.Observe for codes of faults; every
// other code is "failed".
var fetchResults = map[string]string{
	"fetch.robots": "robots", "fetch.robots_down": "robots",
	"fetch.private": "refused", "fetch.address": "refused", "fetch.scheme": "refused",
	"fetch.gone": "status", "fetch.forbidden": "status", "fetch.busy": "status", "fetch.status": "status",
	"fetch.timeout": "timeout", "fetch.too_large": "too_large", "fetch.turn": "postponed",
}

func fetchResult(fault *opinion.Fault) string {
	if r, ok := fetchResults[fault.Code]; ok {
		return r
	}
	return "failed"
}

// fetchUnzip undoes a gzip that is part of the content and not of the
// transport, as a sitemap.xml.gz has it, within the same bound.
func fetchUnzip(body []byte, limit int64, cut bool) ([]byte, error) {
	if !bytes.HasPrefix(body, []byte{0x1f, 0x8b, 8}) {
		return body, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errEncoding, err)
	}
	plain, err := io.ReadAll(&fetchBody{ReadCloser: z, left: limit, cut: cut})
	if err != nil && !errors.Is(err, errTooLarge) {
		err = fmt.Errorf("%w: %w", errEncoding, err)
	}
	return plain, err
}
