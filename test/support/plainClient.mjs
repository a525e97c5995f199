// A phone written against the specification alone: its signalling messages over raw `ws`, one data channel with string JSON messages, and no
// code of ours. Driven by JSON lines on stdin, prints JSON lines. One process = one phone (libdatachannel wants a process of its own).
//
//   node test/support/plainClient.mjs [--bind 127.0.0.1] [--label chat]
//
// Commands                                          Events
//   {"do":"connect","url":"ws://…"}                   {"event":"open"}  {"event":"closed","code":…,"reason":…}
//   {"do":"register","id":"bob","name":"Bob"}         {"event":"signal","message":{…}}             every signalling message received
//   {"do":"get_peers"}                                {"event":"state","peer":…,"state":…}         of the PeerConnection
//   {"do":"offer","to":"ada","label":"x"}             {"event":"channel","peer":…,"label":…,"state":"open"|"closed"}
//   {"do":"send","to":"ada","text":"hello"}           {"event":"message","peer":…,"text":…}        {"type":"message"} received
//   {"do":"raw","message":{…}}  (signalling, as is)   {"event":"other","peer":…,"text":…} | {"event":"binary","peer":…,"sizeBytes":…}
//   {"do":"channelRaw","to":"ada","text":"{…"}        {"event":"pair","peer":…,"local":…,"remote":…}   answer to pair
//   {"do":"pair","to":"ada"}  {"do":"hangUp","to":"ada"}
//   {"do":"disconnect"}  {"do":"quit"}                {"event":"replaced","peer":…,"text":…}       by a connection that the peer began anew
//                                                     {"event":"error","text":…}                   a command or a foreign message failed
//
// Offers are answered without asking, also while an own offer is out (libdatachannel rolls back by itself): two such clients that offer at the
// same moment end in `failed`, as the specification has them. Candidates go out as libdatachannel's std::string(candidate), with "a=" in front
// and without a mid.
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { cleanup, PeerConnection } from 'node-datachannel';
import { WebSocket } from 'ws';

const { values: options } = parseArgs({
  options: { bind: { type: 'string' }, label: { type: 'string', default: 'messages' } },
});

let ws;
let phoneId;
/** Peer id → { pc, channel, described, early: candidates that came before the description }. */
const peers = new Map();

const print = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);
const attempt = (what, action) => {
  try {
    action();
  } catch (error) {
    print({ event: 'error', text: `${what}: ${error.message}` });
  }
};
const signal = (message) => {
  if (ws?.readyState !== WebSocket.OPEN) throw new Error('not connected to the signalling server');
  ws.send(JSON.stringify(message));
};

function createPeer(peerId) {
  closePeer(peerId);
  const pc = new PeerConnection(phoneId ?? 'plain', {
    iceServers: [],
    ...(options.bind ? { bindAddress: options.bind } : {}),
  });
  const peer = { pc, channel: undefined, described: false, early: [] };
  peers.set(peerId, peer);
  const current = () => peers.get(peerId) === peer;
  pc.onLocalDescription((sdp, type) => attempt('description', () => signal({ type, to: peerId, sdp })));
  pc.onLocalCandidate((candidate) => {
    const line = candidate.startsWith('a=') ? candidate : `a=${candidate}`;
    attempt('candidate', () => signal({ type: 'candidate', to: peerId, candidate: line }));
  });
  pc.onStateChange((state) => current() && print({ event: 'state', peer: peerId, state }));
  pc.onDataChannel((channel) => useChannel(peerId, peer, channel));
  return peer;
}

function useChannel(peerId, peer, channel) {
  peer.channel = channel;
  const label = channel.getLabel();
  const opened = () => print({ event: 'channel', peer: peerId, label, state: 'open' });
  channel.onClosed(() => print({ event: 'channel', peer: peerId, label, state: 'closed' }));
  channel.onMessage((data) => {
    if (typeof data !== 'string') return print({ event: 'binary', peer: peerId, sizeBytes: data.byteLength });
    attempt('data channel message', () => {
      const message = JSON.parse(data);
      if (message.type === 'message') print({ event: 'message', peer: peerId, text: message.text });
      else print({ event: 'other', peer: peerId, text: data });
    });
  });
  // An incoming channel may be open already when it is handed out.
  if (channel.isOpen()) opened();
  else channel.onOpen(opened);
}

function closePeer(peerId) {
  const peer = peers.get(peerId);
  if (!peer) return;
  peers.delete(peerId);
  peer.channel?.close();
  peer.pc.close();
}

function describe(peer, sdp, type) {
  peer.pc.setRemoteDescription(sdp, type);
  peer.described = true;
  for (const candidate of peer.early.splice(0)) peer.pc.addRemoteCandidate(candidate, '');
}

/** A second offer renegotiates the connection that is there; if it does not fit that one, the peer has begun anew. */
function takeOffer(from, sdp) {
  const peer = peers.get(from);
  if (peer && ['new', 'connecting', 'connected'].includes(peer.pc.state())) {
    try {
      return describe(peer, sdp, 'offer');
    } catch (error) {
      print({ event: 'replaced', peer: from, text: error.message });
    }
  }
  describe(createPeer(from), sdp, 'offer');
}

const signalHandlers = {
  offer: ({ from, sdp }) => takeOffer(from, sdp),
  answer: ({ from, sdp }) => {
    const peer = peers.get(from);
    if (peer) describe(peer, sdp, 'answer');
  },
  candidate: ({ from, candidate }) => {
    const peer = peers.get(from);
    if (peer?.described) peer.pc.addRemoteCandidate(candidate, '');
    else peer?.early.push(candidate);
  },
};

const channelTo = (peerId) => {
  const channel = peers.get(peerId)?.channel;
  if (!channel?.isOpen()) throw new Error(`no open channel to ${peerId}`);
  return channel;
};

const commands = {
  connect({ url }) {
    ws = new WebSocket(url);
    ws.on('open', () => print({ event: 'open' }));
    ws.on('close', (code, reason) => print({ event: 'closed', code, reason: reason.toString() }));
    ws.on('error', (error) => print({ event: 'error', text: `signalling: ${error.message}` }));
    ws.on('message', (data) => {
      const message = JSON.parse(data);
      print({ event: 'signal', message });
      attempt(message.type, () => signalHandlers[message.type]?.(message));
    });
  },
  register({ id, name }) {
    phoneId = id;
    signal(name === undefined ? { type: 'register', id } : { type: 'register', id, name });
  },
  get_peers: () => signal({ type: 'get_peers' }),
  offer({ to, label }) {
    const peer = createPeer(to);
    // Creating the channel makes libdatachannel negotiate by itself: onLocalDescription sends the offer.
    useChannel(to, peer, peer.pc.createDataChannel(label ?? options.label));
  },
  send: ({ to, text }) => channelTo(to).sendMessage(JSON.stringify({ type: 'message', text })),
  channelRaw: ({ to, text }) => channelTo(to).sendMessage(text),
  raw: ({ message }) => signal(message),
  pair({ to }) {
    const pair = peers.get(to)?.pc.getSelectedCandidatePair();
    print({ event: 'pair', peer: to, local: pair?.local ?? null, remote: pair?.remote ?? null });
  },
  hangUp: ({ to }) => closePeer(to),
  disconnect: () => ws?.close(),
  quit() {
    for (const id of [...peers.keys()]) closePeer(id);
    ws?.terminate();
    cleanup();
    process.exit(0);
  },
};

const input = createInterface({ input: process.stdin });
input.on('line', (line) =>
  attempt(line.slice(0, 100), () => {
    const command = JSON.parse(line);
    if (!Object.hasOwn(commands, command.do)) throw new Error('no such command');
    commands[command.do](command);
  }),
);
input.on('close', () => commands.quit());
process.once('SIGTERM', () => commands.quit());
print({ event: 'ready', pid: process.pid });
