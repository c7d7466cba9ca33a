/** What the review page's own address says after the #: the bed, the moment that is looked at, and a token given with a link. */
export interface ReviewAddress {
  readonly bed: string | undefined;
  /** Microseconds since 1970; undefined: now. */
  readonly atUs: number | undefined;
  readonly token: string | undefined;
}

export const readReviewAddress = (hash: string): ReviewAddress => {
  const said = new URLSearchParams(hash.replace(/^#/, ''));
  const at = said.get('at') ?? '';
  return {
    bed: said.get('bed') || undefined,
    atUs: /^\d{1,16}$/.test(at) ? Number(at) : undefined,
    token: said.get('token') || undefined,
  };
};

/** Behind the #, without a token: it must not stay in the history or on a printed page. */
export const reviewHash = (bed: string, atUs?: number): string => {
  const said = new URLSearchParams({ bed, ...(atUs === undefined ? {} : { at: String(Math.round(atUs)) }) });
  return `#${said.toString()}`;
};

/** The page that looks back at this bed; without a moment at what is newest. */
export const reviewAddress = (bed: string, atUs?: number): string => `review.html${reviewHash(bed, atUs)}`;
