-- One client of libmosis: made at first use, polled by the game. Turns C events into calls of Lua functions by name; knows nothing of
-- the API that games see.
local ffi = require 'ffi'
local load = require 'mosis.library'
local words = require 'mosis.words'

local session = {}

local library, client
local polling = false
local settings = { app = 'lua-game' }
local listeners = {} -- event name -> function
local requests = {} -- request id -> function(result code, text)
local eventSlot = ffi.new('const mosis_event*[1]')
local requestSlot = ffi.new('uint64_t[1]')
local peersSlot, countSlot = ffi.new('const mosis_peer_info*[1]'), ffi.new('uint32_t[1]')

local function text(value)
  return value.data ~= nil and ffi.string(value.data, value.size) or ''
end

local function line(info)
  return {
    state = words.lineStates[info.state] or 'unknown',
    server = text(info.server),
    phoneId = text(info.phone_id),
    displayName = text(info.display_name),
    error = info.has_error and words.errors[info.error] or nil,
    text = text(info.text),
  }
end

--- What each event is for Lua. Everything is copied out before a listener runs, so that it may close the client.
local readers = {
  MOSIS_EVENT_CLIENT_STATE = { 'mosis_client_state_event', 'state', function(data)
    return { state = words.clientStates[tonumber(data.state)] or 'unknown', error = words.errors[data.error], text = text(data.text) }
  end },
  MOSIS_EVENT_SNAPSHOT = { 'mosis_snapshot', 'line', function(data)
    return line(data.line)
  end },
  MOSIS_EVENT_LINE_CHANGED = { 'mosis_line_changed', 'line', function(data)
    return line(data.line)
  end },
  MOSIS_EVENT_PEER_IDENTITY_CHANGED = { 'mosis_peer_identity_changed', 'identity', function(data)
    return { peer = text(data.peer_id), fingerprint = text(data.fingerprint) }
  end },
  MOSIS_EVENT_MESSAGE_RECEIVED = { 'mosis_message_received', 'message', function(data)
    return { peer = text(data.peer_id), text = text(data.text) }
  end },
  MOSIS_EVENT_MESSAGE_CHANGED = { 'mosis_message_changed', 'messageChanged', function(data)
    return {
      id = tonumber(data.message_id),
      peer = text(data.peer_id),
      state = words.messageStates[data.state] or 'unknown',
      error = words.errors[data.reason],
      text = text(data.text),
    }
  end },
}
local readerOfType = {}

local function open()
  library = library or load(settings.library)
  for name, reader in pairs(readers) do
    readerOfType[tonumber(library[name])] = { ffi.typeof('const ' .. reader[1] .. '*'), reader[2], reader[3] }
  end
  local options = ffi.new('mosis_client_options')
  library.mosis_client_options_init(options)
  options.app = settings.app
  options.app_version = settings.appVersion
  options.engine = settings.engine or (rawget(_G, 'love') and ('LÖVE %d.%d'):format(love.getVersion())) or jit.version
  options.profile = settings.profile
  options.daemon_path = settings.daemon
  options.do_not_start_daemon = settings.startDaemon == false and 1 or 0
  local made = ffi.new('mosis_client*[1]')
  local result = library.mosis_client_create(options, made)
  if result ~= library.MOSIS_OK then
    error('mosis: ' .. ffi.string(library.mosis_result_text(result)) .. ' Compare with mosis.options.', 0)
  end
  client = ffi.gc(made[0], library.mosis_client_destroy)
end

--- Sets options before the first use; afterwards it is a mistake of the caller.
function session.options(values, level)
  if client then
    error('mosis.options: the phone is already in use; call it first, or after mosis.close', level + 1)
  end
  for name, value in pairs(values) do
    settings[name] = value
  end
end

--- `name`: state, line, identity, message, messageChanged; polled (after each poll), closed.
function session.listen(name, listener)
  listeners[name] = listener
end

--- Makes a request: call(library, client, request id slot). `done(code, text)` runs once; code nil = it worked.
function session.request(call, done)
  if not client then
    open()
  end
  local result = call(library, client, requestSlot)
  if result == library.MOSIS_OK then
    requests[tonumber(requestSlot[0])] = done
  elseif result == library.MOSIS_ERR_SHUTTING_DOWN then
    done('shuttingDown', 'The phone has failed; another error says why. It is tried anew after mosis.close.')
  else
    done(words.errors[result] or 'internal', ffi.string(library.mosis_result_text(result)))
  end
end

local function answer(event)
  local id = tonumber(event.request_id)
  local done = requests[id]
  requests[id] = nil
  if not done then
    return
  end
  if event.result < 0 then
    done(words.errors[event.result] or 'internal', text(event.text))
  else
    done(nil, '')
  end
end

local function notify(name, value)
  if listeners[name] then
    listeners[name](value)
  end
end

local function dispatch(event)
  if event.type == library.MOSIS_EVENT_RESPONSE then
    return answer(event)
  end
  local reader = readerOfType[event.type]
  if reader then
    notify(reader[2], reader[3](ffi.cast(reader[1], event.data)))
  end
end

local function drain()
  local handled = 0
  while client and library.mosis_client_poll(client, eventSlot) == 1 do
    handled = handled + 1
    dispatch(eventSlot[0])
  end
  notify('polled')
  return handled
end

local function withTraceback(failure)
  return type(failure) == 'string' and debug.traceback(failure, 2) or failure
end

--- Handles everything that waits and returns how many events that were; 0 when called from a callback. What a callback raises comes out.
function session.poll()
  if polling then
    return 0
  end
  polling = true
  local done, result = xpcall(drain, withTraceback)
  polling = false
  if not done then
    error(result, 0)
  end
  return result
end

function session.peers()
  local peers = {}
  if not client or library.mosis_client_peers(client, peersSlot, countSlot) ~= library.MOSIS_OK then
    return peers
  end
  for i = 0, countSlot[0] - 1 do
    local info = peersSlot[0][i]
    peers[i + 1] = { id = text(info.peer_id), name = text(info.display_name), online = info.online }
  end
  return peers
end

--- Says goodbye to the daemon: waits at most 200 ms.
function session.close()
  if client then
    library.mosis_client_destroy(ffi.gc(client, nil))
    client, requests = nil, {}
    notify('closed')
  end
end

return session
