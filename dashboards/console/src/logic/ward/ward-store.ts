/**
 * What this screen knows of the ward, and who wants to hear of it. Plain values that are replaced, never changed, so that React
 * re-renders only what a frame touched: one bed, the order, the alarm list, or the line at the bottom.
 */
import { VIGIL_BED } from '../../../../../schemas/engine.ts';
import type {
  LiveAlarm,
  LiveBed,
  LiveChooser,
  LiveFrame,
  LiveMissed,
  LiveTransition,
  LiveTrouble,
} from '../../../../../schemas/live.ts';
import { graverFirst, isShown } from '../alarms/alarm-look.ts';
import { afterPause } from '../alarms/audio-pause.ts';
import { understood } from '../alarms/understood.ts';
import { isOnWall } from '../time/age.ts';
import { bedsInOrder, byBedName, rankOf, restand, type Standing } from './bed-order.ts';
import { type Absence, makeWardPast } from './ward-past.ts';

/** What can change and be listened to; `bed:NAME` is one bed. */
export type Topic = 'about' | 'order' | 'alarms' | 'history' | 'troubles' | `bed:${string}`;

export interface About {
  readonly ward: string;
  readonly simulated: boolean;
  readonly intendedUse: string;
  readonly provider: string;
  /** Where the history of a bed is; undefined: nowhere. */
  readonly grafana: string | undefined;
  /** How long a nurse's name is kept after the last act in it, microseconds; undefined: as long as the page. */
  readonly nameKeptUs: number | undefined;
  readonly shed: number;
}

export interface WardAlarm {
  readonly bed: string;
  readonly patient: string | null;
  readonly alarm: LiveAlarm;
  readonly chosenBy: readonly LiveChooser[];
}

export type BedOrderRule = 'gravest' | 'name';

export interface WardStore {
  readonly subscribe: (topic: Topic, listener: () => void) => () => void;
  readonly apply: (frame: LiveFrame) => void;
  /** Time passed: calm beds may sink, pauses of sound end. */
  readonly tick: (nowUs: number) => void;
  readonly about: () => About | undefined;
  readonly bed: (name: string) => LiveBed | undefined;
  /** All beds, and the reserved one where Vigil tells of itself once it has. */
  readonly beds: () => Iterable<LiveBed>;
  /** The other beds on which the patient of this one is named, in the order of their names. */
  readonly alsoOn: (name: string) => readonly string[];
  /** Beds that have a tile. */
  readonly order: () => readonly string[];
  readonly orderBy: (rule: BedOrderRule) => void;
  /** Every shown alarm of the ward, gravest first. */
  readonly alarms: () => readonly WardAlarm[];
  /** What is wrong with Vigil itself and cannot come as an alarm. */
  readonly troubles: () => readonly LiveTrouble[];
  readonly history: () => readonly LiveTransition[];
  /** What the page of before knew, and when it heard something last. */
  readonly recallHistory: (history: readonly LiveTransition[], heardUs?: number) => void;
  readonly absence: () => Absence | undefined;
  readonly forgetAbsence: () => void;
}

const NO_BEDS: readonly string[] = [];
const NOBODY: readonly LiveChooser[] = [];
const NOTHING: readonly LiveMissed[] = [];
type Beside = Pick<LiveBed, 'chosenBy' | 'missed'>;

const sameNames = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((name, i) => name === b[i]);

/** The bed with what is told beside its alarms: who has chosen it, what was missed. Without a word of what there is not. */
const withBeside = (bed: LiveBed, { chosenBy = NOBODY, missed = NOTHING }: Beside): LiveBed => {
  const { chosenBy: _chosen, missed: _missed, ...rest } = bed;
  return {
    ...rest,
    ...(chosenBy.length === 0 ? {} : { chosenBy }),
    ...(missed.length === 0 ? {} : { missed }),
  };
};

/** A bed of which nothing but alarms was told. */
const unheardBed = (bed: string): LiveBed => ({
  ...{ bed, lastFrameUs: null, analysedUs: null, patient: null, rhythm: null, numerics: [], laboratory: [] },
  ...{ score: null, risk: null, monitorAlarms: [], alarms: [], audioPausedUntilUs: null, leadsOff: [] },
});
/** The reserved bed has alarms and nothing else. */
export const emptyVigil: LiveBed = unheardBed(VIGIL_BED);

export const makeWardStore = (): WardStore => {
  const listeners = new Map<Topic, Set<() => void>>();
  const beds = new Map<string, LiveBed>();
  const bedsOf = new Map<string, ReadonlySet<string>>();
  const standings = new Map<string, Standing>();
  let about: About | undefined;
  let rule: BedOrderRule = 'gravest';
  let order: readonly string[] = [];
  let alarms: readonly WardAlarm[] = [];
  const past = makeWardPast();
  let troubles: readonly LiveTrouble[] = [];
  let lastHeardUs: number | undefined;

  const tell = (topic: Topic): void => {
    for (const listener of listeners.get(topic) ?? []) listener();
  };

  const reorder = (): void => {
    const next = rule === 'gravest' ? bedsInOrder(standings) : [...standings.keys()].sort(byBedName);
    if (sameNames(next, order)) return;
    order = next;
    tell('order');
  };

  const stand = (bed: LiveBed, nowUs: number): void => {
    if (bed.bed === VIGIL_BED) return;
    standings.set(bed.bed, restand(standings.get(bed.bed), rankOf(bed.alarms), nowUs));
  };

  const gatherAlarms = (): void => {
    alarms = [...beds.values()]
      .flatMap(({ bed, patient, alarms: all, chosenBy = NOBODY }) =>
        all.filter(isShown).map((alarm) => ({ bed, patient, alarm, chosenBy })),
      )
      .sort((a, b) => graverFirst(a.alarm, b.alarm) || byBedName(a.bed, b.bed));
    tell('alarms');
  };

  /** Who lies where, so that each of some thousand beds need not be held against all others. */
  const lies = (name: string, patient: string | null): void => {
    const before = beds.get(name)?.patient ?? null;
    if (before === patient) return;
    const left = new Set(bedsOf.get(before ?? ''));
    left.delete(name);
    if (left.size > 0) bedsOf.set(before ?? '', left);
    else bedsOf.delete(before ?? '');
    if (patient !== null) bedsOf.set(patient, new Set(bedsOf.get(patient)).add(name));
  };

  const setBed = (told: LiveBed): LiveBed => {
    const bed = { ...told, alarms: understood(told.alarms) };
    lies(bed.bed, bed.patient);
    beds.set(bed.bed, bed);
    tell(`bed:${bed.bed}`);
    return bed;
  };

  const remove = (name: string): void => {
    lies(name, null);
    beds.delete(name);
    standings.delete(name);
    tell(`bed:${name}`);
  };

  /** Not while the line is lost: what time it is by what was heard, all beds stay with what they said last. */
  const clearWall = (): void => {
    for (const bed of beds.values())
      if (bed.bed !== VIGIL_BED && lastHeardUs !== undefined && !isOnWall(bed, lastHeardUs)) remove(bed.bed);
  };

  const snapshot = (frame: Extract<LiveFrame, { type: 'snapshot' }>): void => {
    const { ward, simulated, intendedUse, provider, grafana, nameKeptUs } = frame;
    about = { ward, simulated, intendedUse, provider, grafana, nameKeptUs, shed: 0 };
    const gone = new Set(beds.keys());
    for (const bed of frame.beds) {
      gone.delete(bed.bed);
      stand(setBed(bed), frame.serverTimeUs);
    }
    for (const name of gone) remove(name);
    if (lastHeardUs !== undefined)
      past.away({ fromUs: lastHeardUs, toUs: frame.serverTimeUs, complete: frame.resumed });
    tell('about');
    tell('history');
    reorder();
    gatherAlarms();
  };

  /** Alarms go out before pictures, so a bed that rings with its first frame is heard of here first. */
  const alarmsFrame = (frame: Extract<LiveFrame, { type: 'alarms' }>): void => {
    if (past.remember(frame.transitions)) tell('history');
    if (!beds.has(frame.bed) && frame.alarms.length === 0 && frame.audioPausedUntilUs === null) return;
    const bed = beds.get(frame.bed) ?? unheardBed(frame.bed);
    const { alarms: told, audioPausedUntilUs } = frame;
    const next = setBed(withBeside({ ...bed, alarms: told, audioPausedUntilUs }, frame));
    stand(next, frame.serverTimeUs);
    reorder();
    gatherAlarms();
  };

  /** A bed admitted after the snapshot has no alarms until an alarms frame says so, which may come before this one. */
  const bedFrame = (frame: Extract<LiveFrame, { type: 'bed' }>): void => {
    const before = beds.get(frame.bed.bed);
    const { alarms: known = [], audioPausedUntilUs = null } = before ?? {};
    const next = withBeside({ ...frame.bed, alarms: known, audioPausedUntilUs }, before ?? {});
    // Of a laboratory, for example, before the monitor has said anything.
    if (before === undefined && !isOnWall(next, frame.serverTimeUs)) return;
    setBed(next);
    if (before === undefined) {
      stand(next, frame.serverTimeUs);
      reorder();
    }
    if (before !== undefined && before.patient !== next.patient) gatherAlarms();
  };

  const endPauses = (nowUs: number): void => {
    const ended = [...beds.values()].map((bed) => [bed, afterPause(bed, nowUs)] as const).filter(([a, b]) => a !== b);
    for (const [, bed] of ended) setBed(bed);
    if (ended.length > 0) gatherAlarms();
  };

  const heartbeat = (frame: Extract<LiveFrame, { type: 'heartbeat' }>): void => {
    if (JSON.stringify(frame.troubles) !== JSON.stringify(troubles)) {
      troubles = frame.troubles;
      tell('troubles');
    }
    if (about === undefined || (about.shed === frame.shed && about.provider === frame.provider)) return;
    about = { ...about, shed: frame.shed, provider: frame.provider };
    tell('about');
  };

  const apply = (frame: LiveFrame): void => {
    switch (frame.type) {
      case 'snapshot':
        snapshot(frame);
        break;
      case 'alarms':
        alarmsFrame(frame);
        break;
      case 'bed':
        bedFrame(frame);
        break;
      case 'heartbeat':
        heartbeat(frame);
        break;
      case 'acted':
        break;
    }
    lastHeardUs = frame.serverTimeUs;
  };

  return {
    subscribe: (topic, listener) => {
      const all = listeners.get(topic) ?? new Set();
      listeners.set(topic, all.add(listener));
      return () => {
        all.delete(listener);
        if (all.size === 0) listeners.delete(topic);
      };
    },
    apply,
    tick: (nowUs) => {
      clearWall();
      for (const bed of beds.values()) stand(bed, nowUs);
      reorder();
      endPauses(nowUs);
    },
    about: () => about,
    bed: (name) => beds.get(name),
    beds: () => beds.values(),
    alsoOn: (name) => {
      const all = bedsOf.get(beds.get(name)?.patient ?? '');
      return all === undefined || all.size < 2 ? NO_BEDS : [...all].filter((other) => other !== name).sort(byBedName);
    },
    order: () => order,
    orderBy: (next) => {
      rule = next;
      reorder();
    },
    alarms: () => alarms,
    troubles: () => troubles,
    history: past.history,
    recallHistory: (history, heardUs) => {
      past.recall(history);
      lastHeardUs = heardUs;
    },
    absence: past.absence,
    forgetAbsence: () => {
      past.forgetAbsence();
      tell('history');
    },
  };
};
