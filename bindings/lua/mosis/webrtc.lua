-- mosis.webrtc: the Lua API of the specification, and the errors that it has no place for. All functions belong to the game's thread;
-- callbacks run inside mosis.poll, or at once inside the call that they are about (onError only).
local session = require 'mosis.session'

local webrtc = {}

local maxWaiting = 1024

local onMessage, onError, onStateChanged
local waiting = {} -- messages that came before onMessage
local connectWanted = false
local state = { client = 'connecting', line = 'unconfigured', text = '' }
local reportedLineError

local function printError(failure)
  local peer = failure.peer and (' (' .. failure.peer .. ')') or ''
  io.stderr:write(('mosis: %s%s: %s [%s]\n'):format(failure.operation, peer, failure.text, failure.code))
end

--- Reports; returns nil and the text, for `return report(...)`.
local function report(operation, code, text, peer)
  local listener = onError or printError
  listener({ code = code, text = text, operation = operation, peer = peer })
  return nil, text
end

local function notSupported(operation, peer)
  return report(operation, 'notSupported', operation .. ' did nothing: calls come with a later version of Mosis Bridge.', peer)
end

--- A text for C: a mistake of the caller's is raised at the caller's line.
local function checkText(value, name, operation)
  if type(value) ~= 'string' or value:find('\0', 1, true) then
    error(('mosis.webrtc.%s: %s must be a string without a zero byte'):format(operation, name), 3)
  end
  return value
end

local function checkFunction(value, operation)
  if value ~= nil and type(value) ~= 'function' then
    error(('mosis.webrtc.%s: a function (or nil to take it off) is needed'):format(operation), 3)
  end
  return value
end

local function request(operation, peer, call)
  session.request(call, function(code, text)
    if code then
      report(operation, code, text, peer)
    end
  end)
end

-- ------------------------------------------------------------------------------------------------------------- the specification

--- Goes online at this server once the identity is known too; again by itself after a lost server. ws:// or wss://
function webrtc.connect(url)
  checkText(url, 'the URL', 'connect')
  connectWanted, reportedLineError = true, nil
  request('connect', nil, function(library, client, id)
    return library.mosis_line_configure(client, url, nil, nil, id)
  end)
end

--- The id under which peers reach this phone, 1–128 bytes, and the name that they see. Before or after connect.
function webrtc.setIdentity(id, name)
  checkText(id, 'the id', 'setIdentity')
  if name ~= nil then
    checkText(name, 'the name', 'setIdentity')
  end
  request('setIdentity', nil, function(library, client, slot)
    return library.mosis_line_configure(client, nil, id, name, slot)
  end)
end

--- Those online as of the last mosis.poll: an array of {id, name, online}. Asks nobody.
function webrtc.getPeers()
  return session.peers()
end

--- 1–65536 bytes of UTF-8 to a peer, who need not be listed. What cannot be delivered comes to onError with `peer`.
function webrtc.sendMessage(peer, message)
  checkText(peer, 'the peer', 'sendMessage')
  if type(message) ~= 'string' then
    error('mosis.webrtc.sendMessage: the message must be a string', 2)
  end
  request('sendMessage', peer, function(library, client, id)
    return library.mosis_message_send(client, peer, message, #message, id)
  end)
end

--- callback(from, message), each message once. While there is none, up to 1024 messages wait for it.
function webrtc.onMessage(callback)
  onMessage = checkFunction(callback, 'onMessage')
end

--- @section Calls come with a later version: each reports notSupported and returns nil and the text.
function webrtc.call(peer)
  return notSupported('call', peer)
end
function webrtc.onIncomingCall()
  return notSupported('onIncomingCall')
end
function webrtc.answerCall(peer)
  return notSupported('answerCall', peer)
end
function webrtc.rejectCall(peer)
  return notSupported('rejectCall', peer)
end

-- ------------------------------------------------------------------------------------------------------------------------- ours

--- Leaves the server; connect goes back.
function webrtc.disconnect()
  if not connectWanted then
    return
  end
  connectWanted = false
  request('disconnect', nil, function(library, client, id)
    return library.mosis_line_close(client, id)
  end)
end

--- The server has registered this phone, as of the last mosis.poll.
function webrtc.isConnected()
  return state.client == 'ready' and state.line == 'online'
end

--- callback{code = 'peerOffline', text = 'one sentence', operation = 'sendMessage', peer = id or nil}. Without one: a line on stderr.
function webrtc.onError(callback)
  onError = checkFunction(callback, 'onError')
end

--- callback{client = 'connecting'|'ready'|'reconnecting'|'failed', line = 'unconfigured'|'offline'|'connecting'|'online', text = …}
--- when one of them changes.
function webrtc.onStateChanged(callback)
  onStateChanged = checkFunction(callback, 'onStateChanged')
end

-- ----------------------------------------------------------------------------------------------------------------------- events

local function changeState(name, value, text)
  if state[name] == value and state.text == text then
    return
  end
  state[name], state.text = value, text
  if onStateChanged then
    onStateChanged({ client = state.client, line = state.line, text = text })
  end
end

session.listen('state', function(change)
  changeState('client', change.state, change.text)
  if change.state == 'failed' then
    report('poll', change.error or 'internal', change.text)
  end
end)

session.listen('line', function(line)
  changeState('line', line.state, line.text)
  -- The line tells of every attempt; people want to hear of a reason once.
  if line.error and line.error ~= reportedLineError then
    report('connect', line.error, line.text)
  end
  if line.error or line.state == 'online' then
    reportedLineError = line.error
  end
end)

session.listen('identity', function(change)
  report('sendMessage', 'identityChanged',
    change.peer .. ' shows another key than before; nothing is exchanged with it. Fingerprint: ' .. change.fingerprint, change.peer)
end)

session.listen('messageChanged', function(change)
  if change.state == 'failed' then
    report('sendMessage', change.error or 'internal', change.text, change.peer)
  end
end)

local function deliver()
  while onMessage and waiting[1] do
    local message = table.remove(waiting, 1)
    onMessage(message.peer, message.text)
  end
end

session.listen('message', function(message)
  table.insert(waiting, message)
  deliver()
  if #waiting > maxWaiting then
    local dropped = table.remove(waiting, 1)
    report('onMessage', 'queueFull', 'A message was dropped: 1024 others wait for mosis.webrtc.onMessage.', dropped.peer)
  end
end)

session.listen('polled', deliver)

session.listen('closed', function()
  connectWanted, reportedLineError, waiting = false, nil, {}
  state = { client = 'connecting', line = 'unconfigured', text = '' }
end)

return webrtc
