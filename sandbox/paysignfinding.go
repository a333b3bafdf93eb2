package sandbox

// paySignBroken is the finding about a paySign that does not fit the five other parameters of an order
// that exists.
func (g *Gateway) paySignBroken(a App, t Transaction, v Invocation) Finding {
	return Finding{ID: FindWalletPaySign,
		Detail:   "paySign does not fit the other five; pass all six values of pay_params on byte for byte, percent-encoded in a query",
		Received: "paySign=" + shorten(v.PayParams.PaySign)}
}
