/** What can be done at a bed: acknowledge, pause audio, resume audio. The first two ask once more, with bed, patient and alarm. */
import { VIGIL_BED } from '../../../../schemas/engine.ts';
import type { LiveBed } from '../../../../schemas/live.ts';
import { isShown, wantsSomeone } from '../logic/alarms/alarm-look.ts';
import { countdownText } from '../logic/time/age.ts';
import { mayStandBy } from '../logic/ward/standby.ts';
import { useAsk } from './ask.tsx';
import { BellIcon, BellOffIcon, CheckIcon } from './icons.tsx';
import { useNow } from './use-console.ts';

/** "1:52" while the bed's audio is paused, else empty. */
const useAudioPause = (bed: LiveBed): string =>
  useNow((nowUs) =>
    bed.audioPausedUntilUs !== null && bed.audioPausedUntilUs > nowUs
      ? countdownText(bed.audioPausedUntilUs - nowUs)
      : '',
  );

export const BedButtons = ({ bed, words }: { readonly bed: LiveBed; readonly words: boolean }) => {
  const ask = useAsk();
  const paused = useAudioPause(bed);
  const mayBeEmpty = useNow((nowUs) => mayStandBy(bed, nowUs));
  const open = bed.alarms.filter(wantsSomeone);
  // Of thirty buttons a screen reader lists each must say whose it is.
  const of = bed.bed === VIGIL_BED ? 'Vigil itself' : `bed ${bed.bed}`;
  const label = (text: string) => (words ? <span>{text}</span> : <span className="unseen">{`${text}, ${of}`}</span>);
  return (
    <div className="bed-buttons">
      {words && mayBeEmpty ? (
        <button
          type="button"
          data-act
          className="act"
          onClick={() => ask({ kind: 'standby', bed, alarms: bed.alarms.filter(isShown) })}
        >
          Monitor taken away
        </button>
      ) : null}
      {open.length > 0 ? (
        <button
          type="button"
          data-act
          className="act act-main"
          title="Acknowledge"
          onClick={() => ask({ kind: 'acknowledge', bed, alarms: open })}
        >
          <CheckIcon />
          {label('Acknowledge')}
        </button>
      ) : null}
      {paused !== '' ? (
        <button
          type="button"
          data-act
          className="act act-paused"
          title="Resume audio"
          onClick={() => ask({ kind: 'resume-audio', bed, alarms: [] })}
        >
          <BellOffIcon />
          {label('Resume audio')}
          <span className="countdown">{paused}</span>
        </button>
      ) : bed.alarms.some(isShown) || words ? (
        <button
          type="button"
          data-act
          className="act"
          title="Pause audio for 2 minutes"
          onClick={() => ask({ kind: 'pause-audio', bed, alarms: bed.alarms.filter(isShown), known: bed.alarms })}
        >
          <BellIcon />
          {label('Pause audio')}
        </button>
      ) : null}
    </div>
  );
};
