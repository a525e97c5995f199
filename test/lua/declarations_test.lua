-- The declarations that the module gives to LuaJIT are those of mosis.h, and lie in memory as the C compiler lays them.
local ffi = require 'ffi'
local declarations = require 'mosis.cdef'
ffi.cdef(declarations)

test('cdef.lua is what its generator makes of the headers', function()
  expect(os.execute(('luajit %s/bindings/lua/generate.lua --check'):format(root)), 0)
end)

--- struct name -> field names
local function structs()
  local found = {}
  for body, name in declarations:gmatch('typedef struct [%w_]+ (%b{}) ([%w_]+);') do
    local fields = {}
    for field in body:gmatch('([%w_]+);') do
      table.insert(fields, field)
    end
    found[name] = fields
  end
  return found
end

--- What the C compiler says: "struct field offset" and "struct (size)".
local function askCompiler(all)
  local path = os.tmpname()
  local source = assert(io.open(path .. '.c', 'w'))
  source:write('#include <mosis/mosis.h>\n#include <stdio.h>\nint main(void) {\n')
  for name, fields in pairs(all) do
    source:write(('  printf("%s (size) %%zu\\n", sizeof(%s));\n'):format(name, name))
    for _, field in ipairs(fields) do
      source:write(('  printf("%s %s %%zu\\n", offsetof(%s, %s));\n'):format(name, field, name, field))
    end
  end
  source:write('  return 0;\n}\n')
  source:close()
  local command = ('cc -std=c99 -Wall -Werror -I%s/bindings/native/include -o %s.out %s.c && %s.out'):format(root, path, path, path)
  local answers = {}
  for line in io.popen(command):lines() do
    table.insert(answers, line)
  end
  os.remove(path)
  os.remove(path .. '.c')
  os.remove(path .. '.out')
  return answers
end

test('every struct has the size and the offsets that the C compiler gives it', function()
  local checked = 0
  for _, line in ipairs(askCompiler(structs())) do
    local name, field, value = line:match('^(%S+) (%S+) (%d+)$')
    local ours = field == '(size)' and ffi.sizeof(name) or ffi.offsetof(name, field)
    expect(ours, tonumber(value), name .. '.' .. field)
    checked = checked + 1
  end
  assert(checked > 100, 'only ' .. checked .. ' answers: does cc work here?')
end)

test('the words are those of the schema', function()
  local words = require 'mosis.words'
  expect(words.errors[-13], 'peerOffline')
  expect(words.errors[-1], 'invalidArgument')
  expect(words.lineStates, { [0] = 'unconfigured', 'offline', 'connecting', 'online' })
  expect(words.messageStates, { [0] = 'accepted', 'delivered', 'failed' })
  for number, word in pairs(words.clientStates) do
    expect(tonumber(ffi.C['MOSIS_CLIENT_' .. word:upper()]), number)
  end
end)
