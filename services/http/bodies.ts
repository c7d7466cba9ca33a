/** A body lies in memory until it is whole, and whoever sends it may take half a minute: so many may be on their way at once. */
const LARGE_BYTES = 1_048_576;
const LARGE_MAX = 8;
/** Of all others together. Large ones have places of their own, so that senders who stand still with them take none from small ones. */
const SMALL_BYTES_MAX = 256 * 1_048_576;

export interface Bodies {
  /**
   * One more body is on its way, of so many bytes as its sender says (undefined: it does not say). Answers what to call when it is over, once;
   * undefined: there is no room for it.
   */
  readonly begin: (bytes: number | undefined) => (() => void) | undefined;
}

/** The bodies that one server reads. */
export const makeBodies = (): Bodies => {
  let large = 0;
  let smallBytes = 0;
  return {
    begin: (bytes) => {
      if (bytes === undefined || bytes > LARGE_BYTES) {
        if (large >= LARGE_MAX) return undefined;
        large += 1;
        return () => {
          large -= 1;
        };
      }
      if (smallBytes + bytes > SMALL_BYTES_MAX) return undefined;
      smallBytes += bytes;
      return () => {
        smallBytes -= bytes;
      };
    },
  };
};
