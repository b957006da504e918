// Package web serves the console: pages for press officers, analysts and
// administrators, the address at which programs push mentions, and what
// operators probe. Pages are rendered here, speak Chinese first and English
// beside it, and work without JavaScript; there is none.
//
// It decides nothing: it shows what the store and the index hold and records
// what people do. It shows no author and offers no search by one, because none
// is stored. Start reading at New; each page has a file of its own.
package web

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"minsheng/analysis"
	"minsheng/index"
	"minsheng/opinion"
	"minsheng/store"
)

// State is what pages ask of the store.
type State interface {
	store.Desk
	store.Grouping
	store.Words
	store.Corrector
	store.Vocabulary
	TopicSets(ctx context.Context, since time.Time, limit int) ([]store.TopicSet, error)
	store.People
	Sources(ctx context.Context) ([]store.SourceState, error)
	SetPaused(ctx context.Context, source string, paused bool, user string) error
	AskNow(ctx context.Context, source, user string) error
	CatchingUp(ctx context.Context) (store.CatchUp, error)
	Queues(ctx context.Context) ([]store.Queue, error)
	Posts(ctx context.Context, ids ...string) ([]store.Stored, error)
	DeletePost(ctx context.Context, id, user, reason string) error
	Tallies(ctx context.Context, s opinion.Series, from, until time.Time) ([]opinion.Tally, error)
	Deliveries(ctx context.Context, state opinion.DeliveryState, limit int) ([]opinion.Delivery, error)
	Redeliver(ctx context.Context, id int64, user string) error
	LastDelivered(ctx context.Context) (map[string]opinion.Receipt, error)
	Counts(ctx context.Context) (map[string]int, error)
	Value(ctx context.Context, key string) (string, error)
	SetValue(ctx context.Context, key, value string) error
}

// Channel is a way to reach people, as pages name it.
type Channel struct{ Name, Kind string }

// Mention is a pushed text.
type Mention struct {
	ID, Source              string
	Class                   opinion.Class
	Kind                    opinion.Kind
	URL, Title, Text        string
	Outlet, Speaker, Thread string
	Published               time.Time
}

// Options are what a Server is made of. Every field but Metrics is needed.
type Options struct {
	State     State
	Index     index.Index
	Now       func() time.Time // product time; sessions and the throttle use the wall clock
	Zone      *time.Location
	Office    string
	Version   string
	Log       *slog.Logger
	Channels  []Channel
	Tokens    map[string]string // name -> token of programs that push
	Secure    bool              // pages are reached by https alone
	Simulated bool              // the built-in city runs: pages say that all is invented
	Metrics   http.Handler
	Test      func(ctx context.Context, channel, user string) (opinion.Receipt, error)
	Push      func(ctx context.Context, token string, ms []Mention) (ids []string, fresh int, err error)
	Changed   func(ctx context.Context) error // after topics, words or places were edited
	// NewPassword is called after a user's password was changed.
	NewPassword func(ctx context.Context) error
	CheckTopic  func(t opinion.Topic) []opinion.Fault
	Cut         func(text string) []string // into words, as posts are cut when they are judged
	// Taught is what the program and the file say of words and places, beneath
	// what people save here.
	Taught func() (*analysis.Lexicon, []opinion.Place)
	Ready  func(ctx context.Context) error
}

// Server serves the console.
type Server struct {
	Options
	handler  http.Handler
	pages    pages
	throttle *throttle
	hashing  chan struct{} // has room for the passwords that are hashed at once
}

// New returns a Server.
func New(o Options) *Server {
	s := &Server{Options: o, throttle: newThrottle(wall), hashing: make(chan struct{}, mostHashing)}
	s.pages = parsePages(s)
	s.handler = s.routes()
	return s
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Time-outs of a connection. Writing is the longest: an export streams.
const (
	readHeader  = 10 * time.Second
	readAll     = 30 * time.Second
	writeAll    = 2 * time.Minute
	idleFor     = 2 * time.Minute
	endWithin   = 10 * time.Second
	headerBytes = 64 << 10
)

// Serve serves on l until ctx ends, then lets requests under way finish.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	server := &http.Server{
		Handler: s, ReadHeaderTimeout: readHeader, ReadTimeout: readAll, WriteTimeout: writeAll, IdleTimeout: idleFor,
		MaxHeaderBytes: headerBytes, ErrorLog: slog.NewLogLogger(s.Log.Handler(), slog.LevelWarn),
	}
	ended := make(chan error, 1)
	go func() {
		<-ctx.Done()
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), endWithin)
		defer cancel()
		err := server.Shutdown(late)
		if err != nil {
			err = errors.Join(err, server.Close())
		}
		ended <- err
	}()
	err := server.Serve(l)
	if !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-ended
}
