-- A place of its own on this machine for tests with the real daemon: folders, a signalling server, programs that are talked to by pipes.
local ffi = require 'ffi'

ffi.cdef [[
  int setenv(const char*, const char*, int);
  int kill(int, int);
]]

local place = {}
local SIGTERM, SIGKILL = 15, 9
local running = {} -- programs

local function read(path)
  local file = io.open(path, 'rb')
  if not file then
    return ''
  end
  local text = file:read('*a') or ''
  file:close()
  return text
end

local function output(command)
  local pipe = io.popen(command)
  local text = pipe:read('*a')
  pipe:close()
  return (text:gsub('%s+$', ''))
end

local function monotonicMs()
  return tonumber((read('/proc/uptime'):match('^(%S+)'))) * 1000
end

--- What this tree lacks to run the daemon, or nil.
function place.missing()
  for _, path in ipairs { 'node_modules/node/bin/node', 'daemon/bin/mosisd', 'daemon/main.ts', 'server/signalling/main.ts' } do
    if read(root .. '/' .. path) == '' then
      return path .. ' is not in this tree'
    end
  end
  if read(buildFolder .. '/libmosis.so') == '' then
    return 'no libmosis.so in ' .. buildFolder
  end
end

--- Fresh folders in the environment of this process and its children.
function place.make()
  place.folder = output('mktemp -d /tmp/lua-test-XXXXXX')
  place.root = output('cd ' .. root .. ' && pwd')
  for name, value in pairs {
    MOSIS_RUNTIME_DIR = place.folder .. '/run',
    MOSIS_DATA_DIR = place.folder .. '/data',
    MOSIS_DAEMON = place.root .. '/daemon/bin/mosisd',
    MOSIS_LIBRARY = buildFolder .. '/libmosis.so',
    MOSIS_PROFILE = '',
  } do
    ffi.C.setenv(name, value, 1)
  end
end

local function isOurs(pid)
  return read('/proc/' .. pid .. '/environ'):find(place.folder, 1, true) ~= nil
end

--- Process of a profile's daemon, or nil.
function place.daemonOf(profile)
  local pid = read(place.folder .. '/run/' .. profile .. '/v1/endpoint.json'):match('"pid":%s*(%d+)')
  -- A killed daemon leaves its file behind, and its number may be somebody else's by now.
  return pid and isOurs(pid) and tonumber(pid) or nil
end

function place.kill(pid)
  ffi.C.kill(pid, SIGKILL)
end

function place.logOf(profile)
  local logs = place.folder .. '/data/' .. profile .. '/logs/'
  return read(logs .. 'mosisd.log') .. read(logs .. 'mosisd.stderr')
end

--- Calls `step` (which waits a little by itself) until `condition` holds; an error after `limitMs`.
function place.waitFor(what, condition, step, limitMs)
  local limit = monotonicMs() + (limitMs or 20000)
  while not condition() do
    if monotonicMs() > limit then
      error('waited in vain for ' .. what, 2)
    end
    step()
  end
end

--- A signalling server of this tree on a free port: {url, stop()}.
function place.server()
  local pipe = io.popen(('echo $$; exec "%s/node_modules/node/bin/node" "%s/server/signalling/main.ts" --port 0 --json 2>&1')
    :format(place.root, place.root))
  local pid = tonumber(pipe:read('*l'))
  local port = (pipe:read('*l') or ''):match('"port":(%d+)')
  assert(port, 'no signalling server')
  return { url = 'ws://127.0.0.1:' .. port, stop = function()
    ffi.C.kill(pid, SIGTERM)
    pipe:close()
  end }
end

--- A program whose lines end in a file, and that reads what `write` says: {text(), write(line), stop()}.
function place.program(name, command)
  local fifo, log = place.folder .. '/' .. name .. '.in', place.folder .. '/' .. name .. '.out'
  os.execute('mkfifo ' .. fifo)
  local pipe = io.popen(('(%s) < %s > %s 2>&1'):format(command, fifo, log), 'r')
  local input = assert(io.open(fifo, 'w'))
  local program = {}
  function program.text()
    return read(log)
  end
  function program.write(line)
    input:write(line, '\n')
    input:flush()
  end
  function program.stop()
    running[program] = nil
    input:write('quit\n') -- its end of input need not come: other children may have inherited this end of the pipe
    input:close()
    pipe:close()
  end
  running[program] = true
  return program
end

--- Stops the programs and daemons in the place and removes it.
function place.leave()
  for program in pairs(running) do
    program.stop() -- a failed test did not
  end
  for profile in io.popen('ls ' .. place.folder .. '/run 2>/dev/null'):lines() do
    local pid = place.daemonOf(profile)
    if pid then
      ffi.C.kill(pid, SIGTERM)
      pcall(place.waitFor, 'the end of a daemon', function()
        return not isOurs(pid)
      end, function()
        os.execute('sleep 0.05')
      end, 5000)
      if isOurs(pid) then
        ffi.C.kill(pid, SIGKILL)
      end
    end
  end
  os.execute('rm -rf ' .. place.folder)
end

return place
