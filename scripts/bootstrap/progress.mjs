// Shows what a long command is doing: one line per step with its time; a moving line only on a terminal.

const terminal = process.stderr.isTTY === true;
const coloured = terminal && process.env.NO_COLOR === undefined;
const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/**
 * Colours a text when standard error is a terminal.
 * @param {'green' | 'red' | 'yellow' | 'dim'} colour
 * @param {string} text
 */
export function paint(colour, text) {
  const codes = { green: 32, red: 31, yellow: 33, dim: 2 };
  return coloured ? `\u001b[${codes[colour]}m${text}\u001b[0m` : text;
}

/**
 * A duration as people read it: `0.4 s`, `2 min 05 s`.
 * @param {number} durationMs
 */
export function formatDuration(durationMs) {
  const seconds = durationMs / 1000;
  if (seconds < 60) {
    return `${seconds.toFixed(1)} s`;
  }
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}

/** Writes to standard error, so that a command's own output can be piped. */
export class Progress {
  /** @param {{ quiet: boolean }} options quiet: steps that had nothing to do are not shown */
  constructor({ quiet }) {
    this.quiet = quiet;
  }

  /**
   * A step that had nothing to do.
   * @param {string} name
   */
  upToDate(name) {
    if (!this.quiet) {
      this.#line(paint('dim', '·'), name, 'up to date');
    }
  }

  /**
   * A step that was left out, with the reason and what to do.
   * @param {string} name
   * @param {string} reason
   */
  leftOut(name, reason) {
    this.#line(paint('yellow', '-'), name, reason);
  }

  /** @param {string} text */
  note(text) {
    process.stderr.write(`  ${text}\n`);
  }

  /**
   * Runs one step and shows it: while it runs on a terminal a spinner, its time and the last line that it reported.
   * @template T
   * @param {string} name
   * @param {(report: (detail: string) => void) => Promise<T>} action
   * @param {(result: T) => boolean} [succeeded] for results that can be bad news; default: whatever does not throw is good
   * @returns {Promise<T>}
   */
  async step(name, action, succeeded = () => true) {
    const startedMs = performance.now();
    const elapsed = () => formatDuration(performance.now() - startedMs);
    let detail = '';
    let turn = 0;
    const draw = () => {
      const width = (process.stderr.columns ?? 80) - 1;
      const text = `${spinner[turn++ % spinner.length]} ${name.padEnd(24)} ${elapsed()} ${detail}`;
      process.stderr.write(`\r\u001b[2K${text.slice(0, width)}`);
    };
    if (!terminal) {
      this.note(`${name} ...`);
    }
    const timer = terminal ? setInterval(draw, 100) : undefined;
    const stop = () => {
      clearInterval(timer);
      if (terminal) {
        process.stderr.write('\r\u001b[2K');
      }
    };
    try {
      const result = await action((text) => {
        detail = text;
      });
      stop();
      this.#line(succeeded(result) ? paint('green', '✓') : paint('red', '✗'), name, elapsed());
      return result;
    } catch (error) {
      stop();
      this.#line(paint('red', '✗'), name, elapsed());
      throw error;
    }
  }

  /**
   * @param {string} mark
   * @param {string} name
   * @param {string} text
   */
  #line(mark, name, text) {
    process.stderr.write(`${mark} ${name.padEnd(24)} ${text}\n`);
  }
}
