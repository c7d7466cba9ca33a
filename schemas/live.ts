/**
 * The wire between screens and the nurse console: WebSocket /v1/live. Text frames are JSON of these shapes; binary frames
 * carry waves (schemas/live-waves.ts). Every time is microseconds since 1970 on the server's clock, so that a console
 * with a wrong clock shows right ages: it compares only with `serverTimeUs` of the newest frame.
 */
import type { OriginName, PriorityName } from './conditions.ts';
import type { AskedLimit, LiveLimits } from './live-limits.ts';
import type { LiveMissed } from './live-missed.ts';
import type { LiveRisk } from './live-risk.ts';
import type { LiveAsking, LiveChooser, ScreenTold } from './live-screen.ts';
import type { SignalWord, TestimonyWord, VerdictWord } from './words.ts';

export type { LiveAsking, LiveChooser, LiveMissed, ScreenTold };

export type SignalStateName = Exclude<SignalWord, 'off'>;

/** What all signals of the bed together say of a red rhythm alarm. Text beside it: it neither stills nor delays an alarm. */
export interface LiveEvidence {
  readonly verdict: VerdictWord;
  /** That the alarm is true, 0 … 1. */
  readonly probability: number;
  /** Leads first. */
  readonly signals: readonly {
    readonly label: string;
    readonly kind: 'lead' | 'pulse';
    readonly says: TestimonyWord;
    readonly because: string;
  }[];
  /** Up to when was heard what it is made of. */
  readonly judgedUs: number;
}

/** A red rhythm alarm of the bedside monitor, in its own words, and what Vigil holds of it. */
export interface LiveMonitorAlarm {
  readonly text: string;
  readonly condition: string;
  readonly atUs: number;
  readonly evidence: LiveEvidence;
}

export interface LiveAlarm {
  readonly alarm: string;
  readonly condition: string;
  readonly label: string;
  /** What it was at the onset. */
  readonly text: string;
  /** The worst since then, in the same words, and when it was measured; absent: that of the onset. No signal follows from it. */
  readonly worst?: { readonly text: string; readonly atUs: number };
  readonly priority: PriorityName;
  readonly origin: OriginName;
  readonly state: SignalStateName;
  readonly present: boolean;
  readonly onsetUs: number;
  readonly sinceUs: number;
  readonly preset: string;
  readonly acknowledgedBy?: string;
  readonly pausedUntilUs?: number;
  /** Counts up each time the alarm comes into the room; absent: not counted. Give it back in `act.seen`. */
  readonly appearance?: number;
  /** Absent: not judged (yet), or of no kind that is judged. */
  readonly evidence?: LiveEvidence;
  /** Whom it asks to come; absent: nobody, because it was answered, or is of no kind that is passed on. */
  readonly asking?: LiveAsking;
}

export interface LiveNumeric {
  readonly code: number;
  readonly label: string;
  readonly unit: string;
  /** null: there is no value; `missing` says why. */
  readonly value: number | null;
  readonly missing?: string;
  readonly atUs: number;
  /** How old the value may get before it must not look live any more (a length of time, per signal). */
  readonly staleAfterUs: number;
  /** "monitor", "laboratory", or "vigil" when Vigil measured it itself. */
  readonly by: 'monitor' | 'laboratory' | 'vigil';
  /** The device that told it, where several devices of the bed tell this signal; absent: one does. */
  readonly source?: string;
}

export interface LiveScore {
  readonly name: string;
  readonly value: number | null;
  readonly missing: readonly string[];
  readonly points: Readonly<Record<string, number>>;
  readonly response: string;
  /** By which SpO₂ scale of NEWS2 the points are; absent: not told. */
  readonly spo2Scale?: 1 | 2;
  readonly atUs: number;
}

export interface LiveBed {
  readonly bed: string;
  /** Newest frame of the bed that said something; null: none yet. "NO DATA" is drawn 3 s after it. */
  readonly lastFrameUs: number | null;
  /** How far analysis has heard this bed; null: nothing yet. */
  readonly analysedUs: number | null;
  readonly patient: string | null;
  readonly rhythm: string | null;
  readonly numerics: readonly LiveNumeric[];
  /** The newest of each laboratory value; `atUs` is when the specimen was taken. */
  readonly laboratory: readonly LiveNumeric[];
  readonly score: LiveScore | null;
  /** null: nothing was said of it yet. */
  readonly risk: LiveRisk | null;
  /** Alarms of the monitor that were judged and that it has not taken back, oldest first. */
  readonly monitorAlarms: readonly LiveMonitorAlarm[];
  /** Every signal that is not off, gravest first. */
  readonly alarms: readonly LiveAlarm[];
  readonly audioPausedUntilUs: number | null;
  /** Told with the alarms; absent or empty: it is everybody's. */
  readonly chosenBy?: readonly LiveChooser[];
  /** Told with the alarms, oldest first; absent or empty: nothing was missed in the last day. None of it rings. */
  readonly missed?: readonly LiveMissed[];
  readonly leadsOff: readonly number[];
  /** Whose wave is sent, of signals that several devices of the bed tell; absent: one device tells each. */
  readonly waveSources?: readonly LiveWaveSource[];
  /** Absent: analysis has not said lately which apply, and no limit is the patient's own. */
  readonly limits?: LiveLimits | undefined;
}

export interface LiveWaveSource {
  readonly code: number;
  readonly source: string;
}

/**
 * Something wrong with Vigil itself that cannot come as an alarm, because what alarms travel by is what is broken: the log
 * does not answer, or the alarms stage stands still. It ends by no longer being told.
 */
export interface LiveTrouble {
  /** A condition of Vigil itself (schemas/conditions.ts). */
  readonly name: string;
  readonly label: string;
  readonly priority: PriorityName;
  /** What is wrong, and what that means at the bedside. */
  readonly sentence: string;
  readonly sinceUs: number;
}

interface Framed {
  /** Counts up by one within a session, over text and binary frames alike. */
  readonly frame: number;
  /** Where to resume: give it back in `hello.since`. */
  readonly cursor: string;
  readonly serverTimeUs: number;
}

export interface LiveTransition {
  readonly bed: string;
  readonly alarm: string;
  readonly condition: string;
  readonly from: string;
  readonly to: string;
  readonly atUs: number;
  readonly by: string;
  readonly why: string;
}

/** Server → console. */
export type LiveFrame =
  /** First frame of every session, resumed or not. */
  | (Framed & {
      readonly type: 'snapshot';
      readonly ward: string;
      /** True while a simulated ward plays: every page says so. */
      readonly simulated: boolean;
      readonly intendedUse: string;
      readonly provider: string;
      /** Address of Grafana, where a bed's history is; absent: there is none. */
      readonly grafana?: string;
      /** How long a console keeps a nurse's name after the last act in it; absent: as long as its page. */
      readonly nameKeptUs?: number;
      readonly resumed: boolean;
      readonly beds: readonly LiveBed[];
    })
  /** New alarm picture of one bed and the transitions that led there (all missed ones after a resume). */
  | (Framed & {
      readonly type: 'alarms';
      readonly bed: string;
      readonly alarms: readonly LiveAlarm[];
      readonly audioPausedUntilUs: number | null;
      readonly chosenBy?: readonly LiveChooser[];
      readonly missed?: readonly LiveMissed[];
      readonly transitions: readonly LiveTransition[];
    })
  /** Everything about a bed but alarms and waves, at most four times a second and bed. */
  | (Framed & {
      readonly type: 'bed';
      readonly bed: Omit<LiveBed, 'alarms' | 'audioPausedUntilUs' | 'chosenBy' | 'missed'>;
    })
  /** Every second, also when nothing happens. `shed` counts wave frames dropped for this socket. */
  | (Framed & {
      readonly type: 'heartbeat';
      readonly shed: number;
      readonly provider: string;
      /** Gravest first; empty: nothing is wrong with the way that alarms take. */
      readonly troubles: readonly LiveTrouble[];
    })
  /** Answer to an act. A second one, not ok, when what it meant had come back since and nothing was acknowledged. */
  | (Framed & { readonly type: 'acted'; readonly id: string; readonly ok: boolean; readonly sentence: string });

/** A bed that said nothing for so long and has no alarm is not on the wall any more. */
export const BED_SHOWN_FOR_US = 3_600e6;

/** A nurse may say of a bed to which nobody is assigned that its monitor was taken away (`standby`) once nothing was heard of it for so long. */
export const STANDBY_AFTER_US = 60e6;

/** Beds whose waves one console may watch; a `watch` with more is answered by hanging up. */
export const WATCHED_MOST = 512;

/** Console → server. */
export type ConsoleFrame =
  | { readonly type: 'hello'; readonly since?: string; readonly token?: string }
  /** Which waves are wanted; absent beds get none. Codes empty: the first ECG lead. */
  | {
      readonly type: 'watch';
      readonly waves: readonly { readonly bed: string; readonly codes: readonly number[] }[];
      /** For the audit: the bed that is open with all its details; empty: the ward. Absent: the first that more than one wave is asked of. */
      readonly opened?: string;
      /** For the audit: in whose name acts are signed at this console now; absent or empty: in nobody's. */
      readonly by?: string;
    }
  /** After hello, and whenever it has changed. A screen that was told and breaks off without a goodbye is told to the others as lost. */
  | ({ readonly type: 'screen' } & ScreenTold)
  /** The page is being closed on purpose: nobody is to miss it. */
  | { readonly type: 'goodbye' }
  /** Answer to a heartbeat, and proof that alarm frames up to `frame` were received. */
  | { readonly type: 'received'; readonly frame: number }
  | {
      readonly type: 'act';
      readonly id: string;
      readonly kind:
        | 'acknowledge'
        | 'pause-audio'
        | 'resume-audio'
        | 'reset'
        | 'standby'
        /** Sets one limit for who lies in the bed; its answer is a bed frame that shows it, or `acted` that says why not. */
        | 'set-limits'
        /** Asks which limits apply; the answer is a bed frame. */
        | 'show-limits'
        /** An alarm that asks somebody goes on to the next in the chain. */
        | 'cannot-come';
      readonly bed: string;
      /** Absent: all alarms of the bed. */
      readonly alarm?: string;
      readonly by: string;
      /** Of a pause; of set-limits for how long, at most 24 h. */
      readonly durationUs?: number;
      readonly reason?: string;
      /** Of set-limits. A side that is absent: the unit's; of what was shown when it was decided: none. */
      readonly limit?: AskedLimit;
      /** Of set-limits: who lay there when it was decided; absent: nobody was named. */
      readonly patient?: string;
      /**
       * The alarms of the bed that were shown when it was decided. What has come, or come back, since is neither acknowledged
       * nor, if it is red, silenced. Absent: whatever is there when the act arrives counts as seen.
       */
      readonly seen?: readonly { readonly alarm: string; readonly appearance: number }[];
      /** When it was decided, on the clock of `serverTimeUs`: what a line has held up for longer than 10 s is not done. Absent: done whenever it arrives. */
      readonly decidedUs?: number;
    };

export const INTENDED_USE =
  'Secondary and supplementary. Not a cleared medical device. Never the only source of alarms.';
