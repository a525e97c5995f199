// Requests about the session's line.
import { MosisError } from '../../core/errors.ts';
import type { Handlers } from './handler.ts';

export const lineHandlers: Handlers<'line'> = {
  'line.configure': ({ session }, change) => ({ line: session.configureLine(change) }),
  'line.close': ({ session }) => {
    if (session.lineId === 0)
      throw new MosisError('lineNotConfigured', 'There is no line to close: server or phone id was never set');
    return { line: session.closeLine() };
  },
};
