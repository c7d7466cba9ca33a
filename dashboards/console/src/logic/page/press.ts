/**
 * Whether a press may count. Beds rise, lists reorder and questions open by themselves: what lies under a finger when it comes down may be
 * another thing than what the finger was sent to.
 */

/** Where a button stands on the screen, CSS pixels. */
export interface Place<Button> {
  readonly button: Button;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** All buttons that could be pressed at a moment, monotonic milliseconds. */
export interface Look<Button> {
  readonly atMs: number;
  readonly places: readonly Place<Button>[];
}

/** From seeing that something moved to holding back a hand that is on its way. */
export const HAND_MS = 400;

/**
 * Those taken while a hand was on its way, and the one before them: it tells what stood there when the hand was sent. A page that was busy may
 * have no other.
 */
const sinceSent = <Button>(looks: readonly Look<Button>[], nowMs: number): readonly Look<Button>[] => {
  const first = looks.findIndex(({ atMs }) => nowMs - atMs <= HAND_MS);
  return first === -1 ? looks.slice(-1) : looks.slice(Math.max(0, first - 1));
};

/** The looks that still matter, with a new one. */
export const withLook = <Button>(looks: readonly Look<Button>[], look: Look<Button>): readonly Look<Button>[] => [
  ...sinceSent(looks, look.atMs),
  look,
];

/**
 * Whether another button stood where this one is pressed while the hand was on its way. What came where nothing was may be pressed at once. One
 * that lay at the place together with it is out of sight, as what is scrolled out of a list: its place is told as if it were seen.
 */
export const wasAnother = <Button>(
  looks: readonly Look<Button>[],
  pressed: Button,
  { x, y }: { readonly x: number; readonly y: number },
  nowMs: number,
): boolean =>
  sinceSent(looks, nowMs)
    .map(({ places }) =>
      places.filter(({ left, top, right, bottom }) => x >= left && x < right && y >= top && y < bottom),
    )
    .some((there) => there.length > 0 && there.every(({ button }) => button !== pressed));
