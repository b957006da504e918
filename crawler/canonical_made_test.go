package crawler_test

import (
	"strings"
	"testing"

	"minsheng/crawler"
)

// canonicalPages are pages of an invented town, all of them different.
var canonicalPages = []string{
	"http://tongxi.example/",
	"http://tongxi.example/a/20260914/3001.html",
	"http://tongxi.example/a/20260914/3001.htm",
	"http://tongxi.example/a/20260914/3001_2.html",
	"http://tongxi.example/a/20260914/3001",
	"http://tongxi.example/a/20260914/3001/",
	"http://tongxi.example/a/20260914/3001/index.html",
	"http://tongxi.example/A/20260914/3001.html",
	"http://tongxi.example/a%2F20260914/3001.html",
	"http://tongxi.example/a//20260914/3001.html",
	"http://tongxi.example/a/20260914/3001.html;v=2",
	"http://www.tongxi.example/a/20260914/3001.html",
	"http://m.tongxi.example/a/20260914/3001.html",
	"http://wap.tongxi.example/a/20260914/3001.html",
	"https://tongxi.example/a/20260914/3001.html",
	"http://tongxi.example:8080/a/20260914/3001.html",
	"http://tongxi.example:443/a/20260914/3001.html",
	"http://tongxi.example.cn/a/20260914/3001.html",
	"http://tongxi.example/thread-77-1-1.html",
	"http://tongxi.example/thread-77-2-1.html",
	"http://tongxi.example/forum.php?mod=viewthread&tid=77",
	"http://tongxi.example/forum.php?mod=viewthread&page=2&tid=77",
	"http://tongxi.example/forum.php?mod=viewthread&tid=78",
	"http://tongxi.example/forum.php?authorid=5&mod=viewthread&tid=77",
	"http://tongxi.example/s?id=1",
	"http://tongxi.example/s?ID=1",
	"http://tongxi.example/s?id=01",
	"http://tongxi.example/s?id=",
	"http://tongxi.example/s?id",
	"http://tongxi.example/s?id=1&type=2",
	"http://tongxi.example/s?q=a%2Bb",
	"http://tongxi.example/s?q=a%20b",
	"http://tongxi.example/s?q=a%26b",
	"http://tongxi.example/s?b=&q=a",
	"http://tongxi.example/s?q=%C4%CF%C3%C5",
	"http://tongxi.example/s?q=%E5%8D%97%E9%97%A8",
	"http://tongxi.example/s?date=2026-09-14",
	"http://tongxi.example/s?from=2026-09-14&to=2026-09-15",
	"http://tongxi.example/s?from=2026-09-14&to=2026-09-16",
	"http://tongxi.example/s?from=beijing&to=tongxi",
	"http://tongxi.example/s?source=12",
	"http://tongxi.example/s?channel=3",
	"http://tongxi.example/s?share=77",
	"http://tongxi.example/s?ref=3001",
	"http://tongxi.example/s?t=1",
	"http://tongxi.example/s?ts=1",
	"http://tongxi.example/s?_=2",
	"http://tongxi.example/s?sid=77",
	"http://tongxi.example/s?sid=20260914093000",
	"http://tongxi.example/s?key=0a1b2c3d4e5f60718293a4b5c6d7e8f9",
	"http://tongxi.example/s?timestamp=1789349100",
	"http://tongxi.example/s?utm=1",
	"http://tongxi.example/s?v=1",
	"http://tongxi.example/s?a=1&a=2",
	"http://tongxi.example/s?a=2&a=1",
	"http://tongxi.example/s?a%5B%5D=1",
	"http://tongxi.example/%E5%8D%97%E9%97%A8/",
	"http://tongxi.example/%C4%CF%C3%C5/",
	"http://xn--9iv.example/a",
	"http://tongxi.example/#/n/1",
	"http://tongxi.example/#/n/2",
	"http://tongxi.example/#!/n/1",
	"https://mp.weixin.qq.com/s/AbCdEfGhIjK",
	"https://mp.weixin.qq.com/s/AbCdEfGhIjk",
	"https://mp.weixin.qq.com/s?__biz=MzB&idx=1&mid=77&sn=ab",
	"https://mp.weixin.qq.com/s?__biz=MzB&idx=2&mid=77&sn=ab",
	"https://mp.weixin.qq.com/s?__biz=MzB&idx=1&mid=78&sn=ab",
	"https://mp.weixin.qq.com/s?__biz=MzC&idx=1&mid=77&sn=ab",
	"https://mp.weixin.qq.com/s?__biz=MzB&idx=1&mid=77&sn=ac",
}

// Every two of them stay apart: that is above 2,000 pairs.
func TestCanonicalMergesNoTwoPages(t *testing.T) {
	known := map[string]string{}
	for _, page := range canonicalPages {
		form, ok := crawler.Canonical(page)
		if !ok || form != page {
			t.Errorf("Canonical(%q) = %q, %v; want it as it is", page, form, ok)
		}
		if other := known[form]; other != "" {
			t.Errorf("%q and %q became one", page, other)
		}
		known[form] = page
	}
}

// Each of the ways in which one address is written leads to the same form,
// whatever the page.
func TestCanonicalMergesSpellings(t *testing.T) {
	param := func(s string) func(string) string {
		return func(u string) string {
			u, fragment, found := strings.Cut(u, "#")
			sign := "?"
			if strings.Contains(u, "?") {
				sign = "&"
			}
			u += sign + s
			if found {
				u += "#" + fragment
			}
			return u
		}
	}
	spellings := map[string]func(string) string{
		"capitals": func(u string) string {
			return strings.NewReplacer("http", "HTTP", "tongxi.", "TongXi.", ".qq.", ".QQ.").Replace(u)
		},
		"final dot": func(u string) string {
			return strings.NewReplacer(".example/", ".example./", ".example:", ".example.:", ".qq.com/", ".qq.com./").Replace(u)
		},
		"blanks":       func(u string) string { return "\u3000 " + u + " \r\n" },
		"mark":         func(u string) string { return "\ufeff" + u },
		"user":         func(u string) string { return strings.Replace(u, "://", "://me:word@", 1) },
		"dot segments": func(u string) string { return strings.Replace(u, ".example/", ".example/./x/../", 1) },
		"escaped dots": func(u string) string { return strings.Replace(u, ".example/", ".example/x/%2E%2e/", 1) },
		"default port": func(u string) string {
			scheme, rest, _ := strings.Cut(u, "://")
			host, path, _ := strings.Cut(rest, "/")
			if strings.Contains(host, ":") {
				return u
			}
			return scheme + "://" + host + map[string]string{"http": ":80/", "https": ":443/"}[scheme] + path
		},
		"plain escaped": func(u string) string {
			return strings.NewReplacer("/s?", "/%73?", "3001", "%33%3001", "thread", "%74hread").Replace(u)
		},
		"low escapes": func(u string) string {
			return strings.NewReplacer("%E5%8D%97", "%e5%8d%97", "%C4%CF", "%c4%cf", "%2F", "%2f").Replace(u)
		},
		"raw Chinese": func(u string) string { return strings.ReplaceAll(u, "%E5%8D%97%E9%97%A8", "南门") },
		"from a page": func(u string) string { return strings.ReplaceAll(u, "&", "&amp;") },
		"empty parts": func(u string) string { return strings.Replace(u, "&", "&&", 1) },
		"fragment": func(u string) string {
			if strings.Contains(u, "#") {
				return u
			}
			return u + "#p3"
		},
		"empty query": func(u string) string {
			if strings.ContainsAny(u, "?#") {
				return u
			}
			return u + "?"
		},
		"no path": func(u string) string {
			return strings.TrimSuffix(u, "example/") + map[bool]string{true: "example"}[strings.HasSuffix(u, "example/")]
		},
		"campaign": param("utm_source=weibo&utm_medium=social&utm_campaign=a%20b"), "campaign in capitals": param("UTM_Source=x"),
		"Google": param("gclid=EAIaIQ-x"), "Facebook": param("fbclid=IwAR0x"), "Baidu": param("bd_vid=113&hmsr=x"), "Alibaba": param("spm=a2c4g.11186623.0.0.1"),
		"WeChat": param("from=timeline&isappinstalled=0"), "WeChat, one person": param("from=singlemessage"), "WeChat's key": param("nsukey=abc%3D"),
		"Bilibili": param("vd_source=0a1b&share_source=copy_web"), "Toutiao": param("tt_from=weixin&share_token=0a-1b&timestamp=1789349100"),
		"Weibo": param("luicode=10000011&lfid=1076"), "QQ": param("ADTAG=mobile&_wv=1"), "against caches": param("_t=1789349100123"),
		"session of PHP": param("PHPSESSID=0a1b2c3d4e5f60718293a4b5c6d7e8f9"), "session": param("sid=0a1b2c3d4e5f60718293a4b5c6d7e8f9"), "mail": param("mc_cid=1&mc_eid=2"),
		"Matomo": param("pk_campaign=x"), "HubSpot": param("__hstc=1.2&__hssc=1&__hsfp=3&hsCtaTracking=x"), "NetEase": param("spssid=0a&spsw=1&spsvid=&spsshare=wx&spsts=1789349100123&spstoken=x"),
		"Yandex": param("ysclid=x&_openstat=y"), "networks": param("mibextid=Nif5oz&rdt_cid=1&epik=x"), "X": param("ref_src=twsrc%5Etfw"),
	}
	for name, spell := range spellings {
		for _, page := range canonicalPages {
			if strings.Contains(page, "?id") && strings.HasSuffix(page, "id") && name != "capitals" {
				continue // parts without = keep their places
			}
			if strings.Contains(page, "timestamp=") {
				continue // beside what goes it would be the moment of sharing
			}
			raw := spell(page)
			if strings.Contains(page, "/s?__biz") && name == "plain escaped" {
				continue
			}
			if got, ok := crawler.Canonical(raw); !ok || got != page {
				t.Errorf("%s: Canonical(%q) = %q, %v, want %q", name, raw, got, ok, page)
			}
		}
	}
}
