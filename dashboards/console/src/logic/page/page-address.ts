import { textOfTag } from '../../../../../schemas/tag-value.ts';

/** What the page's own address says after the #: the bed that is open, and a token given with a link. */
export interface PageAddress {
  readonly bed: string | undefined;
  readonly token: string | undefined;
}

/** `bed-tag` is what Grafana knows of a bed: its name as a tag of InfluxDB. */
export const readAddress = (hash: string): PageAddress => {
  const said = new URLSearchParams(hash.replace(/^#/, ''));
  const bed = said.get('bed') || textOfTag(said.get('bed-tag') ?? '') || undefined;
  return { bed, token: said.get('token') || undefined };
};

/** The address without its token: it must not stay in the history or on a screenshot. */
export const addressOf = (bed: string | undefined): string =>
  bed === undefined ? '#' : `#${new URLSearchParams({ bed }).toString()}`;
