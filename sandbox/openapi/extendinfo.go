package openapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
)

// readExtendInfo reads the payer's real name: a JSON object with user_creid and user_truename;
// raw Chinese and \u escapes are the same. Nil for an empty value.
func readExtendInfo(s string) (*sandbox.RealName, error) {
	if s == "" {
		return nil, nil
	}
	var info struct {
		CreID    *string `json:"user_creid"`
		TrueName *string `json:"user_truename"`
	}
	if err := readOne(s, &info, `{"user_creid":"…","user_truename":"…"}`); err != nil {
		return nil, err
	}
	if info.CreID == nil || info.TrueName == nil {
		return nil, fmt.Errorf("is %s, want both user_creid and user_truename", sandbox.Shown(s))
	}
	return &sandbox.RealName{CreID: *info.CreID, TrueName: *info.TrueName}, nil
}

// readScene says what is wrong with the scene of an H5 payment: which kind of page it starts from
// (qfpay-api 3.1.3). Empty is nothing wrong, but missing.
func readScene(s string) error {
	if s == "" {
		return nil
	}
	const sample = `{"scene_info":{"h5_info":{"type":"Wap","wap_url":"…","wap_name":"…"}},"spbill_create_ip":"…"}`
	var info struct {
		Scene *struct {
			H5 *struct {
				Type string `json:"type"`
				URL  string `json:"wap_url"`
				Name string `json:"wap_name"`
			} `json:"h5_info"`
		} `json:"scene_info"`
		IP string `json:"spbill_create_ip"`
	}
	if err := readOne(s, &info, sample); err != nil {
		return err
	}
	if info.Scene == nil || info.Scene.H5 == nil || info.Scene.H5.Type == "" {
		return fmt.Errorf("is %s, want scene_info with h5_info and its type, such as %s", sandbox.Shown(s), sample)
	}
	return nil
}

// readOne reads one JSON object and nothing behind it.
func readOne(s string, into any, sample string) error {
	dec := json.NewDecoder(strings.NewReader(s))
	if err := dec.Decode(into); err != nil {
		return fmt.Errorf("is %s, want a JSON object such as %s", sandbox.Shown(s), sample)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("is %s, want one JSON object and nothing behind it", sandbox.Shown(s))
	}
	return nil
}
