package analysis

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What is followed are topics, never people: who wrote an article is not stored. A
// byline is taken out where it shows itself as one: a word for the trade with a name
// beside it, alone in a line or in brackets, or at the head of a dispatch. Persons
// whom a text is about stay.

const (
	mostByline = 60 // characters of a line or of what stands in brackets
	mostSigned = 20 // of whatever follows 作者： in a line of its own
)

const (
	bylineTrade = `(?:(?:全媒体|融媒体|新媒体|首席|见习|見習|实习|實習|特约|特約|特派|驻站|本报|本報|本网|本網|本台|本刊|本社|新华社|新闻|视频|责任|責任|值班|执行)*(?:记者|記者|通讯员|通訊員|实习生|實習生|编辑|編輯|责编|責編|作者|撰文|撰稿|摄影|攝影|供稿|编译|编审|校对|主编|监制))`
	bylineMarks = ":：/／、,，·•|｜;；&" // between names, beside blanks
	bylineGap   = `[\s` + bylineMarks + `]`
)

var (
	bylineHints = []string{"记者", "記者", "通讯员", "通訊員", "实习生", "實習生", "编辑", "編輯", "责编", "責編", "作者", "撰文", "撰稿", "摄影", "攝影", "供稿", "文/", "文／", "图/", "图／"}
	tradeWord   = regexp.MustCompile(bylineTrade)
	tradeGap    = regexp.MustCompile(bylineTrade + bylineGap + `*`)
	bylineEnd   = regexp.MustCompile(`(?:摄影报道|摄影|报道|報道|报导|综合|整理|[文图摄攝](?:[/／、][文图摄攝])?)$`)
	bracketed   = regexp.MustCompile(`[(（\[【]([^()（）\[\]【】。！？!?\n]{2,120})[)）\]】]`)
	wordsBy     = regexp.MustCompile(`^[文图圖](?:[/／、][文图圖])?\s*[/／|｜丨]\s*`)
	dispatch    = regexp.MustCompile(`^((?:本报讯|本報訊|本网讯|本台消息|[\p{Han}\d]{2,20}[讯訊电電])?\s*)((?:` + bylineTrade + `[^。！？!?\n]{2,40}?)+?)(?:摄影报道|报道|報道|报导)\s*[:：,，]?\s*`)
	signedLine  = regexp.MustCompile(`^[(（\[【]?\s*(?:` + bylineTrade + `\s*[:：/／|｜丨]|[文图](?:[/／][文图])?\s*[/／|｜丨])\s*\S[^。！？!?\n]*$`)
	outletShort = regexp.MustCompile(`^[\p{Han}A-Za-z]{2,8}$`) // 央广记者
	outletName  = regexp.MustCompile(`^(?:《[^《》]{1,12}》|[\p{Han}A-Za-z]{2,12}(?:报|报社|日报|晚报|网|新闻|周刊|杂志|频道|在线|记者站|电视台|广播|客户端|中心|公安局|分局|支队|大队|派出所|检察院|法院))$`)
)

// isBylineRow knows a line that is a byline and nothing else.
func isBylineRow(_ *cleaner, _ int, key string) bool {
	if utf8.RuneCountInString(key) <= mostSigned+6 && signedLine.MatchString(key) {
		return true
	}
	return isByline(key)
}

// isByline reports whether s, perhaps in brackets, is a byline.
func isByline(s string) bool {
	s = strings.TrimSpace(strings.TrimLeft(strings.Trim(s, "()（）[]【】"), "□■●○◎▪▲△◆◇*-— "))
	if m := wordsBy.FindString(s); m != "" {
		return onlyNames(s[len(m):])
	}
	at := tradeWord.FindStringIndex(s)
	if at == nil {
		return false
	}
	// Before the trade stands nothing, or for whom it is done.
	who := strings.TrimFunc(s[:at[0]], isBylineGap)
	reports := strings.ContainsAny(s[at[0]:at[1]], "者員员")
	if who != "" && !outletName.MatchString(who) && !(reports && len(who) == at[0] && outletShort.MatchString(who)) {
		return false
	}
	return onlyNames(s[at[0]:])
}

// dropBylines takes out of a line what stands in brackets within it, and the head of
// a dispatch, and counts them.
func dropBylines(line string) (string, int) {
	if !hasAny(line, bylineHints) {
		return line, 0
	}
	dropped := 0
	whole := len(line)
	line = bracketed.ReplaceAllStringFunc(line, func(s string) string {
		if len(s) == whole || utf8.RuneCountInString(s) > mostByline || !isByline(s) {
			return s
		}
		dropped++
		return ""
	})
	if m := dispatch.FindStringSubmatchIndex(line); m != nil && onlyNames(line[m[4]:m[5]]) {
		dropped++
		line = line[m[2]:m[3]] + line[m[1]:]
	}
	return line, dropped
}

// onlyNames reports whether s is words for the trade and names beside them. A name
// that follows without a gap must begin with a surname: 记者王某, but not 记者获悉.
func onlyNames(s string) bool {
	s = strings.TrimSpace(s)
	s = strings.TrimSpace(bylineEnd.ReplaceAllString(s, ""))
	names := 0
	rest := s
	for rest != "" {
		loose := true // after a gap, or at the beginning
		if m := tradeGap.FindStringIndex(rest); m != nil && m[0] == 0 {
			last, _ := utf8.DecodeLastRuneInString(rest[:m[1]])
			loose = !unicode.Is(unicode.Han, last)
			rest = rest[m[1]:]
		}
		end := len(rest)
		if m := tradeWord.FindStringIndex(rest); m != nil {
			end = m[0]
		}
		for i, token := range strings.FieldsFunc(rest[:end], isBylineGap) {
			token = bylineEnd.ReplaceAllString(token, "")
			switch {
			case token == "" || outletName.MatchString(token):
			case isName(token, loose || i > 0):
				names++
			default:
				return false
			}
		}
		rest = rest[end:]
	}
	return names > 0
}

func isBylineGap(r rune) bool { return isBlank(r) || strings.ContainsRune(bylineMarks, r) }
