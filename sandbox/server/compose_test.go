package server_test

import (
	"os"
	"slices"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/server"
)

// In compose every vendor host leads to sandbox-tls; one that is missing would be asked for on the internet.
func TestComposeHasEveryVendorHost(t *testing.T) {
	raw, err := os.ReadFile("../../docker-compose.yml")
	must(t, err)
	var compose struct {
		Services map[string]struct {
			Networks any `yaml:"networks"`
		} `yaml:"services"`
	}
	must(t, yaml.Unmarshal(raw, &compose))
	networks, _ := compose.Services["sandbox-tls"].Networks.(map[string]any)
	vendors, _ := networks["vendors"].(map[string]any)
	var names []string
	list, _ := vendors["aliases"].([]any)
	for _, name := range list {
		names = append(names, name.(string))
	}
	want := server.VendorHosts()
	slices.Sort(names)
	slices.Sort(want)
	if !slices.Equal(names, want) {
		t.Errorf("sandbox-tls has the aliases %v, want %v", names, want)
	}
}
