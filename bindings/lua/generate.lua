-- Writes mosis/cdef.lua from mosis.h and mosis_types.h: their declarations without comments and preprocessor, as LuaJIT reads them.
--   luajit bindings/lua/generate.lua            writes
--   luajit bindings/lua/generate.lua --check    ends with 1 when the file is not what it would write
local folder = arg[0]:match('^(.*)/[^/]*$') or '.'
local headers = folder .. '/../native/include/mosis/'
local target = folder .. '/mosis/cdef.lua'

local function read(path)
  local file = assert(io.open(path, 'rb'))
  local text = file:read('*a')
  file:close()
  return text
end

--- The declarations of a header; #define NAME NUMBER becomes a constant, since LuaJIT has no preprocessor.
local function declarations(text)
  text = text:gsub('/%*.-%*/', ''):gsub('//[^\n]*', ''):gsub('\\\n', ' ')
  local lines, constants, depth = {}, {}, 0
  for line in text:gmatch('[^\n]*') do
    local name, value = line:match('^#define%s+([%u_%d]+)%s+(%d+)$')
    if name then
      table.insert(constants, ('  %s = %s'):format(name, value))
    elseif not line:match('^%s*#') and line:match('%S') and not line:match('^extern "C" {') then
      local _, opened = line:gsub('{', '')
      local _, closed = line:gsub('}', '')
      depth = depth + opened - closed
      -- The brace that closes extern "C" closes nothing that we kept.
      if depth < 0 then
        depth = 0
      else
        table.insert(lines, (line:gsub('^MOSIS_API ', ''):gsub('%s+$', '')))
      end
    end
  end
  if #constants > 0 then
    table.insert(lines, 1, 'enum {\n' .. table.concat(constants, ',\n') .. '\n};')
  end
  return table.concat(lines, '\n')
end

local function generated()
  local types, functions = read(headers .. 'mosis_types.h'), read(headers .. 'mosis.h')
  return '-- Generated from mosis.h and mosis_types.h by bindings/lua/generate.lua; do not edit.\nreturn [[\n'
    .. declarations(types) .. '\n' .. declarations(functions) .. '\n]]\n'
end

local text = generated()
if arg[1] == '--check' then
  local file = io.open(target, 'rb')
  local there = file and file:read('*a')
  if file then
    file:close()
  end
  if there ~= text then
    io.stderr:write(target, ' is not what the headers say: run  luajit bindings/lua/generate.lua\n')
    os.exit(1)
  end
else
  local file = assert(io.open(target, 'wb'))
  file:write(text)
  file:close()
end
