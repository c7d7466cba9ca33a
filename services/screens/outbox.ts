/**
 * What waits for one console, and in which order it goes: alarms (and whatever else must not be lost) first, then beds,
 * then waves. A slow console loses old waves, counted so that it can say so; beds are kept as names, so that it gets the
 * newest picture of each when there is room; alarms are never dropped. A box whose alarms reach the bound is `stuck`: the
 * socket must be closed, and the console resumes by its cursor, which loses nothing either.
 */
export interface Outbox<Alarm, Wave> {
  readonly alarms: readonly Alarm[];
  readonly beds: ReadonlySet<string>;
  readonly waves: readonly Wave[];
  readonly wavesShed: number;
  readonly stuck: boolean;
}

export interface OutboxBounds {
  readonly alarmsMax: number;
  readonly wavesMax: number;
  /** Above these many bytes not yet taken by the other side the kind waits. */
  readonly wavesBelowBytes: number;
  readonly bedsBelowBytes: number;
  readonly alarmsBelowBytes: number;
}

export const OUTBOX_BOUNDS_USUAL: OutboxBounds = {
  alarmsMax: 2_000,
  wavesMax: 256,
  wavesBelowBytes: 65_536,
  bedsBelowBytes: 262_144,
  alarmsBelowBytes: 1_048_576,
};

export const emptyOutbox: Outbox<never, never> = {
  alarms: [],
  beds: new Set(),
  waves: [],
  wavesShed: 0,
  stuck: false,
};

export const putAlarm = <Alarm, Wave>(
  box: Outbox<Alarm, Wave>,
  alarm: Alarm,
  bounds: OutboxBounds,
): Outbox<Alarm, Wave> =>
  box.alarms.length >= bounds.alarmsMax ? { ...box, stuck: true } : { ...box, alarms: [...box.alarms, alarm] };

/** Beds whose picture has changed; each is sent once, as it is then. */
export const putBeds = <Alarm, Wave>(box: Outbox<Alarm, Wave>, beds: Iterable<string>): Outbox<Alarm, Wave> => ({
  ...box,
  beds: new Set([...box.beds, ...beds]),
});

export const putWave = <Alarm, Wave>(
  box: Outbox<Alarm, Wave>,
  wave: Wave,
  bounds: OutboxBounds,
): Outbox<Alarm, Wave> => {
  const waves = [...box.waves, wave];
  const over = Math.max(0, waves.length - bounds.wavesMax);
  return { ...box, waves: over === 0 ? waves : waves.slice(over), wavesShed: box.wavesShed + over };
};

/** What may go out now, all of one kind. */
export type Parcel<Alarm, Wave> =
  | { readonly tag: 'Alarms'; readonly alarms: readonly Alarm[] }
  | { readonly tag: 'Beds'; readonly beds: readonly string[] }
  | { readonly tag: 'Waves'; readonly waves: readonly Wave[] };

const BEDS_AT_ONCE = 64;
const WAVES_AT_ONCE = 16;

/** The next parcel for a console that has not taken `bufferedBytes` of what it was sent; undefined: nothing may go now. */
export const take = <Alarm, Wave>(
  box: Outbox<Alarm, Wave>,
  bufferedBytes: number,
  bounds: OutboxBounds,
): readonly [Outbox<Alarm, Wave>, Parcel<Alarm, Wave> | undefined] => {
  if (box.alarms.length > 0)
    return bufferedBytes < bounds.alarmsBelowBytes
      ? [
          { ...box, alarms: [] },
          { tag: 'Alarms', alarms: box.alarms },
        ]
      : [box, undefined];
  if (box.beds.size > 0 && bufferedBytes < bounds.bedsBelowBytes) {
    const all = [...box.beds];
    return [
      { ...box, beds: new Set(all.slice(BEDS_AT_ONCE)) },
      { tag: 'Beds', beds: all.slice(0, BEDS_AT_ONCE) },
    ];
  }
  if (box.waves.length > 0 && bufferedBytes < bounds.wavesBelowBytes)
    return [
      { ...box, waves: box.waves.slice(WAVES_AT_ONCE) },
      { tag: 'Waves', waves: box.waves.slice(0, WAVES_AT_ONCE) },
    ];
  return [box, undefined];
};

/** Waves of beds that the console no longer watches. */
export const dropWaves = <Alarm, Wave>(
  box: Outbox<Alarm, Wave>,
  wanted: (wave: Wave) => boolean,
): Outbox<Alarm, Wave> => ({
  ...box,
  waves: box.waves.filter(wanted),
});
