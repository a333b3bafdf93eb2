// Package sandbox holds the rules of the fake QFPay and of the fake WeChat behind it.
//
// A Gateway method decides, a Store remembers, and the packages beside this one (openapi, weixin,
// cashier, notify, control) only parse and answer. There is no HTTP, no JSON, no wall clock and no
// randomness of its own in here: the Clock and the Entropy come in through the Gateway.
//
// Where the public record of the two real systems is silent, the choice made here is a numbered
// assumption of docs/assumptions.md, cited as "assumption N".
package sandbox
