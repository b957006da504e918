package city_test

import (
	"testing"
	"time"

	"minsheng/city"
)

func TestClock(t *testing.T) {
	wall := time.Unix(1000, 0)
	at := time.Unix(5000, 0)
	c := city.NewClock(at, 60, at.Add(time.Hour), func() time.Time { return wall })
	for _, step := range []struct{ lived, want time.Duration }{
		{0, 0},
		{time.Second, time.Minute},
		{30 * time.Second, 30 * time.Minute},
		{time.Minute, time.Hour},
		{61 * time.Second, time.Hour + time.Second},
		{100 * 365 * 24 * time.Hour, 100*365*24*time.Hour + 59*time.Minute},
	} {
		wall = time.Unix(1000, 0).Add(step.lived)
		if got := c.Now().Sub(at); got != step.want {
			t.Errorf("after %s the clock has run %s, want %s", step.lived, got, step.want)
		}
	}
	slow := city.NewClock(at, 60, at.Add(-time.Hour), func() time.Time { return wall })
	wall = wall.Add(time.Minute)
	if got := slow.Now().Sub(at); got != time.Minute {
		t.Errorf("past its until the clock ran %s in a minute", got)
	}
}
