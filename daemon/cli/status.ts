// mosis status, mosis stop.
import type { RequestResult } from '../core/ports.ts';
import type { Paths } from '../platform/paths.ts';
import { openSession, withSession } from './client.ts';
import { table } from './table.ts';

type Status = RequestResult<'daemon.status'>;

const mebibyte = 1024 * 1024;
const stopLimitMs = 10_000;

export async function showStatus(paths: Paths, asJson: boolean): Promise<string> {
  const status = await withSession(paths, (client) => client.request('daemon.status', {}));
  return asJson ? `${JSON.stringify(status, null, 2)}\n` : readable(status);
}

function readable(status: Status): string {
  const { version, pid, profile, uptimeMs, stay, residentBytes, media, mediaPid, mediaRestarts } = status;
  const facts = [
    ['daemon', `${version}, process ${pid}, up ${duration(uptimeMs)}, ${(residentBytes / mebibyte).toFixed(0)} MiB`],
    ['profile', `${profile}${stay ? ', stays without games' : ''}`],
    ['media', `${media}${mediaPid === undefined ? '' : `, process ${mediaPid}`}, restarted ${mediaRestarts} times`],
    ['messages', `${status.outboxMessages} on their way, ${status.malformedMessages} malformed refused`],
  ];
  const parts = [facts.map(([name = '', text]) => `${name.padEnd(10)}${text}\n`).join('')];
  if (status.lines.length > 0) {
    const rows = status.lines.map((line) => [
      line.lineId,
      line.state,
      line.phoneId,
      line.displayName,
      line.server,
      line.text ?? '',
    ]);
    parts.push(table(['line', 'state', 'phone', 'name', 'server', ''], rows));
  }
  const games = status.sessions.filter((session) => session.app !== 'mosis');
  if (games.length > 0) {
    const rows = games.map((game) => [game.app, game.engine ?? '', game.pid, game.lineId, game.eventsQueued]);
    parts.push(table(['game', 'engine', 'process', 'line', 'events waiting'], rows));
  }
  return [...parts, ...status.missing.map((sentence) => `${sentence}\n`)].join('\n');
}

function duration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}

/** Resolves once the daemon said goodbye. */
export async function stopDaemon(paths: Paths): Promise<string> {
  let stopped = (): void => {};
  const goodbye = new Promise<void>((resolve, reject) => {
    stopped = resolve;
    setTimeout(
      () => reject(new Error(`The daemon did not stop within ${stopLimitMs} ms: look at its log.`)),
      stopLimitMs,
    ).unref();
  });
  const { client, identified } = await openSession(paths, { onGoodbye: () => stopped() });
  await client.request('daemon.stop', {});
  await goodbye;
  client.close();
  return `The daemon (process ${identified.pid}) stops.\n`;
}
