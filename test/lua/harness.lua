-- Runs one test file: `luajit harness.lua FILE [WORD…]`. Gives it test, skip, expect and the paths; prints a line for each test.
local file = arg[1]
local folder = file:match('^(.*)/[^/]*$') or '.'
root = folder .. '/../..'
package.path = root .. '/bindings/lua/?.lua;' .. root .. '/bindings/lua/?/init.lua;' .. folder .. '/?.lua;' .. package.path

--- Where the native build put libmosis and the programs of test/cpp and samples; scripts/suites/lua.ts names it.
buildFolder = os.getenv('MOSIS_LIBRARY_FOLDER') or root .. '/bindings/native/build/dev'

local words = { select(2, (table.unpack or unpack)(arg)) }

local function wanted(name)
  if #words == 0 then
    return true
  end
  for _, word in ipairs(words) do
    if (file .. ' ' .. name):find(word, 1, true) then
      return true
    end
  end
  return false
end

local function oneLine(text)
  return (tostring(text):gsub('%s*\n%s*', ' | '))
end

--- A test: its name is the rule that it checks.
function test(name, body)
  if not wanted(name) then
    return
  end
  local passed, message = xpcall(body, debug.traceback)
  print(passed and '## passed ' .. name or '## failed ' .. name .. ': ' .. oneLine(message))
  io.stdout:flush()
end

function skip(name, why)
  if wanted(name) then
    print('## skipped ' .. name .. ': ' .. why)
  end
end

local function show(value)
  if type(value) ~= 'table' then
    return type(value) == 'string' and ('%q'):format(value) or tostring(value)
  end
  local keys, parts = {}, {}
  for key in pairs(value) do
    table.insert(keys, key)
  end
  table.sort(keys, function(a, b)
    return tostring(a) < tostring(b)
  end)
  for _, key in ipairs(keys) do
    table.insert(parts, tostring(key) .. '=' .. show(value[key]))
  end
  return '{' .. table.concat(parts, ', ') .. '}'
end

--- Fails the test unless both are the same, tables by content.
function expect(actual, expected, what)
  if show(actual) ~= show(expected) then
    error(('%s: expected %s, got %s'):format(what or 'values differ', show(expected), show(actual)), 2)
  end
end

assert(loadfile(file))()
print('## end')
