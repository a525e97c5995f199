-- MessagePack as proto/STANDARD.md allows it, for LuaJIT and Lua 5.1 to 5.4. It knows values; codec.lua knows structs.
-- Both sides raise an error with a text; codec.lua turns it into `nil, text`.

local schema = require('mosis.schema')

local byte, char, find, floor, sub = string.byte, string.char, string.find, math.floor, string.sub
local limits = schema.limits
local TWO_32 = 4294967296

local msgpack = {}

-- Text --------------------------------------------------------------------------------------------------------------------------

local function isTail(value)
  return value ~= nil and value >= 0x80 and value <= 0xBF
end

-- Bytes of the sequence at `at` (RFC 3629, table of section 4); nil when it is not well-formed.
local function sequenceLength(text, at)
  local first, second, third, fourth = byte(text, at, at + 3)
  if first < 0x80 then
    return 1
  elseif first >= 0xC2 and first <= 0xDF then
    return isTail(second) and 2 or nil
  elseif first >= 0xE0 and first <= 0xEF then
    if not isTail(second) or not isTail(third) then
      return nil
    end
    local fits = not (first == 0xE0 and second < 0xA0) and not (first == 0xED and second > 0x9F)
    return fits and 3 or nil
  elseif first >= 0xF0 and first <= 0xF4 then
    if not isTail(second) or not isTail(third) or not isTail(fourth) then
      return nil
    end
    local fits = not (first == 0xF0 and second < 0x90) and not (first == 0xF4 and second > 0x8F)
    return fits and 4 or nil
  end
  return nil
end

--- True when `text` is well-formed UTF-8 without U+0000.
function msgpack.isText(text)
  if find(text, '\0', 1, true) then
    return false
  end
  local at = find(text, '[\128-\255]')
  while at do
    local length = sequenceLength(text, at)
    if not length then
      return false
    end
    at = find(text, '[\128-\255]', at + length)
  end
  return true
end

-- Writing -----------------------------------------------------------------------------------------------------------------------

local Writer = {}
Writer.__index = Writer

--- A writer of canonical MessagePack: every integer, text and count in its shortest form.
function msgpack.writer()
  return setmetatable({ parts = {}, count = 0 }, Writer)
end

function Writer:raw(part)
  self.count = self.count + 1
  self.parts[self.count] = part
end

--- What was written, as one string.
function Writer:bytes()
  return table.concat(self.parts, '', 1, self.count)
end

local function bigEndian16(value)
  return char(floor(value / 256), value % 256)
end

local function bigEndian32(value)
  return char(floor(value / 16777216), floor(value / 65536) % 256, floor(value / 256) % 256, value % 256)
end

function Writer:integer(value)
  if value < 0x80 then
    self:raw(char(value))
  elseif value <= 0xFF then
    self:raw('\204' .. char(value))
  elseif value <= 0xFFFF then
    self:raw('\205' .. bigEndian16(value))
  elseif value < TWO_32 then
    self:raw('\206' .. bigEndian32(value))
  else
    -- int64: msgpackr, which the daemon uses, writes no uint64 below 2^63.
    self:raw('\211' .. bigEndian32(floor(value / TWO_32)) .. bigEndian32(value % TWO_32))
  end
end

function Writer:boolean(value)
  self:raw(value and '\195' or '\194')
end

function Writer:null()
  self:raw('\192')
end

function Writer:array(count)
  if count < 16 then
    self:raw(char(0x90 + count))
  elseif count <= 0xFFFF then
    self:raw('\220' .. bigEndian16(count))
  else
    self:raw('\221' .. bigEndian32(count))
  end
end

function Writer:map(pairCount)
  self:raw(pairCount < 16 and char(0x80 + pairCount) or '\222' .. bigEndian16(pairCount))
end

-- Size of a text or binary in 1, 2 or 4 bytes, whose first bytes follow one another.
local function sizeHead(first, size)
  if size <= 0xFF then
    return char(first, size)
  elseif size <= 0xFFFF then
    return char(first + 1) .. bigEndian16(size)
  end
  return char(first + 2) .. bigEndian32(size)
end

function Writer:text(value)
  self:raw(#value < 32 and char(0xA0 + #value) or sizeHead(0xD9, #value))
  self:raw(value)
end

function Writer:binary(value)
  self:raw(sizeHead(0xC4, #value))
  self:raw(value)
end

-- Reading -----------------------------------------------------------------------------------------------------------------------

local Reader = {}
Reader.__index = Reader

--- A cursor over foreign bytes. `depth`: arrays and maps that already enclose them (default 0).
function msgpack.reader(bytes, depth)
  if #bytes > limits.maxMessageBytes then
    error('message too large', 0)
  end
  return setmetatable({ bytes = bytes, at = 1, last = #bytes, depth = depth or 0, values = 0 }, Reader)
end

local function wrong(what)
  error(what .. ' is of the wrong type or breaks its limit', 0)
end

function Reader:left()
  return self.last - self.at + 1
end

function Reader:finish()
  if self.at <= self.last then
    error(self:left() .. ' bytes follow the message', 0)
  end
end

function Reader:take(size)
  if size > self:left() then
    error('truncated', 0)
  end
  local start = self.at
  self.at = start + size
  return start
end

function Reader:unsigned(width)
  local start = self:take(width)
  local value = 0
  for i = start, start + width - 1 do
    value = value * 256 + byte(self.bytes, i)
  end
  return value
end

-- Eight bytes may exceed what a number of Lua 5.1 holds exactly, so the halves are checked before they are joined.
function Reader:unsigned64()
  local high, low = self:unsigned(4), self:unsigned(4)
  if high >= 0x200000 then
    error('integer above 2^53 - 1', 0)
  end
  return high * TWO_32 + low
end

function Reader:signed64()
  local high, low = self:unsigned(4), self:unsigned(4)
  if high < 0x80000000 then
    if high >= 0x200000 then
      error('integer above 2^53 - 1', 0)
    end
    return 'integer', high * TWO_32 + low
  end
  -- At least −(2^53 − 1): high words from −0x200000 up, except the one value −2^53.
  if high < 0xFFE00000 or (high == 0xFFE00000 and low == 0) then
    error('integer below -(2^53 - 1)', 0)
  end
  return 'negative'
end

local signBit = { [0xD0] = 0x80, [0xD1] = 0x8000, [0xD2] = 0x80000000 }

local wide = {
  [0xC0] = function() return 'null' end,
  [0xC2] = function() return 'boolean', false end,
  [0xC3] = function() return 'boolean', true end,
  [0xC4] = function(reader) return 'binary', reader:unsigned(1) end,
  [0xC5] = function(reader) return 'binary', reader:unsigned(2) end,
  [0xC6] = function(reader) return 'binary', reader:unsigned(4) end,
  [0xCC] = function(reader) return 'integer', reader:unsigned(1) end,
  [0xCD] = function(reader) return 'integer', reader:unsigned(2) end,
  [0xCE] = function(reader) return 'integer', reader:unsigned(4) end,
  [0xCF] = function(reader) return 'integer', reader:unsigned64() end,
  [0xD3] = function(reader) return reader:signed64() end,
  [0xD9] = function(reader) return 'text', reader:unsigned(1) end,
  [0xDA] = function(reader) return 'text', reader:unsigned(2) end,
  [0xDB] = function(reader) return 'text', reader:unsigned(4) end,
  [0xDC] = function(reader) return 'array', reader:unsigned(2) end,
  [0xDD] = function(reader) return 'array', reader:unsigned(4) end,
  [0xDE] = function(reader) return 'map', reader:unsigned(2) end,
  [0xDF] = function(reader) return 'map', reader:unsigned(4) end,
}
for first, width in pairs({ [0xD0] = 1, [0xD1] = 2, [0xD2] = 4 }) do
  wide[first] = function(reader)
    local value = reader:unsigned(width)
    if value < signBit[first] then
      return 'integer', value
    end
    return 'negative'
  end
end

-- Kind of the next value, and its number: the integer or boolean, bytes of a text or binary, items of an array, pairs of a map.
function Reader:head()
  self.values = self.values + 1
  if self.values > limits.maxValues then
    error('too many values', 0)
  end
  local first = byte(self.bytes, self:take(1))
  if first < 0x80 then
    return 'integer', first
  elseif first < 0x90 then
    return 'map', first - 0x80
  elseif first < 0xA0 then
    return 'array', first - 0x90
  elseif first < 0xC0 then
    return 'text', first - 0xA0
  elseif first >= 0xE0 then
    return 'negative'
  end
  local read = wide[first]
  if not read then
    error('floats and extensions are not used', 0)
  end
  return read(self)
end

function Reader:expect(kind, what)
  local found, number = self:head()
  if found ~= kind then
    wrong(what)
  end
  return number
end

function Reader:enter(values)
  if self.depth >= limits.maxDepth then
    error('nested too deep', 0)
  end
  -- Each value takes at least a byte: a larger count is a lie.
  if values > self:left() then
    error(values .. ' values announced, ' .. self:left() .. ' bytes left', 0)
  end
  self.depth = self.depth + 1
end

function Reader:leave()
  self.depth = self.depth - 1
end

--- Begins a map and returns its number of pairs; leave() ends it.
function Reader:beginMap(what)
  local pairCount = self:expect('map', what)
  self:enter(pairCount * 2)
  return pairCount
end

--- Begins an array and returns its count; leave() ends it.
function Reader:beginArray(maxItems, what)
  local count = self:expect('array', what)
  if count > maxItems then
    wrong(what)
  end
  self:enter(count)
  return count
end

--- Key of a struct: an integer above `previous`, −1 for the first. The order also refuses a tag that comes twice.
function Reader:tag(previous)
  local tag = self:expect('integer', 'a key')
  if tag <= previous then
    error('tag ' .. tag .. ' after ' .. previous .. ': tags must ascend', 0)
  end
  return tag
end

function Reader:boolean(what)
  return self:expect('boolean', what)
end

function Reader:integer(max, what)
  local number = self:expect('integer', what)
  if number > max then
    wrong(what)
  end
  return number
end

function Reader:takeText(size)
  local start = self:take(size)
  local text = sub(self.bytes, start, start + size - 1)
  if not msgpack.isText(text) then
    error('text is not UTF-8 or holds U+0000', 0)
  end
  return text
end

function Reader:text(maxBytes, what)
  local size = self:expect('text', what)
  if size > maxBytes then
    wrong(what)
  end
  return self:takeText(size)
end

function Reader:binary(minBytes, maxBytes, what)
  local size = self:expect('binary', what)
  if size < minBytes or size > maxBytes then
    wrong(what)
  end
  local start = self:take(size)
  return sub(self.bytes, start, start + size - 1)
end

--- True, and taken, when nil comes next.
function Reader:takeNull()
  if byte(self.bytes, self.at) ~= 0xC0 then
    return false
  end
  self:head()
  return true
end

--- Passes over one value of any kind, checking its grammar.
function Reader:skip()
  local kind, number = self:head()
  if kind == 'text' then
    self:takeText(number)
  elseif kind == 'binary' then
    self:take(number)
  elseif kind == 'array' then
    self:enter(number)
    for _ = 1, number do
      self:skip()
    end
    self:leave()
  elseif kind == 'map' then
    self:enter(number * 2)
    local tag = -1
    for _ = 1, number do
      tag = self:tag(tag)
      self:skip()
    end
    self:leave()
  end
end

return msgpack
