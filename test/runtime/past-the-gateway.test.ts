/** What is written to the log itself, past the gateway that would have refused it: it must hold up no bed, and ring at no other's. */
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeRejected } from '../../schemas/messages.ts';
import { alarmPolicy } from '../../services/composition/alarm-policy.ts';
import type { NewRecord } from '../../services/ports/event-log.ts';
import { RECORD_BYTES_MAX } from '../../services/ports/event-log.ts';
import { rejectedRecord } from '../../services/ports/rejected-record.ts';
import { runStage } from '../../services/runtime/run-stage.ts';
import type { Stage } from '../../services/runtime/stage.ts';
import { alarmsStage } from '../../services/stages/alarms.ts';
import { analysisStage } from '../../services/stages/analysis.ts';
import { presets } from '../../stream-models/presets/presets.ts';
import { allOf, type LogInAFolder, logInAFolder } from '../gateway/log-in-a-folder.ts';
import { frame } from '../recorder/ward.ts';

let place: LogInAFolder;
beforeEach(async () => {
  place = await logInAFolder();
});
afterEach(() => place.discard());

/** As large as the log takes, and no message. */
const huge = (topic: NewRecord['topic'], key: string): NewRecord => {
  const value = new Uint8Array(RECORD_BYTES_MAX - 3 * key.length).fill(7);
  return { topic, key, value };
};

const analysis = analysisStage({ preset: presets.vigil, network: undefined });

/** Appends the records and runs the stage until it has settled them all. */
const worked = async <Memory>(stage: Stage<Memory>, ...records: readonly NewRecord[]): Promise<void> => {
  for (const record of records) expect(E.isRight(await place.log.append([record])())).toBe(true);
  let left = records.length;
  const { promise: settled, resolve } = Promise.withResolvers<void>();
  const running = await runStage(stage, {
    log: place.log,
    onNotice: (notice) => {
      if (notice.tag === 'Settled') left -= notice.records;
      if (left === 0) resolve();
    },
  });
  await settled;
  await running.stop();
};

const rejected = async () =>
  (await allOf(place.log, 'vigil.rejected')).map(({ value }) => {
    const read = decodeRejected(value);
    if (E.isLeft(read)) throw new Error(read.left.sentence);
    return read.right;
  });

describe('what was written past the gateway', () => {
  it('is refused by name however large it or its key is, and its neighbours are worked through', async () => {
    await worked(
      analysis,
      huge('vigil.telemetry', 'icu-01'),
      huge('vigil.telemetry', 'x'.repeat(300_000)),
      frame('icu-02', 1),
      frame('icu-02', 2),
    );
    const told = await rejected();
    expect(told.map(({ stage, code }) => `${stage} ${code}`).sort()).toEqual([
      'analysis too-large',
      'analysis too-large',
    ]);
    expect(told.some(({ sentence }) => sentence.includes('only the first 900000 of 999982 bytes are kept'))).toBe(true);
    expect((await allOf(place.log, 'vigil.alarm-inputs')).map(({ key }) => key)).toContain('icu-02');
  });

  it('holds up the alarms of nobody else either', async () => {
    await worked(
      alarmsStage(alarmPolicy),
      huge('vigil.alarm-inputs', 'icu-01'),
      huge('vigil.alarm-inputs', 'x'.repeat(300_000)),
    );
    expect((await rejected()).map(({ stage }) => stage)).toEqual(['alarms', 'alarms']);
  });

  it('rings at no other bed: a frame whose key is not its bed is refused', async () => {
    await worked(
      analysis,
      { ...frame('icu-03', 1), key: 'icu-04' },
      { ...frame('icu-05', 1), key: '' },
      frame('icu-06', 1),
    );
    expect((await rejected()).map(({ source, where, code }) => [source, where, code]).sort()).toEqual([
      ['', 'bed', 'out-of-range'],
      ['icu-04', 'bed', 'out-of-range'],
    ]);
    expect(new Set((await allOf(place.log, 'vigil.alarm-inputs')).map(({ key }) => key))).toEqual(new Set(['icu-06']));
  });

  it('fits a record of the log, whatever was refused and for whatever reason', () => {
    const long = 'é'.repeat(1_000_000);
    const { key, value } = rejectedRecord({
      ...{ source: long, stage: 'gateway', code: 'unreadable', sentence: long, where: long },
      ...{ original: new Uint8Array(8_000_000), gatewayTimeUs: 0 as never },
    });
    expect(value.byteLength + 3 * key.length).toBeLessThan(RECORD_BYTES_MAX);
  });
});
