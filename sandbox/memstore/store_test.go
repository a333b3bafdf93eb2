package memstore_test

import (
	"testing"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/memstore"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/storetest"
)

func TestContract(t *testing.T) {
	storetest.Run(t, func(*testing.T) sandbox.Store { return memstore.New() })
}
