/** In whose name the next act is signed without asking: whoever signed last, for a while. A wall display is never closed. */

export interface Signed {
  readonly name: string;
  /** Server time of the last act in this name, microseconds. */
  readonly atUs: number;
}

/** '': nobody's; ask. `keptUs`: how long a name is kept after its last act; undefined: as long as the page. */
export const signsNow = (signed: Signed | undefined, nowUs: number, keptUs: number | undefined): string =>
  signed === undefined || (keptUs !== undefined && Math.abs(nowUs - signed.atUs) >= keptUs) ? '' : signed.name;

/** What an earlier page kept; undefined: nothing that can be read. */
export const readSigned = (kept: string | undefined): Signed | undefined => {
  try {
    const { name, atUs } = JSON.parse(kept ?? '') as Partial<Signed>;
    return typeof name === 'string' && typeof atUs === 'number' ? { name, atUs } : undefined;
  } catch {
    return undefined;
  }
};
