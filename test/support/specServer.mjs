// The signalling server that the specification prints, and nothing else: what our clients must be able to live with.
//
//   node test/support/specServer.mjs [--port 0]      prints {"event":"listening","port":…,"url":…}; ends on SIGTERM
//
// It never answers get_peers, tells a joiner nothing of earlier peers, drops what is for an unknown id without a word, echoes a client's own
// peer_joined, forwards a message of somebody unregistered without `from`, hands an id to whoever asks last, and dies of text that is not JSON.
import { parseArgs } from 'node:util';
import { WebSocketServer } from 'ws';

const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } });
const wss = new WebSocketServer({ host: '127.0.0.1', port: Number(values.port) });

const peers = new Map();

wss.on('connection', (ws) => {
  ws.on('message', (data) => {
    const msg = JSON.parse(data);

    if (msg.type === 'register') {
      peers.set(msg.id, { ws, name: msg.name });
      broadcast({ type: 'peer_joined', id: msg.id, name: msg.name });
    } else if (msg.to) {
      // Forward to recipient
      const peer = peers.get(msg.to);
      if (peer) {
        msg.from = [...peers.entries()].find(([_, p]) => p.ws === ws)?.[0];
        peer.ws.send(JSON.stringify(msg));
      }
    }
  });

  ws.on('close', () => {
    const id = [...peers.entries()].find(([_, p]) => p.ws === ws)?.[0];
    if (id) {
      peers.delete(id);
      broadcast({ type: 'peer_left', id });
    }
  });
});

function broadcast(msg) {
  for (const peer of peers.values()) peer.ws.send(JSON.stringify(msg));
}

// Beyond the specification, for the test that started it: where it listens, and how it stops.
wss.on('listening', () => {
  const { port } = wss.address();
  console.log(JSON.stringify({ event: 'listening', port, url: `ws://127.0.0.1:${port}` }));
});
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit(0));
