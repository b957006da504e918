// Package analysis turns a text into what the product knows about it. It is pure
// and deterministic: no network, no clock, and the same text and version give the
// same result.
//
// A text goes through it in this order. Clean takes off the dirt of crawled
// pages, Mask replaces personal data, and the result is the text as shown, which
// is stored. Fold makes the form that is searched and judged, with a map back to
// the text as shown. Segmenter cuts that form into words, alike for the index and
// for search.
//
// It will not guess what a damaged text once said, keep a name or a number of a
// private person, or judge people: it judges texts about an institution.
//
// Start reading at Fold, Clean and Mask for the text, and at Segmenter for words.
package analysis
