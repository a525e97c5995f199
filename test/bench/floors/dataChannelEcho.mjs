// Floor of messages over WebRTC: two processes with bare libdatachannel, one message there and back at a time.
//
//   node dataChannelEcho.mjs COUNT BYTES      prints {"roundTripsMs":[…]} and ends
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { PeerConnection } from 'node-datachannel';

const [count, bytes] = process.argv.slice(2).map(Number);
const pc = new PeerConnection('floor', { iceServers: [], bindAddress: '127.0.0.1', forceMediaTransport: true });

if (process.send) {
  join((message) => process.send(message), process);
  pc.onDataChannel((channel) => channel.onMessage((data) => channel.sendMessageBinary(Buffer.from(data))));
} else {
  const child = fork(fileURLToPath(import.meta.url));
  join((message) => child.send(message), child);
  const roundTripsMs = await measure(pc.createDataChannel('chat'));
  console.log(JSON.stringify({ roundTripsMs }));
  child.kill('SIGKILL');
  process.exit(0);
}

function join(send, other) {
  pc.onLocalDescription((sdp, type) => send({ sdp, type }));
  other.on('message', ({ sdp, type, candidate, mid }) => {
    if (sdp) pc.setRemoteDescription(sdp, type);
    else pc.addRemoteCandidate(candidate, mid);
  });
  pc.onLocalCandidate((candidate, mid) => send({ candidate, mid }));
}

function measure(channel) {
  const message = Buffer.alloc(bytes, 7);
  const times = [];
  let sentMs = 0;
  return new Promise((resolve) => {
    const next = () => {
      sentMs = performance.now();
      channel.sendMessageBinary(message);
    };
    channel.onOpen(next);
    channel.onMessage(() => {
      times.push(performance.now() - sentMs);
      if (times.length < count) setImmediate(next);
      else resolve(times);
    });
  });
}
