// Package wechat holds WeChat's words: the browsers that carry its name, the shapes of codes, openids and prepay ids,
// the signature of a payment, the results of the JavaScript bridge, and the texts its users read.
//
// It decides nothing and has no randomness of its own: what is drawn is drawn from the reader passed in.
package wechat
