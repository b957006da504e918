package opinion

import (
	"strconv"
	"time"
)

// BucketWidth is the grain of the tallies.
const BucketWidth = 5 * time.Minute

// EpisodeGap is the silence after which a new rise of the same incident is a
// new episode and so a new alert.
const EpisodeGap = 6 * time.Hour

// Bucket is the start of the bucket that holds t, in UTC.
func Bucket(t time.Time) time.Time { return t.UTC().Truncate(BucketWidth) }

// Series names one tallied course: a topic in a place. Place "" is everywhere.
type Series struct {
	Topic string
	Place string
}

// Tally counts the posts of one Series published in one bucket.
type Tally struct {
	Series
	Bucket   time.Time
	Total    int
	Negative int
	Voices   int // distinct speakers
	Texts    int // distinct texts, near-copies counted once
}

// Level says how much an alert hurries.
type Level string

// The levels: 关注, 预警, 紧急.
const (
	Notice Level = "notice"
	Warn   Level = "warning"
	Urgent Level = "urgent"
)

// AlertState is where the work on an alert stands.
type AlertState string

// The states of an alert.
const (
	Open       AlertState = "open"
	Taken      AlertState = "taken"
	Closed     AlertState = "closed"
	FalseAlarm AlertState = "false"
)

// Rise is why an alert was raised: what was seen, what was expected, and in
// which window of publication time.
type Rise struct {
	Series   Series        `json:"series"`
	Start    time.Time     `json:"start"`
	End      time.Time     `json:"end"`
	Total    int           `json:"total"`
	Negative int           `json:"negative"`
	Expected float64       `json:"expected"` // negatives
	Usual    float64       `json:"usual"`    // usual share of negatives, 0 to 1
	Voices   int           `json:"voices"`   // distinct, among the negatives; 0 where unknown
	Texts    int           `json:"texts"`    // distinct, among the negatives
	Sources  int           `json:"sources"`  // distinct Source names, among the negatives
	Score    float64       `json:"score"`
	Window   time.Duration `json:"window"`
}

// Share is the share of negatives in the window, 0 to 1.
func (r Rise) Share() float64 {
	if r.Total == 0 {
		return 0
	}
	return float64(r.Negative) / float64(r.Total)
}

// Example is a post shown with an alert.
type Example struct {
	PostID    string    `json:"post"`
	Title     string    `json:"title"`
	Excerpt   string    `json:"excerpt"` // masked
	Source    string    `json:"source"`
	URL       string    `json:"url"`
	Published time.Time `json:"published"`
}

// Word is a word that weighed in the posts of an alert.
type Word struct {
	Text   string  `json:"text"`
	Weight float64 `json:"weight"`
	Posts  int     `json:"posts"`
}

// Alert tells the press office of one rise. ID derives from incident and
// episode (see AlertID), so raising twice is one alert.
type Alert struct {
	ID       string
	Number   int64 // counted from 1 by the store; what people say aloud
	Incident string
	Title    string
	Level    Level
	State    AlertState
	Owner    string // user name of who took it
	Topics   []string
	Rise     Rise
	Examples []Example
	Words    []Word
	Raised   time.Time
	Updated  time.Time
	Taken    time.Time // zero until taken
	Closed   time.Time // zero until closed
}

// AlertID derives an alert's identity.
func AlertID(incident string, episode int) string {
	return PostID("alert", incident, strconv.Itoa(episode))
}

// Note is a remark of a person, or of Minsheng itself, on an alert.
type Note struct {
	At   time.Time
	User string // "" for Minsheng itself
	Verb string // raised, taken, note, closed, false, reopened, updated
	Text string
}

// Receipt is a channel's answer to one attempt.
type Receipt struct {
	At      time.Time
	OK      bool
	Code    string // vendor's code or HTTP status
	Text    string // vendor's words, secrets masked
	Retry   bool   // a later attempt may succeed
	After   time.Duration
	Message string // vendor's id of the message, where it gives one
}

// Delivery is one alert on its way to one channel.
type Delivery struct {
	ID       int64
	Alert    string // Alert.ID; "" for a test message
	Number   int64
	Channel  string
	State    DeliveryState
	Attempts []Receipt
	Due      time.Time // next attempt
}

// DeliveryState is where a delivery stands.
type DeliveryState string

// The states of a delivery. Dead ones wait for a person.
const (
	Waiting   DeliveryState = "waiting"
	Delivered DeliveryState = "delivered"
	Dead      DeliveryState = "dead"
)
