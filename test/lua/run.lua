-- Runs every *_test.lua beside it, each in a process of its own, and prints one JSON line at the end (scripts/suites/jsonLine.ts).
--   luajit test/lua/run.lua [WORD…]      only tests whose file or name contains one of the words
local folder = arg[0]:match('^(.*)/[^/]*$') or '.'

local function quote(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

local words = {}
for _, word in ipairs(arg) do
  table.insert(words, quote(word))
end

local files = {}
for file in io.popen('ls ' .. quote(folder)):lines() do
  if file:match('_test%.lua$') then
    table.insert(files, file)
  end
end

local total = { passed = 0, failed = 0, skipped = 0 }
local failures = {}
for _, file in ipairs(files) do
  local command = ('luajit %s %s %s 2>&1'):format(quote(folder .. '/harness.lua'), quote(folder .. '/' .. file), table.concat(words, ' '))
  local ended = false
  for line in io.popen(command):lines() do
    local what, rest = line:match('^## (%a+) (.*)$')
    if total[what] then
      total[what] = total[what] + 1
      print(('%s %s'):format(what, rest))
      if what == 'failed' then
        table.insert(failures, file .. ': ' .. rest)
      end
    elseif line == '## end' then
      ended = true
    else
      print(line)
    end
  end
  if not ended then
    total.failed = total.failed + 1
    table.insert(failures, file .. ': its process ended before its tests did')
  end
end

local function json(text)
  return '"' .. text:gsub('[%c"\\]', function(character)
    return ('\\u%04x'):format(character:byte())
  end) .. '"'
end
for i, failure in ipairs(failures) do
  failures[i] = json(failure)
end
print(('{"passed":%d,"failed":%d,"skipped":%d,"failures":[%s]}'):format(total.passed, total.failed, total.skipped,
  table.concat(failures, ',')))
os.exit(total.failed == 0 and 0 or 1)
