// First file of every npm script: runs on any Node from 20 on, brings the packages, then hands over to the pinned Node.
// It must not import a package or a TypeScript file: neither can be read before this is through.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { commands } from './bootstrap/commands.mjs';
import { withLock } from './bootstrap/lock.mjs';
import { bringNodePackages } from './bootstrap/nodePackages.mjs';
import { cacheFolder, root } from './bootstrap/paths.mjs';
import { Progress } from './bootstrap/progress.mjs';
import { runPinned } from './bootstrap/runtime.mjs';
import { bringSystemPackages } from './bootstrap/systemPackages.mjs';

const [name = '', ...rest] = process.argv.slice(2);

try {
  process.exitCode = await start(name, rest);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/**
 * Brings what the command needs and runs it.
 * @param {string} commandName
 * @param {string[]} parameters
 * @returns {Promise<number>} the exit code
 */
async function start(commandName, parameters) {
  const command = commands[commandName];
  if (command === undefined) {
    throw new Error(`Unknown command '${commandName}'. Known: ${Object.keys(commands).join(', ')}.`);
  }
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) {
    throw new Error(`Node ${process.versions.node} is too old to set things up: install Node 20 or newer.`);
  }

  const progress = new Progress({ quiet: commandName !== 'setup' && commandName !== 'test' });
  const setUpCode = await withLock(join(cacheFolder, 'setup.lock'), progress, async () => {
    if (command.setUp === 'whole') {
      await bringSystemPackages(progress);
    }
    await bringNodePackages(progress);
    return command.setUp === 'whole' ? runPinned('scripts/setup.ts', progress.quiet ? ['--quiet'] : []) : 0;
  });
  if (setUpCode !== 0 && commandName !== 'test') {
    throw new Error('The set-up did not finish: see above.');
  }
  // The tests run all the same, as far as they can, and count the set-up as one failure.
  process.env.MOSIS_SETUP_FAILED = setUpCode === 0 ? '' : '1';

  if (command.entry === undefined) {
    return 0;
  }
  if (!existsSync(join(root, command.entry))) {
    throw new Error(`There is no ${command.entry} in this tree: check that the checkout is complete.`);
  }
  return runPinned(command.entry, parameters);
}
