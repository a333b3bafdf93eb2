package sandbox

// Consent is what a payer answers at WeChat's login when the official account asks for nickname and
// picture (scope snsapi_userinfo).
type Consent string

const (
	// ConsentAsk shows the page and leaves it to whoever sits at the screen.
	ConsentAsk Consent = "ask"
	// ConsentAllow and ConsentRefuse answer without showing it.
	ConsentAllow  Consent = "allow"
	ConsentRefuse Consent = "refuse"
	// ConsentSnapshot is a payer to whom WeChat shows the page as a snapshot: the login succeeds with an
	// openid that is nobody's, and no payment with it does (wechat 2.4).
	ConsentSnapshot Consent = "snapshot"
)

// Consents lists what a payer can answer.
func Consents() []Consent { return []Consent{ConsentAsk, ConsentAllow, ConsentRefuse, ConsentSnapshot} }

// Bridge is when a payer's WeChat puts WeixinJSBridge into a page (wechat 3.1).
type Bridge string

const (
	// BridgeLate is after the page was parsed; WeixinJSBridgeReady fires then.
	BridgeLate Bridge = "late"
	// BridgeAtOnce is before the page's first script, so that a page that only listens for
	// WeixinJSBridgeReady hears nothing.
	BridgeAtOnce Bridge = "at-once"
	// BridgeSlow is three seconds after the page was loaded.
	BridgeSlow Bridge = "slow"
	// BridgeOnTouch is when the payer first touches the page.
	BridgeOnTouch Bridge = "on-touch"
	// BridgeNever: some Android sessions never get one.
	BridgeNever Bridge = "never"
)

// Bridges lists when the bridge can appear.
func Bridges() []Bridge {
	return []Bridge{BridgeLate, BridgeAtOnce, BridgeSlow, BridgeOnTouch, BridgeNever}
}
