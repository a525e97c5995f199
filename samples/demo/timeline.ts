// What the demo shows: one line per happening with the time since the start, tables, and colours where there is a terminal.
import process from 'node:process';
import { styleText } from 'node:util';

const startedAt = performance.now();
const colourful = process.stdout.isTTY;

type Colour = 'cyan' | 'green' | 'yellow' | 'red' | 'bold' | 'dim';
const paint = (colour: Colour, text: string): string => (colourful ? styleText(colour, text) : text);

const colours: Record<string, Colour> = { ada: 'cyan', bob: 'green', plain: 'yellow', server: 'dim' };

/** `  1.234 s  ada     text` */
export function tell(who: string, text: string): void {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(3).padStart(7);
  console.log(`${paint('dim', `${seconds} s`)}  ${paint(colours[who] ?? 'bold', who.padEnd(7))} ${text}`);
}

export function heading(text: string): void {
  console.log(`\n${paint('bold', text)}`);
}

/** Columns as wide as they need to be; the first row is the head. */
export function table(rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const [index, row] of rows.entries()) {
    const line = row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
    console.log(`  ${index === 0 ? paint('dim', line) : line}`);
  }
}

/** One thing that must hold: shown, and a failure of the demo when it does not. */
export function check(holds: boolean, what: string): void {
  console.log(`  ${holds ? paint('green', 'ok') : paint('red', 'FAILED')}  ${what}`);
  if (!holds) throw new Error(`The demo failed: ${what}`);
}
