/**
 * Goal: a full disk loses nothing that was acknowledged, says which disk it is, and is over when there is room.
 * Method: the embedded Vigil on a disk of six megabytes; a monitor sends until it is refused, keeps what was refused, and
 * sends it again once the disk has grown. Afterwards the file itself is read.
 */
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { decodeAlarmEvent } from '../../schemas/messages.ts';
import { decodeTelemetry } from '../../schemas/telemetry.ts';
import { openSqliteEventLog } from '../../services/adapters/embedded/sqlite-event-log.ts';
import { allOf } from '../gateway/log-in-a-folder.ts';
import { temporaryFolder } from '../recordings/made-record.ts';
import { freePort } from '../servers/free-port.ts';
import { type Answer, MONITOR, monitor } from './monitor.ts';
import { smallDisk } from './small-disk.ts';

const FRAMES_MAX = 5_000;
describe('a full disk', () => {
  it('takes no acknowledged frame away, is named, and is over when there is room', async () => {
    await using place = await temporaryFolder();
    const port = await freePort();
    const disk = await smallDisk(place.path);
    const vigil = disk.start(['start', '--no-simulate'], {
      ...{ VIGIL_DATA_DIR: disk.folder, VIGIL_PORT: String(port), VIGIL_REQUESTS_PER_MINUTE: '1000000' },
    });
    try {
      await vigil.says(/Vigil is at/);
      const send = monitor(port);
      const kept: number[] = [];
      let answer: Answer = { status: 200 };
      while (answer.status === 200 && kept.length < FRAMES_MAX) {
        answer = await send(kept.length + 1);
        if (answer.status === 200) kept.push(kept.length + 1);
      }
      // The monitor is told to keep it, and which disk it is.
      expect(answer.status).toBe(503);
      expect(answer.detail).toMatch(disk.says);
      expect(answer.detail).toContain(`${disk.folder}/log.db`);
      expect(answer.detail).toContain('send it again');

      await expect
        .poll(async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).json(), { timeout: 10_000 })
        .toMatchObject({
          state: 'failed',
          parts: expect.arrayContaining([expect.objectContaining({ name: 'log', state: 'failed' })]),
        });

      disk.makeRoom();
      const refused = kept.length + 1;
      await expect.poll(async () => (await send(refused)).status, { timeout: 30_000 }).toBe(200);
      kept.push(refused);
      await vigil.says(/the log takes frames again/);
      await expect
        .poll(async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).status, { timeout: 10_000 })
        .toBe(200);
      expect(await vigil.stop()).toBe(0);

      // Said once, not with every frame that was refused.
      expect(vigil.troubles('the log does not take frames')).toHaveLength(1);
      for (const { sentence } of vigil.troubles('the log has trouble')) expect(sentence).toMatch(disk.says);

      const copy = join(place.path, 'copy');
      await disk.copyTo(copy);
      const log = await openSqliteEventLog({ path: join(copy, 'log.db') });
      try {
        const frames = (await allOf(log, 'vigil.telemetry')).map(({ value }) => E.toUnion(decodeTelemetry(value)));
        const sequences = frames.flatMap((each) =>
          'sequence' in each && each.source === MONITOR.source ? [each.sequence] : [],
        );
        expect(sequences).toEqual(kept);
        const events = (await allOf(log, 'vigil.alarms')).map(({ value }) => E.toUnion(decodeAlarmEvent(value)));
        const rung = events.flatMap((each) =>
          'transition' in each && each.transition ? [each.transition.condition] : [],
        );
        expect(rung).toContain('spo2-desaturation');
      } finally {
        await log.close();
      }
    } finally {
      await vigil.stop();
      await disk.discard();
    }
  });
});
