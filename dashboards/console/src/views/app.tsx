/** The page: bars, banners, the ward or one bed, and the alarms of all beds beside it. */
import { VIGIL_BED } from '../../../../schemas/engine.ts';
import type { Console } from '../console.ts';
import { AlarmPanel } from './alarm-panel.tsx';
import { Announcer } from './announcer.tsx';
import { Asking } from './ask.tsx';
import { Banners, Notices } from './banners.tsx';
import { BottomBar } from './bottom-bar.tsx';
import { BedView } from './open-bed/bed-view.tsx';
import { VigilView } from './open-bed/vigil-view.tsx';
import { TopBar } from './top-bar.tsx';
import { ConsoleContext, useAbout, useLink, useOpenBed } from './use-console.ts';
import { Ward } from './ward.tsx';

const Page = () => {
  const link = useLink();
  const about = useAbout();
  const openBed = useOpenBed();
  return (
    <div className="page" data-link={link.tag}>
      <TopBar />
      <Banners />
      {about === undefined ? (
        <main className="waiting">{link.tag === 'Connecting' ? 'Connecting to Vigil…' : ''}</main>
      ) : openBed === undefined ? (
        <Ward />
      ) : openBed === VIGIL_BED ? (
        <VigilView />
      ) : (
        <BedView key={openBed} name={openBed} />
      )}
      <AlarmPanel />
      <BottomBar />
      <Notices />
      <Announcer />
    </div>
  );
};

export const App = ({ console }: { readonly console: Console }) => (
  <ConsoleContext value={console}>
    <Asking>
      <Page />
    </Asking>
  </ConsoleContext>
);
