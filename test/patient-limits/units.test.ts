/** What a site's rules and a patient's limits do at the bedside: through analysis, alarms, gateway and screens as they run. */
import { create } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { SilenceSchema } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { decodeFindings } from '../../schemas/messages.ts';
import { encodeTelemetry, telemetryOf } from '../../schemas/telemetry.ts';
import { readRules } from '../../services/config/rules-file.ts';
import { parseAct } from '../../services/gateway/acts.ts';
import { makeGateway } from '../../services/gateway/gateway.ts';
import { makeJournal } from '../../services/logging/journal.ts';
import { makeMeters } from '../../services/metrics/meters.ts';
import { emptyPicture, stepPicture } from '../../services/screens/bed-picture.ts';
import { limitsActRefused, limitsRefused } from '../../services/screens/live-limits.ts';
import type { AlarmInput } from '../../stream-models/alarms/alarm-input.ts';
import { presets } from '../../stream-models/presets/presets.ts';
import { rulesByBed } from '../../stream-models/presets/site-rules.ts';
import { at as alarmAt, play, present, tick } from '../alarms/shift.ts';
import { bed } from '../console/live-ward.ts';
import { logInAFolder } from '../gateway/log-in-a-folder.ts';
import { right } from '../right.ts';
import { type Ask, analysisOf, at, BED, lasting, limitsIn, played, ran, recordsOf } from './bedside.ts';

const siteOf = (rules: object) => {
  const read = right(readRules(JSON.stringify(rules), 'vigil'));
  return { hash: read.hash, rulesOf: rulesByBed(presets.vigil, read) };
};
const SITE = siteOf({
  version: '7',
  units: { ICU: { beds: ['icu-*'], limits: { adult: { spo2: { low: 92 } } }, delays: { spo2: 4 } } },
});
const hr = (high: number): Ask => ({ limit: { measure: 'hr', high, seenLow: 50, seenHigh: 120 } });

describe('the rules of a unit', () => {
  it('are what its beds are judged by, with their own delay, and stand on every alarm', async () => {
    const { alarms } = await played({ seconds: lasting(8, { spo2: 91 }) }, { site: SITE });
    const label = SITE.rulesOf(BED).label;
    expect(label).toMatch(/^vigil\/ICU@7#[\da-f]{8}$/);
    expect(alarms).toEqual([
      `1s spo2-low off → waiting (SpO₂ 91 < 92; ${label})`,
      `5s spo2-low waiting → on (SpO₂ 91 < 92; ${label})`,
    ]);
  });

  it('never delay what is red, nor for longer than any delay may be, whatever comes with the condition', () => {
    const delayed = (condition: Parameters<typeof present>[1], delay: number) =>
      play([{ ...present(0, condition), delay } as AlarmInput, tick(31)])[1].map(({ at: when, transition }) => [
        (when - alarmAt(0)) / 1e6,
        transition?.to,
      ]);
    expect(delayed('vt', 10e6)).toEqual([[0, 'on']]);
    expect(delayed('rr-low', 10e6)).toEqual([
      [0, 'waiting'],
      [10, 'on'],
    ]);
    expect(delayed('rr-low', Number.MAX_VALUE)[1]).toEqual([30, 'on']);
    expect(delayed('rr-low', Number.NaN)).toEqual([[0, 'on']]);
  });
});

describe('an act on limits', () => {
  const story = { seconds: lasting(6, { hr: 126 }), acts: [[3, hr(130)]] } as const;

  it('is passed over by a Vigil that does not know of it: what it reads of the record changes nothing', async () => {
    const known = recordsOf(story);
    const older = known.map((record) => {
      const frame = right(telemetryOf(record));
      if (frame.silence?.limits === undefined) return record;
      // As it is without the field: late, and of nobody's monitor.
      const plain = { ...frame, silence: create(SilenceSchema) };
      return { ...record, value: encodeTelemetry(plain) };
    });
    const without = recordsOf({ seconds: story.seconds });
    const said = async (records: typeof known) => (await ran(analysisOf(), records, 1)).outputs;
    expect(await said(older)).toEqual(await said(without));
  });

  it('is no sign of life, and no word that nothing is expected of the bed, for a gateway that begins anew', async () => {
    const { log, discard } = await logInAFolder();
    const now = () => at(6);
    const gateway = makeGateway({ log, now, meters: makeMeters(), journal: makeJournal({ level: 'silent' }) });
    const records = recordsOf(story).map((record) => right(telemetryOf(record)));
    for (const frame of records) gateway.learn(frame);
    expect(gateway.bedsAdmitted()).toBe(1);
    const [act] = records.filter(({ silence }) => silence?.limits !== undefined);
    const alone = makeGateway({ log, now, meters: makeMeters(), journal: makeJournal({ level: 'silent' }) });
    alone.learn(act!);
    expect(alone.bedsAdmitted()).toBe(0);
    await Promise.all([gateway.close(), alone.close()]);
    await discard();
  });

  it('says what it sets: without that it is no act', () => {
    const given = { id: '1', kind: 'set-limits', bed: BED, by: 'Ada' };
    expect(parseAct(given)).toMatchObject(E.left({ where: 'limit' }));
    expect(E.isRight(parseAct({ ...given, limit: { measure: 'hr', high: 'off', seenHigh: 120 } }))).toBe(true);
    expect(E.isRight(parseAct({ ...given, kind: 'show-limits' }))).toBe(true);
    expect(parseAct({ ...given, limit: { measure: 'hr', high: 'on' } })).toMatchObject(E.left({ where: 'limit.high' }));
  });

  it('goes nowhere where nothing was heard of the bed, and its console is told why it was not done', async () => {
    const act = right(parseAct({ id: '1', kind: 'show-limits', bed: BED, by: 'Ada' }));
    expect(limitsActRefused(act, undefined)?.sentence).toMatch(/nothing was heard of this bed/);
    expect(limitsActRefused(act, bed(BED))).toBeUndefined();
    const { outputs } = await ran(analysisOf(), recordsOf({ ...story, acts: [[3, hr(150)]] }));
    const told = outputs.flatMap(({ topic, value }) =>
      topic === 'vigil.findings' ? limitsRefused(right(decodeFindings(value))) : [],
    );
    expect(told).toEqual([
      {
        id: 'act-0',
        sentence: `Limits, bed ${BED}, not set. HR: high 150 is outside of 90 to 140, within which the site lets it be set.`,
      },
    ]);
  });
});

describe('a screen', () => {
  const shown = async (seconds: number) => {
    const { outputs } = await ran(
      analysisOf(),
      recordsOf({ seconds: lasting(20, { hr: 126, patient: 'p1' }), acts: [[3, { ...hr(130), patient: 'p1' }]] }),
    );
    const findings = outputs.flatMap(({ topic, value }) =>
      topic === 'vigil.findings' ? [right(decodeFindings(value))] : [],
    );
    const picture = findings.reduce(
      (before, one) => stepPicture(before, { tag: 'Findings', findings: one }),
      emptyPicture(BED),
    );
    expect(limitsIn(outputs)).toHaveLength(1);
    return stepPicture(picture, { tag: 'Analysed', saidUs: at(seconds) }).bed.limits?.limits.find(
      ({ measure }) => measure === 'hr',
    );
  };

  it('shows what is the patient’s own beside the unit’s, and no longer than analysis goes on saying so', async () => {
    expect(await shown(100)).toEqual({
      ...{ measure: 'hr', label: 'HR', unit: '/min', low: 50, high: 120, mayBeOff: true },
      ...{ lowRange: [40, 80], highRange: [90, 140] },
      patient: { high: 130, by: 'Ada', reason: '', atUs: at(3.5), untilUs: at(3603.5) },
    });
    expect(await shown(160)).toBeUndefined();
  });
});
