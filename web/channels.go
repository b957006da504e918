package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"minsheng/i18n"
	"minsheng/opinion"
)

// channelsPage shows each channel's last message, what waits, and what a person
// must look at.
type channelsPage struct {
	Channels      []channelRow
	Dead, Waiting []opinion.Delivery
	Done, Problem string
}

type channelRow struct {
	Channel
	Last opinion.Receipt
}

const mostDeliveries = 100

func (s *Server) showChannels(r *http.Request, v *visit) (answer, error) {
	page, err := s.channelsPage(r.Context())
	if done := r.FormValue("done"); i18n.Has("channels.done_" + done) {
		page.Done = i18n.Say(v.Lang, "channels.done_"+done)
	}
	return answer{template: "channels", data: page}, err
}

func (s *Server) channelsPage(ctx context.Context) (channelsPage, error) {
	last, err := s.State.LastDelivered(ctx)
	if err != nil {
		return channelsPage{}, err
	}
	var page channelsPage
	for _, c := range s.Channels {
		page.Channels = append(page.Channels, channelRow{c, last[c.Name]})
	}
	if page.Dead, err = s.State.Deliveries(ctx, opinion.Dead, mostDeliveries); err != nil {
		return page, err
	}
	page.Waiting, err = s.State.Deliveries(ctx, opinion.Waiting, mostDeliveries)
	return page, err
}

// testChannel sends a trial message and shows the channel's answer.
func (s *Server) testChannel(r *http.Request, v *visit) (answer, error) {
	name := r.PostForm.Get("channel")
	if !slices.ContainsFunc(s.Channels, func(c Channel) bool { return c.Name == name }) {
		return answer{}, errForm
	}
	receipt, err := s.Test(r.Context(), name, v.User.Name)
	if err != nil {
		return answer{}, err
	}
	if receipt.OK {
		return see("/channels?done=test"), nil
	}
	page, err := s.channelsPage(r.Context())
	page.Problem = i18n.Say(v.Lang, "channels.test_failed", name, answerText(v.Lang, receipt))
	return answer{template: "channels", data: page}, err
}

// retryDelivery makes a dead letter due again.
func (s *Server) retryDelivery(r *http.Request, v *visit) (answer, error) {
	id, err := strconv.ParseInt(r.PostForm.Get("delivery"), 10, 64)
	if err != nil {
		return answer{}, errForm
	}
	err = s.State.Redeliver(r.Context(), id, v.User.Name)
	if isConflict(err) { // somebody else was quicker, or it has been delivered
		err = nil
	}
	return see("/channels?done=retry"), err
}

// answerText says what a channel answered: in words where nobody answered;
// where the other side spoke, what that means and its words.
func answerText(l i18n.Lang, r opinion.Receipt) string {
	code := r.Code
	if code == "network" && r.Text == "timeout" {
		code = "timeout"
	}
	if i18n.Has("answer." + code) {
		return i18n.Say(l, "answer."+code)
	}
	said := strings.TrimSpace(r.Code + " " + r.Text)
	switch status, err := strconv.Atoi(r.Code); {
	case r.OK:
		return i18n.Say(l, "answer.ok")
	case err != nil, status < 400:
		return i18n.Say(l, "answer.said", said)
	case status == http.StatusTooManyRequests || status >= 500:
		return i18n.Say(l, "answer.later", said)
	}
	return i18n.Say(l, "answer.refused", said)
}

func isConflict(err error) bool { return errors.Is(err, opinion.ErrConflict) }
