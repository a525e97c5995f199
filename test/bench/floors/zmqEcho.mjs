// Floor of the daemon's CPU per request: zeromq.js that echoes, no codec, no checks. node zmqEcho.mjs ENDPOINT
import { Router } from 'zeromq';

const router = new Router({ linger: 0, sendTimeout: 0 });
await router.bind(process.argv[2]);
console.log('ready');
for (;;) {
  const parts = await router.receive();
  router.send(parts).catch((error) => console.error(error.message));
}
