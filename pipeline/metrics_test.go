package pipeline_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"minsheng/opinion"
	"minsheng/pipeline"
	"minsheng/store"
)

// What the cleaning rules cut out of a text is counted by source and rule, so
// that an operator sees what is lost where.
func TestCutIsCounted(t *testing.T) {
	y := newYard(t, embedded)
	defer y.close(t)
	reg := prometheus.NewRegistry()
	none := func(context.Context) ([]store.Queue, error) { return nil, nil }
	lines := pipeline.New(pipeline.Options{
		State: y.state, Index: y.index, Grouper: y.grouper, Metrics: pipeline.NewMetrics(reg, none, time.Now), Now: time.Now,
		Log: slog.New(slog.DiscardHandler), Workers: 1, Zone: time.UTC, KeepFor: 365 * 24 * time.Hour, Hold: time.Hour,
	}, y.set)
	dirty := "您现在的位置：首页 > 警务动态 > 正文\n" + felled + "\n【打印本页】【关闭窗口】\n上一篇：桐溪分局召开座谈会\n版权所有：某某公司 青ICP备00000000号"
	for id, text := range map[string]string{"1": dirty, "2": felled} {
		_, _, err := lines.Push(t.Context(), []pipeline.Mention{{
			ID: id, Source: opinion.Source{Name: "柳川论坛", Class: opinion.Forum}, Text: text, Published: time.Now(),
		}})
		ok(t, err)
	}
	all, err := reg.Gather()
	ok(t, err)
	got := map[string]float64{}
	for _, family := range all {
		if family.GetName() != "minsheng_cut_total" {
			continue
		}
		for _, m := range family.GetMetric() {
			key := ""
			for _, l := range m.GetLabel() { // in alphabetical order
				key += l.GetValue() + " "
			}
			got[key] = m.GetCounter().GetValue()
		}
	}
	want := map[string]float64{"breadcrumb 柳川论坛 ": 1, "page_controls 柳川论坛 ": 1, "related 柳川论坛 ": 1, "footer 柳川论坛 ": 1}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("counted (-got +want):\n%s", diff)
	}
}
