package main

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox"
	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/control"
)

// settingsFlag reads name=value, once for each setting. The names are those of control.SettingsChange.
type settingsFlag struct{ change control.SettingsChange }

func (s *settingsFlag) String() string { return "" }

func (s *settingsFlag) Set(text string) error {
	name, value, ok := strings.Cut(text, "=")
	if !ok {
		return fmt.Errorf("want a setting and its value, such as canada=true")
	}
	fields := reflect.ValueOf(&s.change).Elem()
	for i := range fields.NumField() {
		tag, _, _ := strings.Cut(fields.Type().Field(i).Tag.Get("json"), ",")
		if tag != name {
			continue
		}
		switch field := fields.Field(i).Addr().Interface().(type) {
		case **bool:
			b, err := strconv.ParseBool(value)
			if err != nil {
				return fmt.Errorf("%s is %q, want true or false", name, value)
			}
			*field = &b
		case **string:
			*field = &value
		}
		return nil
	}
	return fmt.Errorf("%q is no setting, want one of %s%s", name, settingNames(), sandbox.Guess(name, settingNames()))
}

func settingNames() string {
	var names []string
	for _, f := range reflect.VisibleFields(reflect.TypeFor[control.SettingsChange]()) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

// setting is one as people read it.
type setting struct{ name, value string }

// settingsOf lists settings in the order of the control interface.
func settingsOf(s control.Settings) (all []setting) {
	fields := reflect.ValueOf(s)
	for i := range fields.NumField() {
		all = append(all, setting{fields.Type().Field(i).Tag.Get("json"), fmt.Sprint(fields.Field(i).Interface())})
	}
	return all
}
