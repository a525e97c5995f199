// A stand-in for the daemon that only keeps a media child: tests kill it, or look at what it and its child have open.
//
//   node test/support/mediaOwner.ts      prints {"event":"running","child":pid,"libraries":[…]} when the child runs; ends on SIGTERM
import type { Log } from '../../daemon/core/ports.ts';
import { createMediaHost } from '../../daemon/mediaHost/mediaHost.ts';
import { createClock } from '../../daemon/platform/clock.ts';

const print = (event: object): boolean => process.stdout.write(`${JSON.stringify(event)}\n`);

function report(): void {
  const { sharedObjects } = process.report.getReport() as { sharedObjects: string[] };
  print({ event: 'running', child: host.pid, libraries: sharedObjects });
}

const log: Log = {
  error: (message, fields) => print({ event: 'error', message, ...fields }),
  warn: (message, fields) => print({ event: 'warn', message, ...fields }),
  info: (_message, fields) => {
    // The state is set before it is told, but the child is only then configured.
    if (fields?.state === 'running') setImmediate(report);
  },
  debug: () => undefined,
};
const host = createMediaHost({ log, clock: createClock(), bindAddress: '127.0.0.1' });
host.start();
process.once('SIGTERM', async () => {
  await host.stop();
  process.exit(0);
});
