//go:build tools

// Package tools keeps the command of the chart tests in this module's go.mod and go.sum.
package tools

import _ "helm.sh/helm/v3/cmd/helm"
