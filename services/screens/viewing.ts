import type { LiveBed } from '../../schemas/live.ts';
import type { Audit } from '../audit/audit.ts';
import { type Visitor, whoOf } from '../audit/visitor.ts';

/** What one console is shown, as the audit is told. */
export interface Viewer {
  /** It said hello, and has the ward from now on. */
  readonly opened: (visitor: Visitor) => void;
  /** It opened this bed, or went back to the ward (undefined); `by`: in whose name acts are signed there now. */
  readonly looksAt: (bed: string | undefined, by: string) => void;
  readonly closed: () => void;
}

/** Tells the audit who sees what: consoles, what they open, and who lies there meanwhile. */
export interface Viewing {
  readonly viewer: (session: number) => Viewer;
  /** These beds changed. */
  readonly changed: (beds: Iterable<string>) => void;
}

interface Sight {
  readonly bed: string;
  readonly by: string;
  readonly patient: string;
}
const WARD: Sight = { bed: '', by: '', patient: '' };
/** As many as a ward has (ward.ts): a sender that makes names up must not fill the memory. */
const BEDS_MOST = 20_000;

/** Nothing here waits. `bedOf`: the picture of a bed as consoles have it. */
export const makeViewing = (audit: Pick<Audit, 'tell'>, bedOf: (bed: string) => LiveBed | undefined): Viewing => {
  const lying = new Map<string, string>();
  const sights = new Map<number, Sight>();
  const patientOf = (bed: string): string => (bed === '' ? '' : (bedOf(bed)?.patient ?? ''));

  const look = (session: number, bed: string, by: string): void => {
    const before = sights.get(session);
    const sight = { bed, by, patient: patientOf(bed) };
    if (before === undefined || (before.bed === bed && before.by === by && before.patient === sight.patient)) return;
    sights.set(session, sight);
    const left = { bedBefore: before.bed, patientBefore: before.patient };
    const value = { session, bed, patient: sight.patient, name: by, ...left };
    audit.tell({ case: 'lookedAt', value }, bed === '' ? before.bed : bed);
  };

  return {
    viewer: (session) => ({
      opened: (visitor) => {
        sights.set(session, WARD);
        audit.tell({ case: 'consoleOpened', value: { session, who: whoOf(visitor) } });
      },
      looksAt: (bed, by) => look(session, bed ?? '', bed === undefined ? '' : by),
      closed: () => {
        if (sights.delete(session)) audit.tell({ case: 'consoleClosed', value: { session } });
      },
    }),
    changed: (beds) => {
      for (const bed of beds) {
        const [patientBefore, patient] = [lying.get(bed), patientOf(bed)];
        if (patientBefore === patient || (patientBefore === undefined && lying.size >= BEDS_MOST)) continue;
        lying.set(bed, patient);
        audit.tell({ case: 'lies', value: { bed, patient, patientBefore: patientBefore ?? '' } }, bed);
        for (const [session, sight] of sights) if (sight.bed === bed) look(session, bed, sight.by);
      }
    },
  };
};
