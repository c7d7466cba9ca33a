/**
 * Which sequence numbers of one source and bed have been heard: everything from `knownFrom` to `newest` but the missing
 * ranges. Exact, and small: a stream without losses needs no range at all.
 */
export interface HeardSequences {
  readonly knownFrom: number;
  readonly newest: number;
  /** Ascending, both ends included. */
  readonly missing: readonly (readonly [number, number])[];
}

export type Hearing =
  /** Newer than all before; `lost` numbers were skipped. */
  | { readonly tag: 'Next'; readonly after: HeardSequences; readonly lost: number }
  /** A number that had been missing, or one from before the first that was heard. */
  | { readonly tag: 'Late'; readonly after: HeardSequences }
  | { readonly tag: 'HeardBefore' };

/** Beyond it the oldest gap is forgotten: what lies below counts as never heard, so it is stored rather than lost. */
const GAPS_MAX = 64;

/** What is known after a first frame: nothing is missing before it. */
export const firstHeard = (sequence: number): HeardSequences => ({
  knownFrom: sequence,
  newest: sequence,
  missing: [],
});

const bounded = (heard: HeardSequences): HeardSequences => {
  const forgotten = heard.missing.length - GAPS_MAX;
  if (forgotten <= 0) return heard;
  return { ...heard, knownFrom: heard.missing[forgotten - 1]![1] + 1, missing: heard.missing.slice(forgotten) };
};

/** What was heard in all, when everything of `past` came before `now` began. Another counting in the past says nothing. */
export const withPast = (past: HeardSequences, now: HeardSequences): HeardSequences => {
  if (past.newest >= now.knownFrom) return now;
  const between: readonly (readonly [number, number])[] =
    past.newest + 1 < now.knownFrom ? [[past.newest + 1, now.knownFrom - 1]] : [];
  const missing = [...past.missing, ...between, ...now.missing];
  return bounded({ knownFrom: past.knownFrom, newest: now.newest, missing });
};

const without = (heard: HeardSequences, sequence: number, gap: readonly [number, number]): HeardSequences => ({
  ...heard,
  missing: heard.missing.flatMap((range) => {
    if (range !== gap) return [range];
    const pieces: (readonly [number, number])[] = [];
    if (gap[0] < sequence) pieces.push([gap[0], sequence - 1]);
    if (sequence < gap[1]) pieces.push([sequence + 1, gap[1]]);
    return pieces;
  }),
});

/** What one more sequence number means. */
export const hear = (heard: HeardSequences, sequence: number): Hearing => {
  if (sequence > heard.newest) {
    const lost = sequence - heard.newest - 1;
    const missing = lost === 0 ? heard.missing : [...heard.missing, [heard.newest + 1, sequence - 1] as const];
    return { tag: 'Next', lost, after: bounded({ ...heard, newest: sequence, missing }) };
  }
  if (sequence < heard.knownFrom) {
    const between: readonly (readonly [number, number])[] =
      sequence + 1 < heard.knownFrom ? [[sequence + 1, heard.knownFrom - 1]] : [];
    return { tag: 'Late', after: bounded({ ...heard, knownFrom: sequence, missing: [...between, ...heard.missing] }) };
  }
  const gap = heard.missing.find(([from, to]) => from <= sequence && sequence <= to);
  return gap === undefined ? { tag: 'HeardBefore' } : { tag: 'Late', after: without(heard, sequence, gap) };
};
