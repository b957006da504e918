package alerts_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"minsheng/alerts"
	"minsheng/opinion"
)

func TestRoutes(t *testing.T) {
	routes := alerts.Routes{
		Routes: []alerts.Route{
			{Topics: []string{"服务窗口", "执法"}, Channels: []string{"窗口群", "值班"}},
			{Levels: []opinion.Level{opinion.Urgent}, Channels: []string{"局长", "值班"}},
			{Topics: []string{"交通"}, Levels: []opinion.Level{opinion.Warn, opinion.Urgent}, Channels: []string{"交管群"}},
		},
		Default: []string{"终端"},
	}
	for _, c := range []struct {
		name string
		a    opinion.Alert
		want []string
	}{
		{"Topic", opinion.Alert{Topics: []string{"执法"}, Level: opinion.Notice}, []string{"窗口群", "值班"}},
		{"OneOfItsTopics", opinion.Alert{Topics: []string{"校园", "服务窗口"}, Level: opinion.Notice}, []string{"窗口群", "值班"}},
		{"EachChannelOnce", opinion.Alert{Topics: []string{"执法"}, Level: opinion.Urgent}, []string{"窗口群", "值班", "局长"}},
		{"LevelOnly", opinion.Alert{Topics: []string{"校园"}, Level: opinion.Urgent}, []string{"局长", "值班"}},
		{"TopicAndLevel", opinion.Alert{Topics: []string{"交通"}, Level: opinion.Warn}, []string{"交管群"}},
		{"TopicButNotLevel", opinion.Alert{Topics: []string{"交通"}, Level: opinion.Notice}, []string{"终端"}},
		{"NoneNamesIt", opinion.Alert{Topics: []string{"校园"}, Level: opinion.Warn}, []string{"终端"}},
		{"NoTopic", opinion.Alert{Level: opinion.Notice}, []string{"终端"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, routes.For(c.a)); diff != "" {
				t.Errorf("channels (-want +got):\n%s", diff)
			}
		})
	}
	all := alerts.Routes{Routes: []alerts.Route{{Channels: []string{"值班"}}}, Default: []string{"终端"}}
	if diff := cmp.Diff([]string{"值班"}, all.For(opinion.Alert{Level: opinion.Notice})); diff != "" {
		t.Errorf("a route without conditions (-want +got):\n%s", diff)
	}
}
