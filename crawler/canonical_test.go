package crawler_test

import (
	"strings"
	"testing"

	"minsheng/crawler"
)

func TestCanonicalForms(t *testing.T) {
	for _, c := range []struct{ raw, want string }{
		{"HTTP://News.Example:80", "http://news.example/"},
		{"https://news.example:443/a?", "https://news.example/a"},
		{"http://news.example./a", "http://news.example/a"},
		{"http://news.example.:8080/a", "http://news.example:8080/a"},
		{"\u3000http://news.example/a \n", "http://news.example/a"},
		{"http://新闻。example/新", "http://xn--efvy88h.example/%E6%96%B0"},
		{"http://news.example/%7euser/%e6%96%b0/a%2fb%3f", "http://news.example/~user/%E6%96%B0/a%2Fb%3F"},
		{"http://news.example/a/./b/../c", "http://news.example/a/c"},
		{"http://news.example/s?q=%d0%c2%ce%c5", "http://news.example/s?q=%D0%C2%CE%C5"},
		{"http://news.example/s?q=\xd0\xc2", "http://news.example/s?q=%D0%C2"},
		{"http://news.example/s?b=2&amp;a=1&&", "http://news.example/s?a=1&b=2"},
		{"http://news.example/s?q=a+b%2Bc", "http://news.example/s?q=a%20b%2Bc"},
		{"http://news.example/read?tid-12&b=1&a=2", "http://news.example/read?tid-12&b=1&a=2"},
		{"http://news.example/a?utm_source=x&id=7&SPM=1.2&from=singlemessage&isappinstalled=0", "http://news.example/a?id=7"},
		{"http://news.example/a?%75tm_source=x", "http://news.example/a"},
		{"http://news.example/a?tt_from=x&timestamp=1795307400&app=news_article", "http://news.example/a"},
		{"http://news.example/a;JSESSIONID=0A1B?id=1", "http://news.example/a?id=1"},
		{"http://news.example/a?_=1795307400123", "http://news.example/a"},
		{"http://me:word@news.example/a", "http://news.example/a"},
		{"http://news.example/a#p3", "http://news.example/a"},
		{"http://news.example/#!/a/1", "http://news.example/#!/a/1"},
		{"https://mp.weixin.qq.com/s?__biz=MzA%3D%3D&mid=1&idx=1&sn=ab&chksm=cd&scene=27#rd", "https://mp.weixin.qq.com/s?__biz=MzA%3D%3D&idx=1&mid=1&sn=ab"},
	} {
		got, ok := crawler.Canonical(c.raw)
		if got != c.want || !ok {
			t.Errorf("Canonical(%q) = %q, %v, want %q", c.raw, got, ok, c.want)
		}
	}
}

func TestCanonicalKeepsPagesApart(t *testing.T) {
	for _, c := range [][2]string{
		{"http://www.news.example/a", "http://news.example/a"},
		{"http://m.news.example/a", "http://www.news.example/a"},
		{"http://news.example/a", "https://news.example/a"},
		{"http://news.example/a", "http://news.example/a/"},
		{"http://news.example/a/", "http://news.example/a/index.html"},
		{"http://news.example/a//b", "http://news.example/a/b"},
		{"http://news.example/A", "http://news.example/a"},
		{"http://news.example/a%2Fb", "http://news.example/a/b"},
		{"http://news.example:8080/a", "http://news.example/a"},
		{"http://news.example/s?q=%D0%C2", "http://news.example/s?q=%E6%96%B0"},
		{"http://news.example/\xd0\xc2", "http://news.example/\xce\xc5"},
		{"http://news.example/s?from=2026-11-01", "http://news.example/s"},
		{"http://news.example/s?timestamp=1795307400", "http://news.example/s"},
		{"http://news.example/s?app=blog&id=1&utm_term=a", "http://news.example/s?app=news&id=1&utm_term=a"},
		{"http://news.example/s?sid=20261122001", "http://news.example/s?sid=20261122002"},
		{"http://news.example/s?sid=65f0a1b2c3d4e5f601020304", "http://news.example/s?sid=65f0a1b2c3d4e5f601020305"},
		{"http://news.example/s?_=1", "http://news.example/s?_=2"},
		{"http://news.example/s?a=1&a=2", "http://news.example/s?a=2&a=1"},
		{"http://news.example/s?12&show", "http://news.example/s?show&12"},
		{"http://news.example/s?a", "http://news.example/s?a="},
		{"http://news.example/s?q=a%2Bb", "http://news.example/s?q=a+b"},
		{"http://news.example/#/a/1", "http://news.example/#/a/2"},
		{"https://mp.weixin.qq.com/s?__biz=A&mid=1&idx=1&sn=ab", "https://mp.weixin.qq.com/s?__biz=A&mid=1&idx=2&sn=ab"},
	} {
		a, _ := crawler.Canonical(c[0])
		b, _ := crawler.Canonical(c[1])
		if a == b {
			t.Errorf("%q and %q became one: %q", c[0], c[1], a)
		}
	}
}

func TestCanonicalLeavesWhatIsNoURL(t *testing.T) {
	for _, raw := range []string{"", "news.example/a", "/a", " mailto:a@b.example ", "ftp://news.example/", "http://", "http://a b/", "http://n.example/" + strings.Repeat("a", 10_000)} {
		if got, ok := crawler.Canonical(raw); got != raw || ok {
			t.Errorf("Canonical(%.30q) = %.30q, %v, want it as it came", raw, got, ok)
		}
	}
}

func FuzzCanonical(f *testing.F) {
	for _, s := range []string{
		"http://news.example/a/../%2e%2e/b;jsessionid=1/.;jsessionid=2./?a=1&amp;amp;b=+&%75tm_x=1#!/x", "http://a../?&=&a", "http://1../",
		"https://mp.weixin.qq.com/s?__biz=A&mid=1&sn=2&x=3", "http://\xce\xc4.example/\xce?\xc4#/\xce", "http://新闻。例/", "http://n.example/%zz%", "x",
		"http://news.example/?i=1&b=2&utm_x",
		"https://mp.://n.example" + strings.Repeat("\xea", 3000),
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		once, ok := crawler.Canonical(raw)
		if !ok {
			if once != raw {
				t.Fatalf("%q is no URL and came back as %q", raw, once)
			}
			return
		}
		if twice, ok := crawler.Canonical(once); twice != once || !ok {
			t.Errorf("%q became %q, then %q, %v", raw, once, twice, ok)
		}
	})
}

func BenchmarkCanonical(b *testing.B) {
	for b.Loop() {
		crawler.Canonical("http://news.example/a/20261122/1001.html?id=7&utm_source=weibo&page=2")
	}
}
