/**
 * A sliding window as two counters: this window's, and the last one's weighted by how much of it still lies within a window's
 * length. One hash a key, one script, so that several gateways count together; the clock is Redis's own.
 *
 * KEYS[1] whom; ARGV[1] limit, ARGV[2] window in ms. Answers allowed (0/1), how many are left, ms until one more is allowed or
 * the window ends.
 */
export const SLIDING_WINDOW = `
local limit = tonumber(ARGV[1])
local window = tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local slot = math.floor(now / window)
local elapsed = now - slot * window
local stored = redis.call('HMGET', KEYS[1], 'slot', 'current', 'last')
local known, current, last = tonumber(stored[1]), tonumber(stored[2]) or 0, tonumber(stored[3]) or 0
if known ~= slot then
  if known == slot - 1 then last = current else last = 0 end
  current = 0
end
local used = current + last * (window - elapsed) / window
if used + 1 > limit then
  local wait
  if current < limit then
    wait = window * (1 - (limit - 1 - current) / last) - elapsed
  else
    wait = (window - elapsed) + window * (1 - (limit - 1) / current)
  end
  return {0, 0, math.max(1, math.ceil(wait))}
end
redis.call('HSET', KEYS[1], 'slot', string.format('%d', slot), 'current', current + 1, 'last', last)
redis.call('PEXPIRE', KEYS[1], 2 * window)
return {1, math.floor(limit - used - 1), window - elapsed}
`;
