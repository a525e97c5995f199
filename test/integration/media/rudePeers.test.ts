import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type JsonEvent, JsonLineProcess } from '../../support/jsonLineProcess.ts';
import { MediaPhone, type TestConnection } from '../../support/mediaPhone.ts';

describe('a media child and a peer that is none of ours', () => {
  const phone = new MediaPhone();
  let peer: JsonLineProcess;
  let ours: TestConnection;
  beforeAll(async () => {
    phone.host.start();
    await phone.entered('running');
  });
  beforeEach(() => {
    peer = new JsonLineProcess('test/support/rawPeer.mjs');
    ours = phone.connection();
    ours.signals = {
      description: (type, sdp) => peer.send({ do: 'description', type, sdp }),
      candidate: (candidate, mid) => peer.send({ do: 'candidate', candidate, mid }),
    };
  });
  afterEach(async () => {
    ours.connection.close();
    await peer.stop();
  });
  afterAll(() => phone.host.stop());

  /** Our side answers the peer's offer, changed by `edit`, and both trickle. */
  async function answerPeer(label: string, edit: (sdp: string) => string = (sdp) => sdp): Promise<void> {
    peer.send({ do: 'offer', label });
    const { sdp } = await peer.until('description');
    ours.connection.setRemoteDescription('offer', edit(String(sdp)));
    const { candidate } = await peer.until('candidate');
    ours.connection.addRemoteCandidate(String(candidate), undefined);
  }
  const isChannel =
    (label: string, state: string) =>
    (event: JsonEvent): boolean =>
      event.label === label && event.state === state;

  test('take the channel under whatever label, and speak strings', async () => {
    await answerPeer('плавание');
    expect(await ours.until('channelOpened')).toMatchObject({ label: 'плавание' });
    expect(ours.connection.send('{"type":"message","text":"hi"}')).toBe(true);
    expect(await peer.until('message')).toMatchObject({ text: '{"type":"message","text":"hi"}' });
    peer.send({ do: 'text', label: 'плавание', text: 'hello' });
    expect(await ours.messages(1)).toEqual(['hello']);
  });

  test('close the further channels of the peer, count them, and go on with the first', async () => {
    await answerPeer('first');
    await ours.until('channelOpened');
    for (const label of ['second', 'third']) {
      peer.send({ do: 'channel', label });
      await peer.until('channel', isChannel(label, 'closed'));
    }
    peer.send({ do: 'text', label: 'first', text: 'still here' });
    expect(await ours.messages(1)).toEqual(['still here']);
    ours.connection.close();
    const refused = await phone.log.lines.until(({ message }) => message === 'Refused from the peer', 'refused');
    expect(refused.fields).toMatchObject({ channels: 2 });
  });

  test('take messages of 256 KiB and cut off a peer that sends more than it was told', async () => {
    ours.signals = {
      ...ours.signals,
      description: (type, sdp) =>
        peer.send({
          do: 'description',
          type,
          sdp: sdp.replace('max-message-size:262144', 'max-message-size:16777216'),
        }),
    };
    await answerPeer('big');
    await ours.until('channelOpened');
    peer.send({ do: 'bytes', label: 'big', count: 262_144 });
    expect((await ours.messages(1))[0]).toHaveLength(262_144);
    peer.send({ do: 'bytes', label: 'big', count: 262_145 });
    expect(await ours.until('closed')).toMatchObject({ code: 'tooLarge' });
  });

  test('take candidates that come before the description, with a= and without a mid', async () => {
    peer.send({ do: 'offer', label: 'x' });
    const { sdp } = await peer.until('description');
    const { candidate } = await peer.until('candidate');
    expect(candidate).toMatch(/^a=candidate:/);
    ours.connection.addRemoteCandidate(String(candidate), undefined);
    ours.connection.setRemoteDescription('offer', String(sdp));
    await ours.until('channelOpened');
  });

  test('survive garbage for candidates and connect all the same', async () => {
    peer.send({ do: 'offer', label: 'x' });
    const { sdp } = await peer.until('description');
    const garbage = ['', 'a=end-of-candidates', 'garbage', `candidate:${'x'.repeat(5000)}`, 'candidate:1 1 UDP'];
    for (const line of garbage) ours.connection.addRemoteCandidate(line, 'x'.repeat(60));
    ours.connection.setRemoteDescription('offer', String(sdp));
    for (const line of garbage) ours.connection.addRemoteCandidate(line, undefined);
    const { candidate } = await peer.until('candidate');
    ours.connection.addRemoteCandidate(String(candidate), undefined);
    await ours.until('channelOpened');
  });

  test('take 64 candidates at most, and count the others', async () => {
    for (let i = 0; i < 200; i++) {
      ours.connection.addRemoteCandidate(`candidate:${i} 1 UDP 1 127.0.0.1 ${20_000 + i} typ host`, 'nonsense');
    }
    await answerPeer('x');
    ours.connection.close();
    const refused = await phone.log.lines.until(({ fields }) => Number(fields.candidates) > 136, 'refused candidates');
    expect(refused.message).toBe('Refused from the peer');
  });

  test.each([
    ['empty', ''],
    ['garbage', 'garbage'],
    ['an object printed', '[object Object]'],
    ['without m-line', 'v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n'],
    ['without fingerprint', 'v=0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:0\r\n'],
    ['of a megabyte', `v=0\r\n${'a=x\r\n'.repeat(200_000)}`],
  ])('end a connection whose offer is %s, and keep the child', async (_what, sdp) => {
    const { pid } = phone.host;
    ours.connection.setRemoteDescription('offer', sdp);
    expect(await ours.until('closed')).toMatchObject({ code: 'malformed' });
    expect(phone.host.pid).toBe(pid);
  });

  test('end a connection whose answer has another fingerprint than its certificate', async () => {
    ours.signals = {
      ...ours.signals,
      description: (type, sdp) => peer.send({ do: 'description', type, sdp: sdp.replace('actpass', 'active') }),
    };
    ours.connection.offer();
    const { sdp } = await peer.until('description');
    const wrong = String(sdp).replace(/(a=fingerprint:sha-256 )(..)/, (_all, name, byte) =>
      [name, byte === 'AA' ? 'BB' : 'AA'].join(''),
    );
    ours.connection.setRemoteDescription('answer', wrong);
    const { candidate } = await peer.until('candidate');
    ours.connection.addRemoteCandidate(String(candidate), undefined);
    expect(await ours.until('closed')).toMatchObject({ code: 'peerUnreachable', text: expect.stringMatching(/DTLS/) });
  });

  test('answer an offer with audio and video, but take none', async () => {
    const media = [
      'm=audio 9 UDP/TLS/RTP/SAVPF 111',
      'c=IN IP4 0.0.0.0',
      'a=mid:a',
      'a=sendrecv',
      'a=rtcp-mux',
      'a=rtpmap:111 opus/48000/2',
    ];
    const described = Promise.withResolvers<string>();
    ours.signals = { ...ours.signals, description: (_type, sdp) => described.resolve(sdp) };
    peer.send({ do: 'offer', label: 'x' });
    const { sdp } = await peer.until('description');
    ours.connection.setRemoteDescription(
      'offer',
      `${String(sdp).replace(/a=group:BUNDLE .*/, 'a=group:BUNDLE 0 a')}${media.join('\r\n')}\r\n`,
    );
    const answer = await described.promise;
    expect(answer).toMatch(/m=audio[\s\S]*a=inactive/);
    expect(answer).not.toMatch(/m=audio[\s\S]*a=(sendrecv|recvonly|sendonly)/);
  });

  test('end when the peer goes', async () => {
    await answerPeer('x');
    await ours.until('channelOpened');
    peer.send({ do: 'quit' });
    expect(await ours.until('closed')).toMatchObject({ code: 'connectionLost' });
  });
});
