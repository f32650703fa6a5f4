//go:build tools

// Package tools keeps the command of the test cluster in this module's go.mod and go.sum.
package tools

import _ "sigs.k8s.io/kwok/cmd/kwok"
