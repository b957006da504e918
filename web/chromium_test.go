package web_test

import (
	"context"
	"errors"
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
  if (phone) for (const e of document.querySelectorAll('main label.check')) {
    if (e.checkVisibility() && e.getBoundingClientRect().height < 43.5) faults.push('low target: ' + e.textContent.trim().slice(0, 20));
  }
  for (const e of document.querySelectorAll('a[href], button, summary')) {
    if (!e.textContent.trim() && !e.getAttribute('aria-label')) faults.push('no name: ' + e.outerHTML.slice(0, 60));
  }
  const said = {};
  for (const e of document.querySelectorAll('main form button')) {
    const f = e.form, what = e.textContent.trim();
    if (what in said && said[what] !== f.getAttribute('action') + new URLSearchParams(new FormData(f, e))) faults.push('two buttons of one name: ' + what);
    said[what] = f.getAttribute('action') + new URLSearchParams(new FormData(f, e));
  }
  if (document.querySelector('[tabindex]:not([tabindex="-1"]):not([tabindex="0"])')) faults.push('an order of its own for the keyboard');
  let level = 1;
  for (const h of document.querySelectorAll('h1, h2, h3, h4')) {
    if (+h.tagName[1] > level + 1) faults.push('a level of headings is left out: ' + h.textContent);
    level = +h.tagName[1];
  }
  if (!document.title || document.title.startsWith(' ')) faults.push('no title');
  for (const e of document.querySelectorAll('input:not([type=hidden]), select, textarea')) {
    if (e.labels && !e.labels.length && !e.getAttribute('aria-label')) faults.push('no label: ' + e.name);
  }
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id), twice = ids.filter((id, i) => ids.indexOf(id) !== i);
  if (twice.length) faults.push('ids twice: ' + twice.join(' '));
  if (document.querySelectorAll('h1').length !== 1) faults.push('not one h1');
  if (window.__xss) faults.push('a script of a post ran');
  return faults;
})()`

// view is a page to be looked at: who opens it, and what that person then does.
type view struct {
	name, path string
	role       store.UserRole // "" for an administrator
	does       string         // JavaScript that fills and sends a form of the page
}

// views are every page, as it is opened and as it comes back from its forms.
func (o *office) views(s seeded) []view {
	post, sick := "/posts/"+s.Angry[0], "/posts/"+opinion.PostID("seed", "900")
	alert := fmt.Sprintf("/alerts/%d", s.Alert.Number)
	topic := "/topics/edit?name=" + url.QueryEscape("服务态度")
	all := []view{
		{name: "login", path: "/login", role: stranger},
		{name: "login-wrong", path: "/login?next=/search", role: stranger, does: `f = document.querySelector('main form'); f.name.value = '林新闻'; f.password.value = 'wrong'; f.submit()`},
		{name: "missing-stranger", path: "/nothing-here", role: stranger},
		{name: "alerts", path: "/"},
		{name: "alerts-refresh", path: "/?refresh=1"},
		{name: "alert", path: alert},
		{name: "alert-refused", path: alert, does: `f = document.getElementById('reason').form; f.text.value = ' '; b = f.querySelector('button'); f.noValidate = true; b.click()`},
		{name: "alert-closed", path: fmt.Sprintf("/alerts/%d", s.Older.Number)},
		{name: "search-all", path: "/search"},
		{name: "search", path: "/search?q=" + url.QueryEscape("窗口")},
		{name: "search-week", path: "/search?days=7&attitude=neg"},
		{name: "search-day", path: "/search?days=1"},
		{name: "search-wrong", path: "/search?q=" + url.QueryEscape("户籍 (窗口 | ")},
		{name: "search-date", path: "/search?from=2026-03-11&until=2026-03-01"},
		{name: "search-none", path: "/search?q=" + url.QueryEscape("没有这样的词句")},
		{name: "incident", path: "/search?days=0&refused=choose&incident=" + o.incidentOf(s.Angry[0]).ID},
		{name: "post", path: post},
		{name: "post-delete", path: post, does: `f = document.querySelector('.danger form'); f.noValidate = true; f.querySelector('button').click()`},
		{name: "post-corrected", path: "/posts/" + s.Quiet[1] + "?done=corrected&n=1"},
		{name: "post-xss", path: sick},
		{name: "corrections", path: "/corrections"},
		{name: "words", path: "/words?q=" + url.QueryEscape("推诿") + "&edit=" + url.QueryEscape("甩片儿汤")},
		{name: "words-refused", path: "/words", does: `f = document.querySelector('.rule-form'); f.word.value = '推诿'; f.class.value = 'praise'; f.weight.value = '很重'; f.querySelector('button').click()`},
		{name: "places", path: "/places"},
		{name: "places-refused", path: "/places", does: `f = document.querySelector('.rule-form'); f.elements.namedItem('name').value = '城东派出所'; f.querySelector('button').click()`},
		{name: "suggestions", path: "/suggestions"},
		{name: "settings", path: "/settings"},
		{name: "sources", path: "/sources"},
		{name: "sources-paused", path: "/sources", does: `document.querySelector('button[value=pause]').click()`},
		{name: "topics", path: "/topics"},
		{name: "topic", path: topic},
		{name: "topic-new", path: "/topics/edit?any=" + url.QueryEscape("夜市")},
		{name: "topic-refused", path: topic, does: `f = document.querySelector('.rule-form'); f.any.value = '\"态度 ab'; f.all.value = ''; f.none.value = '态度||脸'; f.querySelector('button').click()`},
		{name: "topic-tried", path: topic, does: `f = document.querySelector('.rule-form'); f.any.value = '态度 钱包'; f.all.value = ''; f.querySelector('button[value=try]').click()`},
		{name: "channels", path: "/channels"},
		{name: "channels-tested", path: "/channels", does: `document.querySelector('button[value=平台]').click()`},
		{name: "users", path: "/users"},
		{name: "users-added", path: "/users", does: `f = document.querySelector('form.fields'); f.elements.namedItem('name').value = '夜班甲'; f.querySelector('button').click()`},
		{name: "users-refused", path: "/users", does: `f = document.querySelector('form.fields'); f.elements.namedItem('name').value = '夜班 甲'; f.querySelector('button').click()`},
		{name: "audit", path: "/audit"},
		{name: "audit-none", path: "/audit?kind=nothing"},
		{name: "me", path: "/me"},
		{name: "me-refused", path: "/me", does: `f = document.querySelector('form.narrow'); f.old.value = 'x'; f.elements.namedItem('new').value = 'y'; f.again.value = 'z'; f.querySelector('button').click()`},
		{name: "missing", path: "/nothing-here"},
	}
	for _, role := range []store.UserRole{store.Press, store.Analyst} {
		for _, v := range all {
			if v.role == "" && v.does == "" && !strings.Contains(v.name, "-") {
				all = append(all, view{name: string(role) + "-" + v.name, path: v.path, role: role})
			}
		}
	}
	return all
}

const stranger store.UserRole = "stranger"

// TestPagesInBrowser opens every page in Chromium, wide and narrow, light and
// dark, in both languages. MINSHENG_SCREENSHOTS names a folder for pictures.
func TestPagesInBrowser(t *testing.T) {
	ctx := browser(t)
	o := openOffice(t)
	s := o.seed()
	o.must(o.store.Act(t.Context(), s.Alert.Number, "note", "周研判", "已请城东派出所核实当日窗口录像。"))
	o.accept(postOf(900, forum, opinion.Forum, o.now(), `<script>window.__xss=1</script>`, `窗口民警态度<img src=x onerror="window.__xss=1">恶劣`))
	o.teach(s)
	o.member("林新闻", store.Press)
	shots := os.Getenv("MINSHENG_SCREENSHOTS")
	if shots != "" {
		o.must(os.MkdirAll(shots, 0o755))
	}
	var c complaints
	o.must(chromedp.Listen(ctx, c.listen))
	_, err := chromedp.Call(ctx, log.Enable, cdp.Empty{})
	o.must(err)
	_, err = chromedp.Call(ctx, runtime.Enable, cdp.Empty{})
	o.must(err)
	for _, v := range o.views(s) {
		for _, lang := range []string{"zh", "en"} {
			schemes := []string{"light", "dark"}
			if lang == "en" || v.role != "" {
				schemes = schemes[:1] // the colours are the same
			}
			if lang == "en" && v.role != "" && v.role != stranger {
				continue // so are the words
			}
			t.Run(v.name+"-"+lang, func(t *testing.T) { o.look(ctx, t, &c, v, lang, schemes, shots) })
		}
	}
}

// come makes the browser that of a person.
func (o *office) come(ctx context.Context, role store.UserRole, lang string) error {
	cookies := map[string]string{"minsheng_lang": lang, "minsheng_session": "nobody's"}
	if role == "" {
		role = store.Admin
	}
	if role != stranger {
		site, err := url.Parse(o.site.URL)
		if err != nil {
			return err
		}
		cookies["minsheng_session"] = o.as(role).client.Jar.Cookies(site)[0].Value
	}
	for name, value := range cookies {
		_, err := chromedp.Call(ctx, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: o.site.URL})
		if err != nil {
			return err
		}
	}
	return nil
}

// look opens one page and turns it into its forms.
func (o *office) look(ctx context.Context, t *testing.T, c *complaints, v view, lang string, schemes []string, shots string) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if err := errors.Join(o.come(ctx, v.role, lang), chromedp.Do(ctx, chromedp.Navigate(o.site.URL+v.path))); err != nil {
		t.Fatal(err)
	}
	if v.does != "" {
		if err := send(ctx, v.does); err != nil {
			t.Fatal(err)
		}
	}
	for _, width := range []int64{1280, 390} {
		for _, scheme := range schemes {
			form := fmt.Sprintf("%s-%s-%d-%s", v.name, lang, width, scheme)
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

// send fills and sends a form, and waits for the page that comes back.
func send(ctx context.Context, script string) error {
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("window.__before = true; (() => { let f, b; "+script+" })(); true")); err != nil {
		return fmt.Errorf("send form: %w", err)
	}
	for {
		// While one page gives way to the next there is nothing to ask.
		if there, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("!window.__before && document.readyState === 'complete'")); err == nil && there {
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("wait for the answer to a form: %w", ctx.Err())
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
