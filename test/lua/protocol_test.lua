-- The codec of the binding against the vectors of all languages, and against random values and bytes.
-- Runs under any Lua: lua5.4 test/lua/harness.lua test/lua/protocol_test.lua
local codec = require 'mosis.codec'
local msgpack = require 'mosis.msgpack'
local schema = require 'mosis.schema'
local parseJson = require 'protocol_json'

local wire = assert(loadfile(root .. '/test/protocol/generated/wire.lua'))()
codec.register(wire)

local UNKNOWN = 'unknown to this version'

local function read(path)
  local file = assert(io.open(root .. '/' .. path, 'rb'))
  local content = file:read('*a')
  file:close()
  return content
end

local function fromHex(hex)
  return (hex:gsub(' ', ''):gsub('..', function(pair)
    return string.char(tonumber(pair, 16))
  end))
end

local function toHex(bytes)
  return (bytes:gsub('.', function(one)
    return ('%02x'):format(one:byte())
  end))
end

local function invert(table)
  local inverse = {}
  for name, value in pairs(table) do
    inverse[type(value) == 'table' and value.id or value] = name
  end
  return inverse
end
local links, peerMessages = invert(wire.links), invert(wire.peerMessages)
local requests, events = invert(schema.requests), invert(schema.events)

-- Messages ----------------------------------------------------------------------------------------------------------------------

--- Reads the next value, which must be a map, as a struct; raises UNKNOWN where the message has no name.
local function takeStruct(reader, name)
  local before = reader.at
  local kind = reader:head()
  if kind ~= 'map' then
    error('body is not a map', 0)
  end
  reader.at = before
  if not name then
    reader:skip()
    return nil
  end
  return codec.read(reader, name)
end

local function writeHead(writer, values, kind, id)
  writer:array(values)
  writer:integer(kind)
  writer:integer(id)
end

local function need(count, wanted)
  if count < wanted then
    error('message is too short', 0)
  end
end

local function readRequest(reader, writer, count)
  need(count, 6)
  local id = reader:integer(schema.limits.maxInteger, 'request id')
  local method = reader:integer(0xFFFFFFFF, 'method')
  local name = requests[method]
  local params = takeStruct(reader, name and name .. ' params')
  local deadline = reader:integer(0xFFFFFFFF, 'deadline')
  local key = not reader:takeNull() and reader:binary(16, 16, 'key') or nil
  if id == 0 then
    error('request id is 0', 0)
  elseif not name then
    error(UNKNOWN, 0)
  end
  writeHead(writer, 6, 16, id)
  writer:integer(method)
  codec.write(writer, name .. ' params', params)
  writer:integer(deadline)
  if key then
    writer:binary(key)
  else
    writer:null()
  end
  return { form = 'request', requestId = id, name = name, params = params, deadlineMs = deadline, idempotencyKey = key }
end

local function readResponse(reader, writer, count, answers)
  need(count, 4)
  local id = reader:integer(schema.limits.maxInteger, 'request id')
  local number = reader:integer(0xFFFFFFFF, 'code')
  if id == 0 then
    error('request id is 0', 0)
  end
  writeHead(writer, 4, 17, id)
  writer:integer(number)
  if number == 0 then
    local result = takeStruct(reader, answers .. ' result')
    codec.write(writer, answers .. ' result', result)
    return { form = 'response', requestId = id, result = result }
  end
  local code = codec.enumerations.ErrorCode.names[number] or error('unknown code', 0)
  local text = reader:text(schema.limits.maxErrorTextBytes, 'text')
  writer:text(text)
  return { form = 'response', requestId = id, code = code, text = text }
end

local function readEvent(reader, writer, count)
  need(count, 4)
  local sequence = reader:integer(schema.limits.maxInteger, 'sequence')
  local id = reader:integer(0xFFFFFFFF, 'event')
  local name = events[id]
  local fields = takeStruct(reader, name) or error(UNKNOWN, 0)
  writeHead(writer, 4, 18, sequence)
  writer:integer(id)
  codec.write(writer, name, fields)
  return { form = 'event', sequence = sequence, name = name, fields = fields }
end

local function readNamed(reader, writer, count, form, names, kind)
  local name = names[kind] or error(UNKNOWN, 0)
  need(count, 2)
  local value = takeStruct(reader, name)
  writer:array(2)
  writer:integer(kind)
  codec.write(writer, name, value)
  return { form = form, name = name, value = value }
end

--- The message in the form of the vectors (binaries as bytes) and its canonical bytes, or nil and why not.
local function decode(vector, bytes)
  local writer = msgpack.writer()
  local ok, message = pcall(function()
    local check = msgpack.reader(bytes)
    check:skip()
    check:finish()
    local reader = msgpack.reader(bytes)
    local count = reader:beginArray(#bytes, 'message')
    need(count, 1)
    local kind = reader:integer(0xFFFFFFFF, 'kind')
    if vector.wire == 'peer' then
      return readNamed(reader, writer, count, 'peer', peerMessages, kind)
    elseif kind == 16 then
      return readRequest(reader, writer, count)
    elseif kind == 17 then
      return readResponse(reader, writer, count, vector.answers or 'message.send')
    elseif kind == 18 then
      return readEvent(reader, writer, count)
    end
    return readNamed(reader, writer, count, 'link', links, kind)
  end)
  if not ok then
    return nil, message
  end
  return message, writer:bytes()
end

-- Vectors -----------------------------------------------------------------------------------------------------------------------

local vectors = {}
for _, name in ipairs({ 'link', 'requests', 'responses', 'events', 'peer' }) do
  for _, vector in ipairs(parseJson(read('proto/generated/vectors/' .. name .. '.json'))) do
    table.insert(vectors, vector)
  end
end
for _, vector in ipairs(parseJson(read('proto/vectors/handwritten.json')).vectors) do
  table.insert(vectors, vector)
end
for _, vector in ipairs(vectors) do
  vector.bytes = fromHex(vector.hex)
  vector.canonicalBytes = fromHex(vector.canonical or vector.hex)
end

--- The message of a vector with its binaries as bytes, as codec.lua has them: by the schema, because in JSON they are texts.
local binaryFields = { sessionKey = true, idempotencyKey = true, uuid = true, uuids = true, publicKey = true, signature = true }
local function withBytes(value, isBinary)
  if type(value) == 'table' then
    local copy = {}
    for name, one in pairs(value) do
      copy[name] = withBytes(one, isBinary or binaryFields[name])
    end
    return copy
  end
  return isBinary and fromHex(value) or value
end

test('every good vector means what it says and is written back byte for byte', function()
  local count = 0
  for _, vector in ipairs(vectors) do
    if vector.message then
      local message, again = decode(vector, vector.bytes)
      if not message then
        error(vector.name .. ': ' .. again)
      end
      expect(message, withBytes(vector.message), vector.name)
      expect(toHex(again), toHex(vector.canonicalBytes), vector.name)
      count = count + 1
    end
  end
  assert(count > 300, count)
end)

test('every bad vector is refused', function()
  local count = 0
  for _, vector in ipairs(vectors) do
    if vector.refused then
      local message, why = decode(vector, vector.bytes)
      local ignored = vector.refused == 'notSupported' or vector.refused == 'unknownMethod'
      expect(message, nil, vector.name)
      expect(why == UNKNOWN, ignored, vector.name .. ': ' .. why)
      count = count + 1
    end
  end
  assert(count > 300, count)
end)

test('a good vector that is cut anywhere is refused', function()
  for _, vector in ipairs(vectors) do
    if vector.message then
      for size = 0, #vector.bytes - 1 do
        if decode(vector, vector.bytes:sub(1, size)) then
          error(vector.name .. ' cut to ' .. size)
        end
      end
    end
  end
end)

-- Random ------------------------------------------------------------------------------------------------------------------------

local function mutated(bytes)
  for _ = 1, math.random(3) do
    local place = math.random(0, #bytes)
    local one = string.char(math.random(0, 255))
    local what = math.random(3)
    local rest = bytes:sub(place + (what == 1 and 1 or 2))
    bytes = bytes:sub(1, place) .. (what == 3 and '' or one) .. rest
  end
  return bytes
end

test('any bytes are refused with a text, or come back from their canonical form', function()
  math.randomseed(20261124)
  local accepted = 0
  for _ = 1, 20000 do
    local vector = vectors[math.random(#vectors)]
    local bytes = mutated(vector.bytes)
    local message, again = decode(vector, bytes)
    if message then
      accepted = accepted + 1
      local second, third = decode(vector, again)
      expect(second, message, toHex(bytes))
      expect(toHex(third), toHex(again), toHex(bytes))
    else
      -- An error of Lua itself would carry a place in the source.
      assert(not again:find('%.lua'), again)
    end
  end
  assert(accepted > 500, accepted)
end)

local characters = { 'a', 'é', '€', '😀', '\127' }
local anyStruct

local function anyValue(field)
  if field.kind == 'bool' then
    return math.random(2) == 1
  elseif field.kind == 'integer' then
    return math.floor(math.random() * (math.random(2) == 1 and field.max or 300))
  elseif field.kind == 'str' then
    local parts = {}
    for i = 1, math.random(0, 8) do
      parts[i] = characters[math.random(#characters)]
    end
    return table.concat(parts)
  elseif field.kind == 'bin' then
    return string.char(math.random(0, 255)):rep(math.random(field.min, field.max))
  elseif field.kind == 'enum' then
    local names = {}
    for name in pairs(codec.enumerations[field.of].numbers) do
      table.insert(names, name)
    end
    return names[math.random(#names)]
  elseif field.kind == 'list' then
    local list = {}
    for i = 1, math.random(0, math.min(field.max, 20)) do
      list[i] = anyValue(field.item)
    end
    return list
  end
  return anyStruct(field.of)
end

function anyStruct(name)
  local value = {}
  for _, field in ipairs(codec.structs[name].fields) do
    if not field.optional or math.random(2) == 1 then
      value[field.name] = anyValue(field)
    end
  end
  return value
end

test('any value comes back as it was', function()
  math.randomseed(7)
  for name in pairs(codec.structs) do
    for _ = 1, 100 do
      local value = anyStruct(name)
      local bytes = assert(codec.encode(name, value))
      local again = assert(codec.decode(name, bytes))
      expect(again, value, name)
      -- Large numbers that differ may print the same.
      expect(toHex(assert(codec.encode(name, again))), toHex(bytes), name)
    end
  end
end)

-- Limits ------------------------------------------------------------------------------------------------------------------------

test('a text of the longest size comes back, one byte more is refused on both sides', function()
  for _, character in ipairs({ 'a', 'é', '€', '😀' }) do
    local text = character:rep(math.floor(65536 / #character))
    text = text .. ('b'):rep(65536 - #text)
    local bytes = assert(codec.encode('message.send params', { peerId = 'bob', text = text }))
    expect(#assert(codec.decode('message.send params', bytes)).text, 65536)
    local longer, why = codec.encode('message.send params', { peerId = 'bob', text = text .. 'b' })
    expect(longer, nil)
    expect(why, 'message.send params.text has 65537 bytes, at most 65536 are allowed')
    local writer = msgpack.writer()
    writer:map(2)
    writer:integer(1)
    writer:text('bob')
    writer:integer(2)
    writer:text(text .. 'b')
    expect(codec.decode('message.send params', writer:bytes()), nil)
  end
end)

test('values that break the schema are named', function()
  for _, case in ipairs({
    { { text = 'x' }, 'message.send params misses peerId' },
    { { peerId = 7, text = 'x' }, 'message.send params.peerId is not a string' },
    { { peerId = 'bob', text = '\255' }, 'message.send params.text is not UTF-8 or holds U+0000' },
    { { peerId = 'bob', text = 'a\0' }, 'message.send params.text is not UTF-8 or holds U+0000' },
    { 'bob', 'message.send params is not a table' },
  }) do
    local bytes, why = codec.encode('message.send params', case[1])
    expect(bytes, nil)
    expect(why, case[2])
  end
  for _, number in ipairs({ -1, 1.5, 2 ^ 53, 0 / 0, 1 / 0 }) do
    expect(codec.encode('message.send result', { messageId = number }), nil)
  end
end)

test('messages with too many bytes or values are refused', function()
  local function nils(count)
    return '\221\0' .. string.char(math.floor(count / 65536), math.floor(count / 256) % 256, count % 256) .. ('\192'):rep(count)
  end
  local function accepts(bytes)
    return (pcall(function()
      local reader = msgpack.reader(bytes)
      reader:skip()
      reader:finish()
    end))
  end
  expect(accepts(nils(schema.limits.maxValues - 1)), true)
  expect(accepts(nils(schema.limits.maxValues)), false)
  expect(accepts(('\192'):rep(schema.limits.maxMessageBytes + 1)), false)
end)
