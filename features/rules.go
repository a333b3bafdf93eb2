package features

// Severity is what a broken rule means for the verdict.
type Severity string

const (
	Must   Severity = "MUST"   // a broken one fails the merchant
	Should Severity = "SHOULD" // a broken one warns
)

// Rule is one requirement on a merchant's integration.
type Rule struct {
	// ID is family and number; each integration scenario carries exactly one as its tag.
	ID       string
	Severity Severity
	Sentence string
	// Clause is the document and section the rule follows from.
	Clause string
}

// Rules is the catalogue, in the order reports show it.
func Rules() []Rule {
	return []Rule{
		{"ENV-01", Must, "A payer in WeChat on iOS or Android reaches the cashier.",
			"QFPay, WeChat Pay JSAPI: payments start in WeChat's in-app browser"},
		{"ENV-02", Must, "A browser that is not WeChat gets guidance and no order, and nothing breaks.",
			"QFPay, WeChat Pay JSAPI: payments cannot start in another browser"},
		{"OAU-01", Must, "A login code serves one payment: a callback that arrives again makes no second one and breaks nothing.",
			"QFPay, GET openid: the code is unique and can be used once"},
		{"PAY-01", Must, "An order that is paid becomes paid at the merchant.",
			"QFPay, asynchronous notifications"},
		{"PAY-02", Must, "An order that is paid is shipped once, and not before.",
			"QFPay, asynchronous notifications: duplicates are possible"},
		{"RES-01", Must, "A payer who cancels leaves the order unpaid, and can pay it afterwards.",
			"WeChat, getBrandWCPayRequest: the result the page gets is no proof"},
		{"RES-02", Must, "A payer who is back before any notification finds no failure, and the order ends paid and shipped once.",
			"QFPay, asynchronous notifications; transaction enquiry"},
		{"NTF-01", Must, "A notification with a wrong signature is refused and changes nothing; the genuine one is then accepted.",
			"QFPay, asynchronous notifications: verify the signature over the raw body"},
		{"NTF-02", Must, "A notification that comes again is acknowledged and ships nothing more.",
			"QFPay, asynchronous notifications: duplicates are possible"},
	}
}

// RuleByID gives one rule; false if there is none.
func RuleByID(id string) (Rule, bool) {
	for _, r := range Rules() {
		if r.ID == id {
			return r, true
		}
	}
	return Rule{}, false
}
