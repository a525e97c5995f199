-- mosis.webrtc over the stand-in library of test/cpp/fake: what reaches which callback, when, and how often.
local ffi = require 'ffi'
local mosis = require 'mosis'
local fakePath = os.getenv('MOSIS_FAKE_LIBRARY') or buildFolder .. '/test/cpp/libmosis_fake.so'
ffi.cdef [[
  void fake_reset(); void fake_fail_creation(int32_t); void fake_fail_requests(int32_t); int fake_clients_alive();
  const char* fake_last_option(const char*); const char* fake_request(uint32_t);
  void fake_push_state(int, int32_t, const char*); void fake_push_snapshot(uint32_t); void fake_push_line(uint32_t, int32_t, const char*);
  void fake_push_message(const char*, const char*); void fake_push_message_change(const char*, int32_t, const char*);
  void fake_push_identity_change(const char*, const char*); void fake_push_unknown(uint32_t);
  void fake_answer_error(uint64_t, int32_t, const char*); void fake_answer_message(uint64_t);
]]
local fake = ffi.load(fakePath)
local webrtc = mosis.webrtc

local READY, RECONNECTING, FAILED = 1, 2, 3
local CONNECTING, ONLINE = 2, 3

-- MOSIS_LIBRARY would go before mosis.options: put the stand-in in its place for this process.
ffi.cdef 'int setenv(const char*, const char*, int);'
ffi.C.setenv('MOSIS_LIBRARY', fakePath, 1)

local function request(n)
  return ffi.string(fake.fake_request(n))
end

local errors
local function fresh(name, body)
  test(name, function()
    mosis.close()
    fake.fake_reset()
    errors = {}
    webrtc.onError(function(failure)
      table.insert(errors, failure)
    end)
    webrtc.onMessage(nil)
    webrtc.onStateChanged(nil)
    body()
    mosis.close()
    expect(fake.fake_clients_alive(), 0, 'clients left')
  end)
end

local function collect()
  local seen = {}
  return seen, function(from, message)
    table.insert(seen, from .. ': ' .. message)
  end
end

fresh('nothing is loaded or started before the first use', function()
  expect(mosis.poll(), 0)
  expect(webrtc.getPeers(), {})
  webrtc.disconnect()
  expect(fake.fake_clients_alive(), 0)
end)

fresh('options reach the library, and are refused once the phone is in use', function()
  mosis.options { app = 'lua-test', profile = 'ada', daemon = '/opt/mosisd' }
  webrtc.connect('ws://a')
  expect(ffi.string(fake.fake_last_option('app')), 'lua-test')
  expect(ffi.string(fake.fake_last_option('profile')), 'ada')
  expect(ffi.string(fake.fake_last_option('daemon_path')), '/opt/mosisd')
  local ok, message = pcall(mosis.options, { app = 'again' })
  expect(ok, false)
  assert(message:find('already in use', 1, true), message)
end)

fresh('an unknown option or one of another type is refused by name', function()
  local ok, message = pcall(mosis.options, { profil = 'ada' })
  expect(ok, false)
  assert(message:find('profil is no option', 1, true), message)
  ok, message = pcall(mosis.options, { app = 7 })
  expect(ok, false)
  assert(message:find('app must be a string', 1, true), message)
end)

fresh('connect and setIdentity set only their own part, in either order', function()
  webrtc.setIdentity('ada', 'Ada')
  webrtc.connect('ws://a')
  webrtc.setIdentity('ada2')
  expect(request(0), '513 (none) ada Ada')
  expect(request(1), '513 ws://a (none) (none)')
  expect(request(2), '513 (none) ada2 (none)')
end)

fresh('disconnect closes the line once, and connect opens it again', function()
  webrtc.connect('ws://a')
  webrtc.disconnect()
  webrtc.disconnect()
  webrtc.connect('ws://a')
  expect({ request(1), request(2), request(3) }, { '514', '513 ws://a (none) (none)', '' })
end)

fresh('onMessage gets sender and text, in order', function()
  local seen, callback = collect()
  webrtc.onMessage(callback)
  webrtc.connect('ws://a')
  fake.fake_push_message('bob', 'hi ☎')
  fake.fake_push_message('eve', 'there')
  expect(mosis.poll(), 2)
  expect(seen, { 'bob: hi ☎', 'eve: there' })
end)

fresh('messages that come before onMessage wait for it', function()
  local seen, callback = collect()
  webrtc.connect('ws://a')
  fake.fake_push_message('bob', '1')
  fake.fake_push_message('bob', '2')
  mosis.poll()
  webrtc.onMessage(callback)
  mosis.poll()
  expect(seen, { 'bob: 1', 'bob: 2' })
end)

fresh('the 1025th message that waits pushes out the oldest with an error', function()
  webrtc.connect('ws://a')
  for i = 0, 1024 do
    fake.fake_push_message('bob', tostring(i))
  end
  mosis.poll()
  expect({ #errors, errors[1].code, errors[1].peer }, { 1, 'queueFull', 'bob' })
  local seen, callback = collect()
  webrtc.onMessage(callback)
  mosis.poll()
  expect({ #seen, seen[1] }, { 1024, 'bob: 1' })
end)

fresh('a callback may poll (which does nothing), send, replace itself and close', function()
  local seen = {}
  webrtc.connect('ws://a')
  webrtc.onMessage(function(from, message)
    webrtc.sendMessage(from, 'back')
    table.insert(seen, message .. ' ' .. mosis.poll())
    webrtc.onMessage(function(_, later)
      table.insert(seen, 'new ' .. later)
      mosis.close()
    end)
  end)
  for i = 1, 4 do
    fake.fake_push_message('bob', tostring(i))
  end
  expect(mosis.poll(), 2)
  expect(seen, { '1 0', 'new 2' })
  expect(fake.fake_clients_alive(), 0)
end)

fresh('an error of a callback comes out of poll, and the next message still comes', function()
  local seen = {}
  webrtc.connect('ws://a')
  webrtc.onMessage(function(_, message)
    table.insert(seen, message)
    if message == '1' then
      error('the game’s own fault')
    end
  end)
  fake.fake_push_message('bob', '1')
  fake.fake_push_message('bob', '2')
  local ok, message = pcall(mosis.poll)
  expect(ok, false)
  assert(message:find('the game’s own fault', 1, true), message)
  mosis.poll()
  expect(seen, { '1', '2' })
end)

fresh('getPeers gives id, name and online of the snapshot', function()
  webrtc.connect('ws://a')
  fake.fake_push_snapshot(ONLINE)
  mosis.poll()
  expect(webrtc.getPeers(), { { id = 'bob', name = 'Bob', online = true }, { id = 'eve', name = '', online = true } })
end)

fresh('sendMessage sends bytes as they are, to ids that are not listed too', function()
  webrtc.sendMessage('nobody-listed', 'hello')
  expect(request(0), '1025 nobody-listed hello')
  mosis.poll()
  expect(errors, {})
end)

fresh('what sendMessage could not do is reported once, with the peer', function()
  webrtc.sendMessage('bob', '')
  expect({ #errors, errors[1].code, errors[1].operation, errors[1].peer }, { 1, 'invalidArgument', 'sendMessage', 'bob' })
  webrtc.sendMessage('bob', 'two')
  fake.fake_answer_error(1, -12, 'set the line first')
  fake.fake_answer_error(1, -12, 'a second answer')
  mosis.poll()
  expect({ #errors, errors[2].code, errors[2].text }, { 2, 'lineNotConfigured', 'set the line first' })
  webrtc.sendMessage('bob', 'three')
  fake.fake_answer_message(2)
  fake.fake_push_message_change('bob', -13, 'bob is offline')
  mosis.poll()
  expect(errors[3], { code = 'peerOffline', text = 'bob is offline', operation = 'sendMessage', peer = 'bob' })
end)

fresh('a text with a zero byte or another type is the caller’s mistake', function()
  local ok, message = pcall(webrtc.sendMessage, 'bob\0eve', 'x')
  expect(ok, false)
  assert(message:find('mosis.webrtc.sendMessage: the peer must be', 1, true), message)
  expect((pcall(webrtc.connect, nil)), false)
  expect((pcall(webrtc.setIdentity, 'ada', 7)), false)
  expect((pcall(webrtc.onMessage, 'no function')), false)
  expect(fake.fake_clients_alive(), 0)
end)

fresh('a line error of one reason is reported once, and again after connect', function()
  webrtc.connect('ws://wrong')
  for _ = 1, 3 do
    fake.fake_push_line(CONNECTING, 0, '')
    fake.fake_push_line(CONNECTING, -21, 'nobody at ws://wrong')
  end
  mosis.poll()
  expect({ #errors, errors[1].code, errors[1].text }, { 1, 'serverUnreachable', 'nobody at ws://wrong' })
  webrtc.connect('ws://wrong')
  fake.fake_push_line(CONNECTING, -21, 'nobody at ws://wrong')
  mosis.poll()
  expect(#errors, 2)
end)

fresh('onStateChanged tells of daemon and line, and isConnected follows', function()
  local seen = {}
  webrtc.onStateChanged(function(state)
    table.insert(seen, state.client .. ' ' .. state.line)
  end)
  webrtc.connect('ws://a')
  fake.fake_push_state(READY, 0, '')
  fake.fake_push_snapshot(CONNECTING)
  fake.fake_push_line(ONLINE, 0, '')
  mosis.poll()
  expect(webrtc.isConnected(), true)
  fake.fake_push_state(RECONNECTING, -11, 'the daemon went')
  mosis.poll()
  expect(webrtc.isConnected(), false)
  expect(seen, { 'ready unconfigured', 'ready connecting', 'ready online', 'reconnecting online' })
  expect(errors, {}, 'a link that heals by itself is no error')
end)

fresh('a daemon that cannot be had is reported', function()
  webrtc.connect('ws://a')
  fake.fake_push_state(FAILED, -26, 'no daemon program')
  mosis.poll()
  expect({ #errors, errors[1].code, errors[1].text }, { 1, 'daemonNotFound', 'no daemon program' })
end)

fresh('a changed key is reported with peer and fingerprint', function()
  webrtc.connect('ws://a')
  fake.fake_push_identity_change('bob', '9f86 d081')
  mosis.poll()
  expect({ errors[1].code, errors[1].peer }, { 'identityChanged', 'bob' })
  assert(errors[1].text:find('9f86 d081', 1, true))
end)

fresh('events of a newer library are skipped', function()
  webrtc.connect('ws://a')
  fake.fake_push_unknown(0x7777)
  expect(mosis.poll(), 1)
  expect(errors, {})
end)

fresh('calls report notSupported and return the reason', function()
  for _, operation in ipairs { 'call', 'onIncomingCall', 'answerCall', 'rejectCall' } do
    local done, why = webrtc[operation]('bob', { video = false })
    expect(done, nil)
    assert(why:find('later version', 1, true), why)
  end
  local codes = {}
  for _, failure in ipairs(errors) do
    table.insert(codes, failure.operation .. ' ' .. failure.code)
  end
  expect(codes, { 'call notSupported', 'onIncomingCall notSupported', 'answerCall notSupported', 'rejectCall notSupported' })
end)

fresh('refused options are raised where the phone is first used', function()
  fake.fake_fail_creation(-1)
  local ok, message = pcall(webrtc.connect, 'ws://a')
  expect(ok, false)
  assert(message:find('mosis.options', 1, true), message)
end)
