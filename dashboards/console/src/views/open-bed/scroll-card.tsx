import type { ReactNode } from 'react';

interface Card {
  readonly label: string;
  readonly look?: string;
  readonly children: ReactNode;
}

/** A card of an open bed that scrolls by itself, with the keyboard too. */
export const ScrollCard = ({ label, look = 'card-scroll', children }: Card) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard (WCAG 2.1.1)
  <section className={`card ${look}`} aria-label={label} tabIndex={0}>
    {children}
  </section>
);
