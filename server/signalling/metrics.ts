// What the server counts, and the two pages that show it. Labels come from fixed lists: no text of a client ever becomes one.
import { signals } from '../../proto/schema/signalling/index.ts';

export const refusals = [
  'badMessage',
  'notRegistered',
  'idTaken',
  'unreachable',
  'rateLimited',
  'tooLarge',
  'roomFull',
  'slowReader',
  'silent',
  'registerTimeout',
  'connectRate',
  'maxSockets',
] as const;
export type Refusal = (typeof refusals)[number];

/** Message types that get a label of their own; every other one counts as `other`. */
const typeLabels: readonly string[] = [
  ...Object.values(signals)
    .filter((signal) => signal.direction !== 'toClient')
    .map((signal) => signal.name),
  'other',
];
const labelOf = (type: string): string => (typeLabels.includes(type) ? type : 'other');

/** What is true now; the rest of the numbers only ever grows. */
export interface Gauges {
  readonly sockets: number;
  readonly registered: number;
  readonly rooms: number;
}

export class Metrics {
  readonly #received = zeros(typeLabels);
  readonly #relayed = zeros(typeLabels);
  readonly #relayedBytes = zeros(typeLabels);
  readonly #refused = zeros(refusals);
  connects = 0;
  takeovers = 0;
  bytesReceived = 0;
  bytesSent = 0;

  received(type: string): void {
    add(this.#received, labelOf(type), 1);
  }

  relayed(type: string, sizeBytes: number): void {
    const label = labelOf(type);
    add(this.#relayed, label, 1);
    add(this.#relayedBytes, label, sizeBytes);
  }

  refused(reason: Refusal): void {
    add(this.#refused, reason, 1);
  }

  /** Refusals so far, reason → count, those at zero left out. */
  refusedByReason(): Record<string, number> {
    return Object.fromEntries([...this.#refused].filter(([, count]) => count > 0));
  }

  /** JSON of `/health`. */
  health(gauges: Gauges): string {
    return JSON.stringify({ status: 'ok', ...gauges, uptimeSeconds: Math.floor(process.uptime()), pid: process.pid });
  }

  /** Prometheus text format 0.0.4 of `/metrics`. */
  page(gauges: Gauges): string {
    const cpu = process.cpuUsage();
    const page = new Page();
    page.add('sockets', 'gauge', 'Open sockets', gauges.sockets);
    page.add('registered', 'gauge', 'Registered clients', gauges.registered);
    page.add('rooms', 'gauge', 'Rooms with at least one registered client', gauges.rooms);
    page.add('connects_total', 'counter', 'Sockets accepted', this.connects);
    page.add('takeovers_total', 'counter', 'Ids taken over from another socket', this.takeovers);
    page.add('received_bytes_total', 'counter', 'Payload bytes received', this.bytesReceived);
    page.add('sent_bytes_total', 'counter', 'Payload bytes sent', this.bytesSent);
    page.addAll('received_messages_total', 'Well-formed messages received', 'type', this.#received);
    page.addAll('relayed_messages_total', 'Messages forwarded to another client', 'type', this.#relayed);
    page.addAll('relayed_bytes_total', 'Payload bytes of forwarded messages', 'type', this.#relayedBytes);
    page.addAll('refusals_total', 'What was refused, or closed by the server', 'reason', this.#refused);
    page.add('cpu_seconds_total', 'counter', 'Processor time', (cpu.user + cpu.system) / 1e6);
    page.add('resident_memory_bytes', 'gauge', 'Resident memory', process.memoryUsage.rss());
    return page.text;
  }
}

const zeros = (labels: readonly string[]): Map<string, number> => new Map(labels.map((label) => [label, 0]));

function add(counts: Map<string, number>, label: string, by: number): void {
  counts.set(label, (counts.get(label) ?? 0) + by);
}

class Page {
  text = '';

  add(name: string, kind: 'gauge' | 'counter', help: string, value: number): void {
    this.#head(name, kind, help);
    this.text += `mosis_signalling_${name} ${value}\n`;
  }

  addAll(name: string, help: string, label: string, counts: ReadonlyMap<string, number>): void {
    this.#head(name, 'counter', help);
    for (const [value, count] of counts) this.text += `mosis_signalling_${name}{${label}="${value}"} ${count}\n`;
  }

  #head(name: string, kind: string, help: string): void {
    this.text += `# HELP mosis_signalling_${name} ${help}\n# TYPE mosis_signalling_${name} ${kind}\n`;
  }
}
