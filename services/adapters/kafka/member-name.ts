import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** What a client id tells of the process behind it. */
interface Told {
  readonly role: string;
  readonly host: string;
  /** Within which its process number means something: each start of a container has its own. Empty where there is none. */
  readonly space: string;
  readonly process: number;
  readonly start: string;
}

/** Of all processes that ever had this number here, this one. */
const start = crypto.randomUUID().slice(0, 8);

const space = (): string => {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '';
  } catch {
    return ''; // not a Linux: process numbers are the machine's
  }
};

/** The client id by which a broker knows this process in a role: `vigil-analysis@host/space/process/start`. */
export const memberName = (role: string): string => `${role}@${hostname()}/${space()}/${process.pid}/${start}`;

const toldBy = (name: string): Told | undefined => {
  const found = /^(.*)@(.*)\/(\d*)\/(\d+)\/([^/]+)$/.exec(name);
  if (found === null) return undefined;
  const [, role, host, space, number, start] = found as unknown as string[];
  return { role: role!, host: host!, space: space!, process: Number(number), start: start! };
};

/**
 * Whether `other` names a process of the same role that was here before `own` and is over: it had the process number that `own` has now,
 * one that nobody has, or lived in another space of numbers under the same host's name (a container that began again). Of other
 * machines nothing is said.
 */
export const isOver = (other: string, own: string, isAlive: (process: number) => boolean): boolean => {
  const [theirs, ours] = [toldBy(other), toldBy(own)];
  if (theirs === undefined || ours === undefined) return false;
  if (theirs.role !== ours.role || theirs.host !== ours.host || theirs.start === ours.start) return false;
  return theirs.space !== ours.space || theirs.process === ours.process || !isAlive(theirs.process);
};

/** Whether a process of this number runs here, whoever owns it. */
export const isAlive = (process_: number): boolean => {
  try {
    process.kill(process_, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
};
