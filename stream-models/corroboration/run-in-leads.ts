import { likeness } from '../beats/norms.ts';
import type { LeadView, SeenBeat } from './lead-view.ts';
import { bounded } from './scale.ts';
import { middleOf } from './series.ts';
import type { SuspectedRun, Vote } from './suspected-run.ts';

/**
 * The suspected run in every lead by itself. A ventricular rhythm is in all leads at once, its beats wide, like each other and unlike
 * the own normal; movement is in one lead more than in the other, and no two of its peaks are alike.
 */
type Measures = Readonly<Record<(typeof MEASURES)[number], number>>;
const MEASURES = ['seen', 'unlike', 'amplitude', 'width', 'strange', 'wide', 'strangeBefore'] as const;

/** What is held of a lead without a beat in it. */
const NOTHING_SEEN: Measures = {
  ...{ seen: 0, unlike: 0.7, amplitude: 0, width: 1, strange: 0, wide: 0, strangeBefore: 0.5 },
};

const MOST = 1.5;
/** 100 ms at 250 Hz: a width of 1 is that of a narrow QRS. */
const WIDTH_TICKS = 25;
const FIVE = 5;
/** A beat so close before the run may belong to it. */
const CLOSE_S = 0.3;
const JITTER_MAX_S = 0.05;

const meanOf = <T>(all: readonly T[], of: (one: T) => number): number => {
  let sum = 0;
  for (const one of all) sum += of(one);
  return sum / all.length;
};

/** How unlike each other beats of one lead are: 0 the same … MOST. */
const unlikeEachOther = (beats: readonly SeenBeat[]): number => {
  let sum = 0;
  let pairs = 0;
  for (let i = 0; i < beats.length; i++)
    for (let k = i + 1; k < beats.length; k++) {
      sum += Math.min(MOST, likeness([beats[i]!.shapeMv], [beats[k]!.shapeMv]).difference);
      pairs++;
    }
  return pairs === 0 ? NOTHING_SEEN.unlike : sum / pairs;
};

const measuresOf = (run: readonly SeenBeat[], before: readonly SeenBeat[]): Measures => {
  const strangeBefore =
    before.length === 0 ? NOTHING_SEEN.strangeBefore : meanOf(before, ({ strangeness }) => Math.min(MOST, strangeness));
  if (run.length === 0) return { ...NOTHING_SEEN, strangeBefore };
  const usual = middleOf(before.map(({ amplitudeMv }) => amplitudeMv));
  const amplitude = meanOf(run, ({ amplitudeMv }) => amplitudeMv);
  return {
    seen: run.length / FIVE,
    unlike: unlikeEachOther(run),
    amplitude: usual !== undefined && usual > 0 && amplitude > 0 ? bounded(Math.log(amplitude / usual), 2) : 0,
    width: meanOf(run, ({ widthTicks }) => widthTicks) / WIDTH_TICKS,
    strange: meanOf(run, ({ strangeness }) => Math.min(MOST, strangeness)),
    wide: meanOf(run, ({ wider }) => bounded(wider, MOST)),
    strangeBefore,
  };
};

/** How much the time between two leads' R peaks changes within the run, as a share of 50 ms: in a heart it stays. */
const jitterOf = ({ beats }: SuspectedRun, leads: number): number => {
  if (leads < 2) return 0.5;
  const apart = beats.flatMap(({ seen: [one, other] }) => (one && other ? [one.at - other.at] : []));
  if (apart.length < 3) return 1;
  const mean = meanOf(apart, (each) => each);
  const spread = Math.sqrt(meanOf(apart, (each) => (each - mean) ** 2));
  return Math.min(JITTER_MAX_S, spread) / JITTER_MAX_S;
};

/** How much faster the run is than the bed's rhythm before it: the logarithm of the ratio. */
const fasterOf = ({ beats, rate }: SuspectedRun, votes: readonly Vote[]): number => {
  const from = beats[0]!.at;
  const before = votes.slice(1).flatMap(({ at }, i) => (at < from - 1e-6 ? [at - votes[i]!.at] : []));
  return bounded(Math.log(((middleOf(before) ?? 0.8) * rate) / 60), 1.5);
};

/** `run.NAME.least` and `run.NAME.most` over the leads, and what concerns the run as a whole. Without a run: as if nothing was seen. */
export const runInLeads = (
  run: SuspectedRun | undefined,
  leads: readonly LeadView[],
  votes: readonly Vote[],
): Record<string, number> => {
  const from = run?.beats[0]?.at ?? 0;
  const measured = leads.map(({ beats }, lead) =>
    measuresOf(
      run?.beats.flatMap(({ seen }) => seen[lead] ?? []) ?? [],
      beats.filter(({ at }) => at < from - CLOSE_S),
    ),
  );
  const each = measured.length > 0 ? measured : [NOTHING_SEEN];
  const evidence: Record<string, number> = {};
  for (const name of MEASURES) {
    evidence[`run.${name}.least`] = Math.min(...each.map((one) => one[name]));
    evidence[`run.${name}.most`] = Math.max(...each.map((one) => one[name]));
  }
  evidence['run.jitter'] = run === undefined ? 1 : jitterOf(run, leads.length);
  evidence['run.rate'] = run === undefined ? 0 : bounded(Math.log(run.rate / 100), 1.2);
  evidence['run.faster'] = run === undefined ? 0 : fasterOf(run, votes);
  evidence['run.at'] = run === undefined ? -1 : run.beats.at(-1)!.at / 10;
  return evidence;
};
