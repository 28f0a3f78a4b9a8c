// The dashboard's beginning: puts it into the page.

import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { openQueryClient } from './lib/query-client.ts';
import './styles.css';

const root = document.querySelector('#app');
if (root) createRoot(root).render(<App queryClient={openQueryClient()} />);
