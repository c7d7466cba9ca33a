/** Line icons, 16 × 16, in the colour of their text. Always beside or instead of words that a screen reader gets. */
import type { ReactNode } from 'react';

const Icon = ({ children }: { readonly children: ReactNode }) => (
  <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    {children}
  </svg>
);

export const CheckIcon = () => (
  <Icon>
    <path d="M2.5 8.5 6.2 12 13.5 4" />
  </Icon>
);
export const BellIcon = () => (
  <Icon>
    <path d="M3.5 11.5V7a4.5 4.5 0 0 1 9 0v4.5l1 1h-11zM6.6 14h2.8" />
  </Icon>
);
export const BellOffIcon = () => (
  <Icon>
    <path d="M3.5 11.5V7a4.5 4.5 0 0 1 9 0v4.5l1 1h-11zM6.6 14h2.8M1.8 1.8l12.4 12.4" />
  </Icon>
);
export const BackIcon = () => (
  <Icon>
    <path d="M9.5 2.5 4 8l5.5 5.5" />
  </Icon>
);
export const CloseIcon = () => (
  <Icon>
    <path d="m3.5 3.5 9 9m0-9-9 9" />
  </Icon>
);
