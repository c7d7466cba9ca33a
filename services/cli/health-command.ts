import * as E from 'fp-ts/lib/Either.js';
import type { HealthReport } from '../http/health.ts';
import { type HealthPart, type HealthState, worstOf } from '../reports/part.ts';
import { configOrMistakes } from './arguments.ts';
import { failed, type Terminal } from './outcome.ts';

export interface HealthOptions {
  readonly config?: string;
  /** Of a running Vigil; absent: the one that has this configuration. */
  readonly url?: string;
  /** Only the parts of the process itself count. */
  readonly own?: boolean;
}

/** A container's health check has five seconds, and Node takes some of them to start. */
const ANSWERS_WITHIN_MS = 3_000;

/** Where this configuration's process listens, as this machine reaches it. */
const usualUrl = (config: string | undefined): string => {
  const { host, port } = configOrMistakes(config);
  const reached = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`;
};

/** undefined: no JSON, so another program answered. */
const readReport = (text: string): Partial<HealthReport> | undefined => {
  try {
    return JSON.parse(text) as Partial<HealthReport>;
  } catch {
    return undefined;
  }
};

const ask = async (url: string): Promise<E.Either<string, HealthReport>> => {
  try {
    const answer = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) });
    const report = readReport(await answer.text());
    if (report?.parts !== undefined) return E.right(report as HealthReport);
    return E.left(`${url}/healthz is no Vigil's: it answers ${answer.status} without parts. Check --url.`);
  } catch (cause) {
    const { name, cause: why } = cause as Error;
    const reason =
      name === 'TimeoutError' ? `no answer for ${ANSWERS_WITHIN_MS / 1e3} s` : ((why ?? cause) as Error).message;
    return E.left(`Nothing answers at ${url}/healthz (${reason}). Is Vigil running there? Check --url and VIGIL_PORT.`);
  }
};

const line = (process: string, { name, state, ageS, sentence }: HealthPart): string =>
  `${state.padEnd(9)} ${`${process} / ${name}`.padEnd(34)} ${sentence}${ageS === null ? '' : ` (${ageS.toFixed(1)} s)`}`;

/** Asks a running Vigil how it does and prints every part. Exit code 0, or 1 when a part has failed or nothing answers. */
export const healthCommand = async (options: HealthOptions, terminal: Terminal): Promise<void> => {
  const url = (options.url ?? usualUrl(options.config)).replace(/\/+$/, '');
  const answer = await ask(url);
  if (E.isLeft(answer)) throw failed(answer.left);
  const { process, parts, processes, state } = answer.right;
  for (const part of parts) terminal.out(line(process, part));
  for (const other of options.own ? [] : processes) {
    terminal.out(line(other.process, { ...other, name: 'process' }));
    for (const part of other.parts) terminal.out(line(other.process, part));
  }
  const whole: HealthState = options.own ? worstOf(parts.map((part) => part.state)) : state;
  terminal.side(`Vigil at ${url}: ${whole}`);
  if (whole === 'failed') throw failed('A part has failed; what to do stands on its line.');
};
