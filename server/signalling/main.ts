// Runs the signalling server from the command line: options, one line when it listens, orderly stop.
import { parseArgs } from 'node:util';
import { SignallingServer } from './server.ts';
import { type LimitName, limitNames, limits, optionOf, settingsWith } from './settings.ts';

const refusalReportMs = 60_000;

function usage(): string {
  const rows = limitNames.map((name) => {
    const { default: usual, unit, doc } = limits[name];
    return `  --${optionOf(name).padEnd(20)} ${doc} (${usual} ${unit})`;
  });
  return `Mosis signalling server

  --port PORT            Port; 0 = any free one (8080)
  --host HOST            Address to listen on; 0.0.0.0 = all of them (127.0.0.1)
  --trust-proxy          Behind a proxy: take addresses from X-Forwarded-For
  --json                 Print {"event":"listening","port":…,"url":…} in place of the sentence
  --help

Limits
${rows.join('\n')}
`;
}

interface CommandLine {
  readonly host: string;
  readonly port: number;
  readonly trustProxy: boolean;
  readonly json: boolean;
  readonly help: boolean;
  readonly limits: Partial<Record<LimitName, number>>;
}

/** @throws Error with a text for people */
function readCommandLine(args: string[]): CommandLine {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args,
    options: {
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: '8080' },
      'trust-proxy': flag,
      json: flag,
      help: flag,
      ...Object.fromEntries(limitNames.map((name) => [optionOf(name), text])),
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('--port must be a number from 0 to 65535');
  const given: Partial<Record<LimitName, number>> = {};
  for (const name of limitNames) {
    const value = (values as Record<string, unknown>)[optionOf(name)];
    if (value !== undefined) given[name] = Number(value);
  }
  const { host, json, help } = values;
  return { host, port, json, help, trustProxy: values['trust-proxy'], limits: given };
}

async function main(): Promise<void> {
  const options = readCommandLine(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(usage());
    return;
  }
  const { host, trustProxy } = options;
  const server = new SignallingServer({ host, port: options.port, trustProxy, settings: settingsWith(options.limits) });
  const port = await server.start();
  const url = `ws://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const line = options.json
    ? JSON.stringify({ event: 'listening', host, port, url, pid: process.pid })
    : `signalling server listens on ${url} (pages: /health, /metrics)`;
  process.stdout.write(`${line}\n`);
  const report = setInterval(reporter(server), refusalReportMs);
  const stop = (): void => {
    clearInterval(report);
    // A second signal ends the process at once.
    process.removeAllListeners('SIGTERM').removeAllListeners('SIGINT');
    void server.stop();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

/** Prints what was refused since the last time; counts only, never anything that a client wrote. */
function reporter(server: SignallingServer): () => void {
  let before: Record<string, number> = {};
  return () => {
    const now = server.metrics.refusedByReason();
    const news = Object.entries(now)
      .map(([reason, count]) => [reason, count - (before[reason] ?? 0)] as const)
      .filter(([, count]) => count > 0);
    before = now;
    if (news.length === 0) return;
    process.stderr.write(`refused: ${news.map(([reason, count]) => `${reason} ${count}`).join(', ')}\n`);
  };
}

try {
  await main();
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  const hint = code === 'EADDRINUSE' ? ': the port is taken; choose another one with --port' : '';
  process.stderr.write(`signalling server: ${message}${hint}\n`);
  process.exitCode = 1;
}
