// Package crawler asks the public web for pages and reads what comes back.
//
// It has two halves. The fetching half brings the bytes of one URL: it judges
// the address (CheckURL), obeys robots.txt (ParseRobots, RFC 9309), bounds
// time, size and redirects, and says every failure in a sentence a person
// understands (Fetcher). The reading half makes feeds, sitemaps, list pages
// and articles out of bytes. Canonical tells which addresses name one page.
//
// What it will not do: log in anywhere or keep a cookie; reach a private
// address unless a source is allowed to, and then no other address than the
// source's own; ask for what robots.txt closes, not even through a redirect;
// go through a proxy it was not told of; choose what to fetch next or when:
// the frontier is the caller's, who learns a host's Crawl-delay from
// Fetcher.Delay. The pace of robots.txt and redirects is kept here
// (Request.Pause, fetch_turn.go).
//
// Start reading at Fetcher.Fetch (fetch.go), then robots.go and guard.go;
// canonical.go stands alone.
package crawler
