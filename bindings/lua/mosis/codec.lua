-- Structs of the schema ⇄ MessagePack maps. Tables have the field names of proto/generated/protocol.md; enumerations are their names;
-- integers are numbers; binaries and texts are strings; what was left out is nil.

local msgpack = require('mosis.msgpack')
local schema = require('mosis.schema')

local floor = math.floor
local codec = {}

local function wrong(path, text)
  error(path .. ' ' .. text, 0)
end

local function checkText(value, path)
  if type(value) ~= 'string' then
    wrong(path, 'is not a string')
  end
end

local writeStruct, readStruct

local writers = {
  bool = function(writer, value, _, path)
    if type(value) ~= 'boolean' then
      wrong(path, 'is not a boolean')
    end
    writer:boolean(value)
  end,
  integer = function(writer, value, field, path)
    if type(value) ~= 'number' or value ~= floor(value) or value < 0 or value > field.max then
      wrong(path, 'is not an integer within 0 and ' .. field.max)
    end
    writer:integer(value)
  end,
  str = function(writer, value, field, path)
    checkText(value, path)
    if #value > field.max then
      wrong(path, 'has ' .. #value .. ' bytes, at most ' .. field.max .. ' are allowed')
    end
    if not msgpack.isText(value) then
      wrong(path, 'is not UTF-8 or holds U+0000')
    end
    writer:text(value)
  end,
  bin = function(writer, value, field, path)
    checkText(value, path)
    if #value < field.min or #value > field.max then
      wrong(path, 'has ' .. #value .. ' bytes, ' .. field.min .. ' to ' .. field.max .. ' are allowed')
    end
    writer:binary(value)
  end,
  enum = function(writer, value, field, path)
    local number = codec.enumerations[field.of].numbers[value]
    if not number then
      wrong(path, 'is not a ' .. field.of)
    end
    writer:integer(number)
  end,
  struct = function(writer, value, field, path)
    writeStruct(writer, value, field.of, path)
  end,
}

local readers = {
  bool = function(reader, _, path)
    return reader:boolean(path)
  end,
  integer = function(reader, field, path)
    return reader:integer(field.max, path)
  end,
  str = function(reader, field, path)
    return reader:text(field.max, path)
  end,
  bin = function(reader, field, path)
    return reader:binary(field.min, field.max, path)
  end,
  enum = function(reader, field, path)
    local name = codec.enumerations[field.of].names[reader:integer(0xFFFFFFFF, path)]
    if not name then
      wrong(path, 'is not a ' .. field.of)
    end
    return name
  end,
  struct = function(reader, field)
    return readStruct(reader, field.of)
  end,
}

function writers.list(writer, value, field, path)
  if type(value) ~= 'table' then
    wrong(path, 'is not a table')
  end
  if #value > field.max then
    wrong(path, 'has ' .. #value .. ' items, at most ' .. field.max .. ' are allowed')
  end
  writer:array(#value)
  local write = writers[field.item.kind]
  for i = 1, #value do
    write(writer, value[i], field.item, path .. '[]')
  end
end

function readers.list(reader, field, path)
  local list = {}
  local read = readers[field.item.kind]
  for i = 1, reader:beginArray(field.max, path) do
    list[i] = read(reader, field.item, path .. '[]')
  end
  reader:leave()
  return list
end

--- Enumeration name → { names = number → name, numbers = name → number }.
codec.enumerations = {}
--- Struct name → { fields in ascending order of tags, byTag = tag → field }.
codec.structs = {}

--- Takes further structs and enumerations in the form of schema.lua.
function codec.register(more)
  for name, numbers in pairs(more.enumerations) do
    local names = {}
    for value, number in pairs(numbers) do
      names[number] = value
    end
    codec.enumerations[name] = { names = names, numbers = numbers }
  end
  for name, fields in pairs(more.structs) do
    local byTag = {}
    for _, field in ipairs(fields) do
      byTag[field.tag] = field
    end
    codec.structs[name] = { fields = fields, byTag = byTag }
  end
end
codec.register(schema)

function writeStruct(writer, value, name, path)
  if type(value) ~= 'table' then
    wrong(path, 'is not a table')
  end
  local fields = codec.structs[name].fields
  local count = 0
  for _, field in ipairs(fields) do
    if value[field.name] ~= nil then
      count = count + 1
    elseif not field.optional then
      wrong(path, 'misses ' .. field.name)
    end
  end
  writer:map(count)
  for _, field in ipairs(fields) do
    local one = value[field.name]
    if one ~= nil then
      writer:integer(field.tag)
      writers[field.kind](writer, one, field, path .. '.' .. field.name)
    end
  end
end

function readStruct(reader, name)
  local struct = codec.structs[name]
  local value = {}
  local tag = -1
  for _ = 1, reader:beginMap(name) do
    tag = reader:tag(tag)
    local field = struct.byTag[tag]
    if field then
      value[field.name] = readers[field.kind](reader, field, name .. '.' .. field.name)
    else
      reader:skip()
    end
  end
  reader:leave()
  for _, field in ipairs(struct.fields) do
    if value[field.name] == nil and not field.optional then
      wrong(name, 'misses ' .. field.name)
    end
  end
  return value
end

--- Appends a struct to a writer; raises an error with a text when the value breaks the schema.
codec.write = function(writer, name, value)
  writeStruct(writer, value, name, name)
end

--- Reads the next value of a reader as a struct; raises an error with a text when it is not one.
codec.read = readStruct

--- The MessagePack map of a struct, e.g. encode("message.send params", { peerId = "bob", text = "Hi" }).
-- Returns nil and a text when the value breaks the schema.
function codec.encode(name, value)
  local writer = msgpack.writer()
  local ok, problem = pcall(writeStruct, writer, value, name, name)
  if not ok then
    return nil, problem
  end
  return writer:bytes()
end

--- The struct in a MessagePack map, e.g. decode("message.received", payload). Returns nil and a text when it is not one.
function codec.decode(name, bytes)
  local ok, value = pcall(function()
    -- A payload comes out of the array around it.
    local reader = msgpack.reader(bytes, 1)
    local read = readStruct(reader, name)
    reader:finish()
    return read
  end)
  if not ok then
    return nil, value
  end
  return value
end

return codec
