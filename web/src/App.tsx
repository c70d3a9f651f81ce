// SPDX-License-Identifier: Apache-2.0
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { ApiError } from './api/problem';
import { router } from './router';
import { ToastProvider } from './shared/Toasts';

const TRIES = 2;

const queries = new QueryClient({
  queryCache: new QueryCache({
    onError: (error) => {
      if (error instanceof ApiError && error.isNotSignedIn) {
        void router.navigate({ to: '/sign-in', search: { next: whereNow() } });
      }
    },
  }),
  defaultOptions: {
    queries: {
      // what the platform has answered, it answers again
      retry: (failures, error) => failures < TRIES && !(error instanceof ApiError && error.problem.status > 0 && error.problem.status < 500),
      staleTime: 2_000,
    },
  },
});
router.update({ context: { queries } });

/** Where to come back to after signing in. */
function whereNow(): string | undefined {
  const { pathname, searchStr } = router.state.location;
  return pathname === '/sign-in' || pathname === '/' ? undefined : pathname + searchStr;
}

export function App() {
  return (
    <QueryClientProvider client={queries}>
      <ToastProvider>
        <RouterProvider router={router} />
      </ToastProvider>
    </QueryClientProvider>
  );
}
