import type { LiveTrouble } from '../../schemas/live.ts';
import type { Moment } from '../../schemas/units.ts';
import type { Meters } from '../metrics/meters.ts';
import type { Socket } from '../ports/sockets.ts';
import { type Cursor, cursorText } from './cursor.ts';
import { dropWaves, emptyOutbox, type Outbox, type OutboxBounds, putAlarm, putBeds, putWave, take } from './outbox.ts';
import { numbered, type WaveFrame } from './waves.ts';

/** What must not be lost: snapshot, alarms, answers to acts. */
export interface Important {
  readonly type: 'snapshot' | 'alarms' | 'acted';
  /** The inside of the frame's JSON object, beyond what every frame has. Written once for all consoles. */
  readonly body: string;
  /** High alarms that a console has received when it has received this frame. */
  readonly proves: readonly string[];
  /** Of alarms: where the console stands on the log once it has the frame. */
  readonly place?: { readonly partition: number; readonly next: bigint };
  /** When the decisive signal was heard to its end, of alarms that went on just now. */
  readonly ringsSince?: number;
}

export interface SenderOptions {
  readonly socket: Socket;
  readonly now: () => Moment;
  readonly meters: Meters;
  readonly bounds: OutboxBounds;
  /** The inside of a bed frame; undefined: the bed is gone. */
  readonly bedJson: (bed: string) => string | undefined;
  /** The console does not even take its alarms. */
  readonly stuck: () => void;
}

/** Numbers the frames of one console and hands them to its socket, the gravest first, as fast as it takes them. */
export interface Sender {
  readonly startAt: (cursor: Cursor) => void;
  /** The position moved on without anything to tell. */
  readonly moved: (partition: number, next: bigint) => void;
  readonly important: (one: Important) => void;
  readonly beds: (beds: ReadonlySet<string>) => void;
  readonly wave: (wave: WaveFrame) => void;
  readonly keepWavesOf: (wanted: (bed: string) => boolean) => void;
  readonly heartbeat: (provider: string, troubles: readonly LiveTrouble[]) => void;
  readonly sent: () => number;
  /** The high alarms in frames up to this one, each once. */
  readonly proven: (frame: number) => readonly string[];
  readonly stop: () => void;
}

/** Bed frames per quarter of a second and console. A larger ward is shown in turns. */
const BEDS_PER_QUARTER_MAX = 400;
const NO_BEDS: ReadonlySet<string> = new Set();

/** What goes out to one console. */
export const makeSender = ({ socket, now, meters, bounds, bedJson, stuck }: SenderOptions): Sender => {
  let box: Outbox<Important, WaveFrame> = emptyOutbox;
  let stopped = false;
  let frame = 0;
  let bedsLeft = BEDS_PER_QUARTER_MAX;
  let cursor = new Map<number, bigint>();
  let cursorNow = '';
  let unproven: { readonly frame: number; readonly alarms: readonly string[] }[] = [];

  const sendText = (type: string, body: string): void => {
    frame += 1;
    socket.send(
      `{"type":"${type}","frame":${frame},"cursor":"${cursorNow}","serverTimeUs":${now()},${body}}`,
      pumpAgain,
    );
    meters.liveFrames.add(1, type);
  };

  const place = (partition: number, next: bigint): void => {
    cursor.set(partition, next);
    cursorNow = cursorText(cursor);
  };

  const sendImportant = (one: Important): void => {
    if (one.place !== undefined) place(one.place.partition, one.place.next);
    sendText(one.type, one.body);
    if (one.proves.length > 0) unproven.push({ frame, alarms: one.proves });
    if (one.ringsSince !== undefined) meters.alertLatency.seen(Math.max(0, now() - one.ringsSince) / 1e6);
  };

  const sendBed = (name: string): void => {
    bedsLeft -= 1;
    const body = bedJson(name);
    if (body !== undefined) sendText('bed', body);
  };

  const sendWave = (wave: WaveFrame): void => {
    frame += 1;
    socket.send(numbered(wave, frame), pumpAgain);
    meters.liveFrames.add(1, 'wave');
  };

  /** Sends one parcel; false: nothing may go now. Beds beyond their share wait, what stands behind them does not. */
  const sendParcel = (): boolean => {
    const bedsMay = bedsLeft > 0;
    const [rest, parcel] = take(bedsMay ? box : { ...box, beds: NO_BEDS }, socket.bufferedBytes(), bounds);
    if (parcel === undefined) return false;
    box = bedsMay ? rest : { ...rest, beds: box.beds };
    if (parcel.tag === 'Alarms') for (const one of parcel.alarms) sendImportant(one);
    else if (parcel.tag === 'Beds') for (const bed of parcel.beds) sendBed(bed);
    else for (const wave of parcel.waves) sendWave(wave);
    return true;
  };

  let pumping = false;
  const pump = (): void => {
    if (pumping || stopped) return;
    pumping = true;
    while (sendParcel());
    pumping = false;
  };
  // The other side took something: there may be room for more.
  const pumpAgain = (): void => {
    if (box.alarms.length + box.beds.size + box.waves.length > 0) pump();
  };

  return {
    startAt: (from) => {
      cursor = new Map(from);
      cursorNow = cursorText(cursor);
    },
    moved: (partition, next) => {
      // Alarms that wait are still before this position.
      if (box.alarms.length === 0) place(partition, next);
    },
    important: (one) => {
      if (stopped) return;
      box = putAlarm(box, one, bounds);
      if (box.stuck) stuck();
      else pump();
    },
    beds: (beds) => {
      bedsLeft = BEDS_PER_QUARTER_MAX;
      if (stopped) return;
      if (beds.size > 0) box = putBeds(box, beds);
      pump();
    },
    wave: (wave) => {
      if (stopped) return;
      const before = box.wavesShed;
      box = putWave(box, wave, bounds);
      if (box.wavesShed > before) meters.wavesShed.add(box.wavesShed - before);
      pump();
    },
    keepWavesOf: (wanted) => {
      box = dropWaves(box, ({ bed }) => wanted(bed));
    },
    heartbeat: (provider, troubles) => {
      if (stopped || socket.bufferedBytes() >= bounds.alarmsBelowBytes) return;
      const told = `"provider":${JSON.stringify(provider)},"troubles":${JSON.stringify(troubles)}`;
      sendText('heartbeat', `"shed":${box.wavesShed},${told}`);
      pump();
    },
    sent: () => frame,
    proven: (upTo) => {
      const proven = unproven.filter((one) => one.frame <= upTo);
      if (proven.length > 0) unproven = unproven.filter((one) => one.frame > upTo);
      return [...new Set(proven.flatMap(({ alarms }) => alarms))];
    },
    stop: () => {
      stopped = true;
      box = emptyOutbox;
    },
  };
};
