// The daemon program: the real parts behind the ports of core. Everything about start and stop is in daemon.ts.
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { createPhone } from './core/phone.ts';
import { type PhoneAndMedia, type PhoneBase, runDaemon } from './daemon.ts';
import { createMediaHost } from './mediaHost/mediaHost.ts';
import { createSignalling } from './signalling/signalling.ts';

function buildPhone(base: PhoneBase): PhoneAndMedia {
  const { store, identity, shims, clock, random, config, version } = base;
  const media = createMediaHost({
    log: base.logger('mosis:mediaHost'),
    clock,
    iceServers: config.iceServers,
    bindAddress: config.bindAddress,
  });
  const phone = createPhone({
    ...{ store, identity, shims, clock, random, media },
    signalling: createSignalling({ log: base.logger('mosis:signalling'), clock }),
    log: base.logger('mosis:core'),
    peerIdleMs: config.peerIdleSeconds * 1000,
    software: `mosis-bridge ${version}`,
    malformed: base.malformed,
  });
  return { phone, media, stopMedia: () => media.stop() };
}

const given = process.argv.slice(2);
if (process.env.MOSIS_LOCK_FD === undefined && process.platform !== 'win32') {
  // Started by hand: the program script takes the lock first and comes back here.
  const script = fileURLToPath(new URL('./bin/mosisd', import.meta.url));
  process.execve?.(script, [script, ...given], process.env);
}
await runDaemon(given, buildPhone);
