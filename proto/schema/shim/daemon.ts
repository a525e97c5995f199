// The daemon itself: what runs, for how long, and how it is stopped.
import { bool, enumeration, field, list, oneOf, optional, ref, request, str, struct, u32, u53 } from '../../dsl.ts';
import { lineInfo } from './line.ts';

export const mediaState = enumeration('MediaState', 'What is true of the media child process.', {
  stopped: [0, 'Not started: no line has needed it yet.'],
  starting: [1, 'Starting, or waiting to be started again after a crash.'],
  running: [2, 'Ready.'],
  failed: [3, 'Crashed too often; tried again after a pause.'],
});

export const sessionInfo = struct('SessionInfo', 'A game that is attached.', {
  sessionId: field(1, u53, 'Session'),
  app: field(2, str(128), 'Name of the game'),
  engine: optional(3, str(64), 'Engine and version'),
  pid: field(4, u32, 'Process'),
  lineId: field(5, u53, 'Its line; 0 = none'),
  eventsQueued: field(6, u32, 'Events that it has not taken yet'),
});

export const daemonStatus = request({
  id: 0x0101,
  name: 'daemon.status',
  doc: 'What runs in this daemon.',
  params: {},
  result: {
    version: field(1, str(64), 'Daemon version'),
    pid: field(2, u32, 'Process'),
    profile: field(3, str(64), 'Profile'),
    uptimeMs: field(4, u53, 'Since start', { unit: 'ms' }),
    stay: field(5, bool, 'Does not stop when idle'),
    residentBytes: field(6, u53, 'Resident memory of the control process', { unit: 'bytes' }),
    media: field(7, oneOf(mediaState), 'Media child'),
    mediaPid: optional(8, u32, 'Process of the media child'),
    mediaRestarts: field(9, u32, 'How often the media child was started again'),
    sessions: field(10, list(ref(sessionInfo), 64), 'Attached games'),
    lines: field(11, list(ref(lineInfo), 16), 'Lines'),
    outboxMessages: field(12, u53, 'Messages accepted and not yet delivered or failed'),
    malformedMessages: field(13, u53, 'Messages refused since start, from games and peers'),
    missing: field(14, list(str(512), 32), 'What is missing on this machine and what to do, one sentence each'),
  },
  errors: [],
  example: {
    params: {},
    result: {
      version: '0.1.0',
      pid: 4711,
      profile: 'default',
      uptimeMs: 61000,
      stay: false,
      residentBytes: 81264640,
      media: 'running',
      mediaPid: 4720,
      mediaRestarts: 0,
      sessions: [{ sessionId: 1, app: 'chat-cpp', pid: 4700, lineId: 1, eventsQueued: 0 }],
      lines: [{ lineId: 1, state: 'online', server: 'ws://127.0.0.1:8080', phoneId: 'ada', displayName: 'Ada' }],
      outboxMessages: 0,
      malformedMessages: 0,
      missing: [],
    },
  },
});

export const daemonStop = request({
  id: 0x0102,
  name: 'daemon.stop',
  doc: 'Stops the daemon in an orderly way: peers are told, the store is flushed, games see goodbye.',
  params: {},
  result: {},
  errors: ['notPermitted'],
  example: { params: {}, result: {} },
});
