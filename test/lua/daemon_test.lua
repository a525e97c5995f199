-- mosis.webrtc with the real library, daemon and signalling server; the other game is samples/chat-cpp.
local place = require 'place'
local missing = place.missing()
local names = {
  chat = 'a Lua game and a C++ game see each other and chat both ways',
  restart = 'a Lua game that starts again gets only what it has not taken',
  wrong = 'a wrong server is reported with what to check, and a right one helps',
  sample = 'samples/chat-lua chats with samples/chat-cpp',
}
if missing then
  for _, name in pairs(names) do
    skip(name, missing)
  end
  return
end

local ffi = require 'ffi'
local mosis = require 'mosis'
local webrtc = mosis.webrtc
ffi.cdef 'int usleep(unsigned);'

local function frame()
  mosis.poll()
  ffi.C.usleep(10000)
end

--- Runs a test in a place with a server; `messages` and `errors` collect what comes.
local function withServer(name, body)
  test(name, function()
    place.make()
    local server = place.server()
    local messages, errors = {}, {}
    webrtc.onMessage(function(from, message)
      table.insert(messages, from .. ': ' .. message)
    end)
    webrtc.onError(function(failure)
      table.insert(errors, failure)
    end)
    local done, failure = xpcall(function()
      body(server, messages, errors)
    end, function(text)
      local said = {}
      for _, e in ipairs(errors) do
        table.insert(said, e.operation .. ' ' .. e.code .. ' ' .. e.text)
      end
      return debug.traceback(text) .. '\nerrors: ' .. table.concat(said, '; ') .. '\n' .. place.logOf('lua') .. place.logOf('cpp')
    end)
    mosis.close()
    server.stop()
    place.leave()
    if not done then
      error(failure, 0)
    end
  end)
end

local function chatCpp(server)
  return place.program('cpp', ('%s/chat-cpp --script --profile cpp --server %s --id phone-cpp --name Cpp'):format(buildFolder, server.url))
end

local function startLua(server)
  mosis.options { app = 'lua-test', profile = 'lua' }
  webrtc.connect(server.url)
  webrtc.setIdentity('phone-lua', 'Lua ☎')
end

local function seesCpp()
  local peer = webrtc.getPeers()[1]
  return peer and peer.id == 'phone-cpp'
end

withServer(names.chat, function(server, messages, errors)
  local cpp = chatCpp(server)
  startLua(server)
  place.waitFor('the peer', seesCpp, frame)
  expect(webrtc.getPeers(), { { id = 'phone-cpp', name = 'Cpp', online = true } })
  expect(webrtc.isConnected(), true)
  webrtc.sendMessage('phone-cpp', 'Hello from Lua ☎')
  place.waitFor('the text in C++', function()
    return cpp.text():find('"event":"message.received","peer":"phone-lua","text":"Hello from Lua ☎"', 1, true)
  end, frame)
  cpp.write('send phone-lua Hello from C++')
  place.waitFor('the text in Lua', function()
    return messages[1]
  end, frame)
  cpp.stop()
  expect(messages, { 'phone-cpp: Hello from C++' })
  expect(errors, {})
end)

withServer(names.restart, function(server, messages, errors)
  local cpp = chatCpp(server)
  startLua(server)
  place.waitFor('the peer', seesCpp, frame)
  cpp.write('send phone-lua before')
  place.waitFor('the first text', function()
    return messages[1]
  end, frame)
  mosis.close()
  startLua(server)
  place.waitFor('the peer again', seesCpp, frame)
  cpp.write('send phone-lua after')
  place.waitFor('the second text', function()
    return messages[2]
  end, frame)
  cpp.stop()
  expect(messages, { 'phone-cpp: before', 'phone-cpp: after' })
  expect(errors, {})
end)

withServer(names.wrong, function(server, _, errors)
  startLua({ url = 'ws://127.0.0.1:1' })
  place.waitFor('the error', function()
    return errors[1]
  end, frame)
  expect({ errors[1].code, errors[1].operation }, { 'serverUnreachable', 'connect' })
  assert(errors[1].text:find('127.0.0.1:1', 1, true), errors[1].text)
  expect(webrtc.isConnected(), false)
  webrtc.connect(server.url)
  place.waitFor('the line', webrtc.isConnected, frame)
end)

withServer(names.sample, function(server)
  local cpp = chatCpp(server)
  local lua = place.program('lua', ('luajit %s/samples/chat-lua/main.lua --script --profile lua --server %s --id phone-lua --name Lua')
    :format(root, server.url))
  local function sleep()
    ffi.C.usleep(20000)
  end
  place.waitFor('the peer', function()
    return cpp.text():find('"event":"peer.changed","peer":"phone-lua","name":"Lua","online":true', 1, true)
  end, sleep)
  cpp.write('send phone-lua one')
  place.waitFor('the text in Lua', function()
    return lua.text():find('"event":"message.received","peer":"phone-cpp","text":"one"', 1, true)
  end, sleep)
  lua.write('send phone-cpp two')
  place.waitFor('the text in C++', function()
    return cpp.text():find('"event":"message.received","peer":"phone-lua","text":"two"', 1, true)
  end, sleep)
  lua.stop()
  cpp.stop()
end)
