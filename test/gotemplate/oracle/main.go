// Command gotemplate runs templates with Go's own text/template, sprig and sigs.k8s.io/yaml, and prints what they give.
// It reads a JSON list of cases from its input and writes a JSON list of results in the same order.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"text/template"
)

type testCase struct {
	// Files are parsed in order; the last one is run.
	Files      []file          `json:"files"`
	Data       json.RawMessage `json:"data"`
	MissingKey string          `json:"missingKey"`
	// Functions is "go" for Go's own only.
	Functions string `json:"functions"`
}

type file struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

type result struct {
	Output string `json:"output"`
	Error  string `json:"error,omitempty"`
}

func main() {
	var cases []testCase
	if err := json.NewDecoder(os.Stdin).Decode(&cases); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	results := make([]result, len(cases))
	for i, c := range cases {
		output, err := run(c)
		if err != nil {
			results[i].Error = err.Error()
			continue
		}
		results[i].Output = output
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(results); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(c testCase) (string, error) {
	set := template.New("gotpl")
	if c.MissingKey != "" {
		set.Option("missingkey=" + c.MissingKey)
	}
	if c.Functions != "go" {
		set.Funcs(functions(set))
	}
	var raw any
	if err := json.Unmarshal(c.Data, &raw); err != nil {
		return "", err
	}
	for _, f := range c.Files {
		if _, err := set.New(f.Name).Parse(f.Text); err != nil {
			return "", err
		}
	}
	return execute(set, c.Files[len(c.Files)-1].Name, typed(raw))
}
