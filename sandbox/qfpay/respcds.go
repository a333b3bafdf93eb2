package qfpay

const (
	documented = "documented: status codes"
	oldList    = "documented: old code list"
)

var respcds = [...]RespcdRow{
	{RespOK, "ok", Success, documented},
	{RespSignature, "signature, app code or mchid wrong", Final, documented + "; observed"},
}
