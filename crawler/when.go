package crawler

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// chinaTime is what CST means on a Chinese page, and the zone of a time that
// states none when the caller knows none either.
var chinaTime = time.FixedZone("CST", 8*60*60)

const (
	maxTimeText  = 512 // bytes of a text in which ParseTime looks for a time
	earliestYear = 1990
	latestYear   = 2110
)

const clockPattern = `(上午|下午|凌晨|清晨|早上|早晨|中午|傍晚|晚上|晚间|晚間|深夜|夜间|夜間|早|晚|[AaPp][Mm])?\s*(\d{1,2})\s*[:时時点點]\s*(\d{1,2}|半|[一三]刻)?\s*(?:[:分]\s*(\d{1,2})(?:[.,]\d{1,9})?)?\s*[分秒]?\s*([AaPp]\.?[Mm]\b\.?)?\s*[(（]?((?:GMT|UTC)?\s*[+-]\d{1,2}:?\d{2}\b|(?:GMT|UTC)\s*[+-]\d{1,2}\b|[+-]\d{2}\b|[A-Z]{1,5}\b|z\b)?`

const monthNames = `(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?`

const hanMonths = `(十一|十二|十|一|二|三|四|五|六|七|八|九|\d{1,2})月`

var (
	numericTime = regexp.MustCompile(`(?:^|[^\d])((?:19|20|21)\d{2})\s*[-/._年–—]\s*0?(\d{1,2})\s*[-/._月–—]\s*(\d{1,2})(?:\D|$)`)
	dayFirst    = regexp.MustCompile(`(?:^|[^\d./-])(\d{1,2})([./])(\d{1,2})([./])((?:19|20|21)\d{2})(?:\D|$)`)
	dayTail     = regexp.MustCompile(`^\s*[日号號]?(?:\s*[,(]?\s*(?:(?:星期|周|週|礼拜|禮拜)[一二三四五六日天]|(?i:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*))\s*[)]?|\s*\([一二三四五六日]\))?[Tt\s,|_·•/]*(?:-\s+)?(?:(?i:at)\s+)?`)
	clockBefore = regexp.MustCompile(`(?:^|[^\d:-])(\d{1,2}:\d{2}(?::\d{2})?)\s+$`)
	clockTime   = regexp.MustCompile(`^` + clockPattern)
	englishDay  = regexp.MustCompile(`(?i:\b(\d{1,2})(?:st|nd|rd|th)?[\s,-]*` + monthNames + `[\s,-]*(\d{4}|\d{2})\b)[\s,|·•]*(?:at\s+)?`)
	englishMon  = regexp.MustCompile(`(?i:\b` + monthNames + `\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b)[\s,|·•]*(?:at\s+)?`)
	asctime     = regexp.MustCompile(`\b` + monthNames + `\s+(\d{1,2})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([A-Z]{1,5}|[+-]\d{4})?\s+(\d{4})\b`)
	hanMonthDay = regexp.MustCompile(`\b(\d{1,2})\s*` + hanMonths + `[\s,]*(\d{4})\b[\s,]*`)
	hanMonthUS  = regexp.MustCompile(hanMonths + `\s*(\d{1,2})\s*,\s*(\d{4})\b[\s,]*`)
	republic    = regexp.MustCompile(`(?:中?[華华])?民[國国]\s*([\d〇零一二三四五六七八九十百]{1,7})\s*年\s*([\d一二三四五六七八九十]{1,3})\s*月\s*([\d一二三四五六七八九十]{1,3})\s*([日号號])`)
	hanClock    = regexp.MustCompile(`([〇零一二三四五六七八九十]{1,3})(刻)?([时時点點分])`)
	span        = regexp.MustCompile(`([\s日号號]\d{1,2}:\d{2})\s*-\s*\d{1,2}(?::\d{2})?\b`) // 08:30-11:00, hours of an event; after a T it is a zone
	mixedMonth  = regexp.MustCompile(`((?:19|20|21)\d{2})年` + hanMonths + `(\d{1,2})[日号號]`)
	hanNumerals = regexp.MustCompile(`([〇零○Ｏ一二三四五六七八九]{4}|(?:19|20|21)\d{2})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})[日号號]`)
	compactTime = regexp.MustCompile(`^((?:19|20)\d{2})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?(Z|[+-]\d{2}:?\d{2})?$`)
	ordinalTime = regexp.MustCompile(`^((?:19|20)\d{2})-(\d{3})$`)
	touching    = regexp.MustCompile(`((?:19|20)\d{2}[-/.]\d{2}[-/.]\d{2})(\d{1,2}:\d{2})`)          // from two elements side by side
	apart       = regexp.MustCompile(`\b((?:19|20)\d{2})\s*(\d{2})\s*/\s*(\d{2})\s*(\d{1,2}:\d{2})`) // year, day and time of day in three elements
	epochTime   = regexp.MustCompile(`^1\d{9}(?:\d{3})?(?:\.\d+)?$`)
	zonePlace   = regexp.MustCompile(`^\s*[(\[]?([A-Z][A-Za-z]+(?:/[A-Za-z_]+){1,2})\b`) // of the tz database
	zoneOffset  = regexp.MustCompile(`^(?:GMT|UTC)?\s*([+-])(?:(\d{1,2}):?(\d{2})|(\d{1,2}))$`)
)

// zoneHours are the zone names that feeds and pages really write. CST is
// China's: the American one does not occur where Minsheng reads.
var zoneHours = map[string]int{
	"Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0, "BST": 1, "CET": 1, "MET": 1, "CEST": 2, "MEST": 2, "EET": 2, "EEST": 3, "MSK": 3,
	"CST": 8, "HKT": 8, "SGT": 8, "BJT": 8, "JST": 9, "KST": 9,
	"ET": -5, "EST": -5, "EDT": -4, "CT": -6, "CDT": -5, "MT": -7, "MST": -7, "MDT": -6, "PT": -8, "PST": -8, "PDT": -7,
}

// ParseTime reads the first date of s, Chinese or international, with its time
// of day where one is shown: 2026年11月22日 上午8:30, 2026/11/22, RFC 3339,
// RFC 822, epoch seconds and milliseconds, full-width digits, Chinese numerals.
// A time without a zone is in zone (nil: China's). It gives ok=false for what
// names no day of its own (3小时前, 昨天, 11-20 10:00), for one that can be read
// in two ways (26-03-05, 03/05/2026) and for an impossible date; 晚上12点 gives
// the day alone. A wrong hour is worse than none. TestParseTime is the table of
// the forms.
func ParseTime(s string, zone *time.Location) (t time.Time, dayOnly, ok bool) {
	if zone == nil {
		zone = chinaTime
	}
	s = foldWidth(clip(s, maxTimeText))
	if t, dayOnly, ok = wholeTime(s, zone); ok {
		return t, dayOnly, true
	}
	s = republic.ReplaceAllStringFunc(s, spellRepublic)
	s = hanNumerals.ReplaceAllStringFunc(s, spellDigits)
	s = mixedMonth.ReplaceAllStringFunc(s, spellMonth)
	s = span.ReplaceAllString(s, "$1")
	s = touching.ReplaceAllString(s, "$1 $2")
	s = apart.ReplaceAllString(s, "$1-$2-$3 $4")
	d, rest, found := findDay(s)
	if !found {
		return time.Time{}, false, false
	}
	return d.with(rest, zone)
}

// wholeTime reads the forms that mean a time only where nothing else stands
// beside them.
func wholeTime(s string, zone *time.Location) (t time.Time, dayOnly, ok bool) {
	if epochTime.MatchString(s) {
		whole, _, _ := strings.Cut(s, ".")
		n, err := strconv.ParseInt(whole, 10, 64)
		if err != nil {
			return time.Time{}, false, false
		}
		if len(whole) > 10 {
			return time.UnixMilli(n).In(zone), false, true
		}
		return time.Unix(n, 0).In(zone), false, true
	}
	if m := compactTime.FindStringSubmatch(s); m != nil {
		d := day{number(m[1]), number(m[2]), number(m[3])}
		if m[4] == "" {
			return d.at(clock{}, zone, true)
		}
		if loc, known := zoneNamed(m[7]); known {
			zone = loc
		}
		return d.at(clock{number(m[4]), number(m[5]), number(m[6])}, zone, false)
	}
	if m := ordinalTime.FindStringSubmatch(s); m != nil {
		n := number(m[2])
		t := time.Date(number(m[1]), 1, n, 0, 0, 0, 0, zone)
		return t, true, n > 0 && t.Year() == number(m[1])
	}
	if m := asctime.FindStringSubmatch(s); m != nil {
		if loc, known := zoneNamed(m[6]); known {
			zone = loc
		}
		return day{number(m[7]), monthNumber(m[1]), number(m[2])}.at(clock{number(m[3]), number(m[4]), number(m[5])}, zone, false)
	}
	return time.Time{}, false, false
}

type day struct{ year, month, day int }

type clock struct{ hour, minute, second int }

// findDay gives the first day in s and what follows it.
func findDay(s string) (d day, rest string, ok bool) {
	if m := numericTime.FindStringSubmatchIndex(s); m != nil {
		d = day{number(s[m[2]:m[3]]), number(s[m[4]:m[5]]), number(s[m[6]:m[7]])}
		rest = s[m[7]:]
		rest = rest[len(dayTail.FindString(rest)):]
		if before := clockBefore.FindStringSubmatch(s[:m[2]]); before != nil && !clockTime.MatchString(rest) {
			rest = before[1] // 09:15 2026-11-22
		}
		return d, rest, true
	}
	if d, rest, ok := findDayFirst(s); ok {
		return d, rest, true
	}
	for _, form := range []struct {
		re               *regexp.Regexp
		year, month, day int
	}{{englishDay, 3, 2, 1}, {englishMon, 3, 1, 2}, {hanMonthDay, 3, 2, 1}, {hanMonthUS, 3, 1, 2}} {
		m := form.re.FindStringSubmatchIndex(s)
		if m == nil {
			continue
		}
		group := func(n int) string { return s[m[2*n]:m[2*n+1]] }
		year := number(group(form.year))
		if year < 70 {
			year += 2000
		} else if year < 100 {
			year += 1900
		}
		return day{year, monthNumber(group(form.month)), number(group(form.day))}, s[m[1]:], true
	}
	return day{}, "", false
}

// findDayFirst reads 22.11.2026 and 11/22/2026, of which one number can only be
// the day: which comes first is a habit, and of 03/05/2026 nobody can tell.
func findDayFirst(s string) (d day, rest string, ok bool) {
	m := dayFirst.FindStringSubmatchIndex(s)
	if m == nil || s[m[4]:m[5]] != s[m[8]:m[9]] {
		return day{}, "", false
	}
	d = day{number(s[m[10]:m[11]]), number(s[m[6]:m[7]]), number(s[m[2]:m[3]])}
	if d.month > 12 {
		d.month, d.day = d.day, d.month
	} else if d.day <= 12 && d.day != d.month {
		return day{}, "", false
	}
	rest = s[m[11]:]
	return d, rest[len(dayTail.FindString(rest)):], true
}

// with adds the time of day that rest begins with, if any.
func (d day) with(rest string, zone *time.Location) (t time.Time, dayOnly, ok bool) {
	rest = hanClock.ReplaceAllStringFunc(clip(rest, 64), spellClock)
	m := clockTime.FindStringSubmatch(rest)
	if m == nil {
		return d.at(clock{}, zone, true)
	}
	c := clock{number(m[2]), number(m[3]), number(m[4])}
	switch m[3] {
	case "半":
		c.minute = 30
	case "一刻":
		c.minute = 15
	case "三刻":
		c.minute = 45
	}
	half := m[1]
	if half == "" {
		half = strings.ReplaceAll(m[5], ".", "")
	}
	switch strings.ToLower(half) {
	case "晚上", "晚间", "晚間", "晚", "深夜", "夜间", "夜間":
		switch {
		case c.hour == 12 || c.hour < 5: // midnight of this day or of the next: nobody can tell
			return d.at(clock{}, zone, true)
		case c.hour < 12:
			c.hour += 12
		}
	case "下午", "傍晚", "pm":
		if c.hour < 12 {
			c.hour += 12
		}
	case "中午":
		if c.hour < 4 {
			c.hour += 12
		}
	case "am", "上午", "凌晨":
		if c.hour == 12 {
			c.hour = 0
		}
	}
	if loc, known := zoneNamed(m[6]); known {
		zone = loc
	} else if place := zonePlace.FindStringSubmatch(rest[len(m[0])-len(m[6]):]); place != nil {
		// The name's first letters look like those of a zone of one word.
		if loc, err := time.LoadLocation(place[1]); err == nil {
			zone = loc
		}
	}
	return d.at(c, zone, false)
}

func (d day) at(c clock, zone *time.Location, dayOnly bool) (time.Time, bool, bool) {
	if d.year < earliestYear || d.year > latestYear || d.month < 1 || d.month > 12 || d.day < 1 {
		return time.Time{}, false, false
	}
	midnight := c.hour == 24 && c.minute == 0 && c.second == 0
	if c.hour > 23 && !midnight || c.minute > 59 || c.second > 60 {
		return time.Time{}, false, false
	}
	if time.Date(d.year, time.Month(d.month), d.day, 0, 0, 0, 0, time.UTC).Day() != d.day {
		return time.Time{}, false, false
	}
	return time.Date(d.year, time.Month(d.month), d.day, c.hour, c.minute, c.second, 0, zone), dayOnly, true
}

func zoneNamed(s string) (*time.Location, bool) {
	s = strings.TrimSpace(s)
	if m := zoneOffset.FindStringSubmatch(s); m != nil {
		seconds := (number(m[2])+number(m[4]))*3600 + number(m[3])*60 // hours alone: +08, UTC+8
		if seconds > 15*3600 {
			return nil, false
		}
		if m[1] == "-" {
			seconds = -seconds
		}
		return time.FixedZone("", seconds), true
	}
	hours, ok := zoneHours[strings.ToUpper(s)]
	if !ok {
		return nil, false
	}
	return time.FixedZone(s, hours*3600), true
}

func monthNumber(s string) int {
	if n := number(s); n > 0 {
		return n
	}
	if n := hanNumber(s); n > 0 {
		return n
	}
	const names = "janfebmaraprmayjunjulaugsepoctnovdec"
	if len(s) < 3 {
		return 0
	}
	return strings.Index(names, strings.ToLower(s[:3]))/3 + 1
}

// hanNumber reads 一 to 三十一; 0 is none of them.
func hanNumber(s string) int {
	tens, units := 0, 0
	for _, r := range s {
		if r == '十' {
			tens, units = max(units, 1), 0
			continue
		}
		units = strings.IndexRune("〇一二三四五六七八九", r) / len("一")
	}
	return tens*10 + units
}

// hanCount reads 一 to 一百九十九.
func hanCount(s string) int {
	if n := number(s); n > 0 {
		return n
	}
	hundreds, rest, found := strings.Cut(s, "百")
	if !found {
		return hanNumber(s)
	}
	return 100*max(1, hanNumber(hundreds)) + hanNumber(rest)
}

// spellRepublic turns 民國一百一十五年三月五日 into 2026年3月5日: year 1 is 1912.
func spellRepublic(s string) string {
	m := republic.FindStringSubmatch(s)
	return strconv.Itoa(1911+hanCount(m[1])) + "年" + strconv.Itoa(hanCount(m[2])) + "月" + strconv.Itoa(hanCount(m[3])) + "日"
}

// spellClock turns 三时 into 3时 and leaves 三刻.
func spellClock(s string) string {
	m := hanClock.FindStringSubmatch(s)
	if m[2] != "" {
		return s
	}
	return strconv.Itoa(hanNumber(m[1])) + m[3]
}

// spellMonth turns 2026年九月14日 into 2026年9月14日.
func spellMonth(s string) string {
	m := mixedMonth.FindStringSubmatch(s)
	return m[1] + "年" + strconv.Itoa(monthNumber(m[2])) + "月" + m[3] + "日"
}

// spellDigits turns 二〇二六年十一月二十二日 into 2026年11月22日.
func spellDigits(s string) string {
	m := hanNumerals.FindStringSubmatch(s)
	year := number(m[1])
	for _, r := range m[1] {
		if r > '9' {
			year = year*10 + max(0, hanNumber(string(r)))
		}
	}
	return strconv.Itoa(year) + "年" + strconv.Itoa(hanNumber(m[2])) + "月" + strconv.Itoa(hanNumber(m[3])) + "日"
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// foldWidth turns full-width letters, digits and signs into plain ones and
// every kind of space into one blank, and trims.
func foldWidth(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - 0xFEE0
		case r == '　' || r == '\u00a0' || r == '\u202f' || r == '\t' || r == '\n' || r == '\r':
			return ' '
		case r == '\u200e' || r == '\u200f' || r == '\ufeff' || r == '\u200b':
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

// clip cuts s to at most n bytes and never inside a rune.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}
