package steps

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/cucumber/godog"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/qfpay"
)

func (w *world) enquirySteps(sc *godog.ScenarioContext) {
	sc.When(`^the integrator enquires(?: (.+))?$`, w.enquire)
	sc.Then(`^QFPay lists nothing$`, func() error { return w.lists(nil) })
	sc.Then(`^QFPay lists:$`, w.lists)
	sc.Then(`^QFPay lists (\d+) orders?, the first "([^"]*)"$`, w.listsSome)
}

// enquire asks for the payments in the manner the sentence names.
func (w *world) enquire(ctx context.Context, how string) error {
	const path = "/trade/v1/query"
	if with, ok := strings.CutPrefix(how, "with "); ok && given.MatchString(with) {
		p, err := w.params(with)
		if err != nil {
			return err
		}
		return w.call(ctx, http.MethodPost, path, w.withShop(p))
	}
	number := string(w.order.outTradeNo)
	if number == "" {
		number = w.order.askedNo
	}
	p := w.withShop(qfpay.Params{{Name: "out_trade_no", Value: number}})
	own, foreign := string(w.own.AppCode), w.fake.Key()
	switch how {
	case "":
		return w.call(ctx, http.MethodPost, path, p)
	case "without a condition":
		return w.call(ctx, http.MethodPost, path, w.withShop(nil))
	case "in its address":
		return w.call(ctx, http.MethodGet, path, p)
	case "with 2 MiB of parameters":
		return w.call(ctx, http.MethodPost, path, append(p, qfpay.Param{Name: "goods_name", Value: strings.Repeat("x", 2<<20)}))
	case "signed with another key":
		return w.callAs(ctx, http.MethodPost, path, p, own, qfpay.Sign(p.Canonical(), foreign, qfpay.MD5))
	case "signed over other parameters":
		return w.callAs(ctx, http.MethodPost, path, p, own, w.signed(p.Without("out_trade_no")))
	case "without a signature":
		return w.callAs(ctx, http.MethodPost, path, p, own, "")
	case "without an app code":
		return w.callAs(ctx, http.MethodPost, path, p, "", w.signed(p))
	case "with an app code of nobody":
		return w.callAs(ctx, http.MethodPost, path, p, "NOBODY", w.signed(p))
	case "without its mchid":
		return w.call(ctx, http.MethodPost, path, p.Without("mchid"))
	case "with a foreign mchid":
		return w.call(ctx, http.MethodPost, path, append(p.Without("mchid"), qfpay.Param{Name: "mchid", Value: "FOREIGN1"}))
	}
	return w.enquireOften(ctx, how, func() error { return w.call(ctx, http.MethodPost, path, p) })
}

// enquireOften reads "5 times", or "400 times, 100 a second" of the App's clock.
func (w *world) enquireOften(ctx context.Context, how string, enquire func() error) error {
	var times, aSecond int
	if n, _ := fmt.Sscanf(how, "%d times, %d a second", &times, &aSecond); n == 0 || times < 1 {
		return broke(fmt.Errorf("no way to enquire is called %q", how))
	}
	for i := range times {
		if aSecond > 0 && i > 0 && i%aSecond == 0 {
			if err := w.timePasses(ctx, 1, "second"); err != nil {
				return err
			}
		}
		if err := enquire(); err != nil {
			return err
		}
	}
	return nil
}

// rows are the records of an enquiry's answer.
func (w *world) rows() ([]map[string]string, error) {
	if err := w.answersWithRespcd("0000"); err != nil {
		return nil, err
	}
	var list struct{ Data []map[string]any }
	if err := json.Unmarshal([]byte(w.answer), &list); err != nil || list.Data == nil {
		return nil, fmt.Errorf("QFPay's answer holds no list: %s", w.answer)
	}
	rows := make([]map[string]string, len(list.Data))
	for i, record := range list.Data {
		rows[i] = map[string]string{}
		for name, value := range record {
			text, isText := value.(string)
			if !isText {
				return nil, fmt.Errorf("%s of record %d is %v, want a JSON string as all of QFPay's are", name, i+1, value)
			}
			rows[i][name] = text
		}
	}
	return rows, nil
}

// lists compares the records with a table: all of them, in this order, in the table's columns.
func (w *world) lists(want *godog.Table) error {
	rows, err := w.rows()
	if err != nil {
		return err
	}
	if want == nil {
		if len(rows) != 0 {
			return fmt.Errorf("QFPay lists %d orders, want none: %s", len(rows), w.answer)
		}
		return nil
	}
	names := want.Rows[0].Cells
	var got, wanted []string
	for _, row := range rows {
		var line []string
		for _, name := range names {
			line = append(line, row[name.Value])
		}
		got = append(got, strings.Join(line, " | "))
	}
	for _, row := range want.Rows[1:] {
		var line []string
		for _, cell := range row.Cells {
			value, err := w.value(cell.Value)
			if err != nil {
				return err
			}
			line = append(line, value)
		}
		wanted = append(wanted, strings.Join(line, " | "))
	}
	if !slices.Equal(got, wanted) {
		return fmt.Errorf("QFPay lists\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(wanted, "\n"))
	}
	return nil
}

func (w *world) listsSome(count int, first string) error {
	rows, err := w.rows()
	if err != nil {
		return err
	}
	if len(rows) != count || rows[0]["out_trade_no"] != first {
		return fmt.Errorf("QFPay lists %d orders, want %d, the first %s: %s", len(rows), count, first, shortText(w.answer, 500))
	}
	return nil
}
