/**
 * What must not be overlooked about this screen and about Vigil itself: the line is lost, Vigil cannot alarm, a token is needed,
 * something was missed, an act failed.
 */
import { useState, useSyncExternalStore } from 'react';
import { conditionLabel } from '../../../../schemas/conditions.ts';
import type { LiveTrouble } from '../../../../schemas/live.ts';
import { memory } from '../live/memory.ts';
import type { LinkState } from '../logic/line/link.ts';
import { ageText } from '../logic/time/age.ts';
import { dayText, momentText } from '../logic/time/clock-text.ts';
import { CloseIcon } from './icons.tsx';
import { useAbout, useAbsence, useConsole, useLink, useNow, useTroubles } from './use-console.ts';
import { VigilStrip } from './vigil-strip.tsx';

const LostBanner = ({ link }: { readonly link: Extract<LinkState, { tag: 'Lost' | 'Behind' }> }) => {
  const { bell } = useConsole();
  const seconds = useNow(() => (link.tag === 'Lost' ? Math.round((performance.now() - link.sinceMs) / 1e3) : 0));
  return (
    <div className="banner banner-lost" role="alert" data-banner="lost">
      <b>{link.tag === 'Lost' ? 'NO CONNECTION TO VIGIL' : 'THIS SCREEN IS BEHIND'}</b>
      <span>
        {link.tag === 'Lost'
          ? 'Nothing on this screen is now. Look at the bedside monitors. Reconnecting'
          : 'What arrives is from the past. Look at the bedside monitors.'}
        {link.tag === 'Lost' ? <span aria-hidden="true"> · silent for {seconds} s</span> : null}
      </span>
      <button type="button" className="act" onClick={bell.quietLine}>
        Quiet this warning for 2 min
      </button>
    </div>
  );
};

/** What Vigil tells past its own log: alarms of beds may not come while this stands here. */
const TroubleBanner = ({ trouble, first }: { readonly trouble: LiveTrouble; readonly first: boolean }) => {
  const { bell } = useConsole();
  const age = useNow((nowUs) => ageText(Math.max(0, nowUs - trouble.sinceUs)));
  return (
    <div
      className={
        trouble.priority === 'high' ? 'banner banner-lost banner-trouble' : 'banner banner-token banner-trouble'
      }
      role="alert"
      data-banner="trouble"
      data-trouble={trouble.name}
    >
      <b>{trouble.label}</b>
      <span className="banner-words">
        {trouble.sentence}
        <span aria-hidden="true"> · {age === 'now' ? 'just now' : `for ${age}`}</span>
      </span>
      {first && trouble.priority === 'high' ? (
        <button type="button" className="act" onClick={bell.quietLine}>
          Quiet this warning for 2 min
        </button>
      ) : null}
    </div>
  );
};

const TokenBanner = () => {
  const { again, bell } = useConsole();
  const about = useAbout();
  const [token, setToken] = useState('');
  return (
    <div className="banner banner-token" role="alert" data-banner="token">
      <b>TOKEN NEEDED</b>
      {about === undefined ? null : <b>Nothing on this screen is now. Look at the bedside monitors.</b>}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          memory.offerToken(token.trim());
          again();
        }}
      >
        <label>
          This Vigil asks consoles for their token
          <input
            type="password"
            required
            autoComplete="off"
            value={token}
            onChange={({ target }) => setToken(target.value)}
          />
        </label>
        <button type="submit" className="act act-main">
          Connect
        </button>
      </form>
      <button type="button" className="act" onClick={bell.quietLine}>
        Quiet this warning for 2 min
      </button>
    </div>
  );
};

/** Absences shorter than this with nothing missed are not worth a nurse's look. */
const TOLD_AFTER_US = 10e6;

const AbsenceBanner = () => {
  const { ward } = useConsole();
  const absence = useAbsence();
  const today = useNow(dayText);
  const clock = (us: number): string => momentText(us, today);
  if (absence === undefined) return null;
  const { fromUs, toUs, awayUs, missed, complete } = absence;
  if (missed.length === 0 && (complete || awayUs < TOLD_AFTER_US)) return null;
  return (
    <div className="banner banner-absence" role="status" data-banner="absence">
      <b>WHILE THIS SCREEN WAS AWAY</b>
      <span>
        {clock(fromUs)}–{clock(toUs)} ({ageText(awayUs)}){complete ? '' : '. Vigil could not list all of it'}
      </span>
      <ul>
        {missed.slice(-6).map((one) => (
          <li key={`${one.alarm}${one.atUs}`}>
            {clock(one.atUs)} <b>{one.bed}</b> {conditionLabel(one.condition)}
          </li>
        ))}
      </ul>
      {missed.length > 6 ? <span>and {missed.length - 6} earlier</span> : null}
      <button type="button" className="act act-icon" onClick={ward.forgetAbsence}>
        <CloseIcon />
        <span className="unseen">Close</span>
      </button>
    </div>
  );
};

export const Banners = () => {
  const link = useLink();
  const troubles = useTroubles();
  return (
    <div className="banners">
      {link.tag === 'Lost' || link.tag === 'Behind' ? <LostBanner link={link} /> : null}
      {link.tag === 'NoEntry' ? <TokenBanner /> : null}
      {/* What a lost line told last is not known any more. */}
      {link.tag === 'Live'
        ? troubles.map((trouble, i) => <TroubleBanner key={trouble.name} trouble={trouble} first={i === 0} />)
        : null}
      <VigilStrip />
      <AbsenceBanner />
    </div>
  );
};

export const Notices = () => {
  const { acts } = useConsole();
  const notices = useSyncExternalStore(acts.subscribe, acts.notices);
  return (
    <div className="notices" role="status">
      {notices.map(({ id, good, sentence }) => (
        <div key={id} className="notice" data-good={good}>
          <span>{sentence}</span>
          <button type="button" className="act act-icon" onClick={() => acts.dismiss(id)}>
            <CloseIcon />
            <span className="unseen">Close</span>
          </button>
        </div>
      ))}
    </div>
  );
};
