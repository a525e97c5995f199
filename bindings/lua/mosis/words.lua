-- The words of the protocol for the numbers of C: -13 = 'peerOffline', state 3 = 'online'. Taken from the declarations, so never behind.
local declarations = require 'mosis.cdef'

local function camelCase(constant)
  return (constant:lower():gsub('_(%w)', string.upper))
end

--- number -> word for all constants that begin so.
local function wordsOf(prefix)
  local words = {}
  for name, value in declarations:gmatch('%f[%w_]' .. prefix .. '([%u_]+) = (%-?%w+)') do
    words[tonumber(value)] = camelCase(name)
  end
  return words
end

return {
  errors = wordsOf('MOSIS_ERR_'),
  lineStates = wordsOf('MOSIS_LINE_STATE_'),
  messageStates = wordsOf('MOSIS_MESSAGE_STATE_'),
  clientStates = { [0] = 'connecting', 'ready', 'reconnecting', 'failed' },
}
