package pipeline

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"minsheng/store"
)

// Metrics counts what the loops do, under the names that /metrics shows.
type Metrics struct {
	postsAccepted prometheus.Counter
	postsIndexed  prometheus.Counter
	alertsRaised  prometheus.Counter
	deliveries    *prometheus.CounterVec
	fetches       *prometheus.CounterVec
	cut           *prometheus.CounterVec
	sourcesIll    prometheus.Gauge
}

// NewMetrics registers the counters, and gauges of the queues that are read
// from the store when they are asked for.
func NewMetrics(reg prometheus.Registerer, queues func(context.Context) ([]store.Queue, error), now func() time.Time) *Metrics {
	counter := func(name, help string) prometheus.Counter {
		c := prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
		reg.MustRegister(c)
		return c
	}
	vector := func(name, help string, labels ...string) *prometheus.CounterVec {
		c := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
		reg.MustRegister(c)
		return c
	}
	ill := prometheus.NewGauge(prometheus.GaugeOpts{Name: "minsheng_sources_ill", Help: "Sources that need a look."})
	reg.MustRegister(ill)
	reg.MustRegister(&queueGauges{
		queues: queues, now: now,
		length: prometheus.NewDesc("minsheng_queue_length", "Tasks that wait, by kind.", []string{"kind"}, nil),
		age:    prometheus.NewDesc("minsheng_queue_age_seconds", "Age of the task that has waited longest, by kind.", []string{"kind"}, nil),
	})
	return &Metrics{
		postsAccepted: counter("minsheng_posts_accepted_total", "Posts that were new or changed."),
		postsIndexed:  counter("minsheng_posts_indexed_total", "Posts put into the search index."),
		alertsRaised:  counter("minsheng_alerts_raised_total", "Alerts raised."),
		deliveries:    vector("minsheng_deliveries_total", "Attempts to deliver, by channel and result.", "channel", "result"),
		fetches:       vector("minsheng_fetches_total", "Fetches, by result.", "result"),
		cut:           vector("minsheng_cut_total", "Pieces cut out of texts that were read, by source and cleaning rule.", "source", "rule"),
		sourcesIll:    ill,
	}
}

// Uncounted is Metrics that nobody asks for: those of a command.
func Uncounted() *Metrics {
	none := func(context.Context) ([]store.Queue, error) { return nil, nil }
	never := func() time.Time { return time.Time{} }
	return NewMetrics(prometheus.NewRegistry(), none, never)
}

func (m *Metrics) accepted(n int) { m.postsAccepted.Add(float64(n)) }

// Fetched counts one fetch; the crawler calls it.
func (m *Metrics) Fetched(result string) { m.fetches.WithLabelValues(result).Inc() }

// cleaned counts what was cut out of a text of the source, by rule.
func (m *Metrics) cleaned(source string, cut map[string]int) {
	for rule, n := range cut {
		m.cut.WithLabelValues(source, rule).Add(float64(n))
	}
}

type queueGauges struct {
	queues      func(context.Context) ([]store.Queue, error)
	now         func() time.Time
	length, age *prometheus.Desc
}

func (g *queueGauges) Describe(ch chan<- *prometheus.Desc) { ch <- g.length; ch <- g.age }

func (g *queueGauges) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	queues, err := g.queues(ctx)
	if err != nil {
		ch <- prometheus.NewInvalidMetric(g.length, err)
		return
	}
	for _, q := range queues {
		age := 0.0
		if !q.Oldest.IsZero() {
			age = g.now().Sub(q.Oldest).Seconds()
		}
		ch <- prometheus.MustNewConstMetric(g.length, prometheus.GaugeValue, float64(q.Length), string(q.Kind))
		ch <- prometheus.MustNewConstMetric(g.age, prometheus.GaugeValue, max(0, age), string(q.Kind))
	}
}
