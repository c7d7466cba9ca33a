import { createRoot } from 'react-dom/client';
import { openConsole } from './console.ts';
import { tellFailures } from './failure.ts';
import './styles/base.css';
import './styles/bars.css';
import './styles/alarm.css';
import './styles/tile.css';
import './styles/bed.css';
import './styles/ask.css';
import { App } from './views/app.tsx';

tellFailures();
const place = document.getElementById('console');
if (place === null) throw new Error('index.html has no #console');
createRoot(place).render(<App console={openConsole()} />);
