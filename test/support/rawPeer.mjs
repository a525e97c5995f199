// A peer that may misbehave: bare libdatachannel, no code of ours. Driven by JSON lines on stdin, prints JSON lines.
//
// Commands                                                     Events
//   {"do":"offer","label":"x"}  {"do":"channel","label":"y"}     {"event":"description","type":…,"sdp":…}
//   {"do":"description","type":…,"sdp":…}                        {"event":"candidate","candidate":…,"mid":…}
//   {"do":"candidate","candidate":…,"mid":…}                     {"event":"channel","label":…,"state":"open"|"closed"}
//   {"do":"text","label":"x","text":…}                           {"event":"message","label":…,"text":…}
//   {"do":"bytes","label":"x","count":…}  {"do":"quit"}          {"event":"message","label":…,"text":…,"hex":…}   binary
//   {"do":"hex","label":"x","hex":…}                             {"event":"error","text":…}
import { createInterface } from 'node:readline';
import { cleanup, PeerConnection } from 'node-datachannel';

const print = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);
const pc = new PeerConnection('raw', {
  iceServers: [],
  bindAddress: '127.0.0.1',
  disableAutoNegotiation: true,
  maxMessageSize: 16_777_216,
});
const channels = new Map();

pc.onLocalDescription((sdp, type) => print({ event: 'description', type, sdp }));
pc.onLocalCandidate((candidate, mid) => print({ event: 'candidate', candidate, mid }));
pc.onDataChannel(adopt);

function adopt(channel) {
  const label = channel.getLabel();
  channels.set(label, channel);
  channel.onOpen(() => print({ event: 'channel', label, state: 'open' }));
  channel.onClosed(() => print({ event: 'channel', label, state: 'closed' }));
  channel.onMessage((data) => {
    const hex = typeof data === 'string' ? {} : { hex: Buffer.from(data).toString('hex') };
    print({ event: 'message', label, text: String(data), ...hex });
  });
}

const commands = {
  offer({ label }) {
    adopt(pc.createDataChannel(label));
    pc.setLocalDescription('offer');
  },
  channel: ({ label }) => adopt(pc.createDataChannel(label)),
  description({ type, sdp }) {
    pc.setRemoteDescription(sdp, type);
    if (type === 'offer') pc.setLocalDescription('answer');
  },
  candidate: ({ candidate, mid }) => pc.addRemoteCandidate(candidate, mid),
  text: ({ label, text }) => channels.get(label).sendMessage(text),
  bytes: ({ label, count }) => channels.get(label).sendMessageBinary(Buffer.alloc(count, 7)),
  hex: ({ label, hex }) => channels.get(label).sendMessageBinary(Buffer.from(hex, 'hex')),
  quit() {
    pc.close();
    cleanup();
    process.exit(0);
  },
};

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const command = JSON.parse(line);
    try {
      commands[command.do](command);
    } catch (error) {
      print({ event: 'error', text: error.message });
    }
  })
  .on('close', () => commands.quit());
process.on('SIGTERM', () => commands.quit());
