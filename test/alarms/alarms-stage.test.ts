import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import {
  type AlarmEvent,
  type AlarmInput,
  AlarmInputSchema,
  NurseActionKind,
  Origin,
  Priority,
  SignalState,
} from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import { decodeAlarmEvent, decodeRejected, encodeAlarmInput } from '../../schemas/messages.ts';
import { moment } from '../../schemas/units.ts';
import type { LogRecord } from '../../services/ports/event-log.ts';
import { alarmsStage } from '../../services/stages/alarms.ts';
import { right } from '../right.ts';
import { BED, policy } from './shift.ts';

const record = (value: Uint8Array, key = BED): LogRecord => ({
  topic: 'vigil.alarm-inputs',
  partition: 0,
  offset: 0n,
  key,
  value,
  appendedAt: moment(77),
});
const said = (atUs: number, input: AlarmInput['input'], bed = BED): LogRecord =>
  record(encodeAlarmInput(create(AlarmInputSchema, { bed, atUs, saidUs: atUs, input: input as never })), bed);
const condition = (atUs: number, name: string, present: boolean, evidence = '', bed = BED): LogRecord =>
  said(atUs, { case: 'condition', value: { condition: name, present, evidence, preset: 'adult' } as never }, bed);
const action = (kind: NurseActionKind, by: string): LogRecord =>
  said(9, { case: 'action', value: { kind, alarm: '', by, durationUs: 0, reason: '', id: '' } as never });

const stage = alarmsStage(policy);
const run = async (...records: LogRecord[]) => {
  const beds = [...new Set(records.map(({ key }) => key))];
  return stage.step(
    beds.map((bed) => ({ bed, memory: stage.start(bed), records: records.filter(({ key }) => key === bed) })),
  );
};
const events = async (...records: LogRecord[]): Promise<AlarmEvent[]> =>
  (await run(...records)).flatMap(({ outputs }) =>
    outputs.filter(({ topic }) => topic === 'vigil.alarms').map(({ value }) => right(decodeAlarmEvent(value))),
  );
const refusals = async (...records: LogRecord[]) =>
  (await run(...records)).flatMap(({ outputs }) =>
    outputs.filter(({ topic }) => topic === 'vigil.rejected').map(({ value }) => right(decodeRejected(value))),
  );

describe('the alarms stage', () => {
  it('says a transition with the whole picture of the bed', async () => {
    const told = await events(condition(5, 'vt', true, 'V 7 at 150/min'), action(NurseActionKind.ACKNOWLEDGE, 'Ada'));
    expect(told).toMatchObject([
      {
        bed: BED,
        atUs: 5,
        transition: { condition: 'vt', from: SignalState.OFF, to: SignalState.ON, by: 'vigil' },
        signals: [
          {
            alarm: `${BED}/vt/5`,
            priority: Priority.HIGH,
            origin: Origin.PHYSIOLOGICAL,
            text: 'V 7 at 150/min',
            preset: 'adult',
            present: true,
          },
        ],
      },
      { transition: { to: SignalState.ACKNOWLEDGED, by: 'Ada' }, signals: [{ acknowledgedBy: 'Ada' }] },
    ]);
  });

  it('says until when the sound is paused', async () => {
    const told = await events(condition(5, 'vf', true), action(NurseActionKind.PAUSE_AUDIO, 'Ada'));
    const until = 120_000_009;
    expect(told.at(-1)).toMatchObject({ audioPausedUntilUs: until, signals: [{ pausedUntilUs: until }] });
  });

  it('keeps beds apart', async () => {
    const told = await events(condition(5, 'vt', true), condition(6, 'af', true, '', 'icu-05'));
    expect(told.map(({ bed, signals }) => [bed, signals.map(({ condition: name }) => name)])).toEqual([
      [BED, ['vt']],
      ['icu-05', ['af']],
    ]);
  });

  it.each([
    ['bytes that are no message', record(Uint8Array.of(255, 255, 255)), 'unreadable'],
    ['an input that says nothing', said(5, { case: undefined }), 'missing-field'],
    ['a condition that Vigil does not know', condition(5, 'boredom', true), 'out-of-range'],
    ['a time that is none', condition(Number.NaN, 'vt', true), 'out-of-range'],
    ['an act of nobody', action(NurseActionKind.RESET, ' '), 'missing-field'],
    ['an act of no kind', action(NurseActionKind.UNSPECIFIED, 'Ada'), 'out-of-range'],
    ['an act with an endless name', action(NurseActionKind.RESET, 'A'.repeat(999)), 'too-large'],
    ['an input of another bed', { ...condition(5, 'vt', true), key: 'icu-99' }, 'out-of-range'],
  ])('refuses %s, with its bytes, and goes on', async (_what, bad, code) => {
    const good = { ...condition(6, 'vt', true, '', bad.key) };
    expect(await refusals(bad, good)).toMatchObject([
      { stage: 'alarms', source: bad.key, code, original: bad.value, gatewayTimeUs: 77 },
    ]);
    expect(await events(bad, good)).toHaveLength(1);
  });

  it('never loses an alarm to its wording', async () => {
    const [event] = await events(condition(5, 'vt', true, 'x'.repeat(9999)));
    expect(event?.signals[0]?.text).toHaveLength(256);
  });
});
