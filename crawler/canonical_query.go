package crawler

import (
	"slices"
	"strings"
)

// canonicalTracking are the names of parameters that say how a reader came,
// never what is read. Names are compared in lower case. They are those that
// their makers document or that their share buttons append.
var canonicalTracking = canonicalNames(
	// campaigns: Google, Adobe, HubSpot, Mailchimp, Marketo, Matomo, Baidu Tongji
	"gclid", "gclsrc", "gbraid", "wbraid", "dclid", "_ga", "_gl", "srsltid",
	"fbclid", "msclkid", "yclid", "twclid", "ttclid", "igshid", "igsh", "li_fat_id",
	"_hsenc", "_hsmi", "mc_cid", "mc_eid", "mkt_tok", "s_cid", "cmpid", "ncid",
	"pk_campaign", "pk_kwd", "pk_source", "pk_medium",
	"hmsr", "hmpl", "hmcu", "hmkw", "hmci", "bd_vid", "bd_source", "bdchannel",
	// shares out of Chinese applications
	"spm", "spm_id_from", "scm", "scm_id", "from_spmid", "vd_source", "unique_k",
	"tt_from", "share_token", "share_source", "share_medium", "share_plat", "share_tag",
	"share_session_id", "share_from", "share_times", "share_app_id", "share_did", "share_uid",
	"share_type", "share_platform", "share_channel", "sharefrom",
	"isappinstalled", "nsukey", "wxshare_count", "wechat_redirect", "wxfrom", "wx_from",
	"adtag", "ptag", "pgv_ref", "tdsourcetag", "ivk_sa", "_wv", "_wwv", "qq_aio_chat_type",
	"sudaref", "luicode", "lfid", "wfr", "bsh_bid",
	// sessions
	"phpsessid", "jsessionid", "asp.net_sessionid", "cfid", "cftoken",
)

// canonicalFamilies are beginnings of such names.
var canonicalFamilies = []string{"utm_", "mtm_", "piwik_", "matomo_", "_zbs_", "sharer_", "aspsessionid"}

// canonicalOrigins are the names that hold where a reader came from on some
// sites and something of the article's own on others; they go only where
// their value is one of canonicalChannels.
var (
	canonicalOrigins  = canonicalNames("from", "fr", "ref", "refer", "share")
	canonicalChannels = canonicalNames(
		"timeline", "singlemessage", "groupmessage", "message", "moments", "pengyouquan",
		"weixin", "wechat", "wx", "weibo", "sina_weibo", "qq", "qzone", "qqfriend", "dingtalk",
		"toutiao", "baidu", "douyin", "share", "app_share", "rss", "feed",
	)
)

// canonicalCompanions are what share buttons add beside a tracking parameter.
// Alone they may well name a page, and so do other values of the same names.
var canonicalCompanions = canonicalNames("app=news_article", "use_new_style=1", "for=pc")

// canonicalNames makes a set.
func canonicalNames(names ...string) map[string]bool {
	set := make(map[string]bool, len(names))
	for _, n := range names {
		set[n] = true
	}
	return set
}

// canonicalWeixin are the parameters that make an article of the public
// accounts' server; all others on that path are about the reader.
var canonicalWeixin = canonicalNames("__biz", "mid", "idx", "sn")

// canonicalUntracked returns params without those that do not name the page.
func canonicalUntracked(host, path string, params []canonicalParam) []canonicalParam {
	if host == "mp.weixin.qq.com" && path == "/s" && canonicalHolds(params, "__biz", "mid", "sn") {
		return slices.DeleteFunc(params, func(p canonicalParam) bool { return !canonicalWeixin[p.name] })
	}
	before := len(params)
	params = slices.DeleteFunc(params, canonicalParam.tracks)
	if len(params) < before {
		params = slices.DeleteFunc(params, func(p canonicalParam) bool { return p.accompanies() })
	}
	return params
}

func canonicalHolds(params []canonicalParam, names ...string) bool {
	for _, n := range names {
		if !slices.ContainsFunc(params, func(p canonicalParam) bool { return p.name == n && p.value != "" }) {
			return false
		}
	}
	return true
}

// tracks reports whether p says nothing about what is read.
func (p canonicalParam) tracks() bool {
	name := strings.ToLower(p.name)
	if canonicalTracking[name] {
		return true
	}
	for _, family := range canonicalFamilies {
		if strings.HasPrefix(name, family) {
			return true
		}
	}
	switch name {
	case "_", "_t", "_r", "_ts":
		// against caches: the time or a random number, never a small one,
		// which might be a page or a tab
		return canonicalDigits(p.value) >= 10 || strings.HasPrefix(p.value, "0.")
	case "sid", "sessionid", "session_id":
		return canonicalSessionID(p.value)
	}
	return canonicalOrigins[name] && canonicalChannels[strings.ToLower(p.value)]
}

// accompanies reports whether p came along with a tracking parameter.
func (p canonicalParam) accompanies() bool {
	name := strings.ToLower(p.name)
	if n := canonicalDigits(p.value); name == "timestamp" && (n == 10 || n == 13) {
		return true // seconds or milliseconds of the moment of sharing
	}
	return canonicalCompanions[name+"="+p.value]
}

// canonicalDigits is the length of s if it is all digits, else 0.
func canonicalDigits(s string) int {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0
		}
	}
	return len(s)
}

// canonicalSessionID reports whether s looks like a session's number: at
// least 16 hexadecimal digits with letters among them, and not the 24 of a
// document store's object identifier. Plain numbers are articles.
func canonicalSessionID(s string) bool {
	if len(s) < 16 || len(s) == 24 || canonicalDigits(s) > 0 {
		return false
	}
	for i := range len(s) {
		if canonicalHex(s[i]) < 0 {
			return false
		}
	}
	return true
}
