package server_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// Every value of a record is a JSON string, in whatever state its transaction is (qfpay-api 3.0).
func TestRecordsHoldOnlyTexts(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(wireDir, "*.txtar"))
	must(t, err)
	records := 0
	for _, file := range files {
		golden, err := txtar.ParseFile(file)
		must(t, err)
		for _, section := range golden.Files {
			_, body, _ := strings.Cut(string(section.Data), "\n\n")
			var answer struct{ Data json.RawMessage }
			var rows []map[string]any
			if json.Unmarshal([]byte(body), &answer) != nil || json.Unmarshal(answer.Data, &rows) != nil {
				continue
			}
			for _, row := range rows {
				records++
				for name, value := range row {
					if _, isText := value.(string); !isText {
						t.Errorf("%s, %s: %s is %v, want a string", filepath.Base(file), section.Name, name, value)
					}
				}
			}
		}
	}
	if records < 20 {
		t.Errorf("found %d records in the goldens, want at least 20", records)
	}
}
