-- A game that chats, in plain LuaJIT: a loop at 60 Hz that polls the phone once per frame, and does with it what a player typed meanwhile.
--   luajit samples/chat-lua/main.lua --server ws://127.0.0.1:8080 --id ada --name Ada --peer bob
-- In LÖVE the loop is love.update; see bindings/lua/README.md.
local usage = [[
usage: main.lua [--profile P] [--server URL] [--id ID] [--name NAME] [--peer ID] [--script]
  --profile  which phone of this machine; two games that chat need two    (default)
  --server   signalling server, e.g. ws://127.0.0.1:8080
  --id       id under which others reach this phone
  --name     name that they see
  --peer     whom lines typed here are sent to
  --script   JSON lines on stdout; commands on stdin: send PEER TEXT | who | quit
]]

local here = arg[0]:match('^(.*)/[^/]*$') or '.'
package.path = here .. '/../../bindings/lua/?.lua;' .. here .. '/../../bindings/lua/?/init.lua;' .. package.path
local mosis = require 'mosis'
local ffi = require 'ffi'

local options = {}
do
  local i = 1
  while arg[i] do
    local name = arg[i]:match('^%-%-(%a+)$')
    if name == 'script' then
      options.script = true
    elseif name and ('profile server id name peer'):find(name, 1, true) and arg[i + 1] then
      i = i + 1
      options[name] = arg[i]
    else
      io.stderr:write(arg[i], ' is no option, or lacks its value.\n', usage)
      os.exit(2)
    end
    i = i + 1
  end
end

-- ------------------------------------------------------------------------------------------------------- what a game engine brings
ffi.cdef [[
  struct pollfd { int fd; short events; short revents; };
  int poll(struct pollfd*, unsigned long, int);
  long read(int, void*, size_t);
  struct timespec { long seconds; long nanoseconds; };
  int clock_gettime(int, struct timespec*);
]]

local now = ffi.new('struct timespec')
local function milliseconds(clock)
  ffi.C.clock_gettime(clock, now)
  return tonumber(now.seconds) * 1000 + tonumber(now.nanoseconds) / 1e6
end
local REALTIME, MONOTONIC = 0, 1

local input = ffi.new('struct pollfd[1]', { { fd = 0, events = 1 } })
local bytes = ffi.new('char[4096]')
local pending, ended = '', false

--- Waits for the next frame; returns the lines typed until then.
local function waitForFrame(untilMs)
  local lines = {}
  repeat
    local left = math.max(0, math.ceil(untilMs - milliseconds(MONOTONIC)))
    if ffi.C.poll(input, ended and 0 or 1, left) > 0 then
      local count = tonumber(ffi.C.read(0, bytes, 4096))
      ended = count <= 0
      pending = pending .. ffi.string(bytes, math.max(0, count)) .. (ended and 'quit\n' or '')
    end
  until milliseconds(MONOTONIC) >= untilMs
  pending = pending:gsub('([^\n]*)\n', function(line)
    table.insert(lines, line)
    return ''
  end)
  return lines
end

-- ------------------------------------------------------------------------------------------------------------------------- the log
local function json(value)
  if type(value) ~= 'string' then
    return tostring(value)
  end
  return '"' .. value:gsub('[%c"\\]', function(character)
    return ('\\u%04x'):format(character:byte())
  end) .. '"'
end

--- One event: {"t": Unix time in ms, "event": …, fields}; `fields` is an array of names and values.
local function log(event, fields)
  local parts = {}
  for i = 1, #fields, 2 do
    if fields[i + 1] ~= '' then
      table.insert(parts, json(fields[i]) .. ':' .. json(fields[i + 1]))
    end
  end
  local text = table.concat(parts, ',')
  if options.script then
    print(('{"t":%.3f,"event":"%s"%s%s}'):format(milliseconds(REALTIME), event, #parts > 0 and ',' or '', text))
  else
    print(('%s %-17s %s'):format(os.date('%H:%M:%S'), event, text))
  end
  io.stdout:flush()
end

-- ------------------------------------------------------------------------------------------------------------------------ the chat
local webrtc = mosis.webrtc
local running = true

mosis.options { app = 'chat-lua', profile = options.profile }
webrtc.onStateChanged(function(state)
  log('state', { 'client', state.client, 'line', state.line, 'text', state.text })
end)
webrtc.onMessage(function(from, message)
  log('message.received', { 'peer', from, 'text', message })
end)
webrtc.onError(function(failure)
  log('error', { 'command', failure.operation, 'code', failure.code, 'text', failure.text, 'peer', failure.peer or '' })
end)

local function perform(line)
  local peer, text = line:match('^send (%S+) (.+)$')
  if line == 'quit' then
    running = false
  elseif options.peer and not options.script then
    webrtc.sendMessage(options.peer, line)
  elseif peer then
    webrtc.sendMessage(peer, text)
  elseif line == 'who' then
    for _, other in ipairs(webrtc.getPeers()) do
      log('peer', { 'peer', other.id, 'name', other.name, 'online', other.online })
    end
  else
    log('error', { 'command', line, 'text', 'Commands: send PEER TEXT | who | quit' })
  end
end

if options.server then
  webrtc.connect(options.server)
end
if options.id then
  webrtc.setIdentity(options.id, options.name)
end

local nextFrame = milliseconds(MONOTONIC)
while running do
  mosis.poll()
  nextFrame = nextFrame + 1000 / 60 -- here a game would move and draw
  for _, line in ipairs(waitForFrame(nextFrame)) do
    perform(line)
  end
end
mosis.close()
