package clinic

// StandIn says that a name may be given for other mistakes, on requests where they make the same
// signature.
type StandIn struct {
	Given string
	For   []string
	When  string
}

// StandIns is the table of them. A test holds it to what happens.
func StandIns() []StandIn {
	return append([]StandIn(nil), standIns[:]...)
}

var standIns = [...]StandIn{
	{KeyWhiteSpace, []string{KeySeparator}, "white space before the key is white space between string and key"},
	{KeyWhiteSpace, []string{ValueChangedOnWay}, "white space before the key is white space behind the last value"},
	{KeySeparator, []string{TrailingAmpersand}, "an & behind the string is an & before the key"},
	{KeyFirst, []string{KeySorted}, "key= and an & before the string are what sorting gives where key comes first"},
	{NotSorted, []string{SortedByValue}, "the values happen to be sorted in the order they were sent in"},
	{NotSorted, []string{SortedCaseInsensitively, RawSeparator}, "the order they were sent in is the order in question"},
	{RawSeparator, []string{NotSorted}, "what stands behind redirect_uri is its tail"},
	{ValueChangedOnWay, []string{Encoded}, "nothing was encoded for sending, and + for a blank is all that differs"},
	{JSONValue, []string{ValuesTrimmed}, "all blanks are in JSON"},
	{SortedBackwards, []string{SortedByValue}, "the values happen to be sorted as the names are from Z to A"},
	{OnlyBody, []string{ParameterMissing, NothingCovered}, "the query has one parameter, or the body none with a value"},
	{OnlyQuery, []string{ParameterMissing}, "the body has one parameter"},
	{FalsyDropped, []string{ParameterMissing}, "one parameter is 0"},
	{Encoded, []string{ValueChangedOnWay}, "a blank is all that is encoded, as +"},
	{ValuesTrimmed, []string{ValueCut}, "the value is cut at the blank it ends with"},
	{TimestampDiffers, []string{ValueCut}, "the time is cut at its blank, which leaves the date"},
	{UnicodeEscaped, []string{HTMLEscaped}, "JSON and PHP's addslashes both put a backslash before double quotes"},
}
