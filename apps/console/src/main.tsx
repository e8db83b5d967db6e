import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError } from './api/client.ts';
import { meQuery } from './api/queries.ts';
import { closeStream, onMissed } from './api/stream.ts';
import { createConsoleRouter } from './app/router.tsx';
import { sessionEnded } from './app/session.ts';
import { ThemeProvider } from './app/theme.tsx';
import { isLoggedOut } from './shared/sentence.ts';
import { TellProvider } from './shared/tell.tsx';
import { WordsProvider } from './words/context.tsx';
import './app/frame.css';
import './app/parts.css';
import './app/pages.css';
import './app/endpoint.css';
import './app/channels.css';
import './app/dead-letters.css';
import './app/details.css';

const RETRIES = 1;
const WHOLE_SHOWN_MS = 60_000;

const queryClient: QueryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // A refusal stays a refusal; only faults are worth another try, and people have a button for the rest.
      retry: (count, error) => count < RETRIES && (!(error instanceof ApiError) || error.status === 0 || error.status >= 500),
      refetchOnWindowFocus: false,
      gcTime: WHOLE_SHOWN_MS,
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
  queryCache: new QueryCache({
    onError: (error, query) => {
      const isEntering = query.queryKey[0] === 'me' && query.state.data === undefined;
      if (isLoggedOut(error) && !isEntering) leave();
    },
  }),
  // A wrong password is answered so too; there nobody is logged in yet.
  mutationCache: new MutationCache({
    onError: (error) => {
      if (isLoggedOut(error) && queryClient.getQueryData(meQuery.queryKey) !== undefined) leave();
    },
  }),
});
const router = createConsoleRouter(queryClient);

function leave(): void {
  closeStream();
  sessionEnded(true);
}

/** Rows of the order list do not move under the cursor: that list says so and waits for a person. */
const ASKED_AGAIN: ReadonlySet<unknown> = new Set(['overview', 'order', 'reviews', 'review', 'reviewRuns', 'deadLetters', 'channels']);
onMissed(() => void queryClient.invalidateQueries({ predicate: ({ queryKey }) => ASKED_AGAIN.has(queryKey[0]) }));

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <WordsProvider>
      <ThemeProvider>
        <QueryClientProvider client={queryClient}>
          <TellProvider>
            <RouterProvider router={router} />
          </TellProvider>
        </QueryClientProvider>
      </ThemeProvider>
    </WordsProvider>
  </StrictMode>,
);
