package analysis

// Merge makes all that was of one incident another's, for good: a person said
// so. Posts that would have joined the one join the other.
func (g *Grouper) Merge(into, from string) {
	into = g.said("", into)
	if from = g.said("", from); from == into {
		return
	}
	to, gone := g.incident(into), g.incident(from)
	gone.into = to
	to.last = max(to.last, gone.last)
	to.draw = min(to.draw+gone.draw, drawing)
	delete(g.incidents, from)
	for _, said := range []map[string]string{g.merged, g.placed} {
		for name, at := range said {
			if at == from {
				said[name] = into
			}
		}
	}
	g.merged[from] = into
}

// Move puts a post in an incident, for good: a person said so. It need not be
// known, or known any more.
func (g *Grouper) Move(post, incident string) {
	incident = g.said("", incident)
	g.placed[post] = incident
	if i, ok := g.byID[post]; ok && g.posts[i].gathering().id != incident {
		g.join(&g.posts[i], g.incident(incident))
	}
}

// said is where a post belongs that was found to be of an incident: where a
// person put it, or what the incident has become.
func (g *Grouper) said(post, incident string) string {
	if to, ok := g.placed[post]; ok {
		return to
	}
	if to, ok := g.merged[incident]; ok {
		return to
	}
	return incident
}

// incident returns the one of a name, new where there is none yet.
func (g *Grouper) incident(id string) *gathering {
	in := g.incidents[id]
	if in == nil {
		in = &gathering{id: id}
		g.incidents[id] = in
	}
	return in
}

// join makes p one of an incident's posts. The first of them draw follow-ups,
// but for copies and replies, whose words are others'.
func (g *Grouper) join(p *grouped, in *gathering) {
	p.in, p.rank = in, drawing
	in.last = max(in.last, p.published)
	if !p.reply && p.near == "" && in.draw < drawing {
		p.rank = in.draw
		in.draw++
	}
}

// gathering is the incident that a post belongs to.
func (p *grouped) gathering() *gathering {
	for p.in.into != nil {
		p.in = p.in.into
	}
	return p.in
}
