// Package identity says whether a request comes from Microsoft's Bot Framework
// for this bot and this tenant: it checks the bearer token and what the
// activity claims against it (learn.microsoft.com, "Authenticate requests from
// the Bot Connector service"), and knows the addresses of Microsoft's clouds.
//
// It replaces the token validator of msbotbuilder-go, which takes what must be
// refused, and fits the same interface. It knows nothing of people, commands
// or cards. The door of the Teams adapter calls it before it reads a body.
package identity
