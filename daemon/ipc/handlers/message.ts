// Requests about messages.
import type { Handlers } from './handler.ts';

export const messageHandlers: Handlers<'message'> = {
  'message.send': ({ phone, session, idempotencyKey }, { peerId, text }) => ({
    messageId: phone.send(session.lineId, peerId, text, idempotencyKey),
  }),
};
