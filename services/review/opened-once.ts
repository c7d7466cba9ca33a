/** Something that is opened when it is wanted first, and closed if it was. */
export interface OpenedOnce<Thing> {
  /** Rejects with why it could not be opened; who asks again opens it anew. */
  readonly get: () => Promise<Thing>;
  readonly close: () => Promise<void>;
}

export const openedOnce = <Thing>(
  open: () => Promise<Thing>,
  close: (thing: Thing) => Promise<void>,
): OpenedOnce<Thing> => {
  let opened: Promise<Thing> | undefined;
  let isClosed = false;
  return {
    get: () => {
      if (isClosed) return Promise.reject(new Error('Vigil is being stopped'));
      opened ??= open().catch((cause: unknown) => {
        opened = undefined;
        throw cause;
      });
      return opened;
    },
    close: async () => {
      isClosed = true;
      const thing = await opened?.catch(() => undefined);
      if (thing !== undefined) await close(thing);
    },
  };
};
