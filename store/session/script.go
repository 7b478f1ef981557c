package session

import "github.com/redis/go-redis/v9"

// The scripts touch KEYS alone, of one hash tag, and answer two numbers. None asks for the
// time: TIME is in no ACL category that the restricted user has.
//
// The library sends a call again when its answer did not come, and the first
// sending may have been done. Each write leaves the mark of its call, so that
// the second sending of one call is told from another call.

// createScript: data, milliseconds, mark. 1 written, 0 taken.
const createScript = `
if redis.call('EXISTS', KEYS[1]) == 1 then
  return {redis.call('HGET', KEYS[1], 'mark') == ARGV[3] and 1 or 0, 0}
end
redis.call('HSET', KEYS[1], 'version', '1', 'data', ARGV[1], 'mark', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return {1, 0}`

// saveScript: expected version, next version, data, milliseconds (0: end it), mark.
// 1 written, 0 another version, -1 no such record.
const saveScript = `
local now = redis.call('HMGET', KEYS[1], 'version', 'mark')
if not now[1] then return {-1, 0} end
if now[1] == ARGV[2] and now[2] == ARGV[5] then return {1, 0} end
if now[1] ~= ARGV[1] then return {0, 0} end
if ARGV[4] == '0' then
  redis.call('DEL', KEYS[1])
else
  redis.call('HSET', KEYS[1], 'version', ARGV[2], 'data', ARGV[3], 'mark', ARGV[5])
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
end
return {1, 0}`

// firstScript: mark, milliseconds. 1 first, 0 seen before.
const firstScript = `
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return {1, 0} end
return {redis.call('GET', KEYS[1]) == ARGV[1] and 1 or 0, 0}`

// allowScript: limit, milliseconds. 1 within the limit; or 0 and the
// milliseconds until the window ends. A call sent twice counts twice: a limit
// may err towards no.
const allowScript = `
local n = tonumber(redis.call('GET', KEYS[1]) or '0')
if n >= tonumber(ARGV[1]) then return {0, redis.call('PTTL', KEYS[1])} end
if redis.call('INCR', KEYS[1]) == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return {1, 0}`

// beatScript: KEYS are who serves, the index of instances, the instance's own.
// Place, id, entry, milliseconds. 1 registered; or 0, another place serves, and
// the milliseconds until that ends. What is empty or has no end, no instance wrote.
const beatScript = `
local place, left = redis.call('GET', KEYS[1]), redis.call('PTTL', KEYS[1])
if place and place ~= '' and place ~= ARGV[1] and left >= 0 then return {0, left} end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[4])
redis.call('SADD', KEYS[2], ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
redis.call('SET', KEYS[3], ARGV[3], 'PX', ARGV[4])
return {1, 0}`

// leaveScript: KEYS as above; place, id. The last to leave frees the place.
const leaveScript = `
redis.call('DEL', KEYS[3])
redis.call('SREM', KEYS[2], ARGV[2])
if redis.call('SCARD', KEYS[2]) == 0 and redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return {1, 0}`

type scripts struct {
	create, save, first, allow, beat, leave *redis.Script
}

func newScripts() scripts {
	return scripts{
		create: redis.NewScript(createScript), save: redis.NewScript(saveScript),
		first: redis.NewScript(firstScript), allow: redis.NewScript(allowScript),
		beat: redis.NewScript(beatScript), leave: redis.NewScript(leaveScript),
	}
}
