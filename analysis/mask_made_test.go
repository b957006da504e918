package analysis_test

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"minsheng/analysis"
)

var (
	madeNumber  = regexp.MustCompile(`\{([a-z]+)(\d*)(?::([^}]*))?\}`)
	madePrivate = regexp.MustCompile(`⟦([^⟧]*)⟧`)
	anyMask     = regexp.MustCompile(`^(\[[^\[\]]+\]|@用户 ?)$`)
)

// TestMaskMade runs the cases of testdata/mask_cases.txt, each with several made
// numbers: what is private leaves, and all else stays to the letter.
func TestMaskMade(t *testing.T) {
	f, err := os.Open(filepath.Join("testdata", "mask_cases.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rounds, leaked, over, cases := 5, 0, 0, 0
	m := maker{rand.New(rand.NewPCG(11, 4))}
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		kind, text, ok := strings.Cut(lines.Text(), "\t")
		if !ok {
			continue
		}
		for range rounds {
			in := madeNumber.ReplaceAllStringFunc(text, m.write)
			cases++
			shown := strings.NewReplacer("⟦", "", "⟧", "").Replace(in)
			got := analysis.Mask(shown)
			leaks, lost := judgeMasked(in, got)
			if leaks {
				leaked++
			}
			if lost {
				over++
			}
			if leaks || lost {
				t.Errorf("line %d, %s: Mask(%q)\n got %q\nwant %q", n, kind, shown, got, in)
				break
			}
			if again := analysis.Mask(got); again != got {
				t.Errorf("line %d, %s: masked again %q became %q", n, kind, got, again)
				break
			}
		}
	}
	t.Logf("mask: %d cases, %d leaked, %d over-masked", cases, leaked, over)
}

// judgeMasked compares a masked text with the marked one it was made of.
func judgeMasked(marked, got string) (leaks, lost bool) {
	var pattern strings.Builder
	at := 0
	for _, span := range madePrivate.FindAllStringSubmatchIndex(marked, -1) {
		pattern.WriteString(regexp.QuoteMeta(marked[at:span[0]]) + `(@用户 ?|\[[^\[\]]+\]|.*?)`)
		at = span[1]
	}
	pattern.WriteString(regexp.QuoteMeta(marked[at:]))
	found := regexp.MustCompile(`^` + pattern.String() + `$`).FindStringSubmatch(got)
	if found == nil {
		lost = true
	} else {
		for _, s := range found[1:] {
			leaks = leaks || !anyMask.MatchString(s)
		}
	}
	for _, p := range madePrivate.FindAllStringSubmatch(marked, -1) {
		r := []rune(p[1])
		part := max(min(len(r), 4), len(r)*3/5)
		for _, s := range []string{string(r[:part]), string(r[len(r)-part:])} {
			leaks = leaks || strings.Contains(got, s)
		}
	}
	return leaks, lost
}

// maker makes numbers of every kind; none belongs to anybody.
type maker struct{ *rand.Rand }

func (m maker) write(spec string) string {
	f := madeNumber.FindStringSubmatch(spec)
	n, _ := strconv.Atoi(f[2])
	return inForm(m.number(f[1], n), f[3])
}

func (m maker) digits(n int) string {
	var b strings.Builder
	b.WriteByte(byte('1' + m.IntN(9)))
	for range n - 1 {
		b.WriteByte(byte('0' + m.IntN(10)))
	}
	return b.String()
}

func (m maker) pick(s string) string {
	r := []rune(s)
	return string(r[m.IntN(len(r))])
}

func (m maker) number(name string, n int) string {
	const letters = "abcdefghijkmnpqrstuvwxyz"
	switch name {
	case "id", "idx", "idxl", "badid":
		if n == 15 {
			return m.place() + m.born()[2:] + m.digits(3)
		}
		return m.citizen(name)
	case "mob":
		return "1" + m.pick("3456789") + m.digits(9)
	case "land":
		return "0" + m.pick("345678") + m.digits(2) + "-" + m.pick("2345678") + m.digits(6)
	case "landb":
		return "(0" + m.pick("345678") + m.digits(2) + ")" + m.pick("2345678") + m.digits(6)
	case "n":
		return m.pick("2345678") + m.digits(n)[1:]
	case "h":
		return strconv.Itoa(1 + m.IntN(30))
	case "r":
		return fmt.Sprintf("%d0%d", 1+m.IntN(30), 1+m.IntN(6))
	case "card":
		return m.card(n)
	case "a":
		return m.pick(letters) + m.pick(letters) + m.pick(letters) + m.digits(n-3)
	case "ltr":
		var b strings.Builder
		for range n {
			b.WriteString(m.pick(letters))
		}
		return b.String()
	case "color":
		return m.pick("黑白红银灰")
	}
	return m.plate(name, n)
}

func (m maker) plate(name string, n int) string {
	head := m.pick("津沪渝冀豫辽湘皖鲁苏浙赣鄂晋陕闽粤川琼") + m.pick("ABCDEFGHJK")
	switch {
	case name == "plate" && n == 4:
		return head + m.digits(4)
	case name == "plate" && m.IntN(3) > 0:
		return head + m.digits(5)
	case name == "plate":
		return head + m.digits(2) + m.pick("ABCEGHJKLMNPQRSTUVWXYZ") + m.digits(2)
	case name == "nev":
		return head + m.pick("DFABC") + m.digits(5)
	case name == "truck":
		return head + m.digits(5) + m.pick("DF")
	}
	panic("no number is named " + name)
}

func (m maker) place() string {
	places := []string{"110101", "310104", "440306", "510107", "650104", "230103", "330106", "420111"}
	return places[m.IntN(len(places))]
}

func (m maker) born() string {
	return fmt.Sprintf("%d%02d%02d", 1940+m.IntN(70), 1+m.IntN(12), 1+m.IntN(28))
}

// citizen makes a number with the check of the name: a digit, X, x, or a wrong one.
func (m maker) citizen(name string) string {
	for {
		d := m.place() + m.born() + fmt.Sprintf("%03d", m.IntN(1000))
		sum := 0
		for i, w := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
			sum += int(d[i]-'0') * w
		}
		check := "10X98765432"[sum%11 : sum%11+1]
		switch {
		case name == "badid" && check != "X":
			return d + string('0'+(check[0]-'0'+1)%10)
		case name == "id" && check != "X":
			return d + check
		case name == "idx" && check == "X":
			return d + "X"
		case name == "idxl" && check == "X":
			return d + "x"
		}
	}
}

// card makes a card's number with its check digit (Luhn).
func (m maker) card(n int) string {
	d := "62" + m.digits(n-3)
	sum := 0
	for i := range d {
		v := int(d[len(d)-1-i] - '0')
		if i%2 == 0 {
			if v *= 2; v > 9 {
				v -= 9
			}
		}
		sum += v
	}
	return d + strconv.Itoa((10-sum%10)%10)
}

// inForm writes a number as people write it: with separators between groups
// ("3-4-4"), or in other characters.
func inForm(s, form string) string {
	switch form {
	case "":
		return s
	case "lower":
		return strings.ToLower(s)
	case "spread":
		return strings.Join(strings.Split(s, ""), " ")
	case "hidden":
		return strings.Join(strings.Split(s, ""), "\u200b")
	}
	if form[0] >= '1' && form[0] <= '9' {
		return grouped([]rune(s), form)
	}
	others := map[string]string{"circled": "⓪①②③④⑤⑥⑦⑧⑨", "han": "零幺二三四五六七八九", "capital": "零壹贰叁肆伍陆柒捌玖", "O": "O123456789"}
	var b strings.Builder
	for _, r := range s {
		digit := r >= '0' && r <= '9'
		switch {
		case form == "wide" && r < 0x7F:
			b.WriteRune(r - '!' + '！')
		case form == "keycap" && digit:
			b.WriteString(string(r) + "\ufe0f\u20e3")
		case digit && others[form] != "":
			b.WriteRune([]rune(others[form])[r-'0'])
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func grouped(s []rune, form string) string {
	var b strings.Builder
	size := 0
	for _, r := range form + "\x00" {
		if r >= '0' && r <= '9' {
			size = size*10 + int(r-'0')
			continue
		}
		if size > 0 {
			b.WriteString(string(s[:size]))
			s, size = s[size:], 0
		}
		if r != 0 {
			b.WriteRune(r)
		}
	}
	return b.String() + string(s)
}
