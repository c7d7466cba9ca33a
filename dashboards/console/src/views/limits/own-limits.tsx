import type { LiveBed } from '../../../../../schemas/live.ts';
import { bedLimitsText, isSomeOff, tileLimitsText } from '../../logic/ward/limits-words.ts';

/** That limits of the bed are not the unit's: at every bed, on every screen, for as long as it is so. */
export const OwnLimits = ({ bed, place }: { readonly bed: LiveBed; readonly place: 'tile' | 'bed' }) => {
  const text = place === 'tile' ? tileLimitsText(bed) : bedLimitsText(bed);
  return text === '' ? null : (
    <p className={`${place}-limits`} data-own-limits={isSomeOff(bed) ? 'off' : 'set'}>
      {text}
    </p>
  );
};
