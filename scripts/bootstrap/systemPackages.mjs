// Brings the compilers, libraries and interpreters that the native side and the tests need from the system's packages.

import { spawnSync } from 'node:child_process';
import { paint } from './progress.mjs';
import { run, tryRun } from './run.mjs';

/** Debian and Ubuntu, by what they are for. */
const debianPackages = [
  // Native shim, and packages that npm compiles.
  ...['g++', 'make', 'cmake', 'ninja-build', 'pkg-config', 'python3', 'libzmq3-dev'],
  // Tests of the native shim: the test library, and msgpack-c as an oracle for our own codec.
  ...['libgtest-dev', 'libgmock-dev', 'libmsgpack-dev'],
  // Tests of the Lua binding, and of the C# library under Unity's kind of runtime (mono-devel carries netstandard.dll).
  ...['luajit', 'mono-runtime', 'mono-devel'],
];

/** Elsewhere we only name the line: which tools must answer, and what installs them. */
const requiredTools = ['c++', 'cmake', 'ninja', 'pkg-config', 'luajit', 'mono'];
const installLines = {
  brew: 'brew install cmake ninja pkg-config zeromq googletest msgpack luajit mono',
  dnf: 'sudo dnf install gcc-c++ make cmake ninja-build pkgconf zeromq-devel gtest-devel gmock-devel msgpack-devel luajit mono-devel',
  pacman: 'sudo pacman -S --needed base-devel cmake ninja pkgconf zeromq gtest msgpack-c luajit mono',
  zypper:
    'sudo zypper install gcc-c++ make cmake ninja pkgconf zeromq-devel gtest gmock msgpack-c-devel luajit mono-devel',
};

/**
 * Installs what is missing on Debian and its relatives; on other systems stops with the line to run by hand.
 * @param {import('./progress.mjs').Progress} progress
 */
export async function bringSystemPackages(progress) {
  if (!answers('apt-get')) {
    demandTools(progress);
    return;
  }
  const missing = missingDebianPackages();
  if (missing.length === 0) {
    progress.upToDate('system packages');
    return;
  }
  const byHand = `apt-get install --no-install-recommends ${missing.join(' ')}`;
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo'];
  if (asRoot.length > 0 && !canUseSudo()) {
    throw new Error(`These system packages are missing and we may not install them. As root, run:\n  ${byHand}`);
  }
  await progress.step('system packages', async (report) => {
    const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, onLine: report };
    const wait = ['-o', 'DPkg::Lock::Timeout=300'];
    const [update, ...updateParameters] = [...asRoot, 'apt-get', ...wait, 'update'];
    // A stale list may still do: only the install decides.
    await tryRun(/** @type {string} */ (update), updateParameters, { ...options, log: 'apt-update' });
    const [install, ...installParameters] = [
      ...asRoot,
      ...['apt-get', ...wait, 'install', '--yes', '--no-install-recommends', ...missing],
    ];
    await run(/** @type {string} */ (install), installParameters, { ...options, log: 'apt-install' });
  });
}

function missingDebianPackages() {
  const query = spawnSync(
    'dpkg-query',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query fills these in.
    ['--show', '--showformat', '${Package} ${db:Status-Status}\n', ...debianPackages],
    {
      encoding: 'utf8',
    },
  );
  const installed = new Set(
    query.stdout
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  );
  return debianPackages.filter((name) => !installed.has(name));
}

/** @param {import('./progress.mjs').Progress} progress */
function demandTools(progress) {
  const missing = requiredTools.filter((tool) => !answers(tool));
  const libraryMissing = answers('pkg-config') && spawnSync('pkg-config', ['--exists', 'libzmq']).status !== 0;
  if (missing.length === 0 && !libraryMissing) {
    progress.upToDate('system packages');
    return;
  }
  const manager = Object.entries(installLines).find(([name]) => answers(name));
  const what = [...missing, ...(libraryMissing ? ['libzmq'] : [])].join(', ');
  const todo =
    manager === undefined
      ? `Install a C++17 compiler, CMake, Ninja, pkg-config, libzmq, GoogleTest, msgpack-c, LuaJIT and Mono.`
      : `Run:\n  ${manager[1]}`;
  throw new Error(`${paint('red', 'Missing on this machine:')} ${what}.\n${todo}\nThen start again.`);
}

/** Without a terminal sudo cannot ask for a password. */
function canUseSudo() {
  return answers('sudo') && (process.stdin.isTTY === true || spawnSync('sudo', ['-n', 'true']).status === 0);
}

/** @param {string} tool */
function answers(tool) {
  const result = spawnSync(tool, ['--version'], { stdio: 'ignore' });
  return result.error === undefined;
}
