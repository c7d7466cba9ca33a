import type { LeadView } from './lead-view.ts';
import { bounded } from './scale.ts';
import type { SuspectedRun } from './suspected-run.ts';

/**
 * What the wave does while the suspected run lasts, in every lead by itself: movement and muscle are loud between the beats, rougher than
 * the bed's own wave, and often the same in all leads.
 */
const MEASURES = ['between', 'louder', 'rough', 'rougher', 'quality'] as const;
type Measures = Readonly<Record<(typeof MEASURES)[number], number>>;

const NOTHING_HEARD: Measures = { between: 0, louder: 0, rough: -2, rougher: 0, quality: 0 };

const RATE_HZ = 250;
const STRETCH_S = 0.25;
/** The run reaches so far before its first R peak and behind its last; a beat so far to both sides of its own. */
const BEFORE_S = 0.15;
const BEHIND_S = 0.2;
const BESIDE_S = 0.12;
/** What is looked at where there is no run. */
const LAST_S = 4;
const TICKS_MIN = 50;
const BASE_TICKS_MIN = 250;
const FLOOR_MV = 1e-3;
const MOST = 3;

interface Span {
  readonly from: number;
  readonly to: number;
}

const spanOf = (run: SuspectedRun | undefined): Span =>
  run === undefined
    ? { from: -LAST_S, to: 0 }
    : { from: run.beats[0]!.at - BEFORE_S, to: run.beats.at(-1)!.at + BEHIND_S };

/** Energy of some samples and of their steps, and how many they are. */
interface Energy {
  squares: number;
  steps: number;
  ticks: number;
}
const none = (): Energy => ({ squares: 0, steps: 0, ticks: 0 });
const loudness = ({ squares, ticks }: Energy): number => Math.sqrt(squares / Math.max(1, ticks)) + FLOOR_MV;
const roughness = (energy: Energy): number =>
  (Math.sqrt(energy.steps / Math.max(1, energy.ticks)) + FLOOR_MV / 10) / loudness(energy);

/** The whole run, the samples of it between its beats and beside them, and what came before it. */
const energiesOf = ({ line, lineEnd, beats }: LeadView, { from, to }: Span) => {
  const found = { run: none(), beside: none(), between: none(), before: none() };
  let beat = 0;
  for (let i = 0; i < line.length; i++) {
    const at = lineEnd - (line.length - i) / RATE_HZ;
    if (at > to) break;
    const x = line[i]!;
    if (!Number.isFinite(x)) continue;
    const step = i > 0 && Number.isFinite(line[i - 1]!) ? x - line[i - 1]! : 0;
    const into = at < from ? found.before : found.run;
    into.squares += x * x;
    into.steps += step * step;
    into.ticks++;
    if (at < from) continue;
    while (beat < beats.length && beats[beat]!.at < at - BESIDE_S) beat++;
    const isBeside = beat < beats.length && beats[beat]!.at < at + BESIDE_S;
    const part = isBeside ? found.beside : found.between;
    part.squares += x * x;
    part.ticks++;
  }
  return found;
};

const qualityIn = ({ qualities }: LeadView, { from, to }: Span): number => {
  let sum = 0;
  let count = 0;
  for (const { at, quality } of qualities) {
    if (at <= from || at - STRETCH_S >= to) continue;
    sum += quality;
    count++;
  }
  return count === 0 ? NOTHING_HEARD.quality : sum / count;
};

const ratio = (one: number, other: number): number => bounded(Math.log(one / other), MOST);

const measuresOf = (lead: LeadView, span: Span): Measures => {
  const { run, beside, between, before } = energiesOf(lead, span);
  const isHeard = run.ticks > TICKS_MIN;
  const isKnown = isHeard && before.ticks > BASE_TICKS_MIN;
  const isSplit = beside.ticks > 10 && between.ticks > 10;
  return {
    between: isSplit ? ratio(loudness(between), loudness(beside)) : NOTHING_HEARD.between,
    louder: isKnown ? ratio(loudness(run), loudness(before)) : NOTHING_HEARD.louder,
    rough: isHeard ? bounded(Math.log(roughness(run)), MOST) : NOTHING_HEARD.rough,
    rougher: isKnown ? ratio(roughness(run), roughness(before)) : NOTHING_HEARD.rougher,
    quality: qualityIn(lead, span),
  };
};

/** How much two leads' waves go together in the run: 0 … 1, either way up. */
const togetherOf = (one: LeadView, other: LeadView, { from, to }: Span): number => {
  let both = 0;
  let first = 1e-9;
  let second = 1e-9;
  const shift = Math.round((other.lineEnd - one.lineEnd) * RATE_HZ) - other.line.length + one.line.length;
  for (let i = 0; i < one.line.length; i++) {
    const at = one.lineEnd - (one.line.length - i) / RATE_HZ;
    if (at < from || at > to) continue;
    const x = one.line[i]!;
    const y = other.line[i - shift];
    if (y === undefined || !Number.isFinite(x) || !Number.isFinite(y)) continue;
    both += x * y;
    first += x * x;
    second += y * y;
  }
  return Math.abs(both) / Math.sqrt(first * second);
};

/** `run.NAME.least` and `run.NAME.most` over the leads; `run.together`: of the first two. */
export const runWaves = (run: SuspectedRun | undefined, leads: readonly LeadView[]): Record<string, number> => {
  const span = spanOf(run);
  const measured = leads.map((lead) => measuresOf(lead, span));
  const each = measured.length > 0 ? measured : [NOTHING_HEARD];
  const evidence: Record<string, number> = {};
  for (const name of MEASURES) {
    evidence[`run.${name}.least`] = Math.min(...each.map((one) => one[name]));
    evidence[`run.${name}.most`] = Math.max(...each.map((one) => one[name]));
  }
  const [one, other] = leads;
  evidence['run.together'] = one === undefined || other === undefined ? 0.5 : togetherOf(one, other, span);
  return evidence;
};
