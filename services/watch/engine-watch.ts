import { type ConditionName, type ConditionOfVigil, isOfVigil } from '../../schemas/conditions.ts';
import { SILENT_AFTER_S, type StageName } from '../../schemas/engine.ts';
import type { Fold } from '../../stream-models/fold.ts';
import {
  heardAgain,
  type Instances,
  isSilent,
  keyOf,
  type ReportHeard,
  withoutReplaced,
  withReport,
  withSecond,
} from './instances.ts';
import type { GroupLag } from './lag-watch.ts';
import { MISSED_AFTER_S, NEEDED, type NeededStage, type Reason, reasonsNow, silentStages } from './wanted.ts';

/** A condition of Vigil itself that was said to be present. */
export interface Said {
  /** Who is to blame; empty after a restart of the watch, which knows only that it was said. */
  readonly culprits: ReadonlySet<string>;
  readonly sentence: string;
  readonly forS: number;
  /** The alarms stage has answered: it stands among the alarms of the reserved bed. */
  readonly confirmed: boolean;
}

export interface EngineMemory {
  readonly seconds: number;
  readonly instances: Instances;
  readonly lags: readonly GroupLag[];
  /** Seconds since this process heard its own last report come back over the log. */
  readonly ownQuietS: number;
  readonly logAwayForS: number | undefined;
  readonly logFault: string;
  readonly missingS: Readonly<Record<NeededStage, number>>;
  /** Stages that were silent so few seconds ago that their groups need not move yet. */
  readonly excusedS: ReadonlyMap<StageName, number>;
  readonly said: ReadonlyMap<ConditionOfVigil, Said>;
  /** How often processes were begun anew, by name. */
  readonly begunAnew: ReadonlyMap<string, number>;
}

export type EngineInput =
  | { readonly tag: 'Report'; readonly report: ReportHeard }
  | { readonly tag: 'Lags'; readonly lags: readonly GroupLag[] }
  /** The alarms of the reserved bed as the alarms stage has them. */
  | { readonly tag: 'Picture'; readonly present: readonly ConditionName[] }
  /** `logFault`: why this process cannot write, in words; undefined: it can. */
  | { readonly tag: 'SecondPassed'; readonly logFault: string | undefined };

/** What is to be written: the condition came or went, so many seconds ago. */
export interface EngineSaid {
  readonly condition: ConditionOfVigil;
  readonly present: boolean;
  readonly sentence: string;
  readonly agoS: number;
}

/** What was said before a restart of the watch ends only when whoever is to blame had time to be heard, or to be missed. */
const GRACE_S = MISSED_AFTER_S + 2;
/** A stage that was begun anew loads, joins its group and reads again before it moves. */
const EXCUSED_FOR_S = 15;
/** An answer of the alarms stage takes milliseconds. */
const CONFIRMED_WITHIN_S = 3;
/** Of a silence eight of the ten seconds within which it must show are over; and who was killed may have left a transaction open that holds back the word. */
const SILENCE_CONFIRMED_WITHIN_S = 1;
/** Until it answers: it may have lost its memory, and saying a thing twice changes nothing. */
const SAID_AGAIN_EVERY_S = 10;

const LOG_AWAY_MEANS = 'no new alarm can come, trust the monitors';

const confirmedWithinS = (name: ConditionOfVigil): number =>
  name.endsWith('-silent') ? SILENCE_CONFIRMED_WITHIN_S : CONFIRMED_WITHIN_S;

const afterPicture = (memory: EngineMemory, present: readonly ConditionName[]): EngineMemory => {
  const said = new Map<ConditionOfVigil, Said>();
  for (const [name, one] of memory.said) said.set(name, { ...one, confirmed: present.includes(name) });
  // What the log says was said by the life of the watch before this one.
  if (memory.seconds === 0)
    for (const name of present)
      if (isOfVigil(name) && !said.has(name))
        said.set(name, { culprits: new Set(), sentence: '', forS: 0, confirmed: true });
  return { ...memory, said };
};

const missing = (memory: EngineMemory): EngineMemory['missingS'] => {
  const speaking = [...memory.instances.values()].filter((each) => !isSilent(each));
  const counted = NEEDED.map((stage) => [
    stage,
    speaking.some(({ stages }) => stages.includes(stage)) ? 0 : memory.missingS[stage] + 1,
  ]);
  return Object.fromEntries(counted) as EngineMemory['missingS'];
};

const excuses = ({ excusedS, instances, missingS }: EngineMemory): ReadonlyMap<StageName, number> => {
  const left = [...excusedS].filter(([, s]) => s > 1).map(([stage, s]) => [stage, s - 1] as const);
  return new Map([...left, ...silentStages(instances, missingS).map((stage) => [stage, EXCUSED_FOR_S] as const)]);
};

const byCondition = (reasons: readonly Reason[]): ReadonlyMap<ConditionOfVigil, readonly Reason[]> =>
  Map.groupBy(reasons, ({ condition }) => condition);

const sentenceOf = (reasons: readonly Reason[]): string =>
  [...new Set(reasons.map(({ sentence }) => sentence))].join('. ');

/** Says what came and what went. One more to blame is a new onset: it must ring although the old one was acknowledged. */
const judged = (memory: EngineMemory, reasons: readonly Reason[]): readonly [EngineMemory, readonly EngineSaid[]] => {
  const wanted = byCondition(reasons);
  const said = new Map<ConditionOfVigil, Said>();
  const told: EngineSaid[] = [];
  const came = (condition: ConditionOfVigil, sentence: string, agoS = 0): void => {
    told.push({ condition, present: true, sentence, agoS });
  };
  const went = (condition: ConditionOfVigil, sentence: string): void => {
    told.push({ condition, present: false, sentence, agoS: 0 });
  };
  for (const [condition, before] of memory.said) {
    if (wanted.has(condition)) continue;
    if (before.culprits.size === 0 && memory.seconds < GRACE_S)
      said.set(condition, { ...before, forS: before.forS + 1 });
    else went(condition, 'it is well again');
  }
  for (const [condition, why] of wanted) {
    const culprits = new Set(why.map(({ culprit }) => culprit));
    const sentence = sentenceOf(why);
    const before = memory.said.get(condition);
    const adopted = before !== undefined && before.culprits.size === 0;
    const more = before !== undefined && !adopted && [...culprits].some((one) => !before.culprits.has(one));
    if (more) went(condition, 'more of it follows');
    if (before === undefined || more) {
      came(condition, sentence);
      said.set(condition, { culprits, sentence, forS: 0, confirmed: false });
      continue;
    }
    const fewer = !adopted && culprits.size < before.culprits.size;
    const unanswered = !before.confirmed && before.forS % SAID_AGAIN_EVERY_S === SAID_AGAIN_EVERY_S - 1;
    if (fewer || unanswered) came(condition, sentence, before.forS);
    said.set(condition, { ...before, culprits, sentence, forS: before.forS + 1 });
  }
  return [{ ...memory, said }, told];
};

/** The log does not answer: nothing can be said over it, and nobody's silence means anything. */
const withoutLog = (memory: EngineMemory, logFault: string): EngineMemory => ({
  ...memory,
  // Where the groups stand is not known either.
  lags: [],
  logAwayForS: (memory.logAwayForS ?? 0) + 1,
  // As it began: what follows from an outage says less than what it began with.
  logFault: memory.logAwayForS === undefined ? logFault : memory.logFault,
  said: new Map([...memory.said].map(([name, one]) => [name, { ...one, forS: one.forS + 1 }])),
});

/** The outage is told when it is over, as it was: from then until now. */
const logIsBack = (memory: EngineMemory): readonly [EngineMemory, readonly EngineSaid[]] => {
  const { logAwayForS, logFault, instances } = memory;
  if (logAwayForS === undefined) return [memory, []];
  return [
    { ...memory, logAwayForS: undefined, logFault: '', instances: heardAgain(instances) },
    [
      { condition: 'log-away', present: true, sentence: `${LOG_AWAY_MEANS}: ${logFault}`, agoS: logAwayForS },
      { condition: 'log-away', present: false, sentence: 'the log answers again', agoS: 0 },
    ],
  ];
};

const secondPassed = (
  before: EngineMemory,
  own: string,
  fault: string | undefined,
): readonly [EngineMemory, readonly EngineSaid[]] => {
  const ownQuietS = before.ownQuietS + 1;
  const logFault =
    fault ?? (ownQuietS >= SILENT_AFTER_S ? 'what Vigil writes does not come back over the log' : undefined);
  const counted = { ...before, seconds: before.seconds + 1, ownQuietS };
  if (logFault !== undefined) return [withoutLog(counted, logFault), []];
  const [back, toldOfLog] = logIsBack(counted);
  const { instances, begunAnew } = withoutReplaced(withSecond(back.instances, own));
  const restarts = new Map(back.begunAnew);
  for (const name of begunAnew) restarts.set(name, (restarts.get(name) ?? 0) + 1);
  const looked = { ...back, instances, begunAnew: restarts };
  const missingS = missing(looked);
  const excusedS = excuses({ ...looked, missingS });
  const reasons = reasonsNow(instances, back.lags, missingS, new Set(excusedS.keys()));
  const [after, told] = judged({ ...looked, missingS, excusedS }, reasons);
  return [after, [...toldOfLog, ...told]];
};

/**
 * Watches Vigil itself from the reports of its processes, from where its groups stand, and from seconds that pass; says which
 * conditions of the reserved bed came and went. `own`: the process that watches, whose own reports prove that the log works.
 */
export const engineWatch = (own: string): Fold<EngineMemory, EngineInput, EngineSaid> => ({
  start: {
    ...{ seconds: 0, instances: new Map(), lags: [], ownQuietS: 0, logAwayForS: undefined, logFault: '' },
    ...{ missingS: { gateway: 0, analysis: 0, alarms: 0 }, excusedS: new Map(), said: new Map(), begunAnew: new Map() },
  },
  step: (memory, input) => {
    switch (input.tag) {
      case 'Report': {
        const ownQuietS = keyOf(input.report) === own ? 0 : memory.ownQuietS;
        return [{ ...memory, ownQuietS, instances: withReport(memory.instances, input.report) }, []];
      }
      case 'Lags':
        return [{ ...memory, lags: input.lags }, []];
      case 'Picture':
        return [afterPicture(memory, input.present), []];
      case 'SecondPassed':
        return secondPassed(memory, own, input.logFault);
    }
  },
});

export interface Trouble {
  readonly name: ConditionOfVigil;
  readonly sentence: string;
  readonly forS: number;
}

/**
 * What must reach consoles past the log: that it is away, and every condition that the alarms stage has not answered. While it
 * is known that the alarms stage stands still nothing waits for an answer.
 */
export const troublesOf = (memory: EngineMemory): readonly Trouble[] => {
  const { said, logAwayForS, logFault } = memory;
  const noAnswer = said.has('alarms-silent') || said.has('alarms-stuck') || logAwayForS !== undefined;
  const unanswered = [...said]
    .filter(([name, { confirmed, forS }]) => !confirmed && (noAnswer || forS >= confirmedWithinS(name)))
    .map(([name, { sentence, forS }]): Trouble => ({ name, sentence, forS }));
  if (logAwayForS === undefined) return unanswered;
  return [{ name: 'log-away', sentence: `${LOG_AWAY_MEANS}: ${logFault}`, forS: logAwayForS }, ...unanswered];
};
