import { randomUUID } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import { VIGIL_BED } from '../../schemas/engine.ts';
import { AlarmInputSchema, type ScreenReport } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import type { ScreenTold } from '../../schemas/live.ts';
import { encodeAlarmInput } from '../../schemas/messages.ts';
import type { Moment } from '../../schemas/units.ts';
import { screenStates } from '../../schemas/words.ts';
import type { Journal } from '../logging/journal.ts';
import type { EventLog, NewRecord } from '../ports/event-log.ts';
import { makeNewestWords } from './newest-words.ts';
import { type RosterInput, type RosterSaid, roster } from './roster.ts';

export interface ScreenReportsOptions {
  readonly log: EventLog;
  readonly now: () => Moment;
  readonly journal: Journal;
  /** Whether there is such a bed: a screen that makes up names makes no beds. */
  readonly isBed: (bed: string) => boolean;
}

/** Tells the alarms which screens look, which were lost, and what they have chosen: the same for every front and every screen. */
export interface ScreenReports {
  readonly here: (line: number, screen: ScreenTold) => void;
  readonly gone: (line: number, onPurpose: boolean, quietS: number) => void;
  /** What any front has said of a screen. */
  readonly hear: (report: ScreenReport) => void;
  /** Resolves when what was found is on the log, or the log refused it (then it is said again). Never rejects. */
  readonly secondPassed: () => Promise<void>;
  readonly flush: () => Promise<void>;
}

/** What people call a screen; one without a name is told from others by the beginning of its id, which stands at the bottom of its page. */
const nameOf = ({ id, name }: ScreenTold): string => (name === '' ? `no name, ${id.slice(0, 4)}` : name);

/** Watches from now on. */
export const makeScreenReports = ({ log, now, journal, isBed }: ScreenReportsOptions): ScreenReports => {
  const toldBy = randomUUID();
  let memory = roster.start;

  const recordOf = (said: RosterSaid): NewRecord => {
    const at = now();
    const { screen } = said;
    const who = { screen: screen.id, name: nameOf(screen) };
    const bed = said.tag === 'Choice' ? said.bed : VIGIL_BED;
    const input =
      said.tag === 'Choice'
        ? { case: 'choice' as const, value: { ...who, chosen: said.chosen } }
        : {
            case: 'screen' as const,
            value: { ...who, state: screenStates[said.state], quietUs: said.quietS * 1e6, toldBy },
          };
    const message = create(AlarmInputSchema, { bed, atUs: at, saidUs: at, input });
    return { topic: 'vigil.alarm-inputs', key: bed, value: encodeAlarmInput(message) };
  };
  const words = makeNewestWords<RosterSaid>(
    log,
    (said) => `${said.screen.id}\n${said.tag === 'Choice' ? said.bed : ''}`,
    recordOf,
  );

  const step = (input: RosterInput): void => {
    const [after, said] = roster.step(memory, input);
    memory = after;
    for (const one of said) {
      if (one.tag === 'Choice' && !isBed(one.bed)) continue;
      words.tell(one);
      if (one.tag === 'Screen' && one.state === 'lost')
        journal.warn('a screen was lost', { screen: one.screen.id.slice(0, 4), milliseconds: one.quietS * 1e3 });
    }
  };

  return {
    here: (line, screen) => step({ tag: 'Here', line, screen }),
    gone: (line, onPurpose, quietS) => step({ tag: 'Gone', line, onPurpose, quietS }),
    hear: (report) => {
      if (report.toldBy !== toldBy && report.state === screenStates.watching)
        step({ tag: 'Elsewhere', screen: report.screen });
    },
    secondPassed: async () => {
      step({ tag: 'SecondPassed' });
      await words.flush();
    },
    flush: words.flush,
  };
};
