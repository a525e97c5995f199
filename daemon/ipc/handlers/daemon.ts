// Requests about the daemon itself.
import type { Handlers } from './handler.ts';

export const daemonHandlers: Handlers<'daemon'> = {
  'daemon.status': ({ status }) => status(),
  'daemon.stop': ({ stopDaemon }) => {
    stopDaemon();
    return {};
  },
};
