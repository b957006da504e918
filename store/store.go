// Package store is the state contract: what must survive a crash. Sources and
// their frontier, posts and verdicts, tallies, incidents, alerts, deliveries,
// people and the audit log live behind it.
//
// There is no bare enqueue. A task comes into being only inside a verb
// (Accept, Judge, Raise, Reanalyse), in the same commit as the state that
// causes it, so there is never state without work or work without state. Every
// verb is one transaction, may be repeated after a crash, and leaks neither
// *sql.Tx nor an engine's query text.
//
// One behavioural suite, storetest, runs over every implementation. Callers
// declare the few methods they need as an interface of their own; Store is the
// whole, for app and the suite. Start reading at Work.
package store

import (
	"context"
	"time"

	"minsheng/opinion"
)

// Store is everything together.
type Store interface {
	Frontier
	Work
	Watch
	Outbox
	Desk
	Grouping
	Archive
	Words
	Corrector
	Vocabulary
	Survey
	People
	Keeper
}

// Role says how a fetched address is read.
type Role string

// The roles of an address. An entry is a source's own address and is asked
// again and again; an index is a further list page or a child sitemap; a page
// holds posts.
const (
	EntryRole Role = "entry"
	IndexRole Role = "index"
	PageRole  Role = "page"
)

// Link is an address found on another, with the time that was said of it there.
type Link struct {
	URL       string // canonical
	Role      Role
	Published time.Time // zero where not said
}

// Fetch is a leased address of the frontier.
type Fetch struct {
	ID           int64
	URL          string
	Source       string
	Role         Role
	Depth        int // 0 for an entry
	First        bool
	ETag         string
	LastModified string
	Published    time.Time // as the link said
	Changed      time.Time // when its content last differed; zero before the first fetch
	FullAt       time.Time // last fetch that was not answered by 304
	Attempts     int       // failed ones since the last success
	Token        int64     // of the lease
}

// Outcome is what became of a Fetch.
type Outcome struct {
	Fault        *opinion.Fault // nil where all went well
	NotModified  bool
	Changed      bool // the content differs from the last time
	ETag         string
	LastModified string
	Links        []Link
	Posts        int           // accepted from it
	Read         int           // posts on it, known ones too
	Future       int           // of these, those that gave a time in the future
	Next         time.Time     // when to ask again; zero means never (or, with a Fault, dead)
	NextNew      time.Time     // instead of Next where a link or a post was new; zero means Next
	Delay        time.Duration // pause of the host, where robots.txt asks for more than the source
	Postponed    bool          // it was not asked, its host's turn did not come: due again at Next as its whole host is, nothing else is recorded
}

// MaxWaiting is how many addresses of one source may wait. Links beyond it are
// left out with a Fault on the source; the list or sitemap that named them is
// asked again later.
const MaxWaiting = 100_000

// Finished is a Fetch with what became of it.
type Finished struct {
	Fetch
	Outcome Outcome
}

// Frontier is what to fetch, and when.
type Frontier interface {
	// SyncSources makes the stored sources those given. New ones are due at
	// once, their first pass open; vanished ones stop and keep their record. A
	// person's pause stays until the file's own changes. ErrInvalid where two
	// share a name or an address.
	SyncSources(ctx context.Context, sources []opinion.Source) error
	// LeaseFetches returns up to n due addresses, at most one for each host
	// whose pause is over (several, in turns, where the pause is a few
	// milliseconds), and pauses each host for its source's Rate (or the longer
	// delay it asked for). Entries come before lists, lists before
	// pages, and what a first pass found after both, unless its link says that
	// it is fresh. Nobody else gets them until hold has passed.
	LeaseFetches(ctx context.Context, n int, hold time.Duration) ([]Fetch, error)
	// FinishFetch records the outcome, adds the links that are new (a known
	// page whose link now says a later time than its last change falls due
	// again) as far as MaxWaiting allows, and moves the source's mark. Of an
	// address that is not asked again only a hash stays, by which it is known.
	// ErrLeaseLost where another holds it.
	FinishFetch(ctx context.Context, f Fetch, o Outcome) error
	// FinishFetches records several outcomes in one commit. ErrLeaseLost names
	// those that another holds; the rest is done.
	FinishFetches(ctx context.Context, all []Finished) error
	// NextFetch is when the next address may be asked; zero where none is due.
	NextFetch(ctx context.Context) (time.Time, error)
	// Sources lists every source's state by name.
	Sources(ctx context.Context) ([]SourceState, error)
	// SetPaused stops or resumes a source, recorded under the user's name.
	SetPaused(ctx context.Context, source string, paused bool, user string) error
	// AskNow makes a source's entry due at once.
	AskNow(ctx context.Context, source, user string) error
	// CatchingUp says whether the past is still being gathered: sources whose
	// first pass is open, and analyse tasks that are not about fresh posts. An
	// address that failed three times is not waited for; what it links to when
	// it answers after all opens the first pass again.
	CatchingUp(ctx context.Context) (CatchUp, error)
	// Volume lists the hours since a time in which a source brought new posts
	// after its first pass, in time order.
	Volume(ctx context.Context, source string, since time.Time) ([]Hour, error)
	// SetAilments records what is wrong with a source; none is well.
	SetAilments(ctx context.Context, source string, all []Ailment) error
	// Lively lists the sources with posts in an incident whose alert was last
	// seen since a time and is not closed.
	Lively(ctx context.Context, since time.Time) ([]string, error)
}

// SourceState is what a source's row on the page says.
type SourceState struct {
	opinion.Source
	Active    bool // in the configuration
	FirstDone time.Time
	Pending   int // addresses of it that wait
	Tried     time.Time
	OK        time.Time // last success
	NewPost   time.Time // last new post
	Posts     int
	Failures  int            // since the last success
	Fault     *opinion.Fault // the last one, kept after a success with its time
	FaultURL  string
	FaultAt   time.Time
	Score     float64   // share of fetches that failed of late, 0 to 1; see Severity
	Login     float64   // share of fetches of late that a login page answered
	Future    float64   // share of posts of late that gave a time in the future
	Empty     int       // times in a row that the source's address held no link and no post
	Ailments  []Ailment // as last judged
}

// CatchUp says how far the gathering of the past is.
type CatchUp struct {
	Sources []string // whose first pass is open
	Pages   int      // addresses of first passes that wait
	Posts   int      // analyse tasks of posts that are not fresh
}

// TaskKind says what a task asks for.
type TaskKind string

// The kinds of task.
const (
	Analyse TaskKind = "analyse" // Ref: post ID
	Index   TaskKind = "index"   // Ref: post ID; a post that is gone is deleted there
	Look    TaskKind = "watch"   // Ref: topic, line break, place
	Notify  TaskKind = "notify"  // Ref: delivery ID
)

// Task is a leased piece of work.
type Task struct {
	ID       int64
	Kind     TaskKind
	Ref      string
	Attempts int
	Queued   time.Time
	Token    int64
}

// Queue describes the tasks of one kind.
type Queue struct {
	Kind   TaskKind
	Length int
	Oldest time.Time // when the longest waiting due one was queued; zero where none
}

// Stored is a post as it lies in the store.
type Stored struct {
	opinion.Post
	Verdict  opinion.Verdict // PostID "" where not judged yet; corrections laid over
	Incident string
	Near     string // ID of the earlier post with the same text, "" where it is the first
	Version  int64  // grows with each change; what the index orders by
	// Correction is a person's word, already laid over Verdict; nil where none is.
	Correction *Correction
}

// Judgement is a Verdict with its place among the other posts.
type Judgement struct {
	Task     Task
	Verdict  opinion.Verdict
	Drop     bool   // mentions neither police nor topic: keep the hash only
	Incident string // ID of the incident, the post's own ID where it starts one
	Near     string
	Title    string  // of the incident, used where it is new
	Masked   *Masked // nil where the post is stored as it is masked today
}

// Work is the way of a post from Accept to the index.
type Work interface {
	// Accept stores new posts and new revisions of known ones, each with its
	// analyse task, and returns how many were new or changed. A post whose
	// text, title and time are as before changes nothing; so does one that was
	// dropped earlier with the same text.
	Accept(ctx context.Context, posts []opinion.Post) (int, error)
	// Lease takes up to n due tasks of a kind for hold; fresh posts (published
	// within three hours) come before those of the past, then what fell due
	// first.
	Lease(ctx context.Context, kind TaskKind, n int, hold time.Duration) ([]Task, error)
	// Done ends tasks. One that fell due again meanwhile stays.
	// ErrLeaseLost names those that another worker holds; the rest is done.
	Done(ctx context.Context, tasks ...Task) error
	// Later gives a task back, due at the given time, with the reason. failed
	// says whether it counts as an attempt.
	Later(ctx context.Context, t Task, due time.Time, reason string, failed bool) error
	// Judge commits verdicts: incident link, tallies (keyed by post: judging
	// twice changes nothing), index task, and, where a negative post is
	// published within the last three hours, watch tasks due when its bucket
	// ends. It ends the analyse task. A zero Task asks for no lease;
	// ErrLeaseLost names those that another worker holds, the rest is done.
	//
	// What was masked again takes the place of what the post said, and of what
	// incidents and alerts took from it: the words that were stored before are
	// kept nowhere. That is no new revision, and Accept knows the post by its
	// new text. A post that fell due again meanwhile keeps its text until then.
	Judge(ctx context.Context, js []Judgement) error
	// Posts returns the stored posts among ids, in the order of ids.
	Posts(ctx context.Context, ids ...string) ([]Stored, error)
	// Remembered yields the judged posts published since a time, in the order
	// in which they were first judged: what the grouping of incidents needs to
	// go on after a restart.
	Remembered(ctx context.Context, since time.Time, each func(Memory) error) error
	// Regroupings lists what people said of where posts belong, later than seq,
	// in the order in which it was said.
	Regroupings(ctx context.Context, seq int64) ([]Regrouping, error)
	// Reanalyse queues every post whose verdict has another version, newest
	// first, and returns how many.
	Reanalyse(ctx context.Context, version string) (int, error)
	// Reindex queues every judged post for the index and returns how many.
	Reindex(ctx context.Context) (int, error)
	// Queues describes the work that waits.
	Queues(ctx context.Context) ([]Queue, error)
	// NextTask is when the next task of a kind falls due; zero where none.
	NextTask(ctx context.Context, kind TaskKind) (time.Time, error)
}

// Memory is what grouping needs of a judged post.
type Memory struct {
	ID, Near, Incident string
	Kind               opinion.Kind
	Thread             string
	Published          time.Time
	Print              []uint32
	Rare               []string
	Places             []string
	Length             int // code points of the folded text
}

// Mark is one post's share in a series.
type Mark struct {
	Post      string
	Published time.Time
	Negative  bool
	Voice     uint64 // 0 where unknown or destroyed
	Text      string // ID of the first post with this text
	Source    string
	Incident  string
}

// Watch is what the detector reads, and the verb that tells people.
type Watch interface {
	// Tallies returns the buckets of a series in [from, until) that hold
	// posts, in time order.
	Tallies(ctx context.Context, s opinion.Series, from, until time.Time) ([]opinion.Tally, error)
	// Marks returns the posts of a series published in [from, until), in time
	// order.
	Marks(ctx context.Context, s opinion.Series, from, until time.Time) ([]Mark, error)
	// Raise stores an alert with one delivery and one notify task for each
	// channel, in one commit. ID, Number, State, Raised and Updated are the
	// store's. While an alert of the same incident was last seen less than
	// opinion.EpisodeGap ago it is the same episode: then the alert's figures,
	// level (upwards only), topics, examples and words are brought up to date,
	// nothing is sent, and raised is false.
	Raise(ctx context.Context, a opinion.Alert, channels []string) (alert opinion.Alert, raised bool, err error)
	// Active lists the alerts last seen since a time, newest first.
	Active(ctx context.Context, since time.Time) ([]opinion.Alert, error)
	// Series lists the series that hold posts since a time.
	Series(ctx context.Context, since time.Time) ([]opinion.Series, error)
}

// Outbox is the ledger of deliveries.
type Outbox interface {
	// Delivery returns one with its attempts.
	Delivery(ctx context.Context, id int64) (opinion.Delivery, error)
	// Attempt adds an answer to the ledger and ends the task, or makes it due
	// again at next; a zero next after a failure makes the delivery Dead.
	Attempt(ctx context.Context, t Task, r opinion.Receipt, next time.Time) error
	// Tested records the answer to a test message.
	Tested(ctx context.Context, channel, user string, r opinion.Receipt) error
	// Deliveries lists the newest: those of alerts in one state, or all (""),
	// test messages among them.
	Deliveries(ctx context.Context, state opinion.DeliveryState, limit int) ([]opinion.Delivery, error)
	// Redeliver makes a dead delivery due again.
	Redeliver(ctx context.Context, id int64, user string) error
	// LastDelivered is each channel's last accepted message, tests included.
	LastDelivered(ctx context.Context) (map[string]opinion.Receipt, error)
}

// AlertQuery selects alerts. The zero value is every one, newest first.
type AlertQuery struct {
	States []opinion.AlertState
	Before int64 // numbers below it; 0 means all
	Limit  int   // 0 means 50
}

// AlertPage is an alert with all that happened to it.
type AlertPage struct {
	opinion.Alert
	Notes      []opinion.Note
	Deliveries []opinion.Delivery
}

// Desk is the work of people on alerts and incidents.
type Desk interface {
	Alerts(ctx context.Context, q AlertQuery) ([]opinion.Alert, error)
	AlertByNumber(ctx context.Context, number int64) (AlertPage, error)
	// Act changes an alert's state and notes it: verb is taken, closed, false,
	// reopened or note. ErrConflict where somebody else has taken it.
	Act(ctx context.Context, number int64, verb, user, text string) error
	// Incident returns one; of one that was merged, the one that it became.
	Incident(ctx context.Context, id string) (opinion.Incident, error)
}

// Archive is the care for what is stored.
type Archive interface {
	// DeletePost takes a post out of store, tallies and (by task) index. Its
	// identity is remembered as dropped, so that it does not come back.
	DeletePost(ctx context.Context, id, user, reason string) error
	// Purge deletes posts published before a time, at most limit, with their
	// index entries by task; tallies stay. It returns how many went.
	Purge(ctx context.Context, before time.Time, limit int) (int, error)
	// Voices returns the key of the day for hashing speakers, and destroys keys
	// older than 24 hours with every hash made by them.
	Voices(ctx context.Context) ([]byte, error)
	// Verify recounts: posts without verdict or task, tallies that differ from
	// their marks, incidents whose counts differ. Empty where all is well.
	Verify(ctx context.Context) ([]string, error)
	// Counts gives posts, judged, dropped, incidents, alerts.
	Counts(ctx context.Context) (map[string]int, error)
}

// TopicState is a topic as it stands, from the file or edited by a person.
type TopicState struct {
	opinion.Topic
	EditedBy string // "" where it is as in the file
	EditedAt time.Time
}

// Words are what administrators edit.
type Words interface {
	// SyncTopics makes the stored topics those of the file. A person's edit
	// stays until the file's own wording of that topic changes.
	SyncTopics(ctx context.Context, topics []opinion.Topic) error
	Topics(ctx context.Context) ([]TopicState, error)
	// SaveTopic stores a person's edit; a new name adds a topic.
	SaveTopic(ctx context.Context, t opinion.Topic, user string) error
	// DeleteTopic removes a topic that a person added; one of the file is
	// emptied by the file alone: ErrConflict.
	DeleteTopic(ctx context.Context, name, user string) error
}
