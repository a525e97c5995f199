// One daemon and any number of bare games per test, all ended afterwards.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { type DaemonOptions, DaemonProcess, RawShim } from '../../support/daemonProcess.ts';
import { temporaryFolders } from '../../support/temporaryFolders.ts';

export const ada = { server: 'ws://s', phoneId: 'ada', displayName: 'Ada' };

export interface Harness {
  newFolder(): string;
  startDaemon(options?: Partial<DaemonOptions>): Promise<DaemonProcess>;
  /** Ended after the test, with whatever else was started. */
  keep<T extends { stop(): Promise<unknown> }>(process: T): T;
  newShim(): RawShim;
}

/** Call at the top of a file. */
export function harness(): Harness {
  const running: { stop(): Promise<unknown> }[] = [];
  // Before our own hook, since Jest calls these in the order of registration, last first: processes end before their folders go.
  const newFolder = temporaryFolders();
  afterEach(async () => {
    await Promise.all(running.splice(0).map((process) => process.stop()));
  });
  const keep = <T extends { stop(): Promise<unknown> }>(process: T): T => {
    running.push(process);
    return process;
  };
  return {
    newFolder,
    keep,
    newShim: () => keep(new RawShim()),
    async startDaemon(options = {}) {
      const daemon = keep(DaemonProcess.begin({ folder: newFolder(), ...options }));
      const line = await daemon.readyLine;
      if (line !== 'ready') throw new Error(`the daemon said "${line}"; stderr: ${daemon.errors}`);
      return daemon;
    },
  };
}

/** A daemon for all tests of a file or describe, for those that leave no trace in it. */
export function sharedDaemon(options: Partial<DaemonOptions> = {}): () => DaemonProcess {
  let daemon: DaemonProcess | undefined;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mosis-test-'));
  beforeAll(async () => {
    daemon = await DaemonProcess.start({ folder, ...options });
  });
  afterAll(async () => {
    await daemon?.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  });
  return () => {
    if (!daemon) throw new Error('the daemon runs only during tests');
    return daemon;
  };
}
