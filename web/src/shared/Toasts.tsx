// SPDX-License-Identifier: Apache-2.0
import { Alert, AlertActionCloseButton, AlertGroup } from '@patternfly/react-core';
import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from 'react';
import { problemOf } from '../api/problem';
import { t } from '../text';

interface Toast {
  id: number;
  variant: 'success' | 'danger' | 'info';
  title: string;
  body?: ReactNode;
}

interface Says {
  done: (title: string, body?: ReactNode) => void;
  failed: (error: unknown) => void;
}

const Context = createContext<Says>({ done: () => undefined, failed: () => undefined });
let last = 0;

export function useToasts(): Says {
  return useContext(Context);
}

/** What an action came to. A failure stays until it is closed: it says what to do. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const add = useCallback((toast: Omit<Toast, 'id'>) => {
    last += 1;
    const id = last;
    setToasts((present) => [...present.slice(-4), { ...toast, id }]);
  }, []);
  const remove = (id: number) => setToasts((present) => present.filter((toast) => toast.id !== id));
  const says = useMemo<Says>(
    () => ({
      done: (title, body) => add({ variant: 'success', title, body }),
      failed: (error) => {
        const problem = problemOf(error);
        add({ variant: 'danger', title: problem.title, body: problem.detail });
      },
    }),
    [add],
  );
  return (
    <Context value={says}>
      {children}
      <AlertGroup isToast isLiveRegion aria-label={t('toasts.label')}>
        {toasts.map((toast) => (
          <Alert
            key={toast.id}
            variant={toast.variant}
            title={toast.title}
            timeout={toast.variant === 'danger' ? false : 6000}
            onTimeout={() => remove(toast.id)}
            actionClose={<AlertActionCloseButton onClose={() => remove(toast.id)} />}
          >
            {toast.body}
          </Alert>
        ))}
      </AlertGroup>
    </Context>
  );
}
