// The door to signalling servers; when to dial again is core's line machine's to decide.
import { MosisError } from '../core/errors.ts';
import type { Signalling } from '../core/ports.ts';
import { ClientSocket, type SocketTools } from './signallingSocket.ts';

export function createSignalling(tools: SocketTools): Signalling {
  return {
    open: (url, handlers) => new ClientSocket(checkUrl(url), handlers, tools),
  };
}

function checkUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'ws:' && url.protocol !== 'wss:')) {
    throw new MosisError(
      'invalidArgument',
      'The signalling server must be a URL like ws://host:port or wss://host/path.',
    );
  }
  // `ws` throws for a fragment, and it would mean nothing.
  url.hash = '';
  return url;
}
