package crawler

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"minsheng/opinion"
)

// boardField is what a label on a message board announces.
type boardField int

const (
	otherField boardField = iota
	titleField
	questionField
	answerField
	questionTime
	answerTime
	agencyField
	statusField
	speakerField
)

// boardLabels are the words by which message boards label their parts. The
// order matters: a longer label goes before one it begins with.
var boardLabels = []struct {
	field boardField
	words string
}{
	{questionTime, `(?:留言|投诉|来信|提交|发布|反映|咨询|诉求|提问|写信|信件|发表|发帖|受理|登记|来件)(?:的)?(?:时间|日期)`},
	{answerTime, `(?:回复|答复|办结|办理|处理|反馈|回应)(?:的)?(?:时间|日期)`},
	{statusField, `(?:(?:办理|处理|办件|留言|信件|回复|答复|当前|诉求)?(?:状态|进度))`},
	{agencyField, `(?:回复|答复|办理|受理|承办|处理|主办|责任|转办)(?:的)?(?:单位|部门|机构|机关)|留言对象`},
	{titleField, `(?:留言|信件|诉求|投诉|来信|咨询|问题)?(?:标题|主题)`},
	{otherField, `(?:留言|信件|来信|投诉|诉求|问题|咨询|事项|回复|办理)?(?:编号|类别|类型|分类|领域|目的|性质|满意度|评价|查询码)|网友评价|群众评价|是否公开|浏览(?:量|次数)?|所属(?:区域|地区|领域)|地区|区域|联系(?:电话|方式|地址)|点击(?:量|次数)|附件|(?:相关|热门|最新|更多)\S{0,6}|上一[条篇]|下一[条篇]`},
	{speakerField, `(?:留言|来信|写信|投诉|提交|发布|反映|咨询|诉求|提问)(?:人|者|网友)(?:姓名)?|姓名|昵称|网名`},
	{questionField, `(?:留言|投诉|诉求|来信|咨询|反映|来件|信件|问题|提问)(?:的)?(?:内容|描述|详情|详细|正文)|(?:网友|群众|市民|网民)(?:留言|投诉|诉求|来信|反映)|留言|投诉|诉求|来信|问题|咨询|提问`},
	{answerField, `(?:回复|答复|办理|处理|反馈|回应)(?:的)?(?:内容|结果|意见|情况|详情|正文)|(?:官方|部门|单位|机构|警方|公安|办理|处理)(?:回复|答复|回应|办理)|回复|答复|办理|处理结果|回应`},
}

// boardLabel finds a label at the start of a line, or after a blank where a
// colon follows it.
var boardLabel = func() *regexp.Regexp {
	words := make([]string, len(boardLabels))
	for i, l := range boardLabels {
		words[i] = "(" + l.words + ")"
	}
	any := strings.Join(words, "|")
	return regexp.MustCompile(`(?:^[\s【\[（(■●◆*]*|[\s|｜])(?:` + any + `)[\s】\])）]*(?:[:：]\s*|$)`)
}()

// boardCell is one labelled value of a board.
type boardCell struct {
	field boardField
	lines []string
	end   bool // what follows is no part of the complaint
}

// boardItem is a complaint with what was answered.
type boardItem struct {
	title, question, answer, agency, status, speaker string
	asked, answered                                  time.Time
	askedDay, answeredDay                            bool
}

// boardDocuments reads a citizens' message board: the complaint, and the
// office's answer where there is one, as two documents of one page.
func (p *page) boardDocuments(title string) []Document {
	var docs []Document
	items := p.boardItems()
	for i, it := range items {
		suffix := ""
		if i > 0 {
			suffix = "-" + strconv.Itoa(i+1)
		}
		question := Document{
			Kind: opinion.Board, URL: p.address, Title: title, Text: clip(it.question, maxPostText), Speaker: it.speaker,
			Published: it.asked, DayOnly: it.askedDay, Agency: it.agency, Status: it.status,
		}
		if it.title != "" {
			question.Title = it.title
		}
		if i > 0 {
			question.Anchor = "question" + suffix
		}
		if question.Text != "" {
			docs = append(docs, question)
		}
		if it.answer == "" {
			continue
		}
		docs = append(docs, Document{
			Kind: opinion.Board, URL: p.address, Anchor: "answer" + suffix, Text: clip(it.answer, maxPostText),
			Outlet: it.agency, Published: it.answered, DayOnly: it.answeredDay, Agency: it.agency, Status: it.status,
		})
	}
	if len(docs) == 0 || docs[0].Anchor != "" {
		return nil // an answer without its complaint is not understood
	}
	return docs
}

// boardItems puts the labelled values together.
func (p *page) boardItems() []boardItem {
	var items []boardItem
	it := boardItem{}
	part := questionField // whose text comes next
	labels := 0
	for _, c := range p.boardCells() {
		if c.end {
			break
		}
		if c.field != otherField {
			labels++
		}
		switch c.field {
		case questionField, answerField:
			if c.field == questionField && it.question != "" && it.answer != "" {
				items = append(items, it)
				it = boardItem{}
			}
			part = c.field
			p.takeBoardText(&it, part, c.lines)
			continue
		case answerTime:
			if it.question != "" {
				part = answerField
			}
		}
		if len(c.lines) == 0 {
			continue
		}
		p.takeBoardValue(&it, c.field, oneLine(c.lines[0]))
		if rest := c.lines[1:]; holdsSentence(rest) { // a text that no label announces
			p.takeBoardText(&it, part, rest)
		}
	}
	if it.question != "" || it.answer != "" {
		items = append(items, it)
	}
	if labels < 2 {
		return nil
	}
	return items
}

func (p *page) takeBoardValue(it *boardItem, field boardField, value string) {
	switch field {
	case titleField:
		it.title = firstText(it.title, value)
	case questionTime:
		it.asked, it.askedDay = p.boardTime(value, it.asked, it.askedDay)
	case answerTime:
		it.answered, it.answeredDay = p.boardTime(value, it.answered, it.answeredDay)
	case agencyField:
		it.agency = firstText(it.agency, clip(value, 120))
	case statusField:
		it.status = firstText(it.status, clip(value, 60))
	case speakerField:
		it.speaker = firstText(it.speaker, clip(value, 60))
	}
}

func holdsSentence(lines []string) bool {
	return slices.ContainsFunc(lines, func(line string) bool {
		return countHan(line) >= 8 && strings.ContainsAny(line, "。！？；，")
	})
}

func firstText(old, value string) string {
	if old != "" {
		return old
	}
	return value
}

func (p *page) boardTime(s string, old time.Time, oldDay bool) (time.Time, bool) {
	if t, day, ok := ParseTime(s, p.zone); ok && (old.IsZero() || oldDay && !day) {
		return t, day
	}
	return old, oldDay
}

var agencyLine = regexp.MustCompile(`^(?:回复单位[:：]?\s*)?(\p{Han}{2,24}(?:局|委|办|厅|部|队|所|中心|政府|公司|街道|院|处|社区))(?:\s|$|[:：，（(]|于)`)

// takeBoardText takes the text of a complaint or an answer; its short first and
// last lines may name the office and the time.
func (p *page) takeBoardText(it *boardItem, part boardField, lines []string) {
	var text []string
	for i, line := range lines {
		b := block{text: line, size: utf8.RuneCountInString(line)}
		edge := i < 3 || i >= len(lines)-3
		if edge && b.size <= 60 && !strings.ContainsAny(line, "。！？；") {
			t, day, dated := ParseTime(line, p.zone)
			office := agencyLine.FindStringSubmatch(line)
			if part == answerField && office != nil && b.size <= 40 {
				it.agency = firstText(it.agency, office[1])
			}
			if dated {
				if part == answerField {
					if it.answered.IsZero() {
						it.answered, it.answeredDay = t, day
					}
				} else if it.asked.IsZero() {
					it.asked, it.askedDay = t, day
				}
			}
			if dated && timeOnly(b) || part == answerField && office != nil && len(office[0]) >= len(line)-3 {
				continue
			}
		}
		if buttonLine.MatchString(line) {
			continue
		}
		text = append(text, line)
	}
	joined := strings.Join(text, "\n")
	if part == answerField {
		it.answer = joinText(it.answer, joined)
	} else {
		it.question = joinText(it.question, joined)
	}
}

func joinText(a, b string) string {
	switch {
	case a == "":
		return b
	case b == "" || a == b:
		return a
	}
	return a + "\n" + b
}

// boardCells splits the lines of the page at their labels.
func (p *page) boardCells() []boardCell {
	root := cloneTree(p.doc.Get(0))
	pruneBeside(root)
	markHeads(root)
	var cells []boardCell
	for _, b := range blocksOf(root) {
		if len(cells) > 0 && (tailHeads.MatchString(b.text) && b.size <= 30 || b.linkShare() > 0.9 && cells[len(cells)-1].field == otherField) {
			cells = append(cells, boardCell{field: otherField, end: true})
			continue
		}
		if said, ok := saidCells(b); ok {
			cells = append(cells, said[:len(said)-1]...)
			last := said[len(said)-1]
			b = block{text: last.lines[0], size: b.size}
			cells = append(cells, boardCell{field: last.field})
		}
		cells = splitLabels(cells, b)
	}
	return cells
}

func splitLabels(cells []boardCell, b block) []boardCell {
	rest := b.text
	for range 12 {
		m := boardLabel.FindStringSubmatchIndex(rest)
		if m == nil || b.linkShare() > 0.9 && b.size < 12 {
			break
		}
		if before := strings.TrimSpace(rest[:m[0]]); before != "" && len(cells) > 0 {
			cells[len(cells)-1].lines = append(cells[len(cells)-1].lines, before)
		}
		cells = append(cells, boardCell{field: labelField(m)})
		rest = rest[m[1]:]
	}
	if rest = strings.TrimSpace(rest); rest != "" && len(cells) > 0 {
		cells[len(cells)-1].lines = append(cells[len(cells)-1].lines, rest)
	}
	return cells
}

func labelField(m []int) boardField {
	for i, l := range boardLabels {
		if m[2+2*i] >= 0 {
			return l.field
		}
	}
	return otherField
}
