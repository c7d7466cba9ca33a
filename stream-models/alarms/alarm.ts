import { type ConditionName, conditions, priorityRank } from '../../schemas/conditions.ts';
import type { Microseconds, Moment } from '../../schemas/units.ts';
import type { SignalWord, StepWord, TestimonyWord, VerdictWord } from '../../schemas/words.ts';

/** What the room sees and hears of one alarm (IEEE 11073-10207). */
export type ShownState = SignalWord;

/** What one alarm does by its own rules, before chains and pauses of the whole bed are looked at. */
export type Signal =
  | { readonly tag: 'Waiting'; readonly until: Moment }
  /** `turn` says whether the alarm began before or after a nurse's act, where clocks could tie. */
  | { readonly tag: 'Ringing'; readonly turn: number }
  | { readonly tag: 'Latched' }
  /** `until`: then it is let go although its condition stands; absent: it stands as long as that does. */
  | { readonly tag: 'Acknowledged'; readonly turn: number; readonly by: string; readonly until?: Moment }
  | { readonly tag: 'Over' };

/** One condition of one bed and its signal, from the onset until the signal is off. */
export interface Alarm {
  /** Bed, condition and onset: unique, and the same in every replay. */
  readonly id: string;
  // The condition: in the patient, or in the device.
  readonly condition: ConditionName;
  readonly present: boolean;
  readonly onset: Moment;
  readonly evidence: string;
  /** The worst since then, and when it was measured; absent: that of the onset. No signal follows from it. */
  readonly worst?: { readonly evidence: string; readonly at: Moment };
  readonly preset: string;
  /** What it misses may have been taken off on purpose. */
  readonly mayBeTakenOff?: true;
  // The signal: in the room.
  readonly signal: Signal;
  readonly shown: ShownState;
  /** When the signal last began; the onset while it waits. */
  readonly since: Moment;
  /** How often it has come into the room: when it began, after it had latched, from behind a graver one. Absent: remembered from before this was counted, once. */
  readonly appearance?: number;
  /** It was seen or heard at least once, not only hidden behind a graver one. */
  readonly rang: boolean;
  /** What all signals say of it; absent: not judged (yet). Text beside the alarm: no signal follows from it. */
  readonly verdict?: AlarmEvidence;
  /** Whom it asks to come; absent: nobody, because it was answered, is not in the room, or is of no kind that is passed on. */
  readonly asking?: Asking;
}

/** Whom an alarm asks that nobody has answered. */
export interface Asking {
  readonly step: StepWord;
  readonly since: Moment;
  /** Then the next step is asked; absent: time stands still for it (the sound is paused), or the chain is at its end. */
  readonly until?: Moment;
  /** Who has said that he cannot come. */
  readonly declinedBy: readonly string[];
}

/** A screen that has chosen the bed; `until`: then it lapses, unless it is said again. */
export interface Chooser {
  readonly screen: string;
  readonly name: string;
  readonly until: Moment;
}

/** A screen that broke off, in the reserved bed's memory. */
export interface LostScreen {
  readonly screen: string;
  readonly name: string;
  readonly quiet: Microseconds;
}

/** What would have rung, had it come in time: late data of one device, judged by itself. None of it rings. */
export interface Missed {
  readonly source: string;
  /** Bed time of the first and the last late frame. */
  readonly from: Moment;
  readonly to: Moment;
  readonly frames: number;
  readonly numbers: number;
  /** `ended`: absent where the end is not among what came late. */
  readonly alarms: readonly {
    readonly condition: ConditionName;
    readonly at: Moment;
    readonly ended?: Moment;
    readonly evidence: string;
    /** Of before the patient who lay there when this was said was assigned. */
    readonly ofBefore: boolean;
  }[];
  /** Further ones that are not listed. */
  readonly more: number;
}

export const appearanceOf = ({ appearance }: Alarm): number => appearance ?? 1;

/** A verdict on the alarm, as analysis gave it, and up to when was heard what it is made of. */
export interface AlarmEvidence {
  readonly judged: Moment;
  readonly kind: VerdictWord;
  /** That the alarm is true, 0 … 1. */
  readonly probability: number;
  readonly testimonies: readonly {
    /** MDC code of the signal. */
    readonly code: number;
    readonly says: TestimonyWord;
    readonly because: string;
  }[];
}

/** Sound of the whole bed is paused until then. */
export interface AudioPause {
  readonly until: Moment;
  readonly turn: number;
}

/** What is remembered of a bed. Bounded: at most one alarm and one last onset per condition. */
export interface BedAlarms {
  readonly bed: string;
  /** Bed time so far, and how far the signal was heard. undefined: nothing came yet. */
  readonly now: Moment | undefined;
  readonly said: Moment | undefined;
  /** Who lies there; undefined: nobody said so yet. */
  readonly patient: string | undefined;
  /** Every alarm whose signal is not off, gravest first. */
  readonly alarms: readonly Alarm[];
  readonly pause: AudioPause | undefined;
  /** Counts beginnings of signals and acts of nurses. */
  readonly turns: number;
  /** How often a clock was set back; absent: never. */
  readonly setBacks?: number;
  readonly lastOnset: Readonly<Partial<Record<ConditionName, Moment>>>;
  /** Ids of the newest actions, so that one sent twice is done once. */
  readonly actions: readonly string[];
  readonly rollCallDue: Moment | undefined;
  /** Absent: no screen has chosen the bed, it is everybody's. */
  readonly chosenBy?: readonly Chooser[];
  /** Of the reserved bed: screens that are lost. Of interest while their alarm stands. */
  readonly lostScreens?: readonly LostScreen[];
  /** Of the last day; absent: nothing. */
  readonly missed?: readonly { readonly told: Moment; readonly what: Missed }[];
}

/** A bed never heard of. */
export const quietBed = (bed: string): BedAlarms => ({
  bed,
  now: undefined,
  said: undefined,
  patient: undefined,
  alarms: [],
  pause: undefined,
  turns: 0,
  lastOnset: {},
  actions: [],
  rollCallDue: undefined,
});

/** One signal went from one state to another (the same where only another step of the chain is asked): at which moment of bed time, by whom, and why. */
export interface AlarmTransition {
  readonly alarm: string;
  readonly condition: ConditionName;
  readonly from: ShownState;
  readonly to: ShownState;
  readonly by: string;
  readonly why: string;
  /** Of an act that meant an earlier appearance and changed nothing (from and to are the same): its id. */
  readonly act?: string;
}

/** What the machine says: a transition (none on a roll call or when only the pause, a verdict or the worst value changed) and the whole picture after it. */
export interface AlarmSaid {
  readonly at: Moment;
  readonly said: Moment;
  readonly transition: AlarmTransition | undefined;
  /** The alarm on which a verdict has come, when nothing else is said; absent: none. */
  readonly judged?: string;
  /** The alarm that has become worse, when nothing else is said; absent: none. */
  readonly worse?: string;
  readonly alarms: readonly Alarm[];
  readonly pausedUntil: Moment | undefined;
  readonly chosenBy: readonly Chooser[];
  readonly missed: readonly Missed[];
}

const STATE_RANK: Readonly<Record<ShownState, number>> = {
  on: 0,
  paused: 1,
  latched: 2,
  acknowledged: 3,
  hidden: 4,
  waiting: 5,
  off: 6,
};
const TABLE_RANK = Object.fromEntries(Object.keys(conditions).map((name, rank) => [name, rank])) as Readonly<
  Record<ConditionName, number>
>;
const unseen = (alarm: Alarm): number => (alarm.shown === 'hidden' || alarm.shown === 'waiting' ? 1 : 0);

/** Gravest first: what is seen before what is not, then priority, then what asks most for someone, then the table's order. */
export const byGravity = (a: Alarm, b: Alarm): number =>
  unseen(a) - unseen(b) ||
  priorityRank[conditions[a.condition].priority] - priorityRank[conditions[b.condition].priority] ||
  STATE_RANK[a.shown] - STATE_RANK[b.shown] ||
  TABLE_RANK[a.condition] - TABLE_RANK[b.condition];
