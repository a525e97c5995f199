import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { limitNames, limits, optionOf, settingsWith } from '../../../server/signalling/settings.ts';

describe('settings', () => {
  test('name their options after themselves', () => {
    expect(optionOf('maxSockets')).toBe('max-sockets');
    expect(optionOf('connectsPer10s')).toBe('connects-per-10s');
    expect(optionOf('takeoverPingMs')).toBe('takeover-ping-ms');
  });

  test.each(limitNames)('refuse a %s out of range, and name the option', (name) => {
    const { min, max } = limits[name];
    for (const value of [min - 1, max + 1, min + 0.5, Number.NaN]) {
      expect(() => settingsWith({ [name]: value })).toThrow(`--${optionOf(name)} must be`);
    }
    expect(settingsWith({ [name]: min })[name]).toBe(min);
  });

  test('are what the README says', () => {
    const readme = readFileSync(new URL('../../../server/signalling/README.md', import.meta.url), 'utf8').replace(
      / +\|/g,
      ' |',
    );
    for (const name of limitNames) {
      const { default: usual, unit, doc } = limits[name];
      expect(readme).toContain(`| \`--${optionOf(name)}\` | ${usual} ${unit} | ${doc} |`);
    }
  });
});
