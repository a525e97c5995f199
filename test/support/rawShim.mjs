// A game without a shim: a bare ZeroMQ DEALER driven by JSON lines. Sends what it is told to, right or wrong, and prints what comes.
// Bytes travel as hex. Commands: connect, link, request, bytes, close, behave {pong?, taken?}.
import process from 'node:process';
import { createInterface } from 'node:readline';
import { curveKeyPair, Dealer } from 'zeromq';
import { decodeResult, decodeShim, encodeLink, encodeRequest } from '../../proto/runtime/index.ts';

/** @type {Dealer | undefined} */
let socket;
/** @type {Map<number, string>} */
const asked = new Map();
const behaviour = { pong: true, taken: false };

const print = (event) => process.stdout.write(`${JSON.stringify(event, plain)}\n`);
const plain = (_key, value) => (value?.type === 'Buffer' ? Buffer.from(value.data).toString('hex') : toHex(value));
const toHex = (value) => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value);
const fromHex = (text) => new Uint8Array(Buffer.from(text, 'hex'));

const commands = {
  async connect({ endpoint, curveServerKey, withoutCurve }) {
    socket?.close();
    const keys = curveKeyPair();
    const curve = { curveServerKey, curvePublicKey: keys.publicKey, curveSecretKey: keys.secretKey };
    socket = new Dealer({ linger: 500, ...(curveServerKey && !withoutCurve && curve) });
    watch(socket);
    socket.connect(endpoint);
    receive(socket);
  },
  async link({ name, value }) {
    if (value.sessionKey) value.sessionKey = fromHex(value.sessionKey);
    await socket.send(encodeLink(name, value));
  },
  async request({ id, name, params, key, deadlineMs }) {
    asked.set(id, name);
    const options = { deadlineMs, idempotencyKey: key === undefined ? undefined : fromHex(key) };
    await socket.send(encodeRequest(id, name, params, options));
  },
  /** `times` sends the same again and again. */
  async bytes({ parts, times = 1 }) {
    const message = parts.map(fromHex);
    for (let count = 0; count < times; count += 1) await socket.send(message);
    print({ event: 'bytesSent', times });
  },
  async behave(changes) {
    Object.assign(behaviour, changes);
  },
  async close() {
    socket.close();
    print({ event: 'closed' });
  },
};

async function watch(watched) {
  for await (const { type, error } of watched.events) print({ event: 'monitor', type, error: error?.message });
}

async function receive(from) {
  for await (const [bytes] of from) await received(decodeShim(bytes));
}

async function received(message) {
  if (message.kind === 'response') {
    const { requestId, ok } = message;
    const name = asked.get(requestId);
    if (ok) print({ event: 'response', requestId, ok, result: decodeResult(name, message.packedResult) });
    else print({ event: 'response', requestId, ok, code: message.code, text: message.text });
  } else if (message.kind === 'event') {
    print({ event: 'event', sequence: message.sequence, name: message.name, value: message.value });
    if (behaviour.taken) await socket.send(encodeLink('taken', { sequence: message.sequence }));
  } else if (message.kind === 'link') {
    if (message.name === 'ping' && behaviour.pong) await socket.send(encodeLink('pong', message.value));
    else print({ event: message.name, ...message.value });
  }
}

// One after the other: what is told first is sent first.
let turn = Promise.resolve();
createInterface({ input: process.stdin }).on('line', (line) => {
  const { do: name, ...rest } = JSON.parse(line);
  turn = turn.then(() => commands[name](rest));
});
print({ event: 'started' });
