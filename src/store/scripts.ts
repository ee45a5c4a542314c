/**
 * The scripts. Each is atomic, and harmless when Redis runs it twice: writes are guarded by id, run or version.
 * Every script learns from `epoch` whether this is still the Redis that the stored state was written to: the run id
 * changes with each restart, restore and failover, and everything that waited then must be looked for before it is
 * sent. The caller passes the run id of the connection that the command goes out on.
 */
const epoch = `
local function now_us()
  local t = redis.call('TIME')
  return t[1] * 1000000 + t[2]
end
local function current_epoch(key, run)
  local known = redis.call('HMGET', key, 'run', 'number', 'sinceMs')
  if known[1] == run then return tonumber(known[2]), tonumber(known[3]) end
  local number = (tonumber(known[2]) or 0) + 1
  local since = math.floor(now_us() / 1000)
  redis.call('HSET', key, 'run', run, 'number', number, 'sinceMs', since)
  return number, since
end
local function head_of(lane, info)
  local current = redis.call('HGET', info, 'current')
  if current and redis.call('ZSCORE', lane, current) then return current end
  return redis.call('ZRANGE', lane, 0, 0)[1] or ''
end
`;

/**
 * KEYS delivery, content, lane, lane-info, lanes, epoch, open, dead, the author's open-of, dead-of, and the delivery that
 * it revises (itself if none)
 * ARGV run id, deadline (ms by this Redis; '' none), id, state, content, order ('' by arrival), lane,
 * what stands before the id in keys of deliveries, most of the author and most in all ('' no bound), how long to
 * remember what was too much ('' it is not), how long to remember the author's count ('' it does not count as theirs),
 * of what revises another: which of several is the last ('' it revises none)
 * A message that is too much is remembered as cancelled: "not taken" stays true, however often it comes again. The delivery
 * keys are made from ids here: all share the hash tag of KEYS[1].
 * What revises a delivery is noted with that one, also before it comes. A higher version makes who is about to send it read
 * it anew.
 */
export const take = `${epoch}
local number, since = current_epoch(KEYS[6], ARGV[1])
local known = redis.call('HMGET', KEYS[1], 'state', 'full')
if known[1] == 'cancelled' then return {known[2] and 'full' or 'cancelled', known[2]} end
if known[1] then return {'duplicate'} end
local us = now_us()
local now = string.format('%.0f', us / 1000)
if ARGV[2] ~= '' and us / 1000 > tonumber(ARGV[2]) then return {'late'} end
local function is_full(open, dead, most)
  if most == '' then return false end
  local count = redis.call('ZCARD', open) + redis.call('ZCOUNT', dead, '(' .. now, '+inf')
  if count < tonumber(most) then return false end
  -- What vanished without a word (evicted, or ended by an older version) must not count for ever: some are looked at.
  local from = math.floor(us) % math.max(redis.call('ZCARD', open) - 99, 1)
  for _, id in ipairs(redis.call('ZRANGE', open, from, from + 99)) do
    local state = redis.call('HGET', ARGV[8] .. id, 'state')
    local phase = state and state ~= 'cancelled' and cjson.decode(state).phase
    if not phase or phase == 'sent' or phase == 'discarded' or phase == 'failed' then
      redis.call('ZREM', open, id)
      count = count - 1
    end
  end
  return count >= tonumber(most)
end
local full = is_full(KEYS[9], KEYS[10], ARGV[9]) and 'person'
  or is_full(KEYS[7], KEYS[8], ARGV[10]) and 'bridge'
if full then
  if ARGV[11] ~= '' and ARGV[12] ~= '' then
    redis.call('HSET', KEYS[1], 'state', 'cancelled', 'full', full)
    redis.call('PEXPIRE', KEYS[1], ARGV[11])
  end
  return {'full', full}
end
local order = ARGV[6]
if order == '' then order = string.format('%.0f', us) end
-- Written before this Redis came up, and sent once more: it may have been here, and forgotten.
if number > 1 and tonumber(order) < since * 1000 then number = number - 1 end
redis.call('HSET', KEYS[1], 'state', ARGV[4], 'version', 1, 'order', order,
  'takenAt', string.format('%.0f', us / 1000), 'lane', ARGV[7], 'epoch', number)
-- An edit that came before it has set a time to live.
redis.call('PERSIST', KEYS[1])
if ARGV[13] ~= '' then
  local original = redis.call('HMGET', KEYS[11], 'state', 'revisedAt', 'revisions')
  redis.call('HSET', KEYS[11], 'revisions', (original[3] or '') .. ARGV[3] .. ' ')
  if not original[2] or tonumber(ARGV[13]) > tonumber(original[2]) then
    redis.call('HSET', KEYS[11], 'revisedBy', ARGV[3], 'revisedAt', ARGV[13])
  end
  if not original[1] then redis.call('PEXPIRE', KEYS[11], ARGV[11])
  elseif original[1] ~= 'cancelled' and cjson.decode(original[1]).phase == 'queued' then
    redis.call('HINCRBY', KEYS[11], 'version', 1)
  end
end
redis.call('SET', KEYS[2], ARGV[5])
redis.call('ZADD', KEYS[3], order, ARGV[3])
redis.call('ZADD', KEYS[5], now, ARGV[7])
redis.call('ZADD', KEYS[7], now, ARGV[3])
if ARGV[12] ~= '' then
  redis.call('ZADD', KEYS[9], now, ARGV[3])
  redis.call('PEXPIRE', KEYS[9], ARGV[12])
end
return {'stored', head_of(KEYS[3], KEYS[4])}
`;

/**
 * KEYS delivery. ARGV how long to remember it, '1' if what was sent to be stored is past its deadline. Gives 'cancelled'
 * when it was not stored, and never will be: with that deadline behind it also when Redis refuses to note it (it is full).
 */
export const cancel = `
local state = redis.call('HGET', KEYS[1], 'state')
if state then return {state == 'cancelled' and 'cancelled' or 'stored'} end
local noted = redis.pcall('HSET', KEYS[1], 'state', 'cancelled')
if type(noted) == 'table' then return ARGV[2] == '1' and {'cancelled'} or noted end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return {'cancelled'}
`;

/**
 * KEYS delivery, content, lane, lane-info, lanes, epoch. ARGV run id, id, run, grace (ms), lane, gather (ms),
 * how long to remember an idle lane
 * A delivery that was taken in an earlier epoch must be looked for (it may have been sent, and that forgotten); a
 * worker that has not noticed the change may write for one lock's length more, so nothing is claimed meanwhile.
 */
export const claim = `${epoch}
local number, since = current_epoch(KEYS[6], ARGV[1])
local us = now_us()
local found = redis.call('HMGET', KEYS[1], 'state', 'version', 'order', 'takenAt', 'epoch', 'lane', 'revisedBy')
if not found[1] or found[1] == 'cancelled' then return {'gone'} end
if found[6] ~= ARGV[5] then return {'moved', found[6]} end
local delivery = cjson.decode(found[1])
local phase = delivery.phase
-- With a time to wake it is under watch: an attempt that was given up may still turn up.
if (phase == 'sent' or phase == 'discarded') and not delivery.wakeAtMs then return {'gone'} end
local decided_by_people = phase == 'uncertain' and delivery.aside and not delivery.wakeAtMs
if phase == 'failed' or decided_by_people then return {'failed'} end
local grace = since + tonumber(ARGV[4]) - us / 1000
if number > 1 and grace > 0 then return {'wait', string.format('%.0f', math.ceil(grace))} end
-- Never longer than that, wherever a failover set the clock.
local young = math.min(tonumber(found[4]) + tonumber(ARGV[6]) - us / 1000, tonumber(ARGV[6]))
if young > 0 then return {'wait', string.format('%.0f', math.ceil(young))} end
if not redis.call('ZSCORE', KEYS[3], ARGV[2]) then redis.call('ZADD', KEYS[3], found[3], ARGV[2]) end
if head_of(KEYS[3], KEYS[4]) ~= ARGV[2] then return {'park'} end
redis.call('HSET', KEYS[4], 'current', ARGV[2])
redis.call('PEXPIRE', KEYS[4], ARGV[7])
redis.call('HSET', KEYS[1], 'run', ARGV[3] .. '@' .. number)
redis.call('ZADD', KEYS[5], string.format('%.0f', us / 1000), ARGV[5])
return {'go', found[1], found[2], found[3], found[4], redis.call('GET', KEYS[2]) or '',
  tonumber(found[5]) < number and '1' or '0', redis.call('HGET', KEYS[4], 'begun') or '0',
  string.format('%.0f', us / 1000), string.format('%.0f', since), found[7] or ''}
`;

/**
 * Guards, then writes; nothing is written unless every guard holds.
 * KEYS delivery, lane after, lane-info after, epoch, and whatever the writes name by their place
 * ARGV run id, guards [[key, field, allowed values, name if not]], writes [[command, key, arguments…]]
 * Among the arguments '@nowMs', '@nowUs' and '@epoch' stand for those; an allowed value that ends in '@epoch' holds
 * for the present epoch only: what was claimed before a restart of Redis may not write after it.
 * Commands are Redis's own and six of ours: HRAISE sets a number unless it is higher already, HLOWER unless
 * it is lower, HDROP deletes a field if
 * it holds that value, ZKEEP adds a member that is kept for some time (ms), and drops those whose time is over; ZSOON and
 * HSOON set a time, so many ms from now, unless it is earlier already.
 * A pair whose holder is not stored any more is free: nobody is left to let go of it. ARGV 4 is what stands before the
 * id in keys of deliveries.
 */
export const commit = `${epoch}
local number = current_epoch(KEYS[4], ARGV[1])
for _, guard in ipairs(cjson.decode(ARGV[2])) do
  local value = redis.call('HGET', KEYS[guard[1]], guard[2]) or ''
  local holds = false
  for _, allowed in ipairs(guard[3]) do
    holds = holds or value == string.gsub(allowed, '@epoch$', '@' .. number)
  end
  if guard[4] == 'pair-busy' then holds = holds or redis.call('EXISTS', ARGV[4] .. value) == 0 end
  if not holds then return {guard[4]} end
end
local us = now_us()
local words = { ['@nowUs'] = string.format('%.0f', us), ['@nowMs'] = string.format('%.0f', us / 1000),
  ['@epoch'] = tostring(number) }
local ours = {
  HRAISE = function(key, field, value)
    local known = tonumber(redis.call('HGET', key, field))
    if not known or known < value then redis.call('HSET', key, field, value) end
  end,
  HDROP = function(key, field, value)
    if redis.call('HGET', key, field) == value then redis.call('HDEL', key, field) end
  end,
  ZSOON = function(key, member, ms)
    redis.call('ZADD', key, 'LT', string.format('%.0f', us / 1000 + ms), member)
  end,
  HSOON = function(key, field, ms)
    local known = tonumber(redis.call('HGET', key, field))
    if not known or known > us / 1000 + ms then redis.call('HSET', key, field, string.format('%.0f', us / 1000 + ms)) end
  end,
  HLOWER = function(key, field, value)
    local known = tonumber(redis.call('HGET', key, field))
    if not known or known > value then redis.call('HSET', key, field, value) end
  end,
  ZKEEP = function(key, member, ms)
    local now = us / 1000
    redis.call('ZADD', key, string.format('%.0f', now + ms), member)
    redis.call('ZREMRANGEBYSCORE', key, '-inf', string.format('%.0f', now))
    local last = redis.call('ZREVRANGE', key, 0, 0, 'WITHSCORES')[2]
    redis.call('PEXPIREAT', key, string.format('%.0f', last))
  end,
}
for _, write in ipairs(cjson.decode(ARGV[3])) do
  local args = {}
  for i = 3, #write do args[#args + 1] = words[write[i]] or write[i] end
  if ours[write[1]] then ours[write[1]](KEYS[write[2]], unpack(args))
  else redis.call(write[1], KEYS[write[2]], unpack(args)) end
end
return {'stored', head_of(KEYS[2], KEYS[3])}
`;

/**
 * KEYS open-of, epoch. ARGV run id, what stands before the id in keys of deliveries. Gives 'yes' when one of them was
 * written in an earlier epoch and not begun since.
 */
export const hasUnlooked = `${epoch}
local number = current_epoch(KEYS[2], ARGV[1])
if number == 1 then return {'no'} end
for _, id in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local written = tonumber(redis.call('HGET', ARGV[2] .. id, 'epoch'))
  if written and written < number then return {'yes'} end
end
return {'no'}
`;

/**
 * Lanes in which nothing happened for a while, and their heads: what a crash left without a job, or did not wake after
 * a Retry, gets its turn. Each with '1' if it has begun and is not due yet.
 * KEYS lanes, open. ARGV what stands before the name in keys of lanes, lane-infos and deliveries, quiet for (ms), most
 * The lane keys are made from names here: all share the hash tag of KEYS[1].
 */
export const sweep = `
local t = redis.call('TIME')
local now = math.floor((t[1] * 1000000 + t[2]) / 1000)
local found = {}
for _, lane in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], 0, now - tonumber(ARGV[4]), 'LIMIT', 0, ARGV[5])) do
  local current = redis.call('HGET', ARGV[2] .. lane, 'current')
  if current and not redis.call('ZSCORE', ARGV[1] .. lane, current) then current = false end
  local head = current or redis.call('ZRANGE', ARGV[1] .. lane, 0, 0)[1]
  if head then
    redis.call('ZADD', KEYS[1], string.format('%.0f', now), lane)
    local state = redis.call('HGET', ARGV[3] .. head, 'state')
    if state then
      local delivery = cjson.decode(state)
      found[#found + 1] = head
      found[#found + 1] = delivery.to
      found[#found + 1] = current and (delivery.wakeAtMs or 0) > now and '1' or '0'
    else
      -- Expired, or lost with Redis's last writes: it must not hold the others.
      redis.call('ZREM', ARGV[1] .. lane, head)
      redis.call('ZREM', KEYS[2], head)
    end
  else
    redis.call('ZREM', KEYS[1], lane)
  end
end
return found
`;

/**
 * How far Redis's data reach. The first beat of an epoch keeps what it finds: so far the data reached with which this
 * Redis came up. A process that remembers a later beat knows that some were lost.
 * KEYS pulse, epoch. ARGV run id, how old the last beat must be for another one (ms)
 */
export const pulse = `${epoch}
local number, since = current_epoch(KEYS[2], ARGV[1])
local now = math.floor(now_us() / 1000)
local known = redis.call('HMGET', KEYS[1], 'epoch', 'count', 'atMs')
local is_new = tonumber(known[1]) ~= number
if is_new and known[2] then
  redis.call('HSET', KEYS[1], 'epoch', number, 'untilCount', known[2], 'untilMs', known[3])
end
local old = now - (tonumber(known[3]) or 0)
-- A clock that was set back must not stop it.
if is_new or old >= tonumber(ARGV[2]) or old < 0 then
  redis.call('HSET', KEYS[1], 'epoch', number, 'count', (tonumber(known[2]) or 0) + 1, 'atMs', now)
end
local told = redis.call('HMGET', KEYS[1], 'count', 'atMs', 'untilCount', 'untilMs', 'listed', 'paused')
return {told[1], told[2], tostring(number), string.format('%.0f', since),
  told[3] or '', told[4] or '', told[5] or '', told[6] or ''}
`;
