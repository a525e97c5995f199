// Every limit that is not tied to a single field. STANDARD.md repeats these numbers, and a test compares the two.

export const limits = {
  /** Bytes of one shim or peer message, both directions. */
  maxMessageBytes: 1_048_576,
  /** Arrays and maps inside one another, the outermost counted. */
  maxDepth: 16,
  /** Values in one message: every scalar, key, array and map counts one. Bounds what a receiver allocates. */
  maxValues: 65_536,
  /** Largest integer, 2^53 − 1. */
  maxInteger: Number.MAX_SAFE_INTEGER,
  /** Answer time of a request whose deadlineMs is 0. */
  defaultDeadlineMs: 10_000,
  /** Bytes of an error text in a response. */
  maxErrorTextBytes: 1024,
  idempotencyKeyBytes: 16,
  /** Events on their way to a session that it has not reported as taken. */
  maxUntakenEvents: 1024,
  /** Events that wait in the shim for the game to poll them. */
  maxQueuedEvents: 4096,
  pingIntervalMs: 1000,
  /** Silence after which the daemon takes a shim for dead. */
  shimTimeoutMs: 5000,
  /** Silence after which the shim takes the daemon for dead. */
  daemonTimeoutMs: 3000,
  /** The same sessionKey within this time continues the session. */
  sessionKeepMs: 30_000,
  /** Bytes of a JSON text from a client to the signalling server. */
  maxSignalToServerBytes: 131_072,
  /** Bytes of a JSON text from the signalling server to a client: `peers` is the largest. */
  maxSignalToClientBytes: 1_048_576,
} as const;
