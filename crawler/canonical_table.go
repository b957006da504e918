package crawler

import "strings"

// canonicalWhen says in which case a parameter is left out.
type canonicalWhen int

const (
	always    canonicalWhen = iota
	channel                 // its value is the name of a way to share or to read: canonicalChannels
	random                  // its value is a time or a random number, never a small one: that may be a page or a tab
	session                 // its value looks like a session's number: see canonicalSessionID
	companion               // beside another parameter that was left out, and its value is one of Values
	moment                  // likewise, and its value is the seconds or milliseconds of a moment
)

// canonicalRule is one line of the table of what is left out of a query: names
// in lower case, a * at the end for all that begin so; where their value must
// be a certain one, the values.
type canonicalRule struct {
	names  string
	when   canonicalWhen
	values string
	whose  string
}

// canonicalRules is that table. The names are those that their makers document
// or that their share buttons append; what might name an article is not here,
// or only with a condition. Whatever else stands in a query is kept.
var canonicalRules = []canonicalRule{
	// names                                             when     values  whose
	{"utm_* _ga _gl gclid gclsrc gbraid wbraid dclid srsltid", always, "", "Google: campaigns, advertisements"},
	{"fbclid igshid igsh twclid ttclid li_fat_id msclkid yclid rdt_cid epik", always, "", "other networks' advertisements"},
	{"mibextid fb_action_ids fb_action_types fb_source ref_src ref_url", always, "", "share buttons of Facebook and X"},
	{"ysclid _openstat", always, "", "Yandex: search, advertisements"},
	{"mtm_* matomo_* piwik_* pk_campaign pk_kwd pk_source pk_medium", always, "", "Matomo"},
	{"_hsenc _hsmi __hstc __hssc __hsfp hsctatracking hsa_* vero_id oly_enc_id oly_anon_id mc_cid mc_eid mkt_tok s_cid cmpid ncid", always, "", "newsletters: HubSpot, Vero, Omeda, Mailchimp, Marketo, Adobe"},
	{"hmsr hmpl hmcu hmkw hmci bd_vid bd_source bdchannel wfr bsh_bid", always, "", "Baidu: statistics, search, feed"},
	{"spm spm_id_from scm scm_id from_spmid _zbs_*", always, "", "Alibaba and who took over its scheme"},
	{"vd_source unique_k share_source share_medium share_plat share_tag share_session_id share_from share_times", always, "", "Bilibili"},
	{"tt_from share_token share_app_id share_did share_uid share_type share_platform share_channel sharefrom sharer_*", always, "", "share buttons of news applications"},
	{"spss spssid spsw spsvid spsdevid spsnuid spsshare spsts spstoken", always, "", "NetEase's news application"},
	{"isappinstalled nsukey wxshare_count wechat_redirect wxfrom wx_from", always, "", "WeChat"},
	{"adtag ptag pgv_ref tdsourcetag ivk_sa _wv _wwv qq_aio_chat_type", always, "", "QQ and Tencent"},
	{"sudaref luicode lfid", always, "", "Weibo"},
	{"phpsessid jsessionid asp.net_sessionid aspsessionid* cfid cftoken", always, "", "sessions of PHP, Java, ASP, ColdFusion"},
	{"sid sessionid session_id", session, "", "sessions of other systems"},
	{"from fr ref refer share", channel, "", "where the reader came from; on other sites a date, a column"},
	{"_ _t _r _ts", random, "", "against caches"},
	{"timestamp", moment, "", "the moment of sharing"},
	{"app", companion, "news_article", "share buttons of news applications"},
	{"use_new_style", companion, "1", "share buttons of news applications"},
	{"for", companion, "pc", "share buttons of news applications"},
}

// canonicalChannels are ways to share or to read.
var canonicalChannels = canonicalNames(strings.Fields(`
	timeline singlemessage groupmessage message moments pengyouquan weixin wechat wx weibo sina_weibo
	qq qzone qqfriend dingtalk toutiao baidu douyin share app_share rss feed`)...)

// goes reports whether a parameter of this value is left out.
func (r canonicalRule) goes(value string, beside bool) bool {
	switch r.when {
	case always:
		return true
	case channel:
		return canonicalChannels[strings.ToLower(value)]
	case random:
		return canonicalDigits(value) >= 10 || strings.HasPrefix(value, "0.")
	case session:
		return canonicalSessionID(value)
	case companion:
		return beside && value == r.values
	case moment:
		n := canonicalDigits(value)
		return beside && (n == 10 || n == 13)
	}
	return false
}

// canonicalFamily is a rule for all names that begin alike.
type canonicalFamily struct {
	begins string
	rule   canonicalRule
}

// canonicalIndex and canonicalFamilies are the table as it is looked up.
var canonicalIndex, canonicalFamilies = indexCanonical(canonicalRules)

func indexCanonical(rules []canonicalRule) (map[string][]canonicalRule, []canonicalFamily) {
	byName, families := map[string][]canonicalRule{}, []canonicalFamily(nil)
	for _, r := range rules {
		for name := range strings.FieldsSeq(r.names) {
			if begins, ok := strings.CutSuffix(name, "*"); ok {
				families = append(families, canonicalFamily{begins, r})
				continue
			}
			byName[name] = append(byName[name], r)
		}
	}
	return byName, families
}
