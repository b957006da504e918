// Package city is a simulated town: it serves, over real HTTP on loopback, the
// sites of a town that does not exist, for the first start, for drills and for
// tests. Everything in it is invented: the town, its districts, streets,
// police stations, papers and people, and every word that is published there.
// Likeness to a real place, office or event is chance.
//
// A police bureau, two papers, a forum, a citizens' message board and a
// public-notice site publish as the clock runs; at a set hour a Story unfolds.
// All of it follows from a seed, so that two cities of one seed are the same to
// the letter. The past is the fourteen days before Config.Start.
//
// It measures nothing: texts that we wrote ourselves say nothing about how well
// real ones are understood. Nothing but a configuration knows the city; no
// other part of Minsheng asks whether a source is simulated.
//
// Start reading at Open; world.go holds what is published, ordinary.go and
// story.go how it is written, the files under text/ the words.
package city

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"minsheng/opinion"
)

// Config says which city is to be opened, and where. Every field but Seed
// must be set; Story may be left empty for None.
type Config struct {
	Seed   uint64
	Story  Story
	Listen string           // host:port; the sites take this port and the six after it, or, for port 0, free ones
	Start  time.Time        // when the city is first visited
	Now    func() time.Time // the clock that the city shares with its visitors
	Log    *slog.Logger
}

// Site is an address of the city as a configuration would list it.
type Site struct {
	Name  string
	URL   string
	Form  opinion.Form
	Class opinion.Class
}

// City is an open city. Its methods are safe for concurrent use.
type City struct {
	world   *world
	now     func() time.Time
	log     *slog.Logger
	bases   [sites + 1]string // the addresses of the sites and of the chat, without a slash
	servers []*http.Server
	running sync.WaitGroup
	chat    *chat
	refused *counter
}

// Open listens on seven ports and serves in the background until Close. A port
// that cannot be had is an error that names its address, and nothing stays open.
func Open(cfg Config) (*City, error) {
	story := cmp.Or(cfg.Story, None)
	if story != Clerk && story != OpenDay && story != None {
		return nil, fmt.Errorf("open city: no story is called %q: %w", story, opinion.ErrInvalid)
	}
	w, err := newWorld(cfg.Seed, story, cfg.Start)
	if err != nil {
		return nil, fmt.Errorf("open city: %w", err)
	}
	listeners, err := listen(cfg.Listen)
	if err != nil {
		return nil, fmt.Errorf("open city: %w", err)
	}
	c := &City{world: w, now: cfg.Now, log: cfg.Log, chat: newChat(cfg.Now), refused: &counter{}}
	for i, l := range listeners {
		c.bases[i] = "http://" + l.Addr().String()
	}
	for i, l := range listeners {
		c.serve(l, c.handler(i))
	}
	c.log.Debug("city opened", "town", w.town.name, "story", string(story), "first", c.bases[0])
	return c, nil
}

// listen takes all ports or none.
func listen(first string) ([]net.Listener, error) {
	host, port, err := net.SplitHostPort(first)
	if err != nil {
		return nil, fmt.Errorf("read address %q: %w", first, err)
	}
	base, err := strconv.ParseUint(port, 10, 16)
	if err != nil || base+sites > 65535 {
		return nil, fmt.Errorf("read address %q: the port and the six after it must lie below 65536: %w", first, opinion.ErrInvalid)
	}
	var out []net.Listener
	for i := range sites + 1 {
		n := base
		if base != 0 {
			n += uint64(i)
		}
		addr := net.JoinHostPort(host, strconv.FormatUint(n, 10))
		l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", addr)
		if err != nil {
			for _, l := range out {
				err = errors.Join(err, l.Close())
			}
			return nil, fmt.Errorf("listen on %s: %w", addr, err)
		}
		out = append(out, l)
	}
	return out, nil
}

func (c *City) serve(l net.Listener, h http.Handler) {
	s := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      20 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(c.log.Handler(), slog.LevelDebug),
	}
	c.servers = append(c.servers, s)
	c.running.Go(func() {
		if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			c.log.Error("a site of the city stopped", "address", l.Addr().String(), "error", err)
		}
	})
}

// Close stops serving, lets requests under way finish for a second, and waits
// for all goroutines.
func (c *City) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	var errs []error
	for _, s := range c.servers {
		if err := s.Shutdown(ctx); err != nil {
			errs = append(errs, s.Close())
		}
	}
	c.running.Wait()
	return errors.Join(errs...)
}

// Town is the name of the invented town.
func (c *City) Town() string { return c.world.town.name }

// Sites lists what a configuration would name as sources. Papers and forum
// have two each: what is new, and what leads to the past.
func (c *City) Sites() []Site {
	t := c.world.town
	return []Site{
		{t.bureau(), c.bases[bureauSite] + "/tzgg/index.html", opinion.ListForm, opinion.Gov},
		{t.paperA, c.bases[paperA] + "/rss.xml", opinion.FeedForm, opinion.Media},
		{t.paperA + "·往期", c.bases[paperA] + "/sitemap.xml", opinion.SitemapForm, opinion.Media},
		{t.paperB, c.bases[paperB] + "/rss.xml", opinion.FeedForm, opinion.Media},
		{t.paperB + "·往期", c.bases[paperB] + "/sitemap_index.xml", opinion.SitemapForm, opinion.Media},
		{t.forum(), c.bases[forumSite] + "/forum-2-1.html", opinion.ListForm, opinion.Forum},
		{t.forum() + "·新帖", c.bases[forumSite] + "/feed.json", opinion.FeedForm, opinion.Forum},
		{t.board(), c.bases[boardSite] + "/ask/list", opinion.ListForm, opinion.BoardSite},
		{t.notices(), c.bases[noticeSite] + "/atom.xml", opinion.FeedForm, opinion.Gov},
	}
}

// ChatURL is the incoming webhook of the city's Slack-compatible endpoint.
func (c *City) ChatURL() string { return c.bases[sites] + "/services/T0CITY/B0PRESS/invented" }

// StoryFrom is the onset of the story, forty minutes after the start.
func (c *City) StoryFrom() time.Time { return c.world.storyFrom() }

// StoryUntil is when the story has died down, six hours after the start.
func (c *City) StoryUntil() time.Time { return c.world.storyUntil() }

// Messages lists what the Slack-compatible endpoint accepted, oldest first: at
// most the last 200.
func (c *City) Messages() []Message { return c.chat.list() }

// Trespasses counts the requests for pages that a robots.txt of the city
// forbids.
func (c *City) Trespasses() int { return c.refused.read() }
