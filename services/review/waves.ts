import { labelOf, signalOf, usualGain } from '../../schemas/codes.ts';
import type { ReviewWave } from '../../schemas/review.ts';
import { after, type Moment, seconds } from '../../schemas/units.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { Range, WaveBlock } from '../ports/series-store.ts';
import type { BedMemory } from '../recorder/bed-memory.ts';
import { readBack } from '../recorder/read-back.ts';
import { TELEMETRY_MEMORY } from '../recorder/telemetry-reader.ts';
import { loadCheckpoints, type Remembered } from '../runtime/checkpoints.ts';

/** What a gateway took later than this after the stretch is not looked for: a bed that left would be read to the log's end. */
const TAKEN_WITHIN = seconds(30);
/** Checkpoints hold the memory of every bed and are read whole: not more often than this. */
const REMEMBERED_FOR_MS = 10_000;

export interface FoundWaves {
  /** Frames whose place in time is not known. */
  readonly untimed: number;
  /** What the log has, and what of these strips it has not (any more): each once, in the order of code, device and start. */
  readonly asWaves: (strips: readonly WaveBlock[]) => readonly ReviewWave[];
}

const waveOf = (block: WaveBlock): ReviewWave => {
  const { code, source, unit, start, rateNumerator, rateDenominator, offset, samples } = block;
  return {
    ...{ code, label: labelOf(code), source, unit: signalOf(code)?.ucum ?? unit, startUs: start },
    ...{ rateNumerator, rateDenominator, gain: usualGain(block), offset },
    samples: Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength).toString('base64'),
  };
};

/** A block comes twice where a frame was sent twice, and where a strip was kept of what the log still has. */
const inOrder = (blocks: readonly WaveBlock[]): readonly WaveBlock[] => {
  const each = new Map(blocks.map((block) => [`${block.code} ${block.start} ${block.source}`, block]));
  return [...each.values()].sort(
    (a, b) => a.code - b.code || (a.source < b.source ? -1 : a.source > b.source ? 1 : a.start - b.start),
  );
};

/** Waves of any stretch that the log still has, laid on bed time by what the recorder remembers, so that they lie where strips lie. */
export const makeWaveReader = (openLog: () => Promise<EventLog>) => {
  const memories = new Map<number, { readonly atMs: number; readonly beds: Remembered<BedMemory>['beds'] }>();

  const remember = async (log: EventLog, partition: number) => {
    const of = { ...TELEMETRY_MEMORY, partition };
    const loaded = await loadCheckpoints<BedMemory>(log, of, () => undefined);
    const known = { atMs: performance.now(), beds: loaded?.beds ?? new Map() };
    memories.set(partition, known);
    return known;
  };

  const read = async ({ bed, from, to }: Range): Promise<FoundWaves> => {
    const log = await openLog();
    const partition = log.partitionOf('vigil.telemetry', bed);
    const wanted = [{ bed, from, to, appendedAt: from }];
    const until: Moment = after(to, TAKEN_WITHIN);
    let known = memories.get(partition) ?? (await remember(log, partition));
    const readAll = () => readBack(log, partition, wanted, (name) => known.beds.get(name)?.memory, until);
    let found = await readAll();
    // A device or a bed that has come since.
    if (found.untimed > 0 && performance.now() - known.atMs > REMEMBERED_FOR_MS) {
      known = await remember(log, partition);
      found = await readAll();
    }
    return {
      untimed: found.untimed,
      asWaves: (strips) => inOrder([...strips, ...found.blocks]).map(waveOf),
    };
  };
  return { read };
};
