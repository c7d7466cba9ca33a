import { createRoot } from 'react-dom/client';
import { tellFailures } from '../failure.ts';
import '../styles/base.css';
import './review.css';
import { ReviewPage } from './review-page.tsx';

tellFailures();
const place = document.getElementById('review');
if (place === null) throw new Error('review.html has no #review');
createRoot(place).render(<ReviewPage />);
