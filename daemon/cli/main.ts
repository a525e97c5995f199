// The command line `mosis`: parses, runs one command, prints. Speaks to the daemon as a game does.
import process from 'node:process';
import { MosisError } from '../core/errors.ts';
import { pathsFor, profileFrom } from '../platform/paths.ts';
import { type CliArguments, parseCommandLine, usage } from './arguments.ts';

const print = (text: string): void => {
  process.stdout.write(text);
};

// What a command does not need is not loaded.
async function run(given: CliArguments): Promise<void> {
  const paths = pathsFor(profileFrom(given.profile, process.env));
  if (given.start) {
    const { startDaemon } = await import('./start.ts');
    await startDaemon(paths);
  }
  switch (given.command) {
    case 'status': {
      const { showStatus } = await import('./status.ts');
      return print(await showStatus(paths, given.json));
    }
    case 'stop': {
      const { stopDaemon } = await import('./status.ts');
      return print(await stopDaemon(paths));
    }
    case 'start': {
      const { startDaemon } = await import('./start.ts');
      return print(await startDaemon(paths));
    }
    case 'doctor': {
      const { examine } = await import('./doctor.ts');
      const findings = await examine(paths, given.server);
      for (const { what, fault } of findings) print(fault ? `✗ ${what}\n    ${fault}\n` : `✓ ${what}\n`);
      process.exitCode = findings.some(({ fault }) => fault) ? 1 : 0;
      return;
    }
    case 'peers': {
      const { showPeers } = await import('./chat.ts');
      return print(await showPeers(paths, given));
    }
    case 'send': {
      const { sendText } = await import('./chat.ts');
      return await sendText(paths, given, print);
    }
    case 'listen': {
      const { listen } = await import('./chat.ts');
      return await listen(paths, given, print);
    }
    case 'help':
      return print(usage);
    default:
      throw new MosisError('invalidArgument', `Unknown command "${given.command}".\n${usage}`);
  }
}

try {
  await run(parseCommandLine(process.argv.slice(2)));
} catch (error) {
  // A defect of ours shows where; a fault of the world says what to check.
  process.stderr.write(`${error instanceof MosisError ? error.message : (error as Error).stack}\n`);
  process.exitCode = 1;
}
