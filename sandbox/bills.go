package sandbox

import (
	"context"
	"slices"
)

// Bill is an order of a payer's, as the wallet lists it.
type Bill struct {
	App         App
	Transaction Transaction
}

// Bounds of what a list of bills looks at: of each App its newest orders, and of all Apps so many.
const (
	billsOfApp = 1_000
	billsOfAll = 200_000
)

// Bills lists a payer's orders at all merchants, newest first: those that were ordered for it and those it paid,
// whatever became of them. At most so many; more counts the others that were looked at.
func (g *Gateway) Bills(ctx context.Context, p PayerID, most int) (bills []Bill, more int, err error) {
	looked := 0
	for after := AppCode(""); ; {
		apps, err := g.Store.Apps(ctx, after, 100)
		if err != nil {
			return nil, 0, err
		}
		for _, app := range apps {
			after = app.Code
			of := 0
			err := g.Store.EachTransaction(ctx, TransactionRange{App: app.Code}, func(t Transaction) bool {
				of++
				looked++
				if t.Kind == KindPayment && t.OpenID != "" && t.OpenID == accountFor(p, app, t) {
					bills = append(bills, Bill{app, t})
				}
				return of < billsOfApp && looked < billsOfAll
			})
			if err != nil {
				return nil, 0, err
			}
		}
		if len(apps) == 0 || looked >= billsOfAll {
			break
		}
		slices.SortStableFunc(bills, newestBill)
		if len(bills) > most {
			more += len(bills) - most
			bills = slices.Clip(bills[:most])
		}
	}
	slices.SortStableFunc(bills, newestBill)
	if len(bills) > most {
		more, bills = more+len(bills)-most, bills[:most]
	}
	return bills, more, nil
}

func newestBill(a, b Bill) int { return b.Transaction.CreatedAt.Compare(a.Transaction.CreatedAt) }
