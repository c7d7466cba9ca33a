/**
 * A bedside monitor whose electrodes were taken off, and a second device, as one for transport, that the patient was put on: the ECG of the
 * second must be heard, whatever the first goes on saying, or said last before it was unplugged.
 */
import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { isEcgLead } from '../../schemas/codes.ts';
import { LeadStatusSchema, type Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { NO_SAMPLE } from '../../schemas/no-sample.ts';
import { observe } from '../../stream-models/analysis/observe.ts';
import { startObserving } from '../../stream-models/analysis/observe-memory.ts';
import { LEAD_II, LEAD_V1, START } from '../ecg/synthetic-ecg.ts';
import { badFrames, conditionsSaid, moved, STILL_FROM_S } from './hostile-bed.ts';

const OFF_FROM_S = 4;
const SECOND_FROM_S = 6;
/** Asystole after 4 s, and a second or two for a frame. */
const TOLD_BY_S = STILL_FROM_S + 6;

const leads = (off: boolean) => [LEAD_II, LEAD_V1].map((code) => create(LeadStatusSchema, { code, off }));
const emptied = (frame: Telemetry): void => {
  for (const wave of frame.waveforms)
    wave.samples = new Uint8Array(new Int16Array(wave.samples.length / 2).fill(NO_SAMPLE).buffer);
};

/** What the bedside monitor does from OFF_FROM_S on, where it speaks at all. */
type Bedside = (frame: Telemetry, end: number) => void;

/** Frames of both devices in the order in which they come. */
const bothDevices = (bedside: Bedside, secondFrom = SECOND_FROM_S): Telemetry[] => {
  const first = badFrames((frame, end) => {
    frame.source = 'bedside';
    frame.numerics = [];
    if (end > OFF_FROM_S) bedside(frame, end);
  });
  const second = badFrames((frame) => {
    frame.source = 'transport';
  });
  return first
    .flatMap((frame, i) => [frame, ...(i >= secondFrom ? [second[i]!] : [])])
    .filter(({ waveforms, leads: told }) => waveforms.length + told.length > 0);
};
const until = (frames: readonly Telemetry[], end: number): Telemetry[] =>
  frames.filter(({ deviceTimeUs }) => deviceTimeUs <= badFrames()[end - 1]!.deviceTimeUs);

const BEDSIDES: readonly (readonly [string, Bedside])[] = [
  [
    'says that all leads are off and sends empty lines',
    (frame) => {
      frame.leads = leads(true);
      emptied(frame);
    },
  ],
  [
    'says so and sends what loose electrodes catch',
    (frame) => {
      frame.leads = leads(true);
    },
  ],
  [
    'says so and sends no line',
    (frame) => {
      frame.leads = leads(true);
      frame.waveforms = [];
    },
  ],
  ['sends empty lines without a word', emptied],
  [
    'said so last before it was unplugged',
    (frame, end) => {
      frame.waveforms = [];
      if (end <= OFF_FROM_S + 2) frame.leads = leads(true);
    },
  ],
];

describe('where the bedside monitor', () => {
  it.each(BEDSIDES)('%s, the standstill on the device of transport rings', async (_, bedside) => {
    const frames = bothDevices(bedside);
    const before = await conditionsSaid(until(frames, STILL_FROM_S));
    expect(before).not.toContain('asystole');
    const word = (name: string) => before.filter((said) => said === name || said === `-${name}`).at(-1) ?? `-${name}`;
    expect([word('lead-off'), word('no-signal')]).toEqual(['-lead-off', '-no-signal']);
    expect(await conditionsSaid(until(frames, TOLD_BY_S))).toContain('asystole');
  });
});

/** As far as two clocks may be apart that are both taken at their word, and as near as two hospitals' devices are. */
const APART_S = [2.2, 1, -1, -2.2];

describe.each(APART_S)('where the clocks of both devices are %d s apart', (apart) => {
  const ofTwoClocks = (bedside: Bedside): Telemetry[] => {
    const frames = bothDevices(bedside);
    for (const frame of frames) moved(frame, (frame.source === 'bedside' ? apart / 2 : -apart / 2) * 1e6);
    return frames;
  };
  const saidOf = (bedside: Bedside, bySecond = TOLD_BY_S + 2): Promise<readonly string[]> =>
    conditionsSaid(ofTwoClocks(bedside).filter(({ gatewayTimeUs }) => gatewayTimeUs <= START + bySecond * 1e6));

  it('the standstill rings where both are good, and none before', async () => {
    const both: Bedside = () => undefined;
    expect(await saidOf(both, STILL_FROM_S)).not.toContain('asystole');
    expect(await saidOf(both)).toContain('asystole');
  });

  it.each(BEDSIDES)(
    'and the bedside monitor %s, the standstill on the other rings, and none before',
    async (_, bedside) => {
      expect(await saidOf(bedside, STILL_FROM_S)).not.toContain('asystole');
      expect(await saidOf(bedside)).toContain('asystole');
    },
  );
});

describe('the verdict on an alarm', () => {
  it.each(BEDSIDES)('hears the leads of the device that is heard, where the bedside monitor %s', (_, bedside) => {
    let memory = startObserving;
    for (const frame of until(bothDevices(bedside), STILL_FROM_S)) [memory] = observe(memory, frame);
    const newest = memory.recent.open.filter(({ code }) => isEcgLead(code)).map(({ source }) => source);
    expect(memory.ecgSource).toBe('transport');
    expect(new Set(newest)).toEqual(new Set(['transport']));
  });
});

describe('a monitor that stands beside the bed with its electrodes off', () => {
  it('says LEAD OFF until another device is heard, and again when that one has gone', async () => {
    const [, bedside] = BEDSIDES[0]!;
    const isAlone = ({ deviceTimeUs }: Telemetry): boolean => {
      const end = (deviceTimeUs - START) / 1e6;
      return end <= SECOND_FROM_S || end > 15;
    };
    const gone = bothDevices(bedside).filter((frame) => frame.source === 'bedside' || !isAlone(frame));
    const said = (await conditionsSaid(gone)).filter((word) => word.endsWith('lead-off'));
    expect([said[0], said.at(-1)]).toEqual(['lead-off', 'lead-off']);
    expect(said).toContain('-lead-off');
  });

  it('and sent no line since it was switched on leaves another device its own electrodes', async () => {
    const frames = badFrames().flatMap((second, i) => {
      const first = badFrames((one) => {
        one.source = 'bedside';
        one.waveforms = [];
        one.numerics = [];
        one.leads = leads(true);
      })[i]!;
      return i < SECOND_FROM_S ? [first] : [first, second];
    });
    expect(await conditionsSaid(until(frames, TOLD_BY_S))).toContain('asystole');
  });
});
