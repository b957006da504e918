package crawler_test

import (
	"slices"
	"testing"

	"minsheng/crawler"
	"minsheng/i18n"
)

func TestCheckURLRefuses(t *testing.T) {
	for _, c := range []struct {
		code string
		urls []string
	}{
		{"fetch.private", []string{
			"http://127.0.0.1/", "http://127.8.9.10:8080/", "http://0.0.0.0/", "http://10.200.0.1/", "http://172.16.0.1/",
			"http://172.31.255.255/", "http://192.168.1.1/", "http://169.254.169.254/", "http://100.64.0.1/", "http://100.127.255.255/",
			"http://192.0.0.8/", "http://198.18.0.1/", "http://198.19.255.255/", "http://224.0.0.1/", "http://240.0.0.1/",
			"http://255.255.255.255/", "http://192.88.99.1/", "http://203.0.113.9/", "http://168.63.129.16/",
			"http://[::1]/", "http://[::]/", "http://[fe80::1]/", "http://[fc00::1]/", "http://[fd12::1]/", "http://[ff02::1]/",
			"http://[::ffff:10.0.0.1]/", "http://[::ffff:9.9.9.9]/", "http://[::10.0.0.1]/", "http://[64:ff9b::10.0.0.1]/",
			"http://[64:ff9b:1::1]/", "http://[2002:a00:1::]/", "http://[2001::1]/", "http://[2001:db8::1]/", "http://[100::1]/",
		}},
		{"fetch.private", []string{ // the same address, written oddly
			"http://2130706433/", "http://017700000001/", "http://0x7f000001/", "http://0x7f.1/", "http://0X7F.0.0.0x1/",
			"http://127.1/", "http://127.0.1/", "http://0177.0.0.1/", "http://127.0.0.1./", "http://１２７.０.０.１/",
			"http://127。0。0。1/", "http://127．0．0．1/", "http://①②⑦.0.0.1/", "http://%31%32%37.0.0.1/", "http://0/",
			"http://news.example@127.0.0.1/", "http://9.9.9.9:80@127.0.0.1/", "http://127.0.0.1\\@9.9.9.9/",
			"http:\\\\127.0.0.1\\", "http:/127.0.0.1/", "http:127.0.0.1", " http://127.0.0.1/", "http://12\t7.0.0.1/", "HTTP://127.0.0.1#@9.9.9.9/",
			"http://localhost/",
		}},
		{"fetch.address", []string{
			"http://9.9.9.9:0/", "http://9.9.9.9:65536/", "http://9.9.9.9:-1/", "http://9.9.9.9:8o/", "http://256.0.0.1/", "http://1.2.3.4.5/",
			"http://[::1", "http://[fe80::1%25eth0]/", "http://", "http://9.9.9.9 .example/", "http://a%00b/", "127.0.0.1", "//9.9.9.9/", "", "http://a.1../",
		}},
		{"fetch.scheme", []string{"file:///etc/passwd", "ftp://9.9.9.9/", "gopher://9.9.9.9:70/", "data:text/html,x", "javascript:alert(1)", "mailto:a@b.example", "unix:///x"}},
		{"fetch.dns", []string{"http://nobody-has-this-name.invalid/"}},
	} {
		for _, u := range c.urls {
			fault := crawler.CheckURL(t.Context(), u)
			if fault == nil || fault.Code != c.code {
				t.Errorf("CheckURL(%q) = %v, want %s", u, fault, c.code)
			}
			if fault != nil && !i18n.Has(fault.Code) {
				t.Errorf("%s has no sentence", fault.Code)
			}
		}
	}
}

func TestCheckURLAllowsPublicNeighbours(t *testing.T) {
	for _, u := range []string{
		"http://9.9.9.9/", "https://9.255.255.255/", "http://11.0.0.1/", "http://172.32.0.1/", "http://100.63.255.255/", "http://100.128.0.1/",
		"http://198.17.255.255/", "http://198.20.0.1/", "http://192.0.1.1/", "http://223.255.255.255/", "http://169.253.1.1/",
		"http://user:word@9.9.9.9:8443/a?b#c", "http://151587081/", "http://[2606:4700::1111]/", "http://[2400:3200::1]:8080/", "http://[2001:200::1]/",
	} {
		if fault := crawler.CheckURL(t.Context(), u); fault != nil {
			t.Errorf("CheckURL(%q) = %v, want allowed", u, fault)
		}
	}
}

func TestFaultShowsNoPassword(t *testing.T) {
	fault := crawler.CheckURL(t.Context(), "ftp://me:secret@9.9.9.9/")
	if fault == nil || !slices.Equal(fault.Args, []string{"ftp://9.9.9.9/"}) {
		t.Errorf("fault = %v, want the address without its password", fault)
	}
}
