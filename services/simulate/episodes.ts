/** What befalls a simulated bed, and when. Times are seconds of a cycle that begins anew when it is over. */
export type EpisodeKind =
  | 'vt'
  | 'vf'
  | 'asystole'
  | 'af'
  | 'extreme-brady'
  | 'extreme-tachy'
  | 'bigeminy'
  | 'couplet'
  | 'v-run'
  | 'pause'
  | 'desaturation'
  | 'lead-off'
  | 'noise'
  | 'silent';

export interface Episode {
  readonly kind: EpisodeKind;
  readonly fromS: number;
  /** Not included. */
  readonly toS: number;
}

export interface Scenario {
  readonly cycleS: number;
  /** Where in the cycle the bed begins. */
  readonly beginsAtS: number;
  /** Those of the heart must not overlap each other. */
  readonly episodes: readonly Episode[];
}

const inHeart: ReadonlySet<EpisodeKind> = new Set<EpisodeKind>([
  ...(['vt', 'vf', 'asystole', 'af', 'extreme-brady', 'extreme-tachy'] as const),
  ...(['bigeminy', 'couplet', 'v-run', 'pause'] as const),
]);

/** In these no QRS complex is to be seen. */
export const isBeatless = (kind: EpisodeKind | undefined): boolean =>
  kind === 'vf' || kind === 'asystole' || kind === 'pause';

const secondOfCycle = (scenario: Scenario, atS: number): number => (scenario.beginsAtS + atS) % scenario.cycleS;

/** The episode of the heart at a second since the bed began, with its first and last second on that same scale. */
export const heartEpisodeAt = (scenario: Scenario, atS: number): Episode | undefined => {
  const second = secondOfCycle(scenario, atS);
  for (const episode of scenario.episodes)
    if (inHeart.has(episode.kind) && second >= episode.fromS && second < episode.toS) {
      const began = atS - second;
      return { kind: episode.kind, fromS: began + episode.fromS, toS: began + episode.toS };
    }
  return undefined;
};

/** Seconds since an episode of that kind began; undefined when there is none now. */
export const sinceEpisode = (scenario: Scenario, kind: EpisodeKind, atS: number): number | undefined => {
  const second = secondOfCycle(scenario, atS);
  for (const episode of scenario.episodes)
    if (episode.kind === kind && second >= episode.fromS && second < episode.toS) return second - episode.fromS;
  return undefined;
};
