// Package qfpay holds QFPay's words: request parameters and how they are signed, the byte layout of answers, the return
// codes, pay types and currencies, and the shapes that travel on the wire.
//
// It decides nothing. What an answer contains is the Gateway's business; this package knows how it is spelt.
package qfpay
