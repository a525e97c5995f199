// Text messages between two phones.
import { bool, enumeration, event, field, oneOf, optional, request, str, u53 } from '../../dsl.ts';
import { errorCode } from './error.ts';
import { phoneId } from './line.ts';

/** UTF-8 bytes of one message. */
export const maxTextBytes = 65536;

export const messageState = enumeration('MessageState', 'How far a sent message has come.', {
  accepted: [0, 'On this phone’s disk; it survives a crash from here on.'],
  delivered: [1, 'On the peer’s disk (confirmed), or handed to a plain peer that confirms nothing.'],
  failed: [2, 'Given up; the peer may in rare cases have it all the same.'],
});

export const messageSend = request({
  id: 0x0401,
  name: 'message.send',
  doc: 'Sends a text. The answer comes when it is on disk; what becomes of it comes as message.changed. The order per peer is kept.',
  idempotent: true,
  params: {
    peerId: field(1, phoneId, 'To whom; need not be listed'),
    text: field(2, str(maxTextBytes), 'UTF-8, 1–65536 bytes'),
  },
  result: { messageId: field(1, u53, 'Local id, never reused') },
  errors: ['invalidArgument', 'lineNotConfigured', 'queueFull', 'storeFailed', 'shuttingDown'],
  example: { params: { peerId: 'phone_456', text: 'Hello!' }, result: { messageId: 17 } },
});

export const messageReceived = event({
  id: 0x0481,
  name: 'message.received',
  doc: 'A text arrived and is on disk. Comes exactly once to a session that follows its events, and again to a game that died before it took it.',
  category: 'messages',
  durable: true,
  fields: {
    messageId: field(1, u53, 'Local id, never reused'),
    peerId: field(2, phoneId, 'From whom'),
    text: field(3, str(maxTextBytes), 'UTF-8'),
    sentAt: field(4, u53, 'When the peer says it sent it; Unix time', { unit: 'ms' }),
    receivedAt: field(5, u53, 'When it arrived; Unix time', { unit: 'ms' }),
  },
  example: { messageId: 18, peerId: 'phone_456', text: 'Hi John ☎', sentAt: 1795500000000, receivedAt: 1795500000012 },
});

export const messageChanged = event({
  id: 0x0482,
  name: 'message.changed',
  doc: 'A sent message was delivered or failed. Comes once per message.',
  category: 'messages',
  durable: true,
  fields: {
    messageId: field(1, u53, 'As message.send answered'),
    peerId: field(2, phoneId, 'To whom'),
    state: field(3, oneOf(messageState), 'delivered or failed'),
    confirmed: field(4, bool, 'The peer confirmed that it has it on disk; false for plain peers and failures'),
    reason: optional(5, oneOf(errorCode), 'Why it failed'),
    text: optional(6, str(1024), 'The same for people: what failed and what to check'),
  },
  example: { messageId: 17, peerId: 'phone_456', state: 'delivered', confirmed: true },
});
