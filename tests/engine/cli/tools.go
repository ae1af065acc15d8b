//go:build tools

// Package cli pins the Pulumi CLI that the tests and the lab run, for machines that can't reach its download site.
package cli

import (
	_ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
)
