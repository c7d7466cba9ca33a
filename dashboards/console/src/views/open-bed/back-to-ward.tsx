import { useEffect } from 'react';
import { BackIcon } from '../icons.tsx';
import { useConsole } from '../use-console.ts';

export const WardButton = () => {
  const { open } = useConsole();
  return (
    <button type="button" className="act" onClick={() => open(undefined)}>
      <BackIcon /> Ward
    </button>
  );
};

/** Escape leads back to the ward; while a question is open it closes that alone. */
export const useEscapeToWard = (): void => {
  const { open } = useConsole();
  useEffect(() => {
    const leave = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && document.querySelector('dialog[open]') === null) open(undefined);
    };
    window.addEventListener('keydown', leave);
    return () => window.removeEventListener('keydown', leave);
  }, [open]);
};
