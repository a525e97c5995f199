// Tells the launcher once, on standard output, that the daemon is ready or why it is not; then lets go of that pipe.
import fs from 'node:fs';
import process from 'node:process';

export interface ReadyPipe {
  ready(): void;
  /** `text` is put on one line. */
  failed(text: string): void;
}

const stdoutDescriptor = 1;

/** The first call of either wins; later ones do nothing. */
export function createReadyPipe(): ReadyPipe {
  let told = false;
  const tell = (line: string) => {
    if (told) return;
    told = true;
    writeLine(line);
    if (!process.stdout.isTTY) detach();
  };
  return {
    ready: () => tell('ready\n'),
    failed: (text) => tell(`failed ${text.replace(/\s+/g, ' ').trim()}\n`),
  };
}

function writeLine(line: string): void {
  try {
    fs.writeSync(stdoutDescriptor, line);
  } catch (error) {
    // The launcher gave up (limit 10 s) and closed its end: the daemon is of use to the next game all the same.
    process.stderr.write(`The launcher no longer listens: ${(error as Error).message}\n`);
  }
}

/** The launcher reads until the pipe closes; /dev/null takes its number so that a stray print hits no other file. */
function detach(): void {
  fs.closeSync(stdoutDescriptor);
  const taken = fs.openSync(process.platform === 'win32' ? 'NUL' : '/dev/null', 'w');
  if (taken !== stdoutDescriptor) fs.closeSync(taken);
}
