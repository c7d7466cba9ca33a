import { expect, it } from 'vitest';
import { encodeAlarmEvent } from '../../schemas/messages.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import { openSqliteEventLog } from '../../services/adapters/embedded/sqlite-event-log.ts';
import { toAlarmEvent } from '../../stream-models/alarms/alarm-event.ts';
import type { AlarmInput } from '../../stream-models/alarms/alarm-input.ts';
import { absent, BED, play, present } from '../alarms/shift.ts';
import { right } from '../right.ts';
import { freshDataFolder } from './data-folder.ts';
import { vigil } from './terminal.ts';

const folder = freshDataFolder();
const report = (...words: readonly string[]) => vigil('report-alarms', ...words, ...folder.config);

/** A shift that began half an hour ago, as the alarms stage would have written it. */
const keep = async (...inputs: readonly AlarmInput[]): Promise<void> => {
  const began = Date.now() * 1e3 - 1_800e6;
  const log = await openSqliteEventLog({ path: `${folder.path}/log.db` });
  const shifted = inputs.map(
    (input): AlarmInput => ({ ...input, at: moment(began + input.at), said: moment(began + input.said) as Moment }),
  );
  for (const said of play(shifted)[1])
    right(await log.append([{ topic: 'vigil.alarms', key: BED, value: encodeAlarmEvent(toAlarmEvent(BED, said)) }])());
  await log.close();
};

it('lists each suppressed alarm that a red one followed, and counts the others', async () => {
  await keep(
    present(0, 'spo2-low', 'SpO₂ 88 < 90'),
    absent(9, 'spo2-low'),
    present(309, 'spo2-desaturation', 'SpO₂ 75 < 80'),
    present(400, 'hr-high'),
    absent(401, 'hr-high'),
  );
  const { code, out, side } = await report();
  expect(code).toBe(0);
  expect(out).toMatch(
    /^\S+Z {2}icu-04 {2}SpO₂ LOW \(SpO₂ 88 < 90\) {2}delay: condition ended {2}then red after 300 s: DESAT \(SpO₂ 75 < 80\)$/,
  );
  expect(side).toContain('2 alarms of 1 beds were suppressed: 0 behind a graver one, 2 gone before their delay');
  expect(side).toContain('1 were followed by a red one within 15 min.');
  expect(JSON.parse((await report('--json')).out)).toMatchObject({
    bed: 'icu-04',
    suppressed: { condition: 'spo2-low', rule: 'delay', text: 'SpO₂ 88 < 90' },
    red: { condition: 'spo2-desaturation' },
    afterS: 300,
  });
});

it('says so where there is no log', async () => {
  expect(await report()).toMatchObject({ code: 1, side: expect.stringContaining('log.db, so nothing is known') });
});
