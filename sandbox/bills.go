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

// MostBillsCounted bounds how many of a payer's own orders at one App a list of bills looks at, the newest.
const MostBillsCounted = 10_000

// Bills lists a payer's orders at all merchants, newest first: those that were ordered for it and those it paid,
// whatever became of them. At most so many; more counts the others, of one App up to MostBillsCounted.
// Orders for an own account that the App has no longer are nobody's.
func (g *Gateway) Bills(ctx context.Context, p PayerID, most int) (bills []Bill, more int, err error) {
	for after := AppCode(""); ; {
		apps, err := g.Store.Apps(ctx, after, 100)
		if err != nil || len(apps) == 0 {
			return bills, more, err
		}
		for _, app := range apps {
			after = app.Code
			for _, name := range namesAt(p, app) {
				looked := 0
				err := g.Store.EachTransaction(ctx, TransactionRange{App: app.Code, OpenID: name}, func(t Transaction) bool {
					if t.Kind == KindPayment && t.OpenID == accountFor(p, app, t) {
						bills = append(bills, Bill{app, t})
					}
					looked++
					return looked < MostBillsCounted
				})
				if err != nil {
					return nil, 0, err
				}
			}
			slices.SortStableFunc(bills, newestBill)
			if len(bills) > most {
				more += len(bills) - most
				clear(bills[most:])
				bills = bills[:most]
			}
		}
	}
}

// namesAt are all that a payer is called in an App's orders, each once.
func namesAt(p PayerID, app App) []OpenID {
	names := []OpenID{accountIn(walletOther, p, app), accountIn(walletWeChat, p, app), accountIn(walletAlipay, p, app), accountIn(walletPayMe, p, app)}
	if app.Own.AppID != "" {
		names = append(names, openIDAt(p, &app.Own))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func newestBill(a, b Bill) int { return b.Transaction.CreatedAt.Compare(a.Transaction.CreatedAt) }
