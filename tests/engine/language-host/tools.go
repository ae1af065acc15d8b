//go:build tools

// Package languagehost pins the last Node.js language host that the Go module proxy serves: later ones are a
// module of their own.
package languagehost

import (
	_ "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs"
)
