-- JSON of the vectors as tables and plain values. Returns a function: text → value.
local escapes = { ['"'] = '"', ['\\'] = '\\', ['/'] = '/', b = '\b', f = '\f', n = '\n', r = '\r', t = '\t' }

local function utf8(point)
  if point < 0x80 then
    return string.char(point)
  end
  local tails = point < 0x800 and 1 or point < 0x10000 and 2 or 3
  local bytes = ''
  for _ = 1, tails do
    bytes = string.char(0x80 + point % 64) .. bytes
    point = math.floor(point / 64)
  end
  return string.char(({ 0xC0, 0xE0, 0xF0 })[tails] + point) .. bytes
end

return function(text)
  local at = 1

  local function wrong()
    error('not JSON at byte ' .. at, 0)
  end

  local function peek()
    at = text:find('[^ \n\r\t]', at) or #text + 1
    return text:sub(at, at)
  end

  local function take(wanted)
    if peek() ~= wanted then
      return false
    end
    at = at + 1
    return true
  end

  local function escaped()
    local kind = text:sub(at + 1, at + 1)
    at = at + 2
    if kind ~= 'u' then
      return escapes[kind] or wrong()
    end
    local point = tonumber(text:sub(at, at + 3), 16) or wrong()
    at = at + 4
    if point >= 0xD800 and point < 0xDC00 then
      point = 0x10000 + (point - 0xD800) * 0x400 + tonumber(text:sub(at + 2, at + 5), 16) - 0xDC00
      at = at + 6
    end
    return utf8(point)
  end

  local function readText()
    local parts = {}
    at = at + 1
    while true do
      local stop = text:find('["\\]', at) or wrong()
      table.insert(parts, text:sub(at, stop - 1))
      at = stop
      if text:sub(at, at) == '"' then
        at = at + 1
        return table.concat(parts)
      end
      table.insert(parts, escaped())
    end
  end

  local readValue

  local function readList()
    local list = {}
    at = at + 1
    if take(']') then
      return list
    end
    repeat
      table.insert(list, readValue())
    until not take(',')
    return take(']') and list or wrong()
  end

  local function readFields()
    local fields = {}
    at = at + 1
    if take('}') then
      return fields
    end
    repeat
      local name = peek() == '"' and readText() or wrong()
      if not take(':') then
        wrong()
      end
      fields[name] = readValue()
    until not take(',')
    return take('}') and fields or wrong()
  end

  function readValue()
    local first = peek()
    if first == '{' then
      return readFields()
    elseif first == '[' then
      return readList()
    elseif first == '"' then
      return readText()
    end
    local word = text:match('^[%w]+', at) or wrong()
    at = at + #word
    if word == 'true' or word == 'false' then
      return word == 'true'
    end
    return tonumber(word) or wrong()
  end

  local value = readValue()
  if peek() ~= '' then
    wrong()
  end
  return value
end
