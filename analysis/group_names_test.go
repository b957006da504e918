package analysis_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"minsheng/analysis"
	"minsheng/opinion"
)

// templates are of notices that differ in names alone.
var templates = []string{
	"STATION派出所破获一起入室盗窃案，犯罪嫌疑人NAME某流窜至ROAD多个小区作案，目前已被刑事拘留。",
	"ROAD口今早发生一起交通事故，一辆CAR与电动自行车相撞，骑车人NAME某受伤送医，交警正在调查。",
	"STATION派出所民警巡逻至ROAD时，发现一名老人迷路，经多方联系，一小时后将其送回家中，家属表示感谢。",
	"昨晚在ROAD吃饭，手机放桌上被人顺走，去STATION派出所报案，民警调了监控，说有消息通知我。",
	"通报：STATION派出所辅警NAME某工作期间饮酒，经查属实，已予辞退，所在单位负责人被约谈。",
	"STATION派出所今日在ROAD开展反诈宣传，发放资料三十余份，现场解答群众咨询，提醒大家不轻信、不转账。",
	"点赞！ROAD堵成一锅粥，STATION派出所的民警冒雨疏导了两个多小时，浑身湿透，辛苦了。",
}

// seatAll groups texts an hour apart.
func seatAll(texts []string) []analysis.Member {
	a := analysis.New(analysis.Options{Segmenter: words()})
	g := analysis.NewGrouper()
	var all []analysis.Member
	for i, text := range texts {
		v := a.Analyse(analysis.Input{Text: text, Kind: opinion.News})
		all = append(all, g.Add(analysis.Member{
			ID: strconv.Itoa(i), Published: time.Date(2026, 1, 5, i, 0, 0, 0, time.UTC),
			Print: v.Print, Rare: v.Rare, Length: len([]rune(v.Folded)),
		}))
	}
	return all
}

// Notices without a number, alike but for their names, are neither copies of each
// other nor of one incident.
func TestNamesKeepShortTemplatesApart(t *testing.T) {
	var texts []string
	for _, template := range templates {
		for _, fill := range [][]string{
			{"ROAD", "云锦路", "STATION", "青螺", "NAME", "陶", "CAR", "面包车"},
			{"ROAD", "枣林街", "STATION", "榆林口", "NAME", "柏", "CAR", "渣土车"},
			{"ROAD", "望湖大道", "STATION", "东麓", "NAME", "施", "CAR", "公交车"},
		} {
			texts = append(texts, strings.NewReplacer(fill...).Replace(template))
		}
	}
	for i, m := range seatAll(texts) {
		if m.Near != "" || m.Incident != m.ID {
			t.Errorf("copy of %q, of incident %s, want its own: %s", m.Near, m.Incident, texts[i])
		}
	}
}

// Copies stay copies, whatever they leave out or put around.
func TestCopiesKeepTheirNames(t *testing.T) {
	first := "青螺派出所民警巡逻至云锦路时，发现一名老人迷路，经多方联系，一小时后将其送回家中，家属表示感谢。"
	texts := []string{
		first,
		"【暖心】" + first + "（来源：城事早报）",
		"民警巡逻至云锦路时，发现一名老人迷路，经多方联系，一小时后将其送回家中，家属表示感谢。",
		strings.ReplaceAll(first, "发现一名", "看到一位"),
	}
	for i, m := range seatAll(texts)[1:] {
		if m.Near != "0" {
			t.Errorf("copy of %q, want of the first: %s", m.Near, texts[i+1])
		}
	}
}

// One place alone does not make one event, nor does one name of different places.
func TestOnePlaceIsNotOneEvent(t *testing.T) {
	texts := []string{
		"文峰塔公交站一名小偷被乘客当场按住，移交给反扒民警。",
		"初二学生放学后没有回家，校服外面套着红色羽绒服，最后出现在文峰塔公交站，家长已报警。",
		"银杏公园的球场纠纷调解成了，早上归跳舞队，下午归打球的，音箱照价赔偿。",
		"银杏路的反诈宣传车大喇叭从早上放到晚上，高三学生贴了张纸条求饶，音箱关小了。",
	}
	for i, m := range seatAll(texts) {
		if m.Incident != m.ID {
			t.Errorf("of incident %s, want its own: %s", m.Incident, texts[i])
		}
	}
}

// A follow-up that names the place and one odd thing finds what it follows.
func TestPlaceAndDetailFindTheStory(t *testing.T) {
	texts := []string{
		"交警夜查货车，城区设四个卡点，查获超载十一起。",
		"暴雨致琴台隧道积水，三辆私家车熄火被困，交警破窗救出五人，其中一名是临产孕妇。",
		"今天办居住证排了四十分钟，窗口小哥挺耐心。",
		"琴台隧道里救出来的孕妇平安生产，孩子六斤二两。",
	}
	if got := seatAll(texts)[3].Incident; got != "1" {
		t.Errorf("the follow-up is of incident %q, want that of the first report", got)
	}
}
