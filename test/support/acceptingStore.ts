// Accepts and receives messages as fast as the disk takes them and prints each as a JSON line once it is stored. Meant to be killed.
// Arguments: database file, first number.
import fs from 'node:fs';
import process from 'node:process';
import { openStore } from '../../daemon/store/store.ts';

const [file = '', first = '0'] = process.argv.slice(2);
const silent = () => {};
const store = openStore({ file, now: Date.now, log: { error: silent, warn: silent, info: silent, debug: silent } });
const { lineId } = store.openLine({ server: 'ws://s', phoneId: 'ada', displayName: 'Ada' });

/** 16 bytes that belong to one number. */
function bytesOf(number: number): Uint8Array {
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setFloat64(8, number);
  return bytes;
}

for (let number = Number(first); ; number += 1) {
  const uuid = bytesOf(number);
  const sent = { lineId, peerId: 'bob', text: `${number}`, uuid, sentAt: number, idempotencyKey: uuid };
  const { messageId } = store.acceptMessage(sent);
  fs.writeSync(1, `${JSON.stringify({ event: 'accepted', number, messageId })}\n`);
  let sequence = 0;
  store.receiveMessage({ lineId, peerId: 'bob', uuid, text: `${number}`, sentAt: number, receivedAt: number }, () => {
    sequence = store.nextSequence();
    return { sequence, name: 'message.received', bytes: uuid };
  });
  fs.writeSync(1, `${JSON.stringify({ event: 'received', number, sequence })}\n`);
  store.setTaken(lineId, sequence);
}
