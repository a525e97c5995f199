// The log of the daemon: JSON lines in `<data>/logs/mosisd.log`, rotated by size. A full disk costs lines, never the daemon.
import fs from 'node:fs';
import path from 'node:path';
import type { Log } from '../core/ports.ts';

export const logLevels = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface LogOptions {
  /** Made by the caller; the file in it is `mosisd.log`, older ones `mosisd.log.1`, `.2`. */
  readonly folder: string;
  readonly level: LogLevel;
  /** Unix time in ms. */
  readonly now: () => number;
  /** Also gets each line, readable; for a daemon started by hand on a terminal. */
  readonly terminal?: (line: string) => void;
  /** Rotation threshold; default 5 MiB. */
  readonly maxFileBytes?: number;
}

export interface Logs {
  /** `name` = `mosis:<file>`. */
  logger(name: string): Log;
  close(): void;
}

const fileName = 'mosisd.log';
const maxFiles = 3;

/** Opens the log. Never throws, and neither do the loggers: lines that could not be written are counted and told of later. */
export function openLogs(options: LogOptions): Logs {
  const file = new LogFile(path.join(options.folder, fileName), options.maxFileBytes ?? 5 * 1024 * 1024);
  const threshold = logLevels.indexOf(options.level);
  const write = (level: LogLevel, name: string, message: string, fields: Record<string, unknown> = {}) => {
    if (logLevels.indexOf(level) > threshold) return;
    const time = new Date(options.now()).toISOString();
    file.write(formatLine({ time, level, logger: name, message, ...fields }));
    options.terminal?.(readable(time, level, name, message, fields));
  };
  return {
    logger: (name) => ({
      error: (message, fields) => write('error', name, message, fields),
      warn: (message, fields) => write('warn', name, message, fields),
      info: (message, fields) => write('info', name, message, fields),
      debug: (message, fields) => write('debug', name, message, fields),
    }),
    close: () => file.close(),
  };
}

/** Errors become their message and code; nothing that cannot be serialised may throw here. */
function formatLine(line: Record<string, unknown>): string {
  try {
    return `${JSON.stringify(line, plain)}\n`;
  } catch (error) {
    return `${JSON.stringify({ time: line.time, level: line.level, logger: line.logger, message: line.message, fields: `not loggable: ${error}` })}\n`;
  }
}

function plain(_key: string, value: unknown): unknown {
  if (value instanceof Error)
    return { error: value.message, code: (value as { code?: unknown }).code, cause: value.cause };
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return typeof value === 'bigint' ? value.toString() : value;
}

function readable(time: string, level: string, name: string, message: string, fields: Record<string, unknown>): string {
  const rest = Object.keys(fields).length > 0 ? ` ${formatLine(fields).trimEnd()}` : '';
  return `${time.slice(11, 23)} ${level.padEnd(5)} ${name.padEnd(16)} ${message}${rest}\n`;
}

/** Appends with one write per line, so that what was logged before a crash is there. */
class LogFile {
  readonly #path: string;
  readonly #maxBytes: number;
  #descriptor: number | undefined;
  #sizeBytes = 0;
  #lostLines = 0;

  constructor(file: string, maxBytes: number) {
    this.#path = file;
    this.#maxBytes = maxBytes;
  }

  write(line: string): void {
    try {
      this.#open();
      if (this.#sizeBytes > 0 && this.#sizeBytes + line.length > this.#maxBytes) this.#rotate();
      this.#tellLost();
      this.#append(line);
    } catch {
      // There is nowhere to tell it now; #tellLost does when the disk takes lines again.
      this.#lostLines += 1;
    }
  }

  #append(line: string): void {
    if (this.#descriptor === undefined) throw new Error('closed');
    this.#sizeBytes += fs.writeSync(this.#descriptor, line);
  }

  #open(): void {
    if (this.#descriptor !== undefined) return;
    this.#descriptor = fs.openSync(this.#path, 'a', 0o600);
    this.#sizeBytes = fs.fstatSync(this.#descriptor).size;
  }

  #rotate(): void {
    this.close();
    for (let index = maxFiles - 1; index >= 1; index -= 1) {
      const older = index === 1 ? this.#path : `${this.#path}.${index - 1}`;
      if (fs.existsSync(older)) fs.renameSync(older, `${this.#path}.${index}`);
    }
    this.#open();
  }

  #tellLost(): void {
    if (this.#lostLines === 0) return;
    this.#append(
      `${JSON.stringify({ level: 'warn', logger: 'mosis:log', message: 'lines could not be written', lines: this.#lostLines })}\n`,
    );
    this.#lostLines = 0;
  }

  close(): void {
    if (this.#descriptor !== undefined) fs.closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}
