import { describe, expect, test } from '@jest/globals';
import { closeFailure, connectFailure, httpFailure, printable } from '../../../daemon/signalling/failure.ts';

const failed = (code: string): Error & { code: string } => Object.assign(new Error(`connect ${code}`), { code });

describe('a signalling server that cannot be reached', () => {
  test.each([
    ['ECONNREFUSED', /Nothing listens at play\.example:8080.*running/],
    ['ENOTFOUND', /unknown: check the spelling/],
    ['EAI_AGAIN', /online/],
    ['ENETUNREACH', /no way through the network/],
    ['CERT_HAS_EXPIRED', /expired/],
    ['SELF_SIGNED_CERT_IN_CHAIN', /known authority/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /another name/],
    ['EPROTO', /use ws:\/\//],
    ['ESTRANGE', /play\.example:8080: connect ESTRANGE/],
  ])('for %s says what to check', (code, text) => {
    expect(connectFailure(failed(code), 'play.example:8080')).toEqual({
      code: 'serverUnreachable',
      text: expect.stringMatching(text),
    });
  });
});

describe('a server that answers with HTTP', () => {
  test.each([
    [401, 'serverRefused', /does not let this phone in/],
    [403, 'serverRefused', /does not let this phone in/],
    [404, 'serverUnreachable', /check the URL/],
    [429, 'rateLimited', /too many connects/],
    [503, 'serverRefused', /takes nobody/],
  ])('%i is told as %s', (status, code, text) => {
    expect(httpFailure(status, '', 'h:1')).toEqual({ code, text: expect.stringMatching(text) });
  });

  test('is quoted, but not its web pages', () => {
    expect(httpFailure(429, 'try again in 10 seconds\n', 'h:1').text).toContain('It says: try again in 10 seconds');
    expect(httpFailure(404, '<!doctype html><h1>Not found', 'h:1').text).not.toContain('It says');
  });
});

describe('a close code', () => {
  test.each([
    [1000, 'serverUnreachable'],
    [1001, 'serverUnreachable'],
    [1006, 'serverUnreachable'],
    [1008, 'serverRefused'],
    [1009, 'serverRefused'],
    [1013, 'rateLimited'],
    [4009, 'takenOver'],
    [4999, 'serverRefused'],
  ])('%i is %s', (closeCode, code) => {
    expect(closeFailure(closeCode, '', 'h:1').code).toBe(code);
  });

  test('comes with the reason of the server', () => {
    expect(closeFailure(1008, 'not registered in time', 'h:1').text).toContain('1008: not registered in time');
  });
});

test('foreign text is one bounded printable line', () => {
  expect(printable('a\r\nb\u001b[31mc\u202ed')).toBe('a b [31mc d');
  expect(printable('x'.repeat(1000))).toHaveLength(201);
});
