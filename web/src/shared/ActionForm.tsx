// SPDX-License-Identifier: Apache-2.0
import { ActionGroup, Button, Form, type ButtonProps } from '@patternfly/react-core';
import { useState, type ReactNode } from 'react';
import { ProblemAlert } from './ProblemAlert';

interface Properties {
  /** What the button says. */
  action: string;
  /** What it does; why it could not is shown above the fields. */
  onSubmit: () => Promise<unknown>;
  isReady?: boolean;
  variant?: ButtonProps['variant'];
  /** Fields beside each other, where there is room. */
  isRow?: boolean;
  children?: ReactNode;
}

/** Fields and the button that sends them. */
export function ActionForm({ action, onSubmit, isReady = true, variant = 'primary', isRow = false, children }: Properties) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = () => {
    setBusy(true);
    setError(null);
    onSubmit()
      .catch((failure: unknown) => setError(failure))
      .finally(() => setBusy(false));
  };
  return (
    <Form
      className={isRow ? 'berth-form berth-form-row' : 'berth-form'}
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady && !busy) {
          submit();
        }
      }}
    >
      {error !== null && <ProblemAlert error={error} />}
      {children}
      <ActionGroup>
        <Button type="submit" variant={variant} isLoading={busy} isDisabled={busy || !isReady}>
          {action}
        </Button>
      </ActionGroup>
    </Form>
  );
}
