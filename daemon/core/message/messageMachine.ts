// The life of a sent message, as a table: it is settled once and never unsettled.
//
// Inputs   from the peer: confirmed (on its disk)
//          from the connection: handedOver (to a plain peer, which confirms nothing)
//          from the clock or the link: givenUp
export type MessageStateName = 'accepted' | 'delivered' | 'failed';
export type MessageEventName = 'confirmed' | 'handedOver' | 'givenUp';

type Row = { readonly [E in MessageEventName]?: MessageStateName };

export const messageTable = {
  accepted: { confirmed: 'delivered', handedOver: 'delivered', givenUp: 'failed' },
  delivered: {},
  failed: {},
} as const satisfies Record<MessageStateName, Row>;

/** The state after an event; undefined when the event changes nothing. */
export function stepMessage(state: MessageStateName, event: MessageEventName): MessageStateName | undefined {
  const row: Row = messageTable[state];
  return row[event];
}
