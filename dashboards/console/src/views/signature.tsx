/** In whose name an act is signed: who signed last, for a while, or who is asked. */
import { type ReactNode, useState } from 'react';
import { memory } from '../live/memory.ts';
import { signsNow } from '../logic/page/signing.ts';
import { useAbout, useConsole } from './use-console.ts';

export interface Signature {
  /** '': nobody yet. */
  readonly by: string;
  /** The name must be typed. */
  readonly naming: boolean;
  /** For the next act, too. */
  readonly keep: () => void;
  readonly field: ReactNode;
}

export const useSignature = (): Signature => {
  const { nowUs } = useConsole();
  const keptUs = useAbout()?.nameKeptUs;
  const [nurse, setNurse] = useState(() => signsNow(memory.signed(), nowUs(), keptUs));
  const [naming, setNaming] = useState(nurse === '');
  const by = nurse.trim();
  // Not with the name of before in it, to which Enter would say yes.
  const nameAnother = (): void => {
    setNurse('');
    setNaming(true);
  };
  const field = naming ? (
    <label className="ask-name">
      Your name
      <input
        name="nurse"
        required
        maxLength={60}
        autoComplete="off"
        spellCheck={false}
        data-first
        value={nurse}
        onChange={({ target }) => setNurse(target.value)}
      />
    </label>
  ) : (
    <p className="ask-signed">
      Signed <b>{by}</b>
      <button type="button" className="link" onClick={nameAnother}>
        someone else
      </button>
    </p>
  );
  return { by, naming, keep: () => memory.keepSigned({ name: by, atUs: nowUs() }), field };
};
