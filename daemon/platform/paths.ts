// Where the daemon keeps things, and whether those folders are ours alone. Must do what bindings/native/src/launch does, byte for byte.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { MosisError } from '../core/errors.ts';

/** Where one profile lives. All paths are absolute. */
export interface Paths {
  readonly profile: string;
  /** `<runtime>/<profile>/v1`: socket, locks, endpoint.json. Gone after a reboot. */
  readonly runtimeFolder: string;
  readonly socketFile: string;
  readonly endpointFile: string;
  readonly lockFile: string;
  readonly spawnLockFile: string;
  /** `<data>/<profile>`: what survives. */
  readonly dataFolder: string;
  readonly databaseFile: string;
  readonly configFile: string;
  readonly logFolder: string;
  /** Folders that must be ours alone, outermost first. */
  readonly privateFolders: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Version of the runtime folder: one per protocol major, so that two majors run side by side. */
const runtimeVersion = 'v1';
/** sun_path without its closing zero: 108 bytes on Linux, 104 on macOS; the smaller one keeps both the same. */
const maxSocketPathBytes = 103;

export function checkProfile(profile: string): string {
  if (!/^[a-z0-9_-]{1,32}$/.test(profile)) {
    throw new MosisError(
      'invalidArgument',
      `Profile "${profile}" is no profile name: use 1 to 32 of a-z, 0-9, "_" and "-".`,
    );
  }
  return profile;
}

/** Profile: the given one, else `MOSIS_PROFILE`, else `default`. */
export function profileFrom(given: string | undefined, env: Environment): string {
  return checkProfile(given || env.MOSIS_PROFILE || 'default');
}

/** Computes the paths of a profile; touches nothing. Throws invalidArgument for a path that no socket can have. */
export function pathsFor(profile: string, env: Environment = process.env): Paths {
  checkProfile(profile);
  const runtimeBase = runtimeBaseFolder(env);
  const dataBase = dataBaseFolder(env);
  const runtimeFolder = path.join(runtimeBase, profile, runtimeVersion);
  const dataFolder = path.join(dataBase, profile);
  const socketFile = path.join(runtimeFolder, 'control.sock');
  if (process.platform !== 'win32' && Buffer.byteLength(socketFile) > maxSocketPathBytes) {
    throw new MosisError(
      'invalidArgument',
      `The socket path ${socketFile} is longer than ${maxSocketPathBytes} bytes: set XDG_RUNTIME_DIR or MOSIS_RUNTIME_DIR to a shorter folder.`,
    );
  }
  return {
    profile,
    runtimeFolder,
    socketFile,
    endpointFile: path.join(runtimeFolder, 'endpoint.json'),
    lockFile: path.join(runtimeFolder, 'daemon.lock'),
    spawnLockFile: path.join(runtimeFolder, 'spawn.lock'),
    dataFolder,
    databaseFile: path.join(dataFolder, 'phone.db'),
    configFile: path.join(dataFolder, 'config.json'),
    logFolder: path.join(dataFolder, 'logs'),
    privateFolders: [
      runtimeBase,
      path.join(runtimeBase, profile),
      runtimeFolder,
      dataFolder,
      path.join(dataFolder, 'logs'),
    ],
  };
}

function runtimeBaseFolder(env: Environment): string {
  if (env.MOSIS_RUNTIME_DIR) return path.resolve(env.MOSIS_RUNTIME_DIR);
  if (process.platform === 'win32') return path.join(localAppData(env), 'Mosis', 'run');
  // The XDG specification says that relative values are to be ignored.
  if (env.XDG_RUNTIME_DIR && path.isAbsolute(env.XDG_RUNTIME_DIR)) return path.join(env.XDG_RUNTIME_DIR, 'mosis');
  return `/tmp/mosis-${ownUid()}`;
}

function dataBaseFolder(env: Environment): string {
  if (env.MOSIS_DATA_DIR) return path.resolve(env.MOSIS_DATA_DIR);
  if (process.platform === 'win32') return path.join(localAppData(env), 'Mosis', 'data');
  if (env.XDG_DATA_HOME && path.isAbsolute(env.XDG_DATA_HOME)) return path.join(env.XDG_DATA_HOME, 'mosis');
  return path.join(env.HOME || os.homedir(), '.local', 'share', 'mosis');
}

function localAppData(env: Environment): string {
  return env.LOCALAPPDATA || path.join(os.homedir(), 'AppData', 'Local');
}

/** Makes the folders that are missing (0700) and checks each. Throws unsafeFolder with what to do. */
export function openFolders(paths: Paths): void {
  for (const folder of paths.privateFolders) openPrivateFolder(folder);
}

/** Makes `folder` (0700) unless it is there; throws unsafeFolder when it is not a folder that is ours alone. */
export function openPrivateFolder(folder: string): void {
  make(folder);
  checkPrivateFolder(folder);
}

/** An existing one is left to the check that follows. */
function make(folder: string): void {
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    throw new MosisError(
      'unsafeFolder',
      `The folder ${folder} cannot be made (${message}): check the rights of ${path.dirname(folder)}.`,
      error,
    );
  }
}

/** Throws unsafeFolder unless `folder` is a real folder (no link), ours, and closed to group and others. */
export function checkPrivateFolder(folder: string): void {
  const found = fs.lstatSync(folder, { throwIfNoEntry: false });
  if (found === undefined) throw unsafe(folder, 'does not exist', 'start the daemon, which makes it');
  if (!found.isDirectory()) throw unsafe(folder, 'is not a folder (links are not followed)', 'remove or rename it');
  // Windows has neither uid nor mode bits; its folders lie under the user's profile, whose access list is private.
  if (process.platform === 'win32') return;
  if (found.uid !== ownUid()) {
    throw unsafe(folder, `belongs to uid ${found.uid}, not to you (uid ${ownUid()})`, 'let its owner remove it');
  }
  if ((found.mode & 0o077) !== 0) {
    const mode = (found.mode & 0o777).toString(8).padStart(4, '0');
    throw unsafe(folder, `is open to other users (mode ${mode})`, `run: chmod 700 ${folder}`);
  }
}

function unsafe(folder: string, fault: string, remedy: string): MosisError {
  return new MosisError('unsafeFolder', `The folder ${folder} ${fault}: ${remedy}.`);
}

/** Effective user id; 0 where the system has none. */
export function ownUid(): number {
  return process.geteuid?.() ?? 0;
}
