// The door to signalling servers; when to dial again is core's line machine's to decide.
import { MosisError } from '../core/errors.ts';
import type { Signalling } from '../core/ports.ts';
import { ClientSocket, type SocketTools } from './signallingSocket.ts';

export function createSignalling(tools: SocketTools): Signalling {
  return {
    check: (url) => void parse(url),
    open: (url, handlers) => new ClientSocket(parse(url), handlers, tools),
  };
}

function parse(text: string): URL {
  // URL alone would take "ws:///path" for a host named path.
  const url = /^wss?:\/\/[^/?#]/i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) {
    throw new MosisError(
      'invalidArgument',
      'The signalling server must be a URL like ws://host:port or wss://host/path.',
    );
  }
  // `ws` throws for a fragment, and it would mean nothing.
  url.hash = '';
  return url;
}
