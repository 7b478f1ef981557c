// Package config owns Latchkey's configuration: the Go struct that is its one
// description, the strict reading of a YAML file into it with every fault at
// once and each with its line, and the policy that it makes for bot.
//
// It opens nothing that the configuration names but files given as file:PATH;
// whether a server answers is asked elsewhere. cmd/latchkey alone calls it.
package config
