package analysis

import "math"

// weigh gives the cue at hit i, in clause n, its weight toward the police.
func (s *attitudeState) weigh(i, n int32, c *clause) {
	h := &s.p.hits[i]
	share := s.share(i, n, c)
	if share == 0 {
		return
	}
	weight := h.weight * share * s.degree(i, c)
	why := "why." + cueNames[h.class]
	negated := s.negated(i, c)
	switch h.class {
	case clsPraise, clsRescue, clsSacrifice:
		weight, why = s.weighPro(i, c, weight, negated, why)
	case clsSarcasm:
		weight = -weight * .7
	case clsMoodBad, clsMoodGood:
		if negated || c.asks {
			return
		}
		weight *= .4
		if h.class == clsMoodBad {
			weight = -weight
		}
	default:
		if negated && h.class != clsRhetoric {
			return // 没有打人, 不推诿: says nothing bad
		}
		if c.asks && h.class != clsRhetoric {
			weight *= .8
		}
		weight = -weight
	}
	if math.Abs(weight) < .05 {
		return
	}
	s.r.cues = append(s.r.cues, weighedCue{hit: i, weight: weight, why: why})
}

// weighPro turns good words where they are negated, quoted in irony, or asked for.
func (s *attitudeState) weighPro(i int32, c *clause, weight float64, negated bool, why string) (float64, string) {
	h := &s.p.hits[i]
	switch {
	case h.quoted && h.class == clsPraise, c.asks && h.class == clsPraise && s.accuses(c):
		return -weight * .6, "why.irony"
	case negated && h.class == clsPraise:
		return -weight * .9, "why.negated"
	case negated && h.class == clsRescue:
		return -weight * .5, "why.negated"
	case negated:
		return 0, why
	case c.asks:
		return weight * .4, why
	}
	return weight, why
}

// accuses reports whether a clause holds an accusing question (这就是为人民服务?).
func (s *attitudeState) accuses(c *clause) bool {
	for i := c.hits[0]; i < c.hits[1]; i++ {
		if s.p.hits[i].class == clsRhetoric {
			return true
		}
	}
	return false
}

// share says how much of a cue is about the police, 0 to 1.
func (s *attitudeState) share(i, n int32, c *clause) float64 {
	h := &s.p.hits[i]
	age := n - s.since
	switch h.class {
	case clsMisconduct, clsDiscipline:
		return s.shareDoing(age)
	case clsRescue, clsSacrifice:
		return s.shareHelping(i, age, c)
	case clsAbuse:
		if s.who == otherOffice && age == 0 {
			return .15
		}
		return 1
	case clsMoodBad, clsMoodGood:
		if s.who == thePolice && age == 0 {
			return 1
		}
		return s.r.inheritedShare()
	}
	return s.shareJudging(i, age, c)
}

// shareDoing is for what counts only where the police did it: they must be the
// subject, and not at work on a case or telling of one.
func (s *attitudeState) shareDoing(age int32) float64 {
	if s.who == nobody && s.r.inherited && s.r.carried == carriedFully {
		return .8 // 开除吧, under a post about an officer
	}
	if s.who != thePolice || s.working {
		return 0
	}
	switch age {
	case 0:
		return 1
	case 1:
		return .6
	}
	return .2
}

// shareHelping is for help and sacrifice.
func (s *attitudeState) shareHelping(i, age int32, c *clause) float64 {
	switch {
	case s.who == thePolice && age <= 1:
		return 1
	case s.who == thePolice:
		return .5
	case s.who == otherOffice && age == 0:
		return .05
	case s.policeFollows(i, c):
		return .7
	case s.r.inherited:
		return .9 * s.r.carried
	case s.r.named:
		return .2
	}
	return .1
}

// longClauses is the number of clauses from which on a text has other subjects
// beside the police.
const longClauses = 12

// shareJudging is for judging words, which take whoever is nearest.
func (s *attitudeState) shareJudging(i, age int32, c *clause) float64 {
	follows := s.policeFollows(i, c)
	switch s.who {
	case thePolice:
		return max(.25, 1-.1*float64(age))
	case otherOffice:
		if follows && age > 0 {
			return .8
		}
		if age == 0 {
			return .1
		}
		return .2
	case somebody:
		if follows || s.r.named && s.p.hits[i].class == clsPraise {
			return .9 // 群众连连点赞
		}
		if age == 0 {
			return .3
		}
		return .45
	}
	switch {
	case follows:
		return 1
	case s.r.inherited:
		return .95 * s.r.carried
	case s.r.named && len(s.p.clauses) > longClauses:
		return .35 // a long text speaks of many
	case s.r.named:
		return .7
	case s.p.hits[i].class == clsInaction || s.p.hits[i].class == clsRhetoric:
		return .8 // 报警没人管: calling the police is mention enough
	}
	return .4
}

func (r *attitudeReading) inheritedShare() float64 {
	if r.inherited {
		return r.carried
	}
	return 0
}

// policeFollows reports whether the police are named after hit i in its clause
// (感谢民警, 投诉派出所).
func (s *attitudeState) policeFollows(i int32, c *clause) bool {
	for k := i + 1; k < c.hits[1]; k++ {
		switch h := &s.p.hits[k]; {
		case h.class == clsPolice && h.weight >= 1:
			return true
		case h.class == clsOther:
			return false
		}
	}
	return false
}

// negated reports whether hit i is negated within its clause: by a character of
// its own word, or by a negation at most four characters before it with nothing
// but degree words between.
func (s *attitudeState) negated(i int32, c *clause) bool {
	if s.p.hits[i].turned {
		return true
	}
	distance := s.p.hits[i].gap
	for k := i - 1; k >= c.hits[0] && distance <= 4; k-- {
		h := &s.p.hits[k]
		if h.class == clsNegation {
			return true
		}
		if h.class != clsDegree && h.class != clsPolice && h.class != clsStaff {
			return false
		}
		distance += h.gap
	}
	return false
}

// degree is the factor of the degree words right before hit i, or right after it
// (好极了).
func (s *attitudeState) degree(i int32, c *clause) float64 {
	factor := 1.0
	distance := s.p.hits[i].gap
	for k := i - 1; k >= c.hits[0] && distance <= 3; k-- {
		h := &s.p.hits[k]
		if h.class != clsDegree {
			break
		}
		factor *= softDegree(h.weight)
		distance += h.gap
	}
	if k := i + 1; k < c.hits[1] && s.p.hits[k].class == clsDegree && s.p.hits[k].gap == 0 {
		factor *= softDegree(s.p.hits[k].weight)
	}
	return min(max(factor, .4), 2)
}

// softDegree takes the edge off: weights of single words already say much.
func softDegree(weight float64) float64 { return math.Sqrt(weight) }
