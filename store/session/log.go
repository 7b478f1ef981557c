package session

import (
	"context"
	"fmt"

	"github.com/redis/go-redis/v9"
	"go.uber.org/zap"
)

// LogLibrary sends what the Redis library says of its own accord, to standard
// error unless told otherwise, to log at level debug: each call's error says
// the same and more. The library has one logger a process, so this is for
// cmd to call once, before New.
func LogLibrary(log *zap.Logger) { redis.SetLogger(libraryLog{log}) }

type libraryLog struct{ log *zap.Logger }

// Printf is the library's interface.
func (l libraryLog) Printf(_ context.Context, format string, args ...any) {
	l.log.Debug("redis library", zap.String("says", fmt.Sprintf(format, args...)))
}
