package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"text/template"
	"time"
	_ "time/tzdata"

	"github.com/Masterminds/sprig/v3"
	"sigs.k8s.io/yaml"
)

// clock is the moment that all cases run at.
var clock = time.Date(2024, time.February, 29, 13, 4, 5, 678901234, time.UTC)

// functions are sprig's, and those that Helm adds.
func functions(set *template.Template) template.FuncMap {
	table := sprig.TxtFuncMap()
	delete(table, "env")
	delete(table, "expandenv")
	table["now"] = func() time.Time { return clock }
	table["include"] = func(name string, data any) (string, error) { return execute(set, name, data) }
	table["tpl"] = func(text string, data any) (string, error) { return inline(set, text, data) }
	table["required"] = required
	table["toYaml"] = toYaml
	table["fromYaml"] = fromYaml
	table["fromYamlArray"] = func(text string) []any { return fromYamlList(text) }
	table["fromJson"] = fromJSON
	table["fromJsonArray"] = fromJSONList
	return table
}

func execute(set *template.Template, name string, data any) (string, error) {
	var out strings.Builder
	if err := set.ExecuteTemplate(&out, name, data); err != nil {
		return "", err
	}
	return out.String(), nil
}

func inline(set *template.Template, text string, data any) (string, error) {
	copied, err := set.Clone()
	if err != nil {
		return "", err
	}
	parsed, err := copied.Funcs(functions(copied)).New("gotpl").Parse(text)
	if err != nil {
		return "", fmt.Errorf("cannot parse template %q: %w", text, err)
	}
	output, err := execute(parsed, "gotpl", data)
	if err != nil {
		return "", fmt.Errorf("error during tpl function execution for %q: %w", text, err)
	}
	return strings.ReplaceAll(output, "<no value>", ""), nil
}

func required(message string, value any) (any, error) {
	if value == nil || value == "" {
		return value, errors.New(message)
	}
	return value, nil
}

func toYaml(value any) string {
	text, err := yaml.Marshal(value)
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(string(text), "\n")
}

func fromYaml(text string) map[string]any {
	found := map[string]any{}
	if err := yaml.Unmarshal([]byte(text), &found); err != nil {
		found["Error"] = err.Error()
	}
	return found
}

func fromYamlList(text string) []any {
	found := []any{}
	if err := yaml.Unmarshal([]byte(text), &found); err != nil {
		found = []any{err.Error()}
	}
	return found
}

func fromJSON(text string) map[string]any {
	found := map[string]any{}
	if err := json.Unmarshal([]byte(text), &found); err != nil {
		found["Error"] = err.Error()
	}
	return found
}

func fromJSONList(text string) []any {
	found := []any{}
	if err := json.Unmarshal([]byte(text), &found); err != nil {
		found = []any{err.Error()}
	}
	return found
}
