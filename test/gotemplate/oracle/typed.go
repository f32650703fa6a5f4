package main

import (
	"fmt"
	"strconv"
)

// pod and container are structs for templates to look into, as an injector has them.
type pod struct {
	Name       string
	Labels     map[string]string
	Containers []container
	Affinity   *affinity
	Replicas   *int32
}

type container struct {
	Name string
	Port int32
}

type affinity struct {
	Zone string
}

// Describe is a method with arguments.
func (p *pod) Describe(prefix string, count int) string {
	return fmt.Sprintf("%s%s%d", prefix, p.Name, count)
}

func (c container) String() string { return c.Name + ":" + strconv.Itoa(int(c.Port)) }

// typed replaces {"$go": kind, "value": text} by a value of that Go type, which JSON cannot say.
func typed(value any) any {
	switch v := value.(type) {
	case []any:
		for i := range v {
			v[i] = typed(v[i])
		}
	case map[string]any:
		if kind, ok := v["$go"].(string); ok {
			return special(kind, v["value"])
		}
		for key := range v {
			v[key] = typed(v[key])
		}
	}
	return value
}

func special(kind string, value any) any {
	switch kind {
	case "[]string":
		items := []string{}
		for _, item := range value.([]any) {
			items = append(items, item.(string))
		}
		return items
	case "map[string]string":
		entries := map[string]string{}
		for key, entry := range value.(map[string]any) {
			entries[key] = entry.(string)
		}
		return entries
	case "pod":
		return &pod{Name: "web", Labels: map[string]string{"app": "web"}, Containers: []container{{"a", 80}, {"b", 8080}}}
	case "func":
		return func(a, b string) string { return a + "+" + b }
	case "bytes":
		return []byte(value.(string))
	}
	return integer(kind, int64(value.(float64)))
}

func integer(kind string, n int64) any {
	switch kind {
	case "int":
		return int(n)
	case "int32":
		return int32(n)
	case "int64":
		return n
	case "uint8":
		return uint8(n)
	case "uint64":
		return uint64(n)
	}
	panic("unknown kind " + kind)
}
