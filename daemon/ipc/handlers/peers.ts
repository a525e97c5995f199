// Requests about other phones.
import type { Handlers } from './handler.ts';

export const peersHandlers: Handlers<'peers'> = {
  'peers.list': ({ phone, session }) => ({ peers: phone.peers(session.lineId) }),
  'peers.get': ({ phone, session }, { peerId }) => ({ peer: phone.peer(session.lineId, peerId) }),
  'peers.statistics': ({ phone, session }, { peerId }) => phone.statistics(session.lineId, peerId),
  'peers.trust': ({ phone, session }, { peerId }) => {
    phone.trust(session.lineId, peerId);
    return {};
  },
};
