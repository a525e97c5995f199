// Forks the media child and turns its pipes and exit into calls; knows nothing of connections or restarts.
import { fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Log } from '../core/ports.ts';
import type { FromMedia, ToMedia } from '../mediaChannel/channel.ts';

/** Lines of a child's stdout and stderr that reach the log; a native library gone wild must not fill the disk. */
const maxLoggedLines = 200;
const maxLineLength = 1_000;

/** The library's threads would take an arena each and give nothing back: 82 MB in place of 89 idle, 109 for 141 after 50 MB sent. */
const glibcSettings = { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '1048576' };

export interface Child {
  readonly pid: number | undefined;
  send(message: ToMedia): void;
  kill(): void;
}

export interface ChildHandlers {
  message(message: FromMedia): void;
  /** Once; `why` is for the log. Nothing comes afterwards. */
  exited(why: string): void;
}

export function spawnChild(program: string, handlers: ChildHandlers, log: Log): Child {
  const child = fork(program, [], {
    serialization: 'advanced',
    // Options meant for the daemon (an inspector port, a test runner's flags) are not for the child.
    execArgv: [],
    env: { ...glibcSettings, ...process.env },
    // The fourth entry makes fd 3 the IPC channel: it takes the place of the daemon lock, which the daemon holds as its fd 3
    // and which must not live on in a child after a kill -9 of the daemon.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let over = false;
  const exited = (why: string): void => {
    if (over) return;
    over = true;
    handlers.exited(why);
  };
  let lines = 0;
  const copy = (stream: Readable | null): void => {
    if (stream === null) return;
    createInterface({ input: stream }).on('line', (line) => {
      lines += 1;
      if (lines <= maxLoggedLines) log.warn('Media child wrote', { line: line.slice(0, maxLineLength) });
      if (lines === maxLoggedLines) log.warn('Media child writes too much; the rest is left out');
    });
  };
  copy(child.stdout);
  copy(child.stderr);
  child.on('message', (message) => {
    if (!over) handlers.message(message as FromMedia);
  });
  child.on('error', (error) => {
    log.warn('Media child', { error: error.message });
    // Without a pid it never began, and no `exit` follows.
    if (child.pid === undefined) exited(`could not be started: ${error.message}`);
  });
  child.on('exit', (code, signal) => exited(signal === null ? `exit code ${code}` : `signal ${signal}`));
  return {
    pid: child.pid,
    send(message) {
      // A channel that closed under our feet means that `exit` is on its way.
      if (!over && child.connected) child.send(message, () => {});
    },
    kill() {
      child.kill('SIGKILL');
    },
  };
}
