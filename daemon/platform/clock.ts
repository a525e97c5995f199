// The real clock behind the port `Clock`. Timers never keep the process alive: the sockets do.
import type { CancelTimer, Clock } from '../core/ports.ts';

export function createClock(): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    after(delayMs: number, action: () => void): CancelTimer {
      const timer = setTimeout(action, delayMs);
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
}
