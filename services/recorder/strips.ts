import { type Moment, seconds } from '../../schemas/units.ts';
import type { WaveBlock } from '../ports/series-store.ts';

/** How much is kept around an alarm. */
export const STRIP_BEFORE = seconds(10);
export const STRIP_AFTER = seconds(10);
/** How much of a bed's waves is remembered: an alarm is heard later than the waves that it speaks of. */
export const RING_SPAN = seconds(60);
const RING_BYTES_MAX = 4 * 1024 * 1024;
/** A bed's other source may be this much behind for a start to read it again. */
export const SOURCES_APART = seconds(5);
/**
 * For so long by the log's clock what comes of a strip is taken: a bed may have fallen silent, and another of its devices, which sends
 * ten seconds at once, is behind. What comes later still is late (late-waves.ts).
 */
const LISTENED_FOR = seconds(120);

/** One alarm's strip while it is being filled. */
export interface StripWindow {
  readonly alarm: string;
  readonly bed: string;
  readonly from: Moment;
  readonly to: Moment;
  /** The partition of vigil.telemetry that the bed's waves come from. */
  readonly wavePartition: number;
  /** Where the alarm stands on the log. */
  readonly partition: number;
  readonly offset: bigint;
  readonly appendedAt: Moment;
}

/** A strip whose waves are still taken. */
interface Listened extends StripWindow {
  /** False: the bed has gone on beyond its end. */
  isOpen: boolean;
}

/** What one frame adds. */
export interface Heard {
  readonly bed: string;
  /** The partition of vigil.telemetry. */
  readonly partition: number;
  /** Bed time at the end of the frame; undefined for a frame that came late. */
  readonly end: Moment | undefined;
  readonly blocks: readonly WaveBlock[];
}

interface Ring {
  readonly partition: number;
  /** Bed time from which on the bed was heard here. */
  readonly heardFrom: number;
  toldFull: boolean;
  newest: Moment;
  bytes: number;
  blocks: WaveBlock[];
  /** Names of the blocks in it: what comes twice is kept once. */
  readonly names: Set<string>;
}

/** Waves of the last minute of every bed, and the strips that wait for theirs. */
export interface Strips {
  /** Remembers a frame's waves; answers those that an open strip wants. */
  readonly hear: (heard: Heard) => WaveBlock[];
  /** Opens a strip; answers the waves of it that are remembered, and whether there may be others. */
  readonly open: (window: StripWindow) => { readonly blocks: WaveBlock[]; readonly forgotten: boolean };
  /**
   * The store has everything of a partition of vigil.telemetry up to these moments: per bed its bed time, for beds that
   * fell silent the log's own. Strips that end before are not open any more. Not earlier: a batch that failed is heard again.
   */
  readonly kept: (partition: number, ends: ReadonlyMap<string, Moment>, appendedAt: Moment) => void;
  /** The first alarm of a partition whose strip is still open: which a start must read again. */
  readonly firstOpen: (partition: number) => bigint | undefined;
  readonly forgetWaves: (partition: number) => void;
  readonly forgetAlarms: (partition: number) => void;
  readonly countOpen: () => number;
}

/** When the last sample of a block is over, microseconds. */
export const endOf = (block: WaveBlock): number =>
  block.start + (block.samples.length * block.rateDenominator * 1e6) / block.rateNumerator;

const nameOf = ({ code, source, start }: WaveBlock): string => `${code} ${start} ${source}`;

/** Whether a block has a sample of the window. */
export const overlaps = (block: WaveBlock, window: Pick<StripWindow, 'from' | 'to'>): boolean =>
  block.samples.length > 0 && endOf(block) > window.from && block.start < window.to;

const insert = (ring: Ring, blocks: readonly WaveBlock[], end: Moment, onFull: (bytes: number) => void): void => {
  if (end > ring.newest) ring.newest = end;
  for (const block of blocks) {
    const name = nameOf(block);
    if (ring.names.has(name)) continue;
    ring.names.add(name);
    ring.blocks.push(block);
    ring.bytes += block.samples.byteLength;
  }
  let gone = 0;
  const oldest = ring.newest - RING_SPAN;
  let { bytes } = ring;
  while (gone < ring.blocks.length) {
    const block = ring.blocks[gone]!;
    if (endOf(block) > oldest && bytes <= RING_BYTES_MAX) break;
    if (endOf(block) > oldest && !ring.toldFull) {
      ring.toldFull = true;
      onFull(bytes);
    }
    bytes -= block.samples.byteLength;
    ring.names.delete(nameOf(block));
    gone++;
  }
  ring.bytes = bytes;
  if (gone > 0) ring.blocks = ring.blocks.slice(gone);
};

/** `onFull` hears of a bed whose last minute does not fit. */
export const makeStrips = (onFull: (bed: string, bytes: number) => void): Strips => {
  const rings = new Map<string, Ring>();
  let windows: readonly Listened[] = [];
  let bedsWaiting: ReadonlySet<string> = new Set();
  const setWindows = (now: readonly Listened[]): void => {
    windows = now;
    bedsWaiting = new Set(now.map(({ bed }) => bed));
  };
  const keepWindows = (kept: (window: StripWindow) => boolean): void => {
    if (!windows.every(kept)) setWindows(windows.filter(kept));
  };
  const opened = (): readonly Listened[] => windows.filter(({ isOpen }) => isOpen);
  return {
    hear: ({ bed, partition, end, blocks }) => {
      if (end !== undefined) {
        let ring = rings.get(bed);
        if (ring === undefined) {
          const heardFrom = Math.min(end, ...blocks.map(({ start }) => start));
          ring = { partition, heardFrom, toldFull: false, newest: end, bytes: 0, blocks: [], names: new Set() };
          rings.set(bed, ring);
        }
        insert(ring, blocks, end, (bytes) => onFull(bed, bytes));
      }
      if (!bedsWaiting.has(bed)) return [];
      const own = windows.filter((window) => window.bed === bed);
      return blocks.filter((block) => own.some((window) => overlaps(block, window)));
    },
    open: (window) => {
      const ring = rings.get(window.bed);
      if (!windows.some(({ alarm, from }) => alarm === window.alarm && from === window.from))
        setWindows([...windows, { ...window, isOpen: true }]);
      return {
        blocks: ring?.blocks.filter((block) => overlaps(block, window)) ?? [],
        // Of a bed that was not heard yet nobody knows whether it will be: its waves may lie before what is read again.
        forgotten: ring === undefined || window.from < Math.max(ring.newest - RING_SPAN, ring.heardFrom),
      };
    },
    kept: (partition, ends, appendedAt) => {
      keepWindows((window) => window.wavePartition !== partition || appendedAt <= window.appendedAt + LISTENED_FOR);
      for (const window of windows) {
        const end = window.wavePartition === partition ? ends.get(window.bed) : undefined;
        if (end !== undefined && end > window.to + SOURCES_APART) window.isOpen = false;
      }
    },
    firstOpen: (partition) => {
      let first: bigint | undefined;
      for (const window of opened())
        if (window.partition === partition && (first === undefined || window.offset < first)) first = window.offset;
      return first;
    },
    forgetWaves: (partition) => {
      for (const [bed, ring] of rings) if (ring.partition === partition) rings.delete(bed);
    },
    forgetAlarms: (partition) => keepWindows((window) => window.partition !== partition),
    countOpen: () => opened().length,
  };
};
