// Brings node_modules to what package-lock.json says, the pinned Node included.

import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { pinnedNode, root } from './paths.mjs';
import { run } from './run.mjs';

/**
 * Runs `npm ci` unless node_modules already holds what the lock file names.
 * @param {import('./progress.mjs').Progress} progress
 */
export async function bringNodePackages(progress) {
  if (matchesLockFile()) {
    progress.upToDate('npm packages');
    return;
  }
  await progress.step('npm packages', async (report) => {
    const npm = npmCommand();
    await run(npm.command, [...npm.parameters, 'ci', '--foreground-scripts'], {
      log: 'npm-ci',
      env: installEnvironment(),
      onLine: report,
    });
    if (!existsSync(pinnedNode)) {
      throw new Error(
        `npm brought no Node at ${pinnedNode}. Its package fetches it in an install script: check that npm runs install scripts (npm config get ignore-scripts) and reaches the registry.`,
      );
    }
  });
}

/** npm notes in node_modules/.package-lock.json what it installed last; an interrupted run leaves no such note. */
function matchesLockFile() {
  const notePath = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(notePath) || !existsSync(pinnedNode)) {
    return false;
  }
  const wanted = readPackages(join(root, 'package-lock.json'));
  const installed = readPackages(notePath);
  return Object.entries(wanted).every(([path, entry]) => {
    const present = installed[path];
    // Optional packages are absent on other platforms and where their build failed.
    return path === '' || (present === undefined ? entry.optional === true : present.version === entry.version);
  });
}

/**
 * @param {string} path
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
function readPackages(path) {
  return JSON.parse(readFileSync(path, 'utf8')).packages;
}

/** npm's own file when npm started us (no shell involved), else npm from the PATH. */
function npmCommand() {
  const npmFile = process.env.npm_execpath;
  if (npmFile?.endsWith('.js')) {
    return { command: systemNode(), parameters: [npmFile] };
  }
  return { command: process.platform === 'win32' ? 'npm.cmd' : 'npm', parameters: [] };
}

/** The install must not run in the Node that it is about to replace. */
function systemNode() {
  if (resolve(process.execPath) !== resolve(pinnedNode)) {
    return process.execPath;
  }
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const found = searchPath()
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
  return found ?? process.execPath;
}

function searchPath() {
  return (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
}

/** npm puts node_modules/.bin in front of the PATH; and packages that compile want Node's headers without a download. */
function installEnvironment() {
  /** @type {NodeJS.ProcessEnv} */
  const environment = { ...process.env, PATH: searchPath().join(delimiter) };
  const prefix = resolve(systemNode(), '..', '..');
  if (existsSync(join(prefix, 'include', 'node', 'node.h'))) {
    environment.npm_config_nodedir = prefix;
  }
  return environment;
}
