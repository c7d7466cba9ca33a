import { expect, it } from 'vitest';
import { seriesErrorOf } from '../../services/adapters/influx/influx-errors.ts';

const place = { url: 'http://vigil:a-password@influx.hospital.example:8086/' };

it.each([
  ['a line that is cut while it answers', new Error('socket hang up'), 'socket hang up'],
  [
    'a question that had no time left',
    new DOMException('The operation was aborted due to timeout', 'TimeoutError'),
    'timeout',
  ],
  [
    'a reason that fetch hides',
    new TypeError('fetch failed', { cause: new Error('other side closed') }),
    'other side closed',
  ],
])('an InfluxDB that does not answer is named by its address and not by its password: %s', (_, cause, why) => {
  const { tag, sentence } = seriesErrorOf(place, cause);
  expect(tag).toBe('StoreUnavailable');
  expect(sentence).toContain('InfluxDB at http://influx.hospital.example:8086 does not answer');
  expect(sentence).toContain(why);
  expect(sentence).not.toContain('a-password');
});
