package analysis

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

var groupStart = time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)

// member prints a text as the analyser does, but cuts it into pairs of
// characters, so that the test needs no dictionary.
func member(id, text string, at time.Duration) Member {
	folded, _ := Fold(text)
	rare := strings.FieldsFunc(folded, func(r rune) bool { return r < '0' || r > '9' })
	runes := []rune(folded)
	for i := 0; i+2 <= len(runes); i += 2 {
		rare = append(rare, string(runes[i:i+2]))
	}
	return Member{ID: id, Print: Print(folded), Rare: rare, Length: len(runes), Published: groupStart.Add(at)}
}

const notice = "警情通报。%d月%d日%d时许，我局%s派出所接群众报警称，辖区内发生一起电动车被盗案件。接警后立即组织警力赶赴现场开展处置，经查，犯罪嫌疑人%s因琐事起意，涉案金额%d元，目前案件正在进一步侦办之中，请广大市民不信谣不传谣。"

func TestGrouperFindsCopies(t *testing.T) {
	g := NewGrouper()
	text := fmt.Sprintf(notice, 3, 14, 17, "河口", "施某", 4200)
	first := g.Add(member("a", text, 0))
	if first.Near != "" || first.Incident != "a" {
		t.Errorf("first post: near %q incident %q, want a beginning", first.Near, first.Incident)
	}
	copied := g.Add(member("b", "来自城事早报的消息："+text+"（完）", time.Hour))
	if copied.Near != "a" || copied.Incident != "a" {
		t.Errorf("copy: near %q incident %q, want a and a", copied.Near, copied.Incident)
	}
	again := g.Add(member("c", text+"图片见评论", 2*time.Hour))
	if again.Near != "a" {
		t.Errorf("copy of the copy: near %q, want the first text", again.Near)
	}
}

// A post whose text changes keeps its place, and copies are told by what it says
// now: so a restart would find them.
func TestGrouperRereadsAPost(t *testing.T) {
	before := "钱包掉在河口派出所门口了，捡到的请打13900001234，或13900005678，13900002468，必有重谢"
	now := "钱包掉在河口派出所门口了，捡到的请打[电话]，或[电话]，[电话]，必有重谢"
	g := NewGrouper()
	g.Add(member("a", before, 0))
	g.Add(member("b", "转："+before, time.Minute))
	for id, text := range map[string]string{"a": now, "b": "转：" + now} {
		if got := g.Add(member(id, text, 0)); got.Incident != "a" || got.Near != map[string]string{"b": "a"}[id] {
			t.Errorf("%s read again: near %q incident %q, want its place", id, got.Near, got.Incident)
		}
	}
	for id, text := range map[string]string{"c": now, "d": "转：" + now + "！"} {
		if got := g.Add(member(id, text, time.Hour)); got.Near != "a" || got.Incident != "a" {
			t.Errorf("%s, a copy of what it says now: near %q incident %q, want a and a", id, got.Near, got.Incident)
		}
	}
}

func TestGrouperKeepsTemplatesApart(t *testing.T) {
	g := NewGrouper()
	g.Add(member("a", fmt.Sprintf(notice, 3, 14, 17, "河口", "施某", 4200), 0))
	other := g.Add(member("b", fmt.Sprintf(notice, 3, 19, 9, "东坡", "鲁某某", 780), time.Hour))
	if other.Near != "" || other.Incident != "b" {
		t.Errorf("other case in the same template: near %q incident %q, want its own", other.Near, other.Incident)
	}
}

func TestGrouperRepliesBelongToTheirThread(t *testing.T) {
	g := NewGrouper()
	g.Add(member("opening", "今天在办证大厅排了三个小时最后被一句明天再来打发了，谁来管管", 0))
	reply := member("reply", "太差了", time.Minute)
	reply.Thread = "opening"
	if got := g.Add(reply); got.Incident != "opening" || got.Near != "" {
		t.Errorf("reply: near %q incident %q, want the thread's incident", got.Near, got.Incident)
	}
	elsewhere := member("elsewhere", "太差了", 2*time.Minute)
	elsewhere.Thread = "another thread"
	if got := g.Add(elsewhere); got.Incident != "another thread" {
		t.Errorf("equal words under another post: incident %q, want that post's", got.Incident)
	}
}

func TestGrouperIsTheSameAfterARestart(t *testing.T) {
	texts := []string{
		fmt.Sprintf(notice, 3, 14, 17, "河口", "施某", 4200),
		"夜里路口的信号灯坏了两天没人修，骑车的人只能靠喊，今天终于来了两位交警站了一整晚，给他们点个赞",
		"转发：" + fmt.Sprintf(notice, 3, 14, 17, "河口", "施某", 4200),
		"夜里路口的信号灯坏了两天没人修，骑车的人只能靠喊，今天终于来了两位交警站了一整晚。",
	}
	whole, before := NewGrouper(), NewGrouper()
	var all, kept []Member
	for i, text := range texts {
		m := member(fmt.Sprint(i), text, time.Duration(i)*time.Hour)
		all = append(all, whole.Add(m))
		if i < 2 {
			kept = append(kept, before.Add(m))
		}
	}
	after := NewGrouper()
	for _, m := range kept {
		after.Add(m)
	}
	for i := 2; i < len(texts); i++ {
		got := after.Add(member(fmt.Sprint(i), texts[i], time.Duration(i)*time.Hour))
		if got.Near != all[i].Near || got.Incident != all[i].Incident {
			t.Errorf("post %d after a restart: near %q incident %q, want %q %q", i, got.Near, got.Incident, all[i].Near, all[i].Incident)
		}
		if twice := after.Add(member(fmt.Sprint(i), texts[i], 0)); twice.Near != got.Near || twice.Incident != got.Incident {
			t.Errorf("post %d added twice moved", i)
		}
	}
}

func TestGrouperForgetsTheOld(t *testing.T) {
	g := NewGrouper()
	text := "河边步道的路灯全都不亮，晚上散步的人只好打着手电走，已经反映了好几回也没有下文"
	g.Add(member("old", text, 0))
	late := g.Add(member("late", text, 30*24*time.Hour))
	if late.Incident != "late" {
		t.Errorf("same words a month later: incident %q, want a new one", late.Incident)
	}
}

func TestPrintIsBounded(t *testing.T) {
	var b strings.Builder
	for i := range 60_000 {
		b.WriteRune(rune(0x4e00 + (i*7919)%20_000))
	}
	if n := len(Print(b.String())); n > printSize || n < printSize/4 {
		t.Errorf("print of a long text has %d values, want at most %d and not far fewer", n, printSize)
	}
	if n := len(Print("")); n != 1 {
		t.Errorf("print of nothing has %d values, want the power alone", n)
	}
}
