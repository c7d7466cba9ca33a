/**
 * Goal: an update that cannot go on with the memory of before leaves no alarm standing that nobody ends, and loses no act of a nurse.
 * Method: analysis runs as in Vigil on a log, is stopped between two checkpoints, and another release, or other rules, goes on.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeAlarmInput } from '../../schemas/messages.ts';
import type { NewRecord } from '../../services/ports/event-log.ts';
import { runStage } from '../../services/runtime/run-stage.ts';
import { usualBounds } from '../../stream-models/presets/bed-rules.ts';
import { presets } from '../../stream-models/presets/presets.ts';
import { rulesByBed } from '../../stream-models/presets/site-rules.ts';
import { allOf, type LogInAFolder, logInAFolder } from '../gateway/log-in-a-folder.ts';
import { right } from '../right.ts';
import { type Ask, analysisOf, lasting, limitsIn, ownIn, recordsOf, type Story } from './bedside.ts';

let place: LogInAFolder;
beforeEach(async () => {
  place = await logInAFolder();
});
afterEach(() => place.discard());

/** Runs analysis until each batch is settled; only the first is in a checkpoint. */
const lived = async (analysis: ReturnType<typeof analysisOf>, ...batches: readonly (readonly NewRecord[])[]) => {
  const { log } = place;
  let next = (await log.extent('vigil.telemetry')).reduce((sum, one) => sum + one.next, 0n);
  let settled = Promise.withResolvers<void>();
  const running = await runStage(analysis, {
    log,
    onNotice: (notice) => void (notice.tag === 'Settled' && notice.next === next && settled.resolve()),
  });
  for (const records of batches) {
    settled = Promise.withResolvers<void>();
    next += BigInt(records.length);
    right(await log.append(records)());
    await settled.promise;
  }
  await running.stop();
};
const telemetry = (story: Story): readonly NewRecord[] =>
  recordsOf(story).map(({ topic, key, value }) => ({ topic, key, value }));
const hr = (high: number): Ask => ({ limit: { measure: 'hr', high, seenLow: 50, seenHigh: 120 }, patient: 'p1' });
const conditionsSaid = async (name: string): Promise<readonly boolean[]> =>
  (await allOf(place.log, 'vigil.alarm-inputs')).flatMap(({ value }) => {
    const { input } = right(decodeAlarmInput(value));
    return input.case === 'condition' && input.value.condition === name ? [input.value.present] : [];
  });

describe('an update of Vigil, or of the site’s rules, between two checkpoints', () => {
  const newer = () => ({ ...analysisOf(), version: 'of another release' });
  const raised = () => {
    const rules = { version: '', hash: '2'.repeat(64), site: { limits: { adult: { hr: { high: 135 } } } }, units: {} };
    return analysisOf({ site: { hash: rules.hash, rulesOf: rulesByBed(presets.vigil, rules) } });
  };

  it('takes back what no longer stands: an alarm is not left over from the rules of before', async () => {
    const all = telemetry({ seconds: lasting(20, { hr: 126 }) });
    await lived(analysisOf(), all.slice(0, 3), all.slice(3, 10));
    await lived(raised(), all.slice(10));
    expect(await conditionsSaid('hr-high')).toEqual([false, true, false]);
  });

  it('keeps an act that was in no checkpoint yet, and says again what it sets', async () => {
    const all = telemetry({ seconds: lasting(20, { hr: 126, patient: 'p1' }), acts: [[6, hr(130)]] });
    await lived(analysisOf(), all.slice(0, 3), all.slice(3, 10));
    await lived(newer(), all.slice(10));
    const set = 'hr 50–120: unit–130 by Ada until 3606.5s';
    expect(limitsIn(await allOf(place.log, 'vigil.findings')).map((one) => [one.act, ...ownIn(one)])).toEqual([
      ['act-0', set],
      ['', set],
    ]);
    expect(await conditionsSaid('hr-high')).toEqual([false, true, false, false]);
  });

  it('keeps for whom they were set: the next patient begins with the unit’s', async () => {
    const all = telemetry({
      seconds: [...lasting(20, { hr: 126, patient: 'p1' }), ...lasting(5, { hr: 126, patient: 'p2' })],
      acts: [[6, hr(130)]],
    });
    await lived(analysisOf(), all.slice(0, 10));
    await lived(newer(), all.slice(10));
    expect(
      limitsIn(await allOf(place.log, 'vigil.findings'))
        .map(ownIn)
        .at(-1),
    ).toEqual([]);
    expect((await conditionsSaid('hr-high')).at(-1)).toBe(true);
  });

  it('that gives narrower bounds ends what is outside of them, and tells', async () => {
    const all = telemetry({ seconds: lasting(20, { hr: 126, patient: 'p1' }), acts: [[6, hr(130)]] });
    const { adult, ...others } = usualBounds(presets.vigil);
    const bounds = { ...others, adult: { ...adult, hr: { ...adult.hr, high: [110, 125] as const } } };
    const rules = { label: 'vigil/ICU@2', preset: presets.vigil, bounds, isOfSite: true };
    await lived(analysisOf(), all.slice(0, 10));
    await lived(analysisOf({ site: { hash: '2', rulesOf: () => rules } }), all.slice(10));
    expect(
      limitsIn(await allOf(place.log, 'vigil.findings'))
        .map(ownIn)
        .at(-1),
    ).toEqual([]);
    expect(await conditionsSaid('limits-back')).toEqual([false, false, true]);
  });
});
