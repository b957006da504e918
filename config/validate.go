package config

import (
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"minsheng/opinion"
)

// Bounds of what a file may ask for.
const (
	maxSources   = 5_000
	leastEvery   = 30 * time.Second
	defaultEvery = 10 * time.Minute
	leastRate    = 200 * time.Millisecond
	defaultRate  = 2 * time.Second
	leastKept    = 7 * 24 * time.Hour
)

// check gathers faults; at is the path that a fault is about.
type check struct {
	faults Faults
	lines  map[string]int
}

func (k *check) that(ok bool, at, remedy string, args ...any) {
	if ok {
		return
	}
	line := k.lines[at]
	for p := at; line == 0 && p != ""; {
		p = p[:max(0, strings.LastIndexAny(p, ".["))]
		line = k.lines[p]
	}
	k.faults = append(k.faults, Fault{Path: at, Line: line, Remedy: fmt.Sprintf(remedy, args...)})
}

// Validate checks values against each other and fills what a file may leave
// out. It returns every fault.
func (c *Config) Validate() Faults { return c.validate(nil) }

func (c *Config) validate(lines map[string]int) Faults {
	k := &check{lines: lines}
	c.validateOffice(k)
	c.validateIndex(k)
	names := map[string]bool{}
	k.that(len(c.Sources) <= maxSources, "sources", "来源最多 %d 个 · at most %d sources", maxSources, maxSources)
	for i := range c.Sources {
		c.Sources[i].validate(k, fmt.Sprintf("sources[%d]", i), names)
	}
	c.validateWords(k)
	c.validateChannels(k)
	c.validateTokens(k)
	if c.City != nil {
		c.City.validate(k)
	}
	return k.faults
}

func (c *Config) validateOffice(k *check) {
	_, err := time.LoadLocation(c.Office.Zone)
	k.that(err == nil && c.Office.Zone != "", "office.zone", "没有这个时区，例如写 Asia/Shanghai · unknown zone, for example Asia/Shanghai")
	k.that(strings.TrimSpace(c.Office.Name) != "", "office.name", "写上本单位的名称 · give the office's name")
	_, _, err = net.SplitHostPort(c.Server.Listen)
	k.that(err == nil, "server.listen", "写成 地址:端口，例如 127.0.0.1:8080 · write address:port")
	if c.Server.PublicURL != "" {
		k.that(isHTTP(c.Server.PublicURL), "server.public_url", "写成 https://… · write https://…")
	}
	k.that(c.Data != "", "data", "写上数据文件夹 · give the data folder")
	k.that(c.Store == "sqlite", "store", "目前只有 sqlite · only sqlite is there")
	k.that(c.Retention >= leastKept, "retention", "至少 7d：突增的判断要用过去一周以上的数据 · at least 7d, the baseline needs it")
	k.that(c.Crawler.Workers >= 1 && c.Crawler.Workers <= 64, "crawler.workers", "1 到 64 之间 · between 1 and 64")
	k.that(c.Crawler.MaxBody >= 1<<16 && c.Crawler.MaxBody <= 64<<20, "crawler.max_body", "65536 到 67108864 字节之间 · between 64 KiB and 64 MiB")
	k.that(c.Crawler.Timeout >= time.Second && c.Crawler.Timeout <= 5*time.Minute, "crawler.timeout", "1s 到 5m 之间 · between 1s and 5m")
	k.that(agentToken.MatchString(c.Crawler.Agent), "crawler.agent", "以英文名称开头，例如 minsheng/1.0 (+https://…) · begin with a product token")
}

var agentToken = regexp.MustCompile(`^[A-Za-z_-]{2,40}(/[\w.]+)?( \(.{1,200}\))?$`)

func (c *Config) validateIndex(k *check) {
	x := &c.Index
	k.that(slices.Contains([]string{Embedded, Elasticsearch}, x.Engine), "index.engine", "写 embedded 或 elasticsearch · write embedded or elasticsearch")
	if x.Engine != Elasticsearch {
		return
	}
	k.that(len(x.Addresses) > 0, "index.addresses", "写上 Elasticsearch 的地址，例如 [http://127.0.0.1:9200] · give the addresses")
	for i, a := range x.Addresses {
		k.that(isHTTP(a), fmt.Sprintf("index.addresses[%d]", i), "写成 http://… 或 https://… · write http://… or https://…")
	}
	k.that(indexName.MatchString(x.Name), "index.name", "小写字母、数字、- 和 _，以字母开头 · lower-case letters, digits, - and _")
	k.that(x.Username == "" || x.Password.Set(), "index.password", "有 username 就要有 password 或 password_file · give the password too")
	k.that(!x.APIKey.Set() || x.Username == "", "index.api_key", "api_key 与 username 只能用一个 · use api_key or username, not both")
}

var indexName = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,60}$`)

func (s *Source) validate(k *check, at string, names map[string]bool) {
	s.Name = strings.TrimSpace(s.Name)
	k.that(s.Name != "" && len(s.Name) <= 120, at+".name", "给来源起个名称，最长约 40 个汉字 · give the source a name of at most 120 bytes")
	k.that(!names[s.Name], at+".name", "名称 %q 用了两次 · the name stands twice", s.Name)
	names[s.Name] = true
	k.that(slices.Contains(opinion.Forms, opinion.Form(s.Kind)), at+".kind", "写 feed、sitemap、list、page 或 push · write feed, sitemap, list, page or push")
	if s.Class == "" {
		s.Class = string(opinion.Media)
	}
	k.that(slices.Contains(opinion.Classes, opinion.Class(s.Class)), at+".class", "写 media、forum、board、social 或 gov · write media, forum, board, social or gov")
	if s.Kind == string(opinion.PushForm) {
		k.that(s.URL == "", at+".url", "push 来源没有地址，删去这一行 · a push source has no address, remove it")
	} else {
		k.that(isHTTP(s.URL), at+".url", "写成 http://… 或 https://… · write http://… or https://…")
	}
	if s.Zone != "" {
		_, err := time.LoadLocation(s.Zone)
		k.that(err == nil, at+".zone", "没有这个时区，例如写 Asia/Shanghai · unknown zone")
	}
	if s.Every == 0 {
		s.Every = defaultEvery
	}
	if s.Rate == 0 {
		s.Rate = defaultRate
	}
	k.that(s.Every >= leastEvery, at+".every", "至少 30s：更勤会打扰对方 · at least 30s, more often disturbs the site")
	k.that(s.Rate >= leastRate && s.Rate <= time.Hour, at+".rate", "同一网站两次访问的间隔，200ms 到 1h · between 200ms and 1h")
	k.that(slices.Contains([]string{"", "all", "matched"}, s.Keep), at+".keep", "写 all 或删去 · write all or leave it out")
	k.that(s.Select == "" || s.Kind == string(opinion.ListForm), at+".select", "只有 kind: list 用得到 select · only lists have a selector")
}

func (c *Config) validateWords(k *check) {
	names := map[string]bool{}
	for i := range c.Topics {
		t, at := &c.Topics[i], fmt.Sprintf("topics[%d]", i)
		t.Name = strings.TrimSpace(t.Name)
		k.that(t.Name != "" && len(t.Name) <= 60 && !strings.ContainsAny(t.Name, "\n\r"), at+".name", "给专题起个名称，最长约 20 个汉字 · give the topic a name of at most 60 bytes")
		k.that(t.Name != opinion.AllPolice, at+".name", "“%s”是系统自带的，换一个名称 · this name is the system's own, choose another", t.Name)
		k.that(!names[t.Name], at+".name", "名称 %q 用了两次 · the name stands twice", t.Name)
		names[t.Name] = true
		k.that(len(t.Any)+len(t.All) > 0, at, "只有排除词不会匹配任何内容，补上 any 或 all · only exclusions match nothing, add any or all")
	}
	places := map[string]bool{}
	for i, p := range c.Places {
		at := fmt.Sprintf("places[%d].name", i)
		k.that(strings.TrimSpace(p.Name) != "" && !places[p.Name], at, "地名不能为空或重复 · a place needs a name of its own")
		places[p.Name] = true
	}
}

func (c *Config) validateChannels(k *check) {
	names := map[string]bool{}
	for i := range c.Channels {
		ch, at := &c.Channels[i], fmt.Sprintf("channels[%d]", i)
		k.that(strings.TrimSpace(ch.Name) != "" && !names[ch.Name], at+".name", "通道要有自己的名称 · a channel needs a name of its own")
		names[ch.Name] = true
		if ch.Lang == "" {
			ch.Lang = "zh"
		}
		k.that(ch.Lang == "zh" || ch.Lang == "en", at+".lang", "写 zh 或 en · write zh or en")
		ch.validate(k, at)
	}
	c.validateOperators(k, names)
	for i, r := range c.Routes {
		at := fmt.Sprintf("routes[%d]", i)
		k.that(len(r.Channels) > 0, at+".channels", "写上至少一个通道 · name at least one channel")
		for j, name := range r.Channels {
			k.that(names[name], fmt.Sprintf("%s.channels[%d]", at, j), "没有名为 %q 的通道 · no channel has this name", name)
		}
		for j, l := range r.Levels {
			ok := slices.Contains([]opinion.Level{opinion.Notice, opinion.Warn, opinion.Urgent}, opinion.Level(l))
			k.that(ok, fmt.Sprintf("%s.levels[%d]", at, j), "写 notice、warning 或 urgent · write notice, warning or urgent")
		}
	}
}

func (c *Config) validateOperators(k *check, names map[string]bool) {
	for i, name := range c.Operators {
		k.that(names[name], fmt.Sprintf("operators[%d]", i), "没有名为 %q 的通道 · no channel has this name", name)
	}
}

func (ch *Channel) validate(k *check, at string) {
	switch ch.Kind {
	case Terminal:
	case Slack:
		k.that(ch.URL.Set() != ch.Token.Set(), at, "slack 要 url（incoming webhook）或 token 其中之一 · give url or token")
		k.that(!ch.Token.Set() || ch.Channel != "", at+".channel", "用 token 时要写频道 id · a token needs a channel id")
	case Webhook:
		k.that(ch.URL.Set(), at+".url", "写上接收地址 · give the address")
		k.that(len(ch.Secret.Reveal()) >= 16, at+".secret", "签名密钥至少 16 个字符 · the signing secret needs 16 characters")
	default:
		k.that(false, at+".kind", "写 terminal、slack 或 webhook · write terminal, slack or webhook")
	}
	if ch.URL.Set() {
		k.that(isHTTP(ch.URL.Reveal()), at+".url", "写成 https://… · write https://…")
	}
	if ch.API != "" {
		k.that(isHTTP(ch.API), at+".api", "写成 https://… · write https://…")
	}
}

func (c *Config) validateTokens(k *check) {
	names := map[string]bool{}
	for i, t := range c.API.Tokens {
		at := fmt.Sprintf("api.tokens[%d]", i)
		k.that(t.Name != "" && !names[t.Name], at+".name", "令牌要有自己的名称 · a token needs a name of its own")
		names[t.Name] = true
		k.that(len(t.Token.Reveal()) >= 20, at+".token", "令牌至少 20 个字符 · a token needs 20 characters")
	}
}

func (c *City) validate(k *check) {
	if c.Story == "" {
		c.Story = "clerk"
	}
	if c.Factor == 0 {
		c.Factor = 120
	}
	k.that(slices.Contains([]string{"clerk", "openday", "none"}, c.Story), "city.story", "写 clerk、openday 或 none · write clerk, openday or none")
	k.that(c.Factor >= 1 && c.Factor <= 2000, "city.factor", "1 到 2000 之间 · between 1 and 2000")
	host, _, err := net.SplitHostPort(c.Listen)
	k.that(err == nil && net.ParseIP(host).IsLoopback(), "city.listen", "写本机地址与端口，例如 127.0.0.1:18600 · a loopback address with a port")
}

func isHTTP(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}
