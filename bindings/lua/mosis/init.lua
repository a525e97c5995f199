-- mosis — the phone for LuaJIT games (LÖVE and plain LuaJIT), over libmosis.
--
--     local mosis = require 'mosis'
--     mosis.webrtc.connect('wss://signal.mosis.dev')
--     mosis.webrtc.setIdentity('user_12345', "John's Phone")
--     mosis.webrtc.onMessage(function(from, message) print(from, message) end)
--     mosis.webrtc.sendMessage('phone_456', 'Hello!')
--     function love.update() mosis.poll() end
local session = require 'mosis.session'
local webrtc = require 'mosis.webrtc'

local mosis = { webrtc = webrtc }

local known = {
  app = 'string',
  appVersion = 'string',
  engine = 'string',
  profile = 'string',
  daemon = 'string',
  library = 'string',
  startDaemon = 'boolean',
}

--- Before the first use. All optional: app (name of the game), appVersion, engine, profile ([a-z0-9_-]{1,32}), daemon (path of the
--- daemon program), library (path of libmosis), startDaemon (false: wait for one that somebody else starts).
function mosis.options(values)
  for name, value in pairs(values) do
    if type(value) ~= known[name] then
      local wanted = known[name] and 'must be a ' .. known[name] or 'is no option'
      error(('mosis.options: %s %s'):format(tostring(name), wanted), 2)
    end
  end
  session.options(values, 2)
end

--- Runs the callbacks for everything that waits; once per frame. Returns how many events that were; never blocks.
mosis.poll = session.poll

--- Says goodbye to the daemon (at most 200 ms). The next use begins anew. Callbacks stay set.
mosis.close = session.close

return mosis
