import type { Faults } from '../simulate/faults.ts';
import { playWard } from '../simulate/play-ward.ts';
import { configOrMistakes } from './arguments.ts';
import { failed, type Terminal } from './outcome.ts';
import { tellSender } from './tell-sender.ts';
import { untilInterrupted } from './until-interrupted.ts';

export interface SimulateOptions {
  readonly beds: number;
  readonly seed: number;
  readonly speed: number;
  readonly frame: number;
  readonly faults?: Faults;
  readonly quietBeds?: boolean;
  readonly for?: number;
  readonly url: string;
  readonly token?: string;
  readonly config?: string;
}

const REPORT_EVERY_MS = 10_000;

/** Plays a synthetic ward until it is interrupted or its time is over. Fails when not one frame was acknowledged. */
export const simulateCommand = async (options: SimulateOptions, terminal: Terminal): Promise<void> => {
  const token = options.token ?? configOrMistakes(options.config).gatewayTokens[0];
  const ward = playWard({
    ...{ beds: options.beds, url: options.url, seed: options.seed, speed: options.speed, frameMs: options.frame },
    ...(token === undefined ? {} : { token }),
    ...(options.faults === undefined ? {} : { faults: options.faults }),
    episodes: options.quietBeds !== true,
    onNotice: tellSender(options.url, terminal),
  });
  terminal.side(`Playing ${options.beds} simulated beds of seed ${options.seed} into ${options.url}.`);
  const reporting = setInterval(() => {
    const { sent, acknowledged, refused, lost } = ward.counts();
    terminal.side(`${sent} frames sent, ${acknowledged} acknowledged, ${refused} refused, ${lost} lost`);
  }, REPORT_EVERY_MS);
  const over = options.for === undefined ? new Promise<void>(() => undefined) : after(options.for);
  await Promise.race([untilInterrupted(terminal), over]);
  clearInterval(reporting);
  await ward.stop();
  const { acknowledged, refused, lost } = ward.counts();
  terminal.side(`${acknowledged} frames acknowledged, ${refused} refused, ${lost} lost.`);
  if (acknowledged === 0) throw failed(`Not one frame was acknowledged. Is Vigil running at ${options.url}?`);
};

const after = (seconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, seconds * 1e3);
  });
