// Package alerts turns tallies into messages in people's hands: it watches a
// series for a rise of negatives (Detector, Watcher), says which channels an
// alert goes to (Routes), and delivers it with a ledger (Deliverer). The
// channels are leaves below it, a Notifier each.
//
// It sends to the office's own people only, never to the public, and it keeps
// nothing itself: what it learns is replayed from the tallies, what it sends
// stands in the store. Start reading at Watcher.Look.
package alerts
