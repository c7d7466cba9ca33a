/**
 * Comparison of episodes by the conventions of WFDB's `epicmp` (ANSI/AAMI EC57, annex on episodes): an episode of the reference is
 * found when any episode of the detector overlaps it, an episode of the detector is right when it overlaps any of the
 * reference (so the two counts of matches differ); duration is compared second by second, whatever the episodes are.
 */
export interface Episode {
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** An episode of the detector, and when its first word was said (never before `fromSeconds`). */
export interface SaidEpisode extends Episode {
  readonly saidSeconds: number;
}

/** What was counted in one record, or summed over several. */
export interface EpisodeTally {
  readonly reference: number;
  readonly found: number;
  readonly said: number;
  readonly right: number;
  readonly referenceSeconds: number;
  readonly saidSeconds: number;
  readonly overlapSeconds: number;
  /** Time outside of the reference's episodes: what false episodes are counted against. */
  readonly otherSeconds: number;
}

export interface EpisodeComparison {
  readonly tally: EpisodeTally;
  /** From the onset of each found episode to the first word; 0 when the word was there before. Seconds, in order of onset. */
  readonly delaysSeconds: readonly number[];
  readonly missed: readonly Episode[];
  readonly falseOnes: readonly SaidEpisode[];
}

const overlap = (a: Episode, b: Episode): number =>
  Math.min(a.toSeconds, b.toSeconds) - Math.max(a.fromSeconds, b.fromSeconds);

/** Episodes that overlap or touch become one; sorted by onset. */
const joined = (episodes: readonly Episode[]): readonly Episode[] => {
  const sorted = [...episodes].sort((a, b) => a.fromSeconds - b.fromSeconds);
  const all: Episode[] = [];
  for (const each of sorted) {
    const last = all.at(-1);
    if (last === undefined || each.fromSeconds > last.toSeconds) all.push(each);
    else all[all.length - 1] = { ...last, toSeconds: Math.max(last.toSeconds, each.toSeconds) };
  }
  return all;
};

const total = (episodes: readonly Episode[]): number =>
  episodes.reduce((sum, { fromSeconds, toSeconds }) => sum + toSeconds - fromSeconds, 0);

/**
 * Compares a detector's episodes of one kind with the reference's, in a record of `lengthSeconds`. Reference episodes shorter
 * than `shortestSeconds` are not asked for, and yet excuse an episode that overlaps them: they are what the condition is
 * by nature and too short to be one.
 */
export const compareEpisodes = (
  reference: readonly Episode[],
  said: readonly SaidEpisode[],
  { lengthSeconds, shortestSeconds }: { readonly lengthSeconds: number; readonly shortestSeconds: number },
): EpisodeComparison => {
  const all = joined(reference);
  const asked = all.filter(({ fromSeconds, toSeconds }) => toSeconds - fromSeconds >= shortestSeconds);
  const delaysSeconds: number[] = [];
  const missed: Episode[] = [];
  for (const episode of asked) {
    const hits = said.filter((each) => overlap(each, episode) > 0);
    if (hits.length === 0) missed.push(episode);
    else delaysSeconds.push(Math.max(0, Math.min(...hits.map((hit) => hit.saidSeconds)) - episode.fromSeconds));
  }
  const falseOnes = said.filter((each) => !all.some((episode) => overlap(each, episode) > 0));
  const saidTimes = joined(said);
  let overlapSeconds = 0;
  for (const a of all) for (const b of saidTimes) overlapSeconds += Math.max(0, overlap(a, b));
  return {
    tally: {
      reference: asked.length,
      found: delaysSeconds.length,
      said: said.length,
      right: said.length - falseOnes.length,
      referenceSeconds: total(all),
      saidSeconds: total(saidTimes),
      overlapSeconds,
      otherSeconds: lengthSeconds - total(all),
    },
    delaysSeconds,
    missed,
    falseOnes,
  };
};

const NOTHING: EpisodeTally = {
  ...{ reference: 0, found: 0, said: 0, right: 0 },
  ...{ referenceSeconds: 0, saidSeconds: 0, overlapSeconds: 0, otherSeconds: 0 },
};

/** Sums tallies, each `drawn` times (a bootstrap resample by record); once each without it. */
export const sumTallies = (tallies: readonly EpisodeTally[], drawn?: ArrayLike<number>): EpisodeTally =>
  tallies.reduce((sum, each, i) => {
    const times = drawn === undefined ? 1 : drawn[i]!;
    return {
      reference: sum.reference + times * each.reference,
      found: sum.found + times * each.found,
      said: sum.said + times * each.said,
      right: sum.right + times * each.right,
      referenceSeconds: sum.referenceSeconds + times * each.referenceSeconds,
      saidSeconds: sum.saidSeconds + times * each.saidSeconds,
      overlapSeconds: sum.overlapSeconds + times * each.overlapSeconds,
      otherSeconds: sum.otherSeconds + times * each.otherSeconds,
    };
  }, NOTHING);

/** Shares 0 … 1 (NaN where there is nothing to share), and false episodes per hour outside of the reference's. */
export type EpisodeFigures = Readonly<
  Record<
    'episodeSensitivity' | 'episodePredictivity' | 'durationSensitivity' | 'durationPredictivity' | 'falsePerHour',
    number
  >
>;

/** The shares that follow from a tally; NaN where there was nothing to share. */
export const episodeFigures = (tally: EpisodeTally): EpisodeFigures => ({
  episodeSensitivity: tally.found / tally.reference,
  episodePredictivity: tally.right / tally.said,
  durationSensitivity: tally.overlapSeconds / tally.referenceSeconds,
  durationPredictivity: tally.overlapSeconds / tally.saidSeconds,
  falsePerHour: (3600 * (tally.said - tally.right)) / tally.otherSeconds,
});
