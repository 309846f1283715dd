//go:build tools

// Package geth pins the geth that the tests run: the last release that seals Clique blocks by itself.
package geth

import _ "github.com/ethereum/go-ethereum/cmd/geth"
