import { createRoot } from 'react-dom/client';
import { openConsole } from './console.ts';
import { tellFailures } from './failure.ts';
import { flashOnOneBeat } from './flash-beat.ts';
import { keepFocus } from './hand/focus.ts';
import { guardPresses } from './hand/press.ts';
import './styles/base.css';
import './styles/bars.css';
import './styles/alarm.css';
import './styles/tile.css';
import './styles/bed.css';
import './styles/ask.css';
import './styles/limits.css';
import { App } from './views/app.tsx';

tellFailures();
flashOnOneBeat();
const place = document.getElementById('console');
if (place === null) throw new Error('index.html has no #console');
const console = openConsole();
guardPresses(() =>
  console.acts.say('The screen changed under your hand, and nothing was done. Look, and press again.'),
);
keepFocus();
createRoot(place).render(<App console={console} />);
