/**
 * Goal: a bed whose monitor went away is ended by a nurse, and by nobody else.
 * Method: the act through the gateway's own code onto a log, its record and the bed's silences through analysis and alarms.
 */
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeAlarmEvent } from '../../schemas/messages.ts';
import { decodeLoggedTelemetry, encodeTelemetry } from '../../schemas/telemetry.ts';
import { signalWord } from '../../schemas/words.ts';
import { makeActs } from '../../services/gateway/acts.ts';
import { makeGateway } from '../../services/gateway/gateway.ts';
import { makeJournal } from '../../services/logging/journal.ts';
import { makeMeters } from '../../services/metrics/meters.ts';
import type { LogRecord } from '../../services/ports/event-log.ts';
import { alarmsStage } from '../../services/stages/alarms.ts';
import { analysisStage } from '../../services/stages/analysis.ts';
import { presets } from '../../stream-models/presets/presets.ts';
import { policy } from '../alarms/shift.ts';
import { at, frame } from '../gateway/frames.ts';
import { allOf, type LogInAFolder, logInAFolder } from '../gateway/log-in-a-folder.ts';

const BED = 'bed-1';
let place: LogInAFolder;
let second = 0;
beforeEach(async () => {
  place = await logInAFolder();
});
afterEach(() => place.discard());

/** The transitions that analysis and alarms make of what lies on the log. */
const transitions = async (): Promise<readonly string[]> => {
  const analysis = analysisStage({ preset: presets.vigil, network: undefined });
  const alarms = alarmsStage(policy);
  const records = (await allOf(place.log, 'vigil.telemetry')).map(
    (one, i): LogRecord => ({ ...one, offset: BigInt(i) }),
  );
  const [analysed] = await analysis.step([{ bed: BED, memory: analysis.start(BED), records }]);
  const inputs = analysed!.outputs
    .filter(({ topic }) => topic === 'vigil.alarm-inputs')
    .map((one, i): LogRecord => ({ ...records[0]!, topic: one.topic, value: one.value, offset: BigInt(i) }));
  const [rung] = await alarms.step([{ bed: BED, memory: alarms.start(BED), records: inputs }]);
  return rung!.outputs.flatMap(({ topic, value }) => {
    const event = topic === 'vigil.alarms' ? decodeAlarmEvent(value) : undefined;
    if (event === undefined || E.isLeft(event) || event.right.transition === undefined) return [];
    const { condition, from, to, by, why } = event.right.transition;
    return [`${condition} ${signalWord(from)} → ${signalWord(to)} (${by}: ${why})`];
  });
};
const gatewayAndActs = () => {
  const now = () => at(second);
  const options = { log: place.log, now, meters: makeMeters(), journal: makeJournal({ level: 'silent' }), lingerMs: 0 };
  return { gateway: makeGateway(options), act: makeActs(place.log, now) };
};

describe('a nurse who says that a monitor was taken away', () => {
  /** A monitor for five seconds, then nothing; the act in the hundredth second. */
  const story = async (patient?: string): Promise<readonly string[]> => {
    const { gateway, act } = gatewayAndActs();
    for (second = 1; second <= 200; second++) {
      const one = frame({ bed: BED, sequence: second, device: second, hr: 70, ...(patient ? { patient } : {}) });
      if (second <= 5) await gateway.accept(encodeTelemetry(one));
      if (second === 100)
        expect(await act({ id: '1', kind: 'standby', bed: BED, by: 'Ada' })).toMatchObject({ ok: true });
      await gateway.secondPassed();
    }
    return transitions();
  };

  it('ends NO SIGNAL in her name for good, though silences go on to be written', async () => {
    expect(await story()).toEqual([
      'no-signal off → on (vigil: condition present)',
      'no-signal on → off (Ada: the monitor was taken away)',
    ]);
  });

  it('ends nothing where somebody is assigned to the bed', async () => {
    expect(await story('p1')).toEqual(['no-signal off → on (vigil: condition present)']);
  });

  it('is believed by a gateway that begins anew: nothing is expected of the bed', async () => {
    await story();
    const { gateway } = gatewayAndActs();
    for (const { value } of await allOf(place.log, 'vigil.telemetry')) {
      const one = decodeLoggedTelemetry(value);
      if (E.isLeft(one)) throw new Error(one.left.sentence);
      gateway.learn(one.right);
      if (one.right.silence?.takenAwayBy === 'Ada') break;
      expect(gateway.bedsAdmitted()).toBe(1);
    }
    expect(gateway.bedsAdmitted()).toBe(0);
  });
});
