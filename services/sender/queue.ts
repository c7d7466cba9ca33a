/** So many places that were taken are kept before what stays is moved. */
const TAKEN_MAX = 1_024;

/** First in, first out, without moving what stays. */
export const makeQueue = <Item>() => {
  let items: Item[] = [];
  let head = 0;
  return {
    size: (): number => items.length - head,
    push: (item: Item): void => {
      items.push(item);
    },
    shift: (): Item | undefined => {
      if (head >= items.length) return undefined;
      const item = items[head];
      head += 1;
      if (head > TAKEN_MAX && head * 2 > items.length) {
        items = items.slice(head);
        head = 0;
      }
      return item;
    },
    /** Puts back in front, in order. */
    unshift: (them: readonly Item[]): void => {
      items = [...them, ...items.slice(head)];
      head = 0;
    },
    takeAll: (): Item[] => {
      const all = items.slice(head);
      items = [];
      head = 0;
      return all;
    },
  };
};
