/**
 * All flashing runs on one beat, whenever it began: a wall of red tiles that flash in turns flashes faster than eyes may be shown, and nothing
 * on it can be read. An animation begins anew where its element has changed places, so it is laid on the page's own clock each time.
 */
export const flashOnOneBeat = (): void =>
  window.addEventListener('animationstart', ({ target }) => {
    if (target instanceof Element) for (const animation of target.getAnimations()) animation.startTime = 0;
  });
