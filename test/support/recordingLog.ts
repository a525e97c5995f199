// A log that a test can wait on.
import type { Log } from '../../daemon/core/ports.ts';
import { Inbox } from './inbox.ts';

export interface LogLine {
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly message: string;
  readonly fields: Record<string, unknown>;
}

export class RecordingLog implements Log {
  readonly lines = new Inbox<LogLine>();
  readonly error = this.#level('error');
  readonly warn = this.#level('warn');
  readonly info = this.#level('info');
  readonly debug = this.#level('debug');

  #level(level: LogLine['level']) {
    return (message: string, fields: Record<string, unknown> = {}): void => {
      this.lines.push({ level, message, fields });
    };
  }
}
