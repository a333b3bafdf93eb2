package control

import (
	"encoding/json"
	"net/http"
)

// ElsewhereCode is the code of a control call's refusal by the vendor's surface.
const ElsewhereCode = "controls-elsewhere"

// Elsewhere answers control calls that came to the vendor's surface: nothing is done there, and
// the caller learns where the controls are.
func Elsewhere(controlURL func() string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		p := problem{Code: ElsewhereCode, Message: "this is QFPay's and WeChat's address; the controls are at " + controlURL(), ControlURL: controlURL()}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(http.StatusNotFound)
		_ = json.NewEncoder(w).Encode(map[string]problem{"error": p}) // a caller that left needs no answer
	}
}
