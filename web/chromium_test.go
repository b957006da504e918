package web_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"minsheng/opinion"
	"minsheng/store"
)

// browser starts Chromium. Where there is none a laptop skips; CI fails.
func browser(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		const how = "no Chromium here: apt-get install chromium fonts-noto-cjk"
		if os.Getenv("CI") == "true" {
			t.Fatal(how)
		}
		t.Skip(how)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.WSURLReadTimeout(time.Minute))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil { // the browser lives as long as this context
		t.Fatal(err)
	}
	return ctx
}

// complaints are what the browser itself found wrong: exceptions, blocked
// styles, missing files.
type complaints struct {
	mu   sync.Mutex
	said []string
}

func (c *complaints) listen(event any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		c.said = append(c.said, e.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError && !strings.Contains(e.Entry.Text, "status of 4") {
			c.said = append(c.said, e.Entry.Text+" "+e.Entry.URL)
		}
	}
}

func (c *complaints) take() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	said := c.said
	c.said = nil
	return said
}

// inspect finds what an eye would mind: something wider than the window, words
// too faint for their ground, and on a phone targets too small for a thumb.
const inspect = `(() => {
  const faults = [], phone = innerWidth < 641;
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) {
    const wide = [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > root.clientWidth + 1 && !e.closest('.wide, .skip'));
    faults.push('wider than the window: ' + root.scrollWidth + ' ' + wide.slice(0, 3).map(e => e.tagName + '.' + e.className + ' ' + e.textContent.slice(0, 20)).join(' | '));
  }
  const parse = c => { const m = c.match(/[\d.]+/g).map(Number); return [m[0], m[1], m[2], m.length > 3 ? m[3] : 1]; };
  const lum = c => { const f = c.slice(0, 3).map(v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); return .2126 * f[0] + .7152 * f[1] + .0722 * f[2]; };
  const ground = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c[3] > 0) return c; } return [255, 255, 255, 1]; };
  const seen = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n; n = walk.nextNode();) {
    const e = n.parentElement;
    if (!n.data.trim() || seen.has(e) || e.closest('svg, .skip, .unseen, option') || !e.checkVisibility()) continue;
    seen.add(e);
    const a = lum(parse(getComputedStyle(e).color)), b = lum(ground(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) faults.push('contrast ' + ratio.toFixed(2) + ': ' + e.tagName + '.' + e.className + ' ' + n.data.trim().slice(0, 20));
  }
  if (phone) for (const e of document.querySelectorAll('.bar nav a, .me a, .me button, main button:not(.plain), main .button, main summary, main select, main textarea, main input:not([type=hidden]):not([type=checkbox]):not([type=radio])')) {
    const r = e.getBoundingClientRect();
    if (e.checkVisibility() && r.height < 43.5) faults.push('low target ' + r.height.toFixed(0) + ': ' + e.tagName + ' ' + (e.name || e.textContent.trim()).slice(0, 20));
  }
  for (const e of document.querySelectorAll('input:not([type=hidden]), select, textarea')) {
    if (e.labels && !e.labels.length && !e.getAttribute('aria-label')) faults.push('no label: ' + e.name);
  }
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id), twice = ids.filter((id, i) => ids.indexOf(id) !== i);
  if (twice.length) faults.push('ids twice: ' + twice.join(' '));
  if (document.querySelectorAll('h1').length !== 1) faults.push('not one h1');
  if (window.__xss) faults.push('a script of a post ran');
  return faults;
})()`

// TestPagesInBrowser opens every page in Chromium, wide and narrow, light and
// dark. MINSHENG_SCREENSHOTS names a folder for pictures of them.
func TestPagesInBrowser(t *testing.T) {
	ctx := browser(t)
	o := openOffice(t)
	s := o.seed()
	p := o.as(store.Admin)
	o.must(o.store.Act(t.Context(), s.Alert.Number, "note", "周研判", "已请城东派出所核实当日窗口录像。"))
	o.accept(postOf(900, forum, opinion.Forum, o.now(), `<script>window.__xss=1</script>`, `窗口民警态度<img src=x onerror="window.__xss=1">恶劣`))
	o.teach(s)
	shots := os.Getenv("MINSHENG_SCREENSHOTS")
	if shots != "" {
		o.must(os.MkdirAll(shots, 0o755))
	}
	site, err := url.Parse(o.site.URL)
	o.must(err)
	secret := p.client.Jar.Cookies(site)[0].Value
	var c complaints
	o.must(chromedp.Listen(ctx, c.listen))
	_, err = chromedp.Call(ctx, log.Enable, cdp.Empty{})
	o.must(err)
	_, err = chromedp.Call(ctx, runtime.Enable, cdp.Empty{})
	o.must(err)
	_, err = chromedp.Call(ctx, network.SetCookie, network.SetCookieParams{Name: "minsheng_session", Value: secret, URL: o.site.URL})
	o.must(err)
	for _, page := range []struct{ name, path string }{
		{"alerts", "/"},
		{"alert", fmt.Sprintf("/alerts/%d", s.Alert.Number)},
		{"alert-closed", fmt.Sprintf("/alerts/%d", s.Older.Number)},
		{"search", "/search?q=" + url.QueryEscape("窗口")},
		{"search-week", "/search?days=7&attitude=neg"},
		{"search-day", "/search?days=1"},
		{"search-wrong", "/search?q=" + url.QueryEscape("户籍 (窗口 | ")},
		{"search-none", "/search?q=" + url.QueryEscape("没有这样的词句")},
		{"incident", "/search?days=0&refused=choose&incident=" + o.incidentOf(s.Angry[0]).ID},
		{"post", "/posts/" + s.Angry[0]},
		{"post-corrected", "/posts/" + s.Quiet[1] + "?done=corrected&n=1"},
		{"corrections", "/corrections"},
		{"words", "/words?q=" + url.QueryEscape("推诿") + "&edit=" + url.QueryEscape("甩片儿汤")},
		{"places", "/places"},
		{"suggestions", "/suggestions"},
		{"post-xss", "/posts/" + opinion.PostID("seed", "900")},
		{"settings", "/settings"},
		{"sources", "/sources"},
		{"topics", "/topics"},
		{"topic", "/topics/edit?name=" + url.QueryEscape("服务态度")},
		{"channels", "/channels"},
		{"users", "/users"},
		{"audit", "/audit"},
		{"me", "/me"},
		{"missing", "/nothing-here"},
	} {
		t.Run(page.name, func(t *testing.T) { look(ctx, t, &c, o.site.URL+page.path, page.name, shots) })
	}
}

// look opens one page and turns it into four forms.
func look(ctx context.Context, t *testing.T, c *complaints, address, name, shots string) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Navigate(address)); err != nil {
		t.Fatal(err)
	}
	for _, width := range []int64{1280, 390} {
		for _, scheme := range []string{"light", "dark"} {
			form := fmt.Sprintf("%s-%d-%s", name, width, scheme)
			if err := turn(ctx, width, scheme); err != nil {
				t.Fatalf("%s: %v", form, err)
			}
			faults, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](inspect))
			if err != nil {
				t.Fatalf("%s: %v", form, err)
			}
			for _, f := range append(faults, c.take()...) {
				t.Errorf("%s: %s", form, f)
			}
			if shots == "" {
				continue
			}
			picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
			if err != nil {
				t.Fatalf("%s: %v", form, err)
			}
			if err := os.WriteFile(filepath.Join(shots, form+".png"), picture, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func turn(ctx context.Context, width int64, scheme string) error {
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, media); err != nil {
		return err
	}
	var options []chromedp.EmulateViewportOption
	if width < 640 {
		options = append(options, chromedp.EmulateMobile, chromedp.EmulatePortrait)
	}
	return chromedp.Do(ctx, chromedp.EmulateViewport(width, 844, options...))
}
