package city

import "time"

// Clock runs faster than life for a while: factor times until its own time
// reaches until, then at life's pace. It keeps no state but its beginning, so
// it is safe for concurrent use.
type Clock struct {
	at     time.Time
	until  time.Time
	factor float64
	began  time.Time
	wall   func() time.Time
}

// NewClock starts a Clock that says at now, runs factor times as fast as wall
// until it says until, and goes on at wall's pace. A factor below 1 counts as 1.
func NewClock(at time.Time, factor float64, until time.Time, wall func() time.Time) *Clock {
	return &Clock{at: at, until: until, factor: max(factor, 1), began: wall(), wall: wall}
}

// Now says what time it is in the city.
func (c *Clock) Now() time.Time {
	lived := c.wall().Sub(c.began)
	span := c.until.Sub(c.at)
	if span <= 0 {
		return c.at.Add(lived)
	}
	// The comparison is made on the wall's side, so that a process that runs
	// for years cannot overflow the product.
	rush := time.Duration(float64(span) / c.factor)
	if lived >= rush {
		return c.until.Add(lived - rush)
	}
	return c.at.Add(time.Duration(float64(lived) * c.factor))
}
