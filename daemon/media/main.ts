// The media child: a process of its own, because a native crash must cost a reconnect and not the phone. Forked by mediaHost.
import type { Log } from '../core/ports.ts';
import type { FromMedia, ToMedia } from '../mediaChannel/channel.ts';

function post(message: FromMedia, written?: () => void): void {
  // A broken channel is told by `disconnect`, which ends the process: nothing to do about it here.
  if (process.connected) process.send?.(message, undefined, undefined, () => written?.());
}

const tell =
  (level: Extract<FromMedia, { kind: 'log' }>['level']): Log['info'] =>
  (message, fields = {}) =>
    post({ kind: 'log', level, message, fields });
const log: Log = { error: tell('error'), warn: tell('warn'), info: tell('info'), debug: tell('debug') };

if (process.send === undefined) {
  process.stderr.write('This is the media child of mosisd; the daemon starts it by itself.\n');
  process.exit(2);
}
// Ctrl-C in a terminal reaches the whole process group; the daemon decides when its child ends.
process.on('SIGINT', () => log.debug('SIGINT ignored'));

/** Imported late so that a missing or broken native library is told in words. */
async function load() {
  const [library, { warmUp }, { createConnections }] = await Promise.all([
    import('./webrtc/library.ts'),
    import('./webrtc/warmUp.ts'),
    import('./connections.ts'),
  ]);
  const start = (): string => library.startLibrary((text) => log.warn('libdatachannel', { text }));
  const version = start();
  const connections = createConnections(post, log, {
    wake: start,
    sleep() {
      log.debug('No connections: the WebRTC library sleeps');
      library.stopLibrary();
    },
  });
  return { library, version, warmUp, connections };
}

try {
  const { library, version, warmUp, connections } = await load();
  const exit = (): void => {
    connections.closeAll();
    library.stopLibrary();
    process.exit(0);
  };
  process.on('message', (message: ToMedia) => {
    if (message.kind === 'ping') post({ kind: 'pong' });
    else if (message.kind === 'configure') connections.configure(message.settings);
    else if (message.kind === 'stop') exit();
    else connections.run(message);
  });
  process.on('disconnect', exit);
  if (!process.connected) exit();
  post({ kind: 'ready', libraryVersion: version });
  // Nothing depends on it.
  warmUp()
    .catch((error) => log.warn('Warm-up failed', { reason: String(error) }))
    .finally(connections.restLater);
} catch (error) {
  const text = error instanceof Error ? error.message : String(error);
  post({ kind: 'cannotStart', text }, () => process.exit(1));
}
