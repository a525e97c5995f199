// When a daemon that nobody uses ends. The rule is a pure function; the timer is the caller's.

export interface IdleView {
  /** Games, also those that are expected back, or work that goes on without them. */
  readonly occupied: boolean;
  /** Monotonic, in ms. */
  readonly nowMs: number;
  readonly limitMs: number;
}

export interface IdleVerdict {
  /** When it fell idle; undefined while it is not. */
  readonly idleSinceMs: number | undefined;
  readonly due: boolean;
}

/** `idleSinceMs`: of the verdict before. */
export function judgeIdle(idleSinceMs: number | undefined, { occupied, nowMs, limitMs }: IdleView): IdleVerdict {
  if (occupied) return { idleSinceMs: undefined, due: false };
  const since = idleSinceMs ?? nowMs;
  return { idleSinceMs: since, due: nowMs - since >= limitMs };
}
