/** Who saw a bed or a patient, from the entries of the audit in the order of their chains. */
import type { AuditEntry, AuditWho } from '../../schemas/generated/vigil/v1/audit_pb.ts';

/** One sight of a bed or a patient. */
export interface Sight {
  readonly fromUs: number;
  /** undefined: it was a moment. */
  readonly toUs: number | undefined;
  readonly what: string;
  readonly bed: string;
  readonly patient: string;
  /** As the console signed; empty: nobody had signed there of late. */
  readonly name: string;
  readonly token: string;
  readonly address: string;
  readonly process: string;
}

/** The patient lay in a bed. */
export interface Stay {
  readonly bed: string;
  readonly fromUs: number;
  readonly toUs: number;
}

/** Sights of what a bed or the whole ward is, before it is known who lay there. */
export interface Unplaced extends Omit<Sight, 'bed'> {
  /** undefined: the whole ward. */
  readonly bed: string | undefined;
  /** What was asked names it itself. */
  readonly isNamed?: boolean;
}

export interface Seen {
  readonly sights: readonly Sight[];
  readonly unplaced: readonly Unplaced[];
  readonly stays: readonly Stay[];
  /** It is the name of a bed that was shown. */
  readonly isBed: boolean;
}

interface Session {
  readonly fromUs: number;
  readonly who: AuditWho | undefined;
  looksAt?: { readonly fromUs: number; readonly bed: string; readonly patient: string; readonly name: string };
}

const NOBODY = { name: '', token: '', address: '' };
const personOf = (who: AuditWho | undefined) =>
  who === undefined ? NOBODY : { name: who.name, token: who.token, address: who.address };

const decoded = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
};

/** What one chain tells of it. `silentAfterUs`: whose process ended without a last word saw nothing later than so long after it. */
export const sightsIn = (wanted: string, chain: readonly AuditEntry[], nowUs: number, silentAfterUs: number): Seen => {
  const sights: Sight[] = [];
  const unplaced: Unplaced[] = [];
  const stays: Stay[] = [];
  const sessions = new Map<number, Session>();
  const lying = new Map<string, number>();
  let process = '';
  let isBed = false;

  const ofBed = (bed: string, patient: string): boolean => bed === wanted || patient === wanted;
  /** As a whole word of a path or query. */
  const isIn = (path: string): boolean =>
    decoded(path)
      .split(/[/?&=]/)
      .includes(wanted);

  const leaveBed = (session: Session, toUs: number): void => {
    const { looksAt, who } = session;
    delete session.looksAt;
    if (looksAt === undefined) return;
    const { fromUs, bed, patient, name } = looksAt;
    const person = { ...personOf(who), ...(name === '' ? {} : { name }) };
    sights.push({ fromUs, toUs, what: 'opened the bed', bed, patient, ...person, process });
  };
  const closeConsole = (number: number, toUs: number): void => {
    const session = sessions.get(number);
    if (session === undefined) return;
    leaveBed(session, toUs);
    sessions.delete(number);
    const { fromUs, who } = session;
    const ward = { what: 'had the ward on a screen', bed: undefined, patient: '' };
    unplaced.push({ fromUs, toUs, ...ward, ...personOf(who), process });
  };
  const rise = (bed: string, toUs: number): void => {
    const fromUs = lying.get(bed);
    lying.delete(bed);
    if (fromUs !== undefined) stays.push({ bed, fromUs, toUs });
  };
  const closeAll = (toUs: number): void => {
    for (const number of [...sessions.keys()]) closeConsole(number, toUs);
    for (const bed of [...lying.keys()]) rise(bed, toUs);
  };

  const step = ({ event, atUs }: AuditEntry): void => {
    const at = { fromUs: atUs, toUs: undefined, process };
    switch (event.case) {
      case 'begun':
        process = event.value.process;
        break;
      case 'ended':
        closeAll(atUs);
        break;
      case 'consoleOpened':
        sessions.set(event.value.session, { fromUs: atUs, who: event.value.who });
        break;
      case 'consoleClosed':
        closeConsole(event.value.session, atUs);
        break;
      case 'lookedAt': {
        const { session: number, bed, patient, name } = event.value;
        // Its beginning may be older than what is kept.
        const session = sessions.get(number) ?? { fromUs: atUs, who: undefined };
        sessions.set(number, session);
        leaveBed(session, atUs);
        if (ofBed(bed, patient)) session.looksAt = { fromUs: atUs, bed, patient, name };
        break;
      }
      case 'lies': {
        const { bed, patient, patientBefore } = event.value;
        isBed ||= bed === wanted;
        if (patient === wanted && !lying.has(bed)) lying.set(bed, atUs);
        if (patientBefore === wanted && patient !== wanted) rise(bed, atUs);
        break;
      }
      case 'acted': {
        const { bed, patient, kind, done, who } = event.value;
        const what = `${kind}${done ? '' : ' (not done)'}`;
        if (ofBed(bed, patient)) sights.push({ ...at, what, bed, patient, ...personOf(who) });
        break;
      }
      case 'asked': {
        const { method, path, bed, who, again } = event.value;
        const what = `${method} ${path}${again > 0 ? ` (${again} times more within the hour)` : ''}`;
        const where = { bed: bed === '' ? undefined : bed, patient: '', isNamed: isIn(path) };
        unplaced.push({ ...at, what, ...where, ...personOf(who) });
        break;
      }
      case 'commanded': {
        const { command, bed, by, what: which } = event.value;
        const said = { what: `vigil ${command} ${which}`.trimEnd(), ...NOBODY, name: by };
        unplaced.push({ ...at, ...said, bed: bed === '' ? undefined : bed, patient: '' });
        break;
      }
    }
  };
  for (const entry of chain) step(entry);
  closeAll(Math.min(nowUs, (chain.at(-1)?.atUs ?? nowUs) + silentAfterUs));
  return { sights, unplaced, stays, isBed };
};
