// `npm run lock`: writes package-lock.json anew from package.json, complete for every platform.
// npm leaves a platform's package out when the registry at hand does not serve it, and `npm ci` then refuses the file
// on all machines. Such entries are added here from what the parent package names; they carry no hash.

import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './bootstrap/paths.mjs';
import { Progress } from './bootstrap/progress.mjs';
import { run } from './bootstrap/run.mjs';

type Entry = {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
};
type Packages = Record<string, Entry>;

const lockPath = join(root, 'package-lock.json');

if (import.meta.main) {
  await new Progress({ quiet: false }).step('package-lock.json', async (report) => {
    // In a folder without node_modules: what happens to be installed here must not decide.
    const folder = mkdtempSync(join(tmpdir(), 'mosis-lock-'));
    for (const file of ['package.json', '.npmrc', 'package-lock.json']) {
      copyFileSync(join(root, file), join(folder, file));
    }
    await run('npm', ['install', '--package-lock-only', '--ignore-scripts'], {
      log: 'npm-lock',
      cwd: folder,
      onLine: report,
    });
    const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as { packages: Packages };
    lock.packages = sorted({ ...lock.packages, ...missingEntries(lock.packages) });
    writeFileSync(lockPath, `${JSON.stringify(lock, null, 2)}\n`);
    rmSync(folder, { recursive: true });
  });
}

/** What is wrong with the lock file, or an empty text. */
export function lockFileFault(): string {
  const { packages } = JSON.parse(readFileSync(lockPath, 'utf8')) as { packages: Packages };
  const names = Object.keys(missingEntries(packages));
  return names.length === 0 ? '' : `package-lock.json lacks ${names.join(', ')}: run 'npm run lock'.`;
}

/** Entries for optional packages that a package of the lock file names and the lock file does not have. */
function missingEntries(packages: Packages): Packages {
  const missing: Packages = {};
  for (const [path, entry] of Object.entries(packages)) {
    for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
      const places = [`${path === '' ? '' : `${path}/`}node_modules/${name}`, `node_modules/${name}`];
      if (!places.some((place) => place in packages)) {
        missing[`node_modules/${name}`] = {
          version: range.replace(/^[\^~]/, ''),
          ...(entry.dev === true ? { dev: true } : {}),
          optional: true,
          ...platformOf(name),
        };
      }
    }
  }
  return missing;
}

/** Reads the platform from a package's name, as in `@swc/core-linux-x64-musl`. */
function platformOf(name: string): Pick<Entry, 'os' | 'cpu' | 'libc'> {
  const words = name.split(/[-/]/);
  const first = (known: readonly string[]): string[] => words.filter((word) => known.includes(word)).slice(0, 1);
  const os = first([
    'aix',
    'android',
    'darwin',
    'freebsd',
    'linux',
    'netbsd',
    'openbsd',
    'openharmony',
    'sunos',
    'win32',
  ]);
  const cpu = first(['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64']);
  const libc = words.some((word) => word.startsWith('musl')) ? ['musl'] : os.includes('linux') ? ['glibc'] : [];
  return {
    ...(os.length > 0 ? { os } : {}),
    ...(cpu.length > 0 ? { cpu } : {}),
    ...(libc.length > 0 ? { libc } : {}),
  };
}

function sorted(packages: Packages): Packages {
  return Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
}
