// Floor of the signalling bench: a bare `ws` server that sends every message back. Prints {"event":"listening","port":…,"url":…}.
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({
  host: '127.0.0.1',
  port: 0,
  backlog: 4096,
  perMessageDeflate: false,
  clientTracking: false,
});
server.on('connection', (ws) => {
  ws.on('message', (data) => ws.send(data, { binary: false }));
});
server.on('listening', () => {
  const { port } = server.address();
  console.log(JSON.stringify({ event: 'listening', port, url: `ws://127.0.0.1:${port}` }));
});
process.once('SIGTERM', () => process.exit(0));
