// Injects with istiod's own code, to say what `iop kube-inject` has to give. See README.md for how it is built.
//
//	injector --config FILE --values FILE --mesh FILE [--revision NAME] < objects.yaml > injected.yaml
package main

import (
	"flag"
	"fmt"
	"os"

	"istio.io/istio/pkg/config/mesh"
	"istio.io/istio/pkg/kube/inject"
)

func main() {
	configFile := flag.String("config", "", "what the ConfigMap istio-sidecar-injector has under config")
	valuesFile := flag.String("values", "", "what it has under values")
	meshFile := flag.String("mesh", "", "what the ConfigMap istio has under mesh")
	revision := flag.String("revision", "", "the revision that injects")
	flag.Parse()
	if err := run(*configFile, *valuesFile, *meshFile, *revision); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(configFile, valuesFile, meshFile, revision string) error {
	texts := map[string][]byte{}
	for _, name := range []string{configFile, valuesFile, meshFile} {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		texts[name] = text
	}
	config, err := inject.UnmarshalConfig(texts[configFile])
	if err != nil {
		return err
	}
	values, err := inject.NewValuesConfig(string(texts[valuesFile]))
	if err != nil {
		return err
	}
	meshConfig, err := mesh.ApplyMeshConfigDefaults(string(texts[meshFile]))
	if err != nil {
		return err
	}
	warn := func(message string) { fmt.Fprintln(os.Stderr, message) }
	return inject.IntoResourceFile(nil, config.Templates, values, revision, meshConfig, os.Stdin, os.Stdout, warn)
}
