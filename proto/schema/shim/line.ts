// A line: one phone id on one signalling server, which a session is bound to.
import { enumeration, event, field, oneOf, optional, ref, request, str, struct, u32, u53 } from '../../dsl.ts';
import { errorCode } from './error.ts';

export const phoneId = str(128);
export const displayName = str(256);
export const serverUrl = str(1024);

export const lineState = enumeration('LineState', 'What is true of a line.', {
  unconfigured: [0, 'Server or phone id is not known yet; nothing is attempted.'],
  offline: [1, 'Closed, or refused for good; `error` says why.'],
  connecting: [2, 'Reaching the server or registering; also between two attempts.'],
  online: [3, 'Registered: peers see this phone.'],
});

export const lineSettings = struct('LineSettings', 'What selects a line. What is left out stays as it was.', {
  server: optional(1, serverUrl, 'Signalling server, ws:// or wss://'),
  phoneId: optional(2, phoneId, 'Id under which peers reach this phone; 1–128 bytes'),
  displayName: optional(3, displayName, 'Name shown to peers'),
});

export const lineInfo = struct('LineInfo', 'A line and its state.', {
  lineId: field(1, u53, 'Local id; 0 while unconfigured'),
  state: field(2, oneOf(lineState), 'State'),
  server: field(3, serverUrl, 'Signalling server; empty when not set'),
  phoneId: field(4, phoneId, 'Phone id; empty when not set'),
  displayName: field(5, displayName, 'Display name'),
  error: optional(6, oneOf(errorCode), 'Why it is not online'),
  text: optional(7, str(1024), 'The same for people: what failed and what to check'),
  retryInMs: optional(8, u32, 'Time to the next attempt', { unit: 'ms' }),
});

export const lineConfigure = request({
  id: 0x0201,
  name: 'line.configure',
  doc: 'Sets server, phone id or display name of the session’s line; opens it as soon as server and phone id are both known, in whatever order they come. Changing the server or the id moves the session to another line.',
  params: lineSettings.fields,
  result: { line: field(1, ref(lineInfo), 'The line after the change') },
  errors: ['invalidArgument', 'storeFailed', 'shuttingDown'],
  example: {
    params: { server: 'wss://signal.mosis.dev', phoneId: 'user_12345', displayName: 'John’s Phone' },
    result: {
      line: {
        lineId: 1,
        state: 'connecting',
        server: 'wss://signal.mosis.dev',
        phoneId: 'user_12345',
        displayName: 'John’s Phone',
      },
    },
  },
});

export const lineClose = request({
  id: 0x0202,
  name: 'line.close',
  doc: 'Leaves the server: peers see the phone go. The settings stay; line.configure (with or without changes) opens it again. Other sessions of the same line keep it open.',
  params: {},
  result: { line: field(1, ref(lineInfo), 'The line after the change') },
  errors: ['lineNotConfigured'],
  example: {
    params: {},
    result: {
      line: { lineId: 1, state: 'offline', server: 'ws://127.0.0.1:8080', phoneId: 'ada', displayName: 'Ada' },
    },
  },
});

export const lineChanged = event({
  id: 0x0281,
  name: 'line.changed',
  doc: 'The line of this session changed its state.',
  category: 'lines',
  durable: false,
  fields: { line: field(1, ref(lineInfo), 'The line as it is now') },
  example: {
    line: {
      lineId: 1,
      state: 'connecting',
      server: 'ws://127.0.0.1:8080',
      phoneId: 'ada',
      displayName: 'Ada',
      error: 'serverUnreachable',
      text: 'ws://127.0.0.1:8080 refused the connection: is the signalling server running?',
      retryInMs: 1500,
    },
  },
});
