// The shape of phone.db, as the steps that led to it. Steps are only ever added: a released one is never changed.

/** Step n brings `PRAGMA user_version` from n to n + 1. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE profileKey (one INTEGER PRIMARY KEY CHECK (one = 1), seed BLOB NOT NULL) STRICT;

  CREATE TABLE lines (
    lineId INTEGER PRIMARY KEY AUTOINCREMENT,
    server TEXT NOT NULL,
    phoneId TEXT NOT NULL,
    displayName TEXT NOT NULL,
    resumeToken TEXT,
    journalFloor INTEGER NOT NULL,
    takenSequence INTEGER NOT NULL,
    UNIQUE (server, phoneId)
  ) STRICT;

  -- Sent and received ones share their ids: a game keeps both in one list.
  CREATE TABLE messages (
    messageId INTEGER PRIMARY KEY AUTOINCREMENT,
    lineId INTEGER NOT NULL REFERENCES lines,
    peerId TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('accepted', 'delivered', 'failed', 'received')),
    received INTEGER NOT NULL,
    uuid BLOB,
    idempotencyKey BLOB,
    text TEXT NOT NULL,
    sentAt INTEGER NOT NULL,
    receivedAt INTEGER
  ) STRICT;
  CREATE INDEX outboxByLine ON messages (lineId, messageId) WHERE state = 'accepted';
  CREATE INDEX outboxByPeer ON messages (lineId, peerId, messageId) WHERE state = 'accepted';
  CREATE UNIQUE INDEX messagesByUuid ON messages (lineId, peerId, received, uuid) WHERE uuid IS NOT NULL;
  CREATE UNIQUE INDEX messagesByKey ON messages (lineId, idempotencyKey) WHERE idempotencyKey IS NOT NULL;

  CREATE TABLE journal (
    sequence INTEGER PRIMARY KEY,
    lineId INTEGER NOT NULL REFERENCES lines,
    name TEXT NOT NULL,
    bytes BLOB NOT NULL
  ) STRICT;
  CREATE INDEX journalByLine ON journal (lineId, sequence);

  CREATE TABLE pinnedKeys (
    server TEXT NOT NULL,
    peerId TEXT NOT NULL,
    publicKey BLOB NOT NULL,
    PRIMARY KEY (server, peerId)
  ) STRICT, WITHOUT ROWID;
  `,
];
