// Package opinion is the domain of Minsheng: what the other packages say to
// each other. A Source is read, a Post is accepted, a Verdict is formed on it,
// posts about one event make an Incident, and an Incident that turns against
// the police raises an Alert.
//
// It imports the standard library only, does no input or output, and holds no
// name, handle, avatar or profile of a person who posts: there is no field for
// one. Start reading at Post.
package opinion

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"
)

// Sentinels by meaning. A caller tests with errors.Is; the wrapped text says
// what was being done.
var (
	ErrNotFound  = errors.New("not found")
	ErrConflict  = errors.New("conflict")
	ErrInvalid   = errors.New("invalid")
	ErrLeaseLost = errors.New("lease lost")
)

// Kind says what sort of text a Post is.
type Kind string

// The kinds of text. Unknown is decided from the text by analysis.
const (
	Unknown Kind = ""
	News    Kind = "news"
	Social  Kind = "post"
	Reply   Kind = "reply"
	Board   Kind = "board"
)

// Class says what sort of site a Source is.
type Class string

// The classes of site.
const (
	Media     Class = "media"
	Forum     Class = "forum"
	BoardSite Class = "board"
	SocialNet Class = "social"
	Gov       Class = "gov"
)

// Classes lists every Class in the order in which pages show them.
var Classes = []Class{Media, Forum, BoardSite, SocialNet, Gov}

// Form says how a Source's address is read.
type Form string

// The forms of a source. Push has no address: its posts arrive at
// POST /api/v1/mentions.
const (
	FeedForm    Form = "feed"
	SitemapForm Form = "sitemap"
	ListForm    Form = "list"
	PageForm    Form = "page"
	PushForm    Form = "push"
)

// Forms lists every Form.
var Forms = []Form{FeedForm, SitemapForm, ListForm, PageForm, PushForm}

// Source is one place that is read. Name identifies it.
type Source struct {
	Name         string
	URL          string
	Form         Form
	Class        Class
	Zone         *time.Location // of times that state none; nil means the office's
	Every        time.Duration  // how often the address is asked
	Rate         time.Duration  // least time between two requests to one host
	Select       string         // CSS selector of the links on a list page; "" means all
	KeepAll      bool           // store posts that mention neither the police nor a topic
	AllowPrivate bool           // may lie at a loopback or private address
	Paused       bool
}

// Post is one public text, cleaned and masked, as it is stored.
type Post struct {
	ID        string // see PostID
	Source    string // Source.Name
	Class     Class
	Kind      Kind
	URL       string // canonical address, shown to people
	Thread    string // ID of the opening post or of the complaint; "" where this is it
	Title     string // as shown: original script, cleaned, masked
	Text      string // as shown; one block a line
	Outlet    string // for news, the medium that the page names as its origin
	Published time.Time
	Fetched   time.Time
	Voice     uint64 // keyed hash of who speaks, 0 where unknown; see docs/architecture.md
	Revision  int    // 1 when first seen, one more each time the text changed
	Flags     []string
}

// headingSize is how many characters a heading has at most.
const headingSize = 40

// Heading is the title of a post, or the first line of its text, short enough to
// name an incident.
func (p Post) Heading() string {
	h := p.Title
	if h == "" {
		h, _, _ = strings.Cut(p.Text, "\n")
	}
	if r := []rune(h); len(r) > headingSize {
		return string(r[:headingSize]) + "…"
	}
	return h
}

// PostID derives a post's identity from what names it: its canonical URL, for
// a reply also its anchor, for a pushed text the caller's id.
func PostID(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// Attitude is a judgement of a text, never of a person.
type Attitude string

// The three attitudes.
const (
	Negative Attitude = "neg"
	Neutral  Attitude = "neu"
	Positive Attitude = "pos"
)

// Attitudes lists every Attitude in the order in which pages show them.
var Attitudes = []Attitude{Negative, Neutral, Positive}

// Evidence is a span of the folded text that moved a verdict. Start and End
// count code points into the folded text (title, line break, text); Weight is
// negative where it speaks against the police.
type Evidence struct {
	Start  int     `json:"start"`
	End    int     `json:"end"`
	Text   string  `json:"text"`
	Weight float64 `json:"weight"`
	Why    string  `json:"why"`
}

// Verdict is what analysis says of one Post. The same post and the same
// Version give the same Verdict.
type Verdict struct {
	PostID         string
	Version        string // of lexicon, rules and weights together
	Folded         string // title, line break, text: simplified, NFKC, masked
	Kind           Kind   // decided where the post's is Unknown
	Lang           string // "zh", "en", "" where there are no letters
	MentionsPolice bool
	Inherited      bool // topics or mention come from the opening post
	Attitude       Attitude
	Score          float64 // p(pos) - p(neg), -1 to 1; low is negative
	Confidence     float64 // 0 to 1, of the attitude
	Uncertain      bool
	Tone           Attitude // of the event for news, of the writer for posts
	ToneScore      float64
	ToneConfidence float64
	Topics         []string // Topic.Name
	Places         []string // Place.Name
	Evidence       []Evidence
	Print          []uint32 // sampled shingles; see analysis.Print
	Rare           []string // words and numbers by which follow-ups find an incident
	Flags          []string
}

// Topic is a readable word rule. A text matches where it holds one of Any (or
// Any is empty), every one of All, and none of None. A word of several
// alternatives is written with bars: "窗口|大厅". A word in quotes is taken to
// the letter.
type Topic struct {
	Name  string   `json:"name"`
	Any   []string `json:"any,omitempty"`
	All   []string `json:"all,omitempty"`
	None  []string `json:"none,omitempty"`
	Watch bool     `json:"watch"` // whether it may raise an alert
}

// AllPolice is the name of the series of everything that mentions the police.
const AllPolice = "涉警总体"

// Place is a district, station or road of the office's area. Its name always
// means it. Where it has Context, an alias means it only in a text that holds
// one of those words or the name: so names that two places share, or that are
// ordinary words, are told apart.
type Place struct {
	Name    string   `json:"name"`
	Aliases []string `json:"aliases,omitempty"`
	Context []string `json:"context,omitempty"`
}

// Incident is a group of posts about one event. ID is the ID of its first
// post.
type Incident struct {
	ID        string
	Title     string
	First     time.Time // earliest publication
	Last      time.Time // latest publication
	Posts     int
	Negatives int
}
