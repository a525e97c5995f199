-- Generated from proto/schema by `npm run generate`; do not edit.
-- Link and peer messages for tests of the Lua codec.
return {
  enumerations = {},
  structs = {
    hello = {
      { tag = 1, name = 'protocolMin', kind = 'integer', max = 4294967295 },
      { tag = 2, name = 'protocolMax', kind = 'integer', max = 4294967295 },
      { tag = 3, name = 'token', kind = 'str', max = 128 },
      { tag = 4, name = 'sessionKey', kind = 'bin', min = 16, max = 16 },
      { tag = 5, name = 'app', kind = 'str', max = 128 },
      { tag = 6, name = 'appVersion', kind = 'str', max = 64, optional = true },
      { tag = 7, name = 'engine', kind = 'str', max = 64, optional = true },
      { tag = 8, name = 'pid', kind = 'integer', max = 4294967295 },
      { tag = 9, name = 'scopes', kind = 'list', max = 32, item = { kind = 'str', max = 64 }, optional = true },
      { tag = 10, name = 'events', kind = 'integer', max = 4294967295 },
      { tag = 11, name = 'since', kind = 'integer', max = 9007199254740991, optional = true },
      { tag = 12, name = 'line', kind = 'struct', of = 'LineSettings', optional = true },
    },
    identified = {
      { tag = 1, name = 'protocol', kind = 'integer', max = 4294967295 },
      { tag = 2, name = 'daemonVersion', kind = 'str', max = 64 },
      { tag = 3, name = 'pid', kind = 'integer', max = 4294967295 },
      { tag = 4, name = 'profile', kind = 'str', max = 64 },
      { tag = 5, name = 'sessionId', kind = 'integer', max = 9007199254740991 },
      { tag = 6, name = 'scopes', kind = 'list', max = 32, item = { kind = 'str', max = 64 } },
      { tag = 7, name = 'resumed', kind = 'bool' },
      { tag = 8, name = 'snapshot', kind = 'struct', of = 'Snapshot' },
    },
    refused = {
      { tag = 1, name = 'code', kind = 'enum', of = 'ErrorCode' },
      { tag = 2, name = 'text', kind = 'str', max = 1024 },
    },
    who = {},
    goodbye = {
      { tag = 1, name = 'reason', kind = 'enum', of = 'GoodbyeReason' },
    },
    ping = {
      { tag = 1, name = 'nonce', kind = 'integer', max = 4294967295 },
    },
    pong = {
      { tag = 1, name = 'nonce', kind = 'integer', max = 4294967295 },
    },
    taken = {
      { tag = 1, name = 'sequence', kind = 'integer', max = 9007199254740991 },
    },
    peerHello = {
      { tag = 1, name = 'protocolMin', kind = 'integer', max = 4294967295 },
      { tag = 2, name = 'protocolMax', kind = 'integer', max = 4294967295 },
      { tag = 3, name = 'phoneId', kind = 'str', max = 128 },
      { tag = 4, name = 'displayName', kind = 'str', max = 256 },
      { tag = 5, name = 'capabilities', kind = 'list', max = 64, item = { kind = 'str', max = 64 } },
      { tag = 6, name = 'publicKey', kind = 'bin', min = 32, max = 32 },
      { tag = 7, name = 'signature', kind = 'bin', min = 64, max = 64 },
      { tag = 8, name = 'software', kind = 'str', max = 64, optional = true },
    },
    peerRefused = {
      { tag = 1, name = 'code', kind = 'enum', of = 'ErrorCode' },
      { tag = 2, name = 'text', kind = 'str', max = 1024 },
    },
    peerPing = {
      { tag = 1, name = 'nonce', kind = 'integer', max = 4294967295 },
    },
    peerPong = {
      { tag = 1, name = 'nonce', kind = 'integer', max = 4294967295 },
    },
    peerText = {
      { tag = 1, name = 'uuid', kind = 'bin', min = 16, max = 16 },
      { tag = 2, name = 'text', kind = 'str', max = 65536 },
      { tag = 3, name = 'sentAt', kind = 'integer', max = 9007199254740991 },
    },
    peerStored = {
      { tag = 1, name = 'uuids', kind = 'list', max = 256, item = { kind = 'bin', min = 16, max = 16 } },
    },
  },
  links = {
    hello = 1,
    identified = 2,
    refused = 3,
    who = 4,
    goodbye = 5,
    ping = 6,
    pong = 7,
    taken = 8,
  },
  peerMessages = {
    peerHello = 1,
    peerRefused = 2,
    peerPing = 3,
    peerPong = 4,
    peerText = 16,
    peerStored = 17,
  },
}
