// Package config is the one configuration value: its defaults, its strict
// reading from YAML, and its check. Every fault of a file is found in one go,
// each with path, line and remedy; nothing starts on a faulty file. It knows
// no other package of ours but the domain. Start reading at Config; every key
// is explained in docs/configuration.md.
package config

import (
	"time"

	"minsheng/opinion"
)

// Config is everything that a file can say.
type Config struct {
	Office    Office        `yaml:"office"`
	Server    Server        `yaml:"server"`
	Data      string        `yaml:"data"`
	Store     string        `yaml:"store"`
	Index     Index         `yaml:"index"`
	Retention time.Duration `yaml:"retention"`
	API       API           `yaml:"api"`
	Crawler   Crawler       `yaml:"crawler"`
	Sources   []Source      `yaml:"sources"`
	Topics    []Topic       `yaml:"topics"`
	Places    []Place       `yaml:"places"`
	Analysis  Analysis      `yaml:"analysis"`
	Lexicon   string        `yaml:"lexicon"` // file of the office's own words, "" for none
	Channels  []Channel     `yaml:"channels"`
	Routes    []Route       `yaml:"routes"`
	Operators []string      `yaml:"operators"` // channels that hear when a source needs a look
	City      *City         `yaml:"city"`
}

// Office is whose press office this is.
type Office struct {
	Name string `yaml:"name"`
	Zone string `yaml:"zone"`
}

// Server is where pages are served.
type Server struct {
	Listen    string `yaml:"listen"`
	PublicURL string `yaml:"public_url"` // what links in messages begin with
}

// The engines of Index.
const (
	Embedded      = "embedded"
	Elasticsearch = "elasticsearch"
)

// Index chooses the search engine.
type Index struct {
	Engine    string   `yaml:"engine"`
	Addresses []string `yaml:"addresses"`
	Name      string   `yaml:"name"`
	Username  string   `yaml:"username"`
	Password  Secret   `yaml:"password"`
	APIKey    Secret   `yaml:"api_key"`
}

// NoWeights leaves out what was learned: the rules judge alone.
const NoWeights = "none"

// Analysis is what texts are judged by.
type Analysis struct {
	// Weights is a file of the attitude as `minsheng train` writes it, or NoWeights.
	// "" is the one in the data folder where it lies there, else what is built in.
	Weights string `yaml:"weights"`
}

// API is what may be pushed, and by whom.
type API struct {
	Tokens []Token `yaml:"tokens"`
}

// Token lets a program push mentions.
type Token struct {
	Name  string `yaml:"name"`
	Token Secret `yaml:"token"`
}

// Crawler bounds how pages are fetched.
type Crawler struct {
	Agent   string        `yaml:"agent"` // said to every host, with an address for questions
	Workers int           `yaml:"workers"`
	MaxBody int64         `yaml:"max_body"`
	Timeout time.Duration `yaml:"timeout"`
}

// Source is one place that is read.
type Source struct {
	Name         string        `yaml:"name"`
	URL          string        `yaml:"url"`
	Kind         string        `yaml:"kind"`
	Class        string        `yaml:"class"`
	Zone         string        `yaml:"zone"`
	Every        time.Duration `yaml:"every"`
	Rate         time.Duration `yaml:"rate"`
	Select       string        `yaml:"select"`
	Keep         string        `yaml:"keep"`
	AllowPrivate bool          `yaml:"allow_private"`
}

// Topic is a word rule; see opinion.Topic.
type Topic struct {
	Name  string   `yaml:"name"`
	Any   []string `yaml:"any"`
	All   []string `yaml:"all"`
	None  []string `yaml:"none"`
	Watch *bool    `yaml:"watch"`
}

// Place is a district, station or road; see opinion.Place.
type Place struct {
	Name    string   `yaml:"name"`
	Aliases []string `yaml:"aliases"`
	Context []string `yaml:"context"`
}

// The kinds of Channel.
const (
	Terminal = "terminal"
	Slack    = "slack"
	Webhook  = "webhook"
)

// Channel is a way to reach people.
type Channel struct {
	Name    string `yaml:"name"`
	Kind    string `yaml:"kind"`
	Lang    string `yaml:"lang"`
	URL     Secret `yaml:"url"`     // slack: the incoming webhook; webhook: where to post
	Token   Secret `yaml:"token"`   // slack: a bot token instead of url
	Channel string `yaml:"channel"` // slack with token: the channel's id
	Secret  Secret `yaml:"secret"`  // webhook: key of the signature
	API     string `yaml:"api"`     // slack with token: another address of its API
}

// Route says which alerts go to which channels. An empty list means all.
type Route struct {
	Topics   []string `yaml:"topics"`
	Levels   []string `yaml:"levels"`
	Channels []string `yaml:"channels"`
}

// City starts the simulated town.
type City struct {
	Seed   uint64  `yaml:"seed"`
	Story  string  `yaml:"story"`
	Listen string  `yaml:"listen"`
	Factor float64 `yaml:"factor"`
}

// Default is the configuration of an empty file.
func Default() Config {
	return Config{
		Office:    Office{Name: "新闻办公室", Zone: "Asia/Shanghai"},
		Server:    Server{Listen: "127.0.0.1:8080"},
		Data:      "data",
		Store:     "sqlite",
		Index:     Index{Engine: Embedded, Name: "minsheng"},
		Retention: 180 * 24 * time.Hour,
		Crawler:   Crawler{Agent: "minsheng/1.0", Workers: 8, MaxBody: 8 << 20, Timeout: 30 * time.Second},
	}
}

// Zone is the office's time zone. Call it after Validate.
func (c *Config) Zone() *time.Location { return zone(c.Office.Zone, time.UTC) }

func zone(name string, otherwise *time.Location) *time.Location {
	if name == "" {
		return otherwise
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return otherwise
	}
	return loc
}

// Opinions returns the sources as the domain knows them.
func (c *Config) Opinions() []opinion.Source {
	office := c.Zone()
	out := make([]opinion.Source, 0, len(c.Sources))
	for _, s := range c.Sources {
		out = append(out, opinion.Source{
			Name: s.Name, URL: s.URL, Form: opinion.Form(s.Kind), Class: opinion.Class(s.Class),
			Zone: zone(s.Zone, office), Every: s.Every, Rate: s.Rate, Select: s.Select,
			KeepAll: s.Keep == "all", AllowPrivate: s.AllowPrivate,
		})
	}
	return out
}

// TopicRules returns the topics as the domain knows them. A topic is watched
// unless it says otherwise.
func (c *Config) TopicRules() []opinion.Topic {
	out := make([]opinion.Topic, 0, len(c.Topics))
	for _, t := range c.Topics {
		out = append(out, opinion.Topic{Name: t.Name, Any: t.Any, All: t.All, None: t.None, Watch: t.Watch == nil || *t.Watch})
	}
	return out
}

// PlaceList returns the places as the domain knows them.
func (c *Config) PlaceList() []opinion.Place {
	out := make([]opinion.Place, 0, len(c.Places))
	for _, p := range c.Places {
		out = append(out, opinion.Place(p))
	}
	return out
}
